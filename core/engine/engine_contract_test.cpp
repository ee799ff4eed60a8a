// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// The ten lines of the contract (docs/engine.md), one test each.
namespace clarion::engine::testing {
namespace {

using protocol::Platform;

PushReceived push_of(const Driver& d) { return {.invite = d.invite(), .wall_now = d.wall()}; }

TEST(EngineContract, Line01OutputsAreDrainedBeforeTheNextInput) {
    const Driver d{Mode::plain};
    Engine engine{d.config(), d.now(), 1};
    ASSERT_TRUE(engine.handle_input(d.now(), push_of(d)).has_value());
    EXPECT_EQ(engine.handle_input(d.now(), AppAttached{}).error(), InputError::undrained);
    EXPECT_EQ(engine.handle_timeout(d.now()).error(), InputError::undrained);
    while (engine.poll_output()) {
    }
    EXPECT_TRUE(engine.handle_input(d.now(), AppAttached{}).has_value());
}

TEST(EngineContract, Line02TimeIsAnArgumentAndNeverGoesBack) {
    const Driver d{Mode::plain};
    Engine engine{d.config(), d.now(), 1};
    EXPECT_EQ(engine.handle_timeout(d.now() + Duration{-1}).error(), InputError::time_went_back);
    EXPECT_EQ(engine.handle_input(d.now() + Duration{-1}, AppAttached{}).error(), InputError::time_went_back);
    EXPECT_TRUE(engine.handle_timeout(d.now()).has_value());
}

TEST(EngineContract, Line03TimersAreDataAndMayBeMetEarlyLateOrTwice) {
    Driver d{Mode::plain, Platform::android};
    d.ring_ready();
    EXPECT_EQ(d.engine().next_deadline().timer, TimerId::ring);
    EXPECT_EQ(d.engine().next_deadline().at, d.now() + kRingTime);
    ASSERT_TRUE(d.engine().handle_timeout(d.now()).has_value());
    EXPECT_FALSE(d.engine().poll_output().has_value()) << "early: nothing";
    d.move_to(d.now() + kRingTime + Duration{500});
    d.pass(Duration{0});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1) << "late: still once";
    d.pass(Duration{0});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
}

TEST(EngineContract, Line04NothingIsAssumedToHaveWorked) {
    Driver d{Mode::plain};
    d.ring();
    EXPECT_TRUE(d.events().empty()) << "reported is not yet shown";
    EXPECT_TRUE(d.sent<protocol::Hello>().empty()) << "asked to open is not yet open";
    d.feed(IncomingReported{kCall});
    EXPECT_EQ(d.events().size(), 1U);
}

TEST(EngineContract, Line05TheSameInputTwiceChangesNothing) {
    Driver d{Mode::plain, Platform::android};
    d.feed(AppAttached{});
    const auto twice = [&](const Input& input) {
        d.feed(input);
        const std::string before = json_of(d.engine().snapshot());
        if (!d.try_feed(input)) {
            EXPECT_TRUE(d.last.empty()) << json_of(input);
        }
        EXPECT_EQ(json_of(d.engine().snapshot()), before) << json_of(input);
    };
    const auto of_server = [&](std::uint64_t seq, protocol::ServerMessage message) {
        return FrameReceived{{seq, std::move(message)}, d.wall()};
    };
    const auto later = d.server_now() + kRingTime;
    const Redacted<std::string> sdp{"v=0"};
    twice(push_of(d));
    twice(IncomingReported{kCall});
    twice(SignallingOpened{});
    twice(of_server(0, protocol::Welcome{.user = kBob, .server_now = d.server_now(), .stream = 1}));
    twice(of_server(1, protocol::Verified{kCall, kAlice, sdp, Media::audio, sdp, d.server_now(), later, later}));
    twice(AnswerPrepared{kCall, sdp});
    twice(UserAnswered{kCall, 5});
    twice(of_server(2, protocol::AnswerConfirmed{kCall}));
    twice(MediaConnected{kCall});
    twice(FirstAudioHeard{kCall});
    twice(UserMuted{kCall, true, 6});
    twice(UserHeld{kCall, true, 7});
    twice(of_server(3, protocol::PeerState{kCall, {.held = true}}));
    twice(MediaLost{kCall});
    twice(EventsAcknowledged{1});
    twice(UserEnded{kCall, 8});
    twice(of_server(4, protocol::Ended{.call_id = kCall}));
    twice(OnlineRequested{true});
    twice(PlaceRequested{.call_id = kOther, .to_user = kAlice});
    twice(OfferPrepared{kOther, sdp});
    twice(SignallingClosed{});
}

TEST(EngineContract, Line06TheSameInputsGiveTheSameOutputs) {
    const auto run = [] {
        Driver d{Mode::plain};
        d.talk();
        d.disconnect();
        d.pass(Duration{5'000});
        d.feed(PushReceived{.fault = PushFault::bad_signature, .wall_now = d.wall()});
        d.feed(UserEnded{kCall, 9});
        std::string text;
        for (const Output& output : d.all) text += json_of(output) + "\n";
        return text + json_of(d.engine().snapshot());
    };
    EXPECT_EQ(run(), run());
}

TEST(EngineContract, Line07EverythingIsBounded) {
    Driver d{Mode::plain, Platform::android};
    for (int n = 1; n <= static_cast<int>(kCallsMax); ++n) d.ring_on_screen(call_id(n));
    EXPECT_EQ(
        d.try_feed(PushReceived{.invite = d.invite(call_id(99)), .wall_now = d.wall()}), InputError::too_many_calls
    );
    EXPECT_EQ(d.try_feed(PlaceRequested{.call_id = call_id(98), .to_user = kAlice}), InputError::too_many_calls);
    const Redacted<std::string> huge{std::string(protocol::kSdpLengthMax + 1, 'x')};
    EXPECT_EQ(d.try_feed(AnswerPrepared{call_id(1), huge}), InputError::bad_input);
    for (int n = 0; n < 1'000; ++n) d.feed(CandidateFound{call_id(1), Redacted<std::string>{"c"}, "0", 0});
    EXPECT_LE(d.engine().snapshot().calls.front().local_candidates.size(), kCandidatesMax);

    Driver ios{Mode::plain};
    for (int n = 1; n <= static_cast<int>(kCallsMax); ++n) ios.ring_on_screen(call_id(n));
    ios.ring(call_id(99));
    EXPECT_TRUE(ios.did<callui::ReportIncoming>()) << "I1 even then";
    ios.feed(IncomingReported{call_id(99)});
    EXPECT_TRUE(ios.did<callui::EndSystemCall>());

    Driver silent{Mode::plain, Platform::android};
    for (int n = 1; n <= 200; ++n) {
        silent.ring_on_screen(call_id(n));
        silent.feed(UserEnded{call_id(n), static_cast<ActionId>(n)});
    }
    const auto events = silent.engine().snapshot().ui.events;
    EXPECT_EQ(events.size(), callui::kEventsMax);
    EXPECT_TRUE(std::ranges::all_of(events, [](const auto& e) { return e.kind == callui::EventKind::ended; }));
}

TEST(EngineContract, Line08WhatTheUserWouldMissIsPersistedBeforeItIsToldToTheServer) {
    Driver d{Mode::plain};
    d.ring_ready();
    const auto persisted_before_sent = [&] {
        const auto persist = std::ranges::find_if(d.last, [](const Output& o) {
            return std::holds_alternative<callui::PersistSnapshot>(o);
        });
        const auto send =
            std::ranges::find_if(d.last, [](const Output& o) { return std::holds_alternative<SendFrame>(o); });
        return persist != d.last.end() && persist < send;
    };
    d.feed(UserAnswered{kCall, 5});
    EXPECT_TRUE(persisted_before_sent());
    d.feed(UserEnded{kCall, 6});
    EXPECT_TRUE(persisted_before_sent());
    Driver other{Mode::plain};
    other.ring();
    ASSERT_GE(other.last.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<callui::ReportIncoming>(other.last[0]));
    EXPECT_TRUE(std::holds_alternative<callui::PersistSnapshot>(other.last[1]));
}

TEST(EngineContract, Line09RejectedMeansUntouched) {
    Driver d{Mode::plain, Platform::android};
    d.ring_ready();
    d.move_to(d.now() + Duration{1'000});
    const std::string before = json_of(d.engine().snapshot());
    const Redacted<std::string> sdp{"v=0"};
    const std::vector<Input> bad{
        UserAnswered{kOther},
        UserEnded{kOther},
        UserMuted{kOther, true},
        UserHeld{kCall, true},
        OfferPrepared{kCall, sdp},
        AnswerPrepared{kOther, sdp},
        AnswerPrepared{kCall, {}},
        MediaConnected{kOther},
        MediaLost{kOther},
        MediaFailed{kOther, ""},
        FirstAudioHeard{kCall},
        CandidateFound{kOther, sdp, "0", 0},
        EventsAcknowledged{1'000},
        ActionTimedOut{kCall, 0},
        PlaceRequested{.call_id = kCall, .to_user = kAlice},
        PlaceRequested{.call_id = kOther, .to_user = kBob},
    };
    for (const Input& input : bad) {
        EXPECT_TRUE(d.try_feed(input).has_value()) << json_of(input);
        EXPECT_FALSE(d.engine().poll_output().has_value());
        EXPECT_EQ(json_of(d.engine().snapshot()), before) << json_of(input);
    }
}

TEST(EngineContract, Line10ARecordedRunCanBePlayedAgain) {
    // A record: one line of JSON for each input and each output.
    Driver first{Mode::plain};
    const std::vector<Input> inputs{
        push_of(first), IncomingReported{kCall}, UserAnswered{kCall, 5}, SignallingOpened{}
    };
    std::vector<std::string> record;
    for (const Input& input : inputs) record.push_back(json_of(input));
    for (const Input& input : inputs) first.feed(input);

    Driver again{Mode::plain};
    for (const std::string& line : record) again.feed(input_from_json(line));
    ASSERT_EQ(again.all.size(), first.all.size());
    for (std::size_t i = 0; i < first.all.size(); ++i) EXPECT_EQ(json_of(again.all[i]), json_of(first.all[i]));
}

}  // namespace
}  // namespace clarion::engine::testing
