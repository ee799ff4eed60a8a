// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>

#include "core/codec/json.hpp"
#include "core/codec/protocol_codec.hpp"
#include "core/protocol/messages_described.hpp"
#include "crypto/invite_box.hpp"
#include "net/clock.hpp"
#include "net/testing/test_certificate.hpp"
#include "sdk/native/call.hpp"
#include "sdk/native/device_state.hpp"
#include "sdk/native/files.hpp"
#include "sdk/native/journal.hpp"
#include "sdk/native/system_ui_pipe.hpp"
#include "sdk/native/testing/fake_media.hpp"
#include "sdk/native/testing/fake_server.hpp"
#include "sdk/native/testing/fake_ui.hpp"
#include "sdk/native/testing/temporary_directory.hpp"

namespace clarion {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Duration kLimit{10'000};

const CallId kCall = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");

using native::testing::FakeUi;

class FakeTones final : public media::TonePlayer {
  public:
    void play(media::Tone tone) override { played.emplace_back(tone); }
    void stop() override { played.emplace_back(std::nullopt); }

    std::vector<std::optional<media::Tone>> played;
};

struct ClientTest : ::testing::Test {
    net::Loop loop;
    native::testing::TemporaryDirectory directory;
    crypto::SigningKey server_key = crypto::SigningKey::generate();
    crypto::BoxSecret box = crypto::BoxSecret::generate();
    std::optional<native::testing::FakeServer> server{std::in_place, loop};
    std::shared_ptr<native::testing::FakeMedia> media = std::make_shared<native::testing::FakeMedia>();
    FakeUi ui;
    std::vector<std::string> warnings;
    std::vector<ConnectionState> states;
    std::vector<std::string> state_texts;
    std::vector<callui::Event> events;
    std::vector<bool> tokens_wanted;  // Whether the old one was refused.
    bool has_token_provider = false;
    std::vector<std::optional<engine::PlayTone>> tones;
    std::shared_ptr<media::TonePlayer> player;  // Then the tones go here.
    std::function<void(engine::Config&)> configure;
    std::unique_ptr<Client> client;

    void write_device(protocol::Platform platform = protocol::Platform::ios, std::string ca_file = "") {
        const native::DeviceState state{
            .server = server->url(),
            .ca_file = std::move(ca_file),
            .service = *ServiceId::parse("acme"),
            .user = *UserId::parse("bob"),
            .device = *DeviceId::parse("bob-phone"),
            .platform = platform,
            .token = Redacted<std::string>{"token"},
            .verify_keys = {server_key.verify_key().text()},
        };
        ASSERT_TRUE(native::save_device(directory.path(), state).has_value());
        const auto file = native::box_key_file(directory.path());
        if (!std::filesystem::exists(file)) {
            ASSERT_TRUE(box.save(file).has_value());
        }
    }

    std::expected<std::unique_ptr<Client>, std::string> make(native::SystemUi& system) {
        ClientOptions options{
            .state_directory = directory.path(),
            .media = media,
            .configure = configure,
            .on_tone = [this](std::optional<engine::PlayTone> tone) { tones.push_back(std::move(tone)); },
            .log =
                [this](LogLevel level, std::string_view line) {
                    if (level >= LogLevel::warning) warnings.emplace_back(line);
                },
            .on_connection =
                [this](ConnectionState state, std::string_view text) {
                    states.push_back(state);
                    state_texts.emplace_back(text);
                },
        };
        if (player) {
            options.tones = player;
            options.on_tone = nullptr;
        }
        if (has_token_provider) {
            options.on_token_wanted = [this](bool refused) { tokens_wanted.push_back(refused); };
        }
        return Client::create(loop, std::move(options), system);
    }

    void start() {
        auto made = make(ui);
        ASSERT_TRUE(made.has_value()) << made.error();
        client = std::move(*made);
        client->start();
        client->attach([this](const callui::Event& event) { events.push_back(event); });
    }

