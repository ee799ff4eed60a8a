// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/protocol/messages.hpp"

/// The one description of the wire messages (core/base/describe.hpp). Words are stable; fields are only ever added.
namespace clarion {

template <>
struct EnumText<protocol::Platform> {
    static constexpr std::array<EnumWord<protocol::Platform>, 4> values{{
        {protocol::Platform::ios, "ios"},
        {protocol::Platform::android, "android"},
        {protocol::Platform::desktop, "desktop"},
        {protocol::Platform::web, "web"},
    }};
};

template <>
struct EnumText<protocol::ReceiptStep> {
    using E = protocol::ReceiptStep;
    static constexpr std::array<EnumWord<E>, 10> values{{
        {E::woke, "woke"},
        {E::invite_opened, "invite_opened"},
        {E::invite_refused, "invite_refused"},
        {E::reported, "reported"},
        {E::ringing, "ringing"},
        {E::not_shown, "not_shown"},
        {E::tapped_accept, "tapped_accept"},
        {E::tapped_decline, "tapped_decline"},
        {E::media_connected, "media_connected"},
        {E::first_audio, "first_audio"},
    }};
};

template <>
struct EnumText<protocol::Video> {
    using E = protocol::Video;
    static constexpr std::array<EnumWord<E>, 3> values{{{E::off, "off"}, {E::on, "on"}, {E::paused, "paused"}}};
};

template <>
struct EnumText<protocol::PauseReason> {
    using E = protocol::PauseReason;
    static constexpr std::array<EnumWord<E>, 8> values{{
        {E::unknown, "unknown"},
        {E::user, "user"},
        {E::interrupt, "interrupt"},
        {E::undefined, "undefined"},
        {E::internal, "internal"},
        {E::enable_video_response, "enable_video_response"},
        {E::camera_inactive, "camera_inactive"},
        {E::hold, "hold"},
    }};
    static constexpr E fallback = E::unknown;
};

template <>
struct EnumText<protocol::TokenKind> {
    using E = protocol::TokenKind;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::apns_voip, "apns_voip"},
        {E::apns_alert, "apns_alert"},
        {E::fcm, "fcm"},
        {E::web_push, "web_push"},
        {E::unified_push, "unified_push"},
    }};
};

template <>
struct EnumText<protocol::Negotiation> {
    using E = protocol::Negotiation;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::ice_restart, "ice_restart"},
        {E::media, "media"},
        {E::transfer, "transfer"},
    }};
};

template <>
struct EnumText<protocol::ErrorCode> {
    using E = protocol::ErrorCode;
    static constexpr std::array<EnumWord<E>, 12> values{{
        {E::malformed, "malformed"},
        {E::too_large, "too_large"},
        {E::wrong_version, "wrong_version"},
        {E::unknown_type, "unknown_type"},
        {E::not_authorized, "not_authorized"},
        {E::not_for_device, "not_for_device"},
        {E::unknown_call, "unknown_call"},
        {E::wrong_state, "wrong_state"},
        {E::already_answered, "already_answered"},
        {E::id_conflict, "id_conflict"},
        {E::too_many, "too_many"},
        {E::unavailable, "unavailable"},
    }};
};

template <>
struct Describe<protocol::PartyState> {
    using T = protocol::PartyState;
    static constexpr std::string_view name = "party_state";
    static constexpr auto fields = std::tuple{
        optional_field("held", &T::held),
        optional_field("hold_reason", &T::hold_reason, {.length_max = protocol::kHoldReasonLengthMax}),
        optional_field("muted", &T::muted),
        optional_field("video", &T::video),
        optional_field("pause_reason", &T::pause_reason),
        optional_field("screen_shared", &T::screen_shared),
        optional_field("preparing", &T::preparing),
        optional_field("network_lost", &T::network_lost),
    };
};

