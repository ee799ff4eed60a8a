/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Foundation/Foundation.h>
#import <dispatch/dispatch.h>

NS_ASSUME_NONNULL_BEGIN

typedef NSString* PKPushType;
extern const PKPushType PKPushTypeVoIP;

@interface PKPushCredentials : NSObject
@property(nonatomic, readonly, copy) PKPushType type;
@property(nonatomic, readonly, copy) NSData* token;
@end

@interface PKPushPayload : NSObject
@property(nonatomic, readonly, copy) PKPushType type;
@property(nonatomic, readonly, copy) NSDictionary* dictionaryPayload;
@end

@interface PKVoIPPushMetadata : NSObject
@property(nonatomic, readonly) BOOL mustReport;
@end

@class PKPushRegistry;

@protocol PKPushRegistryDelegate <NSObject>
- (void)pushRegistry:(PKPushRegistry*)registry
    didUpdatePushCredentials:(PKPushCredentials*)pushCredentials
                     forType:(PKPushType)type;
@optional
- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingPushWithPayload:(PKPushPayload*)payload
                              forType:(PKPushType)type
                withCompletionHandler:(void (^)(void))completion;
- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingVoIPPushWithPayload:(PKPushPayload*)payload
                                 metadata:(PKVoIPPushMetadata*)metadata
                    withCompletionHandler:(void (^)(void))completionHandler;
- (void)pushRegistry:(PKPushRegistry*)registry didInvalidatePushTokenForType:(PKPushType)type;
@end

@interface PKPushRegistry : NSObject
- (instancetype)initWithQueue:(nullable dispatch_queue_t)queue;
@property(nonatomic, weak, nullable) id<PKPushRegistryDelegate> delegate;
@property(nonatomic, copy, nullable) NSSet<PKPushType>* desiredPushTypes;
@end

NS_ASSUME_NONNULL_END