    [[nodiscard]] std::string cc_param() const {
        protocol::Invite invite;
        invite.service = *ServiceId::parse("acme");
        invite.call_id = kCall;
        invite.to_user = *UserId::parse("bob");
        invite.device = *DeviceId::parse("bob-phone");
        invite.from_user = *UserId::parse("alice");
        invite.from_name = Redacted<std::string>{"Alice"};
        invite.issued_at = net::wall_now();
        invite.ring_until = invite.issued_at + Duration{60'000};
        invite.accept_until = invite.issued_at + Duration{65'000};
        invite.ticket = Redacted<std::string>{"ticket"};
        return crypto::seal_invite(codec::encode_invite(invite), server_key, &box.box_public()).value();
    }

    [[nodiscard]] protocol::Verified verified() const {
        const auto now = net::wall_now();
        return {
            .call_id = kCall,
            .from_user = *UserId::parse("alice"),
            .from_name = Redacted<std::string>{"Alice"},
            .offer = Redacted<std::string>{"the offer"},
            .server_now = now,
            .ring_until = now + Duration{60'000},
            .accept_until = now + Duration{65'000},
        };
    }

    ::testing::AssertionResult until(const std::function<bool()>& done) {
        if (loop.run_until(done, kLimit)) return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure() << "did not happen within 10 s";
    }

    [[nodiscard]] bool heard(callui::EventKind kind) const {
        return std::ranges::find(events, kind, &callui::Event::kind) != events.end();
    }

    /// From the push to the connected call.
    void answer_a_push() {
        client->push_received({{"cc_param", cc_param()}});
        client->feed(engine::IncomingReported{kCall, engine::ReportResult::shown});
        ASSERT_TRUE(until([&] { return server->last<protocol::Verify>() != nullptr; }));
        server->send(verified());
        ASSERT_TRUE(until([&] { return media->did("prepare_answer the offer"); }));
        client->feed(engine::UserAnswered{kCall, 5});
        ASSERT_TRUE(until([&] { return server->last<protocol::Answer>() != nullptr; }));
        EXPECT_EQ(server->last<protocol::Answer>()->sdp.reveal(), "answer");
        server->send(protocol::AnswerConfirmed{kCall});
        client->feed(engine::AudioActivated{});
        media->callbacks.back()(media::Connected{});
        ASSERT_TRUE(until([&] { return heard(callui::EventKind::connected); }));
    }
};

TEST_F(ClientTest, APushIsReportedBeforeItsHandlerReturns) {
    write_device();
    start();
    client->push_received({{"type", "ring"}, {"cc_param", cc_param()}});
    const auto* report = ui.find<callui::ReportIncoming>();
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->call_id, kCall);
    EXPECT_EQ(report->name.reveal(), "Alice");
}

TEST_F(ClientTest, AForgedPushIsReportedAndEndedButNamesNobody) {
    write_device();
    start();
    client->push_received({{"cc_param", "s1.forged"}, {"from_user_id", "the president"}});
    const auto* report = ui.find<callui::ReportIncoming>();
    ASSERT_NE(report, nullptr) << "iOS kills an app that does not report (I1)";
    EXPECT_TRUE(report->placeholder);
    EXPECT_THAT(report->name.reveal(), Not(HasSubstr("president")));
    client->feed(engine::IncomingReported{report->call_id, engine::ReportResult::shown});
    EXPECT_NE(ui.find<callui::EndSystemCall>(), nullptr);
}

TEST_F(ClientTest, AWholeIncomingCall) {
    write_device();
    start();
    answer_a_push();
    ASSERT_FALSE(HasFatalFailure());
    const auto* hello = server->last<protocol::Hello>();
    ASSERT_NE(hello, nullptr);
    EXPECT_EQ(hello->ticket->reveal(), "ticket") << "a push alone is enough to connect";
    EXPECT_NE(ui.find<callui::FulfilAction>(), nullptr);
    EXPECT_TRUE(media->did("open_audio"));

    client->mute(kCall, true);
    EXPECT_TRUE(media->did("mute"));

    server->send(protocol::Ended{.call_id = kCall, .reason = EndReason::normal, .source = EndSource::caller});
    ASSERT_TRUE(until([&] { return heard(callui::EventKind::ended); }));
    EXPECT_NE(ui.find<callui::EndSystemCall>(), nullptr);
    EXPECT_TRUE(media->did("close"));
    ASSERT_TRUE(until([&] { return client->is_idle(); })) << "nothing keeps the process awake afterwards";
    EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ClientTest, AWholeOutgoingCallOverTls) {
    const net::testing::TestCertificate certificate;
    auto tls = net::TlsContext::server({certificate.certificate_file(), certificate.key_file()});
    ASSERT_TRUE(tls.has_value());
    server.reset();
    server.emplace(loop, *tls);
    write_device(protocol::Platform::desktop, certificate.ca_file());
    start();
    const auto call = client->place(*UserId::parse("alice"), {.from_name = "Bob"});
    ASSERT_TRUE(call.has_value()) << call.error();
    ASSERT_TRUE(until([&] { return server->last<protocol::Place>() != nullptr; }));
    EXPECT_EQ(server->last<protocol::Place>()->offer.reveal(), "offer");
    EXPECT_EQ(server->last<protocol::Place>()->from_name->reveal(), "Bob");
    EXPECT_EQ(server->last<protocol::Hello>()->token->reveal(), "token");

    server->send(protocol::Notified{*call, 2, net::wall_now() + Duration{60'000}});
    server->send(protocol::Progress{.call_id = *call, .ringing = 1});
    server->send(protocol::Answered{*call, *DeviceId::parse("alice-pc"), Redacted<std::string>{"their answer"}});
    ASSERT_TRUE(until([&] { return media->did("set_remote_answer their answer"); }));
    server->send(protocol::Candidate{*call, Redacted<std::string>{"candidate:1"}, "0", 0});
    ASSERT_TRUE(until([&] { return media->did("add_remote_candidate candidate:1"); }));
    media->callbacks.back()(media::LocalCandidate{"0", 0, "candidate:2"});
    ASSERT_TRUE(until([&] { return server->last<protocol::Candidate>() != nullptr; }));
    media->callbacks.back()(media::Connected{});
    ASSERT_TRUE(until([&] { return heard(callui::EventKind::connected); }));

    client->end(*call);
    ASSERT_TRUE(until([&] { return server->last<protocol::End>() != nullptr && client->is_idle(); }));
    std::vector<callui::EventKind> kinds;
    for (const auto& event : events) kinds.push_back(event.kind);
    EXPECT_THAT(
        kinds, ElementsAre(
                   callui::EventKind::placed, callui::EventKind::changed, callui::EventKind::peer_ringing,
                   callui::EventKind::connected, callui::EventKind::ended
               )
    );
}

TEST_F(ClientTest, AnUntrustedServerIsToldAndNothingIsSentToIt) {
    const net::testing::TestCertificate certificate;
    const net::testing::TestCertificate other;
    auto tls = net::TlsContext::server({certificate.certificate_file(), certificate.key_file()});
    ASSERT_TRUE(tls.has_value());
    server.reset();
    server.emplace(loop, *tls);
    write_device(protocol::Platform::desktop, other.ca_file());
    start();
    ASSERT_TRUE(client->place(*UserId::parse("alice")).has_value());
    ASSERT_TRUE(until([&] { return heard(callui::EventKind::ended); }));
    EXPECT_EQ(events.back().reason, EndReason::service_http_invalid_peer_cert);
    EXPECT_THAT(states, Contains(ConnectionState::down));
    EXPECT_THAT(server->received, IsEmpty());
}

TEST_F(ClientTest, AnInviteOverTheConnectionRingsAsAPushDoes) {
    write_device(protocol::Platform::desktop);
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return !states.empty() && states.back() == ConnectionState::up; }));
    server->send(protocol::Incoming{kCall, Redacted{cc_param()}});
    ASSERT_TRUE(until([&] { return ui.find<callui::ReportIncoming>() != nullptr; }));
    EXPECT_EQ(ui.find<callui::ReportIncoming>()->name.reveal(), "Alice");
}

TEST_F(ClientTest, AForgedInviteOverTheConnectionDoesNotRing) {
    write_device(protocol::Platform::desktop);
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return !states.empty() && states.back() == ConnectionState::up; }));
    server->send(protocol::Incoming{kCall, Redacted<std::string>{"p1.AAAA"}});
    server->send(protocol::Incoming{kCall, Redacted{cc_param()}});
    ASSERT_TRUE(until([&] { return ui.find<callui::ReportIncoming>() != nullptr; }));
    EXPECT_EQ(ui.commands.size(), 1U) << "only the true one";
}

TEST_F(ClientTest, ACallGoesOnInTheProcessThatComesAfter) {
    write_device();
    start();
    client->push_received({{"cc_param", cc_param()}});
    client->feed(engine::IncomingReported{kCall, engine::ReportResult::shown});
    client->feed(engine::UserAnswered{kCall, 5});  // The tap, and then the system kills the process.
    ASSERT_TRUE(std::filesystem::exists(native::journal_file(directory.path())));
    client.reset();
    server->received.clear();
    events.clear();

    start();
    ASSERT_TRUE(until([&] { return server->last<protocol::Verify>() != nullptr; }));
    server->send(verified());
    ASSERT_TRUE(until([&] { return server->last<protocol::Answer>() != nullptr; })) << "the tap was not lost (I4)";
}

TEST_F(ClientTest, TheJournalIsWrittenBeforeTheCommandsThatFollowIt) {
    write_device();
    bool was_there = false;
    bool is_first = true;
    start();
    // The goodbye to the journal of the start: what counts is that the push's own state is on disk when the connection
    // is opened; a report may come first, because nothing may delay it.
    std::filesystem::remove(native::journal_file(directory.path()));
    media->commands.clear();
    ui.on_command = [&](const native::SystemCommand& command) {
        if (std::holds_alternative<callui::ReportIncoming>(command)) {
            is_first = !std::filesystem::exists(native::journal_file(directory.path()));
        }
    };
    client->push_received({{"cc_param", cc_param()}});
    was_there = std::filesystem::exists(native::journal_file(directory.path()));
    EXPECT_TRUE(is_first) << "the report does not wait for the disk";
    EXPECT_TRUE(was_there) << "the push is not over before its state is safe";
}

TEST_F(ClientTest, ADamagedJournalIsDroppedWithOneLineAndNotMetAgain) {
    write_device();
    std::ofstream{native::journal_file(directory.path())} << "clarion-journal 1 rubbish";
    start();
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings.front(), HasSubstr("damaged"));
    client->push_received({{"cc_param", cc_param()}});
    EXPECT_NE(ui.find<callui::ReportIncoming>(), nullptr);
    client.reset();
    warnings.clear();
    start();
    EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(ClientTest, AWholeJournalThatMakesNoSenseIsDroppedAsWell) {
    write_device();
    native::Journal journal{native::journal_file(directory.path()), native::system_boot_id()};
    ASSERT_TRUE(journal.store(R"({"version":1})").has_value());
    start();
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings.front(), HasSubstr("put aside"));
}

TEST_F(ClientTest, AJournalThatCannotBeReadNowFailsTheStartAndStays) {
    write_device();
    // A directory in its place: opened, and then read() fails with EISDIR.
    std::filesystem::create_directory(native::journal_file(directory.path()));
    const auto made = make(ui);
    ASSERT_FALSE(made.has_value());
    EXPECT_THAT(made.error(), HasSubstr("cannot read"));
    EXPECT_TRUE(std::filesystem::exists(native::journal_file(directory.path())));
}

TEST_F(ClientTest, ASecondClientOverTheSameDirectoryIsRefused) {
    write_device();
    start();
    const auto second = make(ui);
    ASSERT_FALSE(second.has_value());
    EXPECT_THAT(second.error(), HasSubstr("in use"));
}

TEST_F(ClientTest, FactsFromInsideAPerformAreTakenAfterTheBatch) {
    write_device();
    ui.on_command = [this](const native::SystemCommand& command) {
        if (!std::holds_alternative<callui::ReportIncoming>(command)) return;
        client->feed(engine::IncomingReported{kCall, engine::ReportResult::shown});
        client->feed(engine::UserEnded{kCall, 3});
        EXPECT_EQ(ui.find<callui::FulfilAction>(), nullptr) << "the engine was asked in the middle of a drain";
    };
    start();
    client->push_received({{"cc_param", cc_param()}});
    EXPECT_NE(ui.find<callui::FulfilAction>(), nullptr) << "and yet before the push handler returns";
}

TEST_F(ClientTest, ALostConnectionIsMadeAgain) {
    write_device(protocol::Platform::desktop);
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return server->connections == 1 && !states.empty(); }));
    server->drop();
    ASSERT_TRUE(until([&] { return server->connections == 2; }));
    ASSERT_TRUE(until([&] { return states.back() == ConnectionState::up; }));
    EXPECT_THAT(states, ElementsAre(ConnectionState::up, ConnectionState::down, ConnectionState::up));
}

