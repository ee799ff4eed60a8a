// SPDX-License-Identifier: Apache-2.0
// What a service decides about its calls: over REST, in two services of one server, and through a restart.
#include "server/app/policies.hpp"

#include <gtest/gtest.h>

#include "core/codec/json.hpp"
#include "crypto/base64.hpp"
#include "crypto/keys.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

using protocol::Decline;

const std::string kAdmin = std::string{"Bearer "} + Stage::kAdminKey;
constexpr const char* kShop = "/v1/services/shop";

std::string text_at(const std::string& json, std::initializer_list<const char*> path) {
    const auto document = codec::Document::parse(json, 64 * 1024);
    if (!document) return "no JSON";
    codec::Node node = document->root();
    for (const char* step : path) node = node.get(step);
    return node.exists() ? node.dump() : "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A second service of the same server, with its own key.
ApiKeyRecord add_bank(Stage& stage) {
    const ServiceId bank = *ServiceId::parse("bank");
    const ApiKeyRecord key{"bank-key", bank, Redacted<std::string>{"bank-secret"}, stage.clock.wall_now(), {}};
    if (!stage.store->add_service({bank, "Bank", stage.clock.wall_now()}, key)) throw std::runtime_error{"no bank"};
    return key;
}

Stage::Answer patch(Stage& stage, const std::string& body) { return stage.rest("PATCH", kShop, body); }

TEST(Policies, AServiceSeesWhatItDecidesAndWhatHolds) {
    Stage stage;
    const auto first = stage.rest("GET", kShop);
    ASSERT_EQ(first.status, 200U) << first.body;
    EXPECT_EQ(text_at(first.body, {"policy"}), "{}");
    EXPECT_EQ(text_at(first.body, {"effective", "ring_time_ms"}), "60000");
    EXPECT_EQ(text_at(first.body, {"effective", "glare"}), "\"merge\"");
    EXPECT_EQ(text_at(first.body, {"effective", "decline_ends_all"}), "true");

    const auto changed = patch(
        stage, R"({"policy":{"ring_time_ms":20000,"glare":"refuse","decline_ends_all":false},"name":"The shop"})"
    );
    ASSERT_EQ(changed.status, 200U) << changed.body;
    EXPECT_EQ(text_at(changed.body, {"effective", "ring_time_ms"}), "20000");
    EXPECT_EQ(text_at(changed.body, {"effective", "accept_grace_ms"}), "5000");

    // A merge patch: what it does not name stays, null takes the server's again.
    ASSERT_EQ(patch(stage, R"({"policy":{"busy_ends_all":true,"glare":null}})").status, 200U);
    const auto merged = stage.rest_as(kAdmin, "GET", kShop);
    EXPECT_EQ(
        text_at(merged.body, {"policy"}), R"({"ring_time_ms":20000,"decline_ends_all":false,"busy_ends_all":true})"
    );
    EXPECT_EQ(text_at(merged.body, {"name"}), "\"The shop\"");
    EXPECT_EQ(text_at(merged.body, {"effective", "glare"}), "\"merge\"");
    ASSERT_EQ(patch(stage, R"({"policy":null})").status, 200U);
    EXPECT_EQ(text_at(stage.rest("GET", kShop).body, {"policy"}), "{}");
}

TEST(Policies, ARefusedChangeNamesTheFieldWhatItTakesAndWhatHelps) {
    Stage stage;
    struct Row {
        const char *body, *field, *says;
    };
    const std::vector<Row> rows{
        {R"({"policy":{"ring_time_ms":999}})", "policy.ring_time_ms", "a whole number from 1000 to 600000"},
        {R"({"policy":{"ring_time_ms":600001}})", "policy.ring_time_ms", "null takes the server's, 60000"},
        {R"({"policy":{"ring_time_ms":"20000"}})", "policy.ring_time_ms", "a whole number"},
        {R"({"policy":{"ring_time_ms":20000.5}})", "policy.ring_time_ms", "a whole number"},
        {R"({"policy":{"call_time_max_s":86401}})", "policy.call_time_max_s", "from 1 to 86400"},
        {R"({"policy":{"glare":"both"}})", "policy.glare", "one of merge, lower_id_wins, refuse"},
        {R"({"policy":{"do_not_disturb":7}})", "policy.do_not_disturb", "one of silent, refuse"},
        {R"({"policy":{"busy_ends_all":"true"}})", "policy.busy_ends_all", "true or false"},
        {R"({"policy":{"ring_tme_ms":5000}})", "policy.ring_tme_ms", "there are ring_time_ms, accept_grace_ms"},
        {R"({"policy":{"<script>":5000}})", "policy", "there are ring_time_ms"},
        {R"({"policy":7})", "policy", "an object"},
        {R"({"name":7})", "name", "at most 128 bytes"},
    };
    for (const Row& row : rows) {
        const std::string body = std::string{row.body};
        const auto answer = patch(stage, body);
        EXPECT_EQ(answer.status, 400U) << body;
        EXPECT_EQ(text_at(answer.body, {"field"}), '"' + std::string{row.field} + '"') << answer.body;
        EXPECT_TRUE(has(text_at(answer.body, {"detail"}), row.says)) << answer.body;
        EXPECT_FALSE(has(answer.body, "script"));
    }
    // A good member before the bad one must not get through either.
    EXPECT_EQ(patch(stage, R"({"policy":{"glare":"refuse","busy_ends_all":1}})").status, 400U);
    EXPECT_EQ(patch(stage, R"({"ring_time_ms":5000})").status, 400U) << "not where it belongs, so nothing is changed";
    EXPECT_EQ(patch(stage, "[]").status, 400U);
    EXPECT_EQ(patch(stage, "{").status, 400U);
    EXPECT_EQ(text_at(stage.rest("GET", kShop).body, {"policy"}), "{}") << "a refused change changes nothing";
}

TEST(Policies, OnlyTheAdministratorAndTheServiceItselfMayLookAndChange) {
    Stage stage;
    add_bank(stage);
    const std::string body = R"({"policy":{"ring_time_ms":5000}})";
    EXPECT_EQ(stage.rest_as("", "GET", kShop).status, 401U);
    EXPECT_EQ(stage.rest_as("Bearer wrong", "PATCH", kShop, body).status, 401U);
    EXPECT_EQ(stage.rest("GET", "/v1/services/bank").status, 404U);
    EXPECT_EQ(stage.rest("PATCH", "/v1/services/bank", body).status, 404U);
    EXPECT_EQ(stage.rest("DELETE", kShop).status, 405U);
    EXPECT_EQ(stage.rest_as(kAdmin, "GET", "/v1/services/nobody").status, 404U);
    EXPECT_EQ(text_at(stage.rest_as(kAdmin, "GET", "/v1/services/bank").body, {"policy"}), "{}");
    EXPECT_EQ(stage.rest_as(kAdmin, "PATCH", "/v1/services/bank", body).status, 200U);
    EXPECT_EQ(text_at(stage.rest_as(kAdmin, "GET", "/v1/services/bank").body, {"policy", "ring_time_ms"}), "5000");
    EXPECT_EQ(text_at(stage.rest("GET", kShop).body, {"policy"}), "{}");
}

/// Alice calls Bob, who has two devices online. The shop is the stage's own service, the bank the other one.
class TwoServices : public ::testing::Test {
  protected:
    struct People {
        std::unique_ptr<TestClient> alice, phone, tablet;
        protocol::Notified notified;
    };

    TwoServices() { bank = add_bank(stage); }

    /// The stage acts for the bank.
    void to_bank() { std::swap(stage.key, bank); }

    void connect(People& people, const std::string& prefix) {
        people.alice = stage.online("alice", prefix + "-alice");
        people.phone = stage.online("bob", prefix + "-phone");
        people.tablet = stage.online("bob", prefix + "-tablet");
        ASSERT_TRUE(people.alice->next<protocol::Welcome>() && people.phone->next<protocol::Welcome>());
        ASSERT_TRUE(people.tablet->next<protocol::Welcome>());
    }

    static void ring(People& people, int call) {
        ASSERT_EQ(people.alice->ask(place_call(call, "bob")), std::nullopt);
        const auto notified = people.alice->next<protocol::Notified>();
        ASSERT_TRUE(notified);
        people.notified = *notified;
    }

    routing::CallDocument stored(int call) { return stage.store->find_call(call_id(call))->value().document; }

    Duration ring_time(int call) { return stored(call).ring_until - stored(call).placed_at; }

    Stage stage;
    ApiKeyRecord bank;
    People shops;
    People banks;
};

TEST_F(TwoServices, EachServicesCallsFollowItsOwnPolicy) {
    connect(shops, "shop");
    ASSERT_EQ(patch(stage, R"({"policy":{"ring_time_ms":20000,"decline_ends_all":false}})").status, 200U);
    ring(shops, 1);
    to_bank();
    connect(banks, "bank");
    ring(banks, 2);
    EXPECT_EQ(ring_time(1), Duration{20'000});
    EXPECT_EQ(ring_time(2), Duration{60'000});
    EXPECT_EQ(shops.notified.ring_until, stored(1).ring_until);

    ASSERT_EQ(shops.phone->ask(Decline{.call_id = call_id(1), .everywhere = true}), std::nullopt);
    ASSERT_EQ(banks.phone->ask(Decline{.call_id = call_id(2), .everywhere = true}), std::nullopt);
    EXPECT_EQ(stored(1).phase, routing::Phase::ringing) << "in the shop a decline stops its own device alone";
    EXPECT_EQ(stored(2).phase, routing::Phase::ended) << "in the bank it is for all";
    const auto told = banks.tablet->next<protocol::Ended>();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->reason, EndReason::multi_device_decline);
    ASSERT_EQ(shops.tablet->ask(protocol::Answer{call_id(1), Redacted<std::string>{"v=0"}}), std::nullopt);
    EXPECT_TRUE(shops.alice->next<protocol::Answered>());
}

TEST_F(TwoServices, CrossingCallsAreMergedInOneAndRefusedInTheOther) {
    connect(shops, "shop");
    ASSERT_EQ(patch(stage, R"({"policy":{"glare":"refuse"}})").status, 200U);
    ring(shops, 1);
    ASSERT_EQ(shops.phone->ask(place_call(2, "alice")), std::nullopt);
    const auto refused = shops.phone->next<protocol::Ended>();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->reason, EndReason::busy);
    to_bank();
    connect(banks, "bank");
    ring(banks, 3);
    ASSERT_EQ(banks.phone->ask(place_call(4, "alice")), std::nullopt);
    EXPECT_TRUE(banks.phone->next<protocol::Merged>());
}

TEST_F(TwoServices, ALiveCallKeepsWhatItWasPlacedUnderAlsoThroughARestart) {
    connect(shops, "shop");
    ring(shops, 1);
    // The server's policies too: its configuration may say something else when it starts again.
    const ServicePolicy kept = stage.store->find_call(call_id(1))->value().policy;
    EXPECT_EQ(kept.decline_ends_all, true);
    EXPECT_EQ(kept.ring_time_ms, 60'000);
    // The change is for calls that come: this one goes on as it began.
    ASSERT_EQ(patch(stage, R"({"policy":{"ring_time_ms":20000,"decline_ends_all":false}})").status, 200U);
    stage.kill_and_restart();
    shops = {};
    connect(shops, "shop");
    EXPECT_EQ(text_at(stage.rest("GET", kShop).body, {"policy", "ring_time_ms"}), "20000") << "it is in the store";
    ASSERT_EQ(shops.phone->ask(Decline{.call_id = call_id(1), .everywhere = true}), std::nullopt);
    EXPECT_EQ(stored(1).phase, routing::Phase::ended) << "a decline was for all when it was placed";
    EXPECT_EQ(ring_time(1), Duration{60'000});

    ring(shops, 2);
    EXPECT_EQ(ring_time(2), Duration{20'000});
    ASSERT_EQ(patch(stage, R"({"policy":null})").status, 200U);
    ASSERT_EQ(shops.phone->ask(Decline{.call_id = call_id(2), .everywhere = true}), std::nullopt);
    EXPECT_EQ(stored(2).phase, routing::Phase::ringing) << "a decline was for one device when it was placed";
    ring(shops, 3);
    EXPECT_EQ(ring_time(3), Duration{60'000}) << "the next call takes the change";
}

TEST_F(TwoServices, AnAnsweredCallEndsAfterTheTimeThatItsServiceGivesIt) {
    connect(shops, "shop");
    ASSERT_EQ(patch(stage, R"({"policy":{"call_time_max_s":60}})").status, 200U);
    ring(shops, 1);
    ASSERT_EQ(shops.phone->ask(protocol::Answer{call_id(1), Redacted<std::string>{"v=0"}}), std::nullopt);
    ASSERT_EQ(patch(stage, R"({"policy":null})").status, 200U);
    stage.clock.ahead = Duration{61'000};
    const auto ended = shops.alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::max_call_time_exceeded);
}

}  // namespace
}  // namespace clarion::server::testing
