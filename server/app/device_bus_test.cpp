// SPDX-License-Identifier: Apache-2.0
#include "server/app/device_bus.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/codec/protocol_codec.hpp"

namespace clarion::server {
namespace {

const ServiceId kService = *ServiceId::parse("shop");
const DeviceId kDevice = *DeviceId::parse("phone");
const CallId kCall = *CallId::parse("11111111-1111-4111-8111-111111111111");
const CallId kOther = *CallId::parse("22222222-2222-4222-8222-222222222222");
const LinkScope kScope{kService, kDevice, std::nullopt};
const LinkScope kCallScope{kService, kDevice, kCall};

struct FakeLink final : DeviceLink {
    void deliver(std::string frame) override { frames.push_back(std::move(frame)); }
    void replaced() override { ++replacements; }
    void removed() override { ++removals; }

    std::vector<std::string> frames;
    int replacements = 0;
    int removals = 0;
};

std::uint64_t seq_of(const std::string& frame) { return codec::decode_server_frame(frame)->seq; }

class DeviceBusTest : public ::testing::Test {
  protected:
    void send(const CallId& call = kCall, std::size_t padding = 1) {
        bus.send(kService, kDevice, call, protocol::Answered{call, kDevice, Redacted{std::string(padding, 'x')}});
    }

