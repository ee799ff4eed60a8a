// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/error.hpp"
#include "net/loop.hpp"

namespace clarion::net {

struct ChildOptions {
    std::vector<std::string> argv;         ///< argv[0] with a '/' is a path, otherwise looked up in PATH
    std::vector<std::string> environment;  ///< "NAME=value", added to ours (ours is replaced name by name)
    std::string output_file;               ///< stdout and stderr are appended there; empty: inherited
    std::string working_directory;         ///< empty: ours
    int inherited_fd = -1;                 ///< becomes descriptor 3 of the child; -1: none. Stays the caller's to close
};

/// How a child ended: its exit code, or the signal that ended it.
struct ChildStatus {
    int exit_code = 0;
    int signal = 0;  ///< 0: it exited by itself
};

/// A running program. stdin is /dev/null.
///
/// Thread: the loop's. The callback comes once, from the loop, when it ended.
/// Lifetime: the destructor kills a running child (SIGKILL), waits for it, and calls nothing.
class ChildProcess {
  public:
    using OnExit = std::move_only_function<void(ChildStatus)>;

    /// Errors: not_found, denied, bad_file (output file or working directory), exhausted.
    [[nodiscard]] static std::expected<std::unique_ptr<ChildProcess>, Error> spawn(
        Loop& loop, const ChildOptions& options, OnExit on_exit
    );

    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] int pid() const;
    [[nodiscard]] bool is_running() const;

    /// Sends a signal; nothing happens when it already ended (never hits a stranger with the same pid).
    void kill(int signal);

  private:
    struct State;
    explicit ChildProcess(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace clarion::net
