// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/trace.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>

#include "core/codec/json.hpp"
#include "net/http_message.hpp"
#include "tools/clarion/api.hpp"
#include "tools/clarion/terminal.hpp"

namespace clarion::tool {
namespace {

constexpr std::size_t kTraceMax = 1024 * 1024;

std::string text_of(codec::Node node, std::string_view name) { return std::string{node.get(name).text().value_or("")}; }

std::string local_time(std::int64_t wall_ms) {
    if (wall_ms <= 0) return {};
    return fmt::format(
        "{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::localtime(static_cast<std::time_t>(wall_ms / 1000)), wall_ms % 1000
    );
}

/// The id of the newest call. Error: one line.
std::expected<std::string, std::string> newest_call(Api& api, const std::string& user) {
    auto target = std::string{"/v1/calls?limit=1"};
    if (!user.empty()) target += "&user=" + net::percent_encode(user);
    const auto body = api.send("GET", target);
    if (!body) return std::unexpected{body.error()};
    const auto document = codec::Document::parse(*body, kTraceMax);
    if (!document) return std::unexpected{std::string{"the server's answer is not JSON"}};
    auto id = text_of(document->root().get("calls").at(0), "call_id");
    if (id.empty()) return std::unexpected{std::string{"there is no call yet"}};
    return id;
}

}  // namespace

std::expected<Trace, std::string> parse_trace(std::string_view json) {
    const auto document = codec::Document::parse(json, kTraceMax);
    if (!document) return std::unexpected{std::string{"the server's answer is not JSON"}};
    const auto root = document->root();
    const auto call = root.get("call");
    const auto steps = root.get("steps");
    if (!call.is_object() || !steps.is_array()) {
        return std::unexpected{std::string{"the server's answer holds no trace: is this a Clarion server?"}};
    }
    Trace trace{
        .call_id = text_of(call, "call_id"),
        .from = text_of(call, "from_user"),
        .to = text_of(call, "to_user"),
        .placed_at = local_time(call.get("placed_at").signed_integer().value_or(0)),
        .verdict = text_of(root, "verdict"),
        .steps = {},
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto step = steps.at(i);
        trace.steps.push_back(
            {step.get("offset_ms").signed_integer().value_or(0), text_of(step, "device"), text_of(step, "what"),
             text_of(step, "detail")}
        );
    }
    return trace;
}

int trace_show(const AccessOptions& options, const TraceShow& command) {
    const auto access = resolve_access(options, Needs::api_key);
    if (!access) return fail(access.error());
    auto api = Api::open(*access);
    if (!api) return fail(api.error());
    std::string call = command.call;
    if (call.empty()) {
        auto newest = newest_call(*api, command.user);
        if (!newest) return fail(newest.error());
        call = std::move(*newest);
    }
    const auto body = api->send("GET", "/v1/calls/" + net::percent_encode(call) + "/trace");
    if (!body) return fail(body.error());
    if (command.format == Format::json) {
        fmt::print("{}\n", *body);
        return 0;
    }
    const auto trace = parse_trace(*body);
    if (!trace) return fail(trace.error());
    const auto screen = look_at_stdout();
    fmt::print(
        "{}", render_waterfall(
                  *trace, {.width = screen.width,
                           .colours = screen.colours,
                           .letters = command.ascii ? Letters::ascii : screen.letters}
              )
    );
    return 0;
}

}  // namespace clarion::tool
