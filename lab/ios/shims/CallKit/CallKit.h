/* SPDX-License-Identifier: Apache-2.0 */
/* What the shell uses of CallKit, by the names of the SDK (lab/ios/sdk_names_test.py compares them). */
#pragma once
#import <AVFAudio/AVFAudio.h>
#import <Foundation/Foundation.h>
#import <dispatch/dispatch.h>

NS_ASSUME_NONNULL_BEGIN

extern NSString* const CXErrorDomainIncomingCall;
extern NSString* const CXErrorDomainRequestTransaction;

typedef NS_ENUM(NSInteger, CXErrorCodeIncomingCallError) {
    CXErrorCodeIncomingCallErrorUnknown = 0,
    CXErrorCodeIncomingCallErrorUnentitled = 1,
    CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists = 2,
    CXErrorCodeIncomingCallErrorFilteredByDoNotDisturb = 3,
    CXErrorCodeIncomingCallErrorFilteredByBlockList = 4,
    CXErrorCodeIncomingCallErrorFilteredDuringRestrictedSharingMode = 5,
    CXErrorCodeIncomingCallErrorCallIsProtected = 6,
    CXErrorCodeIncomingCallErrorFilteredBySensitiveParticipants = 7,
};

typedef NS_ENUM(NSInteger, CXErrorCodeRequestTransactionError) {
    CXErrorCodeRequestTransactionErrorUnknown = 0,
    CXErrorCodeRequestTransactionErrorUnentitled = 1,
    CXErrorCodeRequestTransactionErrorUnknownCallProvider = 2,
    CXErrorCodeRequestTransactionErrorEmptyTransaction = 3,
    CXErrorCodeRequestTransactionErrorUnknownCallUUID = 4,
    CXErrorCodeRequestTransactionErrorCallUUIDAlreadyExists = 5,
    CXErrorCodeRequestTransactionErrorInvalidAction = 6,
    CXErrorCodeRequestTransactionErrorMaximumCallGroupsReached = 7,
    CXErrorCodeRequestTransactionErrorCallIsProtected = 8,
};

typedef NS_ENUM(NSInteger, CXCallEndedReason) {
    CXCallEndedReasonFailed = 1,
    CXCallEndedReasonRemoteEnded = 2,
    CXCallEndedReasonUnanswered = 3,
    CXCallEndedReasonAnsweredElsewhere = 4,
    CXCallEndedReasonDeclinedElsewhere = 5,
};

typedef NS_ENUM(NSInteger, CXHandleType) {
    CXHandleTypeGeneric = 1,
    CXHandleTypePhoneNumber = 2,
    CXHandleTypeEmailAddress = 3,
};

typedef NS_ENUM(NSInteger, CXPlayDTMFCallActionType) {
    CXPlayDTMFCallActionTypeSingleTone = 1,
    CXPlayDTMFCallActionTypeSoftPause = 2,
    CXPlayDTMFCallActionTypeHardPause = 3,
};

@interface CXHandle : NSObject
@property(nonatomic, readonly) CXHandleType type;
@property(nonatomic, readonly, copy) NSString* value;
- (instancetype)initWithType:(CXHandleType)type value:(NSString*)value;
@end

@interface CXCallUpdate : NSObject
@property(nonatomic, copy, nullable) CXHandle* remoteHandle;
@property(nonatomic, copy, nullable) NSString* localizedCallerName;
@property(nonatomic) BOOL supportsHolding;
@property(nonatomic) BOOL supportsGrouping;
@property(nonatomic) BOOL supportsUngrouping;
@property(nonatomic) BOOL supportsDTMF;
@property(nonatomic) BOOL hasVideo;
@end

@interface CXProviderConfiguration : NSObject
@property(nonatomic, strong, nullable) NSString* ringtoneSound;
@property(nonatomic, copy, nullable) NSData* iconTemplateImageData;
@property(nonatomic) NSUInteger maximumCallGroups;
@property(nonatomic) NSUInteger maximumCallsPerCallGroup;
@property(nonatomic) BOOL includesCallsInRecents;
@property(nonatomic) BOOL supportsVideo;
@property(nonatomic, copy) NSSet<NSNumber*>* supportedHandleTypes;
@end

// ---- actions ----

