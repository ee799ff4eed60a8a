// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// A change of a live call's media: video on and off, a new way (ICE restart), another device of the peer. One at a
/// time; revisions count up, the caller's odd and the callee's even, and when both offer at once the caller's counts.
namespace clarion::engine {

using callui::ChangeKind;

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{error}; }

bool is_offer(Step step) { return step == Step::offering || step == Step::offered; }

bool fits(const Redacted<std::string>& sdp) {
    return !sdp.reveal().empty() && sdp.reveal().size() <= protocol::kSdpLengthMax;
}

}  // namespace

void Machine::start_change(Call& call, Negotiation purpose, Media media) {
    std::uint32_t revision = std::max(call.revision, call.peer_revision) + 1;
    if ((revision % 2 == 1) != call.is_odd) ++revision;
    call.revision = revision;
    call.change = {
        .step = Step::offering,
        .revision = revision,
        .purpose = purpose,
        .media = media,
        .until = state_.now + config_.negotiate_timeout,
    };
    push(PrepareOffer{call.call_id, media, revision, purpose});
}

Machine::Applied Machine::offer_ready(Call& call, const OfferPrepared& input) {
    if (!fits(input.sdp)) return refused(InputError::bad_input);
    if (call.change.step != Step::offering || call.change.revision != input.revision) return {};
    call.change.step = Step::offered;
    // Somebody may have to be asked for video first.
    const bool adds_video = call.change.media == Media::video && call.media == Media::audio;
    const Duration consent = adds_video ? config_.consent_time : Duration{0};
    call.change.until = state_.now + consent + config_.negotiate_timeout;
    request(protocol::MediaOffer{call.call_id, input.revision, call.change.purpose, call.change.media, input.sdp});
    return {};
}

void Machine::on(const protocol::MediaOffer& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || !is_agreed(*call) || !fits(event.sdp)) return;
    if (event.revision == 0 || event.revision > kRevisionMax) return;
    const bool is_transfer = event.purpose == Negotiation::transfer;
    const bool is_news = event.revision > call->peer_revision;
    if (!is_news && !(is_transfer && event.revision != call->peer_revision)) return;
    if (is_offer(call->change.step) && !gives_way(*call, event)) return;
    call->peer_revision = event.revision;
    call->change = {
        .step = Step::asking,
        .revision = event.revision,
        .purpose = event.purpose,
        .media = event.media,
        .sdp = event.sdp,
        .until = state_.now + config_.consent_time,
    };
    if (is_transfer) {
        // Another device, with a state and a count of its own.
        call->peer_data_number = 0;
        tell_app(event.call_id, {.what = ChangeKind::peer_moved, .by_peer = true});
        hear_peer_state(
            *call,
            {.video = call->peer_state.video == protocol::Video::off ? protocol::Video::off : protocol::Video::on}
        );
        repeat_state(*call);
    }
    const bool adds_video = event.media == Media::video && call->media == Media::audio;
    if (!adds_video) return answer_change(*call);
    if (call->mine.held || config_.on_video == OnVideo::refuse) return refuse_change(*call);
    if (config_.on_video == OnVideo::ask) {
        tell_app(event.call_id, {.what = ChangeKind::video_asked, .by_peer = true});
        return;
    }
    call->video_paused = config_.on_video == OnVideo::pause;
    answer_change(*call);
}

/// Both offered at once. True: the peer's offer goes on, ours is dropped.
bool Machine::gives_way(Call& call, const protocol::MediaOffer& event) {
    if (call.is_odd && event.purpose != Negotiation::transfer) return false;
    const Renegotiation ours = call.change;
    drop_change(call);
    if (ours.purpose == Negotiation::media) tell_app(call.call_id, ChangeKind::video_refused);
    return true;
}

void Machine::answer_change(Call& call) {
    call.change.step = Step::answering;
    call.change.until = state_.now + config_.negotiate_timeout;
    push(PrepareAnswer{
        .call_id = call.call_id,
        .media = call.change.media,
        .offer = std::exchange(call.change.sdp, {}),
        .revision = call.change.revision,
        .purpose = call.change.purpose,
    });
}

Machine::Applied Machine::answer_ready(Call& call, const AnswerPrepared& input) {
    if (!fits(input.sdp)) return refused(InputError::bad_input);
    if (call.change.step != Step::answering || call.change.revision != input.revision) return {};
    const Renegotiation change = std::exchange(call.change, {});
    request(protocol::MediaAnswer{
        .call_id = call.call_id, .revision = change.revision, .media = change.media, .sdp = input.sdp
    });
    set_media(call, change.media, true);
    return {};
}