template <>
struct Describe<protocol::Hello> {
    using T = protocol::Hello;
    static constexpr std::string_view name = "hello";
    static constexpr auto fields = std::tuple{
        field("version", &T::version),
        field("device", &T::device),
        optional_field("platform", &T::platform),
        field("token", &T::token, {.length_max = protocol::kTokenLengthMax}),
        field("call_id", &T::call_id),
        field("ticket", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
        optional_field("seen_seq", &T::seen_seq),
        optional_field("stream", &T::stream),
    };
};

template <>
struct Describe<protocol::Place> {
    using T = protocol::Place;
    static constexpr std::string_view name = "place";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("to_user", &T::to_user),
        optional_field("media", &T::media),
        field("from_name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("app_server_data", &T::app_server_data, {.length_max = protocol::kAppServerDataLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
    };
};

template <>
struct Describe<protocol::Verify> {
    using T = protocol::Verify;
    static constexpr std::string_view name = "verify";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("ticket", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
    };
};

template <>
struct Describe<protocol::Answer> {
    using T = protocol::Answer;
    static constexpr std::string_view name = "answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
    };
};

template <>
struct Describe<protocol::Decline> {
    using T = protocol::Decline;
    static constexpr std::string_view name = "decline";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("ticket", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
        optional_field("reason", &T::reason),
        optional_field("everywhere", &T::everywhere),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<protocol::End> {
    using T = protocol::End;
    static constexpr std::string_view name = "end";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("reason", &T::reason),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<protocol::Candidate> {
    using T = protocol::Candidate;
    static constexpr std::string_view name = "candidate";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("candidate", &T::candidate, {.length_max = protocol::kCandidateLengthMax}),
        optional_field("mid", &T::mid, {.length_max = 64}),
        optional_field("line", &T::line, {.min = 0, .max = 255}),
    };
};

template <>
struct Describe<protocol::MyState> {
    using T = protocol::MyState;
    static constexpr std::string_view name = "my_state";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("state", &T::state),
    };
};

template <>
struct Describe<protocol::MediaOffer> {
    using T = protocol::MediaOffer;
    static constexpr std::string_view name = "media_offer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("revision", &T::revision, {.min = 1, .max = 1'000'000}),
        field("purpose", &T::purpose),
        field("media", &T::media),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<protocol::MediaAnswer> {
    using T = protocol::MediaAnswer;
    static constexpr std::string_view name = "media_answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("revision", &T::revision, {.min = 1, .max = 1'000'000}),
        field("accepted", &T::accepted),
        optional_field("media", &T::media),
        optional_field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<protocol::MuteRequest> {
    using T = protocol::MuteRequest;
    static constexpr std::string_view name = "mute_request";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("on", &T::on),
    };
};

template <>
struct Describe<protocol::ShortData> {
    using T = protocol::ShortData;
    static constexpr std::string_view name = "short_data";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("number", &T::number),
        field("data_type", &T::data_type, {.length_max = protocol::kShortDataTypeLengthMax}),
        field("data", &T::data, {.length_max = protocol::kShortDataLengthMax}),
    };
};

template <>
struct Describe<protocol::Take> {
    using T = protocol::Take;
    static constexpr std::string_view name = "take";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<protocol::ListCalls> {
    static constexpr std::string_view name = "list_calls";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<protocol::Renew> {
    using T = protocol::Renew;
    static constexpr std::string_view name = "renew";
    static constexpr auto fields = std::tuple{
        field("token", &T::token, {.length_max = protocol::kTokenLengthMax}),
    };
};

template <>
struct Describe<protocol::PushAddress> {
    using T = protocol::PushAddress;
    static constexpr std::string_view name = "push_address";
    static constexpr auto fields = std::tuple{
        field("kind", &T::kind),
        optional_field("token", &T::token, {.length_max = protocol::kPushTokenLengthMax}),
        optional_field("topic", &T::topic, {.length_max = protocol::kPushTopicLengthMax}),
        optional_field("environment", &T::environment, {.length_max = 16}),
    };
};

template <>
struct Describe<protocol::Receipt> {
    using T = protocol::Receipt;
    static constexpr std::string_view name = "receipt";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("step", &T::step),
        optional_field("age_ms", &T::age, {.min = 0, .max = 3'600'000}),
        optional_field("detail", &T::detail, {.length_max = 128}),
    };
};

template <>
struct Describe<protocol::Welcome> {
    using T = protocol::Welcome;
    static constexpr std::string_view name = "welcome";
    static constexpr auto fields = std::tuple{
        field("version", &T::version),
        field("service", &T::service),
        field("user", &T::user),
        field("device", &T::device),
        field("server_now", &T::server_now),
        field("stream", &T::stream),
        field("resumed", &T::resumed),
        field("token_expires_at", &T::token_expires_at),
    };
};

template <>
struct Describe<protocol::Ack> {
    using T = protocol::Ack;
    static constexpr std::string_view name = "ack";
    static constexpr auto fields = std::tuple{field("id", &T::id)};
};

template <>
struct Describe<protocol::Error> {
    using T = protocol::Error;
    static constexpr std::string_view name = "error";
    static constexpr auto fields = std::tuple{
        field("id", &T::id),
        field("code", &T::code),
        field("message", &T::message, {.length_max = 512}),
    };
};

template <>
struct Describe<protocol::Incoming> {
    using T = protocol::Incoming;
    static constexpr std::string_view name = "incoming";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("cc_param", &T::cc_param, {.length_max = protocol::kCcParamLengthMax}),
    };
};

template <>
struct Describe<protocol::Notified> {
    using T = protocol::Notified;
    static constexpr std::string_view name = "notified";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("devices", &T::devices),
        field("ring_until", &T::ring_until),
    };
};

