// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lab/world/phone.hpp"
#include "lab/world/world.hpp"

/// The connection and the media of a phone, as its engine commands them.
namespace clarion::lab::world {

namespace {

constexpr std::int64_t kOfferTime = 30;

}  // namespace

// ---- the connection ----

void Phone::perform(const engine::OpenSignalling&) { connection_ = world_.open_connection(index_); }

void Phone::perform(const engine::CloseSignalling&) { drop_connection(); }

void Phone::perform(const engine::OpenInvite& out) {
    to_open_ = static_cast<std::uint32_t>(std::stoul(out.cc_param.reveal()));
}

void Phone::perform(const engine::SendFrame& out) {
    if (connection_ != 0) world_.send_up(connection_, out.frame);
}

// ---- media ----

Leg* Phone::leg(std::uint8_t call) {
    const auto found = std::ranges::find(legs_, call, &Leg::call);
    return found == legs_.end() ? nullptr : &*found;
}

void Phone::prepare(std::uint8_t call, std::uint32_t revision, bool is_answer) {
    const Leg* found = leg(call);
    if (found == nullptr) return;
    world_.schedule({
        .at = world_.now() + kOfferTime,
        .kind = EventKind::media_prepared,
        .phone = index_,
        .call = call,
        .number = found->number,
        .value = revision * 2ULL + (is_answer ? 1 : 0),
    });
}

void Phone::perform(const engine::PrepareOffer& out) {
    const std::uint8_t call = call_index(out.call_id);
    if (out.revision == 0) legs_.push_back({.call = call, .number = next_leg_++, .is_caller = true});
    prepare(call, out.revision, false);
}

void Phone::perform(const engine::PrepareAnswer& out) {
    const std::uint8_t call = call_index(out.call_id);
    const auto peer = static_cast<std::uint8_t>(out.offer.reveal().back() - '0');
    if (out.revision == 0) legs_.push_back({.call = call, .number = next_leg_++, .peer = peer});
    Leg* found = leg(call);
    if (found != nullptr && out.purpose == engine::Negotiation::transfer) found->next_peer = peer;
    prepare(call, out.revision, true);
}

void Phone::perform(const engine::ApplyAnswer& out) {
    Leg* found = leg(call_index(out.call_id));
    if (found == nullptr) return;
    found->peer = static_cast<std::uint8_t>(out.sdp.reveal().back() - '0');
    world_.try_media(found->call);
}

void Phone::perform(const engine::OpenAudio& out) {
    Leg* found = leg(call_index(out.call_id));
    if (found == nullptr) return;
    found->is_open = true;
    world_.audio_opened(*this, *found);
}

void Phone::perform(const engine::CloseAudio& out) {
    if (Leg* found = leg(call_index(out.call_id))) found->is_open = false;
}

void Phone::perform(const engine::CloseMedia& out) {
    const std::uint8_t call = call_index(out.call_id);
    Leg* found = leg(call);
    if (found == nullptr) return;
    world_.leg_closed(*this, *found);
    std::erase_if(legs_, [&](const Leg& one) { return one.call == call; });
}

}  // namespace clarion::lab::world
