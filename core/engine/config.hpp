// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/callui/config.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::engine {

using callui::system_rules;
using callui::SystemRules;

/// What becomes of the call that is talked when another one is answered, placed or taken off hold.
enum class FirstCall : std::uint8_t { hold, end };

/// What becomes of the calls when the phone's own, cellular call begins.
enum class OnCellular : std::uint8_t {
    hold,  // Until it is over. A call that comes meanwhile rings.
    end,   // With `cell_call`. A call that comes meanwhile is declined as busy, by this device only.
};

/// The answer to a peer that turns video on (LINE Planet: responseOnEnableVideo).
enum class OnVideo : std::uint8_t {
    pause,   // Both sides have video from now on; this side's is paused until the app resumes it.
    send,    // This side sends at once.
    ask,     // The app says (VideoAnswered); refused when it does not say within consent_time.
    refuse,  // Audio only.
};

/// How a device behaves. Fixed for the life of an engine. Limits: a Duration is at most a day; user and device are
/// never empty.
struct Config {
    ServiceId service;
    UserId user;  // The signed-in user: an invite for anybody else is refused.
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<Redacted<std::string>> token;  // Access token; needed to place calls and to be online.
    bool renews_token = false;                   // The host answers RequestToken: a refused token ends no call at once.

    Duration verify_timeout{10'000};     // Offline for so long after Accept: the call failed. Bounded by accept_until.
    Duration connect_timeout{15'000};    // From the confirmed answer to media.
    Duration reconnect_timeout{30'000};  // From the loss of a connected call's media to its end.
    Duration place_timeout{10'000};      // From place to the server's acknowledgement.
    Duration handshake_timeout{15'000};  // From OpenSignalling to welcome.
    Duration restart_after{5'000};       // A new transport that does not come up so long is tried again.
    Duration negotiate_timeout{10'000};  // For the peer's answer to an offer in a call.
    Duration consent_time{30'000};       // For the app's answer to a peer that wants video.
    Duration renew_before{60'000};       // Ask for a fresh token so long before the old one ends.
    Duration end_tone{2'000};            // How long the end tone and the busy tone last; 0: none.
    Duration reconnect_min{200};
    Duration reconnect_max{10'000};

    bool allow_waiting = true;  // False: a call that comes during another is declined as busy, by this device only.
    FirstCall first_call = FirstCall::hold;
    OnCellular on_cellular = OnCellular::hold;
    OnVideo on_video = OnVideo::pause;
    bool has_media = true;  // False: the app has none. Calls ring; one that is placed or answered here fails.
    bool answer_without_microphone = true;  // False: Accept fails with mic_no_source when there is none.
    std::optional<bool> ring_tone;  // Whether PlayTone ring is wanted; absent: where no system rings (desktop, web).
};

}  // namespace clarion::engine
