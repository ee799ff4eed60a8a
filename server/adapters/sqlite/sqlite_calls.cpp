// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/protocol/reasons.hpp"
#include "server/adapters/sqlite/document_codec.hpp"
#include "server/adapters/sqlite/sqlite_store_impl.hpp"

namespace clarion::server::sqlite {
namespace {

void bind_outcomes(Query& query, const std::optional<Outcomes>& outcomes) {
    if (!outcomes) {
        query.bind_null().bind_null();
        return;
    }
    query.bind(to_string(outcomes->caller)).bind(to_string(outcomes->callee));
}

Stored<std::optional<CallRecord>> none() { return std::optional<CallRecord>{}; }

}  // namespace

Stored<void> SqliteStore::insert_steps(std::span<const TraceStep> steps) {
    for (const TraceStep& step : steps) {
        auto query = database_.query("INSERT INTO trace (call_id, device, at, what, detail) VALUES (?,?,?,?,?)");
        if (!query) return std::unexpected{query.error()};
        const std::string call = step.call_id.text();
        query->bind(call);
        if (step.device) {
            query->bind(step.device->text());
        } else {
            query->bind_null();
        }
        query->bind(step.at).bind(step.what).bind(step.detail);
        if (auto done = query->run(); !done) return done;
    }
    return {};
}

Stored<void> SqliteStore::insert_names(const routing::CallDocument& call) {
    if (call.crossings.empty()) return {};
    const std::string id = call.call_id.text();
    for (const routing::Crossing& crossing : call.crossings) {
        auto query = database_.query("INSERT OR IGNORE INTO call_names (name, call_id) VALUES (?,?)");
        if (!query) return std::unexpected{query.error()};
        const std::string name = crossing.call_id.text();
        if (auto done = query->bind(name).bind(id).run(); !done) return done;
    }
    return {};
}

Stored<void> SqliteStore::insert_call(const CallWrite& write, const std::string& document) {
    // The test for a call the other way round is part of the statement: of two calls that cross, one is inserted.
    auto query = database_.query(
        "INSERT INTO calls (call_id, service, from_user, to_user, placed_at, ended_at, version, document,"
        " caller_outcome, callee_outcome, policy) SELECT ?1,?2,?3,?4,?5,?6,1,?7,?8,?9,?10 WHERE ?11=0 OR NOT EXISTS ("
        "SELECT 1 FROM calls WHERE service=?2 AND from_user=?4 AND to_user=?3 AND ended_at IS NULL"
        " AND CASE WHEN json_valid(document) THEN json_extract(document, '$.phase') END='ringing')"
    );
    if (!query) return std::unexpected{query.error()};
    const routing::CallDocument& call = *write.document;
    const std::string id = call.call_id.text();
    query->bind(id).bind(call.service.text()).bind(call.from_user.text()).bind(call.to_user.text());
    query->bind(call.placed_at).bind(call.ended_at).bind(document);
    bind_outcomes(*query, write.outcomes);
    const std::string policy = encode_policy(write.policy);
    query->bind(policy).bind(static_cast<std::int64_t>(write.refuse_crossing));
    if (auto done = query->run(); !done) return done;
    if (database_.changes() == 1) return {};
    return std::unexpected{StoreError{StoreFault::crossed, "call " + id + " crosses another one"}};
}

Stored<void> SqliteStore::update_call(const CallWrite& write, const std::string& document) {
    // Outcomes are written once; a later write of an ended call keeps them.
    auto query = database_.query(
        "UPDATE calls SET version=version+1, ended_at=?, document=?, caller_outcome=coalesce(?, caller_outcome),"
        " callee_outcome=coalesce(?, callee_outcome) WHERE call_id=? AND version=?"
    );
    if (!query) return std::unexpected{query.error()};
    const std::string id = write.document->call_id.text();
    query->bind(write.document->ended_at).bind(document);
    bind_outcomes(*query, write.outcomes);
    query->bind(id).bind(static_cast<std::int64_t>(write.expected_version));
    if (auto done = query->run(); !done) return done;
    if (database_.changes() == 1) return {};
    return std::unexpected{StoreError{StoreFault::conflict, "call " + id + " was written by somebody else"}};
}

Stored<std::uint64_t> SqliteStore::write_call(const CallWrite& write) {
    const std::string document = encode_document(*write.document);
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected{transaction.error()};
    auto written = write.expected_version == 0 ? insert_call(write, document) : update_call(write, document);
    if (written) written = insert_names(*write.document);
    if (written) written = insert_steps(write.steps);
    if (written) written = transaction->commit();
    if (!written) return std::unexpected{written.error()};
    return write.expected_version + 1;
}

Stored<CallRecord> SqliteStore::read_call(const Query& row) const {
    const auto unreadable = [&](const std::string& why) {
        return std::unexpected{
            StoreError{StoreFault::corrupt, database_.file() + ": call " + row.text(4) + " is unreadable: " + why}
        };
    };
    auto document = decode_document(row.text(0));
    if (!document) return unreadable(document.error());
    const auto policy = decode_policy(row.text(5));
    if (!policy) return unreadable(policy.error());
    CallRecord record{std::move(*document), static_cast<std::uint64_t>(row.integer(1)), {}, *policy};
    const auto caller = enum_from<Outcome>(row.text(2));
    const auto callee = enum_from<Outcome>(row.text(3));
    if (caller && callee) record.outcomes = Outcomes{*caller, *callee};
    return record;
}

Stored<UnendedCalls> SqliteStore::read_calls(Query& rows) const {
    UnendedCalls read;
    for (;;) {
        const auto row = rows.step();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return read;
        // One unreadable document must not take the others with it.
        auto call = read_call(rows);
        if (call) {
            read.calls.push_back(std::move(*call));
        } else {
            read.unreadable.push_back(call.error().text);
        }
    }
}

Stored<std::optional<CallRecord>> SqliteStore::find_one(Query& query) const {
    const auto row = query.step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return none();
    auto call = read_call(query);
    if (!call) return std::unexpected{call.error()};
    return std::optional<CallRecord>{std::move(*call)};
}

Stored<std::optional<CallRecord>> SqliteStore::find_call(const CallId& id) {
    const std::string text = id.text();
    {
        auto query = database_.query(
            "SELECT document, version, caller_outcome, callee_outcome, call_id, policy FROM calls WHERE call_id=?"
        );
        if (!query) return std::unexpected{query.error()};
        auto found = find_one(query->bind(text));
        if (!found || *found) return found;
    }
    auto query = database_.query(
        "SELECT document, version, caller_outcome, callee_outcome, call_id, policy FROM calls"
        " WHERE call_id=(SELECT call_id FROM call_names WHERE name=?)"
    );
    if (!query) return std::unexpected{query.error()};
    return find_one(query->bind(text));
}

Stored<std::optional<CallRecord>> SqliteStore::find_crossing(
    const ServiceId& service, const UserId& from, const UserId& to
) {
    auto query = database_.query(
        "SELECT document, version, caller_outcome, callee_outcome, call_id, policy FROM calls WHERE service=? AND "
        "from_user=?"
        " AND to_user=? AND ended_at IS NULL"
        " AND CASE WHEN json_valid(document) THEN json_extract(document, '$.phase') END='ringing'"
        " ORDER BY placed_at, call_id LIMIT 1"
    );
    if (!query) return std::unexpected{query.error()};
    return find_one(query->bind(service.text()).bind(from.text()).bind(to.text()));
}

Stored<std::vector<CallRecord>> SqliteStore::history_of(
    const ServiceId& service, const UserId& user, const HistoryQuery& wanted
) {
    auto query = database_.query(
        "SELECT document, version, caller_outcome, callee_outcome, call_id, policy, placed_at FROM calls"
        " WHERE service=?1 AND from_user=?2 AND ended_at IS NOT NULL AND placed_at<?3 AND (?4='' OR caller_outcome=?4)"
        " UNION ALL"
        " SELECT document, version, caller_outcome, callee_outcome, call_id, policy, placed_at FROM calls"
        " WHERE service=?1 AND to_user=?2 AND ended_at IS NOT NULL AND placed_at<?3 AND (?4='' OR callee_outcome=?4)"
        " ORDER BY placed_at DESC, call_id LIMIT ?5"
    );
    if (!query) return std::unexpected{query.error()};
    const std::string outcome{wanted.outcome ? to_string(*wanted.outcome) : ""};
    query->bind(service.text()).bind(user.text()).bind(wanted.before.value_or(WallTime{INT64_MAX})).bind(outcome);
    query->bind(static_cast<std::int64_t>(wanted.limit));
    auto read = read_calls(*query);
    if (!read) return std::unexpected{read.error()};
    return std::move(read->calls);
}

Stored<UnendedCalls> SqliteStore::unended_calls() {
    auto query = database_.query(
        "SELECT document, version, caller_outcome, callee_outcome, call_id, policy FROM calls WHERE ended_at IS NULL"
        " ORDER BY placed_at"
    );
    if (!query) return std::unexpected{query.error()};
    return read_calls(*query);
}

Stored<std::vector<CallRecord>> SqliteStore::list_calls(
    const ServiceId& service, const std::optional<UserId>& user, std::size_t limit
) {
    // Two index walks that are merged: an OR over two columns would scan the service's whole history.
    auto query =
        user ? database_.query(
                   "SELECT document, version, caller_outcome, callee_outcome, call_id, policy, placed_at FROM calls"
                   " WHERE service=?1 AND from_user=?2 UNION ALL"
                   " SELECT document, version, caller_outcome, callee_outcome, call_id, policy, placed_at FROM calls"
                   " WHERE service=?1 AND to_user=?2 ORDER BY placed_at DESC, call_id LIMIT ?3"
               )
             : database_.query(
                   "SELECT document, version, caller_outcome, callee_outcome, call_id, policy, placed_at FROM calls"
                   " WHERE service=?1 ORDER BY placed_at DESC, call_id LIMIT ?2"
               );
    if (!query) return std::unexpected{query.error()};
    query->bind(service.text());
    if (user) query->bind(user->text());
    query->bind(static_cast<std::int64_t>(limit));
    auto read = read_calls(*query);
    if (!read) return std::unexpected{read.error()};
    return std::move(read->calls);
}

Stored<void> SqliteStore::append_trace(std::span<const TraceStep> steps) {
    if (steps.empty()) return {};
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected{transaction.error()};
    if (auto done = insert_steps(steps); !done) return done;
    return transaction->commit();
}

Stored<std::vector<TraceStep>> SqliteStore::trace_of(const CallId& id) {
    auto query = database_.query("SELECT device, at, what, detail FROM trace WHERE call_id=? ORDER BY at, id");
    if (!query) return std::unexpected{query.error()};
    const std::string text = id.text();
    query->bind(text);
    std::vector<TraceStep> steps;
    for (;;) {
        const auto row = query->step();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return steps;
        steps.push_back({id, DeviceId::parse(query->text(0)), query->time(1), query->text(2), query->text(3)});
    }
}

Stored<void> SqliteStore::probe_write() {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected{transaction.error()};
    // Rewrites the first page with what it says already, and so the journal grows by a page. An UPDATE that matches
    // nothing would succeed on a full disk.
    std::string sql = "PRAGMA user_version=";
    {
        auto version = database_.query("PRAGMA user_version");
        if (!version) return std::unexpected{version.error()};
        if (const auto row = version->step(); !row) return std::unexpected{row.error()};
        sql += std::to_string(version->integer(0));
    }
    if (auto done = database_.execute(sql.c_str()); !done) return done;
    return transaction->commit();
}

Stored<std::size_t> SqliteStore::forget_calls(WallTime placed_before, std::size_t limit) {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected{transaction.error()};
    constexpr const char* kTrace =
        "DELETE FROM trace WHERE call_id IN (SELECT call_id FROM calls WHERE placed_at<? AND ended_at IS NOT NULL"
        " ORDER BY placed_at LIMIT ?)";
    constexpr const char* kNames =
        "DELETE FROM call_names WHERE call_id IN (SELECT call_id FROM calls WHERE placed_at<? AND ended_at IS NOT NULL"
        " ORDER BY placed_at LIMIT ?)";
    constexpr const char* kCalls =
        "DELETE FROM calls WHERE call_id IN (SELECT call_id FROM calls WHERE placed_at<? AND ended_at IS NOT NULL"
        " ORDER BY placed_at LIMIT ?)";
    std::int64_t forgotten = 0;
    for (const char* sql : {kTrace, kNames, kCalls}) {
        auto query = database_.query(sql);
        if (!query) return std::unexpected{query.error()};
        auto done = query->bind(placed_before).bind(static_cast<std::int64_t>(limit)).run();
        if (!done) return std::unexpected{done.error()};
        forgotten = database_.changes();
    }
    if (auto done = transaction->commit(); !done) return std::unexpected{done.error()};
    return static_cast<std::size_t>(forgotten);
}

}  // namespace clarion::server::sqlite
