/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/live/call_service.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "net/clock.hpp"
#include "net/input_reader.hpp"

using namespace clarion;
using lab::IPhone;

namespace {

constexpr std::size_t kLineMax = 64 * 1024;
constexpr int kWriteDeadlineMs = 2'000;

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        if (errno == EINTR) continue;
        pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
        if (errno != EAGAIN || ::poll(&room, 1, kWriteDeadlineMs) <= 0) return false;
    }
    return true;
}

CallId id_of(NSUUID* call) { return CallId::parse(call.UUIDString.lowercaseString.UTF8String).value_or(CallId{}); }
NSUUID* uuid_of(const CallId& call) { return [[NSUUID alloc] initWithUUIDString:@(call.text().c_str())]; }
std::string text_of(NSString* text) { return text == nil ? std::string{} : text.UTF8String; }
protocol::Media media_of(CXCallUpdate* update) {
    return update.hasVideo ? protocol::Media::video : protocol::Media::audio;
}

SystemEndReason reason_of(CXCallEndedReason reason) {
    switch (reason) {
        case CXCallEndedReasonRemoteEnded: return SystemEndReason::remote_ended;
        case CXCallEndedReasonUnanswered: return SystemEndReason::unanswered;
        case CXCallEndedReasonAnsweredElsewhere: return SystemEndReason::answered_elsewhere;
        case CXCallEndedReasonDeclinedElsewhere: return SystemEndReason::declined_elsewhere;
        default: return SystemEndReason::failed;
    }
}

/// CXErrorCodeIncomingCallError..., or -1: it is on the screen.
NSInteger refusal_of(engine::ReportResult result) {
    switch (result) {
        case engine::ReportResult::shown: return -1;
        case engine::ReportResult::already_exists: return CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists;
        case engine::ReportResult::filtered_by_focus: return CXErrorCodeIncomingCallErrorFilteredByDoNotDisturb;
        case engine::ReportResult::filtered_by_block_list: return CXErrorCodeIncomingCallErrorFilteredByBlockList;
        case engine::ReportResult::not_allowed: return CXErrorCodeIncomingCallErrorUnentitled;
        case engine::ReportResult::limit_reached:
        case engine::ReportResult::failed: return CXErrorCodeIncomingCallErrorUnknown;
    }
    return CXErrorCodeIncomingCallErrorUnknown;
}

NSDictionary* payload_of(const native::PushDelivered& push) {
    NSMutableDictionary* payload = [@{@"aps" : @{}} mutableCopy];
    for (const auto& [name, value] : push.data) payload[@(name.c_str())] = @(value.c_str());
    return payload;
}

CXCallAction* action_of(const engine::UserAnswered& fact) {
    return [[CXAnswerCallAction alloc] initWithCallUUID:uuid_of(fact.call_id)];
}
CXCallAction* action_of(const engine::UserEnded& fact) {
    return [[CXEndCallAction alloc] initWithCallUUID:uuid_of(fact.call_id)];
}
CXCallAction* action_of(const engine::UserHeld& fact) {
    return [[CXSetHeldCallAction alloc] initWithCallUUID:uuid_of(fact.call_id) onHold:fact.on ? YES : NO];
}
CXCallAction* action_of(const engine::UserMuted& fact) {
    return [[CXSetMutedCallAction alloc] initWithCallUUID:uuid_of(fact.call_id) muted:fact.on ? YES : NO];
}
CXCallAction* action_of(const engine::UserDialled& fact) {
    return [[CXPlayDTMFCallAction alloc] initWithCallUUID:uuid_of(fact.call_id)
                                                   digits:@(fact.digits.c_str())
                                                     type:static_cast<CXPlayDTMFCallActionType>(fact.tone)];
}
CXCallAction* action_of(const engine::UserGrouped& fact) {
    return [[CXSetGroupCallAction alloc] initWithCallUUID:uuid_of(fact.call_id)
                                      callUUIDToGroupWith:fact.with ? uuid_of(*fact.with) : nil];
}

