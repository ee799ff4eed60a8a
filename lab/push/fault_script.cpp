// SPDX-License-Identifier: Apache-2.0
#include "lab/push/fault_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace clarion::lab {
namespace {

using Kind = PushFault::Kind;
using Deed = ScriptLine::Deed;
using Door = ScriptLine::Door;

constexpr auto kDoors = std::to_array<std::pair<std::string_view, Door>>({
    {"apns", Door::apns},
    {"fcm", Door::fcm},
    {"oauth", Door::oauth},
    {"web", Door::web_push},
    {"up", Door::unified_push},
});

constexpr std::string_view kPage =
    "<html><title>Error (Server Error)!!1</title><p>Please try again in 30 seconds.</html>";

struct Word {
    enum class Argument : std::uint8_t { none, number, status, text };

    std::string_view name;
    Deed deed;
    Kind kind;
    Argument argument;
};

constexpr auto kWords = std::to_array<Word>({
    {"throttle", Deed::fault, Kind::throttle, Word::Argument::number},
    {"status", Deed::fault, Kind::answer, Word::Argument::status},
    {"slow", Deed::fault, Kind::accept, Word::Argument::number},
    {"silence", Deed::fault, Kind::silence, Word::Argument::none},
    {"refuse", Deed::fault, Kind::refuse_stream, Word::Argument::none},
    {"reset", Deed::fault, Kind::reset_stream, Word::Argument::none},
    {"cancel", Deed::fault, Kind::cancel_stream, Word::Argument::none},
    {"goaway", Deed::fault, Kind::go_away, Word::Argument::text},
    {"last-words", Deed::fault, Kind::last_words, Word::Argument::text},
    {"retire", Deed::fault, Kind::retire, Word::Argument::text},
    {"streams", Deed::fault, Kind::limit_streams, Word::Argument::number},
    {"starve", Deed::fault, Kind::starve, Word::Argument::number},
    {"page", Deed::fault, Kind::answer, Word::Argument::status},
    {"damage", Deed::fault, Kind::damage, Word::Argument::none},
    {"late", Deed::fault, Kind::deliver_late, Word::Argument::number},
    {"drop", Deed::fault, Kind::drop_connection, Word::Argument::none},
    {"abort", Deed::fault, Kind::abort_connection, Word::Argument::none},
    {"deaf", Deed::fault, Kind::deafen, Word::Argument::none},
    {"dead", Deed::fault, Kind::unregister, Word::Argument::none},
    {"skew", Deed::skew, Kind::accept, Word::Argument::number},
    {"away", Deed::away, Kind::accept, Word::Argument::none},
    {"back", Deed::back, Kind::accept, Word::Argument::none},
    {"gone", Deed::gone, Kind::accept, Word::Argument::none},
    {"doze", Deed::doze, Kind::accept, Word::Argument::none},
    {"wake", Deed::wake, Kind::accept, Word::Argument::none},
});

std::string_view next_word(std::string_view& rest) {
    constexpr std::string_view kBlank = " \t\r";
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlank), rest.size()));
    const auto word = rest.substr(0, rest.find_first_of(kBlank));
    rest.remove_prefix(word.size());
    return word;
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < -1'000'000'000 || value > 1'000'000'000) return std::nullopt;
    return value;
}

std::string known_words() {
    std::string all;
    for (const Word& word : kWords) all += (all.empty() ? "" : ", ") + std::string{word.name};
    return all;
}

void set_number(ScriptLine& line, std::int64_t value) {
    line.skew = Duration{value * 1000};
    switch (line.fault.kind) {
        case Kind::throttle: line.fault.retry_after = std::to_string(value); break;
        case Kind::limit_streams:
            line.fault.streams = static_cast<std::uint32_t>(std::max<std::int64_t>(value, 0));
            break;
        case Kind::starve:
        case Kind::deliver_late: line.fault.lasts = Duration{value}; break;
        default: line.fault.delay = Duration{value}; break;
    }
}

/// "retry-after 7", "for 500" or nothing. An error text, or nothing.
std::optional<std::string> read_option(std::string_view option, std::string_view& rest, PushFault& fault) {
    if (option.empty()) return std::nullopt;
    if (option == "retry-after") {
        fault.retry_after = next_word(rest);
        return std::nullopt;
    }
    const auto lasts = option == "for" ? number(next_word(rest)) : std::nullopt;
    if (!lasts) return "'" + std::string{option} + "' is too much here";
    fault.lasts = Duration{*lasts};
    return std::nullopt;
}

