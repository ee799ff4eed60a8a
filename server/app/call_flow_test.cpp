// SPDX-License-Identifier: Apache-2.0
// Whole calls over real sockets and a real database, with a fake push provider.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/routing/described.hpp"
#include "server/app/testing/stage.hpp"
#include "server/app/verdict.hpp"

namespace clarion::server::testing {
namespace {

using protocol::ErrorCode;
using protocol::ReceiptStep;

protocol::Answer answer(int call) { return {call_id(call), Redacted<std::string>{"v=0\r\no=answer"}}; }

protocol::Receipt receipt(int call, ReceiptStep step, Duration age = Duration{0}, std::string detail = "") {
    return {call_id(call), step, age, std::move(detail)};
}

std::vector<std::string> words_of(Store& store, int call) {
    std::vector<std::string> words;
    const auto steps = store.trace_of(call_id(call));
    for (const TraceStep& step : *steps) words.push_back(step.what);
    return words;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

TEST(CallFlow, AKilledPhoneIsWokenVerifiesAnswersAndTheTraceTellsTheStory) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    const auto notified = alice->next<protocol::Notified>();
    ASSERT_TRUE(notified);
    EXPECT_EQ(notified->devices, 1U);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 1; }));
    EXPECT_EQ(field_of(stage.push.sent[0], "type"), "ring");
    EXPECT_EQ(field_of(stage.push.sent[0], "call_id"), call_id(1).text());

    auto bob = stage.with_ticket(stage.push.sent[0]);
    const auto welcome = bob->next<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->user.text(), "bob");
    EXPECT_FALSE(welcome->resumed);
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::woke, Duration{400})), std::nullopt);
    ASSERT_EQ(bob->ask(protocol::Verify{call_id(1), {}}), std::nullopt);
    const auto verified = bob->next<protocol::Verified>();
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->from_name.reveal(), "Alice");
    EXPECT_EQ(verified->offer.reveal(), "v=0\r\no=offer");
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::ringing)), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Progress>());
    ASSERT_EQ(bob->ask(answer(1)), std::nullopt);
    ASSERT_TRUE(bob->next<protocol::AnswerConfirmed>());
    const auto answered = alice->next<protocol::Answered>();
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->sdp.reveal(), "v=0\r\no=answer");
    ASSERT_EQ(bob->ask(protocol::Candidate{call_id(1), Redacted<std::string>{"candidate:1"}, "0", 0}), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Candidate>());
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::media_connected)), std::nullopt);
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::normal, {}}), std::nullopt);
    const auto ended = bob->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::normal);
    EXPECT_TRUE(ended->by_remote);

    const auto words = words_of(*stage.store, 1);
    for (const char* word :
         {"placed", "push_sent", "push_accepted", "woke", "verified", "ringing", "answered", "media_connected", "ended"
         }) {
        EXPECT_TRUE(has(words, word)) << word;
    }
    EXPECT_FALSE(has(words, "incoming_sent")) << "a device that comes with its ticket has its invite";
    const auto trace = stage.rest("GET", "/v1/calls/" + call_id(1).text() + "/trace");
    EXPECT_EQ(trace.status, 200U);
    EXPECT_NE(trace.body.find("bob's bob-phone (ios) answered after"), std::string::npos) << trace.body;
    const auto record = stage.store->find_call(call_id(1));
    EXPECT_EQ((*record)->outcomes->callee, Outcome::answered);
    EXPECT_TRUE(stage.store->unended_calls()->calls.empty());
}

TEST(CallFlow, TheFirstDeviceWinsAndTheSecondAnswerIsToldSo) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    auto phone = stage.online("bob", "bob-phone");
    auto tablet = stage.online("bob", "bob-tablet");
    ASSERT_TRUE(phone->next<protocol::Welcome>() && tablet->next<protocol::Welcome>());
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(phone->next<protocol::Incoming>() && tablet->next<protocol::Incoming>());
    EXPECT_EQ(phone->ask(answer(1)), std::nullopt);
    EXPECT_EQ(tablet->ask(answer(1)), ErrorCode::already_answered);
    const auto lost = tablet->next<protocol::Ended>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->reason, EndReason::multi_device_answer);
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().document.winner->text(), "bob-phone");
    EXPECT_TRUE(alice->next<protocol::Answered>());
    EXPECT_TRUE(stage.push.sent.empty()) << "nobody here has a push token";
}