TEST_F(ClientTest, ADeviceThatWasReplacedDoesNotComeBackUntilItIsAsked) {
    for (const std::uint16_t code : {std::uint16_t{4001}, std::uint16_t{4003}}) {
        client.reset();
        states.clear();
        server->connections = 0;
        write_device(protocol::Platform::desktop);
        start();
        client->online(true);
        ASSERT_TRUE(until([&] { return !states.empty() && states.back() == ConnectionState::up; }));
        server->close(code, "gone");
        ASSERT_TRUE(until([&] { return states.back() != ConnectionState::up; }));
        EXPECT_EQ(states.back(), code == 4003 ? ConnectionState::refused : ConnectionState::down);
        // Longer than the first pauses of the back-off.
        EXPECT_FALSE(loop.run_until([&] { return server->connections > 1; }, Duration{600})) << code;
        client->online(true);
        ASSERT_TRUE(until([&] { return server->connections == 2; })) << code;
    }
}

TEST_F(ClientTest, EveryAnswerToHelloReachesPeople) {
    struct Case {
        protocol::ErrorCode code;
        ConnectionState state;
        std::string text;
    };
    const std::vector<Case> cases{
        {protocol::ErrorCode::wrong_version, ConnectionState::refused, "another version"},
        {protocol::ErrorCode::not_authorized, ConnectionState::refused, "clarion token bob"},
        {protocol::ErrorCode::unavailable, ConnectionState::down, "refused the connection"},
        {protocol::ErrorCode::not_for_device, ConnectionState::down, "refused the connection"},
    };
    for (const auto& one : cases) {
        client.reset();
        states.clear();
        state_texts.clear();
        server->refuses_hello = one.code;
        write_device(protocol::Platform::desktop);
        start();
        client->online(true);
        ASSERT_TRUE(until([&] { return !states.empty(); })) << to_string(one.code);
        EXPECT_EQ(states.front(), one.state) << to_string(one.code);
        EXPECT_THAT(state_texts.front(), HasSubstr(one.text));
    }
}

