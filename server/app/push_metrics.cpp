// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_metrics.hpp"

#include <algorithm>

namespace clarion::server {
namespace {

std::string label(std::string_view name, std::string_view value) {
    std::string text{value};
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '\\' || c < ' '; }, '?');
    return std::string{name} + "=\"" + text + '"';
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
    out += "# HELP " + std::string{name} + ' ' + std::string{help} + '\n';
    out += "# TYPE " + std::string{name} + ' ' + std::string{type} + '\n';
}

void line(std::string& out, std::string_view name, const std::string& labels, const std::string& value) {
    out += std::string{name} + '{' + labels + "} " + value + '\n';
}

std::string seconds(std::int64_t ms) {
    std::string text = std::to_string(ms / 1000);
    if (ms % 1000 == 0) return text;
    text += '.' + std::to_string(1000 + ms % 1000).substr(1);
    while (text.ends_with('0')) text.pop_back();
    return text;
}

struct Gauge {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t (*value)(const PushChannelHealth&);
};

constexpr std::array kGauges{
    Gauge{
        "clarion_push_connections", "gauge", "Connections that take pushes now",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.connections; }
    },
    Gauge{
        "clarion_push_streams_limit", "gauge", "Pushes that the provider takes at once now",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.streams_limit; }
    },
    Gauge{
        "clarion_push_in_flight", "gauge", "Pushes without an answer",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.in_flight; }
    },
    Gauge{
        "clarion_push_waiting", "gauge", "Pushes that wait for a stream or for the provider",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.waiting; }
    },
    Gauge{
        "clarion_push_connects_total", "counter", "Connections that became usable",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.connects; }
    },
    Gauge{
        "clarion_push_goaways_total", "counter", "Connections that the provider ended with GOAWAY",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.goaways; }
    },
    Gauge{
        "clarion_push_circuit_open", "gauge", "1: the provider failed again and again, and one push tries at a time",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.is_circuit_open ? 1 : 0; }
    },
    Gauge{
        "clarion_push_credential_fault", "gauge", "1: the provider refuses our credential",
        [](const PushChannelHealth& c) -> std::uint64_t { return c.credential_fault.empty() ? 0 : 1; }
    },
};

}  // namespace

void PushMetrics::count(PushProvider provider, PushKind kind, const PushResult& result) {
    const auto index = static_cast<std::size_t>(provider);
    ++results_[index][static_cast<std::size_t>(kind)][static_cast<std::size_t>(result.outcome)];
    attempts_[index] += result.attempts;
    if (result.outcome != PushOutcome::accepted) return;
    Times& times = accepted_[index];
    ++times.count;
    times.sum_ms += result.elapsed.count();
    for (std::size_t i = 0; i < kBucketsMs.size(); ++i) times.up_to[i] += result.elapsed.count() <= kBucketsMs[i];
}

std::uint64_t PushMetrics::of(PushProvider provider, PushKind kind, PushOutcome outcome) const {
    return results_[static_cast<std::size_t>(provider)][static_cast<std::size_t>(kind)]
                   [static_cast<std::size_t>(outcome)];
}

std::string PushMetrics::text(const PushSenders& senders) const {
    std::string out;
    head(out, "clarion_push_results_total", "counter", "Pushes by what became of them");
    for (const PushProvider provider : kPushProviders) {
        for (std::size_t kind = 0; kind < kPushKinds; ++kind) {
            for (std::size_t outcome = 0; outcome < kPushOutcomes; ++outcome) {
                const auto count = results_[static_cast<std::size_t>(provider)][kind][outcome];
                if (count == 0) continue;
                const std::string labels = label("provider", to_string(provider)) + ',' +
                                           label("kind", to_string(static_cast<PushKind>(kind))) + ',' +
                                           label("outcome", to_string(static_cast<PushOutcome>(outcome)));
                line(out, "clarion_push_results_total", labels, std::to_string(count));
            }
        }
    }
    const auto totals = [&](std::string_view name, std::string_view help, const auto& values) {
        head(out, name, "counter", help);
        for (const PushProvider provider : kPushProviders) {
            const auto count = values[static_cast<std::size_t>(provider)];
            if (count > 0) line(out, name, label("provider", to_string(provider)), std::to_string(count));
        }
    };
    totals("clarion_push_attempts_total", "Requests that a provider may have seen", attempts_);
    totals("clarion_push_tokens_retired_total", "Tokens that their provider called dead", retired_);
    head(out, "clarion_push_accepted_seconds", "histogram", "From handing over to the provider's yes");
    for (const PushProvider provider : kPushProviders) {
        const Times& times = accepted_[static_cast<std::size_t>(provider)];
        if (times.count == 0) continue;
        const std::string name = label("provider", to_string(provider));
        for (std::size_t i = 0; i < kBucketsMs.size(); ++i) {
            const std::string labels = name + ',' + label("le", seconds(kBucketsMs[i]));
            line(out, "clarion_push_accepted_seconds_bucket", labels, std::to_string(times.up_to[i]));
        }
        const std::string count = std::to_string(times.count);
        line(out, "clarion_push_accepted_seconds_bucket", name + ',' + label("le", "+Inf"), count);
        line(out, "clarion_push_accepted_seconds_sum", name, seconds(times.sum_ms));
        line(out, "clarion_push_accepted_seconds_count", name, count);
    }
    for (const Gauge& gauge : kGauges) {
        head(out, gauge.name, gauge.type, gauge.help);
        for (const auto& entry : senders.entries()) {
            for (const PushChannelHealth& channel : entry.sender->channels()) {
                const std::string labels = label("service", entry.service) + ',' +
                                           label("provider", to_string(entry.provider)) + ',' +
                                           label("channel", channel.name);
                line(out, gauge.name, labels, std::to_string(gauge.value(channel)));
            }
        }
    }
    return out;
}

}  // namespace clarion::server
