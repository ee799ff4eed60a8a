/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <memory>

#import "lab/ios/iphone.h"
#include "net/loop.hpp"
#include "net/tls.hpp"

/// The network of NSURLSession: real connections, with net/'s TLS and WebSocket. On the loop's thread.
@interface LiveServer : NSObject <LabServer>
/// `tls` knows the authorities that this phone trusts.
- (instancetype)initWithLoop:(clarion::net::Loop*)loop tls:(std::shared_ptr<clarion::net::TlsContext>)tls;
@end