TEST_F(ClientTest, AServerThatDoesNotAnswerHelloIsTold) {
    write_device(protocol::Platform::desktop);
    server->answers_hello = false;
    configure = [](engine::Config& config) { config.handshake_timeout = Duration{200}; };
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return !states.empty(); }));
    EXPECT_EQ(states.front(), ConnectionState::down);
    EXPECT_EQ(state_texts.front(), "the server did not answer");
}

TEST_F(ClientTest, ABrokenServerIsLeftAndTriedAgain) {
    write_device(protocol::Platform::desktop);
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return !states.empty(); }));
    server->send_text(R"({"type":"of_a_newer_server"})");
    server->send_text("this is not JSON");
    ASSERT_TRUE(until([&] { return server->connections == 2; }));
    EXPECT_EQ(warnings.size(), 1U) << "the unknown message is no fault";
}

TEST_F(ClientTest, ExtraOfAPlacedCallIsAJsonObject) {
    write_device(protocol::Platform::desktop);
    start();
    for (const std::string& extra : {"{room", "7", ""}) {
        const auto call = client->place(*UserId::parse("alice"), {.extra = extra});
        ASSERT_FALSE(call.has_value()) << extra;
        EXPECT_THAT(call.error(), HasSubstr("\"extra\"")) << extra;
    }
    EXPECT_TRUE(client->calls().empty());
    EXPECT_TRUE(client->place(*UserId::parse("alice"), {.extra = R"({"room":7})"}).has_value());
}

