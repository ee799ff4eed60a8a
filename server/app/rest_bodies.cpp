// SPDX-License-Identifier: Apache-2.0
#include "server/app/rest_bodies.hpp"

#include "core/codec/described.hpp"
#include "core/routing/described.hpp"
#include "server/ports/policy_described.hpp"

namespace clarion {

namespace rest = server::rest;

template <>
struct Describe<rest::ServiceBody> {
    using T = rest::ServiceBody;
    static constexpr std::string_view name = "service";
    static constexpr auto fields =
        std::tuple{field("id", &T::id), optional_field("name", &T::name, {.length_max = rest::kServiceNameMax})};
};

template <>
struct Describe<rest::ServiceMade> {
    using T = rest::ServiceMade;
    static constexpr std::string_view name = "service_made";
    static constexpr auto fields =
        std::tuple{field("id", &T::id), field("api_key", &T::api_key), field("api_secret", &T::api_secret)};
};

template <>
struct Describe<rest::ServiceView> {
    using T = rest::ServiceView;
    static constexpr std::string_view name = "service";
    static constexpr auto fields = std::tuple{
        field("id", &T::id), field("name", &T::name), field("created_at", &T::created_at), field("policy", &T::policy),
        field("effective", &T::effective)
    };
};

template <>
struct Describe<rest::UserBody> {
    using T = rest::UserBody;
    static constexpr std::string_view name = "user";
    static constexpr auto fields =
        std::tuple{optional_field("name", &T::name, {.length_max = protocol::kNameLengthMax})};
};

template <>
struct Describe<rest::UserView> {
    using T = rest::UserView;
    static constexpr std::string_view name = "user";
    static constexpr auto fields = std::tuple{field("user", &T::user), field("name", &T::name)};
};

template <>
struct Describe<rest::PushBody> {
    using T = rest::PushBody;
    static constexpr std::string_view name = "push";
    static constexpr auto fields = std::tuple{
        field("provider", &T::provider, {.length_max = 16}),
        field("token", &T::token, {.length_max = 4096}),
        optional_field("topic", &T::topic, {.length_max = 255}),
        optional_field("environment", &T::environment, {.length_max = 16}),
        optional_field("p256dh", &T::p256dh, {.length_max = 128}),
        optional_field("auth", &T::auth, {.length_max = 64}),
        optional_field("alert", &T::alert),
    };
};

template <>
struct Describe<rest::DeviceBody> {
    using T = rest::DeviceBody;
    static constexpr std::string_view name = "device";
    static constexpr auto fields = std::tuple{
        field("platform", &T::platform), field("public_key", &T::public_key, {.length_max = 64}),
        field("push", &T::push),
        optional_field("push_more", &T::push_more, {.length_max = server::kPushEndpointsMax - 1})
    };
};

template <>
struct Describe<rest::DeviceMade> {
    using T = rest::DeviceMade;
    static constexpr std::string_view name = "device_made";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("verify_keys", &T::verify_keys)};
};

template <>
struct Describe<rest::PushView> {
    using T = rest::PushView;
    static constexpr std::string_view name = "push";
    static constexpr auto fields = std::tuple{
        field("provider", &T::provider), field("topic", &T::topic), field("environment", &T::environment),
        field("alert", &T::alert), field("proven", &T::proven)
    };
};

template <>
struct Describe<rest::DeviceView> {
    using T = rest::DeviceView;
    static constexpr std::string_view name = "device";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("user", &T::user),
        field("platform", &T::platform),
        field("public_key", &T::public_key),
        field("push", &T::push),
        field("connected", &T::connected),
        field("created_at", &T::created_at),
        field("updated_at", &T::updated_at),
        field("push_more", &T::push_more),
    };
};

template <>
struct Describe<rest::DeviceList> {
    using T = rest::DeviceList;
    static constexpr std::string_view name = "devices";
    static constexpr auto fields = std::tuple{field("devices", &T::devices)};
};

