// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "server/adapters/sqlite/database.hpp"
#include "server/adapters/sqlite/sqlite_store.hpp"

namespace clarion::server::sqlite {

class SqliteStore final : public Store {
  public:
    explicit SqliteStore(Database database) : database_{std::move(database)} {}

    Stored<void> add_service(const ServiceRecord& service, const ApiKeyRecord& key) override;
    Stored<std::optional<ServiceRecord>> find_service(const ServiceId& id) override;
    Stored<bool> change_service(const ServiceRecord& service) override;
    Stored<void> add_api_key(const ApiKeyRecord& key) override;
    Stored<std::optional<ApiKeyRecord>> find_api_key(std::string_view key) override;
    Stored<bool> revoke_api_key(const ServiceId& service, std::string_view key, WallTime at) override;
    Stored<void> put_user(const UserRecord& user) override;
    Stored<std::optional<UserRecord>> find_user(const ServiceId& service, const UserId& user) override;
    Stored<void> put_device(const DeviceRecord& device) override;
    Stored<std::optional<DeviceRecord>> find_device(const ServiceId& service, const DeviceId& device) override;
    Stored<std::vector<DeviceRecord>> list_devices(const ServiceId& service, const UserId& user) override;
    Stored<bool> remove_device(const ServiceId& service, const UserId& user, const DeviceId& device, WallTime at)
        override;
    Stored<std::optional<WallTime>> removed_at(const ServiceId& service, const DeviceId& device) override;
    Stored<void> put_settings(const ServiceId& service, const UserId& user, const UserSettings& settings, WallTime at)
        override;
    Stored<UserSettings> find_settings(const ServiceId& service, const UserId& user) override;
    Stored<void> revoke_tokens(const ServiceId& service, const UserId& user, std::string_view jti, WallTime at)
        override;
    Stored<bool> is_revoked(const ServiceId& service, const UserId& user, std::string_view jti, WallTime issued_at)
        override;
    Stored<void> forget_marks(WallTime before) override;
    Stored<void> put_endpoint(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
    ) override;
    Stored<void> remove_endpoint(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
    ) override;
    Stored<bool> was_retired(const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint) override;
    Stored<void> retire_push(const ServiceId& service, const DeviceId& device, std::string_view token) override;
    Stored<void> learn_push(const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint) override;

    Stored<std::uint64_t> write_call(const CallWrite& write) override;
    Stored<std::optional<CallRecord>> find_call(const CallId& id) override;
    Stored<std::optional<CallRecord>> find_crossing(const ServiceId& service, const UserId& from, const UserId& to)
        override;
    Stored<std::vector<CallRecord>> history_of(const ServiceId& service, const UserId& user, const HistoryQuery& query)
        override;
    Stored<UnendedCalls> unended_calls() override;
    Stored<std::vector<CallRecord>> list_calls(
        const ServiceId& service, const std::optional<UserId>& user, std::size_t limit
    ) override;
    Stored<void> append_trace(std::span<const TraceStep> steps) override;
    Stored<std::vector<TraceStep>> trace_of(const CallId& id) override;
    Stored<std::size_t> forget_calls(WallTime placed_before, std::size_t limit) override;

    Stored<void> probe_write() override;

    [[nodiscard]] Database& database() { return database_; }

  private:
    /// One transaction that survives a power cut.
    template <class Body>
    Stored<void> write_account(Body body);
    Stored<void> insert_key(const ApiKeyRecord& key);
    Stored<void> read_endpoints(DeviceRecord& device);
    Stored<void> read_endpoints_of_user(
        const ServiceId& service, const UserId& user, std::vector<DeviceRecord>& devices
    );
    Stored<void> insert_endpoint(
        const ServiceId& service, const DeviceId& device, std::int64_t place, const PushEndpoint& endpoint, WallTime at
    );
    Stored<void> touch_device(const ServiceId& service, const DeviceId& device, WallTime at);
    Stored<void> write_endpoints(const DeviceRecord& device, const std::optional<DeviceRecord>& before);
    Stored<void> insert_steps(std::span<const TraceStep> steps);
    Stored<void> insert_names(const routing::CallDocument& call);
    Stored<std::optional<CallRecord>> find_one(Query& query) const;
    Stored<void> insert_call(const CallWrite& write, const std::string& document);
    Stored<void> update_call(const CallWrite& write, const std::string& document);
    Stored<CallRecord> read_call(const Query& row) const;
    Stored<UnendedCalls> read_calls(Query& rows) const;

    Database database_;
};

template <class Body>
Stored<void> SqliteStore::write_account(Body body) {
    // The level cannot change inside a transaction.
    if (auto set = database_.execute("PRAGMA synchronous=FULL"); !set) return set;
    Stored<void> result;
    {
        auto transaction = Transaction::begin(database_);
        if (!transaction) {
            result = std::unexpected{transaction.error()};
        } else {
            result = body();
            if (result) result = transaction->commit();
        }
    }
    (void)database_.execute("PRAGMA synchronous=NORMAL");  // Staying at FULL would only be slower.
    return result;
}

}  // namespace clarion::server::sqlite
