// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// Calls that begin on this device: placed, taken over from another device of the user, and placed at the same moment
/// as the other side placed one (glare).
namespace clarion::engine {

namespace {

bool fits(const std::optional<Redacted<std::string>>& text, std::size_t most) {
    return !text || text->reveal().size() <= most;
}

InputError error_of(StartFail fail) {
    switch (fail) {
        case StartFail::already_exist: return InputError::duplicate_call;
        case StartFail::not_initialized:
        case StartFail::kit_internal_initialization_error:
        case StartFail::kit_cannot_create_new_session:
        case StartFail::kit_no_permission_record_audio: return InputError::wrong_state;
        case StartFail::kit_invalid_state_to_make_call: return InputError::too_many_calls;
        default: return InputError::bad_input;
    }
}

}  // namespace

StartFail start_fail_from_number(std::int64_t number) {
    for (const auto& entry : EnumText<StartFail>::values) {
        if (static_cast<std::int64_t>(entry.value) == number) return entry.value;
    }
    return StartFail::unknown;
}

StartFail Machine::start_fail(const PlaceRequested& request) const {
    if (request.call_id.uuid.is_nil()) return StartFail::invalid_param;
    if (request.to_user.empty()) return StartFail::kit_peer_user_id_blank;
    if (request.to_user == config_.user) return StartFail::id_conflict;
    const bool names_fit = request.to_name.reveal().size() <= protocol::kNameLengthMax &&
                           fits(request.from_name, protocol::kNameLengthMax);
    if (!names_fit) return StartFail::invalid_param;
    const bool texts_fit =
        fits(request.start_message, protocol::kStartMessageLengthMax) && fits(request.extra, protocol::kExtraLengthMax);
    if (!texts_fit) return StartFail::kit_call_init_data_invalid_size;
    if (!fits(request.app_server_data, protocol::kAppServerDataLengthMax)) return StartFail::too_long_app_server_data;
    const auto known = std::ranges::find(state_.calls, request.call_id, &Call::call_id);
    if (known != state_.calls.end()) {
        const bool same = known->direction == Direction::outgoing && known->peer == request.to_user;
        return same ? StartFail::none : StartFail::already_exist;
    }
    const auto over = std::ranges::find(state_.tombstones, request.call_id, &Tombstone::call_id);
    if (over != state_.tombstones.end() && over->until > state_.now) return StartFail::already_exist;
    if (!token() || state_.signed_out) return StartFail::not_initialized;
    if (!config_.has_media) return StartFail::kit_internal_initialization_error;
    if (state_.cellular) return StartFail::kit_cannot_create_new_session;
    if (!state_.microphone && !request.allow_without_microphone) return StartFail::kit_no_permission_record_audio;
    if (!has_room()) return StartFail::kit_invalid_state_to_make_call;
    return StartFail::none;
}

Machine::Applied Machine::apply(const PlaceRequested& input) {
    if (const StartFail fail = start_fail(input); fail != StartFail::none) return std::unexpected{error_of(fail)};
    if (find(input.call_id) != nullptr) return {};
    (void)make_room();

    const Redacted<std::string> handle{input.to_user.text()};
    const Redacted<std::string> name = input.to_name.reveal().empty() ? handle : input.to_name;
    auto shown = tell_ui(callui::OutgoingStarted{
        .call_id = input.call_id,
        .name = name,
        .handle = handle,
        .media = input.media,
        .extra = input.extra.value_or(Redacted<std::string>{}),
    });
    if (!shown) return shown;
    state_.link.token_refused = false;  // The person is there: try it anew.
    state_.calls.push_back(Call{
        .call_id = input.call_id,
        .direction = Direction::outgoing,
        .media = input.media,
        .peer = input.to_user,
        .name = name,
        .from_name = input.from_name,
        .phase = Phase::placing,
        .preparation = Preparation::running,
        .own_message = input.start_message,
        .app_server_data = input.app_server_data,
        .extra = input.extra,
        .responder_preparation = input.responder_preparation,
        .video_paused = input.video_paused,
        .without_microphone = input.allow_without_microphone,
        .is_odd = true,
    });
    push(PrepareOffer{.call_id = input.call_id, .media = input.media});
    arm(state_.calls.back(), TimerId::place, config_.place_timeout);
    bring_to_front(input.call_id);
    hurry_link();
    out_.persist();
    return {};
}

// ---- a call that another device of this user has ----

Machine::Applied Machine::apply(const CallsRequested&) {
    if (!token() || state_.signed_out) return std::unexpected{InputError::wrong_state};
    const bool is_asked = std::ranges::any_of(state_.requests, [](const Request& r) {
        return holds<protocol::ListCalls>(r.frame.message);
    });
    if (is_asked) return {};
    request(protocol::ListCalls{});
    state_.link.token_refused = false;
    hurry_link();
    return {};
}

void Machine::on(const protocol::LiveCalls& event) {
    state_.elsewhere = event.calls;
    if (state_.elsewhere.size() > protocol::kLiveCallsMax) state_.elsewhere.resize(protocol::kLiveCallsMax);
    emit({.kind = NoticeKind::live_calls, .calls = state_.elsewhere});
}

Machine::Applied Machine::apply(const TakeRequested& input) {
    if (const Call* known = find(input.call_id); known != nullptr && known->phase != Phase::ended) {
        if (known->taking) return {};
        return std::unexpected{InputError::duplicate_call};
    }
    const auto found = std::ranges::find(state_.elsewhere, input.call_id, &protocol::LiveCall::call_id);
    if (found == state_.elsewhere.end() || found->device == config_.device) {
        return std::unexpected{InputError::unknown_call};
    }
    const bool may = token() && !state_.signed_out && !state_.cellular && config_.has_media;
    if (!may) return std::unexpected{InputError::wrong_state};
    if (!state_.microphone && !input.allow_without_microphone) return std::unexpected{InputError::wrong_state};
    if (find(input.call_id) != nullptr) forget(input.call_id);
    if (!make_room()) return std::unexpected{InputError::too_many_calls};
    const protocol::LiveCall live = *found;
    const Redacted<std::string> handle{live.peer.text()};
    const Redacted<std::string> name = live.peer_name.reveal().empty() ? handle : live.peer_name;
    auto shown =
        tell_ui(callui::OutgoingStarted{.call_id = live.call_id, .name = name, .handle = handle, .media = live.media});
    if (!shown) return shown;
    // It was over here, for example because it was answered elsewhere; now it begins anew.
    std::erase_if(state_.tombstones, [&](const Tombstone& t) { return t.call_id == live.call_id; });
    state_.calls.push_back(Call{
        .call_id = live.call_id,
        .direction = Direction::outgoing,
        .media = live.media,
        .peer = live.peer,
        .name = name,
        .phase = Phase::placing,
        .preparation = Preparation::running,
        .without_microphone = input.allow_without_microphone,
        .taking = true,
    });
    push(PrepareOffer{.call_id = live.call_id, .media = live.media, .purpose = Negotiation::transfer});
    arm(state_.calls.back(), TimerId::place, config_.place_timeout);
    bring_to_front(live.call_id);
    hurry_link();
    out_.persist();
    return {};
}

void Machine::on(const protocol::Taken& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || !call->taking) return;
    // It is here, and the server answers who asks again: what the peer said meanwhile may have died with it.
    if (call->phase != Phase::placing) return hear_peer_state(*call, event.peer_state);
    if (event.revision > kRevisionMax) return;
    call->is_odd = event.revision % 2 == 1;
    call->revision = event.revision;
    std::erase_if(state_.elsewhere, [&](const protocol::LiveCall& live) { return live.call_id == event.call_id; });
    push(ApplyAnswer{.call_id = event.call_id, .sdp = event.sdp});
    agree(*call);
    call->told = {};  // The peer was told that a device came, and nothing of it.
    hear_peer_state(*call, event.peer_state);
    if (event.media == call->media) return;
    // It became a video call, or none any more, between the list and the take. What was offered here holds.
    event.media == Media::audio ? set_media(*call, event.media, true)
                                : start_change(*call, Negotiation::media, call->media);
}

