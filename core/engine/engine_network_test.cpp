// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// The network comes, goes and changes; tokens end; users leave.
namespace clarion::engine::testing {
namespace {

using callui::ChangeKind;
using protocol::ErrorCode;
using protocol::Platform;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Redacted<std::string> kSdp{"v=0"};
const Redacted<std::string> kFresh{"fresh"};

class EngineNetwork : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineNetwork, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

Config renewing(Platform platform = Platform::ios) {
    Config config = config_for(platform);
    config.renews_token = true;
    return config;
}

// ---- the way to the peer ----

TEST_P(EngineNetwork, ALostWayIsToldAndAnotherOneIsTried) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(MediaLost{kCall});
    EXPECT_TRUE(d.view()->network_lost);
    EXPECT_EQ(d.last_change()->what, ChangeKind::network_lost);
    EXPECT_EQ(d.latest<PrepareOffer>()->purpose, Negotiation::ice_restart);
    d.feed(OfferPrepared{kCall, kSdp, 1});
    ASSERT_EQ(d.sent<protocol::MediaOffer>().size(), 1U);
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::audio, kSdp});
    EXPECT_EQ(d.latest<ApplyAnswer>()->revision, 1U);
    d.pass(Duration{3'000});
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.last_change()->what, ChangeKind::network_returned);
    EXPECT_EQ(d.last_change()->lost_for, Duration{3'000});
    d.pass(Duration{120'000});
    EXPECT_EQ(d.view()->state, CallState::connected);
}

TEST_P(EngineNetwork, TheCalleeLeavesTheFirstTryToTheCaller) {
    Driver d{GetParam()};
    d.talk();
    d.feed(MediaLost{kCall});
    EXPECT_EQ(d.count<PrepareOffer>(), 0);
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::ice_restart, Media::audio, kSdp});
    EXPECT_EQ(d.latest<PrepareAnswer>()->purpose, Negotiation::ice_restart);
    d.feed(AnswerPrepared{kCall, kSdp, 1});
    EXPECT_EQ(d.sent<protocol::MediaAnswer>().size(), 1U);
    d.pass(d.config().restart_after);
    EXPECT_EQ(d.latest<PrepareOffer>()->revision, 2U) << "it did not help: now this side tries";
}

TEST_P(EngineNetwork, AWayThatDoesNotComeBackEndsTheCall) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(MediaLost{kCall});
    d.pass(d.config().reconnect_timeout);
    EXPECT_EQ(d.end_event()->reason, EndReason::unavailable_network);
    EXPECT_EQ(d.end_event()->outcome, Outcome::answered);
    EXPECT_GT(d.count<PrepareOffer>(), 3) << "tried again and again";
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineNetwork, MediaThatDieInACallAreMadeAnew) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(MediaFailed{kCall, "ice"});
    EXPECT_EQ(d.view()->state, CallState::connected);
    EXPECT_EQ(d.latest<PrepareOffer>()->purpose, Negotiation::ice_restart);
}

TEST_P(EngineNetwork, AnotherNetworkMeansAnotherConnectionAndAnotherWay) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(NetworkChanged{true});
    EXPECT_TRUE(d.did<CloseSignalling>());
    EXPECT_TRUE(d.did<OpenSignalling>());
    EXPECT_EQ(d.latest<PrepareOffer>()->purpose, Negotiation::ice_restart);
    d.feed(NetworkChanged{true});
    EXPECT_THAT(d.last, IsEmpty()) << "I12";
    d.feed(OfferPrepared{kCall, kSdp, 1});
    EXPECT_THAT(d.sent<protocol::MediaOffer>(), IsEmpty());
    d.connect(true);
    EXPECT_EQ(d.sent<protocol::MediaOffer>().size(), 1U) << "as soon as there is a connection";
}

TEST_P(EngineNetwork, AnOfferThatWaitsForTheConnectionIsNotMadeAgain) {
    Driver d{GetParam()};
    d.call_out();
    d.ack_all();
    d.disconnect();
    d.feed(MediaLost{kCall});
    d.feed(OfferPrepared{kCall, kSdp, 1});
    d.pass(d.config().restart_after);
    EXPECT_EQ(d.count<PrepareOffer>(), 2) << "the call's first and this one";
}

