// SPDX-License-Identifier: Apache-2.0
#include "core/routing/support_test.hpp"

#include "core/codec/described.hpp"
#include "core/routing/described_events.hpp"

namespace clarion::routing::testing {

DeviceId device(std::string_view text) { return *DeviceId::parse(text); }

CallPlaced placed(std::vector<CalleeDevice> devices) {
    CallPlaced event;
    event.call_id = *CallId::parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    event.service = *ServiceId::parse("svc");
    event.from_user = *UserId::parse("alice");
    event.from_device = kCaller;
    event.from_name = Redacted<std::string>{"Alice \"A\" \xC3\x84"};
    event.to_user = *UserId::parse("bob");
    event.offer = sdp("v=0\r\noffer");
    event.devices = std::move(devices);
    return event;
}

CalleeDevice android(const DeviceId& id, bool connected) { return {id, Platform::android, true, connected}; }
CalleeDevice ios(const DeviceId& id, bool connected) { return {id, Platform::ios, true, connected}; }
CalleeDevice desktop(const DeviceId& id, bool connected) { return {id, Platform::desktop, false, connected}; }

Redacted<std::string> sdp(std::string_view text) { return Redacted<std::string>{std::string{text}}; }

std::string to_line(const CallDocument& document) { return codec::encode(document); }
std::string to_line(const CallPlaced& event) { return codec::encode(event); }
std::string to_line(const Event& event) { return codec::encode(event); }
std::string to_line(const std::vector<Effect>& effects) { return codec::encode(effects); }

namespace {
template <class T>
T decoded(std::string_view line) {
    auto value = codec::decode<T>(line, kDocumentLengthMax);
    EXPECT_TRUE(value) << value.error().message() << " at " << value.error().path;
    return value ? std::move(*value) : T{};
}
}  // namespace

CallDocument document_from(std::string_view line) { return decoded<CallDocument>(line); }
CallPlaced placed_from(std::string_view line) { return decoded<CallPlaced>(line); }
Event event_from(std::string_view line) { return decoded<Event>(line); }

std::size_t Step::pushes(const DeviceId& to, PushKind kind) const {
    std::size_t count = 0;
    for (const Effect& effect : effects) {
        const auto* push = std::get_if<SendPush>(&effect);
        if (push != nullptr && push->device == to && push->kind == kind) ++count;
    }
    return count;
}

std::size_t Step::incoming(const DeviceId& to) const {
    std::size_t count = 0;
    for (const Effect& effect : effects) {
        const auto* send = std::get_if<SendIncoming>(&effect);
        if (send != nullptr && send->device == to) ++count;
    }
    return count;
}

std::vector<std::string> Step::trace() const {
    std::vector<std::string> words;
    for (const Effect& effect : effects) {
        if (const auto* line = std::get_if<AddTrace>(&effect)) words.push_back(line->what);
    }
    return words;
}

std::vector<RecordHistory> Step::history() const {
    std::vector<RecordHistory> found;
    for (const Effect& effect : effects) {
        if (const auto* history = std::get_if<RecordHistory>(&effect)) found.push_back(*history);
    }
    return found;
}

std::size_t Step::spoken() const {
    std::size_t count = 0;
    for (const Effect& effect : effects) count += std::holds_alternative<AddTrace>(effect) ? 0U : 1U;
    return count;
}

Step World::take(std::expected<Decision, ErrorCode> decision) {
    if (!decision) return {.error = decision.error()};
    call_ = restore_ ? document_from(to_line(decision->document)) : std::move(decision->document);
    return {.effects = std::move(decision->effects), .changed = decision->changed};
}

Step World::place(const CallPlaced& event) { return take(routing::place(event, now_, kConfig)); }

Step World::feed(const Event& event) { return take(decide(call_, event, now_, kConfig)); }

Step World::run_to(WallTime until) {
    Step all;
    while (true) {
        const auto next = next_deadline(call_);
        if (!next || *next > until) break;
        now_ = std::max(now_, *next);
        Step step = feed(TimePassed{});
        all.changed = all.changed || step.changed;
        all.effects.insert(all.effects.end(), step.effects.begin(), step.effects.end());
    }
    now_ = until;
    return all;
}

const Leg& World::leg(const DeviceId& id) const {
    for (const Leg& leg : call_.legs) {
        if (leg.device == id) return leg;
    }
    ADD_FAILURE() << "no leg " << id.text();
    static const Leg none;
    return none;
}

}  // namespace clarion::routing::testing
