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
#include "net/http2_server.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct FcmServiceOptions : PushServiceOptions {
    std::string host = "localhost";         ///< in token_uri(): a name of the certificate
    Duration token_lifetime{3'599'000};     ///< of an access token
    unsigned per_device_minute = 240;       ///< Firebase's limit of messages to one device,
    unsigned per_project_minute = 600'000;  ///< and of requests of one project
    /// High-priority messages in a row after which nothing was shown (note_shown); from then on they count as normal.
    /// 0: never.
    unsigned unseen_max = 0;
    bool is_strict_token = false;      ///< registration tokens have the shape that Firebase gives them
    bool pings_after_replies = false;  ///< a PING after every answer, as Google's front ends send it
    bool splits_bodies = false;        ///< answers in several DATA frames, the last one empty
    Duration idle_max{240'000};        ///< then GOAWAY session_timeout
    Duration age_max{3'600'000};       ///< then GOAWAY max_age
    unsigned pings_max = 3;            ///< of a client without a request between them; then GOAWAY too_many_pings
};

/// A local Firebase Cloud Messaging, and the OAuth token endpoint before it: HTTP/2 and HTTP/1.1 over TLS on one port,
/// every check and answer as the real ones give them.
///
/// Thread: the loop's. Bounds: the log keeps the last `log_max` requests; 100 messages wait for a device that is away,
/// one more and all are lost.
class FcmService {
  public:
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
    /// Android's power saving: only what has high priority reaches a device that dozes; the rest waits.
    void set_dozing(const std::string& token, bool is_dozing);
    /// The app showed something for a message: its high-priority messages count as high again.
    void note_shown(const std::string& token);

    /// `token` empty: whichever comes.
    void add_fault(const std::string& token, PushFault fault);
    /// Of the token endpoint.
    void add_oauth_fault(PushFault fault);
    void clear_faults();
    /// The service's clock is that far from the true time.
    void set_skew(Duration skew);

    /// Send requests, and token requests apart.
    [[nodiscard]] const std::deque<PushLogEntry>& log() const;
    [[nodiscard]] const std::deque<PushLogEntry>& oauth_log() const;
    [[nodiscard]] net::Http2ServerStats traffic() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::lab
