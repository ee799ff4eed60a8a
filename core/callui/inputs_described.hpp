// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/change.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/snapshot.hpp"
#include "core/callui/style_described.hpp"
#include "core/protocol/messages_described.hpp"

/// The one description of what goes into the system call UI machine. Words are stable; fields are only ever added, and
/// an added field may be absent.
namespace clarion {

namespace detail {
inline constexpr Limits kDigitsLimits{.length_max = callui::kDigitsMax};
inline constexpr Limits kTokenLimits{.length_max = callui::kTokenLengthMax};
inline constexpr Limits kCustomLimits{.length_max = callui::kCustomMax};
inline constexpr Limits kChangeLimits{.length_max = protocol::kShortDataLengthMax};
inline constexpr Limits kNotNegative{.min = 0};
}  // namespace detail

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
struct EnumText<callui::ToneKind> {
    using E = callui::ToneKind;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::single_tone, "single_tone"},
        {E::soft_pause, "soft_pause"},
        {E::hard_pause, "hard_pause"},
    }};
};

template <>
struct EnumText<callui::Dismissal> {
    using E = callui::Dismissal;
    static constexpr std::array<EnumWord<E>, 6> values{{
        {E::cancelled, "cancelled"},
        {E::answered_elsewhere, "answered_elsewhere"},
        {E::declined_elsewhere, "declined_elsewhere"},
        {E::timed_out, "timed_out"},
        {E::busy, "busy"},
        {E::failed, "failed"},
    }};
};

// ---- the system, the app, the backend ----

template <>
struct Describe<callui::IncomingReported> {
    using T = callui::IncomingReported;
    static constexpr std::string_view name = "incoming_reported";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("result", &T::result)};
};

template <>
struct Describe<callui::OutgoingReported> {
    using T = callui::OutgoingReported;
    static constexpr std::string_view name = "outgoing_reported";
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
        optional_field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        field("ring_for", &T::ring_for, detail::kNotNegative),
        optional_field("must_report", &T::must_report),
        field("style", &T::style),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
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
        field("style", &T::style),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
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
        field("ring_for", &T::ring_for, detail::kNotNegative),
        field("extra", &T::extra, detail::kExtraLimits),
        field("style", &T::style),
        field("handle", &T::handle, detail::kPersonLimits),
    };
};

template <>
struct Describe<callui::OutgoingStarted> {
    using T = callui::OutgoingStarted;
    static constexpr std::string_view name = "outgoing_started";
    static constexpr auto fields = std::tuple{
        optional_field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        field("style", &T::style),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
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
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("on", &T::on),
        optional_field("reason", &T::reason, {.length_max = protocol::kHoldReasonLengthMax}),
    };
};

template <>
struct Describe<callui::Change> {
    using T = callui::Change;
    static constexpr std::string_view name = "change";
    static constexpr auto fields = std::tuple{
        field("what", &T::what),
        optional_field("on", &T::on),
        optional_field("by_peer", &T::by_peer),
        optional_field("pause_reason", &T::pause_reason),
        optional_field("lost_for", &T::lost_for),
        optional_field("text", &T::text, detail::kChangeLimits),
        optional_field("data_type", &T::data_type, {.length_max = protocol::kShortDataTypeLengthMax}),
        field("progress", &T::progress),
        field("into", &T::into),
    };
};

template <>
struct Describe<callui::CallChanged> {
    using T = callui::CallChanged;
    static constexpr std::string_view name = "call_changed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("change", &T::change)};
};