TEST_P(EngineNetwork, ThePeersNetworkIsShown) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::PeerState{kCall, {.network_lost = true}});
    EXPECT_TRUE(d.view()->peer_state.network_lost);
    EXPECT_EQ(d.last_change()->what, ChangeKind::peer_network_lost);
    EXPECT_TRUE(d.view()->live);
}

TEST_P(EngineNetwork, QualityIsANoticeWhenItChanges) {
    Driver d{GetParam()};
    d.talk();
    d.feed(StatisticsMeasured{kCall, {.loss_permille = 5, .latency = Duration{80}}});
    EXPECT_EQ(d.count<EmitNotice>(), 0) << "nobody listens: worth nothing later";
    EXPECT_EQ(d.view()->quality, Quality::good);
    d.feed(AppAttached{});
    d.feed(StatisticsMeasured{kCall, {.loss_permille = 5, .jitter = Duration{500}}});
    EXPECT_EQ(Driver::count_in<EmitNotice>(d.last), 2);
    EXPECT_EQ(d.latest<EmitNotice>()->notice.quality, Quality::poor);
    d.feed(StatisticsMeasured{kCall, {.jitter = Duration{400}}});
    EXPECT_EQ(Driver::count_in<EmitNotice>(d.last), 1);
}

TEST_P(EngineNetwork, TheHandshakeHasItsTime) {
    Config config = config_for(Platform::desktop);
    config.handshake_timeout = Duration{700};
    Driver d{GetParam(), config};
    d.feed(OnlineRequested{true});
    d.feed(SignallingOpened{});
    d.pass(Duration{699});
    EXPECT_FALSE(d.did<CloseSignalling>());
    d.pass(Duration{1});
    EXPECT_TRUE(d.did<CloseSignalling>());
}

TEST_P(EngineNetwork, ACandidateThatNoJournalCouldHoldIsRefused) {
    Driver d{GetParam()};
    d.ring_on_screen();
    CandidateFound found{.call_id = kCall, .candidate = Redacted<std::string>{"candidate:1"}, .mid = "0", .line = 256};
    EXPECT_EQ(d.try_feed(found), InputError::bad_input);
    found.line = 255;
    d.feed(found);
    d.die();
    EXPECT_TRUE(d.view().has_value());
}

// ---- tokens ----

TEST_P(EngineNetwork, ATokenIsRenewedBeforeItEnds) {
    Driver d{GetParam(), renewing()};
    d.feed(OnlineRequested{true});
    d.connect(false, Duration{3'600'000});
    d.pass(Duration{3'539'999});
    EXPECT_FALSE(d.did<RequestToken>());
    d.pass(Duration{1});
    EXPECT_TRUE(d.did<RequestToken>());
    EXPECT_FALSE(d.latest<RequestToken>()->refused);
    d.feed(TokenSupplied{kFresh});
    ASSERT_EQ(d.sent<protocol::Renew>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Renew>()[0].token.reveal(), "fresh");
    d.ack_all();
    d.disconnect();
    d.pass(Duration{400});
    d.connect();
    EXPECT_EQ(d.sent<protocol::Hello>().back().token->reveal(), "fresh");
}

TEST_P(EngineNetwork, ARenewedTokenIsRenewedBeforeItsOwnEnd) {
    Driver d{GetParam(), renewing()};
    d.feed(OnlineRequested{true});
    d.connect(false, Duration{3'600'000});
    d.pass(Duration{3'540'000});
    d.feed(TokenSupplied{kFresh});
    d.clear();
    d.frame(protocol::Welcome{
        .server_now = d.server_now(),
        .stream = 1,
        .resumed = true,
        .token_expires_at = d.server_now() + Duration{1'800'000},
    });
    d.ack_all();
    d.pass(Duration{1'739'999});
    EXPECT_EQ(d.count<RequestToken>(), 0);
    d.pass(Duration{1});
    EXPECT_EQ(d.count<RequestToken>(), 1);
    EXPECT_EQ(d.sent<protocol::Hello>().size() + d.sent<protocol::Verify>().size(), 0U) << "the connection went on";
}