TEST_F(ClientTest, WhatAnAppAsksOfACallReachesItsLegAndItsPeer) {
    write_device();
    start();
    answer_a_push();
    ASSERT_FALSE(HasFatalFailure());
    const Call call{*client, kCall};
    call.hold("lunch");
    EXPECT_TRUE(media->did("hold"));
    EXPECT_TRUE(media->did("close_audio"));
    ASSERT_TRUE(until([&] { return server->last<protocol::MyState>() != nullptr; }));
    EXPECT_EQ(server->last<protocol::MyState>()->state.hold_reason, "lunch");
    EXPECT_TRUE(call.view()->held);
    call.unhold();
    EXPECT_TRUE(media->did("unhold"));
    call.mute(true);
    EXPECT_TRUE(media->did("mute"));
    call.silence_peer(true);
    EXPECT_TRUE(media->did("silence"));
    call.send("chat", "hi");
    ASSERT_TRUE(until([&] { return server->last<protocol::ShortData>() != nullptr; }));
    call.end({.manner = engine::EndManner::error, .release_code = "E1"});
    ASSERT_TRUE(until([&] { return server->last<protocol::End>() != nullptr; }));
    EXPECT_EQ(server->last<protocol::End>()->release_code->reveal(), "E1");
    EXPECT_FALSE(call.view().has_value());
    EXPECT_EQ(client->adopt(kCall).result, engine::AdoptResult::ended);
}

