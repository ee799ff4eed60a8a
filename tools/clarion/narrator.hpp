// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/native/client.hpp"
#include "tools/clarion/admin.hpp"
#include "tools/clarion/terminal.hpp"

namespace clarion::tool {

/// Tells what happens on a phone: lines for people, or JSON lines for scripts. Turns events into text and keeps the
/// times that the text mentions; prints nothing itself.
class Narrator {
  public:
    enum class Hints : std::uint8_t { hidden, shown };

    /// `hints`: whether somebody can press the keys that the lines mention.
    Narrator(Format format, Screen screen, Hints hints = Hints::hidden)
        : format_{format}, screen_{screen}, hints_{hints} {}

    /// The call was asked for here: times count from this moment.
    void placed(const CallId& call, Instant now);

    /// One line without its end; empty when there is nothing to say in this format.
    [[nodiscard]] std::string event(const callui::Event& event, Instant now, WallTime wall_now);

    /// The first line of an outgoing call.
    [[nodiscard]] std::string calling(std::string_view whom) const;

    /// Something that is no event of a call: "online", "offline", "refused", "ready".
    [[nodiscard]] std::string state(std::string_view what, std::string_view text, WallTime wall_now) const;

  private:
    struct Times {
        Instant started;
        std::optional<Instant> answered;
        std::optional<Instant> connected;
    };

    [[nodiscard]] std::string as_json(const callui::Event& event, const Times& times, Instant now, WallTime wall) const;
    [[nodiscard]] std::string as_text(const callui::Event& event, const Times& times, Instant now) const;
    [[nodiscard]] std::string hint(std::string_view text) const;
    [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const;

    Format format_;
    Screen screen_;
    Hints hints_;
    std::map<CallId, Times> times_;
};

/// Exit codes of `clarion phone --once` and `clarion call`, by how the call ended for this side.
enum class ExitCode : int {
    answered = 0,
    error = 1,  // Nothing was tried: wrong options, files or server.
    declined = 3,
    missed = 4,
    cancelled = 5,
    failed = 6,
    elsewhere = 7,    // Another device of this user took or declined it.
    interrupted = 8,  // Quit before any call ended.
};

[[nodiscard]] ExitCode exit_code_of(const callui::Event& ended);

/// "84 ms", "3.2 s", "2 min 5 s".
[[nodiscard]] std::string duration_text(Duration duration);

}  // namespace clarion::tool