template <class Fact>
concept IsAction = requires(const Fact& fact) { action_of(fact); };

}  // namespace

@interface CallService ()
- (CXCallAction*)takeAction:(std::uint64_t)number;
@end

namespace {

/// What an iPhone's frameworks have no callback for, or the app's delegate hears elsewhere.
void take_fact(CallService*, const auto&) {}

void take_fact(CallService*, const native::PushDelivered& push) { IPhone::current().push(payload_of(push)); }

void take_fact(CallService* service, const native::AppOpened&) {
    IPhone::current().open_app();
    if (service.appOpened != nil) service.appOpened();
}

void take_fact(CallService*, const engine::IncomingReported& fact) {
    auto& phone = IPhone::current();
    NSUUID* call = uuid_of(fact.call_id);
    const NSInteger refusal = refusal_of(fact.result);
    phone.post(phone.generation(), ^{
      IPhone::current().report_completed(call, refusal);
    });
}

void take_fact(CallService* service, const engine::ActionTimedOut& fact) {
    CXCallAction* action = [service takeAction:fact.action];
    auto& phone = IPhone::current();
    if (action == nil) return;
    phone.post(phone.generation(), ^{
      IPhone::current().time_out(action);
    });
}

void take_fact(CallService*, const engine::ProviderReset&) { IPhone::current().reset_provider(); }

void take_fact(CallService*, const engine::NetworkChanged& fact) {
    auto& phone = IPhone::current();
    const BOOL isAvailable = fact.available ? YES : NO;
    phone.post(phone.generation(), ^{
      if (IPhone::current().network_changed != nil) IPhone::current().network_changed(isAvailable);
    });
}

void take_fact(CallService*, const engine::MicrophoneChanged& fact) {
    IPhone::current().record_permission =
        fact.available ? AVAudioSessionRecordPermissionGranted : AVAudioSessionRecordPermissionDenied;
}

}  // namespace

@implementation CallService {
    net::Loop* _loop;
    int _fd;
    std::string _pending;
    std::unique_ptr<net::InputReader> _reader;
    std::map<std::uint64_t, CXCallAction*> _actions;  // Not settled, by the other side's number.
}

- (instancetype)initWithLoop:(net::Loop*)loop fd:(int)fd {
    if ((self = [super init])) {
        _loop = loop;
        _fd = fd;
    }
    return self;
}

- (void)start {
    [self say:native::ToSystem{native::Launched{}}];
    __weak CallService* weakly = self;
    _reader = std::make_unique<net::InputReader>(
        *_loop, _fd,
        [weakly](std::string_view bytes) {
            @autoreleasepool {
                [weakly take:bytes];
            }
        },
        [] { std::_Exit(0); }  // The system killed this process: nothing may be said or saved any more.
    );
}

// ---- what the app's process says ----

- (void)say:(const lab::FromApp&)word {
    if (!write_all(_fd, lab::encode_line(word))) std::_Exit(0);
}

- (void)sayText:(NSString*)text {
    if (!write_all(_fd, text_of(text) + "\n")) std::_Exit(0);
}

- (void)reported:(NSUUID*)call update:(CXCallUpdate*)update {
    callui::ReportIncoming report{.call_id = id_of(call)};
    report.name = Redacted{text_of(update.localizedCallerName)};
    report.handle = Redacted{text_of(update.remoteHandle.value)};
    report.media = media_of(update);
    [self say:native::ToSystem{std::move(report)}];
}

- (void)updated:(NSUUID*)call update:(CXCallUpdate*)update {
    callui::UpdateSystemCall word{.call_id = id_of(call)};
    word.name = Redacted{text_of(update.localizedCallerName)};
    word.media = media_of(update);
    word.handle = Redacted{text_of(update.remoteHandle.value)};
    [self say:native::ToSystem{std::move(word)}];
}

