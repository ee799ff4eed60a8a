// SPDX-License-Identifier: Apache-2.0
// Calls, their traces, and the decline of a device that has no connection.
#include <charconv>
#include <utility>

#include "server/app/client_session.hpp"
#include "server/app/rest_api.hpp"
#include "server/app/rest_bodies.hpp"
#include "server/app/verdict.hpp"

namespace clarion::server {
namespace {

constexpr std::size_t kListMax = 100;
constexpr std::size_t kListDefault = 20;

rest::CallView view_of(const CallRecord& record) {
    const routing::CallDocument& call = record.document;
    rest::CallView view;
    view.call_id = call.call_id;
    view.from_user = call.from_user;
    view.from_device = call.from_device;
    view.to_user = call.to_user;
    view.media = call.media;
    view.phase = call.phase;
    view.placed_at = call.placed_at;
    view.ring_until = call.ring_until;
    view.answered_at = call.answered_at;
    view.connected_at = call.connected_at;
    view.ended_at = call.ended_at;
    view.winner = call.winner;
    if (call.phase == routing::Phase::ended) {
        view.reason = call.reason;
        view.reason_number = static_cast<std::int32_t>(call.reason);
        view.source = call.source;
        view.ended_by = call.ended_by;
    }
    if (record.outcomes) {
        view.caller_outcome = record.outcomes->caller;
        view.callee_outcome = record.outcomes->callee;
    }
    if (call.screening != routing::Screening::none) view.screening = call.screening;
    view.app_server_data = call.app_server_data;
    for (const routing::Crossing& crossing : call.crossings) view.merged.push_back(crossing.call_id.text());
    for (const routing::Leg& leg : call.legs) {
        view.legs.push_back({leg.device, leg.platform, leg.state, {}});
        if (!leg.why.empty()) view.legs.back().why = leg.why;
    }
    return view;
}

std::optional<std::size_t> limit_of(const net::HttpRequest& request) {
    const auto text = net::query_value(request.query, "limit");
    if (!text) return kListDefault;
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error != std::errc{} || end != text->data() + text->size() || limit == 0 || limit > kListMax)
        return std::nullopt;
    return limit;
}

rest::HistoryEntry entry_of(const CallRecord& record, const UserId& user) {
    const routing::CallDocument& call = record.document;
    const bool is_caller = call.from_user == user;
    rest::HistoryEntry entry;
    entry.call_id = call.call_id;
    entry.direction = is_caller ? "out" : "in";
    entry.peer = is_caller ? call.to_user : call.from_user;
    if (!is_caller) entry.peer_name = call.from_name;
    entry.media = call.media;
    entry.placed_at = call.placed_at;
    entry.answered_at = call.answered_at;
    entry.ended_at = call.ended_at;
    if (record.outcomes) entry.outcome = is_caller ? record.outcomes->caller : record.outcomes->callee;
    entry.reason = call.reason;
    entry.source = call.source;
    return entry;
}

}  // namespace

net::HttpResponse RestApi::history(const Asker& asker, const net::HttpRequest& request, const UserId& user) {
    HistoryQuery query;
    const auto limit = limit_of(request);
    if (!limit) return rest::problem(400, "malformed", "limit is 1 to 100");
    query.limit = *limit;
    if (const auto text = net::query_value(request.query, "outcome")) {
        query.outcome = enum_from<Outcome>(*text);
        if (!query.outcome) {
            return rest::problem(400, "malformed", "outcome is answered, missed, declined, cancelled or failed");
        }
    }
    if (const auto text = net::query_value(request.query, "before")) {
        std::int64_t ms = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
        if (error != std::errc{} || end != text->data() + text->size()) {
            return rest::problem(400, "malformed", "before is milliseconds since 1970");
        }
        query.before = WallTime{ms};
    }
    const auto found = parts_.store.history_of(asker.service, user, query);
    if (!found) return rest::problem(found.error());
    rest::HistoryList list;
    for (const CallRecord& record : *found) list.calls.push_back(entry_of(record, user));
    return rest::json(200, rest::encode(list));
}

