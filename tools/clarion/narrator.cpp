// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/narrator.hpp"

#include <fmt/format.h>

#include "core/codec/json.hpp"

namespace clarion::tool {
namespace {

using callui::EventKind;

constexpr std::string_view kGreen = "32";
constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";

/// Who it is, for people: the name, and the id when it says more.
std::string person(const callui::Event& event, Letters letters) {
    const auto& name = event.name.reveal();
    const auto& handle = event.handle.reveal();
    auto text = name.empty() ? handle : name;
    if (!name.empty() && !handle.empty() && name != handle) text += fmt::format(" ({})", handle);
    // Names come from outside: no control characters reach the terminal.
    return fit_text(text, std::min<std::size_t>(text_width(text), 80), letters);
}

/// What the word of a failure means, where it does not say it itself.
std::string_view explanation(EndReason reason) {
    switch (reason) {
        case EndReason::push_error: return " (no device of that user could be reached)";
        case EndReason::unavailable_network: return " (no connection to the server)";
        case EndReason::network_unstable: return " (the way between the two devices does not hold)";
        case EndReason::service_access_token_error: return " (the access token is missing, wrong or expired)";
        case EndReason::service_http_invalid_peer_cert: return " (the server's certificate is not trusted)";
        case EndReason::service_incompatible_version: return " (this program is too old for the server)";
        case EndReason::released_call: return " (the server no longer knows the call)";
        default: return "";
    }
}

std::string ended_text(const callui::Event& event, Letters letters) {
    const auto word = to_string(event.reason);
    switch (event.outcome) {
        case Outcome::answered:
            return fmt::format("ended {} ({})", event.by_remote ? "by the other side" : "here", word);
        case Outcome::missed:
            if (event.reason == EndReason::no_answer) return "nobody answered";
            return fmt::format("missed: {} ({})", person(event, letters), word);
        case Outcome::declined:
            return fmt::format("declined {} ({})", event.by_remote ? "by the other side" : "here", word);
        case Outcome::cancelled:
            return fmt::format("cancelled {} ({})", event.by_remote ? "by the caller" : "here", word);
        case Outcome::failed: return fmt::format("failed: {}{}", word, explanation(event.reason));
    }
    return std::string{word};
}

}  // namespace

std::string duration_text(Duration duration) {
    const auto ms = duration.count();
    if (ms < 1'000) return fmt::format("{} ms", ms);
    if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1'000);
    return fmt::format("{} min {} s", ms / 60'000, ms / 1'000 % 60);
}

ExitCode exit_code_of(const callui::Event& ended) {
    const bool is_elsewhere =
        ended.reason == EndReason::multi_device_answer || ended.reason == EndReason::multi_device_decline;
    if (is_elsewhere) return ExitCode::elsewhere;
    switch (ended.outcome) {
        case Outcome::answered: return ExitCode::answered;
        case Outcome::missed: return ExitCode::missed;
        case Outcome::declined: return ExitCode::declined;
        case Outcome::cancelled: return ExitCode::cancelled;
        case Outcome::failed: return ExitCode::failed;
    }
    return ExitCode::failed;
}

void Narrator::placed(const CallId& call, Instant now) { times_.try_emplace(call, Times{.started = now}); }

std::string Narrator::paint(std::string_view code, std::string_view text) const {
    if (screen_.colours == Colours::off) return std::string{text};
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string Narrator::hint(std::string_view text) const {
    return hints_ == Hints::shown ? "   " + paint(kDim, text) : std::string{};
}

std::string Narrator::calling(std::string_view whom) const {
    if (format_ == Format::json) return {};
    return fmt::format("  calling {}{}", whom, hint("e cancel"));
}

std::string Narrator::event(const callui::Event& event, Instant now, WallTime wall_now) {
    auto& times = times_.try_emplace(event.call_id, Times{.started = now}).first->second;
    if (event.kind == EventKind::answered && !times.answered) times.answered = now;
    const bool is_first_connect = event.kind == EventKind::connected && !times.connected;
    if (is_first_connect) times.connected = now;
    auto line = format_ == Format::json ? as_json(event, times, now, wall_now) : as_text(event, times, now);
    if (event.kind == EventKind::ended) times_.erase(event.call_id);
    return line;
}

std::string Narrator::as_json(const callui::Event& event, const Times& times, Instant now, WallTime wall) const {
    codec::Writer out;
    out.begin_object().key("at").integer(wall.ms).key("event").text(to_string(event.kind));
    out.key("call_id").text(event.call_id.text());
    out.key("since_start_ms").integer((now - times.started).count());
    out.key("name").text(event.name.reveal()).key("handle").text(event.handle.reveal());
    out.key("media").text(to_string(event.media));
    if (event.kind == EventKind::connected && times.answered) {
        out.key("since_answered_ms").integer((now - *times.answered).count());
    }
    if (event.kind == EventKind::peer_ringing) out.key("devices").unsigned_integer(event.devices);
    if (event.change) {
        out.key("change").text(to_string(event.change->what));
        if (event.change->into) out.key("into").text(event.change->into->text());
    }
    if (event.kind == EventKind::ended) {
        out.key("reason").text(to_string(event.reason)).key("reason_number").integer(static_cast<int>(event.reason));
        out.key("source").text(to_string(event.source)).key("by_remote").boolean(event.by_remote);
        out.key("outcome").text(to_string(event.outcome));
        if (times.connected) out.key("talked_ms").integer((now - *times.connected).count());
    }
    out.end_object();
    return out.take();
}

std::string Narrator::as_text(const callui::Event& event, const Times& times, Instant now) const {
    const auto since = [now](Instant from) { return duration_text(now - from); };
    const bool plain = screen_.letters == Letters::ascii;
    const std::string_view dot = plain ? "*" : "●";
    switch (event.kind) {
        case EventKind::incoming:
            return fmt::format(
                "{} {} calls{}", plain ? "(!)" : "☎", paint(kBold, person(event, screen_.letters)),
                hint("a accept   d decline")
            );
        case EventKind::answered: return fmt::format("  accepted {} after it rang, connecting", since(times.started));
        case EventKind::connected: {
            const auto took = times.answered ? since(*times.answered) + " after Accept" : since(times.started);
            return fmt::format("{} connected, {}{}", paint(kGreen, dot), took, hint("e end   m mute   h hold"));
        }
        case EventKind::held: return "  on hold";
        case EventKind::unheld: return "  not on hold any more";
        case EventKind::peer_held: return "  the other side put you on hold";
        case EventKind::peer_unheld: return "  the other side is back";
        case EventKind::muted: return "  microphone off";
        case EventKind::unmuted: return "  microphone on";
        case EventKind::placed:
            return fmt::format(
                "  the server wakes the devices of {} ({})", person(event, screen_.letters), since(times.started)
            );
        case EventKind::peer_ringing:
            return fmt::format(
                "  rings on {} device{} ({})", event.devices, event.devices == 1 ? "" : "s", since(times.started)
            );
        case EventKind::ended: {
            auto line = fmt::format("  {}", ended_text(event, screen_.letters));
            if (times.connected) line += fmt::format(", talked {}", since(*times.connected));
            return line;
        }
        case EventKind::not_shown: return "  the system does not show this call";
        case EventKind::silenced: return "  rings without a sound";
        case EventKind::dtmf: return "  a key of the keypad";
        case EventKind::grouped: return "  one group with another call";
        case EventKind::ungrouped: return "  on its own again";
        case EventKind::call_back:
        case EventKind::redial: return fmt::format("  to be called: {}", person(event, screen_.letters));
        case EventKind::push_token: return "  a new push address";
        case EventKind::custom: return "  the app's own event";
        case EventKind::changed:
            if (event.change && event.change->what == callui::ChangeKind::merged && event.change->into) {
                return "  you called each other at the same moment: one call";
            }
            return "";
    }
    return {};
}

std::string Narrator::state(std::string_view what, std::string_view text, WallTime wall_now) const {
    if (format_ == Format::json) {
        codec::Writer out;
        out.begin_object().key("at").integer(wall_now.ms).key("event").text(what);
        if (!text.empty()) out.key("text").text(text);
        out.end_object();
        return out.take();
    }
    const auto shown = fit_text(text, text_width(text), screen_.letters);
    return fmt::format("  {}{}{}", what, text.empty() ? "" : ": ", shown);
}

}  // namespace clarion::tool