template <>
struct Describe<callui::CallEnded> {
    using T = callui::CallEnded;
    static constexpr std::string_view name = "call_ended";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("reason", &T::reason),
        optional_field("source", &T::source),
        optional_field("by_remote", &T::by_remote),
        optional_field("outcome", &T::outcome),
        field("by_user", &T::by_user),
        optional_field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<callui::RingSilenced> {
    using T = callui::RingSilenced;
    static constexpr std::string_view name = "ring_silenced";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::RingTimedOut> {
    using T = callui::RingTimedOut;
    static constexpr std::string_view name = "ring_timed_out";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::UserDialled> {
    using T = callui::UserDialled;
    static constexpr std::string_view name = "user_dialled";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("digits", &T::digits, detail::kDigitsLimits),
        optional_field("tone", &T::tone),
        optional_field("action", &T::action),
    };
};

template <>
struct Describe<callui::UserGrouped> {
    using T = callui::UserGrouped;
    static constexpr std::string_view name = "user_grouped";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("with", &T::with),
        optional_field("action", &T::action),
    };
};

template <>
struct Describe<callui::AllMuted> {
    using T = callui::AllMuted;
    static constexpr std::string_view name = "all_muted";
    static constexpr auto fields = std::tuple{
        field("on", &T::on),
    };
};

template <>
struct Describe<callui::UserCalledBack> {
    using T = callui::UserCalledBack;
    static constexpr std::string_view name = "user_called_back";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::RedialAsked> {
    using T = callui::RedialAsked;
    static constexpr std::string_view name = "redial_asked";
    static constexpr auto fields = std::tuple{
        field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
    };
};

template <>
struct Describe<callui::MissedSeen> {
    using T = callui::MissedSeen;
    static constexpr std::string_view name = "missed_seen";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::AppDetached> {
    static constexpr std::string_view name = "app_detached";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::EventsSilenced> {
    using T = callui::EventsSilenced;
    static constexpr std::string_view name = "events_silenced";
    static constexpr auto fields = std::tuple{
        field("on", &T::on),
    };
};

template <>
struct Describe<callui::EndRequested> {
    using T = callui::EndRequested;
    static constexpr std::string_view name = "end_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::EndAllRequested> {
    static constexpr std::string_view name = "end_all_requested";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<callui::HideRequested> {
    using T = callui::HideRequested;
    static constexpr std::string_view name = "hide_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::ConnectedSet> {
    using T = callui::ConnectedSet;
    static constexpr std::string_view name = "connected_set";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
    };
};

template <>
struct Describe<callui::MissedShown> {
    using T = callui::MissedShown;
    static constexpr std::string_view name = "missed_shown";
    static constexpr auto fields = std::tuple{
        optional_field("call_id", &T::call_id),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        field("style", &T::style),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::PushTokenChanged> {
    using T = callui::PushTokenChanged;
    static constexpr std::string_view name = "push_token_changed";
    static constexpr auto fields = std::tuple{
        field("kind", &T::kind),
        field("token", &T::token, detail::kTokenLimits),
    };
};

template <>
struct Describe<callui::CustomEventReported> {
    using T = callui::CustomEventReported;
    static constexpr std::string_view name = "custom_event_reported";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("body", &T::body, detail::kCustomLimits),
    };
};

template <>
struct Describe<callui::StyleChosen> {
    using T = callui::StyleChosen;
    static constexpr std::string_view name = "style_chosen";
    static constexpr auto fields = std::tuple{
        field("style", &T::style),
    };
};

template <>
struct Describe<callui::PolicyChosen> {
    using T = callui::PolicyChosen;
    static constexpr std::string_view name = "policy_chosen";
    static constexpr auto fields = std::tuple{
        field("policy", &T::policy),
    };
};

template <>
struct Describe<callui::CallDismissed> {
    using T = callui::CallDismissed;
    static constexpr std::string_view name = "call_dismissed";
    static constexpr auto fields = std::tuple{
        optional_field("call_id", &T::call_id),
        field("why", &T::why),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
    };
};

template <>
struct Describe<callui::PushArrived> {
    using T = callui::PushArrived;
    static constexpr std::string_view name = "push_arrived";
    static constexpr auto fields = std::tuple{
        optional_field("call_id", &T::call_id), field("fact", &T::fact), optional_field("must_report", &T::must_report)
    };
};

}  // namespace clarion
