/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRSignalling.h"

namespace {

constexpr NSInteger kReplaced = 4001;  // The server's own close codes (docs/protocol.md).
constexpr NSInteger kRefused = 4003;
/// How long a connection may be silent: the server pings after 25 s. How long it may take to come up is the engine's.
constexpr NSTimeInterval kSilence = 60;

NSString* fault_of_close(NSInteger code) {
    switch (code) {
        case NSURLSessionWebSocketCloseCodeProtocolError:
        case NSURLSessionWebSocketCloseCodeInvalidFramePayloadData:
        case NSURLSessionWebSocketCloseCodeMessageTooBig: return @CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR;
        case kReplaced: return @CLARION_SIGNALLING_FAULT_REPLACED;
        case kRefused: return @CLARION_SIGNALLING_FAULT_REFUSED;
        default: return @CLARION_SIGNALLING_FAULT_CLOSED;
    }
}

NSString* fault_of(NSError* error) {
    if (![error.domain isEqualToString:NSURLErrorDomain]) return @CLARION_SIGNALLING_FAULT_UNREACHABLE;
    switch (error.code) {
        case NSURLErrorTimedOut: return @CLARION_SIGNALLING_FAULT_TIMED_OUT;
        case NSURLErrorNetworkConnectionLost: return @CLARION_SIGNALLING_FAULT_CLOSED;
        case NSURLErrorSecureConnectionFailed:
        case NSURLErrorServerCertificateHasBadDate:
        case NSURLErrorServerCertificateUntrusted:
        case NSURLErrorServerCertificateHasUnknownRoot:
        case NSURLErrorServerCertificateNotYetValid: return @CLARION_SIGNALLING_FAULT_TLS_UNTRUSTED;
        default: return @CLARION_SIGNALLING_FAULT_UNREACHABLE;
    }
}

/// https://host/path becomes wss://host/path/v1/connect.
NSURL* address_of(NSURL* server) {
    NSString* text = [server.absoluteString
        stringByTrimmingCharactersInSet:[NSCharacterSet characterSetWithCharactersInString:@"/"]];
    if ([text hasPrefix:@"http"]) text = [@"ws" stringByAppendingString:[text substringFromIndex:4]];
    return [NSURL URLWithString:[text stringByAppendingString:@"/v1/connect"]];
}

}  // namespace