template <>
struct Describe<rest::TokenBody> {
    using T = rest::TokenBody;
    static constexpr std::string_view name = "token";
    static constexpr auto fields =
        std::tuple{optional_field("ttl_s", &T::ttl_s, {.min = 1, .max = 30 * 24 * 3600}), field("device", &T::device)};
};

template <>
struct Describe<rest::TokenMade> {
    using T = rest::TokenMade;
    static constexpr std::string_view name = "token_made";
    static constexpr auto fields = std::tuple{
        field("token", &T::token), field("expires_at", &T::expires_at), field("connect_url", &T::connect_url)
    };
};

template <>
struct Describe<rest::SettingsBody> {
    using T = rest::SettingsBody;
    static constexpr std::string_view name = "settings";
    static constexpr auto fields = std::tuple{
        field("do_not_disturb_until", &T::do_not_disturb_until, {.min = 0}),
        field("blocked", &T::blocked, {.length_max = rest::kBlockedMax}),
    };
};

template <>
struct Describe<rest::EndBody> {
    using T = rest::EndBody;
    static constexpr std::string_view name = "end";
    static constexpr auto fields = std::tuple{
        optional_field("reason", &T::reason),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax})
    };
};

template <>
struct Describe<rest::DeclineBody> {
    using T = rest::DeclineBody;
    static constexpr std::string_view name = "decline";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("device", &T::device),
        field("ticket", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
        optional_field("reason", &T::reason),
        optional_field("everywhere", &T::everywhere),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<rest::LegView> {
    using T = rest::LegView;
    static constexpr std::string_view name = "leg";
    static constexpr auto fields = std::tuple{
        field("device", &T::device), field("platform", &T::platform), field("state", &T::state), field("why", &T::why)
    };
};

template <>
struct Describe<rest::CallView> {
    using T = rest::CallView;
    static constexpr std::string_view name = "call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("from_user", &T::from_user),
        field("from_device", &T::from_device),
        field("to_user", &T::to_user),
        field("media", &T::media),
        field("phase", &T::phase),
        field("placed_at", &T::placed_at),
        field("ring_until", &T::ring_until),
        field("answered_at", &T::answered_at),
        field("connected_at", &T::connected_at),
        field("ended_at", &T::ended_at),
        field("winner", &T::winner),
        field("reason", &T::reason),
        field("reason_number", &T::reason_number),
        field("source", &T::source),
        field("ended_by", &T::ended_by),
        field("caller_outcome", &T::caller_outcome),
        field("callee_outcome", &T::callee_outcome),
        field("screening", &T::screening),
        field("app_server_data", &T::app_server_data),
        field("merged", &T::merged),
        field("legs", &T::legs),
    };
};

template <>
struct Describe<rest::HistoryEntry> {
    using T = rest::HistoryEntry;
    static constexpr std::string_view name = "history_entry";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),         field("direction", &T::direction), field("peer", &T::peer),
        field("peer_name", &T::peer_name),     field("media", &T::media),         field("placed_at", &T::placed_at),
        field("answered_at", &T::answered_at), field("ended_at", &T::ended_at),   field("outcome", &T::outcome),
        field("reason", &T::reason),           field("source", &T::source),
    };
};

template <>
struct Describe<rest::HistoryList> {
    using T = rest::HistoryList;
    static constexpr std::string_view name = "history";
    static constexpr auto fields = std::tuple{field("calls", &T::calls)};
};

template <>
struct Describe<rest::CallList> {
    using T = rest::CallList;
    static constexpr std::string_view name = "calls";
    static constexpr auto fields = std::tuple{field("calls", &T::calls)};
};

template <>
struct Describe<rest::StepView> {
    using T = rest::StepView;
    static constexpr std::string_view name = "step";
    static constexpr auto fields = std::tuple{
        field("at", &T::at), field("offset_ms", &T::offset_ms), field("device", &T::device), field("what", &T::what),
        field("detail", &T::detail)
    };
};

template <>
struct Describe<rest::TraceView> {
    using T = rest::TraceView;
    static constexpr std::string_view name = "trace";
    static constexpr auto fields =
        std::tuple{field("call", &T::call), field("steps", &T::steps), field("verdict", &T::verdict)};
};

