// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::webpush {

/// From the configuration file.
struct WebPushConfig {
    std::string key_file;  ///< VAPID: a P-256 private key, PEM or 43 characters of base64url
    std::string subject;   ///< mailto: or https: address of the operator
    std::string ca_file;   ///< PEM; empty: the system's authorities
    /// Endpoints may lead into private networks: only for a push service of one's own there.
    bool allow_private = false;
    std::size_t waiting_max = 100'000;  ///< pushes under way; more are refused as overloaded
    std::size_t origins_max = 256;      ///< push services with connections at one time
    std::size_t connections_max = 4;    ///< to each of them
};

/// Web Push (RFC 8030) with encrypted bodies (RFC 8291) and VAPID (RFC 8292), to whatever service the subscription
/// names: browsers' services and UnifiedPush distributors. See PushSender for the contract.
///
/// Endpoints come from strangers: https only, no private addresses, no redirects, replies up to 4 kB.
/// TTL is what is left of the window, Urgency high for rings and cancels; a Topic only for missed calls (Chrome
/// throttles pushes that have one).
/// Bounds: 3993 bytes of JSON, checked before anything is sent.
class WebPushSender final : public PushSender {
  public:
    /// Errors: one line that names the file or the setting, for the operator; the server does not start.
    [[nodiscard]] static std::expected<std::unique_ptr<WebPushSender>, std::string> make(
        net::Loop& loop, const Clock& clock, const WebPushConfig& config
    );

    struct State;
    explicit WebPushSender(std::shared_ptr<State> state);
    ~WebPushSender() override;

    void send(PushRequest request, PushCallback callback) override;
    /// Nothing: which services there are, only subscriptions tell.
    void warm_up() override {}
    [[nodiscard]] std::size_t pending() const override;
    [[nodiscard]] std::vector<PushChannelHealth> channels() const override;

    /// What pages pass as applicationServerKey.
    [[nodiscard]] const std::string& public_key() const;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server::webpush
