// SPDX-License-Identifier: Apache-2.0
#include "server/app/verdict.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <ranges>

#include "core/routing/described.hpp"

namespace clarion::server {
namespace {

using routing::CallDocument;
using routing::Leg;
using routing::LegState;
using routing::Phase;
using Steps = std::span<const TraceStep>;

std::string seconds(Duration d) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(d.count()) / 1000.0);
    return text;
}

std::string name_of(const Leg& leg) {
    return leg.device.text() + " (" + std::string{clarion::to_string(leg.platform)} + ")";
}

const TraceStep* find(Steps steps, const DeviceId& device, std::string_view what) {
    const auto found =
        std::ranges::find_if(steps, [&](const TraceStep& s) { return s.device == device && s.what == what; });
    return found == steps.end() ? nullptr : &*found;
}

bool has(Steps steps, const DeviceId& device, std::string_view what) { return find(steps, device, what) != nullptr; }

const TraceStep* last_of(Steps steps, const DeviceId& device, std::string_view what) {
    const TraceStep* last = nullptr;
    for (const TraceStep& step : steps) {
        if (step.device == device && step.what == what) last = &step;
    }
    return last;
}

bool did_ring(Steps steps, const Leg& leg) {
    return has(steps, leg.device, "ringing") || has(steps, leg.device, "tapped_accept") ||
           has(steps, leg.device, "tapped_decline") || leg.state == LegState::ringing ||
           leg.state == LegState::answered || leg.state == LegState::declined;
}

/// Why the system call screen never came up, from the last rung of the ladder that was reached.
std::string why_silent(const CallDocument& call, Steps steps, const Leg& leg) {
    const DeviceId& device = leg.device;
    if (leg.state == LegState::busy) return "it is in another call";
    if (leg.state == LegState::failed && leg.own_end) {
        return "it could not take the call, " + std::string{clarion::to_string(*leg.own_end)};
    }
    if (const auto* step = find(steps, device, "invite_refused")) {
        return "it refused the invite" + (step->detail.empty() ? std::string{} : ": " + step->detail);
    }
    if (const auto* step = find(steps, device, "not_shown")) {
        return "its system refused to show the call" + (step->detail.empty() ? std::string{} : ": " + step->detail);
    }
    if (has(steps, device, "reported")) return "the call was handed to its system, which never said that it showed it";
    if (has(steps, device, "verified")) return "the app verified the call but never showed it";
    if (has(steps, device, "invite_opened")) return "the app opened the invite and then went silent";
    if (has(steps, device, "woke")) return "the push woke the app, which then went silent";
    if (const auto* step = last_of(steps, device, "push_refused")) return "push refused, " + step->detail;
    if (const auto* step = last_of(steps, device, "push_accepted")) {
        return "the push provider took the push after " + seconds(step->at - call.placed_at) +
               " but the device never confirmed it (switched off, offline, or held back by its system)";
    }
    if (has(steps, device, "push_unconfirmed")) return "the push provider never answered";
    if (has(steps, device, "push_withdrawn")) return "the call was over before its push could leave";
    if (has(steps, device, "push_sent")) return "the push was sent and no word came back";
    if (has(steps, device, "incoming_sent")) return "it was connected and got the invite, but never answered it";
    if (leg.state == LegState::unreachable) return "it was not connected and has no push endpoint";
    return "nothing was sent to it before the call was over";
}

std::string losers(const CallDocument& call) {
    if (call.winner) return "answered elsewhere";
    if (call.reason == EndReason::decline || call.reason == EndReason::busy) return "declined elsewhere";
    if (call.reason == EndReason::cancel) return "the caller cancelled";
    return std::string{clarion::to_string(call.reason)};
}

