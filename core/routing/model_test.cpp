// SPDX-License-Identifier: Apache-2.0
#include "core/routing/model_test.hpp"

#include <algorithm>

namespace clarion::routing::testing {
namespace {

void learn(Model& model) {
    if (!model.connected || !model.told) return;
    model.learned = true;
    model.ringing = false;
}

void hear_of_call(const State& s, Model& model) {
    model.announced = true;
    if (!model.learned && !model.tombstone && !model.confirmed && s.now < kRingUntil) model.ringing = true;
}

Event event_of(Deed deed, const State& s) {
    switch (deed) {
        case Deed::answer_a: return AnswerReceived{kPhone, sdp("a")};
        case Deed::answer_b: return AnswerReceived{kTablet, sdp("b")};
        case Deed::decline_a: return DeclineReceived{kPhone};
        case Deed::decline_b: return DeclineReceived{kTablet};
        case Deed::busy_a: return DeclineReceived{kPhone, EndReason::busy};
        case Deed::decline_here_b: return DeclineReceived{.device = kTablet, .everywhere = false};
        case Deed::cross_b: {
            CallCrossed event{ios(kTablet, s.b.connected), {}};
            event.call_id = *CallId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7");
            return event;
        }
        case Deed::end_by_caller: return EndReceived{.device = kCaller};
        case Deed::end_by_a: return EndReceived{.device = kPhone};
        case Deed::end_by_app_server: return EndReceived{};
        case Deed::verify_a: return VerifyAsked{kPhone};
        case Deed::verify_b: return VerifyAsked{kTablet};
        case Deed::rings_a: return ReceiptReceived{kPhone, ReceiptStep::ringing};
        case Deed::rings_b: return ReceiptReceived{kTablet, ReceiptStep::ringing};
        case Deed::toggle_socket_a: return PresenceChanged{kPhone, !s.a.connected};
        case Deed::toggle_socket_b: return PresenceChanged{kTablet, !s.b.connected};
        case Deed::toggle_socket_caller: return PresenceChanged{kCaller, !s.caller.connected};
        case Deed::media_flows: return ReceiptReceived{kCaller, ReceiptStep::media_connected};
        case Deed::push_a_failed: return PushFinished{kPhone, PushOutcome::failed};
        case Deed::push_b_failed: return PushFinished{kTablet, PushOutcome::failed};
        case Deed::to_socket_grace:
        case Deed::to_ring_until:
        case Deed::to_accept_until: return TimePassed{};
    }
    return TimePassed{};
}

void pass_time(State& s, Deed deed) {
    if (deed == Deed::to_socket_grace) s.now = std::max(s.now, kPlacedAt + kConfig.socket_grace);
    if (deed == Deed::to_ring_until) s.now = std::max(s.now, kRingUntil);
    if (deed == Deed::to_accept_until) s.now = std::max(s.now, s.call.accept_until);
    if (s.now >= kRingUntil) s.a.ringing = s.b.ringing = false;  // The device's own ring timer.
}

bool is_unreachable(const State& s, const DeviceId& id) {
    const auto leg = std::ranges::find(s.call.legs, id, &Leg::device);
    return leg != s.call.legs.end() && leg->state == LegState::unreachable;
}

/// A device stops by its own word: the call goes on as long as the other one may answer.
void stop_only(Verdict& v, const DeviceId& id, EndReason reason, const State& s) {
    if (v.winner || v.own(id)) return;
    const DeviceId& other = id == kPhone ? kTablet : kPhone;
    (id == kPhone ? v.own_a : v.own_b) = reason;
    if (!v.own(other) && !is_unreachable(s, other)) return;
    const bool is_busy = v.own_a == EndReason::busy;
    v.end = End{is_busy ? EndReason::busy : EndReason::decline, EndSource::callee, true};
    v.by = is_busy ? kPhone : kTablet;
}

/// Who has the call lost its connection, or is back.
void judge_network(Verdict& v, Deed deed, const State& s) {
    const auto lost = [&](bool connected) { return connected ? std::optional<WallTime>{} : std::optional{s.now}; };
    if (deed == Deed::toggle_socket_caller) {
        v.is_caller_connected = s.caller.connected;
        v.caller_lost_at = lost(!v.winner || s.caller.connected);
    }
    if (deed == Deed::toggle_socket_a && v.winner == kPhone) v.winner_lost_at = lost(s.a.connected);
    if (deed == Deed::toggle_socket_b && v.winner == kTablet) v.winner_lost_at = lost(s.b.connected);
    const bool is_time = deed == Deed::to_socket_grace || deed == Deed::to_ring_until || deed == Deed::to_accept_until;
    for (const auto& since : {v.caller_lost_at, v.winner_lost_at}) {
        if (!is_time || v.has_media || !since || s.now - *since < kConfig.reconnect_grace) continue;
        v.end = End{EndReason::network_unstable, EndSource::cloud_server, true};
    }
}

/// The rules of the product in a few lines: the first deed that decides, decides.
void judge(Verdict& v, Deed deed, const State& s) {
    if (v.end) return;
    const auto ends = [&](EndReason reason, EndSource source, std::optional<DeviceId> by) {
        v.end = End{v.winner ? EndReason::normal : reason, source, by != kCaller};
        v.by = std::move(by);
    };
    const auto answers = [&](const DeviceId& id) {
        if (v.winner || v.own(id)) return;
        v.winner = id;
        if (!v.is_caller_connected) v.caller_lost_at = s.now;
    };
    const auto declines = [&](const DeviceId& id) {
        if (!v.winner && !v.own(id)) ends(EndReason::decline, EndSource::callee, id);
    };
    if (!v.winner && s.now >= v.accept_until) return ends(EndReason::no_answer, EndSource::caller, std::nullopt);
    judge_network(v, deed, s);
    switch (deed) {
        case Deed::answer_a: return answers(kPhone);
        case Deed::answer_b: return answers(kTablet);
        case Deed::decline_a: return declines(kPhone);
        case Deed::decline_b: return declines(kTablet);
        case Deed::busy_a: return stop_only(v, kPhone, EndReason::busy, s);
        case Deed::cross_b:
            // Its user wants to talk after all; the same call again is no new wish.
            if (v.winner || !s.call.crossings.empty()) return;
            v.own_b.reset();
            v.accept_until = std::max(v.accept_until, s.now + Duration{10'000});
            return;
        case Deed::decline_here_b: return stop_only(v, kTablet, EndReason::decline, s);
        case Deed::end_by_caller: return ends(EndReason::cancel, EndSource::caller, kCaller);
        case Deed::end_by_app_server: return ends(EndReason::cancel, EndSource::app_server, std::nullopt);
        case Deed::end_by_a:
            if (v.winner == kPhone) ends(EndReason::normal, EndSource::callee, kPhone);
            return declines(kPhone);
        case Deed::media_flows: v.has_media = v.winner.has_value(); return;
        default: return;
    }
}

/// Nothing reaches the last device that had not spoken.
void judge_unreachable(Verdict& v) {
    v.end = End{EndReason::push_error, EndSource::cloud_server, true};
    if (v.own_a) v.end = End{*v.own_a, EndSource::callee, true};
    if (v.own_a) v.by = kPhone;
    if (!v.own_a && v.own_b) v.end = End{*v.own_b, EndSource::callee, true};
    if (!v.own_a && v.own_b) v.by = kTablet;
}

std::optional<End> expected_end(const Verdict& v, const DeviceId& id) {
    if (id == kCaller) return v.end;
    // Who is busy hears what became of the call.
    const bool waits = v.own(id) == EndReason::busy && (v.winner || !v.end || v.end->reason != EndReason::busy);
    if (v.own(id) && !waits) return End{*v.own(id), EndSource::callee, false};
    if (v.winner && v.winner != id) return End{EndReason::multi_device_answer, EndSource::callee, true};
    if (!v.end || v.winner) return v.end ? std::optional{End{v.end->reason, v.end->source, v.by != id}} : v.end;
    if (v.end->source == EndSource::callee && v.by != id) {
        return End{EndReason::multi_device_decline, EndSource::callee, true};
    }
    if (v.end->reason == EndReason::push_error) return End{EndReason::released_call, EndSource::cloud_server, true};
    return End{v.end->reason, v.end->source, v.by != id};
}

}  // namespace

std::array<CallPlaced, 3> starts() {
    return {
        placed({android(kPhone, true), ios(kTablet)}),
        placed({android(kPhone), ios(kTablet)}),
        placed({android(kPhone, true), desktop(kTablet)}),
    };
}

bool Checker::begin(Node& node, const CallPlaced& placed) {
    State& s = node.state;
    const auto decision = place(placed, kPlacedAt, kConfig);
    s.call = decision->document;
    for (const Leg& leg : s.call.legs) s.of(leg.device).connected = leg.connected;
    return perform(s, decision->effects, std::nullopt);
}

bool Checker::act(Node& node, Deed deed) {
    State& s = node.state;
    s.path += std::string{" "} + std::string{kDeedNames[static_cast<std::size_t>(deed)]};
    pass_time(s, deed);
    const Event event = event_of(deed, s);
    std::optional<DeviceId> from;
    std::visit(
        [&](const auto& e) {
            if constexpr (requires { e.device; }) from = e.device;
            if constexpr (requires { e.from.device; }) from = e.from.device;
        },
        event
    );
    if (std::holds_alternative<PresenceChanged>(event)) {
        Model& model = s.of(*from);
        model.connected = !model.connected;
        learn(model);
    }
    // A tap stops the ringing of its own device before any word of the server.
    const bool tap = deed == Deed::end_by_a || deed == Deed::cross_b || std::holds_alternative<AnswerReceived>(event) ||
                     std::holds_alternative<DeclineReceived>(event);
    if (tap) s.of(*from).ringing = false;
    judge(node.verdict, deed, s);
    auto decision = decide(s.call, event, s.now, kConfig);
    if (decision) {
        if (s.call.phase == Phase::ended && decision->changed) return fail(s, "an ended call changed");
        s.call = std::move(decision->document);
        // A socket that closes after the push failed was the last way to its device.
        const bool by_failed_push = deed == Deed::push_a_failed || deed == Deed::push_b_failed ||
                                    deed == Deed::toggle_socket_a || deed == Deed::toggle_socket_b;
        if (s.call.phase == Phase::ended && !node.verdict.end && by_failed_push && !node.verdict.winner) {
            judge_unreachable(node.verdict);
        }
        if (!perform(s, decision->effects, from)) return false;
    }
    return check(s, node.verdict);
}

/// Lets the devices do what the effects tell them; each effect has rules of its own.
bool Checker::perform(State& s, const std::vector<Effect>& effects, const std::optional<DeviceId>& from) {
    for (const Effect& effect : effects) {
        if (const auto* send = std::get_if<SendIncoming>(&effect)) {
            if (!may_ring(s, send->device)) return false;
            if (s.of(send->device).connected) hear_of_call(s, s.of(send->device));
        } else if (const auto* push = std::get_if<SendPush>(&effect)) {
            if (!deliver(s, *push)) return false;
        } else if (const auto* word = std::get_if<SendToDevice>(&effect)) {
            if (!deliver(s, *word, from)) return false;
        } else if (const auto* history = std::get_if<RecordHistory>(&effect)) {
            ++s.histories;
            s.history = *history;
        }
    }
    return true;
}

bool Checker::may_ring(State& s, const DeviceId& id) {
    if (s.now >= kRingUntil) return fail(s, "I7: told to ring after ring_until");
    if (s.of(id).told) return fail(s, "I7: told to ring after its end");
    return true;
}

bool Checker::deliver(State& s, const SendPush& push) {
    Model& model = s.of(push.device);
    if (push.kind == PushKind::ring) {
        if (++model.ring_pushes > 1) return fail(s, "I12: two ring pushes");
        if (!may_ring(s, push.device)) return false;
        hear_of_call(s, model);
        return true;
    }
    if (push.device != kPhone) return fail(s, "IOS-PK-14: a cancel push to something that is not Android");
    if (!push.ended) return fail(s, "a cancel push that does not say how it ended");
    const End end{push.ended->reason, push.ended->source, push.ended->by_remote};
    if (model.told != end) return fail(s, "I8: the cancel push says another end than the socket");
    model.tombstone = true;
    model.ringing = false;
    return true;
}

bool Checker::deliver(State& s, const SendToDevice& word, const std::optional<DeviceId>& from) {
    Model& model = s.of(word.device);
    if (const auto* ended = std::get_if<protocol::Ended>(&word.message)) {
        const End end{ended->reason, ended->source, ended->by_remote};
        if (model.told && *model.told != end) return fail(s, "I8: a second end that differs, " + word.device.text());
        if (model.told && from != word.device) return fail(s, "I2: a second end that nobody asked for");
        model.told = end;
        learn(model);
        return true;
    }
    if (std::holds_alternative<protocol::Merged>(word.message)) {
        // A call of its own again, even if it had stopped for itself.
        model.announced = true;
        model.told.reset();
        model.learned = false;
        return true;
    }
    if (model.told) return fail(s, "I2: spoken to after its end, " + word.device.text());
    if (std::holds_alternative<protocol::AnswerConfirmed>(word.message)) {
        model.confirmed = true;
        model.ringing = false;
    } else if (std::holds_alternative<protocol::Verified>(word.message)) {
        model.announced = true;
    }
    return true;
}

bool Checker::check(State& s, const Verdict& v) {
    if (s.a.confirmed && s.b.confirmed) return fail(s, "I3: two devices were confirmed");
    if (s.call.winner != v.winner) return fail(s, "I3: the winner is somebody else");
    if ((s.call.phase == Phase::ended) != v.end.has_value()) return fail(s, "ended when it should not, or not");
    if (s.histories != (v.end ? 1 : 0)) return fail(s, "I8: the history is not written exactly once");
    if (v.winner && !s.of(*v.winner).confirmed) return fail(s, "I3: the winner was not told");
    for (const DeviceId& id : {kCaller, kPhone, kTablet}) {
        const auto expected = expected_end(v, id);
        Model& model = s.of(id);
        if (model.told && model.told != expected) return fail(s, "I8: wrong reason or source, " + id.text());
        const bool involved = id == kCaller || model.announced;
        if (expected && involved && !model.told) return fail(s, "I2: never told of its end, " + id.text());
        const bool hears = model.connected || (id == kPhone && model.ring_pushes > 0);
        if (expected && hears && model.ringing) return fail(s, "I2: still rings, " + id.text());
    }
    if (v.end && (s.call.reason != v.end->reason || s.call.source != v.end->source)) return fail(s, "I8: document");
    return v.end ? check_history(s, v) : true;
}

bool Checker::check_history(State& s, const Verdict& v) {
    RecordHistory expected{Outcome::failed, Outcome::missed};
    if (v.winner) {
        const bool failed = v.end->reason == EndReason::network_unstable && !v.has_media;
        expected = failed ? RecordHistory{Outcome::failed, Outcome::failed}
                          : RecordHistory{Outcome::answered, Outcome::answered};
    } else if (v.end->reason == EndReason::busy) {
        expected = {Outcome::declined, Outcome::missed};
    } else if (v.end->reason == EndReason::decline) {
        expected = {Outcome::declined, Outcome::declined};
    } else if (v.end->reason == EndReason::cancel) {
        expected = {Outcome::cancelled, Outcome::missed};
    } else if (v.end->reason == EndReason::no_answer) {
        expected = {Outcome::missed, Outcome::missed};
    }
    const bool same = s.history->caller == expected.caller && s.history->callee == expected.callee;
    return same ? true : fail(s, "I8: wrong outcome in the history");
}

bool Checker::settles(const Node& node) {
    State s = node.state;
    // JSON costs more than everything else here: a part of the states, chosen by what they are, is enough.
    const bool is_sample = std::hash<std::string>{}(s.path) % 8 == 0;
    if (is_sample && document_from(to_line(s.call)) != s.call) {
        return fail(s, "the document is not the same after JSON");
    }
    for (int i = 0; s.call.phase != Phase::ended; ++i) {
        const auto next = next_deadline(s.call);
        if (!next || i > 4) return fail(s, "no deadline ends this call");
        s.now = std::max(s.now, *next);
        pass_time(s, Deed::to_socket_grace);
        auto decision = decide(s.call, TimePassed{}, s.now, kConfig);
        s.call = std::move(decision->document);
        if (!perform(s, decision->effects, std::nullopt)) return false;
    }
    if (next_deadline(s.call)) return fail(s, "an ended call has a deadline");
    for (Model* model : {&s.a, &s.b, &s.caller}) {
        model->connected = true;
        learn(*model);
        if (model->ringing || (model->announced && !model->learned)) return fail(s, "I2: a ghost is left");
    }
    return s.histories == 1 ? true : fail(s, "I8: the history is not written exactly once");
}

bool Checker::fail(const State& s, const std::string& what) {
    fault = what + ", after:" + s.path;
    return false;
}

}  // namespace clarion::routing::testing
