// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/describe.hpp"
#include "core/callui/config.hpp"
#include "core/callui/style.hpp"
#include "core/protocol/invite.hpp"

/// The one description of how calls look and what an app chooses. Everything may be absent: then the default holds.
namespace clarion {

namespace detail {
inline constexpr Limits kPersonLimits{.length_max = protocol::kNameLengthMax};
inline constexpr Limits kExtraLimits{.length_max = callui::kExtraMax};
inline constexpr Limits kHeadersLimits{.length_max = callui::kHeadersMax};
inline constexpr Limits kBackendIdLimits{.length_max = callui::kBackendIdMax};
inline constexpr Limits kStyleText{.length_max = callui::kStyleTextMax};
inline constexpr Limits kStyleUrl{.length_max = callui::kStyleUrlMax};
inline constexpr Limits kStyleColor{.length_max = 9};  // "#rrggbb" or "#aarrggbb"
}  // namespace detail

template <>
struct EnumText<callui::HandleType> {
    using E = callui::HandleType;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::generic, "generic"},
        {E::phone_number, "phone_number"},
        {E::email, "email"},
    }};
};

template <>
struct EnumText<callui::AudioMode> {
    using E = callui::AudioMode;
    static constexpr std::array<EnumWord<E>, 9> values{{
        {E::standard, "standard"},
        {E::game_chat, "game_chat"},
        {E::measurement, "measurement"},
        {E::movie_playback, "movie_playback"},
        {E::spoken_audio, "spoken_audio"},
        {E::video_chat, "video_chat"},
        {E::video_recording, "video_recording"},
        {E::voice_chat, "voice_chat"},
        {E::voice_prompt, "voice_prompt"},
    }};
};

template <>
struct EnumText<callui::SecondCall> {
    using E = callui::SecondCall;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::ring, "ring"},
        {E::ring_silently, "ring_silently"},
        {E::busy, "busy"},
    }};
};

template <>
struct EnumText<callui::FirstCall> {
    using E = callui::FirstCall;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::leave, "leave"},
        {E::hold, "hold"},
        {E::end, "end"},
    }};
};

template <>
struct Describe<callui::NoticeStyle> {
    using T = callui::NoticeStyle;
    static constexpr std::string_view name = "notice_style";
    static constexpr auto fields = std::tuple{
        optional_field("show", &T::show),
        optional_field("text", &T::text, detail::kStyleText),
        optional_field("action_text", &T::action_text, detail::kStyleText),
        optional_field("action", &T::action),
        field("notice_id", &T::notice_id, {.max = INT32_MAX}),
        optional_field("count", &T::count, {.max = 9'999}),
    };
};

template <>
struct Describe<callui::AndroidStyle> {
    using T = callui::AndroidStyle;
    static constexpr std::string_view name = "android_style";
    static constexpr auto fields = std::tuple{
        optional_field("custom_notification", &T::custom_notification),
        optional_field("small_notification", &T::small_notification),
        optional_field("show_logo", &T::show_logo),
        optional_field("logo_url", &T::logo_url, detail::kStyleUrl),
        optional_field("show_handle", &T::show_handle),
        optional_field("ringtone", &T::ringtone, detail::kStyleUrl),
        optional_field("background_color", &T::background_color, detail::kStyleColor),
        optional_field("background_url", &T::background_url, detail::kStyleUrl),
        optional_field("action_color", &T::action_color, detail::kStyleColor),
        optional_field("text_color", &T::text_color, detail::kStyleColor),
        optional_field("accept_color", &T::accept_color, detail::kStyleColor),
        optional_field("decline_color", &T::decline_color, detail::kStyleColor),
        optional_field("accept_text", &T::accept_text, detail::kStyleText),
        optional_field("decline_text", &T::decline_text, detail::kStyleText),
        optional_field("incoming_channel", &T::incoming_channel, detail::kStyleText),
        optional_field("missed_channel", &T::missed_channel, detail::kStyleText),
        optional_field("ongoing_channel", &T::ongoing_channel, detail::kStyleText),
        optional_field("over_lock_screen", &T::over_lock_screen),
        optional_field("important", &T::important),
        optional_field("bot", &T::bot),
        optional_field("full_screen", &T::full_screen),
    };
};

template <>
struct Describe<callui::IosStyle> {
    using T = callui::IosStyle;
    static constexpr std::string_view name = "ios_style";
    static constexpr auto fields = std::tuple{
        optional_field("icon", &T::icon, detail::kStyleText),
        optional_field("handle_type", &T::handle_type),
        optional_field("video", &T::video),
        optional_field("call_groups", &T::call_groups, {.min = 1, .max = 16}),
        optional_field("calls_per_group", &T::calls_per_group, {.min = 1, .max = 16}),
        optional_field("dtmf", &T::dtmf),
        optional_field("holding", &T::holding),
        optional_field("grouping", &T::grouping),
        optional_field("ungrouping", &T::ungrouping),
        optional_field("in_recents", &T::in_recents),
        optional_field("ringtone", &T::ringtone, detail::kStyleUrl),
        optional_field("configure_audio", &T::configure_audio),
        optional_field("audio_mode", &T::audio_mode),
        optional_field("sample_rate_hz", &T::sample_rate_hz, {.min = 8'000, .max = 192'000}),
        optional_field("io_buffer_us", &T::io_buffer_us, {.min = 100, .max = 200'000}),
    };
};

template <>
struct Describe<callui::CallStyle> {
    using T = callui::CallStyle;
    static constexpr std::string_view name = "call_style";
    static constexpr auto fields = std::tuple{
        optional_field("app_name", &T::app_name, detail::kStyleText),
        optional_field("avatar", &T::avatar, detail::kStyleUrl),
        optional_field("missed", &T::missed),
        optional_field("calling", &T::calling),
        field("android", &T::android),
        field("ios", &T::ios),
    };
};

template <>
struct Describe<callui::CallPolicy> {
    using T = callui::CallPolicy;
    static constexpr std::string_view name = "call_policy";
    static constexpr auto fields = std::tuple{
        optional_field("second", &T::second),
        optional_field("first", &T::first),
        optional_field("resume_held", &T::resume_held),
        optional_field("notice_if_busy", &T::notice_if_busy),
        optional_field("notice_if_failed", &T::notice_if_failed),
        field("connect_within", &T::connect_within, {.min = 0, .max = 600'000}),
    };
};

}  // namespace clarion
