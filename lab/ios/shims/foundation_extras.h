/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#ifndef NS_ASSUME_NONNULL_BEGIN
#define NS_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define NS_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#endif

NS_ASSUME_NONNULL_BEGIN

// ---- files ----

extern NSString* const NSFileProtectionKey;
extern NSString* const NSFileProtectionNone;
extern NSString* const NSURLIsExcludedFromBackupKey;

static const NSUInteger NSDataWritingFileProtectionNone = 0x10000000;

@interface NSURL (ClarionShim)
- (BOOL)setResourceValue:(nullable id)value forKey:(NSString*)key error:(NSError* _Nullable* _Nullable)error;
@end

// ---- sessions ----

@class NSURLSessionWebSocketTask;

@interface NSURLSessionConfiguration : NSObject
+ (NSURLSessionConfiguration*)ephemeralSessionConfiguration;
@property NSTimeInterval timeoutIntervalForRequest;
@end

@protocol NSURLSessionDelegate <NSObject>
@end

@interface NSURLSessionTask : NSObject
- (void)cancel;
- (void)resume;
@end

@interface NSURLSessionDataTask : NSURLSessionTask
@end

@interface NSURLSession : NSObject
+ (NSURLSession*)sessionWithConfiguration:(NSURLSessionConfiguration*)configuration
                                 delegate:(nullable id<NSURLSessionDelegate>)delegate
                            delegateQueue:(nullable NSOperationQueue*)queue;
- (NSURLSessionWebSocketTask*)webSocketTaskWithURL:(NSURL*)url;
- (NSURLSessionDataTask*)
    dataTaskWithRequest:(NSURLRequest*)request
      completionHandler:(void (^)(NSData* _Nullable data, NSURLResponse* _Nullable response, NSError* _Nullable error)
                        )completionHandler;
- (void)invalidateAndCancel;
@end

typedef NS_ENUM(NSInteger, NSURLSessionWebSocketCloseCode) {
    NSURLSessionWebSocketCloseCodeInvalid = 0,
    NSURLSessionWebSocketCloseCodeNormalClosure = 1000,
    NSURLSessionWebSocketCloseCodeProtocolError = 1002,
    NSURLSessionWebSocketCloseCodeInvalidFramePayloadData = 1007,
    NSURLSessionWebSocketCloseCodeMessageTooBig = 1009,
};

@interface NSURLSessionWebSocketMessage : NSObject
- (instancetype)initWithString:(NSString*)string;
- (instancetype)initWithData:(NSData*)data;
@property(readonly, copy, nullable) NSData* data;
@property(readonly, copy, nullable) NSString* string;
@end

@interface NSURLSessionWebSocketTask : NSURLSessionTask
- (void)sendMessage:(NSURLSessionWebSocketMessage*)message
    completionHandler:(void (^)(NSError* _Nullable error))completionHandler;
- (void)receiveMessageWithCompletionHandler:
    (void (^)(NSURLSessionWebSocketMessage* _Nullable message, NSError* _Nullable error))completionHandler;
- (void)cancelWithCloseCode:(NSURLSessionWebSocketCloseCode)closeCode reason:(nullable NSData*)reason;
@property NSInteger maximumMessageSize;
@property(readonly) NSURLSessionWebSocketCloseCode closeCode;
@end

@protocol NSURLSessionTaskDelegate <NSURLSessionDelegate>
@optional
- (void)URLSession:(NSURLSession*)session task:(NSURLSessionTask*)task didCompleteWithError:(nullable NSError*)error;
@end

@protocol NSURLSessionWebSocketDelegate <NSURLSessionTaskDelegate>
@optional
- (void)URLSession:(NSURLSession*)session
          webSocketTask:(NSURLSessionWebSocketTask*)webSocketTask
    didOpenWithProtocol:(nullable NSString*)protocol;
@end

NS_ASSUME_NONNULL_END
