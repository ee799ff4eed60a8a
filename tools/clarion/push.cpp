// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/push.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/web_push.hpp"
#include "net/clock.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "tools/clarion/api.hpp"
#include "tools/clarion/trace.hpp"

namespace clarion::tool {
namespace {

constexpr std::size_t kReplyMax = 1024 * 1024;
constexpr int kExitNotRung = 4;
constexpr int kExitRefused = 6;
constexpr Duration kLook{250};
constexpr Duration kPatience{60'000};  // So long a provider may take, repeats and all.
constexpr Duration kListen{2'000};     // So long a test ring may be heard.

std::string text_of(codec::Node node, std::string_view name) { return std::string{node.get(name).text().value_or("")}; }

/// The outcome in words; the taxonomy is the server's (docs/push.md).
std::string_view meaning_of(std::string_view outcome) {
    struct Row {
        std::string_view outcome, meaning;
    };
    static constexpr std::array kRows{
        Row{"accepted", "the provider took it"},
        Row{"dead_token", "nobody is behind this token any more"},
        Row{"suspect_token", "the token does not fit"},
        Row{"credential_fault", "the provider refuses the server's key"},
        Row{"payload_fault", "the push itself is wrong"},
        Row{"throttled_device", "too many pushes to this device"},
        Row{"throttled_provider", "too many pushes of this app"},
        Row{"transient", "the provider failed"},
        Row{"unprocessed", "the provider refused to look at it"},
        Row{"unknown", "it was sent, and the provider did not answer"},
        Row{"expired", "the provider stood still until it was too late"},
        Row{"overloaded", "too many pushes wait on the server"},
        Row{"waiting", "the provider has not answered yet"}
    };
    for (const Row& row : kRows) {
        if (row.outcome == outcome) return row.meaning;
    }
    return outcome;
}

/// The body of the request. Error: one line.
std::expected<std::string, std::string> body_of(const PushSend& command) {
    codec::Writer out;
    out.begin_object();
    if (!command.provider.empty()) {
        out.key("push").begin_object().key("provider").text(command.provider).key("token").text(command.token);
        if (!command.topic.empty()) out.key("topic").text(command.topic);
        if (!command.environment.empty()) out.key("environment").text(command.environment);
        if (!command.p256dh.empty()) out.key("p256dh").text(command.p256dh);
        if (!command.auth.empty()) out.key("auth").text(command.auth);
        if (command.is_alert_token) out.key("alert").boolean(true);
        out.end_object();
    }
    if (!command.device.empty()) out.key("device").text(command.device);
    if (!command.title.empty()) out.key("title").text(command.title);
    if (!command.body.empty()) out.key("body").text(command.body);
    out.key("data").begin_array();
    for (const std::string& one : command.data) {
        const auto equals = one.find('=');
        if (equals == std::string::npos || equals == 0) {
            return std::unexpected{fmt::format("--data {}: it takes NAME=VALUE", one)};
        }
        out.begin_object().key("name").text(one.substr(0, equals));
        out.key("value").text(one.substr(equals + 1)).end_object();
    }
    out.end_array().key("ttl_s").integer(command.ttl.count() / 1000).end_object();
    return out.take();
}

/// The outcome once every provider has answered; as it stands when one does not for long.
std::expected<std::string, std::string> settled(Api& api, std::string reply) {
    net::Loop loop;
    const Instant until = net::boot_now() + kPatience;
    for (;;) {
        const auto document = codec::Document::parse(reply, kReplyMax);
        const bool is_open = document && document->root().get("done").boolean() == false;
        if (!is_open || net::boot_now() >= until) return reply;
        (void)loop.run_until([] { return false; }, kLook);
        auto later = api.send("GET", "/v1/push/" + net::percent_encode(text_of(document->root(), "id")));
        if (!later) return reply;  // It was sent: what is known is the answer, and nobody sends it again for that.
        reply = *std::move(later);
    }
}

/// The trace of the test's call as it grows.
class Watch {
  public:
    Watch(Api& api, std::string call, Format format) : api_{api}, call_{std::move(call)}, format_{format} {}

    /// Prints what is new. Error: one line.
    [[nodiscard]] std::expected<void, std::string> look() {
        auto body = api_.send("GET", "/v1/calls/" + net::percent_encode(call_) + "/trace");
        if (!body) return std::unexpected{body.error()};
        auto trace = parse_trace(*body);
        if (!trace) return std::unexpected{trace.error()};
        json_ = *std::move(body);
        trace_ = *std::move(trace);
        for (; shown_ < trace_.steps.size(); ++shown_) {
            const auto& step = trace_.steps[shown_];
            if (format_ == Format::text) fmt::print("{:>7} ms  {:<20} {}\n", step.offset_ms, step.what, step.detail);
            has_rung_ = has_rung_ || step.what == "ringing" || step.what.starts_with("tapped_");
            is_over_ = is_over_ || step.what == "answered" || step.what == "ended";
        }
        return {};
    }
    [[nodiscard]] bool has_rung() const { return has_rung_; }
    [[nodiscard]] bool is_over() const { return is_over_; }
    [[nodiscard]] const std::string& json() const { return json_; }
    [[nodiscard]] const Trace& trace() const { return trace_; }

  private:
    Api& api_;
    std::string call_;
    Format format_;
    std::string json_;
    Trace trace_;
    std::size_t shown_ = 0;
    bool has_rung_ = false;
    bool is_over_ = false;
};

}  // namespace

std::vector<std::string> explain_push(std::string_view json) {
    std::vector<std::string> lines;
    const auto document = codec::Document::parse(json, kReplyMax);
    if (!document) return lines;
    const auto results = document->root().get("results");
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto one = results.at(i);
        const std::string device = text_of(one, "device");
        const std::string provider = text_of(one, "provider");
        std::string line = device.empty() ? provider : device + (provider.empty() ? "" : " over " + provider);
        line += fmt::format(": {}", meaning_of(text_of(one, "outcome")));
        const auto status = one.get("status").signed_integer().value_or(0);
        const std::string reason = text_of(one, "reason");
        if (status != 0) line += fmt::format(", {}", status);
        if (!reason.empty()) line += (status != 0 ? " " : ", ") + reason;
        if (const auto id = text_of(one, "provider_id"); !id.empty()) line += ", id " + id;
        if (const auto where = text_of(one, "environment"); !where.empty()) line += ", " + where;
        line += fmt::format(", {} ms", one.get("elapsed_ms").signed_integer().value_or(0));
        if (const auto advice = text_of(one, "advice"); !advice.empty()) line += "\n    " + advice;
        lines.push_back(std::move(line));
    }
    return lines;
}

int push_send(const AccessOptions& options, const PushSend& command) {
    if (command.user.empty() == command.provider.empty() || command.provider.empty() != command.token.empty()) {
        return fail("push send takes a USER, or --provider and --token of one endpoint");
    }
    const auto access = resolve_access(options, Needs::api_key);
    if (!access) return fail(access.error());
    auto api = Api::open(*access);
    if (!api) return fail(api.error());
    const auto request = body_of(command);
    if (!request) return fail(request.error());
    const std::string target =
        command.user.empty() ? "/v1/push" : "/v1/users/" + net::percent_encode(command.user) + "/push";
    auto reply = api->send("POST", target, *request);
    if (reply) reply = settled(*api, *std::move(reply));
    if (!reply) return fail(reply.error());
    if (command.format == Format::json) {
        fmt::print("{}\n", *reply);
    } else {
        for (const std::string& line : explain_push(*reply)) fmt::print("{}\n", line);
    }
    const auto document = codec::Document::parse(*reply, kReplyMax);
    if (!document) return fail("the server's answer is not JSON");
    const auto results = document->root().get("results");
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results.at(i).get("outcome").text() != "accepted") return kExitRefused;
    }
    return 0;
}

