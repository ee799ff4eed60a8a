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
#include "net/http2_server.hpp"

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
///     apns *    refuse | reset | drop       REFUSED_STREAM, INTERNAL_ERROR, end of TCP
///     apns *    streams 1                   accepts, and lowers the limit of concurrent streams
///     fcm  d1   after 10 dead               the eleventh push finds the token unregistered, for ever
///     apns *    skew -3600                  the service's clock is an hour behind from now on
///     fcm  d1   away | back | gone          at once: the device leaves, comes back, removes the app
///
/// SERVICE is apns, fcm, web, up, or oauth (FCM's token endpoint); TOKEN `*` is whichever comes. `#` starts a comment.
struct ScriptLine {
    enum class Deed : std::uint8_t { fault, skew, away, back, gone };
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

/// Does what the fault says on the level of HTTP/2. False: the service itself has to act.
bool misbehave(const PushFault& fault, const net::Http2Exchange& exchange);

/// After the service accepted: what else HTTP/2 is to say.
void add_last_words(const PushFault& fault, const net::Http2Exchange& exchange);

}  // namespace clarion::lab
