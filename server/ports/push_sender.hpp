// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"

/// Waking a device through a push provider.
namespace clarion::server {

enum class PushProvider : std::uint8_t {
    apns,
    fcm,
    webpush,      ///< a browser's subscription (RFC 8030)
    unifiedpush,  ///< an Android app's distributor: the same protocol
};

/// Every provider, for those who count or configure them.
inline constexpr std::array kPushProviders{
    PushProvider::apns, PushProvider::fcm, PushProvider::webpush, PushProvider::unifiedpush
};

/// Apple's two worlds: a token of one is unknown in the other.
enum class PushEnvironment : std::uint8_t { production, sandbox };

enum class PushKind : std::uint8_t {
    ring,     ///< APNs: VoIP push. FCM: data message, high priority. Web: urgency high.
    cancel,   ///< APNs: a VoIP push with the same call; only for a device that is known to ring (iOS demands a report
              ///< to CallKit for every VoIP push). FCM: data message, high priority. Web: urgency high.
    missed,   ///< APNs: an alert with `alert` as its text, collapsed per call; needs the device's alert token.
              ///< FCM: with `alert` Android shows it. Web: replaces its like. Normal urgency, never ahead of a ring.
    message,  ///< No call. APNs: an alert, or without `alert` a background push (priority 5), to the alert token.
              ///< FCM: data, normal priority. Web as `missed`, without replacing.
};

inline constexpr std::size_t kPushKinds = static_cast<std::size_t>(PushKind::message) + 1;

struct PushAlert {
    Redacted<std::string> title;
    Redacted<std::string> body;
};

struct PushRequest {
    PushProvider provider = PushProvider::apns;
    Redacted<std::string> token;  ///< Web: the endpoint, an https URL
    std::string p256dh;           ///< Web: the subscription's public key, base64url
    Redacted<std::string> auth;   ///< Web: the subscription's secret, base64url
    std::string topic;  ///< APNs bundle id, with or without ".voip"; empty: the configured one. FCM: not used.
    /// APNs only. nullopt: nobody knows; both are tried once, and the result says which one it was.
    std::optional<PushEnvironment> environment;
    /// APNs only. The environment is what the app said and nobody has seen it work: the other one is tried once as
    /// well.
    bool is_environment_unproven = false;
    PushKind kind = PushKind::ring;
    /// The payload, in this order. Names are the caller's choice ("cc_param", "type" …); values are text.
    std::vector<std::pair<std::string, std::string>> fields;
    std::optional<PushAlert> alert;
    CallId call_id;
    DeviceId device_id;
    WallTime expires;  ///< When the push is worth nothing any more: the end of ringing.
    WallTime now;      ///< The server's clock when the request was made.
    /// Asked before every attempt, so that no ring leaves for a call that is over. Empty: always wanted.
    std::function<bool()> is_wanted;
};

/// What became of a push: one taxonomy for every provider. The comment says what the caller does.
enum class PushOutcome : std::uint8_t {
    accepted,          ///< The provider took it: wait for the device's word until `expires`.
    dead_token,        ///< Retire the token, unless it was registered after `dead_since`; go on with other devices.
    suspect_token,     ///< Token and topic or project do not fit: tell the operator; the token stays.
    auth_refresh,      ///< Never final: credentials were renewed and the push was sent again.
    credential_fault,  ///< Our key, account or the provider's project is wrong: alarm; other pushes fail fast as well.
    payload_fault,     ///< The request itself is wrong or too large: a fault of the caller or of this program.
    throttled_device,  ///< Too many pushes to this device.
    throttled_provider,  ///< Too many pushes of this app; `retry_after` when the provider said so.
    transient,           ///< The provider failed and the window for repeats is used up.
    unprocessed,         ///< The provider looked at no attempt (refused streams): as transient.
    unknown,             ///< Sent, but no answer came: the device may ring.
    expired,             ///< The window was over before the first attempt.
    withdrawn,           ///< `is_wanted` said no.
    overloaded,          ///< Too many pushes wait in this process: shed load.
};

inline constexpr std::size_t kPushOutcomes = static_cast<std::size_t>(PushOutcome::overloaded) + 1;

[[nodiscard]] std::string_view to_string(PushOutcome outcome);
[[nodiscard]] std::string_view to_string(PushProvider provider);
[[nodiscard]] std::optional<PushProvider> push_provider_from(std::string_view text);

/// What Apple takes, for whoever stores an address and for whoever sends to it.
inline constexpr std::string_view kApnsVoipSuffix = ".voip";
[[nodiscard]] bool is_apns_token(std::string_view text);  ///< whole bytes in hexadecimal, at most 512 characters
[[nodiscard]] bool is_bundle_id(std::string_view text);   ///< so short that kApnsVoipSuffix still fits
[[nodiscard]] std::string_view to_string(PushKind kind);

struct PushResult {
    PushOutcome outcome = PushOutcome::unknown;
    unsigned provider_status = 0;  ///< HTTP status of the last answer; 0: there was none.
    std::string provider_reason;   ///< The provider's word ("Unregistered"), or the network's; one printable line.
    std::string provider_id;       ///< apns-id, or the name of the FCM message.
    std::string advice;            ///< For the operator: what is wrong in plain words and what to do; may be empty.
    std::optional<Duration> retry_after;
    std::optional<WallTime> dead_since;          ///< APNs 410: when the provider knew.
    std::optional<PushEnvironment> environment;  ///< APNs: where the last answer came from.
    unsigned attempts = 0;                       ///< Requests that a provider may have seen.
    Duration elapsed{0};                         ///< From send() to the result.
    std::vector<std::string> repeated_for;       ///< Why it was sent again, each time: as `provider_reason`. At most 9.
};

/// The connections to one host with one credential; for metrics and the self-test.
struct PushChannelHealth {
    std::string name;  ///< "production", or the host
    std::size_t connections = 0;
    std::size_t streams_limit = 0;  ///< what the provider allows at once now, over all connections
    std::size_t in_flight = 0;
    std::size_t waiting = 0;
    std::uint64_t connects = 0;
    std::uint64_t connect_failures = 0;
    std::uint64_t goaways = 0;
    bool is_circuit_open = false;  ///< the provider failed again and again: pushes wait for one that tries
    std::string credential_fault;  ///< why pushes fail fast now; empty: they do not
};

using PushCallback = std::move_only_function<void(PushResult)>;

/// Sends pushes of one provider, with repeats inside the window of each push.
///
/// Thread: the loop's. Re-entry: callbacks run later from the loop, never inside send(); they may send again.
/// Errors: none here, every request ends in one PushResult, at the latest when its window is over.
/// Lifetime: after destruction no callback is called.
class PushSender {
  public:
    virtual ~PushSender() = default;

    virtual void send(PushRequest request, PushCallback callback) = 0;

    /// Connects and signs in, so that the first ring does not wait for it.
    virtual void warm_up() = 0;

    /// Pushes without a result yet: a sender that was replaced may go when it has none.
    [[nodiscard]] virtual std::size_t pending() const { return 0; }

    [[nodiscard]] virtual std::vector<PushChannelHealth> channels() const { return {}; }
};

}  // namespace clarion::server
