// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/routing/routing.hpp"
#include "net/loop.hpp"
#include "server/app/invites.hpp"
#include "server/app/trace.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// The configured senders; null: this server has no credentials for that provider.
struct PushSenders {
    PushSender* apns = nullptr;
    PushSender* fcm = nullptr;
};

/// From "send a push to this device" to a request of the port, and from its result to the trace and the device record.
///
/// Thread: the loop's. Re-entry: `done` is called later from the loop, once, also when no push can be sent.
class PushGateway {
  public:
    /// With what the provider said, for people.
    using Done = std::move_only_function<void(routing::PushOutcome, std::string)>;

    PushGateway(
        net::Loop& loop, const Clock& clock, Store& store, const Invites& invites, TraceLog& trace, PushSenders senders
    )
        : loop_{loop}, clock_{clock}, store_{store}, invites_{invites}, trace_{trace}, senders_{senders} {}

    /// `is_wanted` is asked before every attempt: false when the call is over.
    void send(
        const routing::CallDocument& call, const routing::SendPush& push, std::function<bool()> is_wanted, Done done
    );

  private:
    void refuse(const CallId& call, const DeviceId& device, std::string reason, Done done);
    void finish(const CallId& call, const DeviceRecord& device, const PushResult& result, Done done);
    void add(const CallId& call, const DeviceId& device, std::string what, std::string detail);

    net::Loop& loop_;
    const Clock& clock_;
    Store& store_;
    const Invites& invites_;
    TraceLog& trace_;
    PushSenders senders_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // Callbacks that outlive us see that it is gone.
};

/// What becomes of the routing of a call, and the words of the trace ("push_refused", "APNs: 410 Unregistered").
[[nodiscard]] routing::PushOutcome routing_outcome(PushOutcome outcome);
[[nodiscard]] std::string push_trace_word(PushOutcome outcome);
[[nodiscard]] std::string push_trace_detail(PushProvider provider, const PushResult& result);

}  // namespace clarion::server
