// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/routing/routing.hpp"
#include "net/loop.hpp"
#include "server/app/device_bus.hpp"
#include "server/app/invites.hpp"
#include "server/app/policies.hpp"
#include "server/app/push_gateway.hpp"
#include "server/app/trace.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// Who places a call.
struct Caller {
    ServiceId service;
    UserId user;
    DeviceId device;
};

struct CallHostOptions {
    routing::Config routing;               ///< for what a service does not decide itself
    std::size_t calls_per_device_max = 8;  ///< live calls that one device may have placed
    double calls_per_minute = 10;          ///< that one user may place to another, with bursts of twice as many
};

/// Runs the calls: reads the document, lets core/routing decide, writes with compare-and-set, then performs the effects
/// (bus, pushes, trace, history), and feeds back what pushes, presence and time say. It decides nothing itself.
///
/// Live calls are in memory and in the store alike; the store is written before any effect leaves, so that a new
/// process resumes what a killed one was doing. Thread: the loop's. Re-entry: never calls back into its callers.
/// Errors: the protocol's codes; an error changed nothing. `unavailable`: the store did not take it.
class CallHost {
  public:
    struct Parts {
        net::Loop& loop;
        const Clock& clock;
        Store& store;
        DeviceBus& bus;
        PushGateway& pushes;
        TraceLog& trace;
        const Invites& invites;
    };

    using Result = std::expected<void, protocol::ErrorCode>;

    CallHost(Parts parts, CallHostOptions options);

    /// Rings one device as a call of nobody ("Clarion test ring"), to see every step in its trace. End it with an
    /// EndReceived without a device. Errors: unavailable.
    [[nodiscard]] std::expected<CallId, protocol::ErrorCode> ring_test(const DeviceRecord& device);

    /// Loads the unended calls and goes on with them: deadlines, devices that are gone now, pushes without a receipt.
    /// How many calls; the error is the operator's line.
    [[nodiscard]] std::expected<std::size_t, std::string> resume();

    /// A new call, or the same one again (then the caller is told where it stands).
    [[nodiscard]] Result place(const Caller& caller, const protocol::Place& message);

    /// A device of a party's user wants the answered call. unknown_call for anybody else.
    [[nodiscard]] Result take(const Caller& taker, const protocol::Take& message);

    /// The answered calls of a user, newest first.
    [[nodiscard]] protocol::LiveCalls live_calls_of(const ServiceId& service, const UserId& user) const;

    /// `call` may also be the id of a call that was merged into another one.
    [[nodiscard]] Result handle(const ServiceId& service, const CallId& call, const routing::Event& event);

    /// A receipt: each step of each device counts once. Its time is ours minus the age that the device says.
    [[nodiscard]] Result receipt(const ServiceId& service, const DeviceId& device, const protocol::Receipt& message);

    /// A connection came or went; feeds every live call of the device that this concerns.
    /// `is_fresh`: a connection came that resumed nothing.
    void presence_changed(const LinkScope& scope, bool is_fresh = false);
    /// The connections that go now go with the process: they are no news about the devices.
    void ignore_presence() { ignores_presence_ = true; }

    /// The document, live or ended; that of the other call for one that was merged. unknown_call or unavailable.
    [[nodiscard]] std::expected<CallRecord, protocol::ErrorCode> find(const ServiceId& service, const CallId& call);

    [[nodiscard]] std::size_t live_calls() const { return live_.size(); }

    /// Asks a store that refused a write whether it takes one again; from the house-keeping.
    void look_after_store();
    /// Forgets how often who called whom, once it is long ago; from the house-keeping.
    void forget_idle(WallTime now);

    /// What holds for the calls of each service.
    [[nodiscard]] Policies& policies() { return policies_; }

    /// False after the store refused a write, until it takes one again.
    [[nodiscard]] bool is_healthy() const { return is_healthy_; }

  private:
    struct Live {
        CallRecord record;
        std::optional<WallTime> deadline;
    };

    /// What the host knows about an event beside the event: the time and words of a receipt.
    struct Note {
        WallTime at;
        std::string what;
        std::string detail;
    };

    /// How often somebody calls somebody.
    struct Calling {
        FrameBudget budget;
        WallTime last;
    };

    using Pair = std::tuple<ServiceId, UserId, UserId>;
    using Step = std::pair<CallId, std::pair<DeviceId, std::string>>;

    [[nodiscard]] Result decide(const CallId& call, const routing::Event& event, const Note* note);
    [[nodiscard]] std::expected<CallRecord, protocol::ErrorCode> load(const CallId& call, bool fresh);
    /// The first write of a call.
    struct First {
        ServicePolicy policy;
        bool refuse_crossing = false;
    };

    [[nodiscard]] std::expected<std::uint64_t, StoreFault> write_first(
        const routing::Decision& decision, const First& first
    );
    [[nodiscard]] std::expected<std::uint64_t, StoreFault> write(
        CallWrite write, const routing::Decision& decision, const Note* note
    );
    [[nodiscard]] Result place_again(const Caller& caller, const protocol::Place& message, const CallRecord& there);
    [[nodiscard]] Result place_new(
        const Caller& caller, const protocol::Place& message, routing::CallPlaced& placed, const ServicePolicy& policy
    );
    [[nodiscard]] std::expected<routing::CallPlaced, protocol::ErrorCode> placed_from(
        const Caller& caller, const protocol::Place& message
    );
    /// nullopt: try to write again, `placed` may say now how it is to end.
    [[nodiscard]] std::optional<Result> cross(const Caller& caller, routing::CallPlaced& placed, routing::Glare glare);
    [[nodiscard]] Result handle_name(const CallRecord& record, const CallId& name, const routing::Event& event);
    [[nodiscard]] bool may_call(const Caller& caller, const UserId& callee);
    void collect_trace(const routing::Decision& decision, const Note* note);
    void keep(CallRecord record);
    void drop(const CallId& call);
    void perform(const routing::CallDocument& call, const std::vector<routing::Effect>& effects);
    void index(const routing::CallDocument& call);
    void unindex(const routing::CallDocument& call);
    void send_incoming(const routing::CallDocument& call, const DeviceId& device);
    void send_push(const routing::CallDocument& call, const routing::SendPush& push);
    void resume_one(const CallId& call);
    [[nodiscard]] std::vector<routing::CalleeDevice> devices_of(
        const ServiceId& service, const std::vector<DeviceRecord>& records
    ) const;
    [[nodiscard]] bool may_hear(const routing::CallDocument& call, const DeviceId& device) const;
    [[nodiscard]] std::size_t calls_placed_by(const Caller& caller) const;
    [[nodiscard]] bool is_ring_wanted(const CallId& call) const;
    [[nodiscard]] bool was_seen(const Step& step);
    void arm();
    void time_passed();

    Parts parts_;
    CallHostOptions options_;
    Policies policies_;
    std::map<CallId, Live> live_;
    std::set<std::pair<WallTime, CallId>> deadlines_;
    std::map<std::pair<ServiceId, DeviceId>, std::set<CallId>> calls_of_;
    std::map<std::pair<ServiceId, UserId>, std::set<CallId>> calls_of_user_;
    std::map<CallId, CallId> names_;  // Of calls that were merged into a live one.
    std::map<Pair, Calling> callings_;
    std::set<Step> receipts_;  // Of live calls.
    net::Timer timer_;
    bool is_healthy_ = true;
    bool ignores_presence_ = false;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace clarion::server
