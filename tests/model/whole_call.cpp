// SPDX-License-Identifier: Apache-2.0
#include "tests/model/whole_call.hpp"

#include <algorithm>
#include <utility>

#include "core/protocol/reasons.hpp"

namespace clarion::model {
namespace {

using protocol::ErrorCode;

const CallId kCall = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");
const ServiceId kService = *ServiceId::parse("svc");
const UserId kAlice = *UserId::parse("alice");
const UserId kBob = *UserId::parse("bob");
const routing::Config kPolicy{.abandoned_grace = Duration{86'400'000}};

Redacted<std::string> text(std::string plain) { return Redacted<std::string>{std::move(plain)}; }

std::string words(EndReason reason, EndSource source, bool by_remote) {
    return std::string{to_string(reason)} + " by " + std::string{to_string(source)} + (by_remote ? ", remote" : "");
}

}  // namespace

WholeCall::WholeCall() {
    const auto config = [](std::string_view device, const UserId& user, protocol::Platform platform) {
        engine::Config made{.service = kService, .user = user, .device = *DeviceId::parse(device)};
        made.platform = platform;
        made.reconnect_max = Duration{kPause};          // The next attempt is made before anything else happens,
        made.handshake_timeout = Duration{86'400'000};  // and waits for the network.
        return made;
    };
    devices_[kCaller].config = config("alice-pc", kAlice, protocol::Platform::desktop);
    devices_[kCaller].config.token = text("token");
    devices_[kFirst].config = config("bob-phone", kBob, protocol::Platform::android);
    devices_[kSecond].config = config("bob-pc", kBob, protocol::Platform::desktop);
    for (Device& device : devices_) start(device);
    settle();
}

// ---- deeds ----

void WholeCall::act(const Step& step) {
    switch (step.deed) {
        case Deed::wait: pass(1'000); break;
        case Deed::wait_long: pass(12'000); break;
        case Deed::wait_longer: pass(40'000); break;
        default: deed(step, devices_[step.party]); break;
    }
    settle();
}

void WholeCall::deed(const Step& step, Device& device) {
    const Side before = look(device);
    switch (step.deed) {
        case Deed::place:
            if (step.party != kCaller) return;
            tell(device, engine::PlaceRequested{.call_id = kCall, .to_user = kBob, .to_name = text("Bob")});
            return;
        case Deed::accept:
            if (before.phase == "ringing") tell(device, engine::UserAnswered{kCall, ++device.seen_action});
            return;
        case Deed::end:
            if (!device.on_screen) return;
            device.on_screen = false;  // The system's screen does that at once.
            tell(device, engine::UserEnded{kCall, ++device.seen_action});
            return;
        case Deed::hold:
            if (before.phase == "connected") tell(device, engine::UserHeld{kCall, !before.held});
            return;
        case Deed::mute:
            if (before.phase == "connected") tell(device, engine::UserMuted{kCall, !before.muted});
            return;
        case Deed::push:
            if (!device.network || device.pushes.empty()) return;
            device.last_push = std::move(device.pushes.front());
            device.pushes.pop_front();
            deliver(device, *device.last_push);
            return;
        case Deed::push_again:
            if (device.network && device.last_push) deliver(device, *device.last_push);
            return;
        case Deed::disconnect:
            if (!std::exchange(device.network, false)) return;
            close(device);
            pass(kPause);
            return;
        case Deed::reconnect:
            device.network = true;
            open(device);
            return;
        case Deed::kill:
            close(device);
            device.engine.reset();
            device.has_answer = false;
            start(device);
            return;
        default: return;
    }
}

void WholeCall::start(Device& device) {
    if (device.journal) {
        device.engine = *engine::Engine::restore(device.config, *device.journal, now(), wall(), true);
    } else {
        device.engine.emplace(device.config, now(), 7);
    }
    drain(device);
    tell(device, engine::AppAttached{});
}

void WholeCall::deliver(Device& device, const protocol::Invite& invite) {
    tell(device, engine::PushReceived{.invite = invite, .wall_now = wall(), .must_report = false});
}

/// What is asked for without a network waits for one.
void WholeCall::open(Device& device) {
    if (!device.network || !std::exchange(device.is_opening, false)) return;
    device.connected = true;
    bus_.push_back([this, &device, life = device.life] {
        if (device.life == life) tell(device, engine::SignallingOpened{});
    });
}

/// The connection breaks; whoever sits at its ends hears of it.
void WholeCall::close(Device& device) {
    ++device.life;
    device.is_opening = false;
    if (!std::exchange(device.connected, false)) return;
    tell(device, engine::SignallingClosed{engine::SignallingFault::closed});
    if (call_) (void)decide(routing::PresenceChanged{device.config.device, false});
}

// ---- a device ----

void WholeCall::tell(Device& device, const engine::Input& input) {
    if (!device.engine) return;
    (void)device.engine->handle_input(now(), input);
    drain(device);
}

void WholeCall::drain(Device& device) {
    std::vector<engine::Output> batch;
    while (auto output = device.engine->poll_output()) batch.push_back(std::move(*output));
    for (const auto& output : batch) perform(device, output);
}

void WholeCall::perform(Device& device, const engine::Output& output) {
    const auto later = [&](auto fact) { bus_.push_back([this, &device, fact] { tell(device, fact); }); };
    if (const auto* send = std::get_if<engine::SendFrame>(&output)) {
        bus_.push_back([this, &device, life = device.life, frame = send->frame] {
            if (device.life == life) receive(device, frame);
        });
    } else if (std::holds_alternative<engine::OpenSignalling>(output)) {
        ++device.life;
        device.is_opening = true;
        open(device);
    } else if (std::holds_alternative<engine::CloseSignalling>(output)) {
        ++device.life;
        device.is_opening = false;
        if (!std::exchange(device.connected, false)) return;
        bus_.push_back([this, &device] {
            if (call_) (void)decide(routing::PresenceChanged{device.config.device, device.connected});
        });
    } else if (const auto* offer = std::get_if<engine::PrepareOffer>(&output)) {
        later(engine::OfferPrepared{offer->call_id, text("offer"), offer->revision});
    } else if (const auto* prepare = std::get_if<engine::PrepareAnswer>(&output)) {
        device.has_answer = true;
        later(engine::AnswerPrepared{prepare->call_id, text(device.config.device.text()), prepare->revision});
    } else if (std::holds_alternative<engine::CloseMedia>(output)) {
        device.has_answer = false;
    } else if (const auto* apply = std::get_if<engine::ApplyAnswer>(&output)) {
        bus_.push_back([this, sdp = apply->sdp.reveal()] { media(of(*DeviceId::parse(sdp))); });
    } else if (const auto* report = std::get_if<callui::ReportIncoming>(&output)) {
        device.on_screen = true;
        later(engine::IncomingReported{report->call_id, engine::ReportResult::shown});
    } else if (const auto* placed = std::get_if<callui::ReportOutgoing>(&output)) {
        device.on_screen = true;
        later(engine::OutgoingReported{placed->call_id, engine::ReportResult::shown});
    } else if (std::holds_alternative<callui::UpdateSystemCall>(output)) {
        device.on_screen = true;
    } else if (std::holds_alternative<callui::EndSystemCall>(output)) {
        device.on_screen = false;
    } else if (std::holds_alternative<callui::ShowMissedCall>(output)) {
        ++device.side.missed_notices;
    } else if (std::holds_alternative<callui::HideMissedCall>(output)) {
        --device.side.missed_notices;
    } else if (const auto* emit = std::get_if<callui::EmitEvent>(&output)) {
        note(device, *emit->event);
        later(engine::EventsAcknowledged{emit->event->seq});
    } else if (std::holds_alternative<callui::PersistSnapshot>(output)) {
        device.journal = device.engine->snapshot();
    }
}

void WholeCall::note(Device& device, const callui::Event& event) {
    if (event.kind == callui::EventKind::changed || event.kind == callui::EventKind::peer_ringing) return;
    std::string line{to_string(event.kind)};
    if (event.kind == callui::EventKind::ended) {
        device.end = words(event.reason, event.source, event.by_remote);
        line += ": " + std::string{to_string(event.outcome)};
    }
    device.side.events.push_back(std::move(line));
}

/// The caller has the callee's answer. Both processes must be the ones that made offer and answer.
void WholeCall::media(Device& callee) {
    if (!callee.has_answer) return;
    tell(devices_[kCaller], engine::MediaConnected{kCall});
    tell(callee, engine::MediaConnected{kCall});
}

// ---- time ----

void WholeCall::pass(std::int64_t ms) {
    const std::int64_t until = now_ + ms;
    settle();
    for (int timers = 0; !(is_restless_ = timers > 10'000); ++timers) {
        std::int64_t next = until;
        for (const Device& device : devices_) next = std::min(next, device.engine->next_deadline().at.ms);
        const auto server = call_ ? routing::next_deadline(*call_) : std::nullopt;
        if (server) next = std::min(next, server->ms - 1'700'000'000'000);
        now_ = std::max(now_, next);
        // The server's deadlines are the first: its word is on its way before a device's own timer fires.
        if (server && *server <= wall()) (void)decide(routing::TimePassed{});
        settle();
        for (Device& device : devices_) {
            if (device.engine->next_deadline().at > now()) continue;
            (void)device.engine->handle_timeout(now());
            drain(device);
            settle();
        }
        if (now_ >= until) return;
    }
}

void WholeCall::settle() {
    while (!bus_.empty()) {
        const auto next = std::move(bus_.front());
        bus_.pop_front();
        next();
    }
}

// ---- the server ----

WholeCall::Device& WholeCall::of(const DeviceId& id) {
    return *std::ranges::find(devices_, id, [](const Device& device) { return device.config.device; });
}

void WholeCall::receive(Device& device, const protocol::ClientFrame& frame) {
    if (const auto* hello = std::get_if<protocol::Hello>(&frame.message)) return greet(device, *hello);
    const auto result = request(device, frame.message);
    if (result) {
        reply(device, protocol::Ack{frame.id});
    } else {
        reply(device, protocol::Error{.id = frame.id, .code = result.error()});
    }
}

void WholeCall::greet(Device& device, const protocol::Hello& hello) {
    const bool resumed = hello.stream == 1;
    protocol::Welcome welcome{.service = kService, .user = device.config.user, .device = device.config.device};
    welcome.server_now = wall();
    welcome.stream = 1;
    welcome.resumed = resumed;
    reply(device, welcome);
    for (const auto& frame : device.sent) {
        if (!resumed || frame.seq <= hello.seen_seq) continue;
        bus_.push_back([this, &device, life = device.life, frame] {
            if (device.life == life) tell(device, engine::FrameReceived{frame, wall()});
        });
    }
    if (!call_) return;
    (void)decide(routing::PresenceChanged{device.config.device, true, hello.ticket.has_value(), !resumed});
}

std::expected<void, ErrorCode> WholeCall::request(Device& device, const protocol::ClientMessage& message) {
    const DeviceId& id = device.config.device;
    if (const auto* place = std::get_if<protocol::Place>(&message)) {
        if (call_) return decide(routing::VerifyAsked{id});
        routing::CallPlaced placed{.call_id = place->call_id, .service = kService, .from_user = kAlice};
        placed.from_device = id;
        placed.from_name = text("Alice");
        placed.to_user = place->to_user;
        placed.offer = place->offer;
        for (const std::size_t callee : {kFirst, kSecond}) {
            const auto& config = devices_[callee].config;
            placed.devices.push_back({config.device, config.platform, true, devices_[callee].connected});
        }
        auto decision = routing::place(placed, wall(), kPolicy);
        if (!decision) return std::unexpected{decision.error()};
        call_ = std::move(decision->document);
        perform(decision->effects);
        return {};
    }
    if (!call_) return std::unexpected{ErrorCode::unknown_call};
    if (const auto* answer = std::get_if<protocol::Answer>(&message)) {
        return decide(routing::AnswerReceived{id, answer->sdp});
    }
    if (const auto* decline = std::get_if<protocol::Decline>(&message)) {
        return decide(routing::DeclineReceived{id, decline->reason, decline->everywhere});
    }
    if (const auto* end = std::get_if<protocol::End>(&message)) {
        return decide(routing::EndReceived{.device = id, .reason = end->reason, .release_code = {}});
    }
    if (const auto* state = std::get_if<protocol::MyState>(&message)) {
        return decide(routing::StateReceived{id, state->state});
    }
    if (const auto* receipt = std::get_if<protocol::Receipt>(&message)) {
        if (std::ranges::find(device.receipts, receipt->step) != device.receipts.end()) return {};
        device.receipts.push_back(receipt->step);
        return decide(routing::ReceiptReceived{id, receipt->step});
    }
    if (std::holds_alternative<protocol::Verify>(message)) return decide(routing::VerifyAsked{id});
    return std::unexpected{ErrorCode::unknown_type};
}

std::expected<void, ErrorCode> WholeCall::decide(const routing::Event& event) {
    auto decision = routing::decide(*call_, event, wall(), kPolicy);
    if (!decision) return std::unexpected{decision.error()};
    call_ = std::move(decision->document);
    perform(decision->effects);
    return {};
}

void WholeCall::perform(const std::vector<routing::Effect>& effects) {
    for (const auto& effect : effects) {
        if (const auto* word = std::get_if<routing::SendToDevice>(&effect)) {
            send(of(word->device), word->message);
        } else if (const auto* push = std::get_if<routing::SendPush>(&effect)) {
            Device& device = of(push->device);
            device.pushes.push_back(invite(device, *push));
            if (push->kind == protocol::PushKind::cancel) continue;
            bus_.push_back([this, id = push->device] {
                (void)decide(routing::PushFinished{id, routing::PushOutcome::accepted});
            });
        }
    }
}

protocol::Invite WholeCall::invite(const Device& device, const routing::SendPush& push) const {
    protocol::Invite made{.kind = push.kind, .service = kService, .call_id = kCall, .to_user = kBob};
    made.device = device.config.device;
    made.from_user = kAlice;
    made.from_name = text("Alice");
    made.issued_at = wall();
    made.ring_until = call_->ring_until;
    made.accept_until = call_->accept_until;
    made.ticket = text("ticket");
    if (push.ended) {
        made.reason = push.ended->reason;
        made.source = push.ended->source;
    }
    return made;
}

void WholeCall::send(Device& device, const protocol::ServerMessage& message) {
    const protocol::ServerFrame frame{device.sent.size() + 1, message};
    device.sent.push_back(frame);
    if (!device.connected) return;
    bus_.push_back([this, &device, life = device.life, frame] {
        if (device.life == life) tell(device, engine::FrameReceived{frame, wall()});
    });
}

void WholeCall::reply(Device& device, const protocol::ServerMessage& message) {
    bus_.push_back([this, &device, life = device.life, message] {
        if (device.life == life) tell(device, engine::FrameReceived{{0, message}, wall()});
    });
}

// ---- what is seen ----

Whole WholeCall::look() const {
    Whole seen;
    if (is_restless_) {
        seen.server = "a timer that does not rest";
    } else if (call_) {
        seen.server = call_->phase == routing::Phase::ringing    ? "ringing"
                      : call_->phase == routing::Phase::answered ? "answered"
                                                                 : words(call_->reason, call_->source, false);
        for (std::size_t i = 0; i < kParties; ++i) {
            if (call_->winner == devices_[i].config.device) seen.winner = static_cast<int>(i);
        }
    }
    for (std::size_t i = 0; i < kParties; ++i) seen.sides[i] = look(devices_[i]);
    return seen;
}

Side WholeCall::look(const Device& device) const {
    Side seen = device.side;
    seen.on_screen = device.on_screen;
    seen.end = device.end;
    if (!device.end.empty()) seen.phase = "ended";
    for (const auto& view : device.engine->calls()) {
        if (view.phase == engine::Phase::ended) continue;
        const bool is_incoming = view.direction == engine::Direction::incoming;
        switch (view.state) {
            case engine::CallState::trying: seen.phase = is_incoming ? "ringing" : "placing"; break;
            case engine::CallState::wait_answer: seen.phase = "waiting"; break;
            case engine::CallState::verified: seen.phase = "ringing"; break;
            case engine::CallState::connected: seen.phase = "connected"; break;
            case engine::CallState::disconnected: break;
        }
        const bool is_accepted = is_incoming && view.intent == engine::Intent::accepted;
        if (is_accepted && seen.phase == "ringing") seen.phase = "accepted";
        if (view.progress && seen.phase == "waiting") seen.rings = static_cast<int>(view.progress->ringing);
        seen.held = view.held;
        seen.muted = view.muted;
        seen.peer_held = view.peer_state.held;
        seen.peer_muted = view.peer_state.muted;
    }
    return seen;
}

}  // namespace clarion::model
