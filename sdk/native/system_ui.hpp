// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "core/callui/outputs.hpp"

namespace clarion::native {

/// What an operating system's call UI is asked to do.
using SystemCommand = std::variant<
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

/// The operating system's call UI, as a Client or a CallUi needs it (the owner, here).
///
/// Thread: the owner's loop. perform() starts the work and returns; what happened comes back through the owner's feed()
/// as an input (IncomingReported, UserAnswered, UserEnded, UserMuted, UserHeld, ActionTimedOut, ProviderReset,
/// AudioActivated, AudioDeactivated). Feeding from inside perform() is allowed: what follows from it is performed after
/// the present batch. Lifetime: outlives the owner.
class SystemUi {
  public:
    virtual ~SystemUi() = default;
    virtual void perform(const SystemCommand& command) = 0;

  protected:
    SystemUi() = default;
    SystemUi(const SystemUi&) = default;
    SystemUi& operator=(const SystemUi&) = default;
};

}  // namespace clarion::native