int push_test(const AccessOptions& options, const PushTest& command) {
    const auto access = resolve_access(options, Needs::api_key);
    if (!access) return fail(access.error());
    auto api = Api::open(*access);
    if (!api) return fail(api.error());
    const std::string target =
        "/v1/users/" + net::percent_encode(command.user) + "/devices/" + net::percent_encode(command.device) + "/ring";
    const auto reply = api->send("POST", target);
    if (!reply) return fail(reply.error());
    const auto document = codec::Document::parse(*reply, kReplyMax);
    const std::string call = document ? text_of(document->root(), "call_id") : "";
    if (call.empty()) return fail("the server's answer holds no call_id");
    Watch watch{*api, call, command.format};
    net::Loop loop;
    Instant until = net::boot_now() + command.limit;
    bool is_heard = false;
    while (!watch.is_over() && net::boot_now() < until) {
        if (const auto looked = watch.look(); !looked) return fail(looked.error());
        if (watch.has_rung() && !std::exchange(is_heard, true)) until = std::min(until, net::boot_now() + kListen);
        (void)loop.run_until([] { return false; }, kLook);
    }
    const std::string end = "/v1/calls/" + net::percent_encode(call) + "/end";
    if (const auto ended = api->send("POST", end, R"({"reason":"cancel"})"); !ended) return fail(ended.error());
    if (const auto looked = watch.look(); !looked) return fail(looked.error());
    fmt::print("{}\n", command.format == Format::json ? watch.json() : watch.trace().verdict);
    return watch.has_rung() ? 0 : kExitNotRung;
}

int push_vapid_key(const std::string& file) {
    const auto pair = crypto::make_vapid_pair();
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
    const std::string line = pair.private_key + "\n";
    const bool is_written = ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const bool is_closed = ::close(out) == 0;
    if (!is_written || !is_closed) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
    fmt::print("{}\n", pair.public_key);
    return 0;
}

}  // namespace clarion::tool
