// SPDX-License-Identifier: Apache-2.0
#include "tests/model/reference.hpp"

#include <algorithm>
#include <utility>

namespace clarion::model {

void Reference::act(const Step& step) {
    switch (step.deed) {
        case Deed::wait: return advance(1'000);
        case Deed::wait_long: return advance(12'000);
        case Deed::wait_longer: return advance(40'000);
        default: deed(step, parties_[step.party], step.party); settle();
    }
}

void Reference::deed(const Step& step, Party& party, std::size_t i) {
    Side& side = party.side;
    switch (step.deed) {
        case Deed::place:
            if (i != kCaller || side.phase != "none") return;
            side.phase = "placing";
            side.on_screen = true;
            party.give_up = now_ + 10'000;
            party.gives_up_as = {"unavailable_network by caller", "failed"};
            return;
        case Deed::accept:
            if (side.phase != "ringing") return;
            side.phase = "accepted";
            side.events.emplace_back("answered");
            party.give_up = std::min(now_ + 10'000, accept_until_);
            party.gives_up_as = {"unavailable_network by callee", "failed"};
            return;
        case Deed::end: return end(party, i);
        case Deed::hold:
            if (side.phase != "connected") return;
            side.held = !side.held;
            side.events.emplace_back(side.held ? "held" : "unheld");
            return;
        case Deed::mute:
            if (side.phase != "connected") return;
            side.muted = !side.muted;
            side.events.emplace_back(side.muted ? "muted" : "unmuted");
            return;
        case Deed::push:
            if (!party.network || party.pushes.empty()) return;
            party.last_push = party.pushes.front();
            party.pushes.pop_front();
            return arrive(party, *party.last_push);
        case Deed::push_again:
            if (party.network && party.last_push) arrive(party, *party.last_push);
            return;
        case Deed::disconnect:
            if (!std::exchange(party.network, false)) return;
            party.offline_at = now_;
            return advance(kPause);
        case Deed::reconnect:
            party.network = true;
            party.offline_at.reset();
            return;
        case Deed::kill: return kill(party, i);
        default: return;
    }
}

/// The own word counts here at once, and at the server when it gets there.
void Reference::end(Party& party, std::size_t i) {
    Side& side = party.side;
    if (!side.on_screen) return;
    const std::string me = i == kCaller ? "caller" : "callee";
    End own{"decline by callee", "declined"};
    if (side.phase == "connected" || party.is_confirmed) {
        own = {"normal by " + me, "answered"};
    } else if (i == kCaller) {
        own = {"cancel by caller", "cancelled"};
    }
    say(party, own.words);
    over(party, own);
}

void Reference::say(Party& party, const std::string& word) const {
    party.word = word;
    party.word_until = now_ + 60'000;
}

void Reference::kill(Party& party, std::size_t i) {
    const bool is_lost = i == kCaller ? lives(party) : party.is_confirmed && lives(party);
    party.has_leg = false;
    if (!is_lost) return;
    say(party, std::string{"app_destroy by "} + (i == kCaller ? "caller" : "callee"));
    over(party, {*party.word, party.side.phase == "connected" ? "answered" : "failed"});
}

void Reference::arrive(Party& party, const Push& push) {
    if (push) {
        if (lives(party)) over(party, *push);
        if (party.asks_until || party.is_guess) learn(party, *push);
        return;
    }
    if (party.side.phase != "none" || party.asks_until || party.is_known) return;
    if (now_ >= ring_until_) {
        party.asks_until = now_ + 8'000;
        return;
    }
    party.side.phase = "ringing";
    party.side.on_screen = true;
    party.side.events.emplace_back("incoming");
    ++ringing_;
    party.give_up = ring_until_;
    party.gives_up_as = {"no_answer by caller, remote", "missed"};
}

// ---- time ----

void Reference::advance(std::int64_t ms) {
    settle();
    const std::int64_t until = now_ + ms;
    while (now_ < until) {
        now_ += kPause;  // Everything happens on this grid.
        meet_deadlines();
        settle();
    }
}

void Reference::meet_deadlines() {
    if (rings() && now_ >= accept_until_) finish("no_answer by caller", -1);
    for (const std::size_t i : {std::size_t{kCaller}, static_cast<std::size_t>(std::max(winner_, 0))}) {
        const auto since = parties_[i].offline_at;
        if (truth_ == "answered" && !has_media_ && since && now_ >= std::max(*since, answered_at_) + 30'000) {
            finish("network_unstable by cloud_server", -1);
        }
    }
    settle();
    for (Party& party : parties_) {
        if (!lives(party) || !party.give_up || now_ < *party.give_up) continue;
        if (party.is_confirmed) say(party, party.gives_up_as.words);  // The peer must know.
        const bool rang_out = &party != &parties_[kCaller] && party.side.phase == "ringing";
        if (rang_out) guess(party, std::max(now_, accept_until_));
        over(party, party.gives_up_as);
    }
    for (Party& party : parties_) {
        if (!party.asks_until || now_ < *party.asks_until) continue;
        party.asks_until.reset();
        if (party.side.phase != "none") continue;
        guess(party, now_);
        over(party, {"no_answer by caller, remote", "missed"});
    }
}

/// Missed, says its own clock; it goes on asking.
void Reference::guess(Party& callee, std::int64_t from) {
    callee.is_guess = true;
    callee.asks_until = from + 20'000;
}

// ---- what reaches whom ----

void Reference::settle() {
    bool changed = true;
    while (changed) {
        changed = false;
        if (winner_ > 0) {
            Party& callee = parties_[static_cast<std::size_t>(winner_)];
            changed |= settle_talk(callee, parties_[kCaller]);
            changed |= settle_talk(parties_[kCaller], callee);
        }
        for (std::size_t i = 0; i < kParties; ++i) {
            if (parties_[i].network) changed |= deliver_word(parties_[i], i);
        }
        changed |= settle_caller(parties_[kCaller]);
        for (const std::size_t i : {kFirst, kSecond}) {
            changed |= settle_callee(parties_[i], i);
            changed |= settle_asker(parties_[i], i);
        }
    }
}

/// A side says how it stands whenever the server does not know it yet; the other one hears all of it in order.
bool Reference::settle_talk(Party& from, Party& to) {
    bool changed = false;
    const Stand stand{from.side.held, from.side.muted};
    if (from.network && from.side.phase == "connected" && from.told != stand) {
        from.told = stand;
        to.unheard.push_back(stand);
        changed = true;
    }
    while (to.network && to.side.phase == "connected" && !to.unheard.empty()) {
        const Stand heard = to.unheard.front();
        to.unheard.pop_front();
        if (to.side.peer_held != heard.held) to.side.events.emplace_back(heard.held ? "peer_held" : "peer_unheld");
        to.side.peer_held = heard.held;
        to.side.peer_muted = heard.muted;
        changed = true;
    }
    return changed;
}

bool Reference::deliver_word(Party& party, std::size_t i) {
    if (!party.word || now_ > party.word_until) return false;
    const std::string word = *std::exchange(party.word, std::nullopt);
    const bool is_party = i == kCaller || winner_ < 0 || winner_ == static_cast<int>(i);
    if (truth_ == "ringing" || (truth_ == "answered" && is_party)) {
        // Of a call in which they talked, a decline or a cancel is a hang-up.
        const bool is_hang_up = word.starts_with("decline") || word.starts_with("cancel");
        const bool is_late = truth_ == "answered" && has_media_ && is_hang_up;
        finish(is_late ? "normal" + word.substr(word.find(" by")) : word, static_cast<int>(i));
    }
    return true;
}

bool Reference::settle_caller(Party& caller) {
    Side& side = caller.side;
    if (!caller.network || !lives(caller)) return false;
    if (truth_ == "none") {
        truth_ = "ringing";
        ring_until_ = now_ + 60'000;
        accept_until_ = now_ + 65'000;
        for (const std::size_t i : {kFirst, kSecond}) parties_[i].pushes.emplace_back();
    }
    if (side.phase == "placing") {
        side.phase = "waiting";
        side.events.emplace_back("placed");
        caller.give_up = ring_until_ + 20'000;
        caller.gives_up_as = {"no_answer by caller", "missed"};
        return true;
    }
    if (truth_ == "ended") {
        over(caller, end_for(kCaller));
        return true;
    }
    if (rings()) side.rings = ringing_;
    Party& callee = parties_[static_cast<std::size_t>(std::max(winner_, 0))];
    if (truth_ != "answered" || side.phase != "waiting") return false;
    side.rings = 0;
    if (!callee.has_leg || !lives(callee)) {
        if (std::exchange(caller.is_confirmed, true)) return false;
        caller.give_up = now_ + 15'000;
        caller.gives_up_as = {"unavailable_network by caller", "failed"};
        return true;
    }
    caller.is_confirmed = true;
    for (Party* one : {&caller, &callee}) {
        one->side.phase = "connected";
        one->side.events.emplace_back("connected");
        one->give_up.reset();
    }
    has_media_ = true;
    return true;
}

bool Reference::settle_callee(Party& callee, std::size_t i) {
    if (!callee.network || !lives(callee)) return false;
    const bool is_mine = winner_ == static_cast<int>(i);
    if (truth_ == "ended" || (winner_ >= 0 && !is_mine)) {
        over(callee, end_for(i));
        return true;
    }
    if (callee.side.phase != "accepted" || callee.is_confirmed) return false;
    truth_ = "answered";
    answered_at_ = now_;
    winner_ = static_cast<int>(i);
    if (i != kFirst) push_end();
    callee.has_leg = true;
    callee.is_confirmed = true;
    callee.give_up = now_ + 15'000;
    callee.gives_up_as = {"unavailable_network by callee", "failed"};
    return true;
}

bool Reference::settle_asker(Party& callee, std::size_t i) {
    const bool is_over = truth_ == "ended" || (winner_ >= 0 && winner_ != static_cast<int>(i));
    if (!callee.network || !callee.asks_until || !is_over) return false;
    learn(callee, end_for(i));
    return true;
}

/// Whoever hears that another device took the call missed nothing.
void Reference::learn(Party& callee, const End& end) {
    const bool is_missed = end.outcome != "answered" && end.outcome != "declined";
    if (callee.is_guess && !is_missed) --callee.side.missed_notices;
    if (callee.side.phase == "none") {
        callee.is_known = true;
        if (is_missed) over(callee, {"no_answer by caller, remote", "missed"});
    }
    callee.is_guess = false;
    callee.asks_until.reset();
}

void Reference::finish(const std::string& reason, int by) {
    truth_ = "ended";
    ended_ = reason;
    ended_by_ = by;
    if (winner_ < 0 && by != static_cast<int>(kFirst)) push_end();
}

/// To the phone, when its connection does not tell it.
void Reference::push_end() {
    Party& phone = parties_[kFirst];
    if (!phone.network || !lives(phone)) phone.pushes.emplace_back(end_for(kFirst));
}

/// The truth, as this device is told it.
Reference::End Reference::end_for(std::size_t i) const {
    const bool is_callee = i != kCaller;
    if (is_callee && winner_ >= 0 && winner_ != static_cast<int>(i)) {
        return {"multi_device_answer by callee, remote", "answered"};
    }
    if (is_callee && winner_ < 0 && ended_by_ > 0 && ended_by_ != static_cast<int>(i)) {
        return {"multi_device_decline by callee, remote", "declined"};
    }
    std::string outcome = "missed";
    if (parties_[i].side.phase == "connected") {
        outcome = "answered";
    } else if (winner_ >= 0 && is_callee && ended_.starts_with("cancel")) {
        outcome = "missed";  // They never talked: it crossed the answer.
    } else if (winner_ >= 0) {
        outcome = ended_.starts_with("normal") ? "answered" : "failed";
    } else if (!is_callee) {
        outcome = ended_.starts_with("decline") ? "declined" : ended_.starts_with("no_answer") ? "missed" : "failed";
    }
    return {ended_ + ", remote", outcome};
}

void Reference::over(Party& party, const End& end) {
    Side& side = party.side;
    side.phase = "ended";
    side.end = end.words;
    side.rings = 0;
    side.on_screen = side.held = side.muted = side.peer_held = side.peer_muted = false;
    side.events.push_back("ended: " + end.outcome);
    if (end.outcome == "missed" && &party != &parties_[kCaller]) ++side.missed_notices;
    party.give_up.reset();
}

Whole Reference::look() const {
    Whole seen{.server = truth_ == "ended" ? ended_ : truth_, .winner = winner_, .sides = {}};
    for (std::size_t i = 0; i < kParties; ++i) seen.sides[i] = parties_[i].side;
    return seen;
}

}  // namespace clarion::model