TEST_F(ClientTest, ANewWayTakesTheOldOnesPlaceWhenItIsThere) {
    write_device();
    start();
    answer_a_push();
    ASSERT_FALSE(HasFatalFailure());
    Call{*client, kCall}.mute(true);
    media->commands.clear();
    server->send(protocol::MediaOffer{
        kCall, 1, protocol::Negotiation::ice_restart, protocol::Media::audio, Redacted<std::string>{"other way"}
    });
    ASSERT_TRUE(until([&] { return server->last<protocol::MediaAnswer>() != nullptr; }));
    EXPECT_TRUE(media->did("prepare_answer other way"));
    EXPECT_FALSE(media->did("close")) << "the first one is used until the second works";
    ASSERT_EQ(media->callbacks.size(), 2U);
    media->callbacks[1](media::Connected{});
    ASSERT_TRUE(until([&] { return media->did("open_audio"); }));
    EXPECT_THAT(media->commands, ::testing::Contains("mute")) << "it is told what the first one knew";
    EXPECT_LT(std::ranges::find(media->commands, "close"), std::ranges::find(media->commands, "open_audio"))
        << "one microphone";
}

TEST_F(ClientTest, AVoiceOnlyClientRefusesVideoAndTalksOn) {
    write_device();
    start();
    answer_a_push();
    ASSERT_FALSE(HasFatalFailure());
    server->send(protocol::MediaOffer{
        kCall, 1, protocol::Negotiation::media, protocol::Media::video, Redacted<std::string>{"pictures"}
    });
    ASSERT_TRUE(until([&] { return server->last<protocol::MediaAnswer>() != nullptr; }));
    EXPECT_FALSE(server->last<protocol::MediaAnswer>()->accepted);
    EXPECT_EQ(Call(*client, kCall).view()->state, engine::CallState::connected);
}

