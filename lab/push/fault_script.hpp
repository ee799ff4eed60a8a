// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "lab/push/push_types.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

/// Faults by token, and for all tokens (""). Used up in the order in which they were added.
class FaultScript {
  public:
    void add(const std::string& token, PushFault fault) {
        if (fault.times > 0) faults_[token].push_back(std::move(fault));
    }
    void clear() { faults_.clear(); }

    /// The fault that hits this push, if any.
    [[nodiscard]] std::optional<PushFault> take(const std::string& token) {
        for (const std::string& key : {token, std::string{}}) {
            const auto at = faults_.find(key);
            if (at == faults_.end() || at->second.empty()) continue;
            PushFault fault = at->second.front();
            if (--at->second.front().times == 0) at->second.pop_front();
            return fault;
        }
        return std::nullopt;
    }

  private:
    std::map<std::string, std::deque<PushFault>> faults_;
};

/// Does what the fault says on the level of HTTP/2. False: it is one of `answer` and `accept`.
inline bool misbehave(const PushFault& fault, const net::Http2Exchange& exchange) {
    switch (fault.kind) {
        case PushFault::Kind::answer:
        case PushFault::Kind::accept: return false;
        case PushFault::Kind::silence: return true;
        case PushFault::Kind::refuse_stream: exchange.reset(net::Http2Code::refused_stream); return true;
        case PushFault::Kind::reset_stream: exchange.reset(net::Http2Code::internal_error); return true;
        case PushFault::Kind::go_away:
            // Client streams are odd: the one before is two below.
            exchange.go_away(net::Http2Code::no_error, fault.reason, exchange.stream_id() - 2);
            return true;
        case PushFault::Kind::drop_connection: exchange.drop_connection(); return true;
    }
    return false;
}

}  // namespace clarion::lab
