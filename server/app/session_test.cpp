// SPDX-License-Identifier: Apache-2.0
// What a client may not do: every bad input gets its documented error and changes nothing.
#include <gtest/gtest.h>

#include "crypto/jwt.hpp"
#include "server/app/access_tokens.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

using protocol::ErrorCode;

std::string hello_text(const std::string& token, int version = 1) {
    return R"({"type":"hello","id":1,"version":)" + std::to_string(version) + R"(,"device":"dev","token":")" + token +
           R"("})";
}

/// Sends the text as the first frame: the code of the error and of the close.
std::pair<std::optional<ErrorCode>, std::uint16_t> first_frame(Stage& stage, const std::string& text) {
    auto client = stage.connect();
    client->send_text(text);
    const auto error = client->next<protocol::Error>();
    const std::uint16_t closed = client->closed();
    return {error ? std::optional{error->code} : std::nullopt, closed};
}

std::string signed_token(const std::string& claims, const std::string& secret = "the-api-secret") {
    return *crypto::make_hs256(claims, secret);
}

TEST(Session, AHelloOfAnotherVersionIsToldSoAndClosed) {
    Stage stage;
    const auto [code, closed] = first_frame(stage, hello_text(stage.token("alice"), 2));
    EXPECT_EQ(code, ErrorCode::wrong_version);
    EXPECT_EQ(closed, session_close::kRefused);
}

TEST(Session, EveryWrongTokenIsNotAuthorized) {
    Stage stage;
    const std::int64_t now = stage.clock.wall_now().ms / 1000;
    const auto claims = [&](const std::string& service, const std::string& key, std::int64_t iat, std::int64_t exp) {
        return R"({"sub":")" + service + R"(","uid":"alice","iss":")" + key + R"(","iat":)" + std::to_string(iat) +
               R"(,"exp":)" + std::to_string(exp) + "}";
    };
    const std::vector<std::pair<std::string, std::string>> tokens{
        {"garbage", "not.a.token"},
        {"expired", signed_token(claims("shop", "the-api-key", now - 7200, now - 1))},
        {"from the future", signed_token(claims("shop", "the-api-key", now + 3600, now + 7200))},
        {"of another service", signed_token(claims("bank", "the-api-key", now, now + 60))},
        {"with a foreign secret", signed_token(claims("shop", "the-api-key", now, now + 60), "another")},
        {"of an unknown key", signed_token(claims("shop", "no-such-key", now, now + 60))},
        {"that lives for ever", signed_token(claims("shop", "the-api-key", now, now + 400LL * 24 * 3600))},
        {"without exp",
         signed_token(R"({"sub":"shop","uid":"alice","iss":"the-api-key","iat":)" + std::to_string(now) + "}")},
        {"for another device", signed_token(
                                   R"({"sub":"shop","uid":"alice","iss":"the-api-key","device":"else","iat":)" +
                                   std::to_string(now) + R"(,"exp":)" + std::to_string(now + 60) + "}"
                               )},
    };
    for (const auto& [name, token] : tokens) {
        const auto [code, closed] = first_frame(stage, hello_text(token));
        EXPECT_EQ(code, ErrorCode::not_authorized) << name;
        EXPECT_EQ(closed, session_close::kRefused) << name;
    }
    EXPECT_FALSE(stage.store->find_device(*ServiceId::parse("shop"), *DeviceId::parse("dev"))->has_value());
}

TEST(Session, ATokenOfARevokedKeyIsNotAuthorized) {
    Stage stage;
    const std::string token = stage.token("alice");
    ASSERT_TRUE(stage.store->revoke_api_key(*ServiceId::parse("shop"), "the-api-key", stage.clock.wall_now()));
    EXPECT_EQ(first_frame(stage, hello_text(token)).first, ErrorCode::not_authorized);
}

