// SPDX-License-Identifier: Apache-2.0
#include "server/app/verdict.hpp"

#include <gtest/gtest.h>

namespace clarion::server {
namespace {

using routing::CallDocument;
using routing::Leg;
using routing::LegState;
using routing::Phase;

const DeviceId kPhone = *DeviceId::parse("bob-phone");
const DeviceId kTablet = *DeviceId::parse("bob-tablet");

CallDocument a_call() {
    CallDocument call;
    call.from_user = *UserId::parse("alice");
    call.from_device = *DeviceId::parse("alice-pc");
    call.to_user = *UserId::parse("bob");
    call.placed_at = WallTime{10'000};
    call.ring_until = WallTime{70'000};
    Leg phone;
    phone.device = kPhone;
    phone.platform = protocol::Platform::android;
    Leg tablet;
    tablet.device = kTablet;
    tablet.platform = protocol::Platform::ios;
    call.legs = {phone, tablet};
    return call;
}

TraceStep step(const DeviceId& device, std::int64_t at, std::string what, std::string detail = "") {
    return {CallId{}, device, WallTime{at}, std::move(what), std::move(detail)};
}

void end(CallDocument& call, EndReason reason, EndSource source, std::int64_t at, std::optional<DeviceId> by) {
    call.phase = Phase::ended;
    call.ended_at = WallTime{at};
    call.reason = reason;
    call.source = source;
    call.ended_by = std::move(by);
}

TEST(Verdict, SaysWhyNobodyWasWokenOnPurpose) {
    CallDocument call = a_call();
    call.legs.clear();
    call.screening = routing::Screening::blocked;
    EXPECT_EQ(verdict(call, {}), "bob blocked alice: no device was woken.");
    call.screening = routing::Screening::do_not_disturb;
    end(call, EndReason::no_answer, EndSource::caller, 75'000, {});
    EXPECT_EQ(verdict(call, {}), "bob does not want to be disturbed: no device was woken.");
}

TEST(Verdict, SaysWhichDeviceStoppedByItself) {
    CallDocument call = a_call();
    call.legs[0].state = LegState::busy;
    call.legs[0].own_end = EndReason::busy;
    call.legs[1].state = LegState::declined;
    call.legs[1].own_end = EndReason::decline;
    end(call, EndReason::busy, EndSource::callee, 15'000, kPhone);
    EXPECT_EQ(
        verdict(call, std::vector{step(kTablet, 11'500, "ringing")}),
        "bob was busy (bob-phone). bob-phone (android) did not ring: it is in another call. "
        "bob-tablet (ios) stopped by itself: decline."
    );
}

TEST(Verdict, SaysWhoAnsweredWhenAndWhoStopped) {
    CallDocument call = a_call();
    call.phase = Phase::answered;
    call.winner = kPhone;
    call.answered_at = WallTime{12'300};
    const std::vector steps{step(kPhone, 11'000, "ringing"), step(kTablet, 11'500, "ringing")};
    EXPECT_EQ(
        verdict(call, steps),
        "bob's bob-phone (android) answered after 2.3 s. The call is live. "
        "bob-tablet (ios) rang and stopped: answered elsewhere."
    );
    call.connected_at = WallTime{12'500};
    end(call, EndReason::normal, EndSource::caller, 72'300, call.from_device);
    EXPECT_EQ(
        verdict(call, steps),
        "bob's bob-phone (android) answered after 2.3 s. Ended after 60.0 s by the caller. "
        "bob-tablet (ios) rang and stopped: answered elsewhere."
    );
}

TEST(Verdict, SaysWhyEachDeviceStayedSilent) {
    CallDocument call = a_call();
    end(call, EndReason::no_answer, EndSource::caller, 75'000, {});
    const std::vector steps{
        step(kPhone, 10'010, "push_sent", "FCM"), step(kPhone, 10'110, "push_accepted", "FCM: 200"),
        step(kTablet, 10'010, "push_sent", "APNs"), step(kTablet, 10'050, "push_refused", "APNs: 410 Unregistered")
    };
    EXPECT_EQ(
        verdict(call, steps),
        "Nobody answered within 60.0 s. bob-phone (android) did not ring: the push provider took the push after 0.1 s "
        "but the "
        "device never confirmed it (switched off, offline, or held back by its system). "
        "bob-tablet (ios) did not ring: push refused, APNs: 410 Unregistered."
    );
}

TEST(Verdict, NamesTheLastRungThatADeviceReached) {
    const std::vector<std::pair<std::string, std::string>> rungs{
        {"push_sent", "the push was sent and no word came back"},
        {"push_unconfirmed", "the push provider never answered"},
        {"woke", "the push woke the app, which then went silent"},
        {"invite_opened", "the app opened the invite and then went silent"},
        {"verified", "the app verified the call but never showed it"},
        {"reported", "handed to its system, which never said that it showed it"},
        {"not_shown", "its system refused to show the call"},
        {"invite_refused", "it refused the invite"},
        {"incoming_sent", "it was connected and got the invite, but never answered it"},
    };
    CallDocument call = a_call();
    call.legs.pop_back();
    end(call, EndReason::no_answer, EndSource::caller, 75'000, {});
    for (const auto& [what, words] : rungs) {
        const std::vector steps{step(kPhone, 10'500, what)};
        EXPECT_NE(verdict(call, steps).find(words), std::string::npos) << what << ": " << verdict(call, steps);
    }
    call.legs[0].state = LegState::unreachable;
    EXPECT_NE(verdict(call, {}).find("not connected and has no push endpoint"), std::string::npos);
}

TEST(Verdict, TellsDeclineCancelAndFailureApart) {
    const std::vector steps{step(kPhone, 11'000, "ringing"), step(kTablet, 11'000, "ringing")};
    CallDocument declined = a_call();
    end(declined, EndReason::decline, EndSource::callee, 14'000, kPhone);
    EXPECT_EQ(
        verdict(declined, steps),
        "bob declined on bob-phone after 4.0 s. bob-tablet (ios) rang and stopped: declined elsewhere."
    );
    CallDocument cancelled = a_call();
    end(cancelled, EndReason::cancel, EndSource::caller, 15'000, cancelled.from_device);
    EXPECT_TRUE(verdict(cancelled, steps).starts_with("The caller cancelled after 5.0 s."));
    CallDocument unreachable = a_call();
    end(unreachable, EndReason::push_error, EndSource::cloud_server, 10'100, {});
    EXPECT_TRUE(verdict(unreachable, {}).starts_with("No device of bob could be woken."));
    CallDocument nobody = a_call();
    nobody.legs.clear();
    end(nobody, EndReason::push_error, EndSource::cloud_server, 10'000, {});
    EXPECT_EQ(verdict(nobody, {}), "bob has no device.");
}

TEST(Verdict, SaysThatMediaNeverCameUp) {
    CallDocument call = a_call();
    call.legs.pop_back();
    call.winner = kPhone;
    call.answered_at = WallTime{12'000};
    end(call, EndReason::network_unstable, EndSource::callee, 22'000, kPhone);
    EXPECT_EQ(
        verdict(call, {}),
        "bob's bob-phone (android) answered after 2.0 s. Ended after 10.0 s by the callee: network_unstable. "
        "Media never connected."
    );
}

}  // namespace
}  // namespace clarion::server