TEST(CallFlow, APushThatIsRefusedByTheProviderEndsTheCallAndRetiresTheToken) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    stage.push.result = {PushOutcome::dead_token, 410, "Unregistered", "", "", {}, {}, {}, 1, Duration{2}};
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::push_error);
    EXPECT_FALSE((*stage.store->find_device(*ServiceId::parse("shop"), *DeviceId::parse("bob-phone")))->push);
    const auto trace = stage.rest("GET", "/v1/calls/" + call_id(1).text() + "/trace");
    EXPECT_NE(trace.body.find("did not ring: push refused, APNs: 410 Unregistered"), std::string::npos) << trace.body;
}

TEST(CallFlow, ACallToNobodyEndsAtOnce) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "nobody")), std::nullopt);
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::push_error);
}

TEST(CallFlow, NobodyAnswersAndTheDeadlineEndsIt) {
    StageOptions options;
    options.routing.ring_time = Duration{150};
    options.routing.accept_grace = Duration{50};
    Stage stage{options};
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::no_answer);
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().outcomes->callee, Outcome::missed);
}

TEST(CallFlow, PlacingTheSameCallAgainChangesNothingAndTellsWhereItStands) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Notified>());
    const auto version = stage.store->find_call(call_id(1))->value().version;
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Notified>());
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().version, version);
    EXPECT_EQ(stage.push.sent.size(), 1U);

    auto other = stage.online("alice", "alice-laptop");
    EXPECT_EQ(other->ask(place_call(1, "bob")), ErrorCode::id_conflict);
    EXPECT_EQ(other->ask(place_call(2, "alice")), ErrorCode::id_conflict) << "nobody calls themselves";
}

TEST(CallFlow, AReceiptCountsOnceWithTheServersTime) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return !stage.push.sent.empty(); }));
    auto bob = stage.with_ticket(stage.push.sent[0]);
    stage.clock.ahead = Duration{10'000};
    const WallTime before = stage.clock.wall_now();
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::woke, Duration{3'600'000})), std::nullopt);
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::not_shown, Duration{5'000}, "do not disturb")), std::nullopt);
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::not_shown, Duration{1}, "again")), std::nullopt);
    const auto trace = stage.rest("GET", "/v1/calls/" + call_id(1).text() + "/trace");
    EXPECT_NE(trace.body.find("its system refused to show the call: do not disturb"), std::string::npos) << trace.body;
    const auto steps = stage.store->trace_of(call_id(1));
    const auto count = std::ranges::count(*steps, std::string{"not_shown"}, &TraceStep::what);
    ASSERT_EQ(count, 1);
    const auto step = std::ranges::find(*steps, std::string{"not_shown"}, &TraceStep::what);
    EXPECT_LE(step->at, before + Duration{-4'000});
    const auto woke = std::ranges::find(*steps, std::string{"woke"}, &TraceStep::what);
    ASSERT_NE(woke, steps->end());
    EXPECT_EQ(woke->at, stage.store->find_call(call_id(1))->value().document.placed_at) << "never before the call";
}

TEST(CallFlow, TheRegisteredNameGoesBeforeTheOneThatTheCallerClaims) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    ASSERT_EQ(stage.rest("PUT", "/v1/users/alice", R"({"name":"Alice Liddell"})").status, 200U);
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return !stage.push.sent.empty(); }));
    EXPECT_EQ(stage.invite_of(stage.push.sent[0]).from_name.reveal(), "Alice Liddell");
}

TEST(CallFlow, AnAndroidPhoneIsToldOfTheCancelByPush) {
    Stage stage;
    stage.add_phone("bob", "bob-phone", protocol::Platform::android);
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::cancel, {}}), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 2; }));
    EXPECT_EQ(field_of(stage.push.sent[1], "type"), "cancel");
    EXPECT_EQ(stage.invite_of(stage.push.sent[1]).kind, protocol::PushKind::cancel);
    EXPECT_FALSE(stage.push.sent[0].is_wanted()) << "a repeat of the ring must not leave any more";
}