/// Reads what follows WHAT. An error text, or nothing.
std::optional<std::string> read_argument(const Word& word, std::string_view rest, ScriptLine& line) {
    if (word.argument == Word::Argument::text) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        line.fault.reason = rest;
        return std::nullopt;
    }
    if (word.argument == Word::Argument::number || word.argument == Word::Argument::status) {
        const auto text = next_word(rest);
        const auto value = text.empty() && word.kind == Kind::throttle ? std::optional<std::int64_t>{} : number(text);
        if (!value && !(text.empty() && word.kind == Kind::throttle)) {
            return "'" + std::string{word.name} + "' needs a number, not '" + std::string{text} + "'";
        }
        if (word.argument == Word::Argument::status) {
            if (*value < 200 || *value > 599) return "a status is 200 to 599";
            line.fault.status = static_cast<unsigned>(*value);
            line.fault.reason = next_word(rest);
            if (word.name == "page") line.fault.body = kPage;
        } else if (value) {
            set_number(line, *value);
        }
        if (auto error = read_option(next_word(rest), rest, line.fault)) return error;
    }
    if (const auto more = next_word(rest); !more.empty()) return "'" + std::string{more} + "' is too much here";
    return std::nullopt;
}

std::expected<ScriptLine, std::string> parse_line(std::string_view rest) {
    ScriptLine line;
    const auto door_name = next_word(rest);
    const auto* const door =
        std::find_if(kDoors.begin(), kDoors.end(), [&](const auto& one) { return one.first == door_name; });
    if (door == kDoors.end()) {
        return std::unexpected{"no service '" + std::string{door_name} + "': apns, fcm, oauth, web or up"};
    }
    line.door = door->second;
    const auto token = next_word(rest);
    if (token.empty()) return std::unexpected{std::string{"a token or * must follow the service"}};
    if (token != "*") line.token = token;
    auto name = next_word(rest);
    while (name == "after" || name == "times") {
        const auto count = number(next_word(rest));
        if (!count || *count < 0) return std::unexpected{"'" + std::string{name} + "' needs a number"};
        (name == "after" ? line.fault.after : line.fault.times) = static_cast<unsigned>(*count);
        name = next_word(rest);
    }
    const auto* const word =
        std::find_if(kWords.begin(), kWords.end(), [&](const Word& one) { return one.name == name; });
    if (word == kWords.end()) {
        return std::unexpected{"'" + std::string{name} + "' is none of: " + known_words()};
    }
    line.deed = word->deed;
    line.fault.kind = word->kind;
    if (auto error = read_argument(*word, rest, line)) return std::unexpected{*std::move(error)};
    const bool needs_token = line.deed != Deed::fault && line.deed != Deed::skew;
    if (needs_token && line.token.empty()) return std::unexpected{"'" + std::string{name} + "' needs one token"};
    if (line.fault.kind == Kind::damage && line.door != Door::web_push && line.door != Door::unified_push) {
        return std::unexpected{std::string{"'damage' is for web and up"}};
    }
    const bool is_power = line.deed == Deed::doze || line.deed == Deed::wake;
    if (is_power && line.door != Door::fcm) return std::unexpected{"'" + std::string{name} + "' is for fcm alone"};
    return line;
}

}  // namespace

std::expected<std::vector<ScriptLine>, std::string> parse_fault_script(std::string_view text) {
    std::vector<ScriptLine> lines;
    for (std::size_t count = 1; !text.empty(); ++count) {
        const auto end = std::min(text.find('\n'), text.size());
        auto one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        one = one.substr(0, one.find('#'));
        if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto line = parse_line(one);
        if (!line) return std::unexpected{"line " + std::to_string(count) + ": " + line.error()};
        lines.push_back(*std::move(line));
    }
    return lines;
}

std::optional<PushFault> FaultScript::take(const std::string& token) {
    for (const std::string& key : {token, std::string{}}) {
        const auto at = faults_.find(key);
        if (at == faults_.end() || at->second.empty()) continue;
        PushFault& first = at->second.front();
        if (first.after > 0) {
            --first.after;
            continue;
        }
        PushFault fault = first;
        if (--first.times == 0) at->second.pop_front();
        return fault;
    }
    return std::nullopt;
}

}  // namespace clarion::lab
