// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/callui/described.hpp"
#include "core/callui/outputs.hpp"
#include "core/engine/described.hpp"
#include "core/engine/inputs.hpp"

/// What an app process and an operating system that is another process say to each other: one JSON object a line, both
/// ways, on an inherited socket (`clarion phone --system-fd N`). Types and fields are those of the engine itself.
namespace clarion::native {

/// The payload of a push, as the provider delivered it; text fields only.
struct PushDelivered {
    std::vector<std::pair<std::string, std::string>> data;
    bool must_report = true;
};

/// The user opened the app: its UI is there and listens.
struct AppOpened {};

using FromSystem = std::variant<
    PushDelivered,
    AppOpened,
    engine::IncomingReported,
    engine::UserAnswered,
    engine::UserEnded,
    engine::UserMuted,
    engine::UserHeld,
    engine::ActionTimedOut,
    engine::ProviderReset,
    engine::AudioActivated,
    engine::AudioDeactivated,
    engine::RingSilenced,
    engine::RingTimedOut,
    engine::UserDialled,
    engine::UserGrouped,
    engine::UserCalledBack,
    engine::RedialAsked,
    engine::MissedSeen,
    engine::NetworkChanged,
    engine::MicrophoneChanged,
    engine::CellularCallChanged,
    engine::AudioRouteChanged>;

/// First word of the app: it can take pushes now.
struct Launched {};

/// Every output of this push was sent before (IOS-PK-02).
struct PushHandlerReturned {};

using ToSystem = std::variant<
    Launched,
    PushHandlerReturned,
    callui::ReportIncoming,
    callui::UpdateSystemCall,
    callui::EndSystemCall,
    callui::ReportOutgoing,
    callui::ReportOutgoingConnected,
    callui::FulfilAction,
    callui::FailAction,
    callui::ShowMissedCall,
    callui::StartForegroundService,
    callui::StopForegroundService,
    callui::ChangeSystemCall,
    callui::HideMissedCall,
    callui::ShowOngoingCall,
    callui::HideOngoingCall,
    callui::TellAudioSession,
    callui::EmitEvent>;

}  // namespace clarion::native

namespace clarion {

template <>
struct Describe<native::PushDelivered> {
    using T = native::PushDelivered;
    static constexpr std::string_view name = "push_delivered";
    static constexpr auto fields = std::tuple{
        field("data", &T::data, {.length_max = 64}),
        optional_field("must_report", &T::must_report),
    };
};

template <>
struct Describe<native::AppOpened> {
    static constexpr std::string_view name = "app_opened";
    static constexpr std::tuple<> fields{};
};

template <>
struct Describe<native::Launched> {
    static constexpr std::string_view name = "launched";
    static constexpr std::tuple<> fields{};
};

template <>
struct Describe<native::PushHandlerReturned> {
    static constexpr std::string_view name = "push_handler_returned";
    static constexpr std::tuple<> fields{};
};

}  // namespace clarion
