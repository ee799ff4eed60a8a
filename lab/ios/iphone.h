/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <AVFAudio/AVFAudio.h>
#import <CallKit/CallKit.h>
#import <Foundation/Foundation.h>
#import <PushKit/PushKit.h>
#import <UserNotifications/UserNotifications.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lab/devices/os_rules.hpp"
#import "sdk/ios/Sources/Clarion/include/CLRSystem.h"

@protocol LabServer;
@protocol LabCallService;

/// A virtual iPhone for the real shell: the frameworks under lab/ios answer to it, keep the rules of docs/rules/ios.md
/// with virtual time, and punish what iOS punishes. One stands at a time; one thread.
///
/// A process that was killed has no effect any more: its calls to the system do nothing, nothing is delivered to it,
/// and its objects go when its stack is left. So a process can be killed at any of its calls to the system
/// (`kill_after`).
namespace clarion::lab {

/// How a call stands on the screen.
struct ScreenCall {
    enum class State { reported, ringing, connecting, dialing, connected, ended };
    State state = State::reported;
    std::string name;
    std::string handle;
    bool is_outgoing = false;
    bool is_video = false;
    bool is_held = false;
    bool is_muted = false;
    std::string group;  // The call that it was joined with.
    int reason = 0;     // CXCallEndedReason of the app's word; 0: the user, or the process died.
};

struct IPhoneRules {
    std::int64_t action_timeout = OsRules{}.action_timeout.count();              // IOS-CK-09
    std::int64_t push_hard_kill = OsRules{}.push_hard_kill.count();              // IOS-PK-03
    unsigned push_failures_before_block = OsRules{}.push_failures_before_block;  // IOS-PK-04
    std::size_t push_payload_max = 5'120;                                        // IOS-PK-13.
    std::int64_t report_takes = 0;                                               // Until the completion of a report.
    bool has_push_metadata = false;                                              // iOS 26.4 and later (IOS-PK-09).
    bool activates_on_perform = false;  // Audio before the answer was fulfilled (IOS-AU-03, the other order).
};

class IPhone {
  public:
    IPhone();
    ~IPhone();
    IPhone(const IPhone&) = delete;
    IPhone& operator=(const IPhone&) = delete;
    static IPhone& current();
    /// Outside of a test Foundation reads files of its own.
    [[nodiscard]] static bool is_there();

    IPhoneRules rules;
    /// application:didFinishLaunchingWithOptions: of the app: makes its objects and returns the one that holds them.
    std::function<id(id<CLRSystem> system)> launch;
    id<LabServer> server = nil;  // Who answers on the network; nil: nobody.
    /// The rest of the phone, where that is another process: it has the screen and the user, and what it decides is not
    /// decided here. nil: all is here. Actions then have no time-out of their own, and a process that is killed is
    /// `service`'s to end.
    id<LabCallService> service = nil;

    // ---- time and process ----
    std::int64_t now = 5'000;
    std::int64_t wall_now = 1'700'000'005'000;
    std::uint64_t seed = 7;
    std::string boot = "boot-0";
    std::function<void()> on_task;  ///< A task was posted: for whoever lets time pass. Null: nobody waits for it.
    [[nodiscard]] std::int64_t next_task() const;  ///< When; INT64_MAX: none.
    void run();                                    ///< Everything that waits at this moment.
    void advance(std::int64_t ms);                 ///< With every timer on the way.
    void post(std::uint64_t generation, void (^block)());
    void post_at(std::int64_t at, std::uint64_t generation, void (^block)());
    void start_process();  ///< In the background, if it does not run.
    void open_app();       ///< The user taps the icon.
    void leave_app() { is_foreground = false; }
    void kill_app(const char* why);  ///< The system or a crash; the user's swipe is the same.
    void reboot();
    [[nodiscard]] bool is_running() const { return is_alive_; }
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    /// Whether a process of this generation may do something; every call of a framework asks it first.
    bool enters(std::uint64_t generation);
    int kill_after = 0;  ///< So many calls of the process to the system; 0: never.
    int calls_made = 0;  ///< By all processes together.
    bool is_foreground = false;
    bool is_unlocked_since_boot = true;
    int boots = 0;

