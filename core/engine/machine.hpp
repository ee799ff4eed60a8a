// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/holds.hpp"
#include "core/callui/callui.hpp"
#include "core/engine/config.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/snapshot.hpp"
#include "core/engine/start_fail.hpp"
#include "core/engine/view.hpp"

/// What is behind Engine. Only the .cpp files of this folder include it. The state is the Snapshot; nothing else is
/// remembered, so that what is not described cannot be lost.
namespace clarion::engine {

inline constexpr Duration kLastingTime{10'000};  // A connection that was up so long was no failure.
inline constexpr Duration kResendPause{1'000};   // After "unavailable".
inline constexpr Duration kGoodbyeTime{60'000};  // How long the end of a call is worth telling.
inline constexpr Duration kWaitMargin{20'000};   // After ring_until the server ends an unanswered call; this is for
                                                 // the case that its message does not arrive.
inline constexpr Duration kWaitDefault{120'000};
inline constexpr Duration kTruthTime{8'000};  // How long a missed-call notice waits for the server's word. Android
                                              // gives the process of a push 20 s (AND-FCM-04).
inline constexpr Duration kTombstoneTime{6 * 3'600'000};

inline constexpr std::uint32_t kRevisionMax = 1'000'000;  // Of a peer that counts as it should.

/// Who is told that a call ended here.
enum class Tell : std::uint8_t { nobody, decline, end };

/// How the server is told.
struct Farewell {
    Farewell(Tell who) : tell{who} {}  // NOLINT(google-explicit-constructor): mostly nothing more is to be said.

    Tell tell;
    bool everywhere = true;  // A decline: for all devices of the user.
    bool busy = false;       // A decline: because of another call.
    std::optional<Redacted<std::string>> release_code;
};

/// Both sides agreed to talk: the transport may come up, and each has its state told to the other.
[[nodiscard]] bool is_agreed(const Call& call);

/// The user is busy with it: placed, accepted or talked.
[[nodiscard]] bool is_engaged(const Call& call);

class Machine {
  public:
    Machine(Config config, Instant now, std::uint64_t seed);
    Machine(Config config, const Snapshot& snapshot, callui::CallUi ui);

    [[nodiscard]] std::expected<void, InputError> handle_input(Instant now, const Input& input);
    [[nodiscard]] std::expected<void, InputError> handle_timeout(Instant now);
    [[nodiscard]] std::optional<Output> poll_output() { return out_.poll(); }
    [[nodiscard]] Deadline next_deadline() const;
    [[nodiscard]] Snapshot snapshot() const;
    [[nodiscard]] const callui::CallUi& ui() const { return ui_; }
    [[nodiscard]] StartFail start_fail(const PlaceRequested& request) const;
    [[nodiscard]] std::vector<CallView> calls() const;
    [[nodiscard]] Adoption adopt(const CallId& call) const;

    /// restore.cpp: what the death of the process took.
    void revive(Instant now, WallTime wall_now, Duration elapsed, bool same_boot);
    void begin_anew(const Snapshot& old);

  private:
    void revive_call(const CallId& id);

    using Applied = std::expected<void, InputError>;

    // push.cpp
    Applied apply(const PushReceived& input);
    Applied refuse(const PushReceived& push, bool must_report);
    Applied come_too_late(const Invite& invite, bool must_report);
    Applied come_again(const Call& call, bool must_report);
    Applied ring(const Invite& invite, bool must_report);
    Applied cancel(const Invite& invite, bool must_report);
    Applied bury(const Tombstone& tombstone, const Invite& invite, bool must_report);
    void take_in(const Invite& invite, Duration ring_for, bool must_report);
    void ring_late(Call& call);
    void decline_as_busy(const Invite& invite, bool must_report);
    void say_busy(Call& call);
    void finish_declined(const CallId& id, EndReason reason, EndSource source);
    [[nodiscard]] bool is_busy() const;
    [[nodiscard]] bool is_ours(const PushReceived& push) const;
    [[nodiscard]] WallTime server_time(const Invite& invite) const;

    // user.cpp
    Applied apply(const IncomingReported& input);
    Applied apply(const OutgoingReported& input);
    Applied apply(const UserAnswered& input);
    Applied apply(const UserEnded& input);
    Applied apply(const UserMuted& input);
    Applied apply(const UserHeld& input);
    Applied refuse_hold(const UserHeld& input);
    [[nodiscard]] bool is_repeated(callui::ActionId action) const;
    Applied apply(const ActionTimedOut& input);
    Applied apply(const ProviderReset& input);
    Applied apply(const AudioActivated& input);
    Applied apply(const AudioDeactivated& input);
    /// Everything else that concerns only what is on the screen and what the app hears.
    template <class ForTheScreen>
    Applied apply(const ForTheScreen& input) {
        return tell_ui(input);
    }
    Applied apply(const AnswerRequested& input);
    Applied apply(const EndRequested& input);
    Applied apply(const AllCallsEnded& input);
    Applied answer(const CallId& id, const callui::UserAnswered& tap);
    void end(const CallId& id, callui::CallEnded end, Farewell farewell);

    // place.cpp: calls that begin here
    Applied apply(const PlaceRequested& input);
    Applied apply(const CallsRequested& input);
    Applied apply(const TakeRequested& input);
    void on(const protocol::LiveCalls& event);
    void on(const protocol::Taken& event);
    void on(const protocol::Merged& event);

    // several_calls.cpp: which one is talked, and what else wants the microphone
    Applied apply(const CellularCallChanged& input);
    Applied apply(const MicrophoneChanged& input);
    Applied apply(const AudioRouteRequested& input);
    Applied apply(const AudioRouteChanged& input);
    void bring_to_front(const CallId& id);
    void step_back(const CallId& id);
    void update_audio();

    // party_state.cpp: what each side tells the other of itself
    Applied apply(const HoldRequested& input);
    Applied apply(const PreparationFinished& input);
    Applied apply(const PeerSilenceRequested& input);
    Applied apply(const MuteAsked& input);
    Applied apply(const VideoPaused& input);
    Applied apply(const ScreenShareChanged& input);
    Applied apply(const ShortDataRequested& input);
    void on(const protocol::PeerState& event);
    void on(const protocol::MuteRequest& event);
    void on(const protocol::ShortData& event);
    void begin_states(Call& call, bool peer_prepares);
    void hear_peer_state(Call& call, const protocol::PartyState& state);
    void hear_peer_video(Call& call, const protocol::PartyState& before);
    void set_hold(Call& call, bool on, const std::string& reason);
    void update_states();
    void repeat_state(const Call& call);
    void tell_app(const CallId& call, callui::Change change);
    void tell_app(const CallId& call, callui::ChangeKind what, bool on = false);

    // negotiation.cpp: new media or a new way in a live call
    Applied apply(const VideoRequested& input);
    Applied apply(const VideoAnswered& input);
    Applied apply(const NegotiationFailed& input);
    Applied offer_ready(Call& call, const OfferPrepared& input);
    Applied answer_ready(Call& call, const AnswerPrepared& input);
    void on(const protocol::MediaOffer& event);
    void on(const protocol::MediaAnswer& event);
    void start_change(Call& call, Negotiation purpose, Media media);
    void answer_change(Call& call);
    void refuse_change(Call& call);
    void drop_change(Call& call);
    void late_answer(Call& call, const protocol::MediaAnswer& event);
    void change_timeout(Call& call);
    void set_media(Call& call, Media media, bool by_peer);
    [[nodiscard]] bool gives_way(Call& call, const protocol::MediaOffer& event);

    // network.cpp: the way to the peer
    Applied apply(const NetworkChanged& input);
    Applied apply(const StatisticsMeasured& input);
    void lose_way(Call& call);
    void find_way(Call& call);
    void way_is_back(Call& call);

    // tones.cpp
    void update_tones();
    void play_end(const Call& call, const callui::CallEnded& end);
    [[nodiscard]] std::optional<Tune> tune_due() const;

    // tokens.cpp: who is signed in
    Applied apply(const OnlineRequested& input);
    Applied apply(const TokenSupplied& input);
    Applied apply(const SignedOut& input);
    Applied apply(const PushTokenChanged& input);
    void tell_addresses();
    void ask_token(bool refused);
    void note_expiry(const protocol::Welcome& welcome);
    void finish_sign_out();
    [[nodiscard]] const std::optional<Redacted<std::string>>& token() const;

    // link.cpp: the connection
    Applied apply(const SignallingOpened& input);
    Applied apply(const SignallingClosed& input);
    void on(const protocol::Welcome& welcome);
    void hello_refused(protocol::ErrorCode code);
    void update_link();
    void open_link();
    void close_link();
    void lose_link();
    void back_off();
    void hurry_link();
    void link_timeout();
    void say_hello();
    [[nodiscard]] bool wants_link() const;
    [[nodiscard]] bool wants_token() const;
    [[nodiscard]] bool has_token() const;
    [[nodiscard]] const Call* ticket_call() const;

    // requests.cpp: what the server has to be told
    void request(protocol::ClientMessage message);
    void receipt(const CallId& call, protocol::ReceiptStep step, std::string detail = {});
    void ask_truth(const Call& call);
    void flush_requests();
    void send(Request& request);
    void drop_requests(const CallId& call);
    void on(const protocol::Ack& ack);
    void on(const protocol::Error& error);
    void request_failed(const protocol::ClientMessage& message, protocol::ErrorCode code);
    void place_failed(const CallId& call, protocol::ErrorCode code);
    [[nodiscard]] bool is_asked(const CallId& call) const;
    [[nodiscard]] bool is_sent_again(const CallId& call) const;
    [[nodiscard]] bool opens(const Request& request) const;

    // server.cpp: what the server says
    Applied apply(const FrameReceived& input);
    void on(const protocol::Incoming& event);
    void on(const protocol::Notified& event);
    void on(const protocol::Progress& event);
    void on(const protocol::Verified& event);
    void on(const protocol::Answered& event);
    void on(const protocol::AnswerConfirmed& event);
    void on(const protocol::Candidate& event);
    void on(const protocol::Ended& event);
    void learn_clock(WallTime server_now);
    void set_deadlines(Call& call);
    void ring_again(Call& call);
    void set_placed(Call& call);
    void agree(Call& call, bool peer_prepares = false);

    // media.cpp
    Applied apply(const OfferPrepared& input);
    Applied apply(const AnswerPrepared& input);
    Applied apply(const CandidateFound& input);
    Applied apply(const MediaConnected& input);
    Applied apply(const MediaLost& input);
    Applied apply(const MediaFailed& input);
    Applied apply(const FirstAudioHeard& input);
    void prepare_answer(Call& call, const Redacted<std::string>& offer);
    void add_waiting_candidates(Call& call);
    void close_media(Call& call);

    // calls.cpp: one call, its timers and its end
    void maybe_answer(const CallId& id);
    void maybe_connected(Call& call);
    void wait_for_answer(Call& call);
    void call_timeout(const CallId& id);
    void finish(const CallId& id, callui::CallEnded end, Farewell farewell);
    void finish_here(const CallId& id, EndReason reason, Tell tell);
    void finish_remote(
        const CallId& id,
        EndReason reason,
        EndSource source,
        bool by_remote = true,
        const std::optional<Redacted<std::string>>& code = std::nullopt
    );
    void release(const CallId& id, Farewell farewell, const callui::CallEnded& end);
    void reap();
    void ask_on(const Call& over);
    void learn_end(const CallId& id, EndReason reason, EndSource source);
    void mark_ended(Tombstone tombstone);
    void arm(Call& call, TimerId timer, Duration from_now);

    // machine.cpp
    Applied tell_ui(const callui::Input& input);
    void take_ui();
    void settle();
    void note_clock(WallTime wall_now);
    [[nodiscard]] WallTime server_now() const;
    void emit(Notice notice);
    void forget(const CallId& id);
    [[nodiscard]] Call* find(const CallId& id);
    [[nodiscard]] Call* find_live(const CallId& id);
    [[nodiscard]] Tombstone* find_tombstone(const CallId& id);
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool make_room();
    [[nodiscard]] std::uint64_t random(std::uint64_t bound);
    [[nodiscard]] CallId random_call_id();

    template <class T>
    void push(T&& output) {
        out_.push(std::forward<T>(output));
    }

    Config config_;
    SystemRules rules_;
    Snapshot state_;  // `state_.ui` is empty here: ui_ has it.
    callui::CallUi ui_;
    callui::Effects<Output> out_;
    std::optional<Tune> end_tune_;  // Of a call that ended in this input; never outlives it.
};

[[nodiscard]] std::expected<Machine, RestoreError> resume_machine(Config config, const Snapshot& snapshot);
[[nodiscard]] std::expected<Machine, RestoreError> restore_machine(
    Config config, const Snapshot& old, Instant now, WallTime wall_now, bool same_boot
);

/// a - b, never more than a century: foreign clocks say anything.
[[nodiscard]] Duration time_between(WallTime a, WallTime b);

/// How a call that the other side or the server ended stands in the history (I8; the server's table says the same).
[[nodiscard]] EndSource side_of(const Call& call);
[[nodiscard]] Outcome outcome_of(Direction direction, Phase phase, EndReason reason);

}  // namespace clarion::engine