template <>
struct Describe<protocol::Progress> {
    using T = protocol::Progress;
    static constexpr std::string_view name = "progress";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("searching", &T::searching),
        optional_field("woke", &T::woke),
        optional_field("verified", &T::verified),
        optional_field("ringing", &T::ringing),
        optional_field("silenced", &T::silenced),
        optional_field("unreachable", &T::unreachable),
    };
};

template <>
struct Describe<protocol::Verified> {
    using T = protocol::Verified;
    static constexpr std::string_view name = "verified";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("from_user", &T::from_user),
        field("from_name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        field("server_now", &T::server_now),
        field("ring_until", &T::ring_until),
        field("accept_until", &T::accept_until),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
    };
};

template <>
struct Describe<protocol::Answered> {
    using T = protocol::Answered;
    static constexpr std::string_view name = "answered";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("device", &T::device),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("peer_state", &T::peer_state),
    };
};

template <>
struct Describe<protocol::AnswerConfirmed> {
    using T = protocol::AnswerConfirmed;
    static constexpr std::string_view name = "answer_confirmed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("peer_state", &T::peer_state)};
};

template <>
struct Describe<protocol::PeerState> {
    using T = protocol::PeerState;
    static constexpr std::string_view name = "peer_state";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("state", &T::state),
    };
};

template <>
struct Describe<protocol::Merged> {
    using T = protocol::Merged;
    static constexpr std::string_view name = "merged";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("into", &T::into),
        field("peer", &T::peer),
        field("peer_name", &T::peer_name, {.length_max = protocol::kNameLengthMax}),
    };
};

template <>
struct Describe<protocol::Taken> {
    using T = protocol::Taken;
    static constexpr std::string_view name = "taken";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("peer", &T::peer),
        field("peer_name", &T::peer_name, {.length_max = protocol::kNameLengthMax}),
        field("media", &T::media),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        field("peer_state", &T::peer_state),
        field("revision", &T::revision),
    };
};

template <>
struct Describe<protocol::LiveCall> {
    using T = protocol::LiveCall;
    static constexpr std::string_view name = "live_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("peer", &T::peer),
        field("peer_name", &T::peer_name, {.length_max = protocol::kNameLengthMax}),
        field("media", &T::media),
        field("device", &T::device),
        field("answered_at", &T::answered_at),
    };
};

template <>
struct Describe<protocol::LiveCalls> {
    using T = protocol::LiveCalls;
    static constexpr std::string_view name = "live_calls";
    static constexpr auto fields = std::tuple{
        field("calls", &T::calls, {.length_max = protocol::kLiveCallsMax}),
    };
};

template <>
struct Describe<protocol::Ended> {
    using T = protocol::Ended;
    static constexpr std::string_view name = "ended";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("reason", &T::reason),
        field("source", &T::source),
        field("by_remote", &T::by_remote),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

}  // namespace clarion
