// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <string>

#include "lab/push/apns_rules.hpp"
#include "lab/push/push_types.hpp"
#include "net/error.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct ApnsServiceOptions : PushServiceOptions {
    ApnsEnvironment environment = ApnsEnvironment::production;
    std::uint32_t streams_max = 1000;  ///< after the first push with a valid provider token; before it: 1
    ApnsPolicy policy;
};

/// A local Apple Push Notification service: HTTP/2 over TLS, every check and answer as the real one gives them.
///
/// Thread: the loop's. Bounds: the log keeps the last `log_max` requests.
/// Devices that are away keep one push (the latest) until it expires, as Apple does per app.
class ApnsService {
  public:
    ApnsService(net::Loop& loop, const ApnsServiceOptions& options);
    ~ApnsService();
    ApnsService(const ApnsService&) = delete;
    ApnsService& operator=(const ApnsService&) = delete;

    /// Listens, and gives the port. Errors: those of the certificate files and of the port, in one line.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start();
    void stop();

    /// For every push that reaches a device, after the sender was answered.
    void on_push(OnPush callback);

    void add_key(ApnsKey key);
    /// Replaces what is known of the token; an unregistered token lives again.
    void register_device(ApnsDevice device);
    /// The app was removed: from now on 410 Unregistered with this moment.
    void unregister_device(const std::string& token);
    void expire_device(const std::string& token);
    /// A device that is away gets its stored push when it comes back.
    void set_online(const std::string& token, bool is_online);

    /// `token` empty: whichever comes.
    void add_fault(const std::string& token, PushFault fault);
    void clear_faults();
    /// The service's clock is that far from the true time.
    void set_skew(Duration skew);

    [[nodiscard]] const std::deque<PushLogEntry>& log() const;
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] net::Http2ServerStats traffic() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::lab
