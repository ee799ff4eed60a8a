// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/engine/machine.hpp"

/// One leg a call: prepared while it rings, heard only when everybody agreed and the system lends its audio.
namespace clarion::engine {

using protocol::ReceiptStep;

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{error}; }

}  // namespace

void Machine::prepare_answer(Call& call, const Redacted<std::string>& offer) {
    if (call.preparation != Preparation::none) return;
    // It rings: another device may take it. Accept will fail here (I5).
    call.preparation = config_.has_media ? Preparation::running : Preparation::failed;
    if (!config_.has_media) return;
    push(PrepareAnswer{.call_id = call.call_id, .media = call.media, .offer = offer});
    const callui::Record* record = ui_.find(call.call_id);
    call.mine.muted = record != nullptr && record->muted;
    if (call.mine.muted) push(SetMuted{call.call_id, true});
    add_waiting_candidates(call);
}

/// A callee's leg takes candidates from its offer on; a caller's from the answer on.
void Machine::add_waiting_candidates(Call& call) {
    const bool takes = call.direction == Direction::incoming ? call.preparation != Preparation::none : is_agreed(call);
    if (!takes) return;
    for (const auto& c : call.remote_candidates) push(AddCandidate{c.call_id, c.candidate, c.mid, c.line});
    call.remote_candidates.clear();
}

void Machine::close_media(Call& call) {
    if (std::exchange(call.audio_open, false)) push(CloseAudio{call.call_id});
    const bool has_leg = std::exchange(call.preparation, Preparation::none) != Preparation::none && config_.has_media;
    if (has_leg) push(CloseMedia{call.call_id});
    call.connectivity = Connectivity::none;
}

Machine::Applied Machine::apply(const OfferPrepared& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (input.revision != 0) return offer_ready(*call, input);
    if (call->direction != Direction::outgoing) return refused(InputError::wrong_state);
    if (input.sdp.reveal().empty() || input.sdp.reveal().size() > protocol::kSdpLengthMax) {
        return refused(InputError::bad_input);
    }
    if (call->preparation != Preparation::running) return {};
    call->preparation = Preparation::ready;
    if (call->taking) {
        request(protocol::Take{call->call_id, input.sdp});
    } else {
        request(protocol::Place{
            .call_id = call->call_id,
            .to_user = call->peer,
            .media = call->media,
            .from_name = call->from_name,
            .offer = input.sdp,
            .responder_preparation = call->responder_preparation,
            .start_message = call->own_message,
            .app_server_data = call->app_server_data,
            .extra = call->extra,
        });
    }
    call->app_server_data.reset();  // It is in the request.
    out_.persist();
    return {};
}

Machine::Applied Machine::apply(const AnswerPrepared& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (input.revision != 0) return answer_ready(*call, input);
    if (call->direction != Direction::incoming) return refused(InputError::wrong_state);
    if (input.sdp.reveal().empty() || input.sdp.reveal().size() > protocol::kSdpLengthMax) {
        return refused(InputError::bad_input);
    }
    if (call->preparation != Preparation::running) return {};
    call->preparation = Preparation::ready;
    call->local_sdp = input.sdp;
    maybe_answer(input.call_id);
    return {};
}

Machine::Applied Machine::apply(const CandidateFound& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    // The limits of the wire: what is beyond them could not be sent, and a journal that holds it could not be read.
    const bool fits = input.candidate.reveal().size() <= protocol::kCandidateLengthMax && input.mid.size() <= 64;
    if (!fits || input.line > 255) return refused(InputError::bad_input);
    protocol::Candidate candidate{input.call_id, input.candidate, input.mid, input.line};
    if (is_agreed(*call)) {
        request(std::move(candidate));
    } else {
        (void)call->local_candidates.try_push(std::move(candidate));  // Enough of them are enough.
    }
    return {};
}

Machine::Applied Machine::apply(const MediaConnected& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->preparation != Preparation::ready) return refused(InputError::wrong_state);
    call->connectivity = Connectivity::up;
    if (!std::exchange(call->told_media, true)) receipt(input.call_id, ReceiptStep::media_connected);
    maybe_connected(*call);
    return {};
}

Machine::Applied Machine::apply(const MediaLost& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->connectivity != Connectivity::up) return {};
    if (call->phase == Phase::connected) {
        lose_way(*call);
    } else {
        call->connectivity = Connectivity::lost;
    }
    return {};
}

Machine::Applied Machine::apply(const MediaFailed& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    switch (call->phase) {
        case Phase::announced:
            // It rings on: another device may take it. Accept will fail here (I5).
            if (call->preparation == Preparation::none) return refused(InputError::wrong_state);
            call->preparation = Preparation::failed;
            call->local_sdp = {};
            maybe_answer(input.call_id);
            return {};
        case Phase::placing:
        case Phase::waiting:
            finish_here(input.call_id, EndReason::internal_error, call->exposed ? Tell::end : Tell::nobody);
            return {};
        case Phase::answering:
        case Phase::connecting:
            finish_here(input.call_id, EndReason::unavailable_network, call->exposed ? Tell::end : Tell::nobody);
            return {};
        case Phase::connected:
            lose_way(*call);  // This way is dead; another one may not be.
            return {};
        case Phase::ended: break;
    }
    return {};
}

Machine::Applied Machine::apply(const FirstAudioHeard& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (!is_agreed(*call)) return refused(InputError::wrong_state);
    if (!std::exchange(call->told_first_audio, true)) receipt(input.call_id, ReceiptStep::first_audio);
    return {};
}

}  // namespace clarion::engine
