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
    Stored<void> add_api_key(const ApiKeyRecord& key) override;
    Stored<std::optional<ApiKeyRecord>> find_api_key(std::string_view key) override;
    Stored<bool> revoke_api_key(const ServiceId& service, std::string_view key, WallTime at) override;
    Stored<void> put_user(const UserRecord& user) override;
    Stored<std::optional<UserRecord>> find_user(const ServiceId& service, const UserId& user) override;
    Stored<void> put_device(const DeviceRecord& device) override;
    Stored<std::optional<DeviceRecord>> find_device(const ServiceId& service, const DeviceId& device) override;
    Stored<std::vector<DeviceRecord>> list_devices(const ServiceId& service, const UserId& user) override;
    Stored<bool> remove_device(const ServiceId& service, const UserId& user, const DeviceId& device) override;
    Stored<void> retire_push(const ServiceId& service, const DeviceId& device, std::string_view token) override;

    Stored<std::uint64_t> write_call(const CallWrite& write) override;
    Stored<std::optional<CallRecord>> find_call(const CallId& id) override;
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
    Stored<void> insert_steps(std::span<const TraceStep> steps);
    Stored<void> insert_call(const CallWrite& write, const std::string& document);
    Stored<void> update_call(const CallWrite& write, const std::string& document);
    Stored<CallRecord> read_call(const Query& row) const;
    Stored<UnendedCalls> read_calls(Query& rows) const;

    Database database_;
};

}  // namespace clarion::server::sqlite
