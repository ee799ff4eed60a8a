// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/door/clarion.hpp"

/// Plays conformance traces (traces/README.md) through the door.
///
///     clarion_trace check FILE...      exit status 1 when an engine answers otherwise
///     clarion_trace record FILE...     rewrites the answers of each file, keeps its steps and comments
namespace clarion {
namespace {

constexpr std::string_view kHead = "clarion-trace 1";

std::string_view word(std::string_view& rest) {
    const auto end = rest.find(' ');
    const auto first = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return first;
}

std::int64_t number(std::string_view text) {
    std::int64_t value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_answer(std::string_view line) {
    return line.starts_with("code ") || line.starts_with("out ") || line.starts_with("deadline ") ||
           line.starts_with("value ");
}

/// One engine and what it answers to a step.
class Player {
  public:
    /// nullopt: no such step.
    std::optional<std::vector<std::string>> play(std::string_view line) {
        answers_.clear();
        const auto step = word(line);
        if (step == "calls") return std::vector{"value " + std::string{engine_.calls()}};
        const auto now = number(word(line));
        if (step == "engine") {
            create(now, line);
        } else if (step == "send") {
            note(engine_.send(now, line));
        } else if (step == "timeout") {
            note(engine_.handle_timeout(now));
        } else if (step == "restart") {
            restart(now, line);
        } else {
            return std::nullopt;
        }
        settle();
        return answers_;
    }

  private:
    void note(const std::expected<void, door::Error>& result) {
        if (!result) answers_.push_back("code " + std::to_string(result.error().code));
    }

    void create(std::int64_t now, std::string_view line) {
        const auto seed = number(word(line));
        config_ = line;
        auto made = door::Engine::create(config_, now, static_cast<std::uint64_t>(seed));
        if (!made) {
            answers_.push_back("code " + std::to_string(made.error().code));
            return;
        }
        engine_ = std::move(*made);
    }

    void restart(std::int64_t now, std::string_view line) {
        const auto wall = number(word(line));
        const auto boot = word(line) == "same_boot" ? door::Boot::same : door::Boot::other;
        const auto snapshot = engine_.snapshot();
        if (!snapshot) {
            answers_.push_back("code " + std::to_string(snapshot.error().code));
            return;
        }
        engine_ = {};
        auto restored = door::Engine::restore(config_, *snapshot, {.monotonic_ms = now, .wall_ms = wall}, boot);
        if (!restored) {
            answers_.push_back("code " + std::to_string(restored.error().code));
            return;
        }
        engine_ = std::move(*restored);
    }

    void settle() {
        while (const auto command = engine_.receive()) answers_.push_back("out " + std::string{*command});
        const auto next = engine_.next_deadline();
        answers_.push_back(
            next.at_ms == INT64_MAX ? "deadline none"
                                    : "deadline " + std::to_string(next.at_ms) + " " + std::string{next.timer}
        );
    }

    door::Engine engine_;
    std::string config_;
    std::vector<std::string> answers_;
};

std::optional<std::string> answered(const std::string& text, const char* file) {
    std::istringstream in{text};
    std::string line;
    if (!std::getline(in, line) || line != kHead) {
        std::fprintf(stderr, "%s: the first line is not \"%s\"\n", file, std::string{kHead}.c_str());
        return std::nullopt;
    }
    Player player;
    std::string out{kHead};
    out += '\n';
    while (std::getline(in, line)) {
        if (is_answer(line)) continue;
        out += line + "\n";
        if (line.empty() || line.starts_with('#')) continue;
        const auto answers = player.play(line);
        if (!answers) {
            std::fprintf(stderr, "%s: unknown step: %s\n", file, line.c_str());
            return std::nullopt;
        }
        for (const auto& answer : *answers) out += answer + "\n";
    }
    return out;
}

std::string text_of(const char* file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

bool check(const char* file) {
    const auto before = text_of(file);
    const auto after = answered(before, file);
    if (!after) return false;
    if (*after == before) return true;
    std::istringstream expected{before};
    std::istringstream actual{*after};
    std::string expected_line;
    std::string actual_line;
    for (int number = 1;; ++number) {
        const bool is_more = static_cast<bool>(std::getline(expected, expected_line));
        if (!std::getline(actual, actual_line)) actual_line.clear();
        if (!is_more) expected_line.clear();
        if (expected_line == actual_line && is_more) continue;
        std::fprintf(
            stderr, "%s:%d:\n  recorded  %s\n  answered  %s\n", file, number, expected_line.c_str(), actual_line.c_str()
        );
        return false;
    }
}

bool record(const char* file) {
    const auto after = answered(text_of(file), file);
    if (!after) return false;
    std::ofstream{file, std::ios::binary} << *after;
    return true;
}

}  // namespace
}  // namespace clarion

int main(int count, char** arguments) {
    const std::string_view command = count > 2 ? arguments[1] : "";
    if (command != "check" && command != "record") {
        std::fputs("usage: clarion_trace check|record FILE...\n", stderr);
        return 2;
    }
    bool is_good = true;
    for (int i = 2; i < count; ++i) {
        is_good = (command == "check" ? clarion::check(arguments[i]) : clarion::record(arguments[i])) && is_good;
    }
    return is_good ? 0 : 1;
}
