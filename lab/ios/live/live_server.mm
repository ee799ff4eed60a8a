/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/live/live_server.h"

#include <expected>
#include <map>
#include <string>
#include <utility>

#include "net/http_client.hpp"
#include "net/url.hpp"
#include "net/websocket_client.hpp"

using namespace clarion;

namespace {

using Connected = std::expected<std::shared_ptr<net::WebSocket>, net::Error>;

/// What NSURLSession says in this case.
NSInteger error_of(net::ErrorCode code) {
    switch (code) {
        case net::ErrorCode::not_found: return NSURLErrorCannotFindHost;
        case net::ErrorCode::unreachable: return NSURLErrorNotConnectedToInternet;
        case net::ErrorCode::timed_out: return NSURLErrorTimedOut;
        case net::ErrorCode::tls_untrusted: return NSURLErrorServerCertificateUntrusted;
        case net::ErrorCode::tls_failed: return NSURLErrorSecureConnectionFailed;
        case net::ErrorCode::closed: return NSURLErrorNetworkConnectionLost;
        case net::ErrorCode::protocol: return NSURLErrorBadServerResponse;
        default: return NSURLErrorCannotConnectToHost;
    }
}

/// Codes that never stand in a close frame are no close code for NSURLSession either.
NSInteger code_of(std::uint16_t code) {
    const bool was_said = code != net::close_code::kNoStatus && code != net::close_code::kAbnormal;
    return was_said ? code : NSURLSessionWebSocketCloseCodeInvalid;
}

struct Line {
    net::Operation connecting;
    std::shared_ptr<net::WebSocket> socket;
};

}  // namespace

@implementation LiveServer {
    net::Loop* _loop;
    std::shared_ptr<net::TlsContext> _tls;
    std::map<NSURLSessionWebSocketTask*, Line> _lines;
}

- (instancetype)initWithLoop:(net::Loop*)loop tls:(std::shared_ptr<net::TlsContext>)tls {
    if ((self = [super init])) {
        _loop = loop;
        _tls = std::move(tls);
    }
    return self;
}

- (void)opened:(NSURLSessionWebSocketTask*)task url:(NSURL*)url {
    const auto address = net::parse_url(url.absoluteString.UTF8String);
    if (!address) return [task labRefuse:NSURLErrorBadURL];
    net::WebSocketConnect request{.host = address->host, .port = address->port, .target = address->target};
    if (address->is_tls) request.tls = _tls;
    request.websocket.message_max = static_cast<std::size_t>(task.maximumMessageSize);
    __weak LiveServer* weakly = self;
    _lines[task].connecting = net::websocket_connect(*_loop, std::move(request), [weakly, task](Connected result) {
        @autoreleasepool {
            [weakly task:task connected:result];
        }
    });
}

- (void)task:(NSURLSessionWebSocketTask*)task connected:(Connected&)result {
    if (!result) {
        _lines.erase(task);
        return [task labRefuse:error_of(result.error().code)];
    }
    auto socket = *result;
    _lines[task].socket = socket;
    socket->on_message([task](std::string_view text) {
        @autoreleasepool {
            [task labSend:[[NSString alloc] initWithBytes:text.data()
                                                   length:text.size()
                                                 encoding:NSUTF8StringEncoding]];
        }
    });
    __weak LiveServer* weakly = self;
    socket->on_close([weakly, task](std::uint16_t code, std::string_view) {
        @autoreleasepool {
            [weakly forget:task];
            [task labClose:code_of(code)];
        }
    });
    [task labAccept];
}

- (void)forget:(NSURLSessionWebSocketTask*)task {
    _lines.erase(task);
}

- (void)task:(NSURLSessionWebSocketTask*)task sent:(NSString*)text {
    const auto found = _lines.find(task);
    if (found != _lines.end() && found->second.socket) found->second.socket->send(text.UTF8String);
}

/// What is queued is still sent.
- (void)closed:(NSURLSessionWebSocketTask*)task {
    const auto found = _lines.find(task);
    if (found == _lines.end()) return;
    found->second.connecting.cancel();
    if (const auto socket = found->second.socket) {
        socket->on_message([](std::string_view) {});
        socket->on_close([](std::uint16_t, std::string_view) {});
        socket->close(net::close_code::kNormal, "");
    }
    _lines.erase(found);
}

- (void)request:(NSURLRequest*)request done:(void (^)(NSInteger))done {
    const auto address = net::parse_url(request.URL.absoluteString.UTF8String);
    if (!address) return done(0);
    net::HttpClientRequest sent{.host = address->host, .port = address->port, .target = address->target};
    if (address->is_tls) sent.tls = _tls;
    sent.method = request.HTTPMethod.UTF8String;
    NSDictionary<NSString*, NSString*>* headers = request.allHTTPHeaderFields;
    for (NSString* name in headers) {
        sent.headers.push_back({name.UTF8String, headers[name].UTF8String});
    }
    sent.body.assign(static_cast<const char*>(request.HTTPBody.bytes), request.HTTPBody.length);
    sent.deadline = Duration{static_cast<std::int64_t>(request.timeoutInterval * 1000)};
    net::http_request(*_loop, std::move(sent), [done](std::expected<net::HttpResponse, net::Error> answer) {
        @autoreleasepool {
            done(answer ? static_cast<NSInteger>(answer->status) : 0);
        }
    });
}

@end