template <>
struct Describe<rest::DataField> {
    using T = rest::DataField;
    static constexpr std::string_view name = "data";
    static constexpr auto fields =
        std::tuple{field("name", &T::name, {.length_max = 64}), field("value", &T::value, {.length_max = 4096})};
};

template <>
struct Describe<rest::MessageBody> {
    using T = rest::MessageBody;
    static constexpr std::string_view name = "message";
    static constexpr auto fields = std::tuple{
        field("push", &T::push),
        field("device", &T::device),
        field("title", &T::title, {.length_max = 256}),
        field("body", &T::body, {.length_max = 2048}),
        optional_field("data", &T::data, {.length_max = 32}),
        optional_field("ttl_s", &T::ttl_s, {.min = 0, .max = 2'419'200}),
        optional_field("wait_ms", &T::wait_ms, {.min = 0, .max = 30'000}),
    };
};

template <>
struct Describe<rest::PushReportView> {
    using T = rest::PushReportView;
    static constexpr std::string_view name = "push_report";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),           field("provider", &T::provider),       field("outcome", &T::outcome),
        field("status", &T::status),           field("reason", &T::reason),           field("advice", &T::advice),
        field("provider_id", &T::provider_id), field("environment", &T::environment), field("attempts", &T::attempts),
        field("elapsed_ms", &T::elapsed_ms),
    };
};

template <>
struct Describe<rest::PushOrderView> {
    using T = rest::PushOrderView;
    static constexpr std::string_view name = "push_order";
    static constexpr auto fields =
        std::tuple{field("id", &T::id), field("done", &T::done), field("results", &T::results)};
};

template <>
struct Describe<rest::RingMade> {
    using T = rest::RingMade;
    static constexpr std::string_view name = "ring";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<rest::Problem> {
    using T = rest::Problem;
    static constexpr std::string_view name = "problem";
    static constexpr auto fields =
        std::tuple{field("type", &T::type),     field("title", &T::title), field("status", &T::status),
                   field("detail", &T::detail), field("code", &T::code),   field("field", &T::field)};
};

}  // namespace clarion

namespace clarion::server::rest {

Decoded<ServiceBody> decode_service(std::string_view text) { return codec::decode<ServiceBody>(text); }

Decoded<UserBody> decode_user(std::string_view text) { return codec::decode<UserBody>(text); }

Decoded<DeviceBody> decode_device(std::string_view text) { return codec::decode<DeviceBody>(text); }

Decoded<TokenBody> decode_token(std::string_view text) { return codec::decode<TokenBody>(text); }

Decoded<SettingsBody> decode_settings(std::string_view text) { return codec::decode<SettingsBody>(text); }

Decoded<MessageBody> decode_message(std::string_view text) { return codec::decode<MessageBody>(text); }

Decoded<EndBody> decode_end(std::string_view text) { return codec::decode<EndBody>(text); }

Decoded<DeclineBody> decode_decline(std::string_view text) { return codec::decode<DeclineBody>(text); }

std::string encode(const ServiceMade& body) { return codec::encode(body); }

std::string encode(const ServiceView& body) { return codec::encode(body); }

std::string encode(const UserView& body) { return codec::encode(body); }

std::string encode(const DeviceMade& body) { return codec::encode(body); }

std::string encode(const DeviceView& body) { return codec::encode(body); }

std::string encode(const DeviceList& body) { return codec::encode(body); }

std::string encode(const TokenMade& body) { return codec::encode(body); }

std::string encode(const SettingsBody& body) { return codec::encode(body); }

std::string encode(const HistoryList& body) { return codec::encode(body); }

std::string encode(const CallView& body) { return codec::encode(body); }

std::string encode(const CallList& body) { return codec::encode(body); }

std::string encode(const TraceView& body) { return codec::encode(body); }

std::string encode(const PushOrderView& body) { return codec::encode(body); }

std::string encode(const RingMade& body) { return codec::encode(body); }

std::string encode(const Problem& body) { return codec::encode(body); }

}  // namespace clarion::server::rest
