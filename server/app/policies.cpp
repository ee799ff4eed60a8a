// SPDX-License-Identifier: Apache-2.0
#include "server/app/policies.hpp"

#include <algorithm>
#include <concepts>
#include <utility>

#include "server/ports/policy_described.hpp"

namespace clarion::server {
namespace {

constexpr std::size_t kNameShown = 40;

template <class Value>
std::optional<Value> value_of(codec::Node node, const Limits& limits) {
    if constexpr (std::same_as<Value, bool>) {
        return node.boolean();
    } else if constexpr (DescribedEnum<Value>) {
        const auto word = node.text();
        return word ? enum_from<Value>(*word) : std::nullopt;
    } else {
        const auto number = node.signed_integer();
        if (!number || *number < limits.min || *number > limits.max) return std::nullopt;
        return static_cast<Value>(*number);
    }
}

template <class Value>
std::string text_of(const Value& value) {
    if constexpr (std::same_as<Value, bool>) {
        return value ? "true" : "false";
    } else if constexpr (DescribedEnum<Value>) {
        return std::string{to_string(value)};
    } else {
        return std::to_string(value);
    }
}

/// What somebody sent is repeated only when it cannot be anything but a name.
bool is_showable(std::string_view name) {
    return !name.empty() && name.size() <= kNameShown && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

PolicyFault unknown(std::string_view name) {
    std::string all;
    for_each_policy([&](const auto& one) { all += (all.empty() ? "" : ", ") + std::string{one.name}; });
    const std::string field = is_showable(name) ? "policy." + std::string{name} : "policy";
    const std::string what = is_showable(name) ? field + " is no policy" : "policy has a member that is no policy";
    return {field, what + "; there are " + all};
}

}  // namespace

Stored<ServicePolicy> Policies::for_new_call(const ServiceId& service) {
    if (const auto known = known_.find(service); known != known_.end()) return effective(known->second);
    const auto stored = store_.find_service(service);
    if (!stored) return std::unexpected{stored.error()};
    const ServicePolicy own = *stored ? (*stored)->policy : ServicePolicy{};
    known_.emplace(service, own);
    return effective(own);
}

Stored<bool> Policies::change(const ServiceRecord& service) {
    const auto changed = store_.change_service(service);
    // A write that failed may have been made all the same: then the store is asked again.
    known_.erase(service.id);
    if (changed && *changed) known_.emplace(service.id, service.policy);
    return changed;
}

std::expected<ServicePolicy, PolicyFault> patched(ServicePolicy own, codec::Node patch, const ServicePolicy& server) {
    if (patch.is_null()) return ServicePolicy{};
    if (!patch.is_object()) {
        return std::unexpected{
            PolicyFault{"policy", "policy is an object with the policies to change; null takes all of the server's"}
        };
    }
    for (std::size_t i = 0; i < patch.size(); ++i) {
        const std::string_view name = patch.member_name(i);
        const codec::Node node = patch.member(i);
        bool is_known = false;
        std::optional<PolicyFault> fault;
        for_each_policy([&]<class Value>(const Field<ServicePolicy, std::optional<Value>>& one) {
            if (one.name != name) return;
            is_known = true;
            const auto value = value_of<Value>(node, one.limits);
            if (!value && !node.is_null()) {
                const std::string field = "policy." + std::string{name};
                const std::string remedy = "; null takes the server's, " + text_of(*(server.*one.member));
                fault = PolicyFault{field, field + " takes " + policy_takes(one) + remedy};
            }
            own.*one.member = value;
        });
        if (!is_known) fault = unknown(name);
        if (fault) return std::unexpected{std::move(*fault)};
    }
    return own;
}

}  // namespace clarion::server
