/* SPDX-License-Identifier: Apache-2.0 */
#import "CLREngine.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "sdk/door/clarion.hpp"

namespace {

using clarion::door::Boot;
using clarion::door::CallUi;
using clarion::door::Engine;
using clarion::door::Error;
using Machine = std::variant<Engine, CallUi>;
using Opened = std::expected<Machine, Error>;

constexpr int32_t kNotInitialized = 12;  // LINE Planet's number: there is no Clarion server behind this app.

std::string_view view(NSString* text) {
    const char* bytes = text.UTF8String;
    return {bytes, [text lengthOfBytesUsingEncoding:NSUTF8StringEncoding]};
}

NSString* text_of(std::string_view text) {
    return [[NSString alloc] initWithBytes:text.data() length:text.size() encoding:NSUTF8StringEncoding] ?: @"";
}

Opened create(CLRMachine machine, std::string_view config, id<CLRSystem> system) {
    if (machine == CLRMachineCallUi) return CallUi::create(config, system.now);
    return Engine::create(config, system.now, system.randomNumber);
}

Opened restore(CLRMachine machine, std::string_view config, CLRStore* store, id<CLRSystem> system) {
    NSData* snapshot = store.snapshot;
    const std::string_view bytes{static_cast<const char*>(snapshot.bytes), snapshot.length};
    const auto elapsed = store.elapsed;
    if (machine == CLRMachineCallUi) return CallUi::restore(config, bytes, system.now, elapsed);
    return Engine::restore(config, bytes, {system.now, system.wallNow}, elapsed < 0 ? Boot::same : Boot::other);
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
    Machine _machine;
    std::string _error;
}

+ (instancetype)open:(CLRMachine)machine
              config:(NSString*)config
               store:(CLRStore*)store
              system:(id<CLRSystem>)system
                 why:(NSString* __autoreleasing*)why {
    const auto json = view(config);
    const bool is_first = store.snapshot == nil;
    auto opened = is_first ? create(machine, json, system) : restore(machine, json, store, system);
    if (!opened) *why = text_of(opened.error().text);
    if (!opened && !is_first) opened = create(machine, json, system);
    if (!opened) return nil;
    CLREngine* engine = [self new];
    engine->_machine = std::move(*opened);
    return engine;
}

- (int32_t)codeOf:(std::expected<void, Error>)result {
    if (result) return CLARION_OK;
    _error = std::move(result.error().text);
    return result.error().code;
}

- (int32_t)send:(NSString*)input now:(int64_t)now {
    const auto json = view(input);
    return [self codeOf:std::visit([&](auto& machine) { return machine.send(now, json); }, _machine)];
}

- (int32_t)handleTimeout:(int64_t)now {
    return [self codeOf:std::visit([&](auto& machine) { return machine.handle_timeout(now); }, _machine)];
}

- (NSString*)receive {
    const auto command = std::visit([](auto& machine) { return machine.receive(); }, _machine);
    return command ? text_of(*command) : nil;
}

- (int64_t)nextDeadline {
    return std::visit([](auto& machine) { return machine.next_deadline().at_ms; }, _machine);
}

- (NSString*)nextTimer {
    return std::visit([](auto& machine) { return text_of(machine.next_deadline().timer); }, _machine);
}

- (NSString*)view {
    if (const auto* screen = std::get_if<CallUi>(&_machine)) return text_of(screen->view());
    return [NSString stringWithFormat:@"{\"calls\":%@}", text_of(std::get<Engine>(_machine).calls())];
}

- (NSString*)adopt:(NSString*)call {
    const auto* engine = std::get_if<Engine>(&_machine);
    if (engine == nullptr) return nil;
    const auto adoption = engine->adopt(view(call));
    return adoption ? text_of(*adoption) : nil;
}

- (int32_t)startFail:(NSString*)place {
    const auto* engine = std::get_if<Engine>(&_machine);
    if (engine == nullptr) return kNotInitialized;
    const auto number = engine->start_fail(view(place));
    return number ? *number : number.error().code;
}

- (NSData*)snapshot {
    const auto bytes = std::visit([](auto& machine) { return machine.snapshot(); }, _machine);
    return bytes ? [NSData dataWithBytes:bytes->data() length:bytes->size()] : nil;
}

- (NSString*)errorText {
    return text_of(_error);
}

@end
