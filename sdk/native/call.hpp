// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/ids.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/view.hpp"
#include "sdk/native/client.hpp"

namespace clarion {

/// How an app answers (LINE Planet: acceptCall).
struct AnswerOptions {
    std::optional<std::string> start_message;  // To the caller's app; at most 200 bytes of UTF-8.
    bool responder_preparation = false;        // Connected without media until finish_preparation(); the caller must
                                               // have allowed it, else it is ignored.
    bool video_paused = false;                 // A video call, without sending pictures yet.
};

/// How an app ends a call (LINE Planet: endCall, endCallWithError).
struct EndOptions {
    engine::EndManner manner = engine::EndManner::normal;
    bool everywhere = true;                   // False: the user's other devices ring on.
    std::optional<std::string> release_code;  // To the peer's app; at most 128 bytes.
};

/// One call of a Client, by its id: a name for it, not an owner. Copy it as you like.
///
/// Every method says a fact to the engine and returns; what comes of it is an event (callui::Event) or shows in view().
/// Thread: the Client's loop. Lifetime: the Client outlives it. Errors: of a call that is over or unknown, or that
/// cannot do it now, nothing happens, and the Client's log says so at debug level; view() says beforehand. Source: LINE
/// Planet's call object (reference: client API 6.3), with its names where they fit.
class Call {
  public:
    Call(Client& client, const CallId& id) : client_{&client}, id_{id} {}

    [[nodiscard]] const CallId& id() const { return id_; }

    /// How it stands now; nullopt when it is over or was never here. `Client::adopt` says what became of it.
    [[nodiscard]] std::optional<engine::CallView> view() const;

    /// Accept. Good from the first moment, before verification and without a network; the events say whether it worked.
    void answer(const AnswerOptions& options = {}) const;

    /// Decline, cancel or hang up, whatever the call is doing.
    void end(const EndOptions& options = {}) const;

    /// The callee is ready, media may flow (event `preparing` with `on`).
    void finish_preparation() const;

    /// Nothing is sent and nothing heard. `reason`: for the peer's app, at most 256 bytes.
    void hold(std::string reason = {}) const;
    void unhold() const;

    /// The own microphone. The peer's app is told.
    void mute(bool on) const;

    /// The peer is not played here. Nobody is told.
    void silence_peer(bool on) const;

    /// Asks the peer's app to mute itself, or to unmute; it decides.
    void ask_peer_to_mute(bool on) const;

    /// Audio to video, or back; `paused`: without own pictures yet. Events: video_enabled, video_disabled,
    /// video_refused.
    void enable_video(bool paused = false) const;
    void disable_video() const;

    /// The answer to the event video_asked; it is refused by itself after 30 s (Config::consent_time).
    void answer_video(bool accepted, bool paused = false) const;

    void pause_video(protocol::PauseReason reason = protocol::PauseReason::user) const;
    void resume_video() const;

    /// The app began or stopped capturing the screen; the peer's app is told.
    void share_screen(bool on) const;

    /// A short text to the peer's app, once and in order: `type` at most 100 bytes, `data` at most 800.
    void send(std::string type, std::string data) const;

    /// Keypad: digits of "0123456789ABCD*#,;".
    void dial(std::string digits) const;

    friend bool operator==(const Call& a, const Call& b) { return a.client_ == b.client_ && a.id_ == b.id_; }

  private:
    Client* client_;
    CallId id_;
};

}  // namespace clarion
