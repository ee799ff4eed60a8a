/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>

#import "lab/ios/iphone.h"

/// The call screen and the audio session of the phone.
namespace clarion::lab {
namespace {

std::string key_of(NSUUID* call) { return call.UUIDString.lowercaseString.UTF8String; }

bool is_live(const ScreenCall& call) { return call.state != ScreenCall::State::ended; }

void describe(ScreenCall& call, CXCallUpdate* update) {
    if (update.localizedCallerName.length > 0) call.name = update.localizedCallerName.UTF8String;
    if (update.remoteHandle != nil) call.handle = update.remoteHandle.value.UTF8String;
    call.is_video = update.hasVideo;
}

NSError* error_of(NSString* domain, NSInteger code) { return [NSError errorWithDomain:domain code:code userInfo:nil]; }

}  // namespace

// ---- reports ----

/// CXErrorCodeIncomingCallError..., or -1.
NSInteger IPhone::refusal_of(const ScreenCall& call) const {
    if (!is_entitled) return CXErrorCodeIncomingCallErrorUnentitled;
    if (!call.name.empty() && is_live(call)) return CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists;  // IOS_DUP_UUID
    if (has_focus) return CXErrorCodeIncomingCallErrorFilteredByDoNotDisturb;
    if (blocks_callers) return CXErrorCodeIncomingCallErrorFilteredByBlockList;
    return -1;
}

void IPhone::reported(NSUUID* call, CXCallUpdate* update, void (^completion)(NSError*), std::uint64_t generation) {
    is_report_seen_ = true;  // A report that is refused counts as well (IOS-PK-08).
    auto& entry = screen[key_of(call)];
    const NSInteger refusal = refusal_of(entry);
    if (refusal != CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists) {
        entry = ScreenCall{};
        entry.name = " ";
        entry.state = refusal < 0 ? ScreenCall::State::reported : ScreenCall::State::ended;
    }
    if (refusal < 0) describe(entry, update);
    reports_.emplace(key_of(call), completion);
    if (service != nil) return [service reported:call update:update];
    post_at(now + rules.report_takes, generation, ^{
      report_completed(call, refusal);
    });
}

void IPhone::report_completed(NSUUID* call, NSInteger refusal) {
    const auto found = reports_.find(key_of(call));
    if (found == reports_.end()) return;
    void (^completion)(NSError*) = found->second;
    reports_.erase(found);
    auto& shown = screen[key_of(call)];
    if (refusal < 0 && shown.state == ScreenCall::State::reported) shown.state = ScreenCall::State::ringing;
    const bool is_refused = refusal >= 0 && refusal != CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists;
    if (is_refused) shown.state = ScreenCall::State::ended;
    completion(refusal < 0 ? nil : error_of(CXErrorDomainIncomingCall, refusal));
}

void IPhone::updated(NSUUID* call, CXCallUpdate* update) {
    const auto found = screen.find(key_of(call));
    if (found == screen.end()) return violate("IOS_UNKNOWN_UUID IOS-CK-17: update of a call that was never reported");
    describe(found->second, update);
    [service updated:call update:update];
}

void IPhone::ended_by_app(NSUUID* call, CXCallEndedReason reason) {
    const auto found = screen.find(key_of(call));
    if (found == screen.end()) return violate("IOS_UNKNOWN_UUID IOS-CK-03: end of a call that was never reported");
    if (found->second.state == ScreenCall::State::reported) {
        return violate("IOS_UNKNOWN_UUID IOS-CK-03: end of a call whose report is not completed");
    }
    if (!is_live(found->second)) return;  // IOS-CK-07: harmless.
    end_call(found->second, static_cast<int>(reason));
    [service ended:call reason:reason];
    settle_audio();
}

void IPhone::end_call(ScreenCall& call, int reason) {
    call.state = ScreenCall::State::ended;
    call.reason = reason;
}

void IPhone::outgoing(NSUUID* call, bool is_connected) {
    const auto found = screen.find(key_of(call));
    if (found == screen.end() || !is_live(found->second) || !found->second.is_outgoing) {
        return violate("IOS_UNKNOWN_UUID IOS-CK-18: an outgoing call that did not start");
    }
    found->second.state = is_connected ? ScreenCall::State::connected : ScreenCall::State::dialing;
    if (is_connected) [service connected:call];
}

const ScreenCall* IPhone::call(NSUUID* call) const {
    const auto found = screen.find(key_of(call));
    return found == screen.end() ? nullptr : &found->second;
}

int IPhone::calls_on_screen() const {
    return static_cast<int>(std::ranges::count_if(screen, [](const auto& row) { return is_live(row.second); }));
}

// ---- actions ----

void IPhone::tap_answer(NSUUID* call) { perform([[CXAnswerCallAction alloc] initWithCallUUID:call]); }
void IPhone::tap_end(NSUUID* call) { perform([[CXEndCallAction alloc] initWithCallUUID:call]); }
void IPhone::tap_hold(NSUUID* call, bool on) {
    perform([[CXSetHeldCallAction alloc] initWithCallUUID:call onHold:on ? YES : NO]);
}
void IPhone::tap_mute(NSUUID* call, bool on) {
    perform([[CXSetMutedCallAction alloc] initWithCallUUID:call muted:on ? YES : NO]);
}
void IPhone::tap_digits(NSUUID* call, NSString* digits, CXPlayDTMFCallActionType type) {
    perform([[CXPlayDTMFCallAction alloc] initWithCallUUID:call digits:digits type:type]);
}
void IPhone::tap_group(NSUUID* call, NSUUID* other) {
    perform([[CXSetGroupCallAction alloc] initWithCallUUID:call callUUIDToGroupWith:other]);
}

void IPhone::requested(CXCallAction* action, void (^completion)(NSError*), std::uint64_t generation) {
    const auto found = screen.find(key_of(action.callUUID));
    const bool is_known = found != screen.end() && is_live(found->second);
    const bool is_start = [action isKindOfClass:[CXStartCallAction class]];
    CXProvider* strong = provider;
    NSInteger code = -1;
    if (!is_entitled) {
        code = CXErrorCodeRequestTransactionErrorUnentitled;
    } else if (strong == nil) {
        code = CXErrorCodeRequestTransactionErrorUnknownCallProvider;
    } else if (is_start && is_known) {
        code = CXErrorCodeRequestTransactionErrorCallUUIDAlreadyExists;
    } else if (is_start && calls_on_screen() >= static_cast<int>(strong.configuration.maximumCallGroups)) {
        code = CXErrorCodeRequestTransactionErrorMaximumCallGroupsReached;  // IOS-CK-01
    } else if (!is_start && !is_known) {
        code = CXErrorCodeRequestTransactionErrorUnknownCallUUID;
    }
    if (code == CXErrorCodeRequestTransactionErrorUnknownCallUUID) violate("IOS_UNKNOWN_UUID IOS-CK-03: a request");
    post(generation, ^{
      completion(code < 0 ? nil : error_of(CXErrorDomainRequestTransaction, code));
    });
    if (code < 0 && ![service takesOver:action]) perform(action);
}

void IPhone::perform(CXCallAction* action) {
    CXProvider* strong = provider;
    if (!is_alive_ || strong == nil) return;
    action.labGeneration = generation_;
    action.labState = 1;
    action.timeoutDate = [NSDate dateWithTimeIntervalSince1970:(wall_now + rules.action_timeout) / 1000.0];
    post(generation_, ^{
      id<CXProviderDelegate> delegate = strong.labDelegate;
      if ([action isKindOfClass:[CXStartCallAction class]]) {
          [delegate provider:strong performStartCallAction:(CXStartCallAction*)action];
      } else if ([action isKindOfClass:[CXAnswerCallAction class]]) {
          [delegate provider:strong performAnswerCallAction:(CXAnswerCallAction*)action];
          if (rules.activates_on_perform) set_audio_active(true);
      } else if ([action isKindOfClass:[CXEndCallAction class]]) {
          [delegate provider:strong performEndCallAction:(CXEndCallAction*)action];
      } else if ([action isKindOfClass:[CXSetHeldCallAction class]]) {
          [delegate provider:strong performSetHeldCallAction:(CXSetHeldCallAction*)action];
      } else if ([action isKindOfClass:[CXSetMutedCallAction class]]) {
          [delegate provider:strong performSetMutedCallAction:(CXSetMutedCallAction*)action];
      } else if ([action isKindOfClass:[CXPlayDTMFCallAction class]]) {
          [delegate provider:strong performPlayDTMFCallAction:(CXPlayDTMFCallAction*)action];
      } else if ([action isKindOfClass:[CXSetGroupCallAction class]]) {
          [delegate provider:strong performSetGroupCallAction:(CXSetGroupCallAction*)action];
      }
    });
    if (service != nil) return;  // It counts the time.
    post_at(now + rules.action_timeout, generation_, ^{
      time_out(action);
    });
}

void IPhone::time_out(CXCallAction* action) {
    if (action.labState != 1) return;
    action.labState = 4;
    violate("IOS_ACTION_TIMEOUT IOS-CK-09: neither fulfilled nor failed");
    CXProvider* strong = provider;
    [strong.labDelegate provider:strong timedOutPerformingAction:action];
    const auto found = screen.find(key_of(action.callUUID));
    if (found != screen.end() && is_live(found->second)) end_call(found->second, 0);
    settle_audio();
}

void IPhone::settled(CXAction* action, bool is_fulfilled) {
    if (action.labState == 4) return violate("IOS_ACTION_TIMEOUT IOS-CK-09: settled after its time-out");
    if (action.labState != 1) return violate("IOS_ACTION_SETTLED_TWICE IOS-CK-09");
    action.labState = is_fulfilled ? 2 : 3;
    CXCallAction* of_call = (CXCallAction*)action;
    if (is_fulfilled) {
        apply(of_call);
    } else {
        apply_failure(of_call);
    }
    if (is_fulfilled && [action isKindOfClass:[CXStartCallAction class]]) {
        [service started:of_call.callUUID handle:((CXStartCallAction*)action).handle];
    }
    [service settled:of_call isFulfilled:is_fulfilled ? YES : NO];
    settle_audio();
}

void IPhone::apply(CXCallAction* action) {
    auto& call = screen[key_of(action.callUUID)];
    if ([action isKindOfClass:[CXStartCallAction class]]) {
        CXStartCallAction* start = (CXStartCallAction*)action;
        call = ScreenCall{};
        call.name = start.handle.value.UTF8String;
        call.handle = start.handle.value.UTF8String;
        call.is_outgoing = true;
        call.state = ScreenCall::State::dialing;
    } else if ([action isKindOfClass:[CXAnswerCallAction class]]) {
        if (is_live(call)) call.state = ScreenCall::State::connected;
    } else if ([action isKindOfClass:[CXEndCallAction class]]) {
        if (is_live(call)) end_call(call, 0);
    } else if ([action isKindOfClass:[CXSetHeldCallAction class]]) {
        call.is_held = ((CXSetHeldCallAction*)action).isOnHold;
    } else if ([action isKindOfClass:[CXSetMutedCallAction class]]) {
        call.is_muted = ((CXSetMutedCallAction*)action).isMuted;
    } else if ([action isKindOfClass:[CXSetGroupCallAction class]]) {
        NSUUID* other = ((CXSetGroupCallAction*)action).callUUIDToGroupWith;
        call.group = other == nil ? "" : key_of(other);
    }
}

void IPhone::apply_failure(CXCallAction* action) {
    auto& call = screen[key_of(action.callUUID)];
    const bool is_fatal =
        [action isKindOfClass:[CXAnswerCallAction class]] || [action isKindOfClass:[CXStartCallAction class]];
    if (is_fatal && is_live(call)) end_call(call, static_cast<int>(CXCallEndedReasonFailed));
}

void IPhone::reset_provider() {
    for (auto& [id, call] : screen) {
        if (is_live(call)) end_call(call, 0);
    }
    is_audio_active_ = activation_is_due_ = false;
    CXProvider* strong = provider;
    post(generation_, ^{
      [strong.labDelegate providerDidReset:strong];
    });
}

// ---- audio ----

void IPhone::settle_audio() {
    const bool is_wanted = std::ranges::any_of(screen, [](const auto& row) {
        const auto& call = row.second;
        return !call.is_held &&
               (call.state == ScreenCall::State::connected || call.state == ScreenCall::State::dialing);
    });
    if (is_wanted == (is_audio_active_ || activation_is_due_)) return;
    activation_is_due_ = is_wanted;
    post(generation_, ^{
      set_audio_active(is_wanted);
    });
}

void IPhone::set_audio_active(bool on) {
    activation_is_due_ = false;
    if (on == is_audio_active_) return;
    if (on && ![category isEqualToString:AVAudioSessionCategoryPlayAndRecord]) {
        violate("IOS_AUDIO_NOT_CONFIGURED IOS-AU-01: the category was not set in the action");
    }
    is_audio_active_ = on;
    [service audioIsActive:on ? YES : NO];
    CXProvider* strong = provider;
    AVAudioSession* session = [AVAudioSession sharedInstance];
    if (on) {
        [strong.labDelegate provider:strong didActivateAudioSession:session];
    } else {
        [strong.labDelegate provider:strong didDeactivateAudioSession:session];
    }
}

void IPhone::app_activates_session() { violate("IOS_SELF_ACTIVATE IOS-AU-01: error 561017449"); }

void IPhone::plug(NSString* port) {
    output_port = port;
    [[NSNotificationCenter defaultCenter] postNotificationName:AVAudioSessionRouteChangeNotification
                                                        object:[AVAudioSession sharedInstance]];
}

void IPhone::reset_media_services() {
    is_audio_active_ = false;
    [[NSNotificationCenter defaultCenter] postNotificationName:AVAudioSessionMediaServicesWereResetNotification
                                                        object:[AVAudioSession sharedInstance]];
}

}  // namespace clarion::lab