TEST_P(EngineNetwork, ARefusedTokenIsAskedForOnceAndTheCallWaitsForTheNextOne) {
    Driver d{GetParam(), renewing()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_TRUE(d.did<RequestToken>());
    EXPECT_TRUE(d.latest<RequestToken>()->refused);
    EXPECT_TRUE(d.view().has_value()) << "the call is still there";
    d.pass(Duration{2'000});
    EXPECT_EQ(d.count<RequestToken>(), 1);
    d.feed(TokenSupplied{kFresh});
    EXPECT_TRUE(d.did<OpenSignalling>());
    d.connect();
    d.feed(OfferPrepared{kCall, kSdp});
    EXPECT_EQ(d.sent<protocol::Place>().size(), 1U);
}

TEST_P(EngineNetwork, WithoutAnybodyToAskARefusedTokenEndsTheCall) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_EQ(d.count<RequestToken>(), 0);
    EXPECT_EQ(d.end_event()->reason, EndReason::service_access_token_error);
}

TEST_P(EngineNetwork, AConnectionThatEndsWithItsTokenComesBackWithTheNextOne) {
    Driver d{GetParam(), renewing()};
    d.feed(OnlineRequested{true});
    d.connect();
    d.feed(SignallingClosed{SignallingFault::refused});
    EXPECT_TRUE(d.did<RequestToken>());
    EXPECT_FALSE(d.did<OpenSignalling>());
    d.feed(TokenSupplied{kFresh});
    EXPECT_TRUE(d.did<OpenSignalling>());
}

TEST_P(EngineNetwork, ATokenThatIsTooLongIsNone) {
    Driver d{GetParam()};
    EXPECT_EQ(d.try_feed(TokenSupplied{Redacted<std::string>{std::string(5'000, 'x')}}), InputError::bad_input);
    EXPECT_EQ(d.try_feed(TokenSupplied{}), InputError::bad_input);
}

// ---- who is signed in ----

TEST_P(EngineNetwork, SigningOutEndsEveryCallAndRingsNoMore) {
    Driver d{GetParam()};
    d.feed(AppAttached{});
    d.talk();
    d.ring_ready(kOther);
    d.feed(SignedOut{});
    EXPECT_EQ(d.end_event(kCall)->reason, EndReason::system_log_off);
    EXPECT_EQ(d.end_event(kOther)->reason, EndReason::system_log_off);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U) << "the one that was talked";
    EXPECT_THAT(d.sent<protocol::Decline>(), IsEmpty()) << "the user's other devices ring on";
    d.ack_all();
    EXPECT_EQ(d.latest<EmitNotice>()->notice.kind, NoticeKind::signed_out);
    EXPECT_FALSE(d.socket_open());
    d.ring_on_screen(call_id(3));
    EXPECT_TRUE(d.did<callui::EndSystemCall>()) << "reported, because iOS insists, and ended";
    EXPECT_FALSE(d.view(call_id(3)).has_value());
    EXPECT_EQ(d.engine().start_fail({.call_id = call_id(4), .to_user = kAlice}), StartFail::not_initialized);
}

TEST_P(EngineNetwork, SignedOutOutlivesTheProcessUntilSomebodySignsIn) {
    Driver d{GetParam(), Platform::android};
    d.feed(SignedOut{});
    d.die();
    d.push(d.invite());
    EXPECT_FALSE(d.did<callui::ReportIncoming>());
    d.feed(TokenSupplied{kFresh});
    d.push(d.invite());
    EXPECT_TRUE(d.did<callui::ReportIncoming>());
}

TEST_P(EngineNetwork, AnotherUsersJournalRingsForNobody) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    Config other = d.config();
    other.user = *UserId::parse("carol");
    d.set_config(other);
    d.die();
    EXPECT_TRUE(d.did<callui::EndSystemCall>());
    EXPECT_FALSE(d.view().has_value());
}

}  // namespace
}  // namespace clarion::engine::testing
