/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/script_server.h"

#import "sdk/generated/clarion_words.h"

using clarion::lab::IPhone;

namespace {

NSString* text_of(NSDictionary* json) {
    NSData* data = [NSJSONSerialization dataWithJSONObject:json options:0 error:nil];
    return [[NSString alloc] initWithData:data encoding:NSUTF8StringEncoding];
}

NSDictionary* object_of(NSString* text) {
    return [NSJSONSerialization JSONObjectWithData:[text dataUsingEncoding:NSUTF8StringEncoding] options:0 error:nil];
}

}  // namespace

@implementation ScriptServer {
    NSURLSessionWebSocketTask* _task;
    NSUInteger _seq;
}

- (instancetype)init {
    if ((self = [super init])) {
        _isReachable = YES;
        _declineStatus = 200;
        _offer = @"v=0\r\no=alice\r\n";
        _received = [NSMutableArray new];
        _posted = [NSMutableArray new];
    }
    return self;
}

- (BOOL)isConnected {
    return _task != nil;
}

- (void)opened:(NSURLSessionWebSocketTask*)task url:(NSURL*)url {
    if (![url.absoluteString isEqualToString:@"wss://calls.example.test/v1/connect"]) {
        return [task labRefuse:NSURLErrorBadServerResponse];
    }
    if (!_isReachable) return [task labRefuse:NSURLErrorCannotConnectToHost];
    if (_refusal != 0) return [task labRefuse:_refusal];
    ++_connections;
    _task = task;
    [task labAccept];
}

- (void)closed:(NSURLSessionWebSocketTask*)task {
    if (task == nil || task == _task) _task = nil;
}

- (void)request:(NSURLRequest*)request done:(void (^)(NSInteger))done {
    if (!_isReachable) return done(0);
    if (![request.URL.path isEqualToString:@"/v1/decline"] || ![request.HTTPMethod isEqualToString:@"POST"]) {
        return done(404);
    }
    [_posted addObject:[[NSString alloc] initWithData:request.HTTPBody encoding:NSUTF8StringEncoding]];
    done(_declineStatus);
}