@interface CXAction : NSObject
@property(nonatomic, readonly, copy) NSUUID* UUID;
@property(nonatomic, readonly, getter=isComplete) BOOL complete;
@property(nonatomic, readonly, strong) NSDate* timeoutDate;
- (void)fulfill;
- (void)fail;
@end

@interface CXCallAction : CXAction
@property(nonatomic, readonly, copy) NSUUID* callUUID;
- (instancetype)initWithCallUUID:(NSUUID*)callUUID;
@end

@interface CXStartCallAction : CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID handle:(CXHandle*)handle;
@property(nonatomic, copy) CXHandle* handle;
@property(nonatomic, getter=isVideo) BOOL video;
@end

@interface CXAnswerCallAction : CXCallAction
@end

@interface CXEndCallAction : CXCallAction
@end

@interface CXSetHeldCallAction : CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID onHold:(BOOL)onHold;
@property(nonatomic, getter=isOnHold) BOOL onHold;
@end

@interface CXSetMutedCallAction : CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID muted:(BOOL)muted;
@property(nonatomic, getter=isMuted) BOOL muted;
@end

@interface CXSetGroupCallAction : CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID callUUIDToGroupWith:(nullable NSUUID*)callUUIDToGroupWith;
@property(nonatomic, copy, nullable) NSUUID* callUUIDToGroupWith;
@end

@interface CXPlayDTMFCallAction : CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID digits:(NSString*)digits type:(CXPlayDTMFCallActionType)type;
@property(nonatomic, copy) NSString* digits;
@property(nonatomic) CXPlayDTMFCallActionType type;
@end

@interface CXTransaction : NSObject
@property(nonatomic, readonly, copy) NSArray<CXAction*>* actions;
- (instancetype)initWithAction:(CXAction*)action;
@end

// ---- provider and controller ----

@class CXProvider;

@protocol CXProviderDelegate <NSObject>
- (void)providerDidReset:(CXProvider*)provider;
@optional
- (void)providerDidBegin:(CXProvider*)provider;
- (void)provider:(CXProvider*)provider performStartCallAction:(CXStartCallAction*)action;
- (void)provider:(CXProvider*)provider performAnswerCallAction:(CXAnswerCallAction*)action;
- (void)provider:(CXProvider*)provider performEndCallAction:(CXEndCallAction*)action;
- (void)provider:(CXProvider*)provider performSetHeldCallAction:(CXSetHeldCallAction*)action;
- (void)provider:(CXProvider*)provider performSetMutedCallAction:(CXSetMutedCallAction*)action;
- (void)provider:(CXProvider*)provider performSetGroupCallAction:(CXSetGroupCallAction*)action;
- (void)provider:(CXProvider*)provider performPlayDTMFCallAction:(CXPlayDTMFCallAction*)action;
- (void)provider:(CXProvider*)provider timedOutPerformingAction:(CXAction*)action;
- (void)provider:(CXProvider*)provider didActivateAudioSession:(AVAudioSession*)audioSession;
- (void)provider:(CXProvider*)provider didDeactivateAudioSession:(AVAudioSession*)audioSession;
@end

@interface CXProvider : NSObject
- (instancetype)initWithConfiguration:(CXProviderConfiguration*)configuration;
- (void)setDelegate:(nullable id<CXProviderDelegate>)delegate queue:(nullable dispatch_queue_t)queue;
- (void)reportNewIncomingCallWithUUID:(NSUUID*)UUID
                               update:(CXCallUpdate*)update
                           completion:(void (^)(NSError* _Nullable error))completion;
- (void)reportCallWithUUID:(NSUUID*)UUID updated:(CXCallUpdate*)update;
- (void)reportCallWithUUID:(NSUUID*)UUID endedAtDate:(nullable NSDate*)dateEnded reason:(CXCallEndedReason)endedReason;
- (void)reportOutgoingCallWithUUID:(NSUUID*)UUID startedConnectingAtDate:(nullable NSDate*)dateStartedConnecting;
- (void)reportOutgoingCallWithUUID:(NSUUID*)UUID connectedAtDate:(nullable NSDate*)dateConnected;
- (void)invalidate;
@property(nonatomic, copy) CXProviderConfiguration* configuration;
@end

@interface CXCallController : NSObject
- (instancetype)initWithQueue:(dispatch_queue_t)queue;
- (void)requestTransaction:(CXTransaction*)transaction completion:(void (^)(NSError* _Nullable error))completion;
@end

NS_ASSUME_NONNULL_END