/// Everything stays as it was.
void Machine::refuse_change(Call& call) {
    const Renegotiation change = std::exchange(call.change, {});
    request(protocol::MediaAnswer{
        .call_id = call.call_id, .revision = change.revision, .accepted = false, .media = call.media
    });
}

void Machine::on(const protocol::MediaAnswer& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr) return;
    if (call->change.step != Step::offered || call->change.revision != event.revision) return late_answer(*call, event);
    if (!event.accepted || !fits(event.sdp)) {
        const auto purpose = call->change.purpose;
        drop_change(*call);
        if (purpose == Negotiation::media)
            tell_app(event.call_id, {.what = ChangeKind::video_refused, .by_peer = true});
        return;
    }
    const Renegotiation change = std::exchange(call->change, {});
    push(ApplyAnswer{event.call_id, event.sdp, event.revision});
    set_media(*call, change.media, false);
}

/// The peer agreed to what was given up here, and one side's camera is on alone. Without video is what neither side has
/// to be asked for.
void Machine::late_answer(Call& call, const protocol::MediaAnswer& event) {
    const bool is_last = event.revision == call.revision && call.revision > call.peer_revision;
    const bool may = call.phase == Phase::connected && call.change.step == Step::none;
    if (is_last && may && event.accepted && event.media != call.media)
        start_change(call, Negotiation::media, Media::audio);
}

/// Forgets our own offer, in the media and on its way to the server.
void Machine::drop_change(Call& call) {
    const Renegotiation change = std::exchange(call.change, {});
    std::erase_if(state_.requests, [&](const Request& request) {
        const auto* offer = std::get_if<protocol::MediaOffer>(&request.frame.message);
        return offer != nullptr && offer->call_id == call.call_id && offer->revision == change.revision;
    });
    push(DropOffer{call.call_id, change.revision});
}

void Machine::change_timeout(Call& call) {
    const Renegotiation change = call.change;
    if (!is_offer(change.step)) return refuse_change(call);
    drop_change(call);
    if (change.purpose == Negotiation::media) tell_app(call.call_id, ChangeKind::video_refused);
}

Machine::Applied Machine::apply(const NegotiationFailed& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->change.step == Step::none || call->change.revision != input.revision) return {};
    change_timeout(*call);
    return {};
}

/// Both sides agreed on it.
void Machine::set_media(Call& call, Media media, bool by_peer) {
    if (std::exchange(call.media, media) == media) return;
    (void)tell_ui(callui::CallUpdated{.call_id = call.call_id, .name = call.name, .media = media});
    const bool on = media == Media::video;
    auto& mine = call.mine;
    mine.pause_reason = protocol::PauseReason::unknown;
    mine.video = protocol::Video::off;
    if (on) {
        const bool paused = call.video_paused || mine.held;
        mine.video = paused ? protocol::Video::paused : protocol::Video::on;
        // The end of a hold resumes only what the hold paused.
        const auto own = by_peer ? protocol::PauseReason::enable_video_response : protocol::PauseReason::user;
        if (paused) mine.pause_reason = call.video_paused ? own : protocol::PauseReason::hold;
    } else {
        call.peer_state.video = protocol::Video::off;
    }
    push(SetVideo{call.call_id, mine.video});
    const auto what = on ? ChangeKind::video_enabled : ChangeKind::video_disabled;
    tell_app(call.call_id, {.what = what, .by_peer = by_peer});
}

// ---- the app ----

Machine::Applied Machine::apply(const VideoRequested& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    const Media media = input.on ? Media::video : Media::audio;
    const bool is_under_way = call->change.step != Step::none && call->change.media != call->media;
    const bool is_asked = is_offer(call->change.step) && call->change.media == media;
    if (is_asked || (call->media == media && !is_under_way)) return {};
    const bool may = call->phase == Phase::connected && !call->mine.held && call->change.step == Step::none;
    if (!may) return refused(InputError::wrong_state);
    // Whatever the peer says, and however long it takes: the user wants to be seen no more.
    if (!input.on)
        (void)apply(VideoPaused{.call_id = input.call_id, .on = true, .reason = protocol::PauseReason::user});
    call->video_paused = input.paused;
    start_change(*call, Negotiation::media, media);
    return {};
}

Machine::Applied Machine::apply(const VideoAnswered& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->change.step != Step::asking) return refused(InputError::wrong_state);
    call->video_paused = input.paused;
    if (input.accepted && !call->mine.held) {
        answer_change(*call);
    } else {
        refuse_change(*call);
    }
    return {};
}

}  // namespace clarion::engine
