// SPDX-License-Identifier: Apache-2.0
// The host between routing and a store that says no: lost writes, a full disk, a device that asks for too much.
#include "server/app/call_host.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

using protocol::ErrorCode;

/// A store whose next writes of calls fail as the test says; everything else goes through.
class FaultyStore final : public Store {
  public:
    explicit FaultyStore(Store& inner) : inner_{inner} {}

    std::function<std::optional<StoreFault>()> on_write;

    Stored<std::uint64_t> write_call(const CallWrite& write) override {
        if (const auto fault = on_write ? on_write() : std::nullopt)
            return std::unexpected{StoreError{*fault, "as the test says"}};
        return inner_.write_call(write);
    }
    Stored<void> add_service(const ServiceRecord& s, const ApiKeyRecord& k) override {
        return inner_.add_service(s, k);
    }
    Stored<std::optional<ServiceRecord>> find_service(const ServiceId& id) override { return inner_.find_service(id); }
    Stored<bool> change_service(const ServiceRecord& service) override { return inner_.change_service(service); }
    Stored<void> add_api_key(const ApiKeyRecord& key) override { return inner_.add_api_key(key); }
    Stored<std::optional<ApiKeyRecord>> find_api_key(std::string_view key) override { return inner_.find_api_key(key); }
    Stored<bool> revoke_api_key(const ServiceId& s, std::string_view k, WallTime at) override {
        return inner_.revoke_api_key(s, k, at);
    }
    Stored<void> put_user(const UserRecord& user) override { return inner_.put_user(user); }
    Stored<std::optional<UserRecord>> find_user(const ServiceId& s, const UserId& u) override {
        return inner_.find_user(s, u);
    }
    Stored<void> put_device(const DeviceRecord& device) override { return inner_.put_device(device); }
    Stored<std::optional<DeviceRecord>> find_device(const ServiceId& s, const DeviceId& d) override {
        return inner_.find_device(s, d);
    }
    Stored<std::vector<DeviceRecord>> list_devices(const ServiceId& s, const UserId& u) override {
        return inner_.list_devices(s, u);
    }
    Stored<bool> remove_device(const ServiceId& s, const UserId& u, const DeviceId& d, WallTime at) override {
        return inner_.remove_device(s, u, d, at);
    }
    Stored<std::optional<WallTime>> removed_at(const ServiceId& s, const DeviceId& d) override {
        return inner_.removed_at(s, d);
    }
    Stored<void> put_settings(const ServiceId& s, const UserId& u, const UserSettings& settings, WallTime at) override {
        return inner_.put_settings(s, u, settings, at);
    }
    Stored<UserSettings> find_settings(const ServiceId& s, const UserId& u) override {
        return inner_.find_settings(s, u);
    }
    Stored<void> revoke_tokens(const ServiceId& s, const UserId& u, std::string_view jti, WallTime at) override {
        return inner_.revoke_tokens(s, u, jti, at);
    }
    Stored<bool> is_revoked(const ServiceId& s, const UserId& u, std::string_view jti, WallTime at) override {
        return inner_.is_revoked(s, u, jti, at);
    }
    Stored<void> forget_marks(WallTime before) override { return inner_.forget_marks(before); }
    Stored<std::optional<CallRecord>> find_crossing(const ServiceId& s, const UserId& a, const UserId& b) override {
        return inner_.find_crossing(s, a, b);
    }
    Stored<std::vector<CallRecord>> history_of(const ServiceId& s, const UserId& u, const HistoryQuery& q) override {
        return inner_.history_of(s, u, q);
    }
    Stored<void> put_endpoint(const ServiceId& s, const DeviceId& d, const PushEndpoint& e, WallTime at) override {
        return inner_.put_endpoint(s, d, e, at);
    }
    Stored<void> remove_endpoint(const ServiceId& s, const DeviceId& d, const PushEndpoint& e, WallTime at) override {
        return inner_.remove_endpoint(s, d, e, at);
    }
    Stored<bool> was_retired(const ServiceId& s, const DeviceId& d, const PushEndpoint& e) override {
        return inner_.was_retired(s, d, e);
    }
    Stored<void> retire_push(const ServiceId& s, const DeviceId& d, std::string_view t) override {
        return inner_.retire_push(s, d, t);
    }
    Stored<void> learn_push(const ServiceId& s, const DeviceId& d, const PushEndpoint& e) override {
        return inner_.learn_push(s, d, e);
    }
    Stored<std::optional<CallRecord>> find_call(const CallId& id) override { return inner_.find_call(id); }
    Stored<UnendedCalls> unended_calls() override { return inner_.unended_calls(); }
    Stored<std::vector<CallRecord>> list_calls(const ServiceId& s, const std::optional<UserId>& u, std::size_t n)
        override {
        return inner_.list_calls(s, u, n);
    }
    Stored<void> append_trace(std::span<const TraceStep> steps) override { return inner_.append_trace(steps); }
    Stored<std::vector<TraceStep>> trace_of(const CallId& id) override { return inner_.trace_of(id); }
    Stored<void> probe_write() override {
        if (const auto fault = on_write ? on_write() : std::nullopt)
            return std::unexpected{StoreError{*fault, "as the test says"}};
        return inner_.probe_write();
    }
    Stored<std::size_t> forget_calls(WallTime before, std::size_t limit) override {
        return inner_.forget_calls(before, limit);
    }

