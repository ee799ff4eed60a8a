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

namespace clarion::server::apns {

/// From the configuration file. Hosts are changed only to reach a local push service.
struct ApnsConfig {
    std::string endpoint = "https://api.push.apple.com";
    std::string sandbox_endpoint = "https://api.sandbox.push.apple.com";
    std::string ca_file;   ///< PEM; empty: the system's authorities
    std::string key_file;  ///< Apple's AuthKey_<key id>.p8
    std::string key_id;    ///< 10 characters
    std::string team_id;   ///< 10 characters
    std::string topic;     ///< bundle id of the app; a device's record may name another
    /// False: a ring is stored for a phone that is away and may arrive until ringing ends (the phone checks that).
    /// True: Apple tries once ("apns-expiration: 0").
    bool now_or_never = false;
    std::size_t waiting_max = 100'000;  ///< pushes under way; more are refused as overloaded
    std::size_t connections_min = 2;    ///< kept from warm_up() on: one may be told to go while a call comes
    std::size_t connections_max = 8;
};

/// For metrics and the self-test.
struct ApnsHealth {
    std::uint64_t tokens_signed = 0;
    std::string credential_fault;  ///< Why pushes fail fast now; empty: they do not.
    net::Http2ClientStats production;
    net::Http2ClientStats sandbox;
};

/// APNs over HTTP/2 with a provider token. See PushSender for the contract.
///
/// Bounds: payload 5120 bytes for VoIP, 4096 for alerts, checked before anything is sent.
/// After a credential_fault every push to that environment fails at once for half a minute; then the next one probes.
/// What one device's answer says about the device sets no pause.
class ApnsSender final : public PushSender {
  public:
    /// Errors: one line that names the file or the setting, for the operator; the server does not start.
    [[nodiscard]] static std::expected<std::unique_ptr<ApnsSender>, std::string> make(
        net::Loop& loop, const Clock& clock, const ApnsConfig& config
    );

    struct State;
    explicit ApnsSender(std::shared_ptr<State> state);
    ~ApnsSender() override;

    void send(PushRequest request, PushCallback callback) override;
    void warm_up() override;
    [[nodiscard]] std::size_t pending() const override;
    [[nodiscard]] std::vector<PushChannelHealth> channels() const override;

    [[nodiscard]] ApnsHealth health() const;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server::apns