- (void)task:(NSURLSessionWebSocketTask*)task sent:(NSString*)text {
    if (task != _task) return;
    CLRMessage* message = object_of(text);
    [_received addObject:message];
    if (_isSilent) return;
    NSString* type = message[@"type"];
    if ([type isEqualToString:@CLARION_CLIENT_MESSAGE_HELLO]) return [self welcome];
    [self sendText:text_of(@{@"type" : @CLARION_SERVER_MESSAGE_ACK, @"id" : message[@"id"]})];
    if ([type isEqualToString:@CLARION_CLIENT_MESSAGE_VERIFY]) return [self verify:message[@"call_id"]];
    if ([type isEqualToString:@CLARION_CLIENT_MESSAGE_ANSWER]) {
        [self event:@{@"type" : @CLARION_SERVER_MESSAGE_ANSWER_CONFIRMED, @"call_id" : message[@"call_id"]}];
        if (_onAnswer != nil) _onAnswer();
    }
    if ([type isEqualToString:@CLARION_CLIENT_MESSAGE_DECLINE]) {
        [self event:@{
            @"type" : @CLARION_SERVER_MESSAGE_ENDED,
            @"call_id" : message[@"call_id"],
            @"reason" : @CLARION_END_REASON_DECLINE,
            @"source" : @CLARION_END_SOURCE_CALLEE,
            @"by_remote" : @NO
        }];
    }
    if ([type isEqualToString:@CLARION_CLIENT_MESSAGE_PLACE]) {
        [self event:@{
            @"type" : @CLARION_SERVER_MESSAGE_NOTIFIED,
            @"call_id" : message[@"call_id"],
            @"devices" : @1,
            @"ring_until" : @(IPhone::current().wall_now + 60'000)
        }];
    }
}

- (void)welcome {
    [self sendText:text_of(@{
              @"type" : @CLARION_SERVER_MESSAGE_WELCOME,
              @"version" : @1,
              @"service" : @"acme",
              @"user" : @"bob",
              @"device" : @"bob-iphone",
              @"server_now" : @(IPhone::current().wall_now),
              @"stream" : @7,
              @"resumed" : @NO
          })];
}

- (void)verify:(NSString*)call {
    if (_endedReason != nil) {
        return [self event:@{
            @"type" : @CLARION_SERVER_MESSAGE_ENDED,
            @"call_id" : call,
            @"reason" : _endedReason,
            @"source" : @CLARION_END_SOURCE_CALLER,
            @"by_remote" : @YES
        }];
    }
    const auto wall = IPhone::current().wall_now;
    [self event:@{
        @"type" : @CLARION_SERVER_MESSAGE_VERIFIED,
        @"call_id" : call,
        @"from_user" : @"alice",
        @"from_name" : @"Alice",
        @"media" : @CLARION_MEDIA_AUDIO,
        @"offer" : _offer,
        @"server_now" : @(wall),
        @"ring_until" : @(wall + 60'000),
        @"accept_until" : @(wall + 65'000)
    }];
}

- (void)event:(NSDictionary*)event {
    NSMutableDictionary* numbered = [event mutableCopy];
    numbered[@"seq"] = @(++_seq);
    [self sendText:text_of(numbered)];
}

- (void)sendText:(NSString*)text {
    [_task labSend:text];
}

- (void)sendData:(NSData*)data {
    [_task labSendData:data];
}

- (void)drop:(NSInteger)code {
    NSURLSessionWebSocketTask* task = _task;
    _task = nil;
    [task labClose:code];
}

- (NSUInteger)count:(NSString*)type {
    NSUInteger count = 0;
    for (CLRMessage* message in _received) count += [message[@"type"] isEqual:type] ? 1 : 0;
    return count;
}

- (CLRMessage*)last:(NSString*)type {
    CLRMessage* found = nil;
    for (CLRMessage* message in _received) {
        if ([message[@"type"] isEqual:type]) found = message;
    }
    return found;
}

@end

@implementation LabMedia {
    NSMutableSet<NSString*>* _legs;
    std::uint64_t _generation;
}
@synthesize tell = _tell;

- (instancetype)init {
    if ((self = [super init])) {
        _commands = [NSMutableArray new];
        _legs = [NSMutableSet new];
        _generation = IPhone::current().generation();
    }
    return self;
}

- (NSUInteger)legs {
    return _legs.count;
}

- (void)performMedia:(CLRMessage*)command {
    auto& phone = IPhone::current();
    if (!phone.enters(_generation)) return;
    [_commands addObject:command];
    NSString* type = command[@"type"];
    NSString* call = command[@"call_id"];
    const auto is = [type](NSString* word) { return [type isEqualToString:word]; };
    if (is(@CLARION_ENGINE_OUTPUT_PREPARE_ANSWER) || is(@CLARION_ENGINE_OUTPUT_PREPARE_OFFER)) {
        [_legs addObject:call];
        NSString* made = is(@CLARION_ENGINE_OUTPUT_PREPARE_ANSWER) ? @CLARION_ENGINE_INPUT_ANSWER_PREPARED
                                                                   : @CLARION_ENGINE_INPUT_OFFER_PREPARED;
        CLRMessage* fact =
            @{@"type" : made, @"call_id" : call, @"sdp" : @"v=0\r\no=bob\r\n", @"revision" : command[@"revision"]};
        void (^tell)(CLRMessage*) = _tell;
        phone.post(_generation, ^{
          tell(fact);
        });
    } else if (is(@CLARION_ENGINE_OUTPUT_OPEN_AUDIO)) {
        if (!phone.is_audio_active()) phone.violate("IOS_IO_OUTSIDE_ACTIVATION IOS-AU-02: error 561015905");
        _isAudioOpen = YES;
        _isMicrophoneOn = [command[@"microphone"] boolValue];
    } else if (is(@CLARION_ENGINE_OUTPUT_CLOSE_AUDIO)) {
        _isAudioOpen = NO;
    } else if (is(@CLARION_ENGINE_OUTPUT_CLOSE_MEDIA)) {
        [_legs removeObject:call];
    }
}

- (void)say:(NSString*)type call:(NSString*)call {
    if (_tell != nil) _tell(@{@"type" : type, @"call_id" : call});
}

- (NSUInteger)count:(NSString*)type {
    NSUInteger count = 0;
    for (CLRMessage* command in _commands) count += [command[@"type"] isEqual:type] ? 1 : 0;
    return count;
}

@end

@implementation LabOpener
- (NSString*)openInvite:(NSString*)ccParam fault:(NSString* __autoreleasing*)fault {
    const NSRange dot = [ccParam rangeOfString:@"."];
    if (dot.location == NSNotFound) {
        *fault = @"malformed";
        return nil;
    }
    if ([ccParam hasPrefix:@"ok."]) return [ccParam substringFromIndex:3];
    *fault = [ccParam substringToIndex:dot.location];
    return nil;
}
@end
