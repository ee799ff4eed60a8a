// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/ports/store.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite's C interface with owners and with errors as values. For this folder only.
namespace clarion::server::sqlite {

struct DatabaseClose {
    void operator()(sqlite3* handle) const;
};

struct StatementFinalize {
    void operator()(sqlite3_stmt* statement) const;
};

/// One run of a prepared statement: bind in the order of the question marks, then step. Goes back to the cache when it
/// dies. Text that is bound must outlive the Query.
class Query {
  public:
    Query(sqlite3* database, sqlite3_stmt* statement, const std::string* file);
    ~Query();
    Query(Query&& other) noexcept;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    Query& operator=(Query&&) = delete;

    Query& bind(std::string_view text);
    Query& bind(std::int64_t number);
    Query& bind_null();

    Query& bind(WallTime at) { return bind(at.ms); }

    Query& bind(std::optional<WallTime> at) { return at ? bind(at->ms) : bind_null(); }

    /// True: there is a row to read; false: done.
    [[nodiscard]] Stored<bool> step();
    /// For statements without rows.
    [[nodiscard]] Stored<void> run();

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool is_null(int column) const;

    [[nodiscard]] WallTime time(int column) const { return WallTime{integer(column)}; }

  private:
    sqlite3* database_;
    sqlite3_stmt* statement_;
    const std::string* file_;
    int bound_ = 0;
};

class Database {
  public:
    /// Opens or makes the file (mode 0600), switches WAL on. Errors: full, locked, corrupt, unavailable.
    [[nodiscard]] static Stored<Database> open(const std::string& file);

    /// Several statements without parameters.
    [[nodiscard]] Stored<void> execute(const char* sql);
    /// `sql` must be a literal: its address is the key of the cache.
    [[nodiscard]] Stored<Query> query(const char* sql);
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changes() const;

    [[nodiscard]] const std::string& file() const { return *file_; }

  private:
    Database(std::unique_ptr<sqlite3, DatabaseClose> handle, std::unique_ptr<std::string> file);

    std::unique_ptr<std::string> file_;  // Queries point to it while the Database moves.
    std::unique_ptr<sqlite3, DatabaseClose> handle_;
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, StatementFinalize>> cache_;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back when it dies without commit.
class Transaction {
  public:
    [[nodiscard]] static Stored<Transaction> begin(Database& database);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;

    [[nodiscard]] Stored<void> commit();

  private:
    explicit Transaction(Database& database) : database_{&database} {}

    Database* database_;
};

}  // namespace clarion::server::sqlite
