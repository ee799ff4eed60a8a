// SPDX-License-Identifier: Apache-2.0
// Any bytes at the door: a code and a text that names the problem, never a crash, and a refused call changes nothing.
//
// The input is lines. The first: 'e' or 'c' for the engine or the call screen, then its configuration. Then, a line
// each:
//     @N     N milliseconds pass          !       handle_timeout
//     ~      snapshot, next process       ^TEXT   restore from TEXT
//     TEXT   a fact
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "core/codec/json.hpp"
#include "sdk/door/clarion.hpp"
#include "tests/fuzz/entropy.hpp"

namespace clarion::fuzz {
namespace {

constexpr std::string_view kEngineConfig =
    R"({"service":"acme","user":"bob","device":"bob-phone","platform":"ios","token":"t"})";
constexpr std::string_view kCallUiConfig = R"({"platform":"ios"})";

std::expected<door::Engine, door::Error> make(std::string_view config, std::int64_t now, const door::Engine*) {
    return door::Engine::create(config, now, 1);
}
std::expected<door::CallUi, door::Error> make(std::string_view config, std::int64_t now, const door::CallUi*) {
    return door::CallUi::create(config, now);
}
std::expected<door::Engine, door::Error>
revive(std::string_view config, std::string_view snapshot, std::int64_t now, const door::Engine*) {
    const auto boot = now % 2 == 0 ? door::Boot::same : door::Boot::other;
    return door::Engine::restore(config, snapshot, {.monotonic_ms = now, .wall_ms = now}, boot);
}
std::expected<door::CallUi, door::Error>
revive(std::string_view config, std::string_view snapshot, std::int64_t now, const door::CallUi*) {
    return door::CallUi::restore(config, snapshot, now, now % 2 == 0 ? std::nullopt : std::optional{now % 90'000});
}

std::string view(const door::Engine& engine) { return std::string{engine.calls()}; }
std::string view(const door::CallUi& ui) { return std::string{ui.view()}; }

template <class Machine>
class Session {
  public:
    Session(std::string_view config, std::string_view fallback) {
        auto made = make(config, now_, static_cast<Machine*>(nullptr));
        if (made) {
            config_ = config;
        } else {
            expect_error(made.error());
            config_ = fallback;
            made = make(config_, now_, static_cast<Machine*>(nullptr));
        }
        CLARION_FUZZ_EXPECT(made.has_value(), "the default configuration works");
        machine_ = std::move(*made);
    }

    void run(std::string_view line) {
        if (line.starts_with('@')) return pass(line.substr(1));
        if (line.starts_with('~')) return die();
        if (line.starts_with('^')) return restore_from(line.substr(1));
        const auto before = state();
        finish(line.starts_with('!') ? machine_.handle_timeout(now_) : machine_.send(now_, line), before);
    }

  private:
    void pass(std::string_view number) {
        std::int64_t passed = 0;
        std::from_chars(number.data(), number.data() + number.size(), passed);
        if (passed > 0 && passed < (std::int64_t{1} << 52U) - now_) now_ += passed;
    }
    std::string state() {
        const auto snapshot = machine_.snapshot();
        CLARION_FUZZ_EXPECT(snapshot.has_value(), "a drained machine has a snapshot");
        const auto deadline = machine_.next_deadline();
        CLARION_FUZZ_EXPECT(!deadline.timer.empty(), "a timer has a name");
        return *snapshot + view(machine_) + std::to_string(deadline.at_ms);
    }
    static void expect_error(const door::Error& error) {
        CLARION_FUZZ_EXPECT(error.code < 0, "an error code is negative");
        CLARION_FUZZ_EXPECT(!error.text.empty(), "an error has a text");
        CLARION_FUZZ_EXPECT(error.code != CLARION_ERR_UNDRAINED, "it was drained");
    }
    void finish(const std::expected<void, door::Error>& result, const std::string& before) {
        if (!result) {
            expect_error(result.error());
            CLARION_FUZZ_EXPECT(state() == before, "a refused call changed the state");
            return;
        }
        drain();
    }
    void drain() {
        int commands = 0;
        while (const auto command = machine_.receive()) {
            const auto document = codec::Document::parse(*command, CLARION_SNAPSHOT_MAX);
            CLARION_FUZZ_EXPECT(document.has_value(), *command);
            CLARION_FUZZ_EXPECT(document->root().get("type").text().has_value(), *command);
            CLARION_FUZZ_EXPECT(++commands < 10'000, "it never ends");
        }
    }
    /// What the machine stored it can read again.
    void die() {
        const auto snapshot = machine_.snapshot();
        CLARION_FUZZ_EXPECT(snapshot.has_value(), "a drained machine has a snapshot");
        auto next = revive(config_, *snapshot, now_, static_cast<Machine*>(nullptr));
        CLARION_FUZZ_EXPECT(next.has_value(), *snapshot);
        machine_ = std::move(*next);
        drain();
    }
    void restore_from(std::string_view text) {
        auto next = revive(config_, text, now_, static_cast<Machine*>(nullptr));
        if (!next) return expect_error(next.error());
        machine_ = std::move(*next);
        drain();
        (void)state();
    }

    std::int64_t now_ = 5'000;
    std::string config_;
    Machine machine_;
};

template <class Machine>
void run_session(std::string_view text, std::string_view fallback) {
    const auto end = std::min(text.find('\n'), text.size());
    Session<Machine> session{text.substr(0, end), fallback};
    text.remove_prefix(std::min(end + 1, text.size()));
    for (int lines = 0; !text.empty() && lines < 64; ++lines) {
        const auto stop = std::min(text.find('\n'), text.size());
        session.run(text.substr(0, stop));
        text.remove_prefix(std::min(stop + 1, text.size()));
    }
}

}  // namespace
}  // namespace clarion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (text.front() == 'c') {
        clarion::fuzz::run_session<clarion::door::CallUi>(text.substr(1), clarion::fuzz::kCallUiConfig);
    } else {
        clarion::fuzz::run_session<clarion::door::Engine>(text.substr(1), clarion::fuzz::kEngineConfig);
    }
    return 0;
}
