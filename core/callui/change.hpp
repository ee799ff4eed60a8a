// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/describe.hpp"
#include "core/base/redacted.hpp"
#include "core/protocol/messages.hpp"

/// What a backend tells the app of a call beside how it stands on the screen: of the peer, of video, of the network.
namespace clarion::callui {

enum class ChangeKind : std::uint8_t {
    unknown,               // A newer backend said it.
    verified,              // Incoming: the server says that it is real. `text`: the start message. `on`: the caller
                           // offers a preparation before media flow.
    peer_message,          // Outgoing, answered: `text` is the callee's start message.
    progress,              // Outgoing: how far the callee's devices are, in `progress`.
    preparing,             // Connected, but no media until the callee is ready. `on`: it is for this side to finish it.
    preparation_finished,  //
    peer_muted,            //
    peer_unmuted,          //
    mute_asked,            // The peer asks this side to mute (`on`) or unmute; the app decides.
    video_asked,           // The peer wants video; answer with VideoAnswered.
    video_enabled,         // `by_peer` says who wanted it.
    video_disabled,        //
    video_refused,         // The other side does not want it, or cannot.
    peer_video_paused,     // For `pause_reason`.
    peer_video_resumed,    //
    peer_screen_started,   //
    peer_screen_stopped,   //
    screen_stopped,        // This side's screen share ended by itself: the call went on hold.
    network_lost,          // The way to the peer; the engine tries to find another.
    network_returned,      // After `lost_for`.
    peer_network_lost,     // The server does not see the peer.
    peer_network_returned,  //
    short_data,             // `text` of the peer's app, `data_type` says what it is.
    silenced_peer,          // This side does not hear the peer any more, by its own wish.
    unsilenced_peer,        //
    microphone_missing,     // The call goes on without one.
    microphone_present,     //
    moved_here,             // This device took the call over from another of the same user.
    peer_moved,             // The peer goes on with the call on another device.
    continued,              // A new process goes on with the call of the one before; what the app knew is to be asked.
    merged,  // Two calls crossed and are one. Told of the call that goes, `into`, and then of the one that stays.
};

struct Change {
    ChangeKind what = ChangeKind::unknown;
    bool on = false;
    bool by_peer = false;
    protocol::PauseReason pause_reason = protocol::PauseReason::unknown;
    Duration lost_for{0};
    Redacted<std::string> text;  // At most protocol::kShortDataLengthMax bytes.
    std::string data_type;
    std::optional<protocol::Progress> progress;
    std::optional<CallId> into;  // merged, of the call that goes: the one that it became.
};

/// Tells the app, in order with every other event of the call and as surely (I10).
struct CallChanged {
    CallId call_id;
    Change change;
};

}  // namespace clarion::callui

namespace clarion {

template <>
struct EnumText<callui::ChangeKind> {
    using E = callui::ChangeKind;
    static constexpr std::array<EnumWord<E>, 31> values{{
        {E::unknown, "unknown"},
        {E::verified, "verified"},
        {E::peer_message, "peer_message"},
        {E::progress, "progress"},
        {E::preparing, "preparing"},
        {E::preparation_finished, "preparation_finished"},
        {E::peer_muted, "peer_muted"},
        {E::peer_unmuted, "peer_unmuted"},
        {E::mute_asked, "mute_asked"},
        {E::video_asked, "video_asked"},
        {E::video_enabled, "video_enabled"},
        {E::video_disabled, "video_disabled"},
        {E::video_refused, "video_refused"},
        {E::peer_video_paused, "peer_video_paused"},
        {E::peer_video_resumed, "peer_video_resumed"},
        {E::peer_screen_started, "peer_screen_started"},
        {E::peer_screen_stopped, "peer_screen_stopped"},
        {E::screen_stopped, "screen_stopped"},
        {E::network_lost, "network_lost"},
        {E::network_returned, "network_returned"},
        {E::peer_network_lost, "peer_network_lost"},
        {E::peer_network_returned, "peer_network_returned"},
        {E::short_data, "short_data"},
        {E::silenced_peer, "silenced_peer"},
        {E::unsilenced_peer, "unsilenced_peer"},
        {E::microphone_missing, "microphone_missing"},
        {E::microphone_present, "microphone_present"},
        {E::moved_here, "moved_here"},
        {E::peer_moved, "peer_moved"},
        {E::continued, "continued"},
        {E::merged, "merged"},
    }};
    static constexpr E fallback = E::unknown;
};

}  // namespace clarion