- (void)ended:(NSUUID*)call reason:(CXCallEndedReason)reason {
    [self say:native::ToSystem{callui::EndSystemCall{id_of(call), reason_of(reason)}}];
}

- (void)started:(NSUUID*)call handle:(CXHandle*)handle {
    callui::ReportOutgoing report{.call_id = id_of(call)};
    report.name = report.handle = Redacted{text_of(handle.value)};
    [self say:native::ToSystem{std::move(report)}];
}

- (void)connected:(NSUUID*)call {
    [self say:native::ToSystem{callui::ReportOutgoingConnected{id_of(call)}}];
}

- (void)settled:(CXCallAction*)action isFulfilled:(BOOL)isFulfilled {
    const auto number = action.labNumber;
    if (_actions.erase(number) == 0) return;  // The app's own.
    const CallId call = id_of(action.callUUID);
    if (isFulfilled) {
        [self say:native::ToSystem{callui::FulfilAction{call, number}}];
    } else {
        [self say:native::ToSystem{callui::FailAction{call, number}}];
    }
}

- (BOOL)takesOver:(CXCallAction*)action {
    callui::ChangeSystemCall change{.call_id = id_of(action.callUUID)};
    if ([action isKindOfClass:[CXSetHeldCallAction class]]) {
        const bool on = ((CXSetHeldCallAction*)action).isOnHold;
        change.change = on ? callui::SystemChange::hold : callui::SystemChange::unhold;
    } else if (![action isKindOfClass:[CXAnswerCallAction class]]) {
        return NO;  // Nothing that the other side shows.
    }
    [self say:native::ToSystem{change}];
    return YES;
}

- (void)audioIsActive:(BOOL)isActive {
    [self say:lab::Noted{isActive ? "audio session active" : "audio session over"}];
}

- (void)pushHandlerReturned {
    [self say:native::ToSystem{native::PushHandlerReturned{}}];
}

/// The shell's identifiers end with the call's id.
- (void)noticed:(UNNotificationRequest*)request {
    constexpr NSUInteger kIdLength = 36;
    NSString* identifier = request.identifier;
    if (identifier.length < kIdLength) return;
    const auto call = CallId::parse([identifier substringFromIndex:identifier.length - kIdLength].UTF8String);
    if (!call) return;
    callui::ShowMissedCall notice{.call_id = *call};
    notice.name = Redacted{text_of(request.content.title)};
    [self say:native::ToSystem{std::move(notice)}];
}

- (void)violated:(NSString*)rule {
    [self say:lab::RuleBroken{text_of(rule)}];
}

/// As the system does it: no destructor, no farewell.
- (void)killed:(NSString*)why {
    ::kill(::getpid(), SIGKILL);
}

// ---- what the system says ----

- (void)take:(std::string_view)bytes {
    _pending += bytes;
    for (auto end = _pending.find('\n'); end != std::string::npos; end = _pending.find('\n')) {
        const std::string line = _pending.substr(0, end);
        _pending.erase(0, end + 1);
        [self takeLine:line];
    }
    if (_pending.size() > kLineMax) _pending.clear();
}

- (void)takeLine:(const std::string&)line {
    const auto word = lab::decode_system_line(line);
    if (!word) {
        NSLog(@"a line of the system was skipped: %s", word.error().c_str());
        return;
    }
    IPhone::current().now = net::boot_now().ms;
    std::visit(
        [self]<class T>(const T& fact) {
            if constexpr (IsAction<T>) {
                [self tap:action_of(fact) number:fact.action];
            } else {
                take_fact(self, fact);
            }
        },
        *word
    );
}

- (void)tap:(CXCallAction*)action number:(std::uint64_t)number {
    action.labNumber = number;
    _actions[number] = action;
    IPhone::current().tap(action);
}

- (CXCallAction*)takeAction:(std::uint64_t)number {
    const auto found = _actions.find(number);
    CXCallAction* action = found == _actions.end() ? nil : found->second;
    _actions.erase(number);
    return action;
}

@end
