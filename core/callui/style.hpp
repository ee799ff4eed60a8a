// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/box.hpp"
#include "core/base/redacted.hpp"

/// How a call is presented: every text, picture, colour and sound that an app may choose, with what holds when it does
/// not. Data for the shell: the machine only chooses which parts a system needs. Limits: style_described.hpp.
namespace clarion::callui {

inline constexpr std::size_t kStyleTextMax = 128;  // Bytes of UTF-8.
inline constexpr std::size_t kStyleUrlMax = 512;
inline constexpr std::size_t kExtraMax = 2048;
inline constexpr std::size_t kHeadersMax = 16;
inline constexpr std::size_t kHeaderNameMax = 64;
inline constexpr std::size_t kHeaderValueMax = 512;
inline constexpr std::size_t kHeadersBytesMax = 2048;  // All names and values.
inline constexpr std::size_t kBackendIdMax = 1024;

/// HTTP headers for loading the pictures of a call; they may hold a token.
using Headers = Redacted<std::vector<std::pair<std::string, std::string>>>;

/// One notification of ours: the missed call's, or the one that stands while a call is placed and talked.
struct NoticeStyle {
    bool show = true;
    std::string text;                        // The body.
    std::string action_text;                 // The button.
    bool action = true;                      // Whether there is a button.
    std::optional<std::uint32_t> notice_id;  // The system's number for it; absent: made from the call id.
    std::uint32_t count = 1;                 // Badge, where the system has one and it is above 1.
};

struct AndroidStyle {
    bool custom_notification = false;  // The app's own layout instead of the system's (not under CallStyle, API 34).
    bool small_notification = false;   // Its small variant, for devices that cut tall heads-up notifications.
    bool show_logo = false;
    std::string logo_url;
    bool show_handle = false;  // The handle on the full-screen page.
    std::string ringtone;      // Raw resource; empty: the system's ringtone.
    std::string background_color = "#0955fa";
    std::string background_url;
    std::string action_color = "#4CAF50";
    std::string text_color = "#ffffff";
    std::string accept_color;   // Empty: the system's.
    std::string decline_color;  // Empty: the system's.
    std::string accept_text = "Accept";
    std::string decline_text = "Decline";
    // The system keeps the words of a channel's first creation (AND-NOT-05).
    std::string incoming_channel = "Incoming Call";
    std::string missed_channel = "Missed Call";
    std::string ongoing_channel = "Ongoing Call";
    bool over_lock_screen = true;  // The full-screen page shows over the keyguard.
    bool important = false;        // Flags of the caller as a person.
    bool bot = false;
    bool full_screen = false;  // The page at once while the app is visible, without a heads-up first.
};

/// What the handle is to the system: only numbers and addresses are looked up in the contacts (IOS-DND-02).
enum class HandleType : std::uint8_t { generic, phone_number, email };

enum class AudioMode : std::uint8_t {
    standard,
    game_chat,
    measurement,
    movie_playback,
    spoken_audio,
    video_chat,
    video_recording,
    voice_chat,
    voice_prompt,
};

/// Nothing here activates the audio session: under CallKit only the system does (IOS-AU-01).
struct IosStyle {
    std::string icon = "CallKitLogo";  // Asset for the app's button.
    HandleType handle_type = HandleType::generic;
    bool video = true;  // The provider supports video.
    std::uint32_t call_groups = 2;
    std::uint32_t calls_per_group = 1;
    bool dtmf = true;
    bool holding = true;
    bool grouping = true;
    bool ungrouping = true;
    bool in_recents = true;
    std::string ringtone;  // File in the bundle; empty: the system's.
    bool configure_audio = true;
    AudioMode audio_mode = AudioMode::standard;
    std::uint32_t sample_rate_hz = 44'100;
    std::uint32_t io_buffer_us = 5'000;
};

struct CallStyle {
    std::string app_name;          // Empty: the bundle's.
    Redacted<std::string> avatar;  // URL, asset or file; loaded after the ring has started, never before.
    NoticeStyle missed{.text = "Missed call", .action_text = "Call back"};
    NoticeStyle calling{.text = "Calling…", .action_text = "Hang up"};
    // Absent in an input: the app's style has it (StyleChosen), else the defaults. In an output exactly the group of
    // the system at hand is there.
    OptionalBox<AndroidStyle> android;
    OptionalBox<IosStyle> ios;
};

}  // namespace clarion::callui
