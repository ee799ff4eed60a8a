// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/callui/config.hpp"
#include "core/callui/errors.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/outputs.hpp"
#include "core/callui/snapshot.hpp"
#include "net/loop.hpp"
#include "sdk/native/log.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion {

struct CallUiOptions {
    /// Of this app alone: the journal is in it. Made when it is not there, and for this user only (0700).
    std::filesystem::path state_directory;

    /// What the system at hand demands (docs/callui.md, "What differs between systems").
    callui::SystemRules rules = callui::standalone_rules(protocol::Platform::desktop);

    /// At debug level: every fact that was refused, and why. Thread: the loop's.
    Log log;
};

/// The system's call screen for an app with a voice service of its own (SIP, another WebRTC stack, a vendor's SDK), on
/// systems with a loop: core/callui with a timer, a journal on disk and the SystemUi around it. It knows of no server,
/// media or push: the app says what its voice service knows, the SystemUi says what the user does, and both are told
/// what follows. Who has a Clarion server uses clarion::Client, which has a call screen inside.
///
/// Ids: a call is named by a CallId. A voice service with ids of its own gives them as `backend_id` and uses the CallId
/// that incoming() or outgoing() returned, or callui::call_id_of(backend_id), which is the same.
///
/// Errors: a refused fact changed nothing. Methods that bring data return why it was refused, with the field's name
/// ("style.android.text_color"): a mistake of the program. The others return nothing: that a tap or a message is too
/// late is normal, then nothing happens and the log says so at debug level; view() says beforehand.
///
/// Thread: everything on the loop's thread. Re-entry: callbacks and SystemUi::perform may call anything here except the
/// destructor; it is taken at once, and what follows from it is performed after the present batch of commands.
/// Lifetime: loop and SystemUi outlive it. The destructor ends no call: they go on in the next CallUi over the same
/// directory (that is what the journal is for). Limits: one CallUi for each directory (locked); docs/callui.md,
/// "Limits". Times are milliseconds, texts UTF-8. Source of the methods: flutter_callkit_incoming, which docs/callui.md
/// compares name by name.
class CallUi {
  public:
    using OnEvent = std::function<void(const callui::Event& event)>;
    using Result = std::expected<void, callui::InputError>;

    /// Reads the journal: calls, events that no app heard, tokens, the app's style and policy. A damaged journal is put
    /// aside with one warning; one that cannot be read now is an error, and stays.
    /// Error: one line for the person who set it up.
    [[nodiscard]] static std::expected<std::unique_ptr<CallUi>, std::string> create(
        net::Loop& loop, CallUiOptions options, native::SystemUi& system_ui
    );

    ~CallUi();
    CallUi(const CallUi&) = delete;
    CallUi& operator=(const CallUi&) = delete;

    /// Puts the calls of the process before on the screen again, and ends those that rang long enough. Once, before
    /// anything else.
    void start();

    // ---- the voice service ----

    /// Somebody calls (`showCallkitIncoming`). When this returns, the system was asked to show it: call it before a
    /// push handler returns (IOS-PK-02). The same call again changes nothing. Error: bad_input, too_many_calls.
    [[nodiscard]] std::expected<CallId, callui::InputError> incoming(callui::IncomingAnnounced call);

    /// A push that is no call for this user: on iOS it is reported and ended at once (IOS-PK-01), else nothing happens.
    void unusable_push(callui::UnusablePushArrived push);

    /// The app calls somebody (`startCall`). Error: bad_input, duplicate_call, too_many_calls.
    [[nodiscard]] std::expected<CallId, callui::InputError> outgoing(callui::OutgoingStarted call);

    /// The voice service has the outgoing call.
    void placed(const CallId& call);

    /// `devices` of the callee ring.
    void peer_rang(const CallId& call, std::uint32_t devices = 1);

    /// Both sides hear each other (`setCallConnected`): fulfils the user's Accept. It never answers: of a call that
    /// still rings it is refused.
    void connected(const CallId& call);

    /// The peer put the call on hold or took it back; `reason`: the peer's words, at most 256 bytes.
    void peer_held(const CallId& call, bool on, std::string reason = {});

    /// Name, media, rest of the ring, style or `extra` are other ones now. Error: bad_input, unknown_call.
    [[nodiscard]] Result update(callui::CallUpdated call);

    /// It is over, and not by this device: the caller hung up, another device answered, it failed. A call that was
    /// never here does not ring when its push comes later.
    void dismiss(const CallId& call, callui::Dismissal why);

    /// It is over, with a number of the reason table and an outcome (`saveEndCall`). Error: bad_input, unknown_call.
    [[nodiscard]] Result ended(callui::CallEnded end);

    /// A call that was over before it could ring here: a missed-call notice where the system needs one, no ring.
    /// Error: bad_input.
    [[nodiscard]] Result missed(callui::MissedCallLearned call);

    /// Everything else that the system or the voice service knows; what a SystemUi says comes here.
    void feed(const callui::Input& input);

    // ---- the app ----

    /// From now on the app hears its events, those of before included (of processes that died, too), each once and in
    /// order (I10). An event counts as heard when the callback returned. The callback may attach another one.
    void attach(OnEvent on_event);

    /// Nobody listens any more: events wait in the journal.
    void detach();

    /// While silent, events wait and none is lost (`silenceEvents`, `unsilenceEvents`).
    void silence_events(bool on);

    // Taps on the app's own screen. The system's screen follows.
    void answer(const CallId& call);
    void end(const CallId& call);  ///< Decline, cancel or hang up: by what the call is doing (`endCall`).
    void end_all();                ///< Every call (`endAllCalls`); by the app's code, not by the user.
    void mute(const CallId& call, bool on);
    void mute_all(bool on);  ///< Every call that is placed or talked.
    void hold(const CallId& call, bool on);
    void dial(const CallId& call, std::string digits);  ///< "0123456789ABCD*#,;", at most 64.
    void group(const CallId& call, const CallId& with);
    void ungroup(const CallId& call);

    /// The incoming screen goes, the call stays and may be answered until its ring is over (`hideCallkitIncoming`).
    /// Refused where the system has no such thing (CallKit).
    void hide(const CallId& call);

    /// A missed-call notice by hand; at most one a call (`showMissCallNotification`). Error: bad_input, wrong_state
    /// while the call lives.
    [[nodiscard]] Result show_missed(callui::MissedShown call);

    /// The app showed the missed call in its own list: the notice goes.
    void missed_seen(const CallId& call);

    /// How calls look that do not say it themselves; the next process still knows. Error: bad_input.
    [[nodiscard]] Result use_style(callui::CallStyle style);

    /// What holds for several calls at once, and which notices there are; the next process still knows.
    [[nodiscard]] Result use_policy(callui::CallPolicy policy);

    /// A push service gave the app an address, or took it away (empty); at most 4096 bytes. An event tells the app.
    [[nodiscard]] Result push_token(callui::TokenKind kind, std::string token);

    /// Something of its own that native code wants the app to hear in order with everything else (`sendEventCustom`);
    /// JSON, at most 2048 bytes. Error: bad_input.
    [[nodiscard]] Result custom_event(std::string body, std::optional<CallId> call = std::nullopt);

    // ---- state ----

    /// Everything at once, as of now: calls (`activeCalls`), tokens (`getDevicePushTokenVoIP`), what waits.
    [[nodiscard]] callui::View view() const;

    /// One of those calls; nullopt when it is over or was never here.
    [[nodiscard]] std::optional<callui::ActiveCall> find(const CallId& call) const;

  private:
    struct Impl;
    explicit CallUi(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion
