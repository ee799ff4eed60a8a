/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRQuality.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace {

/// Members of https://www.w3.org/TR/webrtc-stats/ by type, of the audio where there are several.
NSDictionary* values_of(RTCStatisticsReport* report, NSString* type) {
    for (RTCStatistics* one in report.statistics.allValues) {
        NSObject* kind = one.values[@"kind"];
        if ([one.type isEqualToString:type] && (kind == nil || [kind isEqual:@"audio"])) return one.values;
    }
    return @{};
}

double number(NSDictionary* values, NSString* name) {
    NSNumber* found = values[name];
    return [found isKindOfClass:[NSNumber class]] ? found.doubleValue : 0;
}

/// The pair that is used: several may have succeeded.
double round_trip(RTCStatisticsReport* report) {
    for (RTCStatistics* one in report.statistics.allValues) {
        NSDictionary* values = one.values;
        if ([one.type isEqualToString:@"candidate-pair"] && [values[@"nominated"] isEqual:@YES] &&
            [values[@"state"] isEqual:@"succeeded"]) {
            return number(values, @"currentRoundTripTime");
        }
    }
    return 0;
}

NSNumber* milliseconds(double seconds) { return @(std::llround(std::max(seconds, 0.0) * 1'000)); }
NSInteger percent(double level) { return static_cast<NSInteger>(std::clamp(level, 0.0, 1.0) * 100); }

struct Counts {
    double received = 0;
    double lost = 0;
    double bytes_sent = 0;
    double bytes_received = 0;
    double seconds = 0;
};

}  // namespace

@implementation CLRQuality {
    Counts _last;
    BOOL _isSecond;
}

- (NSDictionary<NSString*, NSNumber*>*)take:(RTCStatisticsReport*)report {
    NSDictionary* in = values_of(report, @"inbound-rtp");
    NSDictionary* out = values_of(report, @"outbound-rtp");
    const Counts last = _last;
    _last = {
        number(in, @"packetsReceived"), number(in, @"packetsLost"), number(out, @"bytesSent"),
        number(in, @"bytesReceived"), report.timestamp_us / 1e6
    };
    if (!std::exchange(_isSecond, YES)) return nil;
    const double received = std::max(_last.received - last.received, 0.0);
    const double lost = std::max(_last.lost - last.lost, 0.0);  // Late duplicates make it go back.
    const double seconds = std::max(_last.seconds - last.seconds, 1e-3);
    const auto rate = [seconds](double bytes) { return @(std::llround(std::max(bytes, 0.0) * 8 / seconds)); };
    NSMutableDictionary* measured = [@{
        @"loss_permille" : @(received + lost > 0 ? std::llround(lost * 1'000 / (received + lost)) : 0),
        @"jitter" : milliseconds(number(in, @"jitter")),
        @"sent_bps" : rate(_last.bytes_sent - last.bytes_sent),
        @"received_bps" : rate(_last.bytes_received - last.bytes_received),
        @"own_level" : @(percent(number(values_of(report, @"media-source"), @"audioLevel"))),
        @"peer_level" : @([CLRQuality peerLevel:report]),
    } mutableCopy];
    const double latency = round_trip(report);
    if (latency > 0) measured[@"latency"] = milliseconds(latency);  // Else not known yet.
    return measured;
}

+ (NSInteger)peerLevel:(RTCStatisticsReport*)report {
    return percent(number(values_of(report, @"inbound-rtp"), @"audioLevel"));
}

@end