TEST_F(ClientTest, ARefusedTokenIsAskedForAndTheNextOneIsUsed) {
    write_device(protocol::Platform::desktop);
    has_token_provider = true;
    server->refuses_hello = protocol::ErrorCode::not_authorized;
    start();
    client->online(true);
    ASSERT_TRUE(until([&] { return !tokens_wanted.empty(); }));
    EXPECT_TRUE(tokens_wanted[0]);
    server->refuses_hello.reset();
    client->supply_token("fresh");
    ASSERT_TRUE(until([&] { return server->connections == 2 && server->last<protocol::Hello>() != nullptr; }));
    ASSERT_TRUE(until([&] { return server->last<protocol::Hello>()->token->reveal() == "fresh"; }));
}

TEST_F(ClientTest, TonesHaveOneOwner) {
    write_device(protocol::Platform::desktop);
    start();
    client->push_received({{"cc_param", cc_param()}});
    ASSERT_EQ(tones.size(), 1U);
    EXPECT_EQ(tones[0]->tone, engine::Tone::ring);
    client->end(kCall);
    ASSERT_EQ(tones.size(), 2U);
    EXPECT_FALSE(tones[1].has_value());
    EXPECT_EQ(client->start_fail(*UserId::parse("bob")), engine::StartFail::id_conflict);
}

