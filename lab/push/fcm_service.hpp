// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <string>

#include "lab/push/fcm_rules.hpp"
#include "lab/push/push_types.hpp"
#include "net/error.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct FcmServiceOptions : PushServiceOptions {
    std::string host = "localhost";      ///< in token_uri(): a name of the certificate
    Duration token_lifetime{3'599'000};  ///< of an access token
    unsigned per_device_minute = 240;    ///< Firebase's limit of messages to one device
};

/// A local Firebase Cloud Messaging, and the OAuth token endpoint before it: HTTP/2 and HTTP/1.1 over TLS on one port,
/// every check and answer as the real ones give them.
///
/// Thread: the loop's. Bounds: the log keeps the last kLogMax requests; 100 messages wait for a device that is away.
class FcmService {
  public:
    static constexpr std::size_t kLogMax = 1000;

    FcmService(net::Loop& loop, const FcmServiceOptions& options);
    ~FcmService();
    FcmService(const FcmService&) = delete;
    FcmService& operator=(const FcmService&) = delete;

    /// Listens, and gives the port. Errors: those of the certificate files and of the port, in one line.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start();
    void stop();

    /// What a service account's `token_uri` must say; known after start().
    [[nodiscard]] std::string token_uri() const;

    /// For every message that reaches a device, after the sender was answered.
    void on_push(OnPush callback);

    void add_account(FcmAccount account);
    /// The account's key was deleted in the console.
    void remove_account(const std::string& client_email);
    /// All access tokens are worthless from now on.
    void revoke_access_tokens();

    void register_device(FcmDevice device);
    void unregister_device(const std::string& token);
    /// A device that is away gets what did not expire when it comes back.
    void set_online(const std::string& token, bool is_online);

    /// `token` empty: whichever comes.
    void add_fault(const std::string& token, PushFault fault);
    /// Of the token endpoint; `answer` and the HTTP/2 faults.
    void add_oauth_fault(PushFault fault);
    void clear_faults();
    /// The service's clock is that far from the true time.
    void set_skew(Duration skew);

    /// Send requests, and token requests apart.
    [[nodiscard]] const std::deque<PushLogEntry>& log() const;
    [[nodiscard]] const std::deque<PushLogEntry>& oauth_log() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::lab
