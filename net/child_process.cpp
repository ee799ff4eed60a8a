// SPDX-License-Identifier: Apache-2.0
#include "net/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>

#include "net/detail/loop_state.hpp"

namespace clarion::net {
namespace {

struct SpawnSetup {
    SpawnSetup() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }

    ~SpawnSetup() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }

    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

/// Ours, with the given names replaced.
std::vector<std::string> merge_environment(const std::vector<std::string>& extra) {
    std::map<std::string, std::string, std::less<>> all;
    const auto put = [&all](std::string_view entry) {
        all.insert_or_assign(std::string(entry.substr(0, entry.find('='))), std::string(entry));
    };
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) put(*entry);
    for (const auto& entry : extra) put(entry);
    std::vector<std::string> merged;
    merged.reserve(all.size());
    for (auto& [name, entry] : all) merged.push_back(std::move(entry));
    return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::expected<void, Error> check_output(const std::string& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return std::unexpected(Error{ErrorCode::bad_file, fmt::format("output file {}: {}", file, std::strerror(errno))}
        );
    }
    ::close(fd);
    return {};
}

std::expected<pid_t, Error> start(const ChildOptions& options) {
    SpawnSetup setup;
    ::posix_spawn_file_actions_addopen(&setup.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!options.output_file.empty()) {
        if (auto ok = check_output(options.output_file); !ok) return std::unexpected(ok.error());
        const int flags = O_WRONLY | O_CREAT | O_APPEND;
        ::posix_spawn_file_actions_addopen(&setup.actions, STDOUT_FILENO, options.output_file.c_str(), flags, 0644);
        ::posix_spawn_file_actions_adddup2(&setup.actions, STDOUT_FILENO, STDERR_FILENO);
    }
    // Equal numbers are fine: glibc then only clears close-on-exec.
    if (options.inherited_fd >= 0) ::posix_spawn_file_actions_adddup2(&setup.actions, options.inherited_fd, 3);
    if (!options.working_directory.empty()) {
        if (::access(options.working_directory.c_str(), X_OK) != 0) {
            return std::unexpected(Error{
                ErrorCode::bad_file,
                fmt::format("working directory {}: {}", options.working_directory, std::strerror(errno))
            });
        }
        ::posix_spawn_file_actions_addchdir_np(&setup.actions, options.working_directory.c_str());
    }
    // A child starts with no signal blocked or ignored, whatever we do with ours.
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&setup.attributes, &none);
    ::posix_spawnattr_setsigdefault(&setup.attributes, &all);
    ::posix_spawnattr_setflags(&setup.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    auto argv = options.argv;
    auto environment = merge_environment(options.environment);
    const auto arguments = pointers_to(argv);
    const auto variables = pointers_to(environment);
    pid_t pid = 0;
    const int error = ::posix_spawnp(
        &pid, argv.front().c_str(), &setup.actions, &setup.attributes, arguments.data(), variables.data()
    );
    if (error == 0) return pid;
    const auto code = error == ENOENT                      ? ErrorCode::not_found
                      : error == EACCES                    ? ErrorCode::denied
                      : error == EAGAIN || error == ENOMEM ? ErrorCode::exhausted
                                                           : ErrorCode::internal;
    return std::unexpected(Error{code, fmt::format("cannot run {}: {}", argv.front(), std::strerror(error))});
}

}  // namespace

struct ChildProcess::State : std::enable_shared_from_this<ChildProcess::State> {
    State(Loop& loop, pid_t child, OnExit callback)
        : pid(child), on_exit(std::move(callback)), pidfd(loop.state().io) {}

    void wait() {
        pidfd.async_wait(detail::Descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
            if (!error) self->reap();
        });
    }

    void reap() {
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) != pid) return;
        is_running = false;
        boost::system::error_code ignored;
        pidfd.close(ignored);
        ChildStatus result;
        if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
        auto callback = std::exchange(on_exit, nullptr);
        if (callback) callback(result);
    }

    pid_t pid;
    OnExit on_exit;
    detail::Descriptor pidfd;
    bool is_running = true;
};

ChildProcess::ChildProcess(std::shared_ptr<State> state) : state_(std::move(state)) {}

std::expected<std::unique_ptr<ChildProcess>, Error> ChildProcess::spawn(
    Loop& loop, const ChildOptions& options, OnExit on_exit
) {
    if (options.argv.empty()) return std::unexpected(Error{ErrorCode::not_found, "no program to run"});
    const auto pid = start(options);
    if (!pid) return std::unexpected(pid.error());
    auto state = std::make_shared<State>(loop, *pid, std::move(on_exit));
    // glibc 2.36 declares pidfd_open() for C only.
    const int fd = static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0));
    boost::system::error_code error;
    if (fd >= 0) state->pidfd.assign(fd, error);
    if (fd < 0 || error) {
        if (fd >= 0) ::close(fd);
        ::kill(*pid, SIGKILL);
        ::waitpid(*pid, nullptr, 0);
        return std::unexpected(Error{ErrorCode::exhausted, "no file descriptor left to watch a child process"});
    }
    state->wait();
    return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(state)));
}

ChildProcess::~ChildProcess() {
    state_->on_exit = nullptr;
    if (!state_->is_running) return;
    state_->is_running = false;
    ::kill(state_->pid, SIGKILL);
    ::waitpid(state_->pid, nullptr, 0);
    boost::system::error_code ignored;
    state_->pidfd.close(ignored);
}

int ChildProcess::pid() const { return state_->pid; }

bool ChildProcess::is_running() const { return state_->is_running; }

void ChildProcess::kill(int signal) {
    // Not yet waited for: the number is still the child's.
    if (state_->is_running) ::kill(state_->pid, signal);
}

}  // namespace clarion::net