// ---- glare ----

/// Both called each other at the same moment. The peer's call stays, and it is as if the user had accepted it: nothing
/// rings, and nothing was missed.
void Machine::on(const protocol::Merged& event) {
    const Call* mine = find_live(event.call_id);
    if (mine == nullptr || mine->direction != Direction::outgoing) return;
    const Redacted<std::string> name = event.peer_name.reveal().empty() ? mine->name : event.peer_name;
    const UserId peer = event.peer.empty() ? mine->peer : event.peer;
    const Media media = mine->media;
    const bool paused = mine->video_paused || media == Media::audio;  // Nobody asked for their camera.
    const auto message = mine->own_message;
    callui::CallEnded gone{.call_id = event.call_id, .reason = EndReason::already_got_a_call};
    gone.source = EndSource::cloud_server;
    gone.by_remote = true;
    gone.outcome = Outcome::cancelled;
    if (find_live(event.into) == nullptr && (find_tombstone(event.into) != nullptr || !has_room())) {
        return finish(event.call_id, gone, Tell::nobody);
    }
    const auto accept = [&](Call& into) {
        into.own_message = message;
        into.video_paused = paused;
    };
    if (Call* busy = find_live(event.into); busy != nullptr && busy->declined) forget(event.into);
    if (Call* rings = find_live(event.into); rings != nullptr) {
        accept(*rings);
        tell_app(event.call_id, {.what = callui::ChangeKind::merged, .into = event.into});
        finish(event.call_id, gone, Tell::nobody);
        tell_app(event.into, callui::ChangeKind::merged);
        (void)apply(UserAnswered{event.into});
        return;
    }
    tell_app(event.call_id, {.what = callui::ChangeKind::merged, .into = event.into});
    finish(event.call_id, gone, Tell::nobody);
    (void)make_room();
    const Redacted<std::string> handle{peer.text()};
    // As a call of their own on the screen: it goes on as it began, dialling.
    const auto shown =
        tell_ui(callui::OutgoingStarted{.call_id = event.into, .name = name, .handle = handle, .media = media});
    if (!shown) return;
    state_.calls.push_back(Call{.call_id = event.into, .media = media, .peer = peer, .name = name});
    Call& into = state_.calls.back();
    into.intent = Intent::accepted;
    accept(into);
    tell_app(event.into, callui::ChangeKind::merged);
    wait_for_answer(into);
    bring_to_front(event.into);
    ask_truth(into);
    out_.persist();
}

}  // namespace clarion::engine
