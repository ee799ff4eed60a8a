// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/callui/outputs.hpp"
#include "core/engine/inputs.hpp"

/// Commands, in the imperative, that a shell performs. It starts the work and returns; the result, if there is one,
/// comes back as an input. Those of the system call UI are callui's (core/callui/outputs.hpp).
namespace clarion::engine {

// ---- signalling ----

/// Open a connection to the server; then SignallingOpened or SignallingClosed.
struct OpenSignalling {};
/// Close it, or stop opening it. Nothing of that connection is told any more, its end neither.
struct CloseSignalling {};

/// Send this frame on the open connection. The engine repeats what was not acknowledged after the next welcome.
struct SendFrame {
    protocol::ClientFrame frame;
};

// ---- media: one leg a call ----

/// Make a WebRTC offer; then OfferPrepared or MediaFailed.
struct PrepareOffer {
    CallId call_id;
    Media media = Media::audio;
};

/// Make an answer to this offer without touching the microphone; then AnswerPrepared or MediaFailed.
struct PrepareAnswer {
    CallId call_id;
    Media media = Media::audio;
    Redacted<std::string> offer;
};

struct ApplyAnswer {
    CallId call_id;
    Redacted<std::string> sdp;
};

struct AddCandidate {
    CallId call_id;
    Redacted<std::string> candidate;
    std::string mid;
    std::uint32_t line = 0;
};

/// Microphone and speaker on; never outside the system's audio activation where the OS has one (I6).
struct OpenAudio {
    CallId call_id;
};
struct CloseAudio {
    CallId call_id;
};
struct SetMuted {
    CallId call_id;
    bool on = false;
};
struct SetHeld {
    CallId call_id;
    bool on = false;
};
struct CloseMedia {
    CallId call_id;
};

using Output = std::variant<
    callui::ReportIncoming,
    callui::UpdateSystemCall,
    callui::EndSystemCall,
    callui::ReportOutgoing,
    callui::ReportOutgoingConnected,
    callui::FulfilAction,
    callui::FailAction,
    callui::ShowMissedCall,
    callui::StartForegroundService,
    callui::StopForegroundService,
    callui::EmitEvent,
    callui::PersistSnapshot,
    OpenSignalling,
    CloseSignalling,
    SendFrame,
    PrepareOffer,
    PrepareAnswer,
    ApplyAnswer,
    AddCandidate,
    OpenAudio,
    CloseAudio,
    SetMuted,
    SetHeld,
    CloseMedia>;

}  // namespace clarion::engine
