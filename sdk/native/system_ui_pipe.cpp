// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/system_ui_pipe.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <variant>

#include "core/codec/described.hpp"
#include "sdk/native/system_messages.hpp"

namespace clarion::native {
namespace {

constexpr int kWriteDeadlineMs = 2'000;

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return false;
        pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
        if (::poll(&room, 1, kWriteDeadlineMs) <= 0) return false;
    }
    return true;
}

}  // namespace

PipeSystemUi::PipeSystemUi(net::Loop& loop, int fd, Hooks hooks) : loop_{loop}, fd_{fd}, hooks_{std::move(hooks)} {}

PipeSystemUi::~PipeSystemUi() = default;

void PipeSystemUi::start(Client& client) {
    client_ = &client;
    write_line(codec::encode(ToSystem{Launched{}}));
    reader_ = std::make_unique<net::InputReader>(
        loop_, fd_, [this](std::string_view bytes) { take_bytes(bytes); },
        [this] {
            if (hooks_.killed) hooks_.killed();
        }
    );
}

void PipeSystemUi::perform(const SystemCommand& command) {
    std::visit([&](const auto& one) { write_line(codec::encode(ToSystem{one})); }, command);
}

void PipeSystemUi::take_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto piece = bytes.substr(0, end);
        if (!is_skipping_ && pending_.size() + piece.size() <= kLineMax) {
            pending_ += piece;
        } else if (!is_skipping_) {
            is_skipping_ = true;
            pending_.clear();
            note("a line of the system is too long: skipped");
        }
        if (end == std::string_view::npos) return;
        bytes.remove_prefix(end + 1);
        const auto line = std::exchange(pending_, {});
        if (!std::exchange(is_skipping_, false) && !line.empty()) take_line(line);
    }
}

void PipeSystemUi::take_line(std::string_view line) {
    const auto message = codec::decode<FromSystem>(line, kLineMax);
    if (!message) {
        note(fmt::format("a line of the system was skipped: {}", message.error().message()));
        return;
    }
    std::visit(
        [&]<class T>(const T& fact) {
            if constexpr (std::same_as<T, PushDelivered>) {
                client_->push_received(fact.data, fact.must_report);
                write_line(codec::encode(ToSystem{PushHandlerReturned{}}));
            } else if constexpr (std::same_as<T, AppOpened>) {
                if (hooks_.app_opened) hooks_.app_opened();
            } else {
                client_->feed(fact);
            }
        },
        *message
    );
}

void PipeSystemUi::write_line(std::string line) {
    if (is_broken_) return;
    line += '\n';
    if (write_all(fd_, line)) return;
    // Whoever reads is gone; the reader will see the end as well, but nothing says when.
    is_broken_ = true;
    loop_.post([killed = hooks_.killed] {
        if (killed) killed();
    });
}

void PipeSystemUi::note(std::string_view line) const {
    if (hooks_.log) hooks_.log(line);
}

}  // namespace clarion::native