TEST(Session, ADeviceOfAnotherUserIsNotTakenOver) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto mallory = stage.online("mallory", "bob-phone");
    const auto error = mallory->next<protocol::Error>();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::not_authorized);
    EXPECT_TRUE((*stage.store->find_device(*ServiceId::parse("shop"), *DeviceId::parse("bob-phone")))->push);
}

TEST(Session, HelloWithNeitherOrBothCredentialsIsMalformed) {
    Stage stage;
    EXPECT_EQ(first_frame(stage, R"({"type":"hello","id":1,"version":1,"device":"dev"})").first, ErrorCode::malformed);
    EXPECT_EQ(
        first_frame(
            stage, R"({"type":"hello","id":1,"version":1,"device":"dev","token":"t","ticket":"x","call_id":")" +
                       call_id(1).text() + "\"}"
        )
            .first,
        ErrorCode::malformed
    );
    EXPECT_EQ(
        first_frame(stage, R"({"type":"hello","id":1,"version":1,"device":"d/v","token":"t"})").first,
        ErrorCode::malformed
    );
}

TEST(Session, AnythingBeforeHelloIsRefusedAndClosed) {
    Stage stage;
    const auto [code, closed] =
        first_frame(stage, R"({"type":"verify","id":1,"call_id":")" + call_id(1).text() + "\"}");
    EXPECT_EQ(code, ErrorCode::not_authorized);
    EXPECT_EQ(closed, session_close::kNoHello);
    EXPECT_EQ(first_frame(stage, "hello").first, ErrorCode::malformed);
}

TEST(Session, SilenceInsteadOfHelloIsClosed) {
    StageOptions options;
    options.limits.hello_time = Duration{30};
    Stage stage{options};
    auto client = stage.connect();
    EXPECT_EQ(client->closed(), session_close::kNoHello);
}

TEST(Session, BadFramesGetTheirErrorAndTheConnectionGoesOn) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    const std::string id = call_id(1).text();
    const std::vector<std::pair<std::string, ErrorCode>> frames{
        {"{", ErrorCode::malformed},
        {"[]", ErrorCode::malformed},
        {R"({"type":"verify","id":2})", ErrorCode::malformed},
        {R"({"type":"verify","id":0,"call_id":")" + id + "\"}", ErrorCode::malformed},
        {R"({"type":"verify","id":2,"call_id":"not-a-uuid"})", ErrorCode::malformed},
        {R"({"type":"my_state","id":2,"call_id":")" + id + R"(","state":{"held":"yes"}})", ErrorCode::malformed},
        {R"({"type":"place","id":2,"call_id":")" + id + R"(","to_user":"bob","offer":"\ud800"})", ErrorCode::malformed},
        {R"({"type":"teleport","id":2})", ErrorCode::unknown_type},
        {R"({"type":"place","id":2,"call_id":")" + id + R"(","to_user":"bob","offer":")" + std::string(40'000, 'x') +
             "\"}",
         ErrorCode::too_large},
        {R"({"type":"place","id":2,"pad":")" + std::string(70'000, 'x') + "\"}", ErrorCode::too_large},
        {hello_text(stage.token("alice")), ErrorCode::wrong_state},
    };
    for (const auto& [text, code] : frames) {
        alice->send_text(text);
        const auto error = alice->next<protocol::Error>();
        ASSERT_TRUE(error) << text.substr(0, 60);
        EXPECT_EQ(error->code, code) << text.substr(0, 60);
        EXPECT_EQ(error->message.find(std::string(20, 'x')), std::string::npos) << "errors repeat nothing";
    }
    EXPECT_EQ(alice->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
    EXPECT_FALSE(stage.store->find_call(call_id(1))->has_value()) << "nothing may have happened";
}

TEST(Session, BadUtf8ClosesWithItsCode) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    alice->send_text("{\"type\":\"\xff\xfe\"}");
    EXPECT_EQ(alice->closed(), net::close_code::kBadText);
}

