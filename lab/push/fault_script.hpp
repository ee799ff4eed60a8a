// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/push/push_types.hpp"

namespace clarion::lab {

/// One line of a fault script, for any of the services:
///
///     SERVICE TOKEN [after N] [times N] WHAT
///
///     apns *    throttle 5                  429 in the service's words, Retry-After 5
///     fcm  d1   after 2 status 503 UNAVAILABLE
///     web  *    times 3 slow 800            accepts 800 ms late
///     up   s1   silence                     never answers
///     apns *    goaway Shutdown             GOAWAY that disowns this push and all later ones
///     apns *    last-words                  accepts, then GOAWAY that disowns all later ones
///     apns *    retire max_age              accepts, then GOAWAY in two steps: what crosses it is served
///     apns *    refuse | reset | cancel     RST_STREAM REFUSED_STREAM, INTERNAL_ERROR, CANCEL
///     apns *    drop | abort | deaf         end of TCP, its reset, a connection that hears and says nothing any more
///     apns *    streams 1 for 500           accepts, and lowers the limit of concurrent streams (for 500 ms)
///     apns *    starve 500                  accepts, and takes no byte of a body for 500 ms (flow control)
///     fcm  *    page 502                    a front end's HTML page
///     apns T    late 5000                   accepts at once; the device gets it 5 s later
///     web  *    damage                      accepts; what the receiver gets has one bit turned
///     fcm  d1   after 10 dead               the eleventh push finds the token unregistered, for ever
///     apns *    skew -3600                  the service's clock is an hour behind from now on
///     fcm  d1   away | back | gone          at once: the device leaves, comes back, removes the app
///     fcm  d1   doze | wake                 at once: Android's power saving begins, ends
///
/// SERVICE is apns, fcm, web, up, or oauth (FCM's token endpoint); TOKEN `*` is whichever comes. `#` starts a comment.
struct ScriptLine {
    enum class Deed : std::uint8_t { fault, skew, away, back, gone, doze, wake };
    enum class Door : std::uint8_t { apns, fcm, oauth, web_push, unified_push };

    Door door = Door::apns;
    std::string token;  ///< empty: any
    Deed deed = Deed::fault;
    PushFault fault;
    Duration skew{0};
};

/// Errors: one line with the number of the script's line, what is wrong, and what would be right.
[[nodiscard]] std::expected<std::vector<ScriptLine>, std::string> parse_fault_script(std::string_view text);

/// Faults by token, and for all tokens (""). Used up in the order in which they were added.
class FaultScript {
  public:
    void add(const std::string& token, PushFault fault) {
        if (fault.times > 0) faults_[token].push_back(std::move(fault));
    }
    void clear() { faults_.clear(); }

    /// The fault that hits this push, if any.
    [[nodiscard]] std::optional<PushFault> take(const std::string& token);

  private:
    std::map<std::string, std::deque<PushFault>> faults_;
};

}  // namespace clarion::lab
