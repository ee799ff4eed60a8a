// SPDX-License-Identifier: Apache-2.0
#include "lab/phone/system_lines.hpp"

#include <tuple>

#include "core/codec/described.hpp"

namespace clarion {

template <>
struct Describe<lab::RuleBroken> {
    static constexpr std::string_view name = "rule_broken";
    static constexpr auto fields = std::tuple{field("rule", &lab::RuleBroken::rule, {.length_max = 1024})};
};

template <>
struct Describe<lab::Noted> {
    static constexpr std::string_view name = "noted";
    static constexpr auto fields = std::tuple{field("text", &lab::Noted::text, {.length_max = 1024})};
};

}  // namespace clarion

namespace clarion::lab {
namespace {

using OfTheLab = std::variant<RuleBroken, Noted>;

}  // namespace

std::string encode_line(const native::FromSystem& message) { return codec::encode(message) + "\n"; }

std::expected<FromApp, std::string> decode_line(std::string_view line) {
    if (auto own = codec::decode<OfTheLab>(line)) {
        return std::visit([](auto& one) { return FromApp{std::move(one)}; }, *own);
    }
    auto message = codec::decode<native::ToSystem>(line);
    if (!message) return std::unexpected{message.error().message()};
    return FromApp{std::move(*message)};
}

std::string encode_line(const FromApp& message) {
    if (const auto* word = std::get_if<native::ToSystem>(&message)) return codec::encode(*word) + "\n";
    if (const auto* rule = std::get_if<RuleBroken>(&message)) return codec::encode(OfTheLab{*rule}) + "\n";
    return codec::encode(OfTheLab{std::get<Noted>(message)}) + "\n";
}

std::expected<native::FromSystem, std::string> decode_system_line(std::string_view line) {
    auto message = codec::decode<native::FromSystem>(line);
    if (!message) return std::unexpected{message.error().message()};
    return std::move(*message);
}

}  // namespace clarion::lab
