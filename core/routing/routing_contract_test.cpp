// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "core/base/random.hpp"
#include "core/routing/support_test.hpp"

/// The contract lines of a machine without I/O, as far as they apply to a pure function.
namespace clarion::routing::testing {
namespace {

/// A hundred random events; the same seed gives the same ones.
std::vector<Event> random_events(std::uint64_t seed, std::size_t count) {
    Random random{seed};
    const std::vector<DeviceId> devices{kCaller, kPhone, kTablet, kDesktop, kStranger};
    const CallId call = placed({}).call_id;
    std::vector<Event> events;
    while (events.size() < count) {
        const DeviceId& id = devices[random.below(devices.size())];
        const auto revision = static_cast<std::uint32_t>(1 + random.below(6));
        switch (random.below(26)) {
            case 0: events.emplace_back(AnswerReceived{id, sdp("answer")}); break;
            case 1: events.emplace_back(DeclineReceived{id}); break;
            case 2: events.emplace_back(EndReceived{.device = id, .release_code = sdp("why")}); break;
            case 3: events.emplace_back(CandidateReceived{id, {call, sdp("candidate"), "0"}}); break;
            case 4: events.emplace_back(StateReceived{id, {.held = random.below(2) == 1}}); break;
            case 5: events.emplace_back(PushFinished{id, static_cast<PushOutcome>(random.below(2))}); break;
            case 6:
            case 7: events.emplace_back(PresenceChanged{id, random.below(2) == 1}); break;
            case 8:
            case 9: events.emplace_back(VerifyAsked{id}); break;
            case 10: events.emplace_back(TimePassed{}); break;
            case 11: events.emplace_back(DeclineReceived{id, EndReason::busy, random.below(2) == 1}); break;
            case 12:
                events.emplace_back(MediaOfferReceived{id, {.call_id = call, .revision = revision, .sdp = sdp("offer")}}
                );
                break;
            case 13:
                events.emplace_back(MediaAnswerReceived{id, {.call_id = call, .revision = revision, .sdp = sdp("yes")}}
                );
                break;
            case 14: events.emplace_back(TakeReceived{id, {}, static_cast<Side>(random.below(2)), {}, sdp("t")}); break;
            case 15: events.emplace_back(ShortDataReceived{id, {call, random.below(9), "t", sdp("data")}}); break;
            case 16: events.emplace_back(MuteAsked{id, true}); break;
            case 17: events.emplace_back(ServerResumed{}); break;
            default: events.emplace_back(ReceiptReceived{id, static_cast<ReceiptStep>(random.below(10))}); break;
        }
    }
    return events;
}

CallPlaced three_devices() { return placed({android(kPhone), ios(kTablet, true), desktop(kDesktop)}); }

CallDocument placed_document() { return place(three_devices(), kPlacedAt, kConfig)->document; }

TEST(RoutingContract, DeterministicTheSameInputsGiveTheSameBytes) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto run = [&] {
            std::ostringstream all;
            CallDocument call = placed_document();
            WallTime now = kPlacedAt;
            for (const Event& event : random_events(seed, 40)) {
                now = now + Duration{1'000};
                const auto decision = decide(call, event, now, kConfig);
                if (!decision) continue;
                call = decision->document;
                all << to_line(call) << to_line(decision->effects) << '\n';
            }
            return all.str();
        };
        ASSERT_EQ(run(), run()) << "seed " << seed;
    }
}

TEST(RoutingContract, TimeIsAnArgumentAndOnlyItsDistanceToThePlaceCounts) {
    const WallTime other{42};
    auto a = place(three_devices(), kPlacedAt, kConfig);
    auto b = place(three_devices(), other, kConfig);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->document.ring_until - kPlacedAt, b->document.ring_until - other);
    EXPECT_EQ(*next_deadline(a->document) - kPlacedAt, *next_deadline(b->document) - other);
}

TEST(RoutingContract, TimersAreDataAndTimePassedAtTheDeadlineMovesIt) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        World world{false};
        (void)world.place(three_devices());
        for (const Event& event : random_events(seed, 10)) (void)world.feed(event);
        int passes = 0;
        while (const auto next = next_deadline(world.call())) {
            world.at(*next);
            ASSERT_TRUE(world.feed(TimePassed{}).changed) << "seed " << seed << ": a deadline that does nothing";
            ASSERT_LT(++passes, 10) << "seed " << seed;
        }
        EXPECT_EQ(world.call().phase, Phase::ended);
    }
}

TEST(RoutingContract, TimePassedEarlyOrTwiceDoesNothing) {
    World world{false};
    (void)world.place(three_devices());
    EXPECT_FALSE(world.feed(TimePassed{}).changed);
    world.after(kConfig.socket_grace);
    EXPECT_TRUE(world.feed(TimePassed{}).changed);
    EXPECT_FALSE(world.feed(TimePassed{}).changed);
    world.at(kAcceptUntil);
    EXPECT_TRUE(world.feed(TimePassed{}).changed);
    const Step twice = world.feed(TimePassed{});
    EXPECT_FALSE(twice.changed);
    EXPECT_TRUE(twice.effects.empty());
}

TEST(RoutingContract, RejectedMeansUntouchedAndChangedMeansDifferent) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CallDocument call = placed_document();
        for (const Event& event : random_events(seed, 40)) {
            const CallDocument before = call;
            const auto decision = decide(call, event, kPlacedAt, kConfig);
            ASSERT_EQ(call, before);
            if (!decision) continue;
            ASSERT_EQ(decision->changed, decision->document != before) << to_line(event);
            call = decision->document;
        }
    }
}

