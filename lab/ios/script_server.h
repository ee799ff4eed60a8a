/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <functional>
#include <string>
#include <vector>

#import "lab/ios/iphone.h"
#import "sdk/ios/Sources/Clarion/include/CLRPorts.h"

/// A Clarion server for one device, by script: it acknowledges, verifies and confirms as docs/protocol.md says, and
/// says what the test tells it to say.
@interface ScriptServer : NSObject <LabServer>
@property(nonatomic) BOOL isReachable;
@property(nonatomic) NSInteger refusal;            ///< NSURLError... of who connects; 0: none.
@property(nonatomic) BOOL isSilent;                ///< Takes connections and answers nothing.
@property(nonatomic, copy) NSString* endedReason;  ///< The call is over: what verify hears. nil: it rings.
@property(nonatomic, copy) NSString* offer;        ///< Of the caller.
@property(nonatomic) NSInteger declineStatus;      ///< Of POST /v1/decline.
@property(nonatomic, readonly) NSMutableArray<CLRMessage*>* received;
@property(nonatomic, readonly) NSMutableArray<NSString*>* posted;  ///< Bodies of POST /v1/decline.
@property(nonatomic, readonly) NSInteger connections;
@property(nonatomic, readonly) BOOL isConnected;
@property(nonatomic, copy) void (^onAnswer)(void);
/// So many messages of this type were received.
- (NSUInteger)count:(NSString*)type;
- (CLRMessage*)last:(NSString*)type;
/// A server event, with the next number.
- (void)event:(NSDictionary*)event;
- (void)sendText:(NSString*)text;
- (void)sendData:(NSData*)data;
- (void)drop:(NSInteger)code;
@end

/// A media library that works: it answers every offer, and says that media flow when the test lets it. It keeps I6: no
/// audio outside the system's activation.
@interface LabMedia : NSObject <CLRMedia>
@property(nonatomic, readonly) NSMutableArray<CLRMessage*>* commands;
@property(nonatomic) BOOL isAudioOpen;
@property(nonatomic) BOOL isMicrophoneOn;
@property(nonatomic, readonly) NSUInteger legs;
- (NSUInteger)count:(NSString*)type;
- (void)say:(NSString*)type call:(NSString*)call;
@end

/// Opens "ok.JSON"; "FAULT.anything" has that fault.
@interface LabOpener : NSObject <CLRInviteOpener>
@end
