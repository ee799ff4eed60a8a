// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "net/http2_client.hpp"
#include "net/loop.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::fcm {

/// From the configuration file. Addresses are changed only to reach a local push service.
struct FcmConfig {
    std::string endpoint = "https://fcm.googleapis.com";
    std::string token_uri;             ///< empty: the one of the service account
    std::string service_account_file;  ///< Google's JSON
    std::string ca_file;               ///< PEM; empty: the system's authorities
    /// Before the one repeat after a failure of FCM, when it names no time. Google asks for 10 s; less may be punished.
    Duration retry_floor{10'000};
    std::size_t waiting_max = 100'000;  ///< pushes under way; more are refused as overloaded
    std::size_t connections_min = 1;    ///< kept from warm_up() on; FCM ends it after four idle minutes
    std::size_t connections_max = 16;   ///< each carries 100 pushes at once
};

/// For metrics and the self-test.
struct FcmHealth {
    std::uint64_t tokens_fetched = 0;
    std::string credential_fault;  ///< Why pushes fail fast now; empty: they do not.
    net::Http2ClientStats connection;
};

/// FCM HTTP v1 with an OAuth access token. Data messages: a notification would be shown by Android itself, and the app
/// would not run. That is what is wanted for a missed call with a text. See PushSender for the contract.
///
/// Bounds: 4096 bytes of data names and values, checked before anything is sent.
/// After a credential_fault every push fails at once for half a minute; then the next one probes.
class FcmSender final : public PushSender {
  public:
    /// Errors: one line that names the file or the setting, for the operator; the server does not start.
    [[nodiscard]] static std::expected<std::unique_ptr<FcmSender>, std::string> make(
        net::Loop& loop, const Clock& clock, const FcmConfig& config
    );

    struct State;
    explicit FcmSender(std::shared_ptr<State> state);
    ~FcmSender() override;

    void send(PushRequest request, PushCallback callback) override;
    void warm_up() override;
    [[nodiscard]] std::size_t pending() const override;
    [[nodiscard]] std::vector<PushChannelHealth> channels() const override;

    [[nodiscard]] FcmHealth health() const;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server::fcm
