// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::server {

/// Where the frames of a device go: one open connection.
class DeviceLink {
  public:
    virtual ~DeviceLink() = default;

    virtual void deliver(std::string frame) = 0;
    /// A newer connection of the same device took over: close this one.
    virtual void replaced() = 0;
    /// The device was deleted: close this one.
    virtual void removed() = 0;
};

/// Which events a connection gets. With an access token: all of the device (`call` is empty). With a ticket: those of
/// its call, and of calls that joined it with theirs. Each scope has a numbering of its own, so that neither sees gaps.
struct LinkScope {
    ServiceId service;
    DeviceId device;
    std::optional<CallId> call;

    friend auto operator<=>(const LinkScope&, const LinkScope&) = default;
};

/// Tokens that come back with time; what keeps one device from drowning the others.
class FrameBudget {
  public:
    /// False: the device sent too much. `cost`: as much as so many messages.
    [[nodiscard]] bool take(WallTime now, double per_second, double burst, double cost = 1);

  private:
    std::optional<double> tokens_;
    WallTime at_;
};

/// The events of each device: numbered, kept until they are old, sent again after a reconnect. Presence as well.
///
/// Not persistent: after a restart every numbering has another `stream`, welcome says resumed=false, and the clients
/// verify their calls. Thread: the loop's. Re-entry: calls into links, which only queue bytes.
/// Bounds: kEventsMax events and kBytesMax bytes a scope; events, and scopes without a connection, are forgotten after
/// kIdleMax.
/// Events of a scope that never had a connection are dropped: its first welcome cannot resume anyway.
class DeviceBus {
  public:
    static constexpr std::size_t kEventsMax = 256;
    static constexpr std::size_t kBytesMax = 512 * 1024;
    static constexpr std::size_t kJoinedMax = 16;
    static constexpr Duration kIdleMax{10 * 60 * 1000};

    /// `first_stream`: random for each start of the process.
    explicit DeviceBus(std::uint64_t first_stream) : next_stream_{first_stream} {}

    struct Attached {
        std::uint64_t stream = 0;
        bool resumed = false;
        std::vector<std::string> missed;  ///< frames that it has not seen; send them after welcome
    };

    /// Makes `link` the connection of the scope; an older one is told replaced(). With a token and the numbers of a
    /// ticket's connection of the same device, what that one missed is here as well, though not resumed.
    [[nodiscard]] Attached attach(
        const LinkScope& scope, DeviceLink& link, std::uint64_t stream, std::uint64_t seen_seq
    );
    /// The ticket of another call came over a connection that a ticket opened: it hears of both, also after a
    /// reconnect. False: it did before, or kJoinedMax calls are there.
    bool join(const LinkScope& scope, const CallId& call);
    [[nodiscard]] bool covers(const LinkScope& scope, const CallId& call) const;
    /// Does nothing when another link took over.
    void detach(const LinkScope& scope, const DeviceLink& link, WallTime now);

    /// Numbers, keeps and sends an event of a call.
    void send(
        const ServiceId& service, const DeviceId& device, const CallId& call, const protocol::ServerMessage& message
    );

    /// The same for an event that is about no call, to one scope.
    void send(const LinkScope& scope, const protocol::ServerMessage& message);

    /// Has a connection that hears events of this call.
    [[nodiscard]] bool is_connected(const ServiceId& service, const DeviceId& device, const CallId& call) const;
    /// Has a connection with an access token: hears of new calls.
    [[nodiscard]] bool is_online(const ServiceId& service, const DeviceId& device) const;

    [[nodiscard]] FrameBudget& budget(const LinkScope& scope) { return scopes_[scope].budget; }

    /// Closes the connections of a device that is no more and forgets its events: whoever registers the same id next
    /// must not resume them.
    void disconnect(const ServiceId& service, const DeviceId& device);
    /// Call it once a minute.
    void forget_idle(WallTime now);

    [[nodiscard]] std::size_t scopes() const { return scopes_.size(); }

  private:
    struct Event {
        std::uint64_t seq = 0;
        std::string frame;
        std::optional<WallTime> kept_since;  // Set by the first forget_idle() after it.
    };

    struct Entry {
        std::uint64_t stream = 0;
        std::uint64_t last_seq = 0;
        std::deque<Event> events;
        std::size_t bytes = 0;
        DeviceLink* link = nullptr;
        WallTime detached_at;
        FrameBudget budget;
        std::set<CallId> joined;
    };
    using Scopes = std::map<LinkScope, Entry>;

    [[nodiscard]] static bool covers(const Scopes::value_type& item, const CallId& call) {
        return !item.first.call || *item.first.call == call || item.second.joined.contains(call);
    }
    /// Those of one device follow each other.
    [[nodiscard]] static bool is_of(const Scopes::value_type& item, const ServiceId& service, const DeviceId& device) {
        return item.first.service == service && item.first.device == device;
    }

    void send_to(Entry& entry, const protocol::ServerMessage& message);
    static std::string keep(Entry& entry, const protocol::ServerMessage& message);
    void carry_over(
        const LinkScope& scope,
        Entry& to,
        std::uint64_t stream,
        std::uint64_t seen_seq,
        std::vector<std::string>& missed
    );
    static void drop_old(Entry& entry, WallTime now);

    Scopes scopes_;
    std::uint64_t next_stream_;
};

}  // namespace clarion::server
