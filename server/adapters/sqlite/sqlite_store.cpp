// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/sqlite/sqlite_store.hpp"

#include <string>

#include "core/protocol/messages_described.hpp"
#include "server/adapters/sqlite/document_codec.hpp"
#include "server/adapters/sqlite/migrations.hpp"
#include "server/adapters/sqlite/sqlite_store_impl.hpp"

namespace clarion::server::sqlite {
namespace {

// "clrn": tells our file from another program's (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x636c726e;

Stored<std::int64_t> pragma(Database& database, const char* sql) {
    auto query = database.query(sql);
    if (!query) return std::unexpected{query.error()};
    const auto row = query->step();
    if (!row) return std::unexpected{row.error()};
    return *row ? query->integer(0) : 0;
}

Stored<void> apply(Database& database, std::size_t index) {
    auto transaction = Transaction::begin(database);
    if (!transaction) return std::unexpected{transaction.error()};
    if (auto done = database.execute(migrations()[index]); !done) return done;
    const std::string version = "PRAGMA user_version=" + std::to_string(index + 1) +
                                "; PRAGMA application_id=" + std::to_string(kApplicationId);
    if (auto done = database.execute(version.c_str()); !done) return done;
    return transaction->commit();
}

Stored<void> migrate(Database& database) {
    const auto version = pragma(database, "PRAGMA user_version");
    if (!version) return std::unexpected{version.error()};
    const auto application = pragma(database, "PRAGMA application_id");
    if (!application) return std::unexpected{application.error()};
    const auto tables = pragma(database, "SELECT count(*) FROM sqlite_schema");
    if (!tables) return std::unexpected{tables.error()};
    if (*application != kApplicationId && (*version != 0 || *tables != 0)) {
        return std::unexpected{StoreError{StoreFault::corrupt, database.file() + ": not a database of clariond"}};
    }
    if (*version > schema_version()) {
        return std::unexpected{StoreError{
            StoreFault::newer, database.file() + ": has schema " + std::to_string(*version) +
                                   ", this program knows up to " + std::to_string(schema_version()) +
                                   "; install the newer clariond or restore the backup made before it"
        }};
    }
    for (auto next = static_cast<std::size_t>(*version); next < migrations().size(); ++next) {
        if (auto applied = apply(database, next); !applied) return applied;
    }
    return {};
}

constexpr const char* kDeviceColumns =
    "SELECT service, user, device, platform, public_key, created_at, updated_at FROM devices"
    " WHERE service=? AND device=?";
constexpr const char* kDevicesOfUser =
    "SELECT service, user, device, platform, public_key, created_at, updated_at FROM devices"
    " WHERE service=? AND user=? ORDER BY created_at, device";

DeviceRecord read_device(const Query& row) {
    DeviceRecord device;
    device.service = ServiceId::parse(row.text(0)).value_or(ServiceId{});
    device.user = UserId::parse(row.text(1)).value_or(UserId{});
    device.device = DeviceId::parse(row.text(2)).value_or(DeviceId{});
    device.platform = enum_from<protocol::Platform>(row.text(3)).value_or(protocol::Platform::desktop);
    device.public_key = row.text(4);
    device.created_at = row.time(5);
    device.updated_at = row.time(6);
    return device;
}

}  // namespace

int schema_version() { return static_cast<int>(migrations().size()); }

Stored<std::unique_ptr<Store>> open_store(const std::string& file) {
    auto database = Database::open(file);
    if (!database) return std::unexpected{database.error()};
    if (const auto migrated = migrate(*database); !migrated) return std::unexpected{migrated.error()};
    return std::make_unique<SqliteStore>(std::move(*database));
}

bool limit_pages_for_test(Store& store, int pages) {
    auto* ours = dynamic_cast<SqliteStore*>(&store);
    return ours != nullptr && ours->database().execute(("PRAGMA max_page_count=" + std::to_string(pages)).c_str());
}

Stored<void> SqliteStore::insert_key(const ApiKeyRecord& key) {
    auto query =
        database_.query("INSERT INTO api_keys (key, service, secret, created_at, revoked_at) VALUES (?,?,?,?,?)");
    if (!query) return std::unexpected{query.error()};
    query->bind(key.key).bind(key.service.text()).bind(key.secret.reveal()).bind(key.created_at).bind(key.revoked_at);
    return query->run();
}

Stored<void> SqliteStore::add_service(const ServiceRecord& service, const ApiKeyRecord& key) {
    return write_account([&]() -> Stored<void> {
        auto query = database_.query("INSERT INTO services (service, name, created_at, policy) VALUES (?,?,?,?)");
        if (!query) return std::unexpected{query.error()};
        const std::string policy = encode_policy(service.policy);
        query->bind(service.id.text()).bind(service.name).bind(service.created_at).bind(policy);
        if (auto done = query->run(); !done) return done;
        return insert_key(key);
    });
}

Stored<std::optional<ServiceRecord>> SqliteStore::find_service(const ServiceId& id) {
    auto query = database_.query("SELECT name, created_at, policy FROM services WHERE service=?");
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(id.text()).step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::nullopt;
    const auto policy = decode_policy(query->text(2));
    if (!policy) {
        return std::unexpected{StoreError{
            StoreFault::corrupt,
            database_.file() + ": the policy of service " + id.text() + " is unreadable: " + policy.error()
        }};
    }
    return ServiceRecord{id, query->text(0), query->time(1), *policy};
}

Stored<bool> SqliteStore::change_service(const ServiceRecord& service) {
    bool changed = false;
    auto written = write_account([&]() -> Stored<void> {
        auto query = database_.query("UPDATE services SET name=?, policy=? WHERE service=?");
        if (!query) return std::unexpected{query.error()};
        const std::string policy = encode_policy(service.policy);
        auto done = query->bind(service.name).bind(policy).bind(service.id.text()).run();
        changed = done && database_.changes() == 1;
        return done;
    });
    if (!written) return std::unexpected{written.error()};
    return changed;
}

Stored<void> SqliteStore::add_api_key(const ApiKeyRecord& key) {
    return write_account([&] { return insert_key(key); });
}

Stored<std::optional<ApiKeyRecord>> SqliteStore::find_api_key(std::string_view key) {
    auto query = database_.query("SELECT service, secret, created_at, revoked_at FROM api_keys WHERE key=?");
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(key).step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::nullopt;
    ApiKeyRecord record{
        std::string{key},
        ServiceId::parse(query->text(0)).value_or(ServiceId{}),
        Redacted{query->text(1)},
        query->time(2),
        {}
    };
    if (!query->is_null(3)) record.revoked_at = query->time(3);
    return record;
}

Stored<bool> SqliteStore::revoke_api_key(const ServiceId& service, std::string_view key, WallTime at) {
    bool revoked = false;
    auto written = write_account([&]() -> Stored<void> {
        auto query =
            database_.query("UPDATE api_keys SET revoked_at=? WHERE service=? AND key=? AND revoked_at IS NULL");
        if (!query) return std::unexpected{query.error()};
        auto done = query->bind(at).bind(service.text()).bind(key).run();
        revoked = done && database_.changes() == 1;
        return done;
    });
    if (!written) return std::unexpected{written.error()};
    return revoked;
}

Stored<void> SqliteStore::put_user(const UserRecord& user) {
    return write_account([&]() -> Stored<void> {
        auto query = database_.query(
            "INSERT INTO users (service, user, name, updated_at) VALUES (?,?,?,?)"
            " ON CONFLICT (service, user) DO UPDATE SET name=excluded.name, updated_at=excluded.updated_at"
        );
        if (!query) return std::unexpected{query.error()};
        query->bind(user.service.text()).bind(user.user.text()).bind(user.name.reveal()).bind(user.updated_at);
        return query->run();
    });
}

Stored<std::optional<UserRecord>> SqliteStore::find_user(const ServiceId& service, const UserId& user) {
    auto query = database_.query("SELECT name, updated_at FROM users WHERE service=? AND user=?");
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(service.text()).bind(user.text()).step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::nullopt;
    return UserRecord{service, user, Redacted{query->text(0)}, query->time(1)};
}

Stored<void> SqliteStore::put_device(const DeviceRecord& device) {
    const auto before = find_device(device.service, device.device);
    if (!before) return std::unexpected{before.error()};
    return write_account([&]() -> Stored<void> {
        // The WHERE makes a device of another user a row that is neither inserted nor updated.
        auto query = database_.query(
            "INSERT INTO devices (service, device, user, platform, public_key, created_at, updated_at)"
            " VALUES (?,?,?,?,?,?,?)"
            " ON CONFLICT (service, device) DO UPDATE SET platform=excluded.platform, public_key=excluded.public_key,"
            " updated_at=excluded.updated_at WHERE user=excluded.user"
        );
        if (!query) return std::unexpected{query.error()};
        const std::string platform{to_string(device.platform)};
        query->bind(device.service.text()).bind(device.device.text()).bind(device.user.text()).bind(platform);
        query->bind(device.public_key);
        query->bind(device.created_at).bind(device.updated_at);
        if (auto done = query->run(); !done) return done;
        if (database_.changes() != 1) {
            return std::unexpected{StoreError{StoreFault::exists, "the device is registered for another user"}};
        }
        if (auto done = write_endpoints(device, *before); !done) return done;
        auto mark = database_.query("DELETE FROM removed_devices WHERE service=? AND device=?");
        if (!mark) return std::unexpected{mark.error()};
        return mark->bind(device.service.text()).bind(device.device.text()).run();
    });
}

Stored<std::optional<DeviceRecord>> SqliteStore::find_device(const ServiceId& service, const DeviceId& device) {
    auto query = database_.query(kDeviceColumns);
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(service.text()).bind(device.text()).step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::nullopt;
    DeviceRecord found = read_device(*query);
    if (auto read = read_endpoints(found); !read) return std::unexpected{read.error()};
    return found;
}

Stored<std::vector<DeviceRecord>> SqliteStore::list_devices(const ServiceId& service, const UserId& user) {
    auto query = database_.query(kDevicesOfUser);
    if (!query) return std::unexpected{query.error()};
    query->bind(service.text()).bind(user.text());
    std::vector<DeviceRecord> devices;
    for (;;) {
        const auto row = query->step();
        if (!row) return std::unexpected{row.error()};
        if (!*row) break;
        devices.push_back(read_device(*query));
    }
    if (devices.empty()) return devices;
    if (auto read = read_endpoints_of_user(service, user, devices); !read) return std::unexpected{read.error()};
    return devices;
}

Stored<bool> SqliteStore::remove_device(
    const ServiceId& service, const UserId& user, const DeviceId& device, WallTime at
) {
    bool removed = false;
    auto written = write_account([&]() -> Stored<void> {
        auto query = database_.query("DELETE FROM devices WHERE service=? AND user=? AND device=?");
        if (!query) return std::unexpected{query.error()};
        auto done = query->bind(service.text()).bind(user.text()).bind(device.text()).run();
        removed = done && database_.changes() == 1;
        if (!removed) return done;
        auto mark =
            database_.query("INSERT OR REPLACE INTO removed_devices (service, device, removed_at) VALUES (?,?,?)");
        if (!mark) return std::unexpected{mark.error()};
        return mark->bind(service.text()).bind(device.text()).bind(at).run();
    });
    if (!written) return std::unexpected{written.error()};
    return removed;
}

}  // namespace clarion::server::sqlite
