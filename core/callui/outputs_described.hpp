// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/inputs_described.hpp"
#include "core/callui/outputs.hpp"

/// The one description of what comes out of the system call UI machine. Words are stable; fields are only ever added,
/// and an added field may be absent.
namespace clarion {

// ---- words ----

template <>
struct EnumText<callui::Phase> {
    using E = callui::Phase;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::waiting, "waiting"},
        {E::accepted, "accepted"},
        {E::connected, "connected"},
    }};
};

template <>
struct EnumText<callui::Origin> {
    using E = callui::Origin;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::remote, "remote"},
        {E::user, "user"},
        {E::app, "app"},
        {E::system, "system"},
    }};
};

template <>
struct EnumText<callui::SystemChange> {
    using E = callui::SystemChange;
    static constexpr std::array<EnumWord<E>, 10> values{{
        {E::answer, "answer"},
        {E::hide, "hide"},
        {E::silence, "silence"},
        {E::mute, "mute"},
        {E::unmute, "unmute"},
        {E::hold, "hold"},
        {E::unhold, "unhold"},
        {E::dtmf, "dtmf"},
        {E::group, "group"},
        {E::ungroup, "ungroup"},
    }};
};

template <>
struct EnumText<callui::OngoingStage> {
    using E = callui::OngoingStage;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::calling, "calling"},
        {E::connecting, "connecting"},
        {E::talking, "talking"},
        {E::on_hold, "on_hold"},
    }};
};

// ---- what the system is asked to do, what the app is told ----

template <>
struct Describe<callui::ReportIncoming> {
    using T = callui::ReportIncoming;
    static constexpr std::string_view name = "report_incoming";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        field("ring_for", &T::ring_for),
        optional_field("placeholder", &T::placeholder),
        optional_field("silent", &T::silent),
        field("style", &T::style),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::UpdateSystemCall> {
    using T = callui::UpdateSystemCall;
    static constexpr std::string_view name = "update_system_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("name", &T::name, detail::kPersonLimits),
        field("media", &T::media),     optional_field("handle", &T::handle, detail::kPersonLimits),
        field("style", &T::style),
    };
};

template <>
struct Describe<callui::EndSystemCall> {
    using T = callui::EndSystemCall;
    static constexpr std::string_view name = "end_system_call";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("reason", &T::reason)};
};

template <>
struct Describe<callui::ReportOutgoing> {
    using T = callui::ReportOutgoing;
    static constexpr std::string_view name = "report_outgoing";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        field("style", &T::style),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::ReportOutgoingConnected> {
    using T = callui::ReportOutgoingConnected;
    static constexpr std::string_view name = "report_outgoing_connected";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<callui::FulfilAction> {
    using T = callui::FulfilAction;
    static constexpr std::string_view name = "fulfil_action";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("action", &T::action)};
};

template <>
struct Describe<callui::FailAction> {
    using T = callui::FailAction;
    static constexpr std::string_view name = "fail_action";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("action", &T::action)};
};

template <>
struct Describe<callui::ShowMissedCall> {
    using T = callui::ShowMissedCall;
    static constexpr std::string_view name = "show_missed_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        field("style", &T::style),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::StartForegroundService> {
    using T = callui::StartForegroundService;
    static constexpr std::string_view name = "start_foreground_service";
    static constexpr auto fields = std::tuple{field("microphone", &T::microphone)};
};

template <>
struct Describe<callui::StopForegroundService> {
    static constexpr std::string_view name = "stop_foreground_service";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::Event> {
    using T = callui::Event;
    static constexpr std::string_view name = "event";
    static constexpr auto fields = std::tuple{
        field("seq", &T::seq),
        field("kind", &T::kind),
        optional_field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        optional_field("reason", &T::reason),
        optional_field("source", &T::source),
        optional_field("by_remote", &T::by_remote),
        optional_field("outcome", &T::outcome),
        optional_field("devices", &T::devices),
        optional_field("text", &T::text, detail::kChangeLimits),
        field("change", &T::change),
        optional_field("origin", &T::origin),
        optional_field("was", &T::was),
        optional_field("result", &T::result),
        optional_field("digits", &T::digits, detail::kDigitsLimits),
        optional_field("tone", &T::tone),
        field("with", &T::with),
        optional_field("token_kind", &T::token_kind),
        optional_field("token", &T::token, detail::kTokenLimits),
        optional_field("custom", &T::custom, detail::kCustomLimits),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::EmitEvent> {
    using T = callui::EmitEvent;
    static constexpr std::string_view name = "emit_event";
    static constexpr auto fields = std::tuple{field("event", &T::event)};
};

template <>
struct Describe<callui::PersistSnapshot> {
    static constexpr std::string_view name = "persist_snapshot";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::ChangeSystemCall> {
    using T = callui::ChangeSystemCall;
    static constexpr std::string_view name = "change_system_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("change", &T::change),
        optional_field("digits", &T::digits, detail::kDigitsLimits),
        optional_field("tone", &T::tone),
        field("with", &T::with),
    };
};

template <>
struct Describe<callui::HideMissedCall> {
    using T = callui::HideMissedCall;
    static constexpr std::string_view name = "hide_missed_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::ShowOngoingCall> {
    using T = callui::ShowOngoingCall;
    static constexpr std::string_view name = "show_ongoing_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("stage", &T::stage),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        optional_field("talked_for", &T::talked_for),
        field("style", &T::style),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
    };
};

template <>
struct Describe<callui::HideOngoingCall> {
    using T = callui::HideOngoingCall;
    static constexpr std::string_view name = "hide_ongoing_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::TellAudioSession> {
    using T = callui::TellAudioSession;
    static constexpr std::string_view name = "tell_audio_session";
    static constexpr auto fields = std::tuple{
        field("active", &T::active),
    };
};

}  // namespace clarion