TEST(Session, AFrameFarOverTheLimitClosesWithItsCode) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    alice->send_text(std::string(300'000, 'x'));
    EXPECT_EQ(alice->closed(), net::close_code::kTooBig);
}

TEST(Session, AClientThatOnlySendsGarbageIsClosed) {
    StageOptions options;
    options.limits.faults_max = 3;
    Stage stage{options};
    auto alice = stage.online("alice", "alice-pc");
    for (int i = 0; i < 4; ++i) alice->send_text("{");
    EXPECT_EQ(alice->closed(), session_close::kTooMany);
}

TEST(Session, TooManyFramesASecondAreRefusedOneByOne) {
    StageOptions options;
    options.limits.frames_per_second = 0.001;
    options.limits.frames_burst = 2;
    Stage stage{options};
    auto alice = stage.online("alice", "alice-pc");
    EXPECT_EQ(alice->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
    EXPECT_EQ(alice->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
    EXPECT_EQ(alice->ask(place_call(1, "bob")), ErrorCode::too_many);
    EXPECT_FALSE(stage.store->find_call(call_id(1))->has_value());
    auto again = stage.online("alice", "alice-pc");
    EXPECT_EQ(again->ask(place_call(1, "bob")), ErrorCode::too_many) << "a new connection is the same device";
}

TEST(Session, ANewerConnectionOfTheSameDeviceReplacesTheOlder) {
    Stage stage;
    auto first = stage.online("alice", "alice-pc");
    ASSERT_TRUE(first->next<protocol::Welcome>());
    auto second = stage.online("alice", "alice-pc");
    ASSERT_TRUE(second->next<protocol::Welcome>());
    EXPECT_EQ(first->closed(), session_close::kReplaced);
    EXPECT_EQ(second->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
}

TEST(Session, ATokenThatExpiresClosesItsConnection) {
    Stage stage;
    auto client = stage.connect();
    protocol::Hello hello;
    hello.device = *DeviceId::parse("alice-pc");
    hello.token = Redacted{stage.token("alice", Duration{2'000})};
    client->send(hello);
    ASSERT_TRUE(client->next<protocol::Welcome>());
    const auto error = client->next<protocol::Error>();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::not_authorized);
    EXPECT_EQ(client->closed(), session_close::kRefused);
}

TEST(Session, AFreshTokenKeepsTheConnectionOpen) {
    Stage stage;
    auto client = stage.connect();
    protocol::Hello hello;
    hello.device = *DeviceId::parse("alice-pc");
    hello.token = Redacted{stage.token("alice", Duration{3'000})};
    client->send(hello);
    const auto welcome = client->next<protocol::Welcome>();
    ASSERT_TRUE(welcome && welcome->token_expires_at);
    EXPECT_LE(*welcome->token_expires_at - welcome->server_now, Duration{3'000});
    EXPECT_EQ(client->ask(protocol::Renew{Redacted{stage.token("mallory")}}), ErrorCode::not_authorized);
    EXPECT_EQ(client->ask(protocol::Renew{Redacted<std::string>{"garbage"}}), ErrorCode::not_authorized);
    EXPECT_EQ(client->ask(protocol::Renew{Redacted{stage.token("alice")}}), std::nullopt);
    const auto again = client->next<protocol::Welcome>();
    ASSERT_TRUE(again && again->token_expires_at);
    EXPECT_GT(*again->token_expires_at, *welcome->token_expires_at) << "the next renewal can be planned";
    EXPECT_EQ(again->stream, welcome->stream);
    EXPECT_TRUE(again->resumed);
    stage.clock.ahead = Duration{10'000};
    EXPECT_EQ(client->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call) << "still there";
}

TEST(Session, RevokedTokensCloseTheirConnectionsAndOpenNone) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    auto bob = stage.online("bob", "bob-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>() && bob->next<protocol::Welcome>());
    const std::string old = stage.token("alice");
    ASSERT_EQ(stage.rest("DELETE", "/v1/users/alice/tokens").status, 200U);
    EXPECT_EQ(alice->closed(), session_close::kRefused);
    EXPECT_EQ(first_frame(stage, hello_text(old)).first, ErrorCode::not_authorized);
    EXPECT_EQ(bob->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call) << "another user";
    const auto made = stage.rest("POST", "/v1/users/alice/tokens");
    const auto begin = made.body.find(R"("token":")") + 9;
    auto again = stage.connect();
    again->send_text(hello_text(made.body.substr(begin, made.body.find('"', begin) - begin)));
    EXPECT_TRUE(again->next<protocol::Welcome>()) << "one that was made later, in the same second";
}

TEST(Session, OneTokenIsRevokedByItsId) {
    Stage stage;
    const std::int64_t now = stage.clock.wall_now().ms / 1000;
    const auto token = [&](const std::string& id) {
        return signed_token(
            R"({"sub":"shop","uid":"alice","iss":"the-api-key","jti":")" + id + R"(","iat":)" + std::to_string(now) +
            R"(,"exp":)" + std::to_string(now + 600) + "}"
        );
    };
    ASSERT_EQ(stage.rest("DELETE", "/v1/users/alice/tokens/lost-phone").status, 200U);
    EXPECT_EQ(first_frame(stage, hello_text(token("lost-phone"))).first, ErrorCode::not_authorized);
    auto other = stage.connect();
    other->send_text(hello_text(token("desk")));
    EXPECT_TRUE(other->next<protocol::Welcome>());
}

TEST(Session, ADeletedDeviceDoesNotComeBackWithATokenFromBefore) {
    Stage stage;
    const std::string old = stage.token("alice");
    auto alice = stage.connect();
    alice->send_text(hello_text(old));
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    ASSERT_EQ(stage.rest("DELETE", "/v1/users/alice/devices/dev").status, 200U);
    EXPECT_EQ(alice->closed(), session_close::kRefused);
    EXPECT_EQ(first_frame(stage, hello_text(old)).first, ErrorCode::not_authorized);
    stage.clock.ahead = Duration{2'000};
    auto fresh = stage.connect();
    fresh->send_text(hello_text(stage.token("alice")));
    EXPECT_TRUE(fresh->next<protocol::Welcome>());
}

TEST(Session, RevokingAKeyClosesTheConnectionsOfItsTokens) {
    Stage stage;
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>());
    const std::string admin = std::string{"Bearer "} + Stage::kAdminKey;
    ASSERT_EQ(stage.rest_as(admin, "POST", "/v1/services", R"({"id":"bank","name":"Bank"})").status, 201U);
    EXPECT_EQ(stage.rest_as(admin, "DELETE", "/v1/services/bank/keys/the-api-key").status, 404U);
    EXPECT_EQ(alice->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call) << "still there";
    ASSERT_EQ(stage.rest_as(admin, "DELETE", "/v1/services/shop/keys/the-api-key").status, 200U);
    const auto error = alice->next<protocol::Error>();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::not_authorized);
    EXPECT_EQ(alice->closed(), session_close::kRefused);
}

TEST(Session, AHelloThatCannotBeServedNowIsToldToComeAgain) {
    StageOptions options;
    options.limits.devices_per_user_max = 1;
    Stage stage{options};
    auto first = stage.online("alice", "alice-pc");
    ASSERT_TRUE(first->next<protocol::Welcome>());
    auto second = stage.online("alice", "alice-phone");
    const auto error = second->next<protocol::Error>();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::too_many);
    EXPECT_EQ(second->closed(), net::close_code::kTryLater);
}

class TicketTest : public ::testing::Test {
  protected:
    void SetUp() override {
        stage.add_phone("bob", "bob-phone");
        stage.add_phone("bob", "bob-tablet");
        alice = stage.online("alice", "alice-pc");
        ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
        ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 2; }));
    }

    protocol::Hello hello(const std::string& device, const std::string& ticket, int call = 1) {
        protocol::Hello message;
        message.device = *DeviceId::parse(device);
        message.call_id = call_id(call);
        message.ticket = Redacted{ticket};
        return message;
    }

    std::optional<ErrorCode> refused(const protocol::Hello& message) {
        auto client = stage.connect();
        client->send(message);
        const auto error = client->next<protocol::Error>();
        EXPECT_EQ(client->closed(), session_close::kRefused);
        return error ? std::optional{error->code} : std::nullopt;
    }

    std::string ticket_of(const std::string& device) {
        for (const PushRequest& push : stage.push.sent) {
            if (push.device_id.text() == device) return stage.invite_of(push).ticket.reveal();
        }
        return {};
    }

    Stage stage;
    std::unique_ptr<TestClient> alice;
};

TEST_F(TicketTest, TheInviteOfAnotherDeviceIsNotForThisOne) {
    EXPECT_EQ(refused(hello("bob-tablet", ticket_of("bob-phone"))), ErrorCode::not_for_device);
    EXPECT_EQ(refused(hello("eve-phone", ticket_of("bob-phone"))), ErrorCode::not_for_device);
}

TEST_F(TicketTest, AForgedTicketIsNotAuthorized) {
    EXPECT_EQ(refused(hello("bob-phone", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), ErrorCode::not_authorized);
    EXPECT_EQ(refused(hello("bob-phone", "")), ErrorCode::not_authorized);
}

TEST_F(TicketTest, ATicketForAnUnknownCallIsAnUnknownCall) {
    EXPECT_EQ(refused(hello("bob-phone", ticket_of("bob-phone"), 2)), ErrorCode::unknown_call);
}

TEST_F(TicketTest, AConnectionWithATicketTouchesItsOwnCallOnly) {
    auto bob = stage.with_ticket(stage.push.sent[0]);
    ASSERT_TRUE(bob->next<protocol::Welcome>());
    EXPECT_EQ(bob->ask(protocol::Verify{call_id(2), {}}), ErrorCode::not_authorized);
    EXPECT_EQ(bob->ask(place_call(3, "carol")), ErrorCode::not_authorized);
    EXPECT_EQ(bob->ask(protocol::Verify{call_id(1), {}}), std::nullopt);
}

TEST_F(TicketTest, TheTicketOfAnotherCallJoinsItToTheConnection) {
    ASSERT_EQ(alice->ask(place_call(2, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 4; }));
    std::string other;
    for (const PushRequest& push : stage.push.sent) {
        const protocol::Invite invite = stage.invite_of(push);
        const bool is_other = push.device_id == stage.push.sent[0].device_id && invite.call_id == call_id(2);
        if (is_other) other = invite.ticket.reveal();
    }
    auto bob = stage.with_ticket(stage.push.sent[0]);
    ASSERT_TRUE(bob->next<protocol::Welcome>());
    EXPECT_EQ(
        bob->ask(protocol::Receipt{call_id(2), protocol::ReceiptStep::woke, Duration{0}, ""}), ErrorCode::not_authorized
    );
    EXPECT_EQ(bob->ask(protocol::Verify{call_id(2), Redacted<std::string>{"forged"}}), ErrorCode::not_authorized);
    EXPECT_EQ(bob->ask(protocol::Verify{call_id(2), Redacted{other}}), std::nullopt);
    EXPECT_EQ(bob->ask(protocol::Receipt{call_id(2), protocol::ReceiptStep::woke, Duration{0}, ""}), std::nullopt);
    ASSERT_EQ(alice->ask(protocol::End{call_id(2), EndReason::cancel, {}}), std::nullopt);
    const auto ended = bob->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->call_id, call_id(2));
}

TEST_F(TicketTest, AStrangerOfTheSameServiceCannotTouchTheCall) {
    auto mallory = stage.online("mallory", "mallory-phone");
    ASSERT_TRUE(mallory->next<protocol::Welcome>());
    EXPECT_EQ(mallory->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
    EXPECT_EQ(mallory->ask(protocol::Answer{call_id(1), Redacted<std::string>{"v=0"}}), ErrorCode::unknown_call);
    EXPECT_EQ(mallory->ask(protocol::End{call_id(1), EndReason::normal, {}}), ErrorCode::unknown_call);
    EXPECT_EQ(
        mallory->ask(protocol::Receipt{call_id(1), protocol::ReceiptStep::ringing, Duration{0}, ""}),
        ErrorCode::unknown_call
    );
    EXPECT_EQ(mallory->ask(protocol::Verify{call_id(1), Redacted{ticket_of("bob-phone")}}), ErrorCode::not_for_device);
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().document.phase, routing::Phase::ringing);
}

TEST_F(TicketTest, ACallerCannotAnswerAndNobodyAnswersAnEndedCall) {
    EXPECT_EQ(alice->ask(protocol::Answer{call_id(1), Redacted<std::string>{"v=0"}}), ErrorCode::wrong_state);
    auto bob = stage.with_ticket(stage.push.sent[0]);
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::cancel, {}}), std::nullopt);
    EXPECT_EQ(bob->ask(protocol::Answer{call_id(1), Redacted<std::string>{"v=0"}}), std::nullopt);
    const auto ended = bob->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::cancel);
    EXPECT_FALSE(stage.store->find_call(call_id(1))->value().document.winner.has_value());
}

TEST_F(TicketTest, ADeletedDeviceIsDisconnected) {
    auto carol = stage.online("carol", "carol-pc");
    ASSERT_TRUE(carol->next<protocol::Welcome>());
    EXPECT_EQ(stage.rest("DELETE", "/v1/users/carol/devices/carol-pc").status, 200U);
    const auto error = carol->next<protocol::Error>();
    ASSERT_TRUE(error) << "the error before the close says why";
    EXPECT_EQ(error->code, ErrorCode::not_authorized);
    EXPECT_EQ(carol->closed(), session_close::kRefused);
}

TEST_F(TicketTest, ADeviceThatWasDeletedOrChangedHandsHasNoTickets) {
    const std::string ticket = ticket_of("bob-phone");
    ASSERT_EQ(stage.rest("DELETE", "/v1/users/bob/devices/bob-phone").status, 200U);
    EXPECT_EQ(refused(hello("bob-phone", ticket)), ErrorCode::not_authorized);
    stage.add_phone("mallory", "bob-phone");
    EXPECT_EQ(refused(hello("bob-phone", ticket)), ErrorCode::not_authorized);
    auto mallory = stage.online("mallory", "bob-phone");
    EXPECT_EQ(mallory->ask(protocol::Verify{call_id(1), Redacted{ticket}}), ErrorCode::not_authorized);
    const std::string decline = R"({"call_id":")" + call_id(1).text() + R"(","device":"bob-phone","ticket":")" + ticket;
    EXPECT_EQ(stage.rest("POST", "/v1/decline", decline + "\"}").status, 401U);
    EXPECT_EQ(stage.store->find_call(call_id(1))->value().document.phase, routing::Phase::ringing);
}

TEST_F(TicketTest, ATicketOfACallThatEndedLongAgoIsOver) {
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::cancel, {}}), std::nullopt);
    stage.clock.ahead = kTicketAfterEnd - Duration{30'000};
    ASSERT_TRUE(stage.with_ticket(stage.push.sent[0])->next<protocol::Welcome>());
    stage.clock.ahead = kTicketAfterEnd + Duration{1'000};
    EXPECT_EQ(refused(hello("bob-phone", ticket_of("bob-phone"))), ErrorCode::unknown_call);
}

}  // namespace
}  // namespace clarion::server::testing
