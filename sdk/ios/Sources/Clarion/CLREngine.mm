/* SPDX-License-Identifier: Apache-2.0 */
#import "CLREngine.h"

#include <string_view>

#include "sdk/door/clarion.h"

namespace {

std::string_view view(NSString* text) {
    const char* bytes = text.UTF8String;
    return {bytes, [text lengthOfBytesUsingEncoding:NSUTF8StringEncoding]};
}

NSString* text_of(const char* bytes, size_t length) {
    return [[NSString alloc] initWithBytes:bytes length:length encoding:NSUTF8StringEncoding] ?: @"";
}

NSString* error_of(clarion_engine* engine) {
    const char* text = "";
    size_t length = 0;
    (void)clarion_error_text(engine, &text, &length);
    return text_of(text, length);
}

}  // namespace

const int32_t CLRBrokenFrame = CLARION_ERR_FIELD;

NSString* CLRTextOf(id json) {
    NSData* data = [NSJSONSerialization dataWithJSONObject:json options:0 error:nil];
    return [[NSString alloc] initWithData:data encoding:NSUTF8StringEncoding] ?: @"{}";
}

CLRMessage* CLRObjectOf(NSString* text) {
    NSData* data = [text dataUsingEncoding:NSUTF8StringEncoding];
    id json = data.length == 0 ? nil : [NSJSONSerialization JSONObjectWithData:data options:0 error:nil];
    return [json isKindOfClass:[NSDictionary class]] ? json : nil;
}

@implementation CLREngine {
    clarion_engine* _engine;
}

+ (instancetype)createWithConfig:(NSString*)config
                             now:(int64_t)now
                            seed:(uint64_t)seed
                           error:(NSString* __autoreleasing*)error {
    clarion_engine* engine = nullptr;
    const auto json = view(config);
    if (clarion_create(json.data(), json.size(), now, seed, &engine) != CLARION_OK) {
        *error = error_of(nullptr);
        return nil;
    }
    return [[self alloc] initWithHandle:engine];
}

+ (instancetype)restoreWithConfig:(NSString*)config
                         snapshot:(NSData*)snapshot
                              now:(int64_t)now
                          wallNow:(int64_t)wallNow
                         sameBoot:(BOOL)isSameBoot
                            error:(NSString* __autoreleasing*)error {
    clarion_engine* engine = nullptr;
    const auto json = view(config);
    const auto* bytes = static_cast<const char*>(snapshot.bytes);
    const auto code =
        clarion_restore(json.data(), json.size(), bytes, snapshot.length, now, wallNow, isSameBoot ? 1 : 0, &engine);
    if (code != CLARION_OK) {
        *error = error_of(nullptr);
        return nil;
    }
    return [[self alloc] initWithHandle:engine];
}

- (instancetype)initWithHandle:(clarion_engine*)engine {
    if ((self = [super init])) _engine = engine;
    return self;
}

- (void)dealloc {
    clarion_destroy(_engine);
}

- (int32_t)send:(NSString*)input now:(int64_t)now {
    const auto json = view(input);
    return clarion_send(_engine, now, json.data(), json.size());
}

- (int32_t)handleTimeout:(int64_t)now {
    return clarion_handle_timeout(_engine, now);
}

- (NSString*)receive {
    const char* json = nullptr;
    size_t length = 0;
    return clarion_receive(_engine, &json, &length) == CLARION_OK ? text_of(json, length) : nil;
}

- (int64_t)nextDeadline {
    int64_t at = INT64_MAX;
    (void)clarion_next_deadline(_engine, &at, nullptr);
    return at;
}

- (NSString*)nextTimer {
    int64_t at = INT64_MAX;
    const char* timer = "";
    (void)clarion_next_deadline(_engine, &at, &timer);
    return text_of(timer, std::string_view{timer}.size());
}

- (NSString*)calls {
    const char* json = nullptr;
    size_t length = 0;
    return clarion_calls(_engine, &json, &length) == CLARION_OK ? text_of(json, length) : @"[]";
}

- (NSString*)adopt:(NSString*)call {
    const char* json = nullptr;
    size_t length = 0;
    const auto id_text = view(call);
    const auto code = clarion_adopt(_engine, id_text.data(), id_text.size(), &json, &length);
    return code == CLARION_OK ? text_of(json, length) : nil;
}

- (int32_t)startFail:(NSString*)place {
    int32_t number = 0;
    const auto json = view(place);
    const auto code = clarion_start_fail(_engine, json.data(), json.size(), &number);
    return code == CLARION_OK ? number : code;
}

- (NSData*)snapshot {
    const char* bytes = nullptr;
    size_t length = 0;
    (void)clarion_snapshot(_engine, &bytes, &length);
    return [NSData dataWithBytes:bytes length:length];
}

- (NSString*)errorText {
    return error_of(_engine);
}

@end