TEST(RoutingContract, IdempotentTheSameEventAgainChangesNothing) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        World world{false};
        (void)world.place(three_devices());
        for (const Event& event : random_events(seed, 40)) {
            if (std::holds_alternative<CandidateReceived>(event)) continue;  // Counted, so that a flood is bounded.
            (void)world.feed(event);
            const Step again = world.feed(event);
            ASSERT_FALSE(again.changed) << "seed " << seed << " " << to_line(event);
            ASSERT_TRUE(again.history().empty());
        }
    }
}

TEST(RoutingContract, BoundedLegsTextsAndCandidates) {
    std::vector<CalleeDevice> many;
    for (std::size_t i = 0; i < 40; ++i) many.push_back(android(device("d" + std::to_string(i))));
    World world{false};
    (void)world.place(placed(many));
    EXPECT_EQ(world.call().legs.size(), kLegsMax);

    CallPlaced big = three_devices();
    big.offer = sdp(std::string(protocol::kSdpLengthMax + 1, 'x'));
    EXPECT_EQ(world.place(big).error, ErrorCode::too_large);
    big = three_devices();
    big.from_name = sdp(std::string(protocol::kNameLengthMax + 1, 'x'));
    EXPECT_EQ(world.place(big).error, ErrorCode::too_large);

    (void)world.place(three_devices());
    const AnswerReceived long_answer{kPhone, sdp(std::string(protocol::kSdpLengthMax + 1, 'x'))};
    EXPECT_EQ(world.feed(long_answer).error, ErrorCode::too_large);
    const EndReceived long_code{
        .device = kPhone, .release_code = sdp(std::string(protocol::kReleaseCodeLengthMax + 1, 'x'))
    };
    EXPECT_EQ(world.feed(long_code).error, ErrorCode::too_large);

    (void)world.feed(AnswerReceived{kPhone, sdp("answer")});
    const auto candidate = [](std::size_t i) { return CandidateReceived{kPhone, {{}, sdp(std::to_string(i)), {}}}; };
    for (std::size_t i = 0; i < kCandidatesMax; ++i) EXPECT_EQ(world.feed(candidate(i)).error, std::nullopt);
    EXPECT_EQ(world.feed(candidate(kCandidatesMax)).error, ErrorCode::too_many);
    EXPECT_EQ(world.feed(candidate(3)).error, std::nullopt) << "one that was relayed before is no further one";
    EXPECT_EQ(world.feed(CandidateReceived{kCaller, {}}).error, std::nullopt);
}

TEST(RoutingContract, BoundedTheLargestDocumentFitsItsLimit) {
    CallPlaced event = three_devices();
    event.offer = sdp(std::string(protocol::kSdpLengthMax, '\x01'));  // Six bytes each in JSON.
    event.devices.clear();
    for (std::size_t i = 0; i < kLegsMax; ++i)
        event.devices.push_back(ios(device(std::string(62, 'd') + std::to_string(10 + i)), true));
    World world{true};
    (void)world.place(event);
    const std::string answer(protocol::kSdpLengthMax, '\x02');
    (void)world.feed(AnswerReceived{event.devices[0].device, sdp(answer)});
    EXPECT_EQ(world.call().answer.reveal(), answer);
}

TEST(RoutingContract, RestorableTheDocumentGoesThroughJsonBetweenAnyTwoEvents) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        World kept{false};
        World restored{true};
        EXPECT_EQ(to_line(kept.place(three_devices()).effects), to_line(restored.place(three_devices()).effects));
        for (const Event& event : random_events(seed, 40)) {
            kept.after(Duration{900});
            restored.after(Duration{900});
            ASSERT_EQ(to_line(kept.feed(event).effects), to_line(restored.feed(event).effects)) << "seed " << seed;
            ASSERT_EQ(kept.call(), restored.call());
        }
    }
}

TEST(RoutingContract, NoCallOutsNothingIsAssumedToHaveWorked) {
    // A push that was asked for is not a device that rings: only its own word moves the leg.
    World world{false};
    (void)world.place(placed({android(kPhone)}));
    EXPECT_EQ(world.leg(kPhone).state, LegState::announced);
    (void)world.feed(PushFinished{kPhone, PushOutcome::accepted});
    EXPECT_EQ(world.leg(kPhone).state, LegState::announced);
    (void)world.feed(ReceiptReceived{kPhone, ReceiptStep::ringing});
    EXPECT_EQ(world.leg(kPhone).state, LegState::ringing);
}

TEST(RoutingContract, RecordableACallCanBeWrittenAsLinesAndDecidedAgain) {
    const auto first = random_events(7, 60);
    std::vector<std::string> lines{to_line(three_devices())};
    for (const Event& event : first) lines.push_back(to_line(event));

    World live{false};
    World replayed{false};
    (void)live.place(three_devices());
    (void)replayed.place(placed_from(lines[0]));
    for (std::size_t i = 0; i < first.size(); ++i) {
        ASSERT_EQ(to_line(live.feed(first[i]).effects), to_line(replayed.feed(event_from(lines[i + 1])).effects));
        ASSERT_EQ(live.call(), replayed.call());
    }
}

}  // namespace
}  // namespace clarion::routing::testing