    // ---- pushes ----
    void push(NSDictionary* payload, bool is_too_old = false);
    void set_token(NSData* token);  ///< nil: invalidated.
    [[nodiscard]] bool is_blocked() const { return push_failures >= rules.push_failures_before_block; }
    unsigned push_failures = 0;
    int pushes_dropped = 0;

    // ---- the user at the call screen ----
    void tap_answer(NSUUID* call);
    void tap_end(NSUUID* call);
    void tap_hold(NSUUID* call, bool on);
    void tap_mute(NSUUID* call, bool on);
    void tap_digits(NSUUID* call, NSString* digits, CXPlayDTMFCallActionType type);
    void tap_group(NSUUID* call, NSUUID* other);
    void tap(CXCallAction* action) { perform(action); }
    void time_out(CXCallAction* action);
    void report_completed(NSUUID* call, NSInteger refusal);  ///< The service's word; refusal -1: it is on the screen.
    void reset_provider();                                   ///< callservicesd died (IOS-CK-12).
    [[nodiscard]] const ScreenCall* call(NSUUID* call) const;
    [[nodiscard]] int calls_on_screen() const;
    bool has_focus = false;  ///< Do not disturb.
    bool blocks_callers = false;
    bool is_entitled = true;

    // ---- audio ----
    [[nodiscard]] bool is_audio_active() const { return is_audio_active_; }
    NSString* category = AVAudioSessionCategorySoloAmbient;
    NSString* mode = @"";
    NSUInteger output_override = 0;
    NSString* output_port = AVAudioSessionPortBuiltInReceiver;
    AVAudioSessionRecordPermission record_permission = AVAudioSessionRecordPermissionGranted;
    std::vector<std::string> tones_played;
    void plug(NSString* port);    ///< Another output.
    void reset_media_services();  ///< IOS-AU-06.

    // ---- permissions: the system asks once, later the first word stands ----
    bool user_grants = true;             ///< The user's word on the next question.
    std::vector<std::string> questions;  ///< That came up.
    [[nodiscard]] bool was_asked(const std::string& what) const;
    [[nodiscard]] bool ask(const std::string& what);

    // ---- notifications ----
    bool allows_notifications = true;
    std::map<std::string, UNNotificationRequest*> notices;
    NSSet<UNNotificationCategory*>* categories = [NSSet set];

    // ---- the process's background assertion ----
    bool is_kept_awake = false;
    void (^network_changed)(BOOL) = nil;

    /// What the app did wrong: "IOS_UNREPORTED_PUSH IOS-PK-02: why".
    std::vector<std::string> violations;
    std::vector<std::string> kills;
    void violate(const std::string& what);

    // ---- for the frameworks ----
    /// When this process is dead and its stack left: what refers to itself lets go. Memory of a real one is just gone.
    void at_death(void (^block)()) { wills_.push_back(block); }
    CXProvider* __weak provider = nil;
    PKPushRegistry* __weak registry = nil;
    std::map<std::string, ScreenCall> screen;  // By UUID; ended ones stay.
    void reported(NSUUID* call, CXCallUpdate* update, void (^completion)(NSError*), std::uint64_t generation);
    void updated(NSUUID* call, CXCallUpdate* update);
    void ended_by_app(NSUUID* call, CXCallEndedReason reason);
    void outgoing(NSUUID* call, bool is_connected);
    void requested(CXCallAction* action, void (^completion)(NSError*), std::uint64_t generation);
    void settled(CXAction* action, bool is_fulfilled);
    void app_activates_session();
    void registry_is_ready();

  private:
    struct Task {
        std::int64_t at;
        std::uint64_t order;
        std::uint64_t generation;
        void (^block)();
    };
    struct Push {
        NSDictionary* payload;
        std::int64_t arrived;
        bool is_too_old;
    };

    void end_process();
    void reap();
    void deliver(const Push& push);
    void hand_over(const Push& push);
    void perform(CXCallAction* action);
    void apply(CXCallAction* action);
    void apply_failure(CXCallAction* action);
    [[nodiscard]] NSInteger refusal_of(const ScreenCall& call) const;
    void end_call(ScreenCall& call, int reason);
    void settle_audio();
    void set_audio_active(bool on);
    [[nodiscard]] bool has_active_call() const;

