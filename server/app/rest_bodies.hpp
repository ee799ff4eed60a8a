// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/codec/json.hpp"
#include "core/protocol/messages.hpp"
#include "core/protocol/reasons.hpp"
#include "core/routing/routing.hpp"
#include "server/ports/store.hpp"

/// The JSON bodies of the REST interface as structs; rest_bodies.cpp describes them.
namespace clarion::server::rest {

inline constexpr std::size_t kBlockedMax = 500;
inline constexpr std::size_t kServiceNameMax = 128;

struct ServiceBody {
    ServiceId id;
    std::string name;
};

struct ServiceMade {
    ServiceId id;
    std::string api_key;
    std::string api_secret;
};

/// A service: what it decides itself, and what holds for its calls.
struct ServiceView {
    ServiceId id;
    std::string name;
    WallTime created_at;
    ServicePolicy policy;
    ServicePolicy effective;
};

struct UserBody {
    Redacted<std::string> name;
};

struct UserView {
    UserId user;
    Redacted<std::string> name;
};

struct PushBody {
    std::string provider;
    Redacted<std::string> token;
    std::string topic;
    std::string environment;
    std::string p256dh;
    Redacted<std::string> auth;
    bool alert = false;  ///< an APNs token for alerts
};

struct DeviceBody {
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<std::string> public_key;
    std::optional<PushBody> push;
    std::vector<PushBody> push_more;
};

struct DeviceMade {
    DeviceId device;
    std::vector<std::string> verify_keys;
};

/// Shows that there is a push endpoint, never its token.
struct PushView {
    std::string provider;
    std::string topic;
    std::string environment;
    bool alert = false;
    bool proven = false;  ///< the provider took a push
};

struct DeviceView {
    DeviceId device;
    UserId user;
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<std::string> public_key;
    std::optional<PushView> push;
    bool connected = false;
    WallTime created_at;
    WallTime updated_at;
    std::vector<PushView> push_more;
};

struct DeviceList {
    std::vector<DeviceView> devices;
};

struct TokenBody {
    std::uint32_t ttl_s = 3600;
    std::optional<DeviceId> device;
};

struct TokenMade {
    std::string token;
    WallTime expires_at;
    std::optional<std::string> connect_url;
};

/// Of a user: what is put is the whole.
struct SettingsBody {
    std::optional<WallTime> do_not_disturb_until;
    std::vector<UserId> blocked;
};

struct EndBody {
    EndReason reason = EndReason::normal;
    std::optional<Redacted<std::string>> release_code;
};

struct DeclineBody {
    CallId call_id;
    DeviceId device;
    Redacted<std::string> ticket;
    EndReason reason = EndReason::decline;
    bool everywhere = true;
    std::optional<Redacted<std::string>> release_code;
};

struct LegView {
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    routing::LegState state = routing::LegState::announced;
    std::optional<std::string> why;  ///< it is unreachable
};

struct CallView {
    CallId call_id;
    UserId from_user;
    DeviceId from_device;
    UserId to_user;
    protocol::Media media = protocol::Media::audio;
    routing::Phase phase = routing::Phase::ringing;
    WallTime placed_at;
    WallTime ring_until;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> connected_at;
    std::optional<WallTime> ended_at;
    std::optional<DeviceId> winner;
    std::optional<EndReason> reason;
    std::optional<std::int32_t> reason_number;
    std::optional<EndSource> source;
    std::optional<DeviceId> ended_by;
    std::optional<Outcome> caller_outcome;
    std::optional<Outcome> callee_outcome;
    std::optional<routing::Screening> screening;
    std::optional<Redacted<std::string>> app_server_data;
    std::vector<std::string> merged;  ///< ids of calls that became this one
    std::vector<LegView> legs;
};

/// A call as one of the two users finds it in the history.
struct HistoryEntry {
    CallId call_id;
    std::string direction;  ///< "in" or "out"
    UserId peer;
    std::optional<Redacted<std::string>> peer_name;  ///< of the caller
    protocol::Media media = protocol::Media::audio;
    WallTime placed_at;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> ended_at;
    std::optional<Outcome> outcome;
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
};

struct HistoryList {
    std::vector<HistoryEntry> calls;
};

struct CallList {
    std::vector<CallView> calls;
};

struct StepView {
    WallTime at;
    std::int64_t offset_ms = 0;
    std::optional<DeviceId> device;
    std::string what;
    std::string detail;
};

struct TraceView {
    CallView call;
    std::vector<StepView> steps;
    std::string verdict;
};

struct DataField {
    std::string name;
    Redacted<std::string> value;
};

/// A push that announces no call: to a user's devices, to one of them, or to an endpoint.
struct MessageBody {
    std::optional<PushBody> push;
    std::optional<DeviceId> device;
    std::optional<Redacted<std::string>> title;
    std::optional<Redacted<std::string>> body;
    std::vector<DataField> data;
    std::uint32_t ttl_s = 86'400;
    std::uint32_t wait_ms = 5'000;  ///< how long the answer may wait for the providers
};

struct PushReportView {
    std::optional<std::string> device;
    std::string provider;
    std::string outcome;
    std::uint32_t status = 0;  ///< 0: no answer of the provider
    std::string reason;
    std::string advice;
    std::string provider_id;
    std::optional<std::string> environment;
    std::uint32_t attempts = 0;
    std::int64_t elapsed_ms = 0;
};

/// What became of a push so far, with one result for each device, or for the endpoint; "waiting" is no outcome yet.
struct PushOrderView {
    std::string id;
    bool done = false;
    std::vector<PushReportView> results;
};

struct RingMade {
    CallId call_id;
};

/// RFC 9457.
struct Problem {
    std::string type;
    std::string title;
    std::uint32_t status = 500;
    std::string detail;
    std::string code;
    std::optional<std::string> field;  ///< of the body, that is wrong
};

template <class Body>
using Decoded = std::expected<Body, codec::DecodeError>;

[[nodiscard]] Decoded<ServiceBody> decode_service(std::string_view text);
[[nodiscard]] Decoded<UserBody> decode_user(std::string_view text);
[[nodiscard]] Decoded<DeviceBody> decode_device(std::string_view text);
[[nodiscard]] Decoded<TokenBody> decode_token(std::string_view text);
[[nodiscard]] Decoded<SettingsBody> decode_settings(std::string_view text);
[[nodiscard]] Decoded<MessageBody> decode_message(std::string_view text);
[[nodiscard]] Decoded<EndBody> decode_end(std::string_view text);
[[nodiscard]] Decoded<DeclineBody> decode_decline(std::string_view text);

[[nodiscard]] std::string encode(const ServiceMade& body);
[[nodiscard]] std::string encode(const ServiceView& body);
[[nodiscard]] std::string encode(const UserView& body);
[[nodiscard]] std::string encode(const DeviceMade& body);
[[nodiscard]] std::string encode(const DeviceView& body);
[[nodiscard]] std::string encode(const DeviceList& body);
[[nodiscard]] std::string encode(const TokenMade& body);
[[nodiscard]] std::string encode(const SettingsBody& body);
[[nodiscard]] std::string encode(const HistoryList& body);
[[nodiscard]] std::string encode(const CallView& body);
[[nodiscard]] std::string encode(const CallList& body);
[[nodiscard]] std::string encode(const TraceView& body);
[[nodiscard]] std::string encode(const PushOrderView& body);
[[nodiscard]] std::string encode(const RingMade& body);
[[nodiscard]] std::string encode(const Problem& body);

/// What is wrong with a push endpoint, and what is allowed; nullopt: nothing.
[[nodiscard]] std::optional<std::string> fault_of(const PushBody& push);
[[nodiscard]] PushEndpoint endpoint_of(const PushBody& body);

}  // namespace clarion::server::rest