net::HttpResponse RestApi::calls(const net::HttpRequest& request, const Path& path) {
    const auto asker = authorize(request);
    if (!asker) return asker.error();
    if (path.size() == 2) return request.method == "GET" ? list_calls(*asker, request) : rest::wrong_method("GET");
    const auto id = CallId::parse(path[2]);
    if (!id) return rest::problem(400, "bad_id", "a call id is a UUID");
    if (path.size() == 3) return request.method == "GET" ? call(*asker, *id) : rest::wrong_method("GET");
    if (path.size() != 4) return rest::not_found();
    if (path[3] == "trace") return request.method == "GET" ? trace(*asker, *id) : rest::wrong_method("GET");
    if (path[3] == "end") return request.method == "POST" ? end_call(*asker, request, *id) : rest::wrong_method("POST");
    return rest::not_found();
}

net::HttpResponse RestApi::list_calls(const Asker& asker, const net::HttpRequest& request) {
    const auto limit = limit_of(request);
    if (!limit) return rest::problem(400, "malformed", "limit is 1 to 100");
    std::optional<UserId> user;
    if (const auto text = net::query_value(request.query, "user")) {
        user = UserId::parse(*text);
        if (!user) return rest::problem(400, "bad_id", "user is 1 to 64 of letters, digits, '-', '_' and '.'");
    }
    const auto found = parts_.store.list_calls(asker.service, user, *limit);
    if (!found) return rest::problem(found.error());
    rest::CallList list;
    for (const CallRecord& record : *found) list.calls.push_back(view_of(record));
    return rest::json(200, rest::encode(list));
}

net::HttpResponse RestApi::call(const Asker& asker, const CallId& id) {
    const auto record = parts_.host.find(asker.service, id);
    if (!record) return rest::problem(record.error());
    return rest::json(200, rest::encode(view_of(*record)));
}

net::HttpResponse RestApi::trace(const Asker& asker, const CallId& id) {
    const auto record = parts_.host.find(asker.service, id);
    if (!record) return rest::problem(record.error());
    parts_.trace.flush();
    const auto steps = parts_.store.trace_of(id);
    if (!steps) return rest::problem(steps.error());
    rest::TraceView view{view_of(*record), {}, verdict(record->document, *steps)};
    for (const TraceStep& step : *steps) {
        view.steps.push_back(
            {step.at, (step.at - record->document.placed_at).count(), step.device, step.what, step.detail}
        );
    }
    return rest::json(200, rest::encode(view));
}

net::HttpResponse RestApi::end_call(const Asker& asker, const net::HttpRequest& request, const CallId& id) {
    const auto body = rest::decode_end(request.body.empty() ? std::string_view{"{}"} : std::string_view{request.body});
    if (!body) return rest::problem(body.error());
    const auto ended =
        parts_.host.handle(asker.service, id, routing::EndReceived{{}, body->reason, body->release_code});
    if (!ended) return rest::problem(ended.error());
    return call(asker, id);
}

net::HttpResponse RestApi::decline(const net::HttpRequest& request) {
    const auto body = rest::decode_decline(request.body);
    if (!body) return rest::problem(body.error());
    const auto record = parts_.store.find_call(body->call_id);
    if (!record) return rest::problem(record.error());
    if (!*record) return rest::problem(protocol::ErrorCode::unknown_call);
    const routing::CallDocument& document = (*record)->document;
    const auto checked = check_ticket(
        parts_.invites.tickets(), parts_.store, document, body->device, body->ticket.reveal(), parts_.clock.wall_now()
    );
    if (!checked) return rest::problem(checked.error());
    // Used again it finds the call over, and changes nothing.
    const auto declined = parts_.host.handle(
        document.service, body->call_id,
        routing::DeclineReceived{body->device, body->reason, body->everywhere, body->release_code}
    );
    if (!declined) return rest::problem(declined.error());
    return rest::json(200, "{}");
}

}  // namespace clarion::server
