// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/input_reader.hpp"
#include "net/loop.hpp"
#include "sdk/native/client.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion::native {

/// An operating system that is another process: one JSON object a line both ways on an inherited descriptor
/// (sdk/native/system_messages.hpp). This is how a virtual phone runs the real app.
///
/// Thread: the loop's. Lines are written at once and in order, before perform() returns.
/// Limits: a line from the system is at most kLineMax bytes; a longer or broken one is skipped with one log line.
class PipeSystemUi final : public SystemUi {
  public:
    static constexpr std::size_t kLineMax = 64 * 1024;

    struct Hooks {
        /// The user opened the app: attach to the Client now (Client::attach).
        std::function<void()> app_opened;
        /// The descriptor ended: the system killed this process. Exit at once; nothing can be said any more.
        std::function<void()> killed;
        std::function<void(std::string_view line)> log;
    };

    /// `fd` is a socket or pipe open for both directions; it stays the caller's.
    PipeSystemUi(net::Loop& loop, int fd, Hooks hooks);
    ~PipeSystemUi() override;
    PipeSystemUi(const PipeSystemUi&) = delete;
    PipeSystemUi& operator=(const PipeSystemUi&) = delete;

    /// Says `launched` and begins to pass on what the system says. The client must be started.
    void start(Client& client);

    void perform(const SystemCommand& command) override;

  private:
    void take_bytes(std::string_view bytes);
    void take_line(std::string_view line);
    void write_line(std::string line);
    void note(std::string_view line) const;

    net::Loop& loop_;
    int fd_;
    Hooks hooks_;
    Client* client_ = nullptr;
    std::unique_ptr<net::InputReader> reader_;
    std::string pending_;
    bool is_skipping_ = false;  // Inside a line that is too long.
    bool is_broken_ = false;
};

}  // namespace clarion::native