@implementation CLRSignalling {
    __weak id<CLRFacts> _facts;
    CLRInvites* _invites;
    NSURL* _address;
    NSURLSession* _session;
    NSURLSessionWebSocketTask* _task;  // The one that may still tell something.
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts invites:(CLRInvites*)invites server:(NSURL*)server {
    if ((self = [super init])) {
        _facts = facts;
        _invites = invites;
        _address = address_of(server);
    }
    return self;
}

- (void)invalidate {
    [_session invalidateAndCancel];
    _session = nil;
    _task = nil;
}

- (BOOL)perform:(CLRMessage*)command {
    return CLRPerform(
        self,
        {
            {@CLARION_ENGINE_OUTPUT_OPEN_SIGNALLING, @selector(open:)},
            {@CLARION_ENGINE_OUTPUT_CLOSE_SIGNALLING, @selector(close:)},
            {@CLARION_ENGINE_OUTPUT_SEND_FRAME, @selector(sendFrame:)},
        },
        command
    );
}

- (void)open:(CLRMessage*)command {
    if (_session == nil) {
        NSURLSessionConfiguration* configuration = [NSURLSessionConfiguration ephemeralSessionConfiguration];
        configuration.timeoutIntervalForRequest = kSilence;
        _session = [NSURLSession sessionWithConfiguration:configuration delegate:self delegateQueue:nil];
    }
    [_facts.system keepAwake:YES];  // Somebody waits for what goes over it: until it is closed.
    _task = [_session webSocketTaskWithURL:_address];
    _task.maximumMessageSize = 2 * CLARION_LIMIT_FRAME_LENGTH_MAX;
    [_task resume];
    [self receiveFrom:_task];
}

- (void)close:(CLRMessage*)command {
    NSURLSessionWebSocketTask* task = _task;
    _task = nil;
    [task cancelWithCloseCode:NSURLSessionWebSocketCloseCodeNormalClosure reason:nil];
    [_facts.system keepAwake:NO];
}

/// A frame that could not be sent is no fact: the connection's end says so, and the engine sends it again.
- (void)sendFrame:(CLRMessage*)command {
    [_task sendMessage:[[NSURLSessionWebSocketMessage alloc] initWithString:command[@"text"]]
        completionHandler:^(NSError*){
        }];
}

// ---- what the connection says: on any thread, so it is posted ----

- (void)receiveFrom:(NSURLSessionWebSocketTask*)task {
    __weak CLRSignalling* weakly = self;
    id<CLRSystem> system = _facts.system;
    [task receiveMessageWithCompletionHandler:^(NSURLSessionWebSocketMessage* message, NSError* error) {
      [system post:^{
        [weakly task:task got:message error:error];
      }];
    }];
}

- (void)task:(NSURLSessionWebSocketTask*)task got:(NSURLSessionWebSocketMessage*)message error:(NSError*)error {
    if (task != _task) return;
    if (message.string == nil) {
        // A binary message, or the end: of a closed connection the code says more than the error.
        const BOOL isBroken = error == nil;
        NSString* fault = isBroken ? @CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR
                          : task.closeCode != NSURLSessionWebSocketCloseCodeInvalid ? fault_of_close(task.closeCode)
                                                                                    : fault_of(error);
        return [self ended:fault];
    }
    NSString* text = message.string;
    CLRMessage* frame = CLRObjectOf(text);
    if ([frame[@"type"] isEqual:@CLARION_SERVER_MESSAGE_INCOMING]) {
        [_invites openInvite:CLRKind([NSString class], frame[@"cc_param"])];
    }
    const auto code = [_facts
        feed:@{@"type" : @CLARION_ENGINE_INPUT_FRAME_RECEIVED, @"text" : text, @"wall_now" : @(_facts.system.wallNow)}];
    if (task != _task) return;
    if (code == CLRBrokenFrame) return [self ended:@CLARION_SIGNALLING_FAULT_PROTOCOL_ERROR];
    [self receiveFrom:task];
}

- (void)ended:(NSString*)fault {
    NSURLSessionWebSocketTask* task = _task;
    _task = nil;
    [task cancel];
    [_facts.system keepAwake:NO];
    [_facts feed:@{@"type" : @CLARION_ENGINE_INPUT_SIGNALLING_CLOSED, @"fault" : fault}];
}

- (void)URLSession:(NSURLSession*)session
          webSocketTask:(NSURLSessionWebSocketTask*)task
    didOpenWithProtocol:(NSString*)protocol {
    __weak CLRSignalling* weakly = self;
    [_facts.system post:^{
      [weakly opened:task];
    }];
}

- (void)opened:(NSURLSessionWebSocketTask*)task {
    if (task == _task) [_facts feed:@{@"type" : @CLARION_ENGINE_INPUT_SIGNALLING_OPENED}];
}

/// Everything that ends a task: refused, unreachable, broken, closed by the server.
- (void)URLSession:(NSURLSession*)session task:(NSURLSessionTask*)task didCompleteWithError:(NSError*)error {
    __weak CLRSignalling* weakly = self;
    NSURLSessionWebSocketTask* socket = CLRKind([NSURLSessionWebSocketTask class], task);
    NSError* reason =
        error ?: [NSError errorWithDomain:NSURLErrorDomain code:NSURLErrorNetworkConnectionLost userInfo:nil];
    [_facts.system post:^{
      [weakly task:socket got:nil error:reason];
    }];
}

@end
