// SPDX-License-Identifier: Apache-2.0
// The native client and the server: a push token that the system gives to the app becomes the way in which calls wake
// it.
#include <gtest/gtest.h>

#include "crypto/keys.hpp"
#include "sdk/native/client.hpp"
#include "sdk/native/device_state.hpp"
#include "sdk/native/testing/fake_media.hpp"
#include "sdk/native/testing/fake_ui.hpp"
#include "sdk/native/testing/temporary_directory.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion {
namespace {

using server::testing::Stage;

class PushAddressEndToEnd : public ::testing::Test {
  protected:
    void SetUp() override {
        const native::DeviceState state{
            .server = "http://127.0.0.1:" + std::to_string(stage.port),
            .service = *ServiceId::parse("shop"),
            .user = *UserId::parse("bob"),
            .device = *DeviceId::parse("bob-phone"),
            .platform = protocol::Platform::android,
            .token = Redacted{stage.token("bob")},
            .verify_keys = stage.keys->verify_keys,
        };
        ASSERT_TRUE(native::save_device(directory.path(), state));
        ASSERT_TRUE(crypto::BoxSecret::generate().save(native::box_key_file(directory.path())));
    }

    void start() {
        ClientOptions options{.state_directory = directory.path()};
        options.media = std::make_shared<native::testing::FakeMedia>();
        auto made = Client::create(stage.loop, std::move(options), ui);
        ASSERT_TRUE(made) << made.error();
        client = std::move(*made);
        client->start();
    }

    void tell(const char* token) {
        client->feed(engine::PushTokenChanged{callui::TokenKind::fcm, Redacted<std::string>{token}});
    }

    std::string registered() {
        const auto device = stage.store->find_device(*ServiceId::parse("shop"), *DeviceId::parse("bob-phone"));
        if (!device || !*device || !(*device)->push) return "";
        return (*device)->push->provider + " " + (*device)->push->token.reveal();
    }

    Stage stage;
    native::testing::TemporaryDirectory directory;
    native::testing::FakeUi ui;
    std::unique_ptr<Client> client;
};

TEST_F(PushAddressEndToEnd, AnAppThatOnlyWaitsForPushesRegistersConnectsForThatAloneAndIsWoken) {
    start();
    tell("fcm-1");
    ASSERT_TRUE(stage.wait([&] { return registered() == "fcm fcm-1" && client->is_idle(); }));
    tell("fcm-2");
    ASSERT_TRUE(stage.wait([&] { return registered() == "fcm fcm-2" && client->is_idle(); }));

    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(server::testing::place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 1; }));
    const server::PushRequest& push = stage.push.sent[0];
    EXPECT_EQ(push.token.reveal(), "fcm-2");
    client->push_received({push.fields.begin(), push.fields.end()});
    EXPECT_EQ(ui.count<callui::ReportIncoming>(), 1);
    EXPECT_TRUE(alice->next<protocol::Progress>());

    tell("");
    ASSERT_TRUE(stage.wait([&] { return registered().empty(); }));
}

TEST_F(PushAddressEndToEnd, WhatTheServerCouldNotHearIsToldByTheNextProcess) {
    start();
    stage.server.reset();
    tell("fcm-1");
    client.reset();
    stage.kill_and_restart();
    auto state = native::load_device(directory.path());
    ASSERT_TRUE(state);
    state->server = "http://127.0.0.1:" + std::to_string(stage.port);
    ASSERT_TRUE(native::save_device(directory.path(), *state));
    start();
    EXPECT_TRUE(stage.wait([&] { return registered() == "fcm fcm-1"; }));
}

}  // namespace
}  // namespace clarion
