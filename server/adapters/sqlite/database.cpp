// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/sqlite/database.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace clarion::server::sqlite {
namespace {

// One process owns the database (clariond locks its data directory), so that waiting is only for a backup tool.
constexpr std::chrono::milliseconds kBusyWait{2'000};

StoreFault fault_of(int extended, int system_error) {
    switch (extended) {
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_UNIQUE: return StoreFault::exists;
        default: break;
    }
    switch (extended & 0xff) {
        case SQLITE_FULL: return StoreFault::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return StoreFault::locked;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return StoreFault::corrupt;
        // SQLite calls a write that found no space an I/O error when it was the journal's.
        default: return system_error == ENOSPC || system_error == EDQUOT ? StoreFault::full : StoreFault::unavailable;
    }
}

StoreError error_of(sqlite3* handle, const std::string& file) {
    const int extended = sqlite3_extended_errcode(handle);
    const int system_error = sqlite3_system_errno(handle);
    // Messages of constraints name columns only; values never appear in SQLite's messages.
    std::string text = file + ": " + sqlite3_errmsg(handle);
    const bool is_the_systems = (extended & 0xff) == SQLITE_IOERR || (extended & 0xff) == SQLITE_CANTOPEN;
    if (is_the_systems && system_error != 0) text += " (" + std::generic_category().message(system_error) + ")";
    return {fault_of(extended, system_error), std::move(text)};
}

}  // namespace

void DatabaseClose::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

void StatementFinalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Query::Query(sqlite3* database, sqlite3_stmt* statement, const std::string* file)
    : database_{database}, statement_{statement}, file_{file} {}

Query::Query(Query&& other) noexcept
    : database_{other.database_},
      statement_{std::exchange(other.statement_, nullptr)},
      file_{other.file_},
      bound_{other.bound_} {}

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::string_view text) {
    // A null pointer would bind NULL; an empty view may have one.
    sqlite3_bind_text64(statement_, ++bound_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Query& Query::bind(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
}

Query& Query::bind_null() {
    sqlite3_bind_null(statement_, ++bound_);
    return *this;
}

Stored<bool> Query::step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    return std::unexpected{error_of(database_, *file_)};
}

Stored<void> Query::run() {
    const auto stepped = step();
    if (!stepped) return std::unexpected{stepped.error()};
    return {};
}

std::string Query::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Database::Database(std::unique_ptr<sqlite3, DatabaseClose> handle, std::unique_ptr<std::string> file)
    : file_{std::move(file)}, handle_{std::move(handle)} {}

Stored<Database> Database::open(const std::string& file) {
    sqlite3* raw = nullptr;
    // Secrets are inside: nobody else may read it, whatever the umask says. The WAL file inherits the mode.
    const mode_t umask_before = umask(0077);
    const int result = sqlite3_open_v2(
        file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr
    );
    std::unique_ptr<sqlite3, DatabaseClose> handle{raw};
    Stored<Database> opened = std::unexpected{StoreError{StoreFault::unavailable, file + ": out of memory"}};
    if (result != SQLITE_OK) {
        if (raw != nullptr) opened = std::unexpected{error_of(raw, file)};
        umask(umask_before);
        return opened;
    }
    sqlite3_busy_timeout(raw, static_cast<int>(kBusyWait.count()));
    Database database{std::move(handle), std::make_unique<std::string>(file)};
    // NORMAL: a commit is in the WAL, safe from the death of the process; account data switches to FULL for its commit.
    const auto prepared = database.execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
    );
    umask(umask_before);
    if (!prepared) return std::unexpected{prepared.error()};
    return database;
}

Stored<void> Database::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return std::unexpected{error_of(handle_.get(), *file_)};
}

Stored<Query> Database::query(const char* sql) {
    auto& cached = cache_[sql];
    if (!cached) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
            return std::unexpected{error_of(handle_.get(), *file_)};
        }
        cached.reset(statement);
    }
    return Query{handle_.get(), cached.get(), file_.get()};
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

Stored<Transaction> Transaction::begin(Database& database) {
    if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return std::unexpected{begun.error()};
    return Transaction{database};
}

Transaction::~Transaction() {
    if (database_ == nullptr) return;
    // Fails only when SQLite rolled back by itself (disk full): then there is nothing left to undo.
    (void)database_->execute("ROLLBACK");
}

Stored<void> Transaction::commit() {
    const auto committed = database_->execute("COMMIT");
    if (committed) database_ = nullptr;
    return committed;
}

}  // namespace clarion::server::sqlite