    std::deque<Task> tasks_;
    std::uint64_t order_ = 0;
    std::uint64_t generation_ = 0;
    bool is_alive_ = false;
    id app_ = nil;
    std::vector<void (^)()> wills_;
    std::vector<void (^)()> open_wills_;
    std::vector<id> corpses_;  // Objects of killed processes whose stack is not left yet.
    NSData* token_ = nil;
    std::deque<Push> waiting_pushes_;                         // For a registry with a delegate.
    std::multimap<std::string, void (^)(NSError*)> reports_;  // Not completed, by UUID.
    bool is_report_seen_ = false;                             // Of the push that is delivered now.
    bool is_audio_active_ = false;
    bool activation_is_due_ = false;
};

/// From now on files of the app are protected as iOS protects them (fake_files.mm).
void protect_files();

}  // namespace clarion::lab

/// Who stands at the other end of the network.
@protocol LabServer <NSObject>
/// A WebSocket wants to open. Accepts or refuses it by `-[NSURLSessionWebSocketTask lab...]`.
- (void)opened:(NSURLSessionWebSocketTask*)task url:(NSURL*)url;
- (void)task:(NSURLSessionWebSocketTask*)task sent:(NSString*)text;
- (void)closed:(NSURLSessionWebSocketTask*)task;
/// An HTTP request; status 0: unreachable.
- (void)request:(NSURLRequest*)request done:(void (^)(NSInteger status))done;
@end

/// The device's side of a connection, for the server.
@interface NSURLSessionWebSocketTask (Lab)
- (void)labAccept;
- (void)labRefuse:(NSInteger)error;  ///< NSURLError...
- (void)labSend:(NSString*)text;
- (void)labSendData:(NSData*)data;
- (void)labClose:(NSInteger)code;
@end

/// The system's part of CallKit, PushKit and notifications, where it is another process. Told in the stack of the app's
/// call; it answers by the phone's methods, later.
@protocol LabCallService <NSObject>
- (void)reported:(NSUUID*)call update:(CXCallUpdate*)update;
- (void)updated:(NSUUID*)call update:(CXCallUpdate*)update;
- (void)ended:(NSUUID*)call reason:(CXCallEndedReason)reason;
- (void)started:(NSUUID*)call handle:(CXHandle*)handle;  ///< An outgoing call.
- (void)connected:(NSUUID*)call;                         ///< An outgoing call.
- (void)settled:(CXCallAction*)action isFulfilled:(BOOL)isFulfilled;
/// The app asked for it by CXCallController. Yes: the service comes back with an action of its own for the same.
- (BOOL)takesOver:(CXCallAction*)action;
- (void)audioIsActive:(BOOL)isActive;
- (void)pushHandlerReturned;
- (void)noticed:(UNNotificationRequest*)request;
- (void)violated:(NSString*)rule;
- (void)killed:(NSString*)why;  ///< By a rule. Nothing of the process may happen after this.
@end

/// CLRSystem of one process of the phone.
@interface LabSystem : NSObject <CLRSystem>
@end

// ---- what only the phone may make ----

@interface CXAction ()
@property(nonatomic) std::uint64_t labGeneration;
@property(nonatomic) std::uint64_t labNumber;  ///< The service's; 0: the app asked for it.
@property(nonatomic) int labState;             ///< 0 new, 1 waits, 2 fulfilled, 3 failed, 4 timed out.
@property(nonatomic, readwrite, strong) NSDate* timeoutDate;
@end

@interface CXProvider ()
@property(nonatomic, weak) id<CXProviderDelegate> labDelegate;
@end

@interface PKPushPayload ()
- (instancetype)initWithLabPayload:(NSDictionary*)payload;
@end

@interface PKPushCredentials ()
- (instancetype)initWithLabToken:(NSData*)token;
@end

@interface PKVoIPPushMetadata ()
- (instancetype)initWithLabMustReport:(BOOL)mustReport;
@end

@interface UNNotificationSettings ()
- (instancetype)initWithLabStatus:(UNAuthorizationStatus)status;
@end

@interface UNNotificationResponse ()
- (instancetype)initWithLabRequest:(UNNotificationRequest*)request action:(NSString*)action;
@end
