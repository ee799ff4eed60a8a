// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/routing/described.hpp"

/// Events and effects as JSON lines: a call can be recorded, sent in a report and decided again (tests, tools). The
/// product stores documents only.
namespace clarion {

template <>
struct EnumText<routing::PushOutcome> {
    static constexpr std::array<EnumWord<routing::PushOutcome>, 2> values{{
        {routing::PushOutcome::accepted, "accepted"},
        {routing::PushOutcome::failed, "failed"},
    }};
};

template <>
struct Describe<routing::CalleeDevice> {
    using T = routing::CalleeDevice;
    static constexpr std::string_view name = "callee_device";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("platform", &T::platform),
        field("has_push", &T::has_push),
        field("connected", &T::connected),
    };
};

template <>
struct Describe<routing::CallPlaced> {
    using T = routing::CallPlaced;
    static constexpr std::string_view name = "call_placed";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("service", &T::service),
        field("from_user", &T::from_user),
        field("from_device", &T::from_device),
        field("from_name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("to_user", &T::to_user),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        field("devices", &T::devices),
    };
};

template <>
struct Describe<routing::VerifyAsked> {
    using T = routing::VerifyAsked;
    static constexpr std::string_view name = "verify_asked";
    static constexpr auto fields = std::tuple{field("device", &T::device)};
};

template <>
struct Describe<routing::AnswerReceived> {
    using T = routing::AnswerReceived;
    static constexpr std::string_view name = "answer_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<routing::DeclineReceived> {
    using T = routing::DeclineReceived;
    static constexpr std::string_view name = "decline_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("reason", &T::reason)};
};

template <>
struct Describe<routing::EndReceived> {
    using T = routing::EndReceived;
    static constexpr std::string_view name = "end_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("reason", &T::reason),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<routing::CandidateReceived> {
    using T = routing::CandidateReceived;
    static constexpr std::string_view name = "candidate_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("candidate", &T::candidate)};
};

template <>
struct Describe<routing::StateReceived> {
    using T = routing::StateReceived;
    static constexpr std::string_view name = "state_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("state", &T::state)};
};

template <>
struct Describe<routing::ReceiptReceived> {
    using T = routing::ReceiptReceived;
    static constexpr std::string_view name = "receipt_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("step", &T::step)};
};

template <>
struct Describe<routing::PushFinished> {
    using T = routing::PushFinished;
    static constexpr std::string_view name = "push_finished";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("outcome", &T::outcome)};
};

template <>
struct Describe<routing::PresenceChanged> {
    using T = routing::PresenceChanged;
    static constexpr std::string_view name = "presence_changed";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("connected", &T::connected),
        optional_field("knows_call", &T::knows_call),
        optional_field("fresh", &T::fresh),
    };
};

template <>
struct Describe<routing::TimePassed> {
    static constexpr std::string_view name = "time_passed";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<routing::SendToDevice> {
    using T = routing::SendToDevice;
    static constexpr std::string_view name = "send_to_device";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("message", &T::message)};
};

template <>
struct Describe<routing::SendIncoming> {
    using T = routing::SendIncoming;
    static constexpr std::string_view name = "send_incoming";
    static constexpr auto fields = std::tuple{field("device", &T::device)};
};

template <>
struct Describe<routing::SendPush> {
    using T = routing::SendPush;
    static constexpr std::string_view name = "send_push";
    static constexpr auto fields =
        std::tuple{field("device", &T::device), field("kind", &T::kind), field("ended", &T::ended)};
};

template <>
struct Describe<routing::AddTrace> {
    using T = routing::AddTrace;
    static constexpr std::string_view name = "add_trace";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("what", &T::what),
        field("detail", &T::detail),
    };
};

template <>
struct Describe<routing::RecordHistory> {
    using T = routing::RecordHistory;
    static constexpr std::string_view name = "record_history";
    static constexpr auto fields = std::tuple{field("caller", &T::caller), field("callee", &T::callee)};
};

}  // namespace clarion
