// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/inputs.hpp"
#include "core/callui/outputs.hpp"
#include "core/callui/snapshot.hpp"

/// The one description of what goes in and out of the system call UI machine, and of its state. Words are stable.
namespace clarion {

namespace detail {
inline constexpr Limits kPersonLimits{.length_max = protocol::kNameLengthMax};
}

// ---- words ----

template <>
struct EnumText<callui::ReportResult> {
    using E = callui::ReportResult;
    static constexpr std::array<EnumWord<E>, 7> values{{
        {E::shown, "shown"},
        {E::already_exists, "already_exists"},
        {E::filtered_by_focus, "filtered_by_focus"},
        {E::filtered_by_block_list, "filtered_by_block_list"},
        {E::limit_reached, "limit_reached"},
        {E::not_allowed, "not_allowed"},
        {E::failed, "failed"},
    }};
    static constexpr E fallback = E::failed;
};

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
struct EnumText<callui::ServiceState> {
    using E = callui::ServiceState;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::off, "off"},
        {E::on, "on"},
        {E::with_microphone, "with_microphone"},
    }};
};

template <>
struct EnumText<callui::Notice> {
    using E = callui::Notice;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::by_rules, "by_rules"},
        {E::due, "due"},
        {E::never, "never"},
    }};
};

// ---- inputs ----

template <>
struct Describe<callui::IncomingReported> {
    using T = callui::IncomingReported;
    static constexpr std::string_view name = "incoming_reported";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("result", &T::result)};
};

template <>
struct Describe<callui::UserAnswered> {
    using T = callui::UserAnswered;
    static constexpr std::string_view name = "user_answered";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("action", &T::action)};
};

template <>
struct Describe<callui::UserEnded> {
    using T = callui::UserEnded;
    static constexpr std::string_view name = "user_ended";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("action", &T::action)};
};

template <>
struct Describe<callui::UserMuted> {
    using T = callui::UserMuted;
    static constexpr std::string_view name = "user_muted";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("on", &T::on),
        optional_field("action", &T::action),
    };
};

template <>
struct Describe<callui::UserHeld> {
    using T = callui::UserHeld;
    static constexpr std::string_view name = "user_held";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("on", &T::on),
        optional_field("action", &T::action),
    };
};

template <>
struct Describe<callui::ActionTimedOut> {
    using T = callui::ActionTimedOut;
    static constexpr std::string_view name = "action_timed_out";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("action", &T::action)};
};

template <>
struct Describe<callui::ProviderReset> {
    static constexpr std::string_view name = "provider_reset";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::AudioActivated> {
    static constexpr std::string_view name = "audio_activated";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::AudioDeactivated> {
    static constexpr std::string_view name = "audio_deactivated";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::AppAttached> {
    static constexpr std::string_view name = "app_attached";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::EventsAcknowledged> {
    using T = callui::EventsAcknowledged;
    static constexpr std::string_view name = "events_acknowledged";
    static constexpr auto fields = std::tuple{field("up_to", &T::up_to)};
};

template <>
struct Describe<callui::IncomingAnnounced> {
    using T = callui::IncomingAnnounced;
    static constexpr std::string_view name = "incoming_announced";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        field("ring_for", &T::ring_for),
        optional_field("must_report", &T::must_report),
    };
};

template <>
struct Describe<callui::UnusablePushArrived> {
    using T = callui::UnusablePushArrived;
    static constexpr std::string_view name = "unusable_push_arrived";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("media", &T::media),
        optional_field("reason", &T::reason),
    };
};

template <>
struct Describe<callui::MissedCallLearned> {
    using T = callui::MissedCallLearned;
    static constexpr std::string_view name = "missed_call_learned";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
    };
};

template <>
struct Describe<callui::CallUpdated> {
    using T = callui::CallUpdated;
    static constexpr std::string_view name = "call_updated";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("name", &T::name, detail::kPersonLimits),
        optional_field("media", &T::media),
        field("ring_for", &T::ring_for),
    };
};

template <>
struct Describe<callui::OutgoingStarted> {
    using T = callui::OutgoingStarted;
    static constexpr std::string_view name = "outgoing_started";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
    };
};

template <>
struct Describe<callui::OutgoingPlaced> {
    using T = callui::OutgoingPlaced;
    static constexpr std::string_view name = "outgoing_placed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<callui::PeerRang> {
    using T = callui::PeerRang;
    static constexpr std::string_view name = "peer_rang";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("devices", &T::devices)};
};

template <>
struct Describe<callui::CallConnected> {
    using T = callui::CallConnected;
    static constexpr std::string_view name = "call_connected";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<callui::PeerHoldChanged> {
    using T = callui::PeerHoldChanged;
    static constexpr std::string_view name = "peer_hold_changed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("on", &T::on)};
};

template <>
struct Describe<callui::CallEnded> {
    using T = callui::CallEnded;
    static constexpr std::string_view name = "call_ended";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),          field("reason", &T::reason),
        optional_field("source", &T::source),   optional_field("by_remote", &T::by_remote),
        optional_field("outcome", &T::outcome), field("by_user", &T::by_user),
    };
};

// ---- outputs ----

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
    };
};

template <>
struct Describe<callui::UpdateSystemCall> {
    using T = callui::UpdateSystemCall;
    static constexpr std::string_view name = "update_system_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        field("media", &T::media),
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
        field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        optional_field("reason", &T::reason),
        optional_field("source", &T::source),
        optional_field("by_remote", &T::by_remote),
        optional_field("outcome", &T::outcome),
        optional_field("devices", &T::devices),
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

// ---- state ----

template <>
struct Describe<callui::Record> {
    using T = callui::Record;
    static constexpr std::string_view name = "system_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("outgoing", &T::outgoing),
        field("name", &T::name, detail::kPersonLimits),
        field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        field("phase", &T::phase),
        field("on_screen", &T::on_screen),
        field("announced", &T::announced),
        field("notice", &T::notice),
        field("revived", &T::revived),
        field("ring_until", &T::ring_until),
        field("held", &T::held),
        field("peer_held", &T::peer_held),
        field("muted", &T::muted),
        field("answer_actions", &T::answer_actions),
    };
};

template <>
struct Describe<callui::Snapshot> {
    using T = callui::Snapshot;
    static constexpr std::string_view name = "callui_snapshot";
    static constexpr auto fields = std::tuple{
        field("version", &T::version),
        field("now", &T::now),
        field("records", &T::records, {.length_max = callui::kRecordsMax}),
        field("events", &T::events, {.length_max = callui::kEventsMax}),
        field("next_seq", &T::next_seq),
        field("attached", &T::attached),
        field("audio_active", &T::audio_active),
        field("service", &T::service),
        field("seen_actions", &T::seen_actions),
    };
};

}  // namespace clarion
