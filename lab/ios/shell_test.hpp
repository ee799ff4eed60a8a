/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#import "lab/ios/iphone.h"
#import "lab/ios/script_server.h"
#import "sdk/generated/clarion_words.h"
#import "sdk/ios/Sources/Clarion/include/CLRClient.h"

/// What an app hears.
@interface LabApp : NSObject <CLRClientDelegate>
@property(nonatomic, strong) CLRClient* client;
@property(nonatomic, strong) LabMedia* media;
@property(nonatomic, strong) NSMutableArray<CLRMessage*>* events;
@property(nonatomic, strong) NSMutableArray<CLRMessage*>* notices;
@property(nonatomic, strong) NSMutableArray<NSString*>* log;
@property(nonatomic) NSInteger tokensWanted;
@end

namespace clarion::lab {

inline NSString* const kCall = @"6f1f7d5e-0000-4000-8000-000000000001";
inline NSString* const kOther = @"6f1f7d5e-0000-4000-8000-000000000002";

/// The bytes of a text literal.
template <std::size_t N>
NSData* bytes(const char (&text)[N]) {
    return [NSData dataWithBytes:text length:N - 1];
}

/// Bob's iPhone with the real shell, Alice's calls by push, and a server by script. The app is dead at first.
struct ShellTest : ::testing::Test {
    ShellTest();
    ~ShellTest() override;

    /// The phone did everything that the rules ask for.
    void TearDown() override;

    /// Of each process of the app.
    [[nodiscard]] virtual CLRConfiguration* configuration_of(LabApp* made, id<CLRSystem> system) const;

    [[nodiscard]] static NSUUID* uuid(NSString* call) { return [[NSUUID alloc] initWithUUIDString:call]; }
    /// The payload of a push that rings; `changes` go over the invite.
    [[nodiscard]] NSDictionary* payload(NSString* call = kCall, NSDictionary* changes = @{}) const;
    void push(NSDictionary* payload);
    /// A push, shown and verified.
    void ring(NSString* call = kCall);
    void answer(NSString* call = kCall);
    /// Rings, is answered, media flow.
    void talk(NSString* call = kCall);
    void media_flow(NSString* call = kCall);
    void ended(NSString* reason, NSString* source, NSString* call = kCall);

    [[nodiscard]] ScreenCall::State state(NSString* call = kCall) const;
    [[nodiscard]] int reason(NSString* call = kCall) const;
    [[nodiscard]] NSUInteger heard(NSString* kind) const;
    [[nodiscard]] CLRMessage* event(NSString* kind) const;
    /// Where the server was told to wake this device: "apns_voip 01ab, apns_alert -"; -: nowhere any more.
    [[nodiscard]] std::string told_addresses() const;

    NSURL* directory;
    ScriptServer* server;
    IPhone phone;
    LabApp* __weak app = nil;  // Of the present process.
    bool attaches = true;
    bool has_media = true;
    std::function<id<CLRMedia>(id<CLRSystem> system)> make_media;  // Null: LabMedia.
    std::string token;
    NSDictionary* options = @{};
    NSMutableArray<CLRMessage*>* all_events = [NSMutableArray new];  // Of all processes.
};

}  // namespace clarion::lab
