// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <string>
#include <tuple>

#include "core/base/describe.hpp"
#include "server/ports/policy.hpp"

/// Names and limits of the policies: of the configuration, the REST interface and the store alike. Words are stable.
namespace clarion {

template <>
struct EnumText<routing::Glare> {
    using E = routing::Glare;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::merge, "merge"},
        {E::lower_id_wins, "lower_id_wins"},
        {E::refuse, "refuse"},
    }};
};

template <>
struct EnumText<routing::Unwanted> {
    using E = routing::Unwanted;
    static constexpr std::array<EnumWord<E>, 2> values{{{E::silent, "silent"}, {E::refuse, "refuse"}}};
};

template <>
struct Describe<server::ServicePolicy> {
    using T = server::ServicePolicy;
    static constexpr std::string_view name = "policy";
    /// What may be said from outside.
    static constexpr auto limited = std::tuple{
        field("ring_time_ms", &T::ring_time_ms, {.min = 1'000, .max = 600'000}),
        field("accept_grace_ms", &T::accept_grace_ms, {.min = 0, .max = 60'000}),
        field("socket_grace_ms", &T::socket_grace_ms, {.min = 0, .max = 60'000}),
        field("reconnect_grace_ms", &T::reconnect_grace_ms, {.min = 1'000, .max = 600'000}),
        field("call_time_max_s", &T::call_time_max_s, {.min = 1, .max = 86'400}),
        field("glare", &T::glare),
        field("do_not_disturb", &T::do_not_disturb),
        field("blocked_callers", &T::blocked_callers),
        field("decline_ends_all", &T::decline_ends_all),
        field("busy_ends_all", &T::busy_ends_all),
    };
    /// As it is stored: what was taken once stays readable when a limit changes.
    static constexpr auto fields =
        std::apply([](const auto&... one) { return std::tuple{field(one.name, one.member)...}; }, limited);
};

namespace server {

/// What the policy takes, in words.
template <class Value>
[[nodiscard]] std::string policy_takes(const Field<ServicePolicy, std::optional<Value>>& policy) {
    std::string text;
    if constexpr (std::same_as<Value, bool>) {
        text = "true or false";
    } else if constexpr (DescribedEnum<Value>) {
        for (const auto& one : EnumText<Value>::values) {
            text += (text.empty() ? "one of " : ", ") + std::string{one.word};
        }
    } else {
        text = "a whole number from " + std::to_string(policy.limits.min) + " to " + std::to_string(policy.limits.max);
    }
    return text;
}

/// Calls `visit` with each of them.
template <class Visit>
void for_each_policy(Visit visit) {
    std::apply([&](const auto&... one) { (visit(one), ...); }, Describe<ServicePolicy>::limited);
}

}  // namespace server
}  // namespace clarion
