// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/sqlite/sqlite_store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace clarion::server {
namespace {

class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-store-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string file() const { return path_ + "/clarion.db"; }

  private:
    std::string path_;
};

const ServiceId kService = *ServiceId::parse("shop");
const UserId kBob = *UserId::parse("bob");
const DeviceId kPhone = *DeviceId::parse("bob-phone");
const CallId kCall = *CallId::parse("11111111-1111-4111-8111-111111111111");
const CallId kOtherCall = *CallId::parse("22222222-2222-4222-8222-222222222222");

std::unique_ptr<Store> open_or_fail(const std::string& file) {
    auto store = sqlite::open_store(file);
    EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().text);
    return store ? std::move(*store) : nullptr;
}

std::unique_ptr<Store> open_with_service(const std::string& file) {
    auto store = open_or_fail(file);
    const ApiKeyRecord key{"key-1", kService, Redacted<std::string>{"secret"}, WallTime{1}, {}};
    EXPECT_TRUE(store->add_service({kService, "Shop", WallTime{1}}, key));
    return store;
}

DeviceRecord a_device() {
    DeviceRecord device{kService, kBob, kPhone, protocol::Platform::ios, "PUB", {}, WallTime{5}, WallTime{5}};
    device.push = PushEndpoint{"apns", Redacted<std::string>{"token-1"}, "com.example.app.voip", "production"};
    return device;
}

