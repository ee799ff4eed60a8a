// SPDX-License-Identifier: Apache-2.0
// The ways to wake a device.
#include "server/adapters/sqlite/sqlite_store_impl.hpp"

namespace clarion::server::sqlite {
namespace {

constexpr const char* kOfDevice =
    "SELECT device, provider, token, topic, environment, p256dh, auth, is_alert, proven, suspects, registered_at"
    " FROM push_endpoints WHERE service=? AND device=? ORDER BY place";
constexpr const char* kOfUser =
    "SELECT e.device, provider, token, topic, environment, p256dh, auth, is_alert, proven, suspects, registered_at"
    " FROM push_endpoints e JOIN devices d ON d.service=e.service AND d.device=e.device"
    " WHERE d.service=? AND d.user=? ORDER BY e.device, place";

PushEndpoint read_endpoint(const Query& row) {
    return {
        .provider = row.text(1),
        .token = Redacted{row.text(2)},
        .topic = row.text(3),
        .environment = row.text(4),
        .p256dh = row.text(5),
        .auth = Redacted{row.text(6)},
        .is_alert = row.integer(7) != 0,
        .is_proven = row.integer(8) != 0,
        .suspects = static_cast<std::uint32_t>(row.integer(9)),
        .registered_at = row.time(10)
    };
}

/// The first one is `push`, in the order of the rows.
void add_endpoint(DeviceRecord& device, PushEndpoint endpoint) {
    if (!device.push) {
        device.push = std::move(endpoint);
    } else {
        device.push_more.push_back(std::move(endpoint));
    }
}

}  // namespace

Stored<void> SqliteStore::read_endpoints(DeviceRecord& device) {
    auto query = database_.query(kOfDevice);
    if (!query) return std::unexpected{query.error()};
    query->bind(device.service.text()).bind(device.device.text());
    for (;;) {
        const auto row = query->step();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return {};
        add_endpoint(device, read_endpoint(*query));
    }
}

Stored<void> SqliteStore::read_endpoints_of_user(
    const ServiceId& service, const UserId& user, std::vector<DeviceRecord>& devices
) {
    auto query = database_.query(kOfUser);
    if (!query) return std::unexpected{query.error()};
    query->bind(service.text()).bind(user.text());
    for (;;) {
        const auto row = query->step();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return {};
        const std::string name = query->text(0);
        for (DeviceRecord& device : devices) {
            if (device.device.text() == name) add_endpoint(device, read_endpoint(*query));
        }
    }
}

Stored<void> SqliteStore::write_endpoints(const DeviceRecord& device, const std::optional<DeviceRecord>& before) {
    auto gone = database_.query("DELETE FROM push_endpoints WHERE service=? AND device=?");
    if (!gone) return std::unexpected{gone.error()};
    if (auto done = gone->bind(device.service.text()).bind(device.device.text()).run(); !done) return done;
    std::int64_t place = 0;
    for (const PushEndpoint* endpoint : endpoints_of(device)) {
        // What was learned about a token stays true while the app registers the same one again and again.
        bool is_proven = endpoint->is_proven;
        if (before) {
            for (const PushEndpoint* old : endpoints_of(*before)) {
                is_proven = is_proven || (old->token == endpoint->token && old->environment == endpoint->environment &&
                                          old->is_proven);
            }
        }
        // A token is one installation: whoever had it before was re-installed under another name.
        auto moved = database_.query("DELETE FROM push_endpoints WHERE service=? AND token=? AND provider=?");
        if (!moved) return std::unexpected{moved.error()};
        moved->bind(device.service.text()).bind(endpoint->token.reveal()).bind(endpoint->provider);
        if (auto done = moved->run(); !done) return done;
        auto query = database_.query(
            "INSERT INTO push_endpoints (service, device, place, provider, token, topic, environment, p256dh, auth,"
            " is_alert, proven, suspects, registered_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,0,?)"
        );
        if (!query) return std::unexpected{query.error()};
        query->bind(device.service.text()).bind(device.device.text()).bind(place++).bind(endpoint->provider);
        query->bind(endpoint->token.reveal()).bind(endpoint->topic).bind(endpoint->environment);
        query->bind(endpoint->p256dh).bind(endpoint->auth.reveal()).bind(std::int64_t{endpoint->is_alert});
        query->bind(std::int64_t{is_proven}).bind(device.updated_at);
        if (auto done = query->run(); !done) return done;
    }
    return {};
}

Stored<void> SqliteStore::retire_push(const ServiceId& service, const DeviceId& device, std::string_view token) {
    return write_account([&]() -> Stored<void> {
        auto query = database_.query("DELETE FROM push_endpoints WHERE service=? AND device=? AND token=?");
        if (!query) return std::unexpected{query.error()};
        return query->bind(service.text()).bind(device.text()).bind(token).run();
    });
}

Stored<void> SqliteStore::learn_push(const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint) {
    return write_account([&]() -> Stored<void> {
        auto query = database_.query(
            "UPDATE push_endpoints SET environment=?, proven=?, suspects=? WHERE service=? AND device=? AND token=?"
        );
        if (!query) return std::unexpected{query.error()};
        query->bind(endpoint.environment).bind(std::int64_t{endpoint.is_proven}).bind(std::int64_t{endpoint.suspects});
        return query->bind(service.text()).bind(device.text()).bind(endpoint.token.reveal()).run();
    });
}

}  // namespace clarion::server::sqlite