std::string about_leg(const CallDocument& call, Steps steps, const Leg& leg) {
    if (call.winner == leg.device) return {};
    if (!did_ring(steps, leg)) return name_of(leg) + " did not ring: " + why_silent(call, steps, leg) + ".";
    if (leg.own_end && call.ended_by != leg.device) {
        return name_of(leg) + " stopped by itself: " + std::string{clarion::to_string(*leg.own_end)} + ".";
    }
    if (call.ended_by == leg.device || call.phase == Phase::ringing) return {};
    return name_of(leg) + " rang and stopped: " + losers(call) + ".";
}

std::string how_it_ended(const CallDocument& call) {
    const Duration talked = call.ended_at.value_or(call.placed_at) - call.answered_at.value_or(call.placed_at);
    std::string text = " Ended after " + seconds(talked) + " by the ";
    const bool by_caller = call.ended_by == call.from_device;
    if (!call.ended_by) {
        text += call.source == EndSource::app_server ? "app server" : "server";
    } else {
        text += by_caller ? "caller" : "callee";
    }
    if (call.reason != EndReason::normal) text += ": " + std::string{clarion::to_string(call.reason)};
    text += '.';
    if (!call.connected_at) text += " Media never connected.";
    return text;
}

/// Nobody was woken on purpose.
std::string why_screened(const CallDocument& call) {
    const std::string who = call.to_user.text();
    switch (call.screening) {
        case routing::Screening::none: return {};
        case routing::Screening::do_not_disturb: return who + " does not want to be disturbed: no device was woken.";
        case routing::Screening::blocked: return who + " blocked " + call.from_user.text() + ": no device was woken.";
        case routing::Screening::crossed:
        case routing::Screening::overtaken:
            return who + " was calling " + call.from_user.text() + " at the same moment, and that call went on.";
    }
    return {};
}

std::string first_sentence(const CallDocument& call, Steps steps) {
    if (call.winner) {
        std::string text = call.to_user.text() + "'s " + call.winner->text();
        const auto leg = std::ranges::find(call.legs, *call.winner, &Leg::device);
        if (leg != call.legs.end()) text += " (" + std::string{clarion::to_string(leg->platform)} + ")";
        text += " answered after " + seconds(call.answered_at.value_or(call.placed_at) - call.placed_at) + ".";
        return call.phase == Phase::ended ? text + how_it_ended(call) : text + " The call is live.";
    }
    if (call.screening != routing::Screening::none && call.legs.empty()) return why_screened(call);
    if (call.legs.empty()) return call.to_user.text() + " has no device.";
    if (call.phase == Phase::ringing) {
        const auto ringing = std::ranges::count_if(call.legs, [&](const Leg& leg) { return did_ring(steps, leg); });
        return "Ringing on " + std::to_string(ringing) + " of " + std::to_string(call.legs.size()) + " devices.";
    }
    const std::string after = seconds(call.ended_at.value_or(call.placed_at) - call.placed_at);
    const std::string who = call.ended_by ? call.ended_by->text() : std::string{};
    switch (call.reason) {
        case EndReason::decline: return call.to_user.text() + " declined on " + who + " after " + after + ".";
        case EndReason::busy: return call.to_user.text() + " was busy (" + who + ").";
        case EndReason::cancel:
            return (call.source == EndSource::app_server ? "The app server" : "The caller") +
                   std::string{" cancelled after "} + after + ".";
        case EndReason::no_answer: return "Nobody answered within " + seconds(call.ring_until - call.placed_at) + ".";
        case EndReason::already_got_a_call:
            return call.to_user.text() + " was calling " + call.from_user.text() +
                   " at the same moment, and that call went on.";
        case EndReason::push_error: return "No device of " + call.to_user.text() + " could be woken.";
        default: return "The call failed after " + after + ": " + std::string{clarion::to_string(call.reason)} + ".";
    }
}

}  // namespace

std::string verdict(const CallDocument& call, Steps steps) {
    std::string text = first_sentence(call, steps);
    for (const Leg& leg : call.legs) {
        const std::string sentence = about_leg(call, steps, leg);
        if (!sentence.empty()) text += " " + sentence;
    }
    return text;
}

}  // namespace clarion::server
