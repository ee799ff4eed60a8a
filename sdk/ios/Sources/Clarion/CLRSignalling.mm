/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

namespace {

/// How long a connection may be silent: the server pings after 25 s. How long it may take to come up is the engine's.
constexpr NSTimeInterval kSilence = 60;

/// https://host/path becomes wss://host/path/v1/connect.
NSURL* address_of(NSURL* server) {
    NSString* text = CLRAddress(server, @"/v1/connect");
    if ([text hasPrefix:@"http"]) text = [@"ws" stringByAppendingString:[text substringFromIndex:4]];
    return [NSURL URLWithString:text];
}

}  // namespace

@implementation CLRSignalling {
    NSURLSession* _session;
    NSURLSessionWebSocketTask* _task;  // The one that may still tell something.
}

- (void)invalidate {
    [_session invalidateAndCancel];
    _session = nil;
    _task = nil;
}

- (void)performOpenSignalling:(CLRMessage*)command {
    if (_session == nil) {
        NSURLSessionConfiguration* configuration = [NSURLSessionConfiguration ephemeralSessionConfiguration];
        configuration.timeoutIntervalForRequest = kSilence;
        _session = [NSURLSession sessionWithConfiguration:configuration delegate:self delegateQueue:nil];
    }
    [self.shell.system keepAwake:YES];  // Somebody waits for what goes over it: until it is closed.
    _task = [_session webSocketTaskWithURL:address_of(self.shell.configuration.server)];
    _task.maximumMessageSize = 2 * CLARION_LIMIT_FRAME_LENGTH_MAX;
    [_task resume];
    [self receiveFrom:_task];
}

- (void)performCloseSignalling:(CLRMessage*)command {
    NSURLSessionWebSocketTask* task = _task;
    _task = nil;
    [task cancelWithCloseCode:NSURLSessionWebSocketCloseCodeNormalClosure reason:nil];
    [self.shell.system keepAwake:NO];
}

/// A frame that could not be sent is no fact: the connection's end says so, and the engine sends it again.
- (void)performSendFrame:(CLRMessage*)command {
    [_task sendMessage:[[NSURLSessionWebSocketMessage alloc] initWithString:command[@"text"]]
        completionHandler:^(NSError*){
        }];
}

// ---- what the connection says: on any thread, so it is posted ----

- (void)receiveFrom:(NSURLSessionWebSocketTask*)task {
    __weak CLRSignalling* weakly = self;  // The task keeps its handler.
    [task receiveMessageWithCompletionHandler:^(NSURLSessionWebSocketMessage* message, NSError* error) {
      [weakly later:^(CLRSignalling* signalling) {
        [signalling task:task got:message error:error];
      }];
    }];
}

- (void)task:(NSURLSessionWebSocketTask*)task got:(NSURLSessionWebSocketMessage*)message error:(NSError*)error {
    if (task != _task) return;
    NSString* text = message.string;
    if (text == nil) {
        // A binary message, or the end: of a closed connection the code says more than the error.
        const BOOL isOfUrls = [error.domain isEqualToString:NSURLErrorDomain];
        const BOOL isClosed = task.closeCode != NSURLSessionWebSocketCloseCodeInvalid;
        const NSInteger code = error == nil ? NSURLSessionWebSocketCloseCodeProtocolError
                               : isClosed   ? task.closeCode
                               : isOfUrls   ? error.code
                                            : NSURLErrorUnknown;
        return [self ended:CLRSignallingFaults()[@(code)]
                               ?: code > 0 ? @CLARION_SIGNALLING_FAULT_CLOSED
                                           : @CLARION_SIGNALLING_FAULT_UNREACHABLE];
    }
    id<CLRShell> shell = self.shell;
    const auto code = [shell
        feed:@{@"type" : @CLARION_ENGINE_INPUT_FRAME_RECEIVED, @"text" : text, @"wall_now" : @(shell.system.wallNow)}];
    if (task != _task) return;
    if (code == CLRBrokenFrame) return [self ended:@CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR];
    [self receiveFrom:task];
}

- (void)ended:(NSString*)fault {
    [self performCloseSignalling:@{}];
    [self.shell feed:@{@"type" : @CLARION_ENGINE_INPUT_SIGNALLING_CLOSED, @"fault" : fault}];
}

- (void)URLSession:(NSURLSession*)session
          webSocketTask:(NSURLSessionWebSocketTask*)task
    didOpenWithProtocol:(NSString*)protocol {
    [self later:^(CLRSignalling* signalling) {
      if (task != signalling->_task) return;
      [signalling.shell feed:@{@"type" : @CLARION_ENGINE_INPUT_SIGNALLING_OPENED}];
    }];
}

/// Everything that ends a task: refused, unreachable, broken, closed by the server.
- (void)URLSession:(NSURLSession*)session task:(NSURLSessionTask*)task didCompleteWithError:(NSError*)error {
    NSURLSessionWebSocketTask* socket = CLRKind([NSURLSessionWebSocketTask class], task);
    NSError* reason =
        error ?: [NSError errorWithDomain:NSURLErrorDomain code:NSURLErrorNetworkConnectionLost userInfo:nil];
    [self later:^(CLRSignalling* signalling) {
      [signalling task:socket got:nil error:reason];
    }];
}

@end
