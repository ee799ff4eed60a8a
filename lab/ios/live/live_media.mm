/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/live/live_media.h"

#include <memory>
#include <string>

#include "lab/phone/media_port.hpp"
#import "sdk/ios/Sources/Clarion/CLRRoom.h"

using namespace clarion;

@implementation LiveMedia {
    std::unique_ptr<lab::MediaPort> _port;
}
@synthesize tell = _tell;

- (instancetype)initWithLoop:(net::Loop*)loop
                       voice:(const media::LegOptions&)voice
                       error:(NSString* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    __weak LiveMedia* weakly = self;
    auto port = lab::MediaPort::create(
        *loop, voice,
        [weakly](const std::string& fact) {
            @autoreleasepool {
                [weakly say:CLRObjectOf(@(fact.c_str()))];
            }
        },
        [](const std::string& line) { NSLog(@"media: %s", line.c_str()); }
    );
    if (!port) {
        *error = @(port.error().c_str());
        return nil;
    }
    _port = std::move(*port);
    return self;
}

- (void)say:(CLRMessage*)fact {
    if (_tell != nil && fact != nil) _tell(fact);
}

- (void)performMedia:(CLRMessage*)command {
    if (!_port->perform(CLRTextOf(command).UTF8String)) NSLog(@"media: %@ is no command", command[@"type"]);
}

@end