  private:
    Store& inner_;
};

struct CountingLink final : DeviceLink {
    void deliver(std::string) override { ++frames; }
    void replaced() override {}
    void removed() override {}

    int frames = 0;
};

class CallHostTest : public ::testing::Test {
  protected:
    void SetUp() override { stage.add_phone("bob", "bob-phone"); }

    CallHost::Result place(int call) { return host.place(alice, place_call(call, "bob")); }

    routing::CallDocument stored(int call) { return stage.store->find_call(call_id(call))->value().document; }

    Stage stage;
    FaultyStore store{*stage.store};
    const Caller alice{*ServiceId::parse("shop"), *UserId::parse("alice"), *DeviceId::parse("alice-pc")};
    const DeviceId phone = *DeviceId::parse("bob-phone");
    DeviceBus bus{1};
    TraceLog trace{stage.loop, store};
    Invites invites{stage.keys->invite_key, Tickets{stage.keys->ticket_key}};
    PushGateway pushes{stage.loop, stage.clock, store, invites, trace, {&stage.push, &stage.push}};
    CallHost host{{stage.loop, stage.clock, store, bus, pushes, trace, invites}, {{}, 2}};
};

TEST_F(CallHostTest, NothingLeavesBeforeTheDocumentIsStored) {
    store.on_write = [] { return StoreFault::full; };
    const auto refused = place(1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), ErrorCode::unavailable);
    EXPECT_TRUE(stage.push.sent.empty());
    EXPECT_EQ(host.live_calls(), 0U);
    EXPECT_FALSE(host.is_healthy());

    store.on_write = nullptr;
    EXPECT_TRUE(place(1)) << "the same id again, once there is space";
    EXPECT_TRUE(host.is_healthy());
    EXPECT_EQ(stage.push.sent.size(), 1U);
}

TEST_F(CallHostTest, HealthComesBackWithTheStoreAndNeedsNoCall) {
    store.on_write = [] { return StoreFault::full; };
    ASSERT_FALSE(place(1));
    host.look_after_store();
    EXPECT_FALSE(host.is_healthy());
    store.on_write = nullptr;
    host.look_after_store();
    EXPECT_TRUE(host.is_healthy());
}

TEST_F(CallHostTest, AtTheMomentOfThePushTheCallIsInTheStore) {
    bool was_stored = false;
    stage.push.on_send = [&] { was_stored = stage.store->find_call(call_id(1))->has_value(); };
    ASSERT_TRUE(place(1));
    EXPECT_TRUE(was_stored);
}

