/* SPDX-License-Identifier: Apache-2.0 */
#include <deque>

#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

@interface NSURLSession ()
@property(nonatomic, weak) id<NSURLSessionDelegate> labDelegate;
@end

@implementation NSURLSessionConfiguration
+ (NSURLSessionConfiguration*)ephemeralSessionConfiguration {
    return [NSURLSessionConfiguration new];
}
@end

@implementation NSURLSessionTask
- (void)cancel {
}
- (void)resume {
}
@end

@interface NSURLSessionDataTask ()
@property(nonatomic, strong) NSURLRequest* labRequest;
@property(nonatomic, copy) void (^labDone)(NSData*, NSURLResponse*, NSError*);
@end

@implementation NSURLSessionDataTask
- (void)resume {
    auto& phone = IPhone::current();
    if (!phone.enters(phone.generation())) return;
    void (^done)(NSData*, NSURLResponse*, NSError*) = self.labDone;
    NSURLRequest* request = self.labRequest;
    void (^answered)(NSInteger) = ^(NSInteger status) {
      if (status == 0) {
          return done(
              nil, nil, [NSError errorWithDomain:NSURLErrorDomain code:NSURLErrorCannotConnectToHost userInfo:nil]
          );
      }
      done(
          [NSData data],
          [[NSHTTPURLResponse alloc] initWithURL:request.URL
                                      statusCode:status
                                     HTTPVersion:@"HTTP/1.1"
                                    headerFields:@{}],
          nil
      );
    };
    phone.post(phone.generation(), ^{
      id<LabServer> server = IPhone::current().server;
      if (server == nil) return answered(0);
      [server request:request done:answered];
    });
}
@end

@implementation NSURLSessionWebSocketMessage
- (instancetype)initWithString:(NSString*)string {
    if ((self = [super init])) _string = [string copy];
    return self;
}
- (instancetype)initWithData:(NSData*)data {
    if ((self = [super init])) _data = [data copy];
    return self;
}
@end

@interface NSURLSessionWebSocketTask ()
@property(nonatomic, weak) NSURLSession* labSession;
@property(nonatomic, strong) NSURL* labURL;
@end

@implementation NSURLSessionWebSocketTask {
    std::uint64_t _generation;
    std::deque<NSURLSessionWebSocketMessage*> _messages;
    void (^_receiver)(NSURLSessionWebSocketMessage*, NSError*);
    NSError* _error;
    NSURLSessionWebSocketCloseCode _closeCode;
}
@synthesize maximumMessageSize = _maximumMessageSize;

- (instancetype)init {
    if (!(self = [super init])) return nil;
    _generation = IPhone::current().generation();
    __weak NSURLSessionWebSocketTask* weakly = self;
    IPhone::current().at_death(^{
      NSURLSessionWebSocketTask* task = weakly;
      if (task != nil) task->_receiver = nil;  // It knows its task.
    });
    return self;
}

- (NSURLSessionWebSocketCloseCode)closeCode {
    return _closeCode;
}

- (void)resume {
    auto& phone = IPhone::current();
    if (!phone.enters(_generation)) return;
    NSURLSessionWebSocketTask* task = self;
    phone.post(_generation, ^{
      id<LabServer> server = IPhone::current().server;
      if (server == nil) return [task labRefuse:NSURLErrorCannotConnectToHost];
      [server opened:task url:task.labURL];
    });
}

- (void)sendMessage:(NSURLSessionWebSocketMessage*)message completionHandler:(void (^)(NSError*))completionHandler {
    if (!IPhone::current().enters(_generation)) return;
    if (_error == nil) {
        NSURLSessionWebSocketTask* task = self;
        IPhone::current().post(0, ^{
          [IPhone::current().server task:task sent:message.string];
        });
    }
    NSError* error = _error;
    IPhone::current().post(_generation, ^{
      completionHandler(error);
    });
}