    DeviceBus bus{7};
    FakeLink link;
};

TEST_F(DeviceBusTest, ACallThatJoinsIsHeardOverTheSameConnectionAndAfterItsReconnect) {
    const auto first = bus.attach(kCallScope, link, 0, 0);
    send(kOther);
    EXPECT_TRUE(link.frames.empty());
    EXPECT_FALSE(bus.is_connected(kService, kDevice, kOther));
    EXPECT_TRUE(bus.join(kCallScope, kOther));
    EXPECT_FALSE(bus.join(kCallScope, kOther));
    EXPECT_TRUE(bus.is_connected(kService, kDevice, kOther));
    send(kOther);
    ASSERT_EQ(link.frames.size(), 1U);
    EXPECT_EQ(seq_of(link.frames[0]), 1U);
    bus.detach(kCallScope, link, WallTime{0});
    EXPECT_FALSE(bus.is_connected(kService, kDevice, kOther));
    send(kOther);
    FakeLink next;
    EXPECT_EQ(bus.attach(kCallScope, next, first.stream, 1).missed.size(), 1U);
}

TEST_F(DeviceBusTest, EventsAreNumberedFromOneAndThoseAfterTheSeenOneComeAgain) {
    const auto first = bus.attach(kScope, link, 0, 0);
    EXPECT_FALSE(first.resumed);
    for (int i = 0; i < 3; ++i) send();
    ASSERT_EQ(link.frames.size(), 3U);
    EXPECT_EQ(seq_of(link.frames[0]), 1U);
    bus.detach(kScope, link, WallTime{0});
    send();
    EXPECT_EQ(link.frames.size(), 3U);

    FakeLink next;
    const auto again = bus.attach(kScope, next, first.stream, 2);
    EXPECT_TRUE(again.resumed);
    ASSERT_EQ(again.missed.size(), 2U);
    EXPECT_EQ(seq_of(again.missed[0]), 3U);
    EXPECT_EQ(seq_of(again.missed[1]), 4U);
}

TEST_F(DeviceBusTest, WhatATicketsConnectionMissedGoesOnOverTheOneWithTheToken) {
    const auto ticket = bus.attach(kCallScope, link, 0, 0);
    for (int i = 0; i < 3; ++i) send();
    bus.detach(kCallScope, link, WallTime{0});
    send();
    FakeLink next;
    const auto token = bus.attach(kScope, next, ticket.stream, 2);
    EXPECT_FALSE(token.resumed);
    EXPECT_NE(token.stream, ticket.stream);
    ASSERT_EQ(token.missed.size(), 2U);
    EXPECT_EQ(seq_of(token.missed[0]), 1U);
    EXPECT_EQ(seq_of(token.missed[1]), 2U);
    EXPECT_TRUE(next.frames.empty()) << "they come after welcome";
    send();
    ASSERT_EQ(next.frames.size(), 1U);
    EXPECT_EQ(seq_of(next.frames[0]), 3U);

    // Lost on the way: it comes with the numbers that it has now.
    FakeLink third;
    const auto again = bus.attach(kScope, third, token.stream, 1);
    EXPECT_TRUE(again.resumed);
    EXPECT_EQ(again.missed.size(), 2U);
    FakeLink stranger;
    const LinkScope other{kService, *DeviceId::parse("tablet"), std::nullopt};
    EXPECT_TRUE(bus.attach(other, stranger, ticket.stream, 0).missed.empty());
    FakeLink without;
    EXPECT_TRUE(bus.attach(kScope, without, 0, 0).missed.empty()) << "it never had another connection";
}

TEST_F(DeviceBusTest, AnotherStreamOrAFutureNumberDoesNotResume) {
    const auto first = bus.attach(kScope, link, 0, 0);
    send();
    EXPECT_FALSE(bus.attach(kScope, link, first.stream + 1, 1).resumed);
    EXPECT_FALSE(bus.attach(kScope, link, first.stream, 2).resumed);
    EXPECT_TRUE(bus.attach(kScope, link, first.stream, 1).resumed);
}

TEST_F(DeviceBusTest, WhatIsTooOldForTheLogDoesNotResume) {
    const auto first = bus.attach(kScope, link, 0, 0);
    for (std::size_t i = 0; i < DeviceBus::kEventsMax + 5; ++i) send();
    EXPECT_FALSE(bus.attach(kScope, link, first.stream, 4).resumed);
    const auto edge = bus.attach(kScope, link, first.stream, 5);
    EXPECT_TRUE(edge.resumed);
    EXPECT_EQ(edge.missed.size(), DeviceBus::kEventsMax);
}

TEST_F(DeviceBusTest, LargeEventsAreBoundedByBytes) {
    const auto first = bus.attach(kScope, link, 0, 0);
    for (int i = 0; i < 30; ++i) send(kCall, 32'000);
    EXPECT_FALSE(bus.attach(kScope, link, first.stream, 1).resumed);
    const auto edge = bus.attach(kScope, link, first.stream, 20);
    EXPECT_TRUE(edge.resumed);
    EXPECT_EQ(edge.missed.size(), 10U);
}

TEST_F(DeviceBusTest, AConnectionWithATicketHearsItsCallOnly) {
    FakeLink of_call;
    (void)bus.attach(kScope, link, 0, 0);
    (void)bus.attach(kCallScope, of_call, 0, 0);
    send(kCall);
    send(kOther);
    EXPECT_EQ(link.frames.size(), 2U);
    EXPECT_EQ(of_call.frames.size(), 1U);
    EXPECT_EQ(link.replacements + of_call.replacements, 0);
}

TEST_F(DeviceBusTest, PresenceFollowsTheScopes) {
    EXPECT_FALSE(bus.is_connected(kService, kDevice, kCall));
    (void)bus.attach(kCallScope, link, 0, 0);
    EXPECT_TRUE(bus.is_connected(kService, kDevice, kCall));
    EXPECT_FALSE(bus.is_connected(kService, kDevice, kOther));
    EXPECT_FALSE(bus.is_online(kService, kDevice));
    FakeLink online;
    (void)bus.attach(kScope, online, 0, 0);
    EXPECT_TRUE(bus.is_connected(kService, kDevice, kOther));
    EXPECT_TRUE(bus.is_online(kService, kDevice));
    bus.disconnect(kService, kDevice);
    EXPECT_EQ(link.removals + online.removals, 2);
}

TEST_F(DeviceBusTest, TheNewerConnectionTakesOverAndTheOldOnesGoodbyeChangesNothing) {
    (void)bus.attach(kScope, link, 0, 0);
    FakeLink newer;
    (void)bus.attach(kScope, newer, 0, 0);
    EXPECT_EQ(link.replacements, 1);
    bus.detach(kScope, link, WallTime{0});
    EXPECT_TRUE(bus.is_online(kService, kDevice));
    send();
    EXPECT_EQ(newer.frames.size(), 1U);
    EXPECT_TRUE(link.frames.empty());
}

TEST_F(DeviceBusTest, ADeviceThatStaysAwayIsForgottenAndStartsAnew) {
    const auto first = bus.attach(kScope, link, 0, 0);
    send();
    bus.detach(kScope, link, WallTime{1'000});
    bus.forget_idle(WallTime{1'000} + DeviceBus::kIdleMax);
    EXPECT_EQ(bus.scopes(), 1U);
    bus.forget_idle(WallTime{1'001} + DeviceBus::kIdleMax);
    EXPECT_EQ(bus.scopes(), 0U);
    const auto again = bus.attach(kScope, link, first.stream, 1);
    EXPECT_FALSE(again.resumed);
    EXPECT_NE(again.stream, first.stream);
}

TEST_F(DeviceBusTest, OldEventsOfAConnectedDeviceAreDroppedWithoutAGapForWhoSawThem) {
    const auto first = bus.attach(kScope, link, 0, 0);
    send();
    send();
    bus.forget_idle(WallTime{1'000});
    bus.forget_idle(WallTime{1'000} + DeviceBus::kIdleMax);
    EXPECT_EQ(bus.attach(kScope, link, first.stream, 0).missed.size(), 2U);
    bus.forget_idle(WallTime{1'001} + DeviceBus::kIdleMax);
    EXPECT_FALSE(bus.attach(kScope, link, first.stream, 0).resumed);
    EXPECT_TRUE(bus.attach(kScope, link, first.stream, 2).resumed);
}

TEST_F(DeviceBusTest, ADeletedDeviceLeavesNoEventsToTheNextOwnerOfItsId) {
    const auto first = bus.attach(kScope, link, 0, 0);
    send();
    bus.disconnect(kService, kDevice);
    bus.detach(kScope, link, WallTime{1'000});
    FakeLink next;
    const auto again = bus.attach(kScope, next, first.stream, 0);
    EXPECT_FALSE(again.resumed);
    EXPECT_NE(again.stream, first.stream);
    EXPECT_TRUE(again.missed.empty());
}

TEST(FrameBudget, GivesABurstAndThenItsRate) {
    FrameBudget budget;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(budget.take(WallTime{1'000}, 2, 5));
    EXPECT_FALSE(budget.take(WallTime{1'000}, 2, 5));
    EXPECT_FALSE(budget.take(WallTime{1'400}, 2, 5));
    EXPECT_TRUE(budget.take(WallTime{1'600}, 2, 5));
    EXPECT_FALSE(budget.take(WallTime{500}, 2, 5)) << "a clock that was set back gives nothing";
}

}  // namespace
}  // namespace clarion::server