TEST_F(CallHostTest, ALostWriteIsDecidedAgainOnTheNewDocument) {
    ASSERT_TRUE(place(1));
    // Another writer answers between our reading and our writing.
    bool has_answered = false;
    store.on_write = [&]() -> std::optional<StoreFault> {
        if (std::exchange(has_answered, true)) return std::nullopt;
        auto record = stage.store->find_call(call_id(1))->value();
        record.document.phase = routing::Phase::answered;
        record.document.answered_at = stage.clock.wall_now();
        record.document.winner = phone;
        record.document.legs[0].state = routing::LegState::answered;
        CallWrite write{&record.document, record.version, {}, {}};
        EXPECT_TRUE(stage.store->write_call(write));
        return StoreFault::conflict;
    };
    ASSERT_TRUE(host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}}));
    const auto call = stored(1);
    EXPECT_EQ(call.phase, routing::Phase::ended);
    EXPECT_EQ(call.winner, phone) << "the answer of the other writer is lost";
    EXPECT_EQ(call.reason, EndReason::cancel);
}

/// Two servers on one store: each has found no call the other way round when it decides.
TEST_F(CallHostTest, OfTwoServersThatPlaceCrossingCallsOneMerges) {
    DeviceBus other_bus{2};
    CallHost other{{stage.loop, stage.clock, *stage.store, other_bus, pushes, trace, invites}, {{}, 2}};
    const Caller bob{alice.service, *UserId::parse("bob"), phone};
    stage.add_phone("alice", "alice-pc");
    bool crossed = false;
    store.on_write = [&]() -> std::optional<StoreFault> {
        if (!std::exchange(crossed, true)) {
            EXPECT_TRUE(other.place(bob, place_call(2, "alice")));  // Between our decision and our write.
        }
        return std::nullopt;
    };
    ASSERT_TRUE(place(1));
    const auto there = stage.store->find_call(call_id(1))->value().document;
    EXPECT_EQ(there.call_id, call_id(2)) << "ours is another name of the one that was written first";
    ASSERT_EQ(there.crossings.size(), 1U);
    EXPECT_EQ(there.crossings[0].device, alice.device);
    EXPECT_EQ(there.phase, routing::Phase::ringing);
}

TEST_F(CallHostTest, ACrossingThatIsGoneWhenItIsLookedForIsNone) {
    const Caller bob{alice.service, *UserId::parse("bob"), phone};
    stage.add_phone("alice", "alice-pc");
    ASSERT_TRUE(host.place(bob, place_call(2, "alice")));
    int writes = 0;
    store.on_write = [&]() -> std::optional<StoreFault> {
        // The write that merges: somebody ended that call at this moment.
        if (++writes != 2) return std::nullopt;
        auto record = stage.store->find_call(call_id(2))->value();
        record.document.phase = routing::Phase::ended;
        record.document.ended_at = stage.clock.wall_now();
        CallWrite write{&record.document, record.version, {}, {}};
        EXPECT_TRUE(stage.store->write_call(write));
        return StoreFault::conflict;
    };
    ASSERT_TRUE(place(1));
    EXPECT_EQ(stored(1).call_id, call_id(1)) << "an ordinary call";
}

TEST_F(CallHostTest, EndlessConflictsGiveUpWithoutAnEffect) {
    ASSERT_TRUE(place(1));
    store.on_write = [] { return StoreFault::conflict; };
    const auto refused =
        host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), ErrorCode::unavailable);
    EXPECT_EQ(stored(1).phase, routing::Phase::ringing);
}

