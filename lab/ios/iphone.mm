/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/iphone.h"

#include <algorithm>

namespace clarion::lab {
namespace {

IPhone* the_phone = nullptr;

bool is_live(const ScreenCall& call) { return call.state != ScreenCall::State::ended; }

}  // namespace

IPhone::IPhone() {
    the_phone = this;
    protect_files();
}

IPhone::~IPhone() {
    end_process();
    reap();
    the_phone = nullptr;
}

IPhone& IPhone::current() { return *the_phone; }
bool IPhone::is_there() { return the_phone != nullptr; }

void IPhone::violate(const std::string& what) {
    violations.push_back(what);
    [service violated:@(what.c_str())];
}

// ---- time ----

void IPhone::post(std::uint64_t generation, void (^block)()) { post_at(now, generation, block); }

void IPhone::post_at(std::int64_t at, std::uint64_t generation, void (^block)()) {
    const auto before = [at](const Task& task) { return task.at > at; };
    tasks_.insert(std::ranges::find_if(tasks_, before), Task{at, ++order_, generation, block});
    if (on_task) on_task();
}

std::int64_t IPhone::next_task() const { return tasks_.empty() ? INT64_MAX : tasks_.front().at; }

void IPhone::run() {
    while (!tasks_.empty() && tasks_.front().at <= now) {
        @autoreleasepool {
            const Task task = tasks_.front();
            tasks_.pop_front();
            if (task.generation == 0 || (is_alive_ && task.generation == generation_)) task.block();
        }
        reap();
    }
}

void IPhone::advance(std::int64_t ms) {
    const auto end = now + ms;
    run();
    while (!tasks_.empty() && tasks_.front().at <= end) {
        wall_now += tasks_.front().at - now;
        now = tasks_.front().at;
        run();
    }
    wall_now += end - now;
    now = end;
}

// ---- process ----

bool IPhone::enters(std::uint64_t generation) {
    if (!is_alive_ || generation != generation_) return false;
    ++calls_made;
    if (kill_after > 0 && --kill_after == 0) {
        kill_app("at a call to the system");
        return false;
    }
    return true;
}

void IPhone::start_process() {
    if (is_alive_) return;
    is_alive_ = true;
    ++generation_;
    LabSystem* system = [LabSystem new];
    @autoreleasepool {
        id app = launch(system);
        if (is_alive_) {
            app_ = app;
        } else if (app != nil) {
            corpses_.push_back(app);
        }
    }
}

void IPhone::open_app() {
    is_foreground = true;
    is_unlocked_since_boot = true;
    start_process();
}

void IPhone::kill_app(const char* why) {
    if (!is_alive_) return;
    kills.emplace_back(why);
    [service killed:@(why)];
    end_process();
}

void IPhone::end_process() {
    is_alive_ = false;
    is_foreground = false;
    is_kept_awake = false;
    network_changed = nil;
    provider = nil;
    registry = nil;
    for (auto& [id, call] : screen) {
        if (is_live(call)) end_call(call, 0);  // IOS-CK-15
    }
    reports_.clear();
    is_audio_active_ = activation_is_due_ = false;
    category = AVAudioSessionCategorySoloAmbient;
    if (app_ != nil) corpses_.push_back(app_);
    app_ = nil;
    open_wills_.insert(open_wills_.end(), wills_.begin(), wills_.end());
    wills_.clear();
    [server closed:nil];
}

void IPhone::reap() {
    @autoreleasepool {
        for (void (^will)() : open_wills_) will();
        open_wills_.clear();
        corpses_.clear();
    }
}

void IPhone::reboot() {
    kill_app("reboot");
    reap();
    boot = "boot-" + std::to_string(++boots);
    is_unlocked_since_boot = false;
    now = 1'000;
    wall_now += 20'000;
    tasks_.clear();
    notices.clear();
}

// ---- pushes ----

void IPhone::set_token(NSData* token) {
    token_ = token;
    registry_is_ready();
    if (token != nil || !is_alive_) return;
    post(generation_, ^{
      PKPushRegistry* strong = registry;
      id<PKPushRegistryDelegate> delegate = strong.delegate;
      const SEL optional = @selector(pushRegistry:didInvalidatePushTokenForType:);
      if ([delegate respondsToSelector:optional]) {
          [delegate pushRegistry:strong didInvalidatePushTokenForType:PKPushTypeVoIP];
      }
    });
}

bool IPhone::was_asked(const std::string& what) const {
    return std::find(questions.begin(), questions.end(), what) != questions.end();
}

bool IPhone::ask(const std::string& what) {
    questions.push_back(what);
    return user_grants;
}

void IPhone::push(NSDictionary* payload, bool is_too_old) {
    NSData* bytes = [NSJSONSerialization dataWithJSONObject:payload options:0 error:nil];
    if (bytes.length > rules.push_payload_max) return violate("IOS_PAYLOAD_TOO_LARGE IOS-PK-13");
    if (is_blocked()) {
        ++pushes_dropped;
        return violate("IOS_PUSH_BLOCKED IOS-PK-04");
    }
    start_process();  // IOS-PK-18: also when the user swiped the app away.
    const Push push{payload, now, is_too_old};
    waiting_pushes_.push_back(push);
    registry_is_ready();
    const auto generation = generation_;
    post_at(now + rules.push_hard_kill, generation, ^{
      if (waiting_pushes_.empty()) return;
      ++push_failures;
      violate("IOS_LATE_REPORT IOS-PK-03: nobody took the push");
      waiting_pushes_.clear();
      kill_app("0xbaadca11");
    });
}

/// There is a delegate for VoIP pushes, or there was one already.
void IPhone::registry_is_ready() {
    if (!is_alive_) return;
    const auto generation = generation_;
    post(generation, ^{
      PKPushRegistry* strong = registry;
      id<PKPushRegistryDelegate> delegate = strong.delegate;
      if (delegate == nil || ![strong.desiredPushTypes containsObject:PKPushTypeVoIP]) return;
      if (token_ != nil) {
          PKPushCredentials* credentials = [[PKPushCredentials alloc] initWithLabToken:token_];
          [delegate pushRegistry:strong didUpdatePushCredentials:credentials forType:PKPushTypeVoIP];
      }
      while (!waiting_pushes_.empty() && is_alive_ && generation == generation_) {
          const Push push = waiting_pushes_.front();
          waiting_pushes_.pop_front();
          deliver(push);
      }
    });
}

bool IPhone::has_active_call() const {
    return std::ranges::any_of(screen, [](const auto& row) {
        return is_live(row.second) && row.second.state != ScreenCall::State::reported;
    });
}

void IPhone::deliver(const Push& push) {
    const bool is_exempt = is_foreground || has_active_call();  // IOS-PK-07
    const bool must_report = !is_exempt && !(rules.has_push_metadata && push.is_too_old);
    is_report_seen_ = false;
    const auto generation = generation_;
    hand_over(push);
    [service pushHandlerReturned];
    if (!is_alive_ || generation != generation_ || is_report_seen_ || !must_report) return;
    ++push_failures;
    violate("IOS_UNREPORTED_PUSH IOS-PK-02: the push handler returned without a report");
    kill_app("NSInternalInconsistencyException");
}

void IPhone::hand_over(const Push& push) {
    PKPushRegistry* strong = registry;
    id<PKPushRegistryDelegate> delegate = strong.delegate;
    PKPushPayload* payload = [[PKPushPayload alloc] initWithLabPayload:push.payload];
    const SEL with_metadata = @selector(pushRegistry:
               didReceiveIncomingVoIPPushWithPayload:metadata:withCompletionHandler:);
    __block bool is_completed = false;
    void (^completion)() = ^{
      is_completed = true;
    };
    const auto generation = generation_;
    if (rules.has_push_metadata && [delegate respondsToSelector:with_metadata]) {
        const bool is_exempt = is_foreground || has_active_call() || push.is_too_old;
        PKVoIPPushMetadata* metadata = [[PKVoIPPushMetadata alloc] initWithLabMustReport:is_exempt ? NO : YES];
        [delegate pushRegistry:strong
            didReceiveIncomingVoIPPushWithPayload:payload
                                         metadata:metadata
                            withCompletionHandler:completion];
    } else {
        [delegate pushRegistry:strong
            didReceiveIncomingPushWithPayload:payload
                                      forType:PKPushTypeVoIP
                        withCompletionHandler:completion];
    }
    if (is_alive_ && generation == generation_ && !is_completed) violate("IOS_PUSH_NOT_COMPLETED");
}

}  // namespace clarion::lab
