/* SPDX-License-Identifier: Apache-2.0 */
/* The names of Flutter's iOS embedding that the plugin uses, by its documentation. Nothing compares them. */
#pragma once
#import <Foundation/Foundation.h>
#import <UserNotifications/UserNotifications.h>

NS_ASSUME_NONNULL_BEGIN

@class UIApplication;
@interface FlutterError : NSObject
+ (instancetype)errorWithCode:(NSString*)code message:(nullable NSString*)message details:(nullable id)details;
@property(nonatomic, readonly, nullable) NSString* message;
@end
@protocol FlutterBinaryMessenger;

typedef void (^FlutterResult)(id _Nullable result);
typedef void (^FlutterEventSink)(id _Nullable event);
extern const NSObject* FlutterMethodNotImplemented;

@interface FlutterMethodCall : NSObject
+ (instancetype)methodCallWithMethodName:(NSString*)method arguments:(nullable id)arguments;
@property(nonatomic, readonly) NSString* method;
@property(nonatomic, readonly, nullable) id arguments;
@end

@interface FlutterMethodChannel : NSObject
+ (instancetype)methodChannelWithName:(NSString*)name binaryMessenger:(NSObject<FlutterBinaryMessenger>*)messenger;
@end

@protocol FlutterStreamHandler <NSObject>
- (nullable FlutterError*)onListenWithArguments:(nullable id)arguments eventSink:(FlutterEventSink)events;
- (nullable FlutterError*)onCancelWithArguments:(nullable id)arguments;
@end

@interface FlutterEventChannel : NSObject
+ (instancetype)eventChannelWithName:(NSString*)name binaryMessenger:(NSObject<FlutterBinaryMessenger>*)messenger;
- (void)setStreamHandler:(nullable NSObject<FlutterStreamHandler>*)handler;
@end

@protocol FlutterBinaryMessenger <NSObject>
@end

@protocol FlutterPluginRegistrar;

@protocol FlutterPlugin <NSObject>
+ (void)registerWithRegistrar:(NSObject<FlutterPluginRegistrar>*)registrar;
@optional
- (void)handleMethodCall:(FlutterMethodCall*)call result:(FlutterResult)result;
- (void)detachFromEngineForRegistrar:(NSObject<FlutterPluginRegistrar>*)registrar;
@end

@protocol FlutterPluginRegistrar <NSObject>
- (NSObject<FlutterBinaryMessenger>*)messenger;
- (void)addMethodCallDelegate:(NSObject<FlutterPlugin>*)delegate channel:(FlutterMethodChannel*)channel;
- (void)addApplicationDelegate:(NSObject<FlutterPlugin>*)delegate;
@end

NS_ASSUME_NONNULL_END
