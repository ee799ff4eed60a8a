// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/routing/routing.hpp"
#include "net/loop.hpp"
#include "server/app/invites.hpp"
#include "server/app/push_metrics.hpp"
#include "server/app/push_senders.hpp"
#include "server/app/trace.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// A push that announces no call.
struct PushMessage {
    std::optional<PushAlert> alert;  ///< empty: for the app alone
    std::vector<std::pair<std::string, std::string>> data;
    Duration ttl{24 * 3'600'000};
};

/// What one endpoint said, for who asked for a push.
struct PushReport {
    std::optional<DeviceId> device;
    std::string provider;
    PushResult result;
};

/// From "send a push to this device" to requests of the port, and from their results to the trace, the device record
/// and the metrics. A device with several endpoints is woken by the first one that works: one after the other, in
/// their order; an APNs alert token comes last and shows an alert, because only a VoIP push can open the call screen.
///
/// Thread: the loop's. Re-entry: `done` is called later from the loop, once, also when no push can be sent.
class PushGateway {
  public:
    /// With what the provider said, for people.
    using Done = std::move_only_function<void(routing::PushOutcome, std::string)>;
    using Reported = std::move_only_function<void(PushReport)>;

    PushGateway(
        net::Loop& loop, const Clock& clock, Store& store, const Invites& invites, TraceLog& trace, PushSenders senders
    )
        : loop_{loop}, clock_{clock}, store_{store}, invites_{invites}, trace_{trace}, senders_{std::move(senders)} {}

    /// `is_wanted` is asked before every attempt: false when the call is over.
    void send(
        const routing::CallDocument& call, const routing::SendPush& push, std::function<bool()> is_wanted, Done done
    );

    /// A call was missed: a notice to each of the callee's devices that never said a word, to iPhones if they
    /// registered an alert token. Whoever rang shows its own.
    void tell_missed(const routing::CallDocument& call);

    /// To the device's first endpoint that takes messages. Not in any trace.
    void notify(const DeviceRecord& device, const PushMessage& message, Reported reported);
    /// To an endpoint that no device has registered.
    void notify(const ServiceId& service, const PushEndpoint& endpoint, const PushMessage& message, Reported reported);

    [[nodiscard]] std::string metrics() const { return metrics_.text(senders_); }

  private:
    struct Job;
    using JobPtr = std::shared_ptr<Job>;

    void next(const JobPtr& job);
    void finish(const JobPtr& job, const PushEndpoint& endpoint, const PushRequest& sent, PushResult result);
    void learn(const Job& job, const PushEndpoint& endpoint, const PushResult& result);
    void refuse(const CallId& call, const DeviceId& device, std::string reason, Done done);
    void add(const CallId& call, const DeviceId& device, std::string what, std::string detail);

    net::Loop& loop_;
    const Clock& clock_;
    Store& store_;
    const Invites& invites_;
    TraceLog& trace_;
    PushSenders senders_;
    PushMetrics metrics_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // Callbacks that outlive us see that it is gone.
};

/// What becomes of the routing of a call, and the words of the trace ("push_refused", "APNs: 410 Unregistered").
[[nodiscard]] routing::PushOutcome routing_outcome(PushOutcome outcome);
[[nodiscard]] std::string push_trace_word(PushOutcome outcome);
[[nodiscard]] std::string push_trace_detail(PushProvider provider, const PushResult& result);
[[nodiscard]] std::string_view push_provider_name(PushProvider provider);

/// Leaves out hints for people who debug, the last ones first, until the payload fits its provider; the invite stays.
void fit_fields(std::vector<std::pair<std::string, std::string>>& fields, PushProvider provider);

}  // namespace clarion::server