TEST_F(CallHostTest, WhoRegistersTheIdOfADeletedDeviceHearsNothingOfItsCall) {
    CountingLink link;
    (void)bus.attach({alice.service, phone, std::nullopt}, link, 0, 0);
    ASSERT_TRUE(place(1));
    EXPECT_EQ(link.frames, 1) << "incoming";
    ASSERT_TRUE(*stage.store->remove_device(alice.service, *UserId::parse("bob"), phone, WallTime{1}));
    stage.add_phone("mallory", "bob-phone");
    host.presence_changed({alice.service, phone, std::nullopt}, true);
    pushes.send(stored(1), {.device = phone}, [] { return true; }, [](routing::PushOutcome, const std::string&) {});
    ASSERT_TRUE(host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}}));
    EXPECT_EQ(link.frames, 1);
    EXPECT_TRUE(stage.push.sent.empty());
}

TEST_F(CallHostTest, ADeviceHasALimitOfLiveCalls) {
    ASSERT_TRUE(place(1));
    ASSERT_TRUE(place(2));
    const auto third = place(3);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error(), ErrorCode::too_many);
    ASSERT_TRUE(host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}}));
    EXPECT_TRUE(place(3));
}

TEST_F(CallHostTest, CallsThatADeviceReceivesDoNotUseUpItsLimit) {
    const Caller phone_of_bob{alice.service, *UserId::parse("bob"), phone};
    ASSERT_TRUE(place(1));
    ASSERT_TRUE(place(2));
    ASSERT_EQ(host.live_calls(), 2U);
    EXPECT_TRUE(host.place(phone_of_bob, place_call(3, "alice"))) << "two ring here, none was placed here";
}

TEST_F(CallHostTest, DevicesInUseRingBeforeForgottenInstallations) {
    for (std::size_t i = 0; i < routing::kLegsMax + 4; ++i) {
        const auto id = *DeviceId::parse("old-" + std::to_string(i));
        const WallTime at{static_cast<std::int64_t>(i)};
        ASSERT_TRUE(stage.store->put_device(
            {alice.service, *UserId::parse("bob"), id, protocol::Platform::desktop, "", {}, at, at}
        ));
    }
    stage.add_phone("bob", "bob-new");
    ASSERT_TRUE(place(1));
    const auto legs = stored(1).legs;
    ASSERT_EQ(legs.size(), routing::kLegsMax);
    EXPECT_EQ(legs[0].device.text(), "bob-new") << "what a push can wake, the newest first";
    EXPECT_EQ(legs[1].device, phone);
    EXPECT_EQ(legs[2].device.text(), "old-" + std::to_string(routing::kLegsMax + 3));
    EXPECT_EQ(stage.push.sent.size(), 2U);
}

TEST_F(CallHostTest, AnEndedCallLeavesMemoryAndIsStillAnswered) {
    ASSERT_TRUE(place(1));
    ASSERT_TRUE(host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}}));
    EXPECT_EQ(host.live_calls(), 0U);
    EXPECT_TRUE(host.handle(alice.service, call_id(1), routing::VerifyAsked{phone}));
    const auto version = stage.store->find_call(call_id(1))->value().version;
    EXPECT_TRUE(host.handle(alice.service, call_id(1), routing::EndReceived{alice.device, EndReason::cancel, {}}));
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().version, version) << "twice changes nothing the second time";
}

TEST_F(CallHostTest, AServiceCannotReachTheCallOfAnother) {
    ASSERT_TRUE(place(1));
    const auto refused = host.handle(*ServiceId::parse("bank"), call_id(1), routing::EndReceived{});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), ErrorCode::unknown_call);
}

TEST_F(CallHostTest, WhenTheStoreFailsAtTheDeadlineTheCallEndsLater) {
    ASSERT_TRUE(place(1));
    int failures = 0;
    store.on_write = [&]() -> std::optional<StoreFault> {
        return ++failures <= 1 ? std::optional{StoreFault::locked} : std::nullopt;
    };
    stage.clock.ahead = Duration{120'000};
    ASSERT_TRUE(stage.wait([&] { return host.live_calls() == 0; }));
    EXPECT_EQ(stored(1).reason, EndReason::no_answer);
    EXPECT_GE(failures, 2);
}

}  // namespace
}  // namespace clarion::server::testing