TEST_F(ClientTest, TonesArePlayedUnlessTheAppDoesItItself) {
    write_device(protocol::Platform::desktop);
    const auto fake = std::make_shared<FakeTones>();
    player = fake;
    start();
    const auto call = client->place(*UserId::parse("alice"));
    ASSERT_TRUE(call.has_value());
    ASSERT_TRUE(until([&] { return server->last<protocol::Place>() != nullptr; }));
    server->send(protocol::Notified{*call, 1, net::wall_now() + Duration{60'000}});
    server->send(protocol::Progress{.call_id = *call, .ringing = 1});
    ASSERT_TRUE(until([&] { return !fake->played.empty(); }));
    server->send(protocol::Ended{.call_id = *call, .reason = EndReason::busy, .source = EndSource::callee});
    ASSERT_TRUE(until([&] { return fake->played.size() == 2; }));
    EXPECT_THAT(fake->played, ElementsAre(media::Tone::ringback, media::Tone::busy));
}

TEST_F(ClientTest, WithoutMediaTheCallFailsAndSaysSo) {
    write_device(protocol::Platform::desktop);
    media->refuses = true;
    start();
    ASSERT_TRUE(client->place(*UserId::parse("alice")).has_value());
    ASSERT_TRUE(until([&] { return heard(callui::EventKind::ended); }));
    EXPECT_EQ(events.back().outcome, Outcome::failed);
}

// ---- the operating system as another process ----

struct PipeTest : ClientTest {
    int ours = -1;
    int theirs = -1;
    bool was_killed = false;
    std::vector<std::string> notes;
    std::vector<std::string> lines;
    std::string pending;
    std::unique_ptr<native::PipeSystemUi> pipe;

    void start_pipe() {
        write_device();
        int pair[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        theirs = pair[0];
        ours = pair[1];
        native::PipeSystemUi::Hooks hooks{
            .app_opened = [this] { client->attach([this](const callui::Event& event) { events.push_back(event); }); },
            .killed = [this] { was_killed = true; },
            .log = [this](std::string_view line) { notes.emplace_back(line); },
        };
        pipe = std::make_unique<native::PipeSystemUi>(loop, ours, std::move(hooks));
        auto made = make(*pipe);
        ASSERT_TRUE(made.has_value()) << made.error();
        client = std::move(*made);
        client->start();
        pipe->start(*client);
    }

    ~PipeTest() override {
        client.reset();
        pipe.reset();
        if (ours >= 0) ::close(ours);
        if (theirs >= 0) ::close(theirs);
    }

    void say(std::string line) const {
        line += '\n';
        ASSERT_EQ(::send(theirs, line.data(), line.size(), 0), static_cast<ssize_t>(line.size()));
    }

    /// The types of the lines that the app wrote so far.
    std::vector<std::string> types() {
        char buffer[4096];
        ssize_t got = 0;
        while ((got = ::recv(theirs, buffer, sizeof buffer, MSG_DONTWAIT)) > 0) {
            pending.append(buffer, static_cast<std::size_t>(got));
        }
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            lines.push_back(pending.substr(0, end));
            pending.erase(0, end + 1);
        }
        std::vector<std::string> types;
        for (const auto& line : lines) {
            const auto document = codec::Document::parse(line, 64 * 1024);
            types.emplace_back(document ? document->root().get("type").text().value_or("?") : "?");
        }
        return types;
    }

    bool said(std::string_view type) {
        const auto all = types();
        return std::ranges::find(all, type) != all.end();
    }

    std::string push_line() const {
        return R"({"type":"push_delivered","data":{"cc_param":")" + cc_param() + R"("},"must_report":true})";
    }
};

TEST_F(PipeTest, SaysLaunchedFirstAndReturnsFromAPushAfterItsReport) {
    start_pipe();
    EXPECT_THAT(types(), ElementsAre("launched"));
    say(push_line());
    ASSERT_TRUE(until([&] { return said("push_handler_returned"); }));
    const auto all = types();
    const auto report = std::ranges::find(all, "report_incoming");
    const auto returned = std::ranges::find(all, "push_handler_returned");
    ASSERT_NE(report, all.end());
    EXPECT_LT(report, returned);
}

TEST_F(PipeTest, TapsOfTheSystemReachTheCallAndEventsReachTheApp) {
    start_pipe();
    say(push_line());
    say(R"({"type":"incoming_reported","call_id":")" + kCall.text() + R"(","result":"shown"})");
    say(R"({"type":"user_ended","call_id":")" + kCall.text() + R"(","action":4})");
    ASSERT_TRUE(until([&] { return said("fulfil_action"); }));
    EXPECT_THAT(events, IsEmpty()) << "the app was not opened";
    say(R"({"type":"app_opened"})");
    ASSERT_TRUE(until([&] { return heard(callui::EventKind::ended); }));
    ASSERT_TRUE(until([&] { return server->last<protocol::Decline>() != nullptr; }));
}

TEST_F(PipeTest, BrokenAndEndlessLinesAreSkippedWithANote) {
    start_pipe();
    say("not json");
    say(R"({"type":"from_the_future"})");
    ASSERT_TRUE(until([&] { return notes.size() == 2; }));
    const std::string piece(30'000, 'x');
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(::send(theirs, piece.data(), piece.size(), 0), static_cast<ssize_t>(piece.size()));
    }
    say("");
    say(push_line());
    ASSERT_TRUE(until([&] { return said("report_incoming"); }));
    EXPECT_EQ(notes.size(), 3U);
}

TEST_F(PipeTest, TheEndOfTheDescriptorIsTheEndOfTheProcess) {
    start_pipe();
    ::close(theirs);
    theirs = -1;
    EXPECT_TRUE(until([&] { return was_killed; }));
}

}  // namespace
}  // namespace clarion