TEST(CallFlow, AfterKillDashNineTheRingingCallGoesOnWhereItWas) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return !stage.push.sent.empty(); }));
    const auto push = stage.push.sent[0];
    const auto welcome_before = stage.store->find_call(call_id(1))->value().document.ring_until;
    stage.kill_and_restart();

    auto bob = stage.with_ticket(push);
    ASSERT_EQ(bob->ask(protocol::Verify{call_id(1), {}}), std::nullopt);
    const auto verified = bob->next<protocol::Verified>();
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->ring_until, welcome_before);
    auto alice_again = stage.online("alice", "alice-pc", 1, 5);
    const auto welcome = alice_again->next<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->resumed);
    ASSERT_EQ(bob->ask(answer(1)), std::nullopt);
    EXPECT_TRUE(alice_again->next<protocol::Answered>());
}

TEST(CallFlow, AfterKillDashNineAPushWithoutAReceiptIsSentAgain) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    stage.push.answers = false;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_EQ(stage.push.sent.size(), 1U);
    stage.push.answers = true;
    stage.kill_and_restart();
    ASSERT_EQ(stage.push.sent.size(), 2U);
    EXPECT_EQ(field_of(stage.push.sent[1], "type"), "ring");
    ASSERT_TRUE(stage.wait([&] { return has(words_of(*stage.store, 1), "push_accepted"); }));
    stage.kill_and_restart();
    EXPECT_EQ(stage.push.sent.size(), 2U) << "the provider's receipt is in the trace now";
}

TEST(CallFlow, AfterKillDashNineACallWhoseTimeIsOverEnds) {
    StageOptions options;
    options.routing.ring_time = Duration{60'000};
    Stage stage{options};
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    stage.clock.ahead = Duration{120'000};
    stage.kill_and_restart();
    const auto record = stage.store->find_call(call_id(1))->value();
    EXPECT_EQ(record.document.phase, routing::Phase::ended);
    EXPECT_EQ(record.document.reason, EndReason::no_answer);
}

TEST(CallFlow, AReconnectGetsExactlyTheEventsThatItMissed) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    const auto welcome = alice->next<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Notified>());
    const std::uint64_t seen = alice->last_seq;
    ASSERT_EQ(seen, 1U);
    alice->close();

    ASSERT_TRUE(stage.wait([&] { return !stage.push.sent.empty(); }));
    auto bob = stage.with_ticket(stage.push.sent[0]);
    ASSERT_EQ(bob->ask(receipt(1, ReceiptStep::ringing)), std::nullopt);
    ASSERT_EQ(bob->ask(answer(1)), std::nullopt);

    auto again = stage.online("alice", "alice-pc", welcome->stream, seen);
    const auto resumed = again->next<protocol::Welcome>();
    ASSERT_TRUE(resumed);
    EXPECT_TRUE(resumed->resumed);
    EXPECT_EQ(resumed->stream, welcome->stream);
    const auto woke = again->next<protocol::Progress>();
    ASSERT_TRUE(woke);
    EXPECT_EQ(woke->woke, 1U) << "it came with its ticket";
    EXPECT_EQ(again->last_seq, 2U);
    const auto rings = again->next<protocol::Progress>();
    ASSERT_TRUE(rings);
    EXPECT_EQ(rings->ringing, 1U);
    ASSERT_TRUE(again->next<protocol::Answered>());
    EXPECT_EQ(again->last_seq, 4U);
}

TEST(CallFlow, ADeclineWithoutAConnectionNeedsOnlyTheTicket) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return !stage.push.sent.empty(); }));
    const auto invite = stage.invite_of(stage.push.sent[0]);
    const auto body = [&](const std::string& device, const std::string& ticket) {
        return R"({"call_id":")" + call_id(1).text() + R"(","device":")" + device + R"(","ticket":")" + ticket +
               R"("})";
    };
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/decline", body("bob-phone", "forged")).status, 401U);
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/decline", body("other", invite.ticket.reveal())).status, 403U);
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/decline", "{}").status, 400U);
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/decline", body("bob-phone", invite.ticket.reveal())).status, 200U);
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::decline);
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/decline", body("bob-phone", invite.ticket.reveal())).status, 200U);
}

}  // namespace
}  // namespace clarion::server::testing