routing::CallDocument a_call(CallId id, WallTime placed_at) {
    routing::CallDocument call;
    call.call_id = id;
    call.service = kService;
    call.from_user = *UserId::parse("alice");
    call.from_device = *DeviceId::parse("alice-desktop");
    call.from_name = Redacted<std::string>{"Alice \"Ali\" \xC3\xBC"};
    call.to_user = kBob;
    call.offer = Redacted<std::string>{"v=0\r\n"};
    call.placed_at = placed_at;
    call.ring_until = placed_at + Duration{60'000};
    call.accept_until = placed_at + Duration{65'000};
    routing::Leg leg;
    leg.device = kPhone;
    leg.push_at = placed_at + Duration{1'500};
    call.legs.push_back(leg);
    return call;
}

std::uint64_t write(Store& store, const routing::CallDocument& call, std::uint64_t expected) {
    CallWrite one;
    one.document = &call;
    one.expected_version = expected;
    const auto version = store.write_call(one);
    EXPECT_TRUE(version.has_value()) << (version ? "" : version.error().text);
    return version.value_or(0);
}

TEST(SqliteStore, ARingingCallIsThereAfterTheProcessDiedWithoutClosing) {
    const Folder folder;
    // A connection that is never closed is what kill -9 leaves behind: the WAL file and no checkpoint.
    Store* abandoned = open_with_service(folder.file()).release();
    const auto call = a_call(kCall, WallTime{1'000});
    EXPECT_EQ(write(*abandoned, call, 0), 1U);

    auto store = open_or_fail(folder.file());
    const auto calls = store->unended_calls();
    ASSERT_TRUE(calls && calls->calls.size() == 1);
    const CallRecord& found = calls->calls.front();
    EXPECT_EQ(found.version, 1U);
    EXPECT_EQ(found.document.from_name, call.from_name);
    EXPECT_EQ(found.document.ring_until, call.ring_until);
    ASSERT_EQ(found.document.legs.size(), 1U);
    EXPECT_EQ(found.document.legs[0].push_at, call.legs[0].push_at);
    delete abandoned;
}

TEST(SqliteStore, OneUnreadableCallDoesNotHideTheOthers) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    ASSERT_EQ(write(*store, a_call(kCall, WallTime{1'000}), 0), 1U);
    ASSERT_EQ(write(*store, a_call(kOtherCall, WallTime{3'000}), 0), 1U);
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file().c_str(), &raw), SQLITE_OK);
    const std::string sql =
        "UPDATE calls SET document=CAST(x'22EDB08022' AS TEXT) WHERE call_id='" + kCall.text() + "'";
    ASSERT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);

    const auto calls = store->unended_calls();
    ASSERT_TRUE(calls && calls->calls.size() == 1);
    EXPECT_EQ(calls->calls.front().document.call_id, kOtherCall);
    ASSERT_EQ(calls->unreadable.size(), 1U);
    EXPECT_NE(calls->unreadable.front().find(kCall.text()), std::string::npos);
    EXPECT_EQ(store->list_calls(kService, kBob, 10)->size(), 1U);
    EXPECT_FALSE(store->find_call(kCall)) << "asked for by its id, it is called unreadable";
}

TEST(SqliteStore, OnlyOneOfTwoWritersOfTheSameVersionWins) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    auto call = a_call(kCall, WallTime{1'000});
    ASSERT_EQ(write(*store, call, 0), 1U);
    call.winner = kPhone;
    ASSERT_EQ(write(*store, call, 1), 2U);

    auto late = a_call(kCall, WallTime{1'000});
    const std::vector<TraceStep> steps{{kCall, kPhone, WallTime{2'000}, "lost", ""}};
    CallWrite lost{&late, 1, steps, {}};
    const auto refused = store->write_call(lost);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::conflict);
    const auto now = store->find_call(kCall);
    ASSERT_TRUE(now && *now);
    EXPECT_EQ((*now)->version, 2U);
    EXPECT_EQ((*now)->document.winner, kPhone);
    EXPECT_TRUE(store->trace_of(kCall)->empty()) << "a lost write must leave no trace lines";
}

TEST(SqliteStore, PlacingACallIdTwiceIsToldApart) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    const auto call = a_call(kCall, WallTime{1'000});
    ASSERT_EQ(write(*store, call, 0), 1U);
    CallWrite again{&call, 0, {}, {}};
    const auto refused = store->write_call(again);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::exists);
}

TEST(SqliteStore, AnEndedCallLeavesTheJournalAndEntersTheHistoryOfBothSides) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    auto call = a_call(kCall, WallTime{1'000});
    ASSERT_EQ(write(*store, call, 0), 1U);
    ASSERT_EQ(write(*store, a_call(kOtherCall, WallTime{3'000}), 0), 1U);
    call.phase = routing::Phase::ended;
    call.ended_at = WallTime{9'000};
    CallWrite end{&call, 1, {}, Outcomes{Outcome::cancelled, Outcome::missed}};
    ASSERT_TRUE(store->write_call(end));

    ASSERT_EQ(store->unended_calls()->calls.size(), 1U);
    EXPECT_EQ(store->unended_calls()->calls.front().document.call_id, kOtherCall);
    const auto calls = store->list_calls(kService, kBob, 10);
    ASSERT_TRUE(calls && calls->size() == 2);
    EXPECT_EQ((*calls)[0].document.call_id, kOtherCall) << "newest first";
    EXPECT_EQ((*calls)[1].outcomes->callee, Outcome::missed);
    EXPECT_EQ(store->list_calls(kService, UserId::parse("alice"), 1)->size(), 1U);
    EXPECT_TRUE(store->list_calls(kService, UserId::parse("carol"), 10)->empty());
    EXPECT_EQ(store->list_calls(kService, std::nullopt, 10)->size(), 2U);
}

TEST(SqliteStore, OldCallsAreForgottenWithTheirTraceAndLiveOnesNever) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    auto ended = a_call(kCall, WallTime{1'000});
    ended.ended_at = WallTime{2'000};
    ASSERT_EQ(write(*store, ended, 0), 1U);
    ASSERT_EQ(write(*store, a_call(kOtherCall, WallTime{1'000}), 0), 1U);
    const std::vector<TraceStep> steps{
        {kCall, {}, WallTime{1'000}, "placed", ""}, {kOtherCall, {}, WallTime{1'000}, "placed", ""}
    };
    ASSERT_TRUE(store->append_trace(steps));

    EXPECT_EQ(store->forget_calls(WallTime{5'000}, 100).value_or(0), 1U);
    EXPECT_FALSE(store->find_call(kCall)->has_value());
    EXPECT_TRUE(store->trace_of(kCall)->empty());
    EXPECT_TRUE(store->find_call(kOtherCall)->has_value());
    EXPECT_EQ(store->trace_of(kOtherCall)->size(), 1U);
}

TEST(SqliteStore, TheTraceComesBackInTheOrderOfTime) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    const std::vector<TraceStep> steps{
        {kCall, kPhone, WallTime{30}, "ringing", ""},
        {kCall, {}, WallTime{10}, "placed", "audio"},
        {kCall, kPhone, WallTime{30}, "answered", "x"}
    };
    ASSERT_TRUE(store->append_trace(steps));
    const auto found = store->trace_of(kCall);
    ASSERT_TRUE(found && found->size() == 3);
    EXPECT_EQ((*found)[0].what, "placed");
    EXPECT_FALSE((*found)[0].device.has_value());
    EXPECT_EQ((*found)[1].what, "ringing");
    EXPECT_EQ((*found)[2].what, "answered");
    EXPECT_EQ((*found)[2].device, kPhone);
}

TEST(SqliteStore, ADeviceOfAnotherUserIsNotTakenOver) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    ASSERT_TRUE(store->put_device(a_device()));
    DeviceRecord thief = a_device();
    thief.user = *UserId::parse("mallory");
    const auto refused = store->put_device(thief);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::exists);
    EXPECT_EQ((*store->find_device(kService, kPhone))->user, kBob);
}

TEST(SqliteStore, WaysToWakeADeviceKeepTheirOrderAndWhatWasLearned) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    DeviceRecord device = a_device();
    PushEndpoint web{"webpush", Redacted<std::string>{"https://push.example.net/1"}};
    web.p256dh = "key";
    web.auth = Redacted<std::string>{"secret"};
    device.push_more = {{"apns", Redacted<std::string>{"alert-1"}, "com.example.app", "sandbox"}, web};
    device.push_more[0].is_alert = true;
    device.updated_at = WallTime{70};
    ASSERT_TRUE(store->put_device(device));

    PushEndpoint learned = *device.push;
    learned.environment = "sandbox";
    learned.is_proven = true;
    ASSERT_TRUE(store->learn_push(kService, kPhone, learned));
    auto found = **store->find_device(kService, kPhone);
    ASSERT_EQ(endpoints_of(found).size(), 3U);
    EXPECT_EQ(found.push->environment, "sandbox");
    EXPECT_TRUE(found.push->is_proven);
    EXPECT_EQ(found.push->registered_at, WallTime{70});
    EXPECT_TRUE(found.push_more[0].is_alert);
    EXPECT_EQ(found.push_more[1].p256dh, "key");
    EXPECT_EQ(found.push_more[1].auth.reveal(), "secret");
    EXPECT_EQ(endpoints_of(store->list_devices(kService, kBob)->front()).size(), 3U);

    // The app registers the same again: what was proven stays, what was a claim stays a claim.
    found.updated_at = WallTime{90};
    ASSERT_TRUE(store->put_device(found));
    found = **store->find_device(kService, kPhone);
    EXPECT_TRUE(found.push->is_proven);
    EXPECT_FALSE(found.push_more[0].is_proven);
    EXPECT_EQ(found.push->registered_at, WallTime{90});

    ASSERT_TRUE(store->retire_push(kService, kPhone, "token-1"));
    found = **store->find_device(kService, kPhone);
    EXPECT_EQ(found.push->token.reveal(), "alert-1") << "the next way is the first one now";

    // The app was installed anew and has another device id: the token went with it.
    DeviceRecord other = found;
    other.device = *DeviceId::parse("bob-new");
    other.push_more.clear();
    ASSERT_TRUE(store->put_device(other));
    found = **store->find_device(kService, kPhone);
    EXPECT_EQ(found.push->provider, "webpush");
    EXPECT_TRUE(found.push_more.empty());
    ASSERT_TRUE(store->remove_device(kService, kBob, kPhone, WallTime{99}));
    EXPECT_FALSE(store->find_device(kService, kPhone)->has_value());
}

TEST(SqliteStore, ADeadPushTokenIsRetiredUnlessTheAppSentANewOne) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    ASSERT_TRUE(store->put_device(a_device()));
    ASSERT_TRUE(store->retire_push(kService, kPhone, "token-0"));
    EXPECT_TRUE((*store->find_device(kService, kPhone))->push.has_value());
    ASSERT_TRUE(store->retire_push(kService, kPhone, "token-1"));
    EXPECT_FALSE((*store->find_device(kService, kPhone))->push.has_value());
    EXPECT_EQ(store->list_devices(kService, kBob)->size(), 1U);
    EXPECT_FALSE(store->remove_device(kService, *UserId::parse("mallory"), kPhone, WallTime{9}).value_or(true));
    EXPECT_TRUE(store->remove_device(kService, kBob, kPhone, WallTime{9}).value_or(false));
    EXPECT_EQ(store->removed_at(kService, kPhone).value(), WallTime{9});
    EXPECT_TRUE(store->list_devices(kService, kBob)->empty());
}

TEST(SqliteStore, OneWayToWakeADeviceIsReplacedInItsPlaceAndTheOthersKeepWhatWasLearned) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    DeviceRecord device = a_device();
    device.push_more = {{"webpush", Redacted<std::string>{"https://p.example.net/1"}, "", ""}};
    ASSERT_TRUE(store->put_device(device));
    PushEndpoint learned = device.push_more[0];
    learned.is_proven = true;
    learned.suspects = 2;
    ASSERT_TRUE(store->learn_push(kService, kPhone, learned));
    const PushEndpoint again{"apns", Redacted<std::string>{"token-2"}, "com.example.app.voip", "sandbox"};
    ASSERT_TRUE(store->put_endpoint(kService, kPhone, again, WallTime{70}));
    PushEndpoint alert = again;
    alert.token = Redacted<std::string>{"alert-1"};
    alert.is_alert = true;
    ASSERT_TRUE(store->put_endpoint(kService, kPhone, alert, WallTime{80}));
    DeviceRecord found = **store->find_device(kService, kPhone);
    EXPECT_EQ(found.push->token.reveal(), "token-2");
    EXPECT_EQ(found.push->registered_at, WallTime{70});
    EXPECT_EQ(found.updated_at, WallTime{80});
    ASSERT_EQ(found.push_more.size(), 2U);
    EXPECT_TRUE(found.push_more[0].is_proven);
    EXPECT_EQ(found.push_more[0].suspects, 2U);
    EXPECT_TRUE(found.push_more[1].is_alert);
    ASSERT_TRUE(store->remove_endpoint(kService, kPhone, again, WallTime{90}));
    found = **store->find_device(kService, kPhone);
    EXPECT_EQ(found.push->provider, "webpush");
    EXPECT_EQ(found.push_more.size(), 1U);
}

TEST(SqliteStore, ARetiredTokenIsKnownUntilTheNextOneIsRetiredOrTheDeviceGoes) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    ASSERT_TRUE(store->put_device(a_device()));
    const PushEndpoint old = *a_device().push;
    PushEndpoint fresh = old;
    fresh.token = Redacted<std::string>{"token-2"};
    EXPECT_FALSE(store->was_retired(kService, kPhone, old).value());
    ASSERT_TRUE(store->retire_push(kService, kPhone, "token-1"));
    EXPECT_TRUE(store->was_retired(kService, kPhone, old).value());
    ASSERT_TRUE(store->put_endpoint(kService, kPhone, fresh, WallTime{70}));
    EXPECT_FALSE(store->was_retired(kService, kPhone, fresh).value());
    ASSERT_TRUE(store->retire_push(kService, kPhone, "token-2"));
    EXPECT_TRUE(store->was_retired(kService, kPhone, fresh).value());
    EXPECT_FALSE(store->was_retired(kService, kPhone, old).value());
    ASSERT_TRUE(store->remove_device(kService, kBob, kPhone, WallTime{9}));
    ASSERT_TRUE(store->put_device(a_device()));
    EXPECT_FALSE(store->was_retired(kService, kPhone, fresh).value());
}

TEST(SqliteStore, PoliciesOfAServiceAndOfACallOutliveTheProcess) {
    const Folder folder;
    const ServicePolicy own{.ring_time_ms = 20'000, .glare = routing::Glare::refuse, .busy_ends_all = true};
    const ServicePolicy placed{.ring_time_ms = 30'000, .decline_ends_all = false};
    {
        auto store = open_with_service(folder.file());
        EXPECT_EQ((*store->find_service(kService))->policy, ServicePolicy{});
        ASSERT_TRUE(store->change_service({kService, "The shop", WallTime{1}, own}).value());
        EXPECT_FALSE(store->change_service({*ServiceId::parse("bank"), "Bank", WallTime{1}, own}).value());
        const auto call = a_call(kCall, WallTime{1'000});
        CallWrite first{.document = &call, .policy = placed};
        ASSERT_TRUE(store->write_call(first));
        ASSERT_EQ(write(*store, call, 1), 2U) << "later writes say nothing about it";
    }
    auto store = open_or_fail(folder.file());
    EXPECT_EQ((*store->find_service(kService))->name, "The shop");
    EXPECT_EQ((*store->find_service(kService))->policy, own);
    EXPECT_EQ(store->unended_calls()->calls.at(0).policy, placed);
    EXPECT_EQ((*store->find_call(kCall))->policy, placed);
    EXPECT_EQ(store->list_calls(kService, kBob, 5)->at(0).policy, placed);
}

TEST(SqliteStore, AFileFromBeforePoliciesGoesOnWithWhatTheServerSays) {
    const Folder folder;
    {
        auto store = open_with_service(folder.file());
        ASSERT_EQ(write(*store, a_call(kCall, WallTime{1'000}), 0), 1U);
    }
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file().c_str(), &raw), SQLITE_OK);
    const char* back =
        "ALTER TABLE services DROP COLUMN policy; ALTER TABLE calls DROP COLUMN policy; DROP TABLE retired_tokens;"
        " PRAGMA user_version=3";
    ASSERT_EQ(sqlite3_exec(raw, back, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    auto store = open_or_fail(folder.file());
    ASSERT_EQ(store->unended_calls()->calls.size(), 1U);
    EXPECT_EQ(store->unended_calls()->calls[0].policy, ServicePolicy{});
    EXPECT_EQ((*store->find_service(kService))->policy, ServicePolicy{});
}

TEST(SqliteStore, OfTwoCallsThatCrossOneIsWritten) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    const UserId alice = *UserId::parse("alice");
    const auto there = a_call(kCall, WallTime{1'000});
    ASSERT_EQ(write(*store, there, 0), 1U);
    auto back = a_call(kOtherCall, WallTime{1'001});
    std::swap(back.from_user, back.to_user);
    CallWrite crossing{&back, 0, {}, {}, true};
    const auto refused = store->write_call(crossing);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, StoreFault::crossed);
    EXPECT_FALSE(store->find_call(kOtherCall)->has_value());
    EXPECT_EQ((*store->find_crossing(kService, alice, kBob))->document.call_id, kCall);
    EXPECT_FALSE(store->find_crossing(kService, kBob, alice)->has_value());

    auto answered = there;
    answered.phase = routing::Phase::answered;
    ASSERT_EQ(write(*store, answered, 1), 2U);
    EXPECT_TRUE(store->write_call(crossing)) << "only a call that rings is crossed";
}

TEST(SqliteStore, AMergedCallIsFoundByItsNameUntilItIsForgotten) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    auto call = a_call(kCall, WallTime{1'000});
    ASSERT_EQ(write(*store, call, 0), 1U);
    call.crossings.push_back({kOtherCall, kPhone});
    ASSERT_EQ(write(*store, call, 1), 2U);
    EXPECT_EQ((*store->find_call(kOtherCall))->document.call_id, kCall);
    call.phase = routing::Phase::ended;
    call.ended_at = WallTime{2'000};
    ASSERT_EQ(write(*store, call, 2), 3U);
    EXPECT_TRUE(store->find_call(kOtherCall)->has_value());
    EXPECT_EQ(store->forget_calls(WallTime{5'000}, 10).value_or(0), 1U);
    EXPECT_FALSE(store->find_call(kOtherCall)->has_value());
}

TEST(SqliteStore, TheHistoryOfAUserHasTheirOwnOutcomes) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    const UserId alice = *UserId::parse("alice");
    for (const auto& [id, at] : {std::pair{kCall, 1'000}, std::pair{kOtherCall, 2'000}}) {
        auto call = a_call(id, WallTime{at});
        call.phase = routing::Phase::ended;
        call.ended_at = WallTime{at + 500};
        CallWrite ended{&call, 0, {}, Outcomes{Outcome::cancelled, Outcome::missed}};
        ASSERT_TRUE(store->write_call(ended));
    }
    EXPECT_EQ(store->history_of(kService, kBob, {.outcome = Outcome::missed})->size(), 2U);
    EXPECT_EQ(store->history_of(kService, alice, {.outcome = Outcome::missed})->size(), 0U);
    EXPECT_EQ(store->history_of(kService, alice, {.outcome = Outcome::cancelled})->size(), 2U);
    const auto older = store->history_of(kService, kBob, {.before = WallTime{2'000}});
    ASSERT_EQ(older->size(), 1U);
    EXPECT_EQ((*older)[0].document.call_id, kCall);
    EXPECT_EQ((*store->history_of(kService, kBob, {.limit = 1}))[0].document.call_id, kOtherCall);
}

TEST(SqliteStore, SettingsAndRevokedTokensAreKept) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    EXPECT_TRUE(store->find_settings(kService, kBob)->blocked.empty());
    const UserId alice = *UserId::parse("alice");
    const UserId carol = *UserId::parse("carol");
    ASSERT_TRUE(store->put_settings(kService, kBob, {WallTime{77}, {alice, carol}}, WallTime{1}));
    const auto settings = store->find_settings(kService, kBob);
    EXPECT_EQ(settings->do_not_disturb_until, WallTime{77});
    EXPECT_EQ(settings->blocked, (std::vector{alice, carol}));

    ASSERT_TRUE(store->revoke_tokens(kService, kBob, "one", WallTime{1'000}));
    EXPECT_TRUE(store->is_revoked(kService, kBob, "one", WallTime{1'000}).value());
    EXPECT_FALSE(store->is_revoked(kService, kBob, "two", WallTime{1'000}).value());
    ASSERT_TRUE(store->revoke_tokens(kService, kBob, "", WallTime{2'000}));
    EXPECT_TRUE(store->is_revoked(kService, kBob, "two", WallTime{2'000}).value());
    EXPECT_FALSE(store->is_revoked(kService, kBob, "two", WallTime{3'000}).value());
    EXPECT_FALSE(store->is_revoked(kService, alice, "two", WallTime{1'000}).value());
    ASSERT_TRUE(store->forget_marks(WallTime{9'000}));
    EXPECT_FALSE(store->is_revoked(kService, kBob, "two", WallTime{1'000}).value());
}

TEST(SqliteStore, AServiceIsMadeOnceAndItsKeysRotate) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    const ApiKeyRecord second{"key-2", kService, Redacted<std::string>{"s2"}, WallTime{2}, {}};
    const auto again = store->add_service({kService, "Again", WallTime{2}}, second);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().fault, StoreFault::exists);
    EXPECT_FALSE((*store->find_api_key("key-2")).has_value()) << "a refused service must leave no key";

    ASSERT_TRUE(store->add_api_key(second));
    EXPECT_TRUE(store->revoke_api_key(kService, "key-1", WallTime{7}).value_or(false));
    EXPECT_FALSE(store->revoke_api_key(kService, "key-1", WallTime{8}).value_or(true));
    EXPECT_EQ((*store->find_api_key("key-1"))->revoked_at, WallTime{7});
    EXPECT_EQ((*store->find_api_key("key-2"))->secret.reveal(), "s2");
}

TEST(SqliteStore, AFileOfANewerProgramIsRefusedAndNotTouched) {
    const Folder folder;
    open_or_fail(folder.file()).reset();
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file().c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version=9999", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    const auto refused = sqlite::open_store(folder.file());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::newer);
    EXPECT_NE(refused.error().text.find("9999"), std::string::npos);
}

TEST(SqliteStore, AnythingThatIsNotOurDatabaseIsCalledCorrupt) {
    const Folder folder;
    std::ofstream{folder.file()} << std::string(8192, 'x');
    const auto garbage = sqlite::open_store(folder.file());
    ASSERT_FALSE(garbage.has_value());
    EXPECT_EQ(garbage.error().fault, StoreFault::corrupt);

    const Folder foreign;
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(foreign.file().c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, "CREATE TABLE recipes (name TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    const auto somebody = sqlite::open_store(foreign.file());
    ASSERT_FALSE(somebody.has_value());
    EXPECT_EQ(somebody.error().fault, StoreFault::corrupt);
}

TEST(SqliteStore, AFullDatabaseIsCalledFullAndKeepsWhatItHad) {
    const Folder folder;
    auto store = open_with_service(folder.file());
    ASSERT_EQ(write(*store, a_call(kCall, WallTime{1'000}), 0), 1U);
    store.reset();
    // What a full disk says, without filling one: a page limit just above what is used.
    auto limited = open_or_fail(folder.file());
    std::vector<TraceStep> flood(64, {kCall, {}, WallTime{1}, "x", std::string(4096, 'y')});
    ASSERT_TRUE(sqlite::limit_pages_for_test(*limited, 32));
    const auto refused = limited->append_trace(flood);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::full);
    EXPECT_TRUE(limited->probe_write()) << "a page that is there already can still be written";
    EXPECT_TRUE(limited->find_call(kCall)->has_value());
    EXPECT_TRUE(limited->trace_of(kCall)->empty());
}

TEST(SqliteStore, AMissingDirectoryIsNamedInTheError) {
    const Folder folder;
    const auto refused = sqlite::open_store(folder.file() + "/no/such/clarion.db");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, StoreFault::unavailable);
    EXPECT_NE(refused.error().text.find("/no/such/clarion.db"), std::string::npos);
}

TEST(SqliteStore, TheFileIsForItsOwnerOnly) {
    const Folder folder;
    auto store = open_or_fail(folder.file());
    struct stat status{};
    ASSERT_EQ(::stat(folder.file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace clarion::server
