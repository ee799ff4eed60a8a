// SPDX-License-Identifier: Apache-2.0
// What users want of calls, and marks about tokens and devices that are good no more.
#include <string>

#include "server/adapters/sqlite/sqlite_store_impl.hpp"

namespace clarion::server::sqlite {
namespace {

std::string joined(const std::vector<UserId>& users) {
    std::string text;
    for (const UserId& user : users) text += (text.empty() ? "" : " ") + user.text();
    return text;
}

std::vector<UserId> split(const std::string& text) {
    std::vector<UserId> users;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (auto user = UserId::parse(std::string_view{text}.substr(begin, end - begin))) users.push_back(*user);
        begin = end + 1;
    }
    return users;
}

}  // namespace

Stored<void> SqliteStore::put_settings(
    const ServiceId& service, const UserId& user, const UserSettings& settings, WallTime at
) {
    return write_account([&]() -> Stored<void> {
        auto query = database_.query(
            "INSERT OR REPLACE INTO user_settings (service, user, do_not_disturb_until, blocked, updated_at)"
            " VALUES (?,?,?,?,?)"
        );
        if (!query) return std::unexpected{query.error()};
        const std::string blocked = joined(settings.blocked);
        query->bind(service.text()).bind(user.text()).bind(settings.do_not_disturb_until).bind(blocked).bind(at);
        return query->run();
    });
}

Stored<UserSettings> SqliteStore::find_settings(const ServiceId& service, const UserId& user) {
    auto query = database_.query("SELECT do_not_disturb_until, blocked FROM user_settings WHERE service=? AND user=?");
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(service.text()).bind(user.text()).step();
    if (!row) return std::unexpected{row.error()};
    UserSettings settings;
    if (!*row) return settings;
    if (!query->is_null(0)) settings.do_not_disturb_until = query->time(0);
    settings.blocked = split(query->text(1));
    return settings;
}

Stored<std::optional<WallTime>> SqliteStore::removed_at(const ServiceId& service, const DeviceId& device) {
    auto query = database_.query("SELECT removed_at FROM removed_devices WHERE service=? AND device=?");
    if (!query) return std::unexpected{query.error()};
    const auto row = query->bind(service.text()).bind(device.text()).step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::nullopt;
    return query->time(0);
}

Stored<void> SqliteStore::revoke_tokens(
    const ServiceId& service, const UserId& user, std::string_view jti, WallTime at
) {
    return write_account([&]() -> Stored<void> {
        auto query =
            database_.query("INSERT OR REPLACE INTO revoked_tokens (service, user, jti, revoked_at) VALUES (?,?,?,?)");
        if (!query) return std::unexpected{query.error()};
        return query->bind(service.text()).bind(user.text()).bind(jti).bind(at).run();
    });
}

Stored<bool> SqliteStore::is_revoked(
    const ServiceId& service, const UserId& user, std::string_view jti, WallTime issued_at
) {
    auto query = database_.query(
        "SELECT 1 FROM revoked_tokens WHERE service=? AND user=? AND (jti='' OR jti=?) AND revoked_at>=?"
    );
    if (!query) return std::unexpected{query.error()};
    return query->bind(service.text()).bind(user.text()).bind(jti).bind(issued_at).step();
}

Stored<void> SqliteStore::forget_marks(WallTime before) {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected{transaction.error()};
    for (const char* sql :
         {"DELETE FROM removed_devices WHERE removed_at<?", "DELETE FROM revoked_tokens WHERE revoked_at<?"}) {
        auto query = database_.query(sql);
        if (!query) return std::unexpected{query.error()};
        if (auto done = query->bind(before).run(); !done) return done;
    }
    return transaction->commit();
}

}  // namespace clarion::server::sqlite
