/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdio>
#include <cstdlib>
#include <expected>
#include <fstream>
#include <string>

#include "crypto/keys.hpp"
#import "lab/ios/iphone.h"
#import "lab/ios/live/call_service.h"
#import "lab/ios/live/live_server.h"
#import "lab/ios/live/live_voice.h"
#include "lab/ios/live/options.hpp"
#include "net/clock.hpp"
#import "sdk/generated/clarion_words.h"
#import "sdk/ios/Sources/Clarion/include/CLRClient.h"
#import "sdk/ios/Sources/Clarion/include/CLRInviteBox.h"
#include "sdk/native/device_state.hpp"

using namespace clarion;

/// What an app's delegate keeps.
@interface DemoApp : NSObject <CLRClientDelegate>
@property(nonatomic, strong) CLRClient* client;
@property(nonatomic, strong) CallService* service;
@property(nonatomic) BOOL isAlone;  ///< Its voice service is its own, and joins as soon as the user answered.
@end

@implementation DemoApp
- (void)clarionDidReceiveEvent:(CLRMessage*)event {
    NSData* json = [NSJSONSerialization dataWithJSONObject:@{@"type" : @"emit_event", @"event" : event}
                                                   options:0
                                                     error:nil];
    [_service sayText:[[NSString alloc] initWithData:json encoding:NSUTF8StringEncoding]];
    if (!_isAlone || ![event[@"kind"] isEqual:@CLARION_EVENT_KIND_ANSWERED]) return;
    [_client send:@{@"type" : @CLARION_CALLUI_INPUT_CONNECTED_SET, @"call_id" : event[@"call_id"]} done:nil];
}
@end

namespace clarion::lab {
namespace {

int fail(const std::string& why) {
    std::fprintf(stderr, "clarion-iphone: %s\n", why.c_str());
    return 1;
}

NSURL* directory_of(const IPhoneOptions& options) { return [NSURL fileURLWithPath:@(options.state_directory.c_str())]; }

NSData* bytes_of(const std::string& hex) {
    NSMutableData* bytes = [NSMutableData new];
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const auto byte = static_cast<unsigned char>(std::stoul(hex.substr(i, 2), nullptr, 16));
        [bytes appendBytes:&byte length:1];
    }
    return bytes;
}

/// What tells one boot of this machine from another.
std::string boot_id() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    std::getline(file, id);
    return id;
}

/// Lets the phone's time be the machine's.
class RealTime {
  public:
    RealTime(net::Loop& loop, IPhone& phone) : loop_{loop}, phone_{phone}, timer_{loop} {
        look_at_the_clock();
        phone_.on_task = [this] { wake(); };
    }
    ~RealTime() { phone_.on_task = nullptr; }
    RealTime(const RealTime&) = delete;
    RealTime& operator=(const RealTime&) = delete;

    void look_at_the_clock() {
        phone_.now = net::boot_now().ms;
        phone_.wall_now = net::wall_now().ms;
    }

  private:
    void wake() {
        if (is_awake_) return;
        is_awake_ = true;
        loop_.post([this] { run(); });
    }

    void run() {
        is_awake_ = false;
        look_at_the_clock();
        phone_.run();
        timer_.arm_at(Instant{phone_.next_task()}, [this] { run(); });
    }

    net::Loop& loop_;
    IPhone& phone_;
    net::Timer timer_;
    bool is_awake_ = false;
};

int install(const IPhoneOptions& options) {
    IPhone phone;
    NSError* error = nil;
    phone.launch = [&](id<CLRSystem>) -> id {
        return [[CLRInviteBox alloc] initWithDirectory:directory_of(options) verifyKeys:@[] error:&error];
    };
    phone.start_process();
    return error == nil ? 0 : fail(error.localizedDescription.UTF8String);
}

using Configured = std::expected<CLRConfiguration*, std::string>;

/// With its network, its keys and its media.
Configured client_of_a_server(const IPhoneOptions& options, net::Loop& loop) {
    const auto device = native::load_device(options.state_directory);
    if (!device) return std::unexpected{device.error()};
    auto tls = net::TlsContext::client({.ca_file = device->ca_file});
    if (!tls) return std::unexpected{tls.error().message};
    IPhone::current().server = [[LiveServer alloc] initWithLoop:&loop tls:*tls];
    NSMutableArray* keys = [NSMutableArray new];
    for (const std::string& key : device->verify_keys) [keys addObject:@(key.c_str())];
    CLRConfiguration* configuration = [CLRConfiguration new];
    configuration.server = [NSURL URLWithString:@(device->server.c_str())];
    configuration.service = @(device->service.text().c_str());
    configuration.user = @(device->user.text().c_str());
    configuration.device = @(device->device.text().c_str());
    if (device->token) configuration.token = @(device->token->reveal().c_str());
    configuration.directory = directory_of(options);
    NSError* error = nil;
    configuration.opener = [[CLRInviteBox alloc] initWithDirectory:configuration.directory
                                                        verifyKeys:keys
                                                             error:&error];
    if (configuration.opener == nil) return std::unexpected{error.localizedDescription.UTF8String};
    NSString* why = @"";
    LiveVoice* voice = [[LiveVoice alloc] initWithLoop:&loop voice:options.voice error:&why];
    if (voice == nil) return std::unexpected{why.UTF8String};
    configuration.media = [voice port];
    return configuration;
}

/// What an app's delegate does.
DemoApp* launch(const IPhoneOptions& options, net::Loop& loop, CallService* service, id<CLRSystem> system) {
    const Configured configured =
        options.is_alone ? Configured{[CLRConfiguration callScreenWithDirectory:directory_of(options) reader:nil]}
                         : client_of_a_server(options, loop);
    if (!configured) std::exit(fail(configured.error()));
    NSError* error = nil;
    DemoApp* app = [DemoApp new];
    app.service = service;
    app.isAlone = options.is_alone ? YES : NO;
    app.client = [[CLRClient alloc] initWithConfiguration:*configured system:system error:&error];
    if (app.client == nil) std::exit(fail(error.localizedDescription.UTF8String));
    if (options.is_verbose) {
        app.client.log = ^(NSString* line) {
          NSLog(@"%@", line);
        };
    }
    service.appOpened = ^{
      [app.client attach:app];
    };
    if (options.is_alone) [app.client attach:app];  // Its voice has to hear of an answer with no interface there.
    return app;
}

/// Dies once in the life of these files, so that the process after it can be looked at.
int dies_at(const IPhoneOptions& options) {
    const std::string mark = options.state_directory + "/died";
    if (options.die_at == 0 || std::ifstream{mark}.good()) return 0;
    std::ofstream{mark};
    return options.die_at;
}

}  // namespace

int run_iphone(const IPhoneOptions& options) {
    @autoreleasepool {
        if (options.installs) return install(options);
        net::Loop loop;
        IPhone phone;
        RealTime time{loop, phone};
        phone.boot = boot_id();
        phone.seed = crypto::random_number();
        CallService* service = [[CallService alloc] initWithLoop:&loop fd:options.system_fd];
        phone.service = service;
        if (!options.push_token.empty()) phone.set_token(bytes_of(options.push_token));
        phone.kill_after = dies_at(options);
        phone.launch = [&](id<CLRSystem> system) { return launch(options, loop, service, system); };
        phone.start_process();
        [service start];
        loop.run();
    }
    return 0;
}

}  // namespace clarion::lab
