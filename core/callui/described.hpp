// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/inputs_described.hpp"
#include "core/callui/outputs_described.hpp"
#include "core/callui/snapshot.hpp"

/// The one description of what goes in and out of the system call UI machine, and of its state. Words are stable.
namespace clarion {

// ---- words ----

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
        field("shown", &T::shown),
        field("announced", &T::announced),
        field("notice", &T::notice),
        field("revived", &T::revived),
        field("ring_until", &T::ring_until),
        field("held", &T::held),
        field("peer_held", &T::peer_held),
        field("muted", &T::muted),
        field("answer_actions", &T::answer_actions),
        field("style", &T::style),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
        optional_field("silenced", &T::silenced),
        optional_field("hidden", &T::hidden),
        field("held_since", &T::held_since),
        optional_field("connect_by", &T::connect_by),
        field("grouped_with", &T::grouped_with),
        field("connected_at", &T::connected_at),
        field("notice_shown", &T::notice_shown),
    };
};

template <>
struct Describe<callui::RecentCall> {
    using T = callui::RecentCall;
    static constexpr std::string_view name = "recent_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("outgoing", &T::outgoing),
        optional_field("name", &T::name, detail::kPersonLimits),
        optional_field("handle", &T::handle, detail::kPersonLimits),
        optional_field("media", &T::media),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
        field("reason", &T::reason),
        field("until", &T::until),
        optional_field("noticed", &T::noticed),
        optional_field("notice_stands", &T::notice_stands),
    };
};

template <>
struct Describe<callui::PushToken> {
    using T = callui::PushToken;
    static constexpr std::string_view name = "push_token";
    static constexpr auto fields = std::tuple{
        field("kind", &T::kind),
        field("token", &T::token, detail::kTokenLimits),
    };
};

template <>
struct Describe<callui::OpenReport> {
    using T = callui::OpenReport;
    static constexpr std::string_view name = "open_report";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("outgoing", &T::outgoing),
        field("count", &T::count),
        field("until", &T::until),
        field("held", &T::held, {.length_max = callui::kHeldMax}),
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
        field("recent", &T::recent, {.length_max = callui::kRecentMax}),
        field("tokens", &T::tokens),
        optional_field("events_silenced", &T::events_silenced),
        optional_field("emitted_up_to", &T::emitted_up_to),
        field("style", &T::style),
        field("policy", &T::policy),
        field("reports", &T::reports, {.length_max = callui::kReportsMax}),
    };
};

// ---- what an app asks for ----

template <>
struct Describe<callui::ActiveCall> {
    using T = callui::ActiveCall;
    static constexpr std::string_view name = "active_call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("backend_id", &T::backend_id, detail::kBackendIdLimits),
        field("outgoing", &T::outgoing),
        field("name", &T::name, detail::kPersonLimits),
        field("handle", &T::handle, detail::kPersonLimits),
        field("media", &T::media),
        field("phase", &T::phase),
        field("accepted", &T::accepted),
        field("on_screen", &T::on_screen),
        field("silenced", &T::silenced),
        field("held", &T::held),
        field("peer_held", &T::peer_held),
        field("muted", &T::muted),
        field("ring_left", &T::ring_left),
        field("talked_for", &T::talked_for),
        field("grouped_with", &T::grouped_with),
        optional_field("extra", &T::extra, detail::kExtraLimits),
        optional_field("headers", &T::headers, detail::kHeadersLimits),
    };
};

template <>
struct Describe<callui::View> {
    using T = callui::View;
    static constexpr std::string_view name = "view";
    static constexpr auto fields = std::tuple{
        field("calls", &T::calls, {.length_max = callui::kRecordsMax}),
        field("tokens", &T::tokens, {.length_max = callui::kTokensMax}),
        field("events_waiting", &T::events_waiting),
        field("attached", &T::attached),
        field("events_silenced", &T::events_silenced),
        field("audio_active", &T::audio_active),
        field("missed_notices", &T::missed_notices),
    };
};

}  // namespace clarion
