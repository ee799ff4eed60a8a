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
        PushEndpoint written = *endpoint;
        written.is_proven = is_proven;
        if (auto done = insert_endpoint(device.service, device.device, place++, written, device.updated_at); !done) {
            return done;
        }
    }
    return {};
}

Stored<void> SqliteStore::insert_endpoint(
    const ServiceId& service, const DeviceId& device, std::int64_t place, const PushEndpoint& endpoint, WallTime at
) {
    // A token is one installation: whoever had it before was re-installed under another name.
    auto moved = database_.query("DELETE FROM push_endpoints WHERE service=? AND token=? AND provider=?");
    if (!moved) return std::unexpected{moved.error()};
    moved->bind(service.text()).bind(endpoint.token.reveal()).bind(endpoint.provider);
    if (auto done = moved->run(); !done) return done;
    auto query = database_.query(
        "INSERT INTO push_endpoints (service, device, place, provider, token, topic, environment, p256dh, auth,"
        " is_alert, proven, suspects, registered_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,0,?)"
    );
    if (!query) return std::unexpected{query.error()};
    query->bind(service.text()).bind(device.text()).bind(place).bind(endpoint.provider);
    query->bind(endpoint.token.reveal()).bind(endpoint.topic).bind(endpoint.environment);
    query->bind(endpoint.p256dh).bind(endpoint.auth.reveal()).bind(std::int64_t{endpoint.is_alert});
    query->bind(std::int64_t{endpoint.is_proven}).bind(at);
    return query->run();
}

Stored<void> SqliteStore::touch_device(const ServiceId& service, const DeviceId& device, WallTime at) {
    auto query = database_.query("UPDATE devices SET updated_at=? WHERE service=? AND device=?");
    if (!query) return std::unexpected{query.error()};
    return query->bind(at).bind(service.text()).bind(device.text()).run();
}

Stored<void> SqliteStore::put_endpoint(
    const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
) {
    return write_account([&]() -> Stored<void> {
        std::int64_t place = 0;
        {
            // Its own place, or the one behind the last.
            auto query = database_.query(
                "SELECT coalesce(min(place) FILTER (WHERE provider=? AND is_alert=?), max(place)+1, 0)"
                " FROM push_endpoints WHERE service=? AND device=?"
            );
            if (!query) return std::unexpected{query.error()};
            query->bind(endpoint.provider).bind(std::int64_t{endpoint.is_alert}).bind(service.text());
            if (auto row = query->bind(device.text()).step(); !row) return std::unexpected{row.error()};
            place = query->integer(0);
        }
        auto old =
            database_.query("DELETE FROM push_endpoints WHERE service=? AND device=? AND provider=? AND is_alert=?");
        if (!old) return std::unexpected{old.error()};
        old->bind(service.text()).bind(device.text()).bind(endpoint.provider);
        if (auto done = old->bind(std::int64_t{endpoint.is_alert}).run(); !done) return done;
        if (auto done = insert_endpoint(service, device, place, endpoint, at); !done) return done;
        return touch_device(service, device, at);
    });
}

Stored<void> SqliteStore::remove_endpoint(
    const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
) {
    return write_account([&]() -> Stored<void> {
        auto query =
            database_.query("DELETE FROM push_endpoints WHERE service=? AND device=? AND provider=? AND token=?");
        if (!query) return std::unexpected{query.error()};
        query->bind(service.text()).bind(device.text()).bind(endpoint.provider);
        if (auto done = query->bind(endpoint.token.reveal()).run(); !done) return done;
        return touch_device(service, device, at);
    });
}

Stored<bool> SqliteStore::was_retired(const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint) {
    auto query =
        database_.query("SELECT 1 FROM retired_tokens WHERE service=? AND device=? AND provider=? AND token=?");
    if (!query) return std::unexpected{query.error()};
    query->bind(service.text()).bind(device.text()).bind(endpoint.provider).bind(endpoint.token.reveal());
    return query->step();
}

Stored<void> SqliteStore::retire_push(const ServiceId& service, const DeviceId& device, std::string_view token) {
    return write_account([&]() -> Stored<void> {
        auto mark = database_.query(
            "INSERT OR REPLACE INTO retired_tokens (service, device, provider, token)"
            " SELECT service, device, provider, token FROM push_endpoints WHERE service=? AND device=? AND token=?"
        );
        if (!mark) return std::unexpected{mark.error()};
        if (auto done = mark->bind(service.text()).bind(device.text()).bind(token).run(); !done) return done;
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
