// SPDX-License-Identifier: Apache-2.0
#include "net/input_reader.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "net/detail/loop_state.hpp"

namespace clarion::net {
namespace {

constexpr std::size_t kChunk = 4096;

}  // namespace

struct InputReader::State : std::enable_shared_from_this<InputReader::State> {
    State(Loop& on, int from, OnBytes bytes, OnEof eof)
        : loop(on), fd(from), on_bytes(std::move(bytes)), on_eof(std::move(eof)), watched(on.state().io) {}

    void start() {
        // Asio makes what it watches non-blocking, and that flag is shared with the terminal and our parent. It
        // watches an epoll of our own instead. epoll refuses regular files and /dev/null: they are always readable.
        const int watcher = ::epoll_create1(EPOLL_CLOEXEC);
        epoll_event event{};
        event.events = EPOLLIN;
        boost::system::error_code error;
        if (watcher >= 0 && ::epoll_ctl(watcher, EPOLL_CTL_ADD, fd, &event) == 0) watched.assign(watcher, error);
        if (watcher >= 0 && !watched.is_open()) ::close(watcher);
        wait();
    }

    void wait() {
        if (!watched.is_open()) return read_later();
        watched.async_wait(detail::Descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
            if (!self->on_bytes) return;
            if (!error) self->read();
        });
    }

    void read_later() {
        loop.post([self = shared_from_this()] {
            if (self->on_bytes) self->read();
        });
    }

    void read() {
        pollfd ready{fd, POLLIN, 0};
        if (::poll(&ready, 1, 0) == 0) return wait();  // another reader of the same terminal was faster
        std::array<char, kChunk> chunk{};
        const auto count = ::read(fd, chunk.data(), chunk.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) return wait();
        if (count <= 0) {
            release();
            if (auto callback = std::exchange(on_eof, nullptr)) callback();
            return;
        }
        // It may destroy the reader, and with it this callback.
        auto callback = std::exchange(on_bytes, [](std::string_view) {});
        callback(std::string_view(chunk.data(), static_cast<std::size_t>(count)));
        if (!on_bytes) return;
        on_bytes = std::move(callback);
        wait();
    }

    void release() {
        on_bytes = nullptr;
        boost::system::error_code ignored;
        watched.close(ignored);
    }

    Loop& loop;
    int fd;
    OnBytes on_bytes;
    OnEof on_eof;
    detail::Descriptor watched;
};

InputReader::InputReader(Loop& loop, int fd, OnBytes on_bytes, OnEof on_eof)
    : state_(std::make_shared<State>(loop, fd, std::move(on_bytes), std::move(on_eof))) {
    state_->start();
}

InputReader::~InputReader() {
    state_->on_eof = nullptr;
    state_->release();
}

void LineSplitter::take(std::string_view bytes, const std::function<void(std::string_view)>& on_line) {
    constexpr std::size_t kLineMax = 4096;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto part = bytes.substr(0, end);
        const auto room = kLineMax - pending_.size();
        pending_ += part.substr(0, room);
        if (end == std::string_view::npos && part.size() < room) return;
        const bool is_cut = part.size() > room || end == std::string_view::npos;
        bytes.remove_prefix(is_cut ? std::min(room, part.size()) : end + 1);
        if (!is_cut && pending_.ends_with('\r')) pending_.pop_back();
        auto line = std::exchange(pending_, {});
        on_line(line);
    }
}

void LineSplitter::finish(const std::function<void(std::string_view)>& on_line) {
    if (pending_.empty()) return;
    const auto line = std::exchange(pending_, {});
    on_line(line);
}

}  // namespace clarion::net