/// One message for each call (the API's rule): a shell that does not ask again hears nothing more.
- (void)receiveMessageWithCompletionHandler:(void (^)(NSURLSessionWebSocketMessage*, NSError*))completionHandler {
    if (!IPhone::current().enters(_generation)) return;
    if (_receiver != nil) IPhone::current().violate("IOS_TWO_RECEIVES: one receive at a time");
    _receiver = completionHandler;
    [self labDeliver];
}

- (void)cancel {
    [self cancelWithCloseCode:NSURLSessionWebSocketCloseCodeInvalid reason:nil];
}

- (void)cancelWithCloseCode:(NSURLSessionWebSocketCloseCode)closeCode reason:(NSData*)reason {
    if (!IPhone::current().enters(_generation) || _error != nil) return;
    [IPhone::current().server closed:self];
    [self labFinish:[NSError errorWithDomain:NSURLErrorDomain code:NSURLErrorCancelled userInfo:nil]];
}

- (void)labDeliver {
    if (_receiver == nil || (_messages.empty() && _error == nil)) return;
    void (^receiver)(NSURLSessionWebSocketMessage*, NSError*) = _receiver;
    _receiver = nil;
    NSURLSessionWebSocketMessage* message = _messages.empty() ? nil : _messages.front();
    if (message != nil) _messages.pop_front();
    NSError* error = message == nil ? _error : nil;
    IPhone::current().post(_generation, ^{
      receiver(message, error);
    });
}

- (void)labFinish:(NSError*)error {
    if (_error != nil) return;
    _error = error;
    [self labDeliver];
    NSURLSessionWebSocketTask* task = self;
    IPhone::current().post(_generation, ^{
      NSURLSession* session = task.labSession;
      id<NSURLSessionTaskDelegate> delegate = (id<NSURLSessionTaskDelegate>)session.labDelegate;
      if (session != nil) [delegate URLSession:session task:task didCompleteWithError:error];
    });
}

- (void)labAccept {
    NSURLSessionWebSocketTask* task = self;
    IPhone::current().post(_generation, ^{
      NSURLSession* session = task.labSession;
      id<NSURLSessionWebSocketDelegate> delegate = (id<NSURLSessionWebSocketDelegate>)session.labDelegate;
      if (session != nil) [delegate URLSession:session webSocketTask:task didOpenWithProtocol:nil];
    });
}

- (void)labRefuse:(NSInteger)error {
    [self labFinish:[NSError errorWithDomain:NSURLErrorDomain code:error userInfo:nil]];
}

- (void)labSend:(NSString*)text {
    _messages.push_back([[NSURLSessionWebSocketMessage alloc] initWithString:text]);
    [self labDeliver];
}

- (void)labSendData:(NSData*)data {
    _messages.push_back([[NSURLSessionWebSocketMessage alloc] initWithData:data]);
    [self labDeliver];
}

- (void)labClose:(NSInteger)code {
    _closeCode = static_cast<NSURLSessionWebSocketCloseCode>(code);
    [self labFinish:[NSError errorWithDomain:NSURLErrorDomain code:NSURLErrorNetworkConnectionLost userInfo:nil]];
}
@end

@implementation NSURLSession
@synthesize labDelegate = _labDelegate;
+ (NSURLSession*)sessionWithConfiguration:(NSURLSessionConfiguration*)configuration
                                 delegate:(id<NSURLSessionDelegate>)delegate
                            delegateQueue:(NSOperationQueue*)queue {
    NSURLSession* session = [NSURLSession new];
    session.labDelegate = delegate;  // The real one keeps its delegate until it is invalidated.
    return session;
}
- (NSURLSessionWebSocketTask*)webSocketTaskWithURL:(NSURL*)url {
    NSURLSessionWebSocketTask* task = [NSURLSessionWebSocketTask new];
    task.labSession = self;
    task.labURL = url;
    return task;
}
- (NSURLSessionDataTask*)dataTaskWithRequest:(NSURLRequest*)request
                           completionHandler:(void (^)(NSData*, NSURLResponse*, NSError*))completionHandler {
    NSURLSessionDataTask* task = [NSURLSessionDataTask new];
    task.labRequest = request;
    task.labDone = completionHandler;
    return task;
}
- (void)invalidateAndCancel {
    _labDelegate = nil;
}
@end
