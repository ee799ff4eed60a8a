// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "core/engine/described.hpp"

/// What the door's JSON has beyond the descriptions of the machines. The schema (tools/schema) shows this side of it.
namespace clarion::door {

/// A frame of the connection as it goes through the door: the text of the WebSocket message, so that a shell only
/// carries it. The engine's own description has the frame in parts (core/engine/io_described.hpp).
struct SendFrame {
    std::string text;
};

struct FrameReceived {
    std::string text;
    WallTime wall_now;
};

/// clarion_callui_create: what the machine needs to know of its system.
struct CallUiConfig {
    protocol::Platform platform = protocol::Platform::desktop;
};

namespace detail {

template <class Variant, class Old, class New>
struct Replaced;
template <class... Alternatives, class Old, class New>
struct Replaced<std::variant<Alternatives...>, Old, New> {
    using type = std::variant<std::conditional_t<std::is_same_v<Alternatives, Old>, New, Alternatives>...>;
};

}  // namespace detail

/// The engine's inputs and outputs as clarion_send and clarion_receive know them.
using EngineInput = detail::Replaced<engine::Input, engine::FrameReceived, FrameReceived>::type;
using EngineOutput = detail::Replaced<engine::Output, engine::SendFrame, SendFrame>::type;

}  // namespace clarion::door

namespace clarion {

template <>
struct Describe<door::SendFrame> {
    using T = door::SendFrame;
    static constexpr std::string_view name = "send_frame";
    static constexpr auto fields = std::tuple{field("text", &T::text, {.length_max = protocol::kFrameLengthMax})};
};

template <>
struct Describe<door::FrameReceived> {
    using T = door::FrameReceived;
    static constexpr std::string_view name = "frame_received";
    static constexpr auto fields = std::tuple{
        field("text", &T::text, {.length_max = 2 * protocol::kFrameLengthMax}), field("wall_now", &T::wall_now)
    };
};

template <>
struct Describe<door::CallUiConfig> {
    using T = door::CallUiConfig;
    static constexpr std::string_view name = "callui_config";
    static constexpr auto fields = std::tuple{field("platform", &T::platform)};
};

}  // namespace clarion
