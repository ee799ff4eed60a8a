// SPDX-License-Identifier: Apache-2.0
#include "lab/world/chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/messages_described.hpp"

namespace clarion::lab::world {

namespace {

constexpr std::size_t kLaneWidth = 8;
constexpr std::size_t kMargin = 11;

std::string_view platform_word(Platform platform) { return clarion::to_string(platform); }

std::string number_of(const CallId& id) {
    const std::uint8_t call = call_index(id);
    return call == kNoPhone ? " #?" : fmt::format(" #{}", call);
}

template <class T>
std::string brief_of(const T& message) {
    std::string text{Describe<T>::name};
    if constexpr (requires { CallId{message.call_id}; }) {
        text += number_of(message.call_id);
    } else if constexpr (requires { message.call_id->uuid; }) {
        text += message.call_id ? " ticket" + number_of(*message.call_id) : std::string{" token"};
    }
    if constexpr (requires { protocol::ReceiptStep{message.step}; })
        text += fmt::format(" {}", clarion::to_string(message.step));
    if constexpr (requires { EndReason{message.reason}; })
        text += fmt::format(" {}", clarion::to_string(message.reason));
    if constexpr (requires { EndSource{message.source}; })
        text += fmt::format(" by {}", clarion::to_string(message.source));
    if constexpr (requires { protocol::ErrorCode{message.code}; }) {
        text += fmt::format(" {} (request {})", clarion::to_string(message.code), message.id);
    }
    if constexpr (std::same_as<T, protocol::Welcome>) text += message.resumed ? " resumed" : " anew";
    return text;
}

struct Lanes {
    std::vector<std::uint8_t> order;

    explicit Lanes(const Scenario& scenario) {
        for (std::uint8_t user = 0; user < 2; ++user) {
            for (std::uint8_t i = 0; i < scenario.phones.size(); ++i) {
                if (scenario.phones[i].user == user) order.push_back(i);
            }
            if (user == 0) order.push_back(Chart::kServer);
        }
    }
    [[nodiscard]] std::size_t column(std::uint8_t lane) const {
        const auto found = std::ranges::find(order, lane);
        return kMargin + static_cast<std::size_t>(found - order.begin()) * kLaneWidth;
    }
    [[nodiscard]] std::string row() const {
        std::string text(kMargin + order.size() * kLaneWidth, ' ');
        for (const std::uint8_t lane : order) text[column(lane)] = '|';
        return text;
    }
};

}  // namespace

std::string brief(const protocol::ClientMessage& message) {
    return std::visit([](const auto& one) { return brief_of(one); }, message);
}

std::string brief(const protocol::ServerMessage& message) {
    return std::visit([](const auto& one) { return brief_of(one); }, message);
}

std::string name_of(const Scenario& scenario, std::uint8_t phone) {
    if (phone >= scenario.phones.size()) return "server";
    const PhoneSpec& spec = scenario.phones[phone];
    return fmt::format("p{} ({}, {})", phone, user_id(spec.user).text(), platform_word(spec.platform));
}

std::string brief(const Scenario& scenario, const Deed& deed) {
    std::string when;
    switch (deed.trigger) {
        case Trigger::start: when = fmt::format("at {:.3f} s", static_cast<double>(deed.at) / 1000.0); break;
        case Trigger::ring: when = fmt::format("{} ms after #{} is on its screen", deed.at, deed.call); break;
        case Trigger::step: when = fmt::format("at its input {}", deed.at); break;
    }
    std::string what{to_string(deed.kind)};
    if (deed.kind == DeedKind::place) {
        what = fmt::format("calls {} (#{})", user_id(static_cast<std::uint8_t>(deed.amount)).text(), deed.call);
    } else if (deed.amount != 0) {
        what += fmt::format(" ({} ms)", deed.amount);
    }
    return fmt::format("{}: {}, {}", name_of(scenario, deed.phone), what, when);
}

std::string Chart::text(const Scenario& scenario) const {
    const Lanes lanes{scenario};
    std::string out;
    for (std::uint8_t i = 0; i < scenario.phones.size(); ++i) {
        const PhoneSpec& spec = scenario.phones[i];
        out += fmt::format(
            "{}{}{}{}\n", name_of(scenario, i), spec.is_online ? ", online" : "",
            spec.is_running ? "" : ", app is dead", spec.has_token ? "" : ", no token"
        );
    }
    const Weather& w = scenario.weather;
    out += fmt::format(
        "network: {} ms; push: {} ms, {} % lost, {} % twice; slow writes {} %, deaf connections {} %\n",
        w.latency.count(), w.push_delay.count(), w.push_loss, w.push_duplicates, w.slow_writes, w.deaf_opens
    );
    for (const Deed& deed : scenario.deeds) out += brief(scenario, deed) + "\n";
    std::string head(kMargin, ' ');
    for (const std::uint8_t lane : lanes.order) {
        head += fmt::format("{:<8}", lane == kServer ? "server" : fmt::format("p{}", lane));
    }
    out += "\n" + head + "\n";
    for (const Line& line : lines_) {
        std::string row = lanes.row();
        const std::string at = fmt::format("{:9.3f}", static_cast<double>(line.at) / 1000.0);
        std::ranges::copy(at, row.begin());
        const std::size_t from = lanes.column(line.from);
        const std::size_t to = lanes.column(line.to);
        for (std::size_t i = std::min(from, to) + 1; i < std::max(from, to); ++i) {
            if (row[i] == ' ') row[i] = '-';
        }
        if (from == to) row[from] = '*';
        if (from < to) row[to - 1] = '>';
        if (from > to) row[to + 1] = '<';
        out += row + line.text + "\n";
    }
    return out;
}

}  // namespace clarion::lab::world
