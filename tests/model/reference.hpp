// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "tests/model/story.hpp"

namespace clarion::model {

/// What a call is, in the words of the product: one truth at the server, and each device, which knows as much of it as
/// its connection lets it. Written from DESIGN.md and docs/engine.md, without a line of the machines.
class Reference {
  public:
    void act(const Step& step);
    [[nodiscard]] Whole look() const;

  private:
    struct End {
        std::string words;
        std::string outcome;
    };
    using Push = std::optional<End>;  // Absent: it rings. Else how the call ended for this device.

    struct Stand {
        bool held = false;
        bool muted = false;
        friend bool operator==(const Stand&, const Stand&) = default;
    };

    struct Party {
        Side side;
        bool network = true;
        std::optional<std::int64_t> give_up;     // When it waits no longer,
        End gives_up_as;                         // and what that is.
        std::optional<std::string> word;         // Its own end, that the server does not know yet,
        std::int64_t word_until = 0;             // and until when that is of use.
        std::optional<std::int64_t> offline_at;  // For the server: since when.
        bool has_leg = false;                    // Made an answer in this process.
        bool is_confirmed = false;               // The server told it that it has the call.
        Stand told;                              // What the server knows of this side,
        std::deque<Stand> unheard;               // and what it knows of the other that did not come here yet.
        std::deque<Push> pushes;
        std::optional<Push> last_push;
        std::optional<std::int64_t> asks_until;  // It rang to its end, or never: what became of it elsewhere?
        bool is_guess = false;                   // Missed by its own clock.
        bool is_known = false;                   // Over, and it never showed here.
    };

    void deed(const Step& step, Party& party, std::size_t i);
    void end(Party& party, std::size_t i);
    void say(Party& party, const std::string& word) const;
    void kill(Party& party, std::size_t i);
    void arrive(Party& party, const Push& push);
    void advance(std::int64_t ms);
    void meet_deadlines();
    void settle();
    bool settle_talk(Party& from, Party& to);
    bool settle_caller(Party& caller);
    bool settle_callee(Party& callee, std::size_t i);
    bool settle_asker(Party& callee, std::size_t i);
    static void guess(Party& callee, std::int64_t from);
    void learn(Party& callee, const End& end);
    bool deliver_word(Party& party, std::size_t i);
    void finish(const std::string& reason, int by);
    void push_end();
    [[nodiscard]] End end_for(std::size_t i) const;
    void over(Party& party, const End& end);
    [[nodiscard]] bool rings() const { return truth_ == "ringing"; }
    [[nodiscard]] static bool lives(const Party& party) {
        return party.side.phase != "none" && party.side.phase != "ended";
    }

    std::array<Party, kParties> parties_;
    std::string truth_ = "none";  // none, ringing, answered, ended
    std::string ended_;           // "cancel by caller"
    int ended_by_ = -1;
    int winner_ = -1;
    bool has_media_ = false;
    int ringing_ = 0;  // Devices that said so.
    std::int64_t now_ = 0;
    std::int64_t answered_at_ = 0;
    std::int64_t ring_until_ = 0;
    std::int64_t accept_until_ = 0;
};

}  // namespace clarion::model
