// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/sdp_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace clarion::media {
namespace {

std::string offer() {
    return "v=0\r\n"
           "o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n"
           "s=-\r\n"
           "t=0 0\r\n"
           "a=group:BUNDLE 0\r\n"
           "m=audio 9 UDP/TLS/RTP/SAVPF 63 111 0\r\n"
           "c=IN IP4 0.0.0.0\r\n"
           "a=ice-ufrag:abcd\r\n"
           "a=ice-pwd:0123456789012345678901\r\n"
           "a=fingerprint:sha-256 "
           "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff\r\n"
           "a=setup:actpass\r\n"
           "a=mid:0\r\n"
           "a=rtpmap:63 red/48000/2\r\n"
           "a=rtpmap:111 opus/48000/2\r\n"
           "a=candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host\r\n"
           "a=candidate:2 1 udp 2113937151 0f5e.local 50001 typ host\r\n";
}

std::string without(std::string_view line_start) {
    std::string text = offer();
    const std::size_t at = text.find(line_start);
    text.erase(at, text.find('\n', at) + 1 - at);
    return text;
}

std::string replaced(std::string_view what, std::string_view with) {
    std::string text = offer();
    text.replace(text.find(what), what.size(), with);
    return text;
}

TEST(SdpCheck, ABrowsersOfferPassesAndItsHiddenAddressesAreLeftOut) {
    const auto checked = check_remote_sdp(offer(), SdpKind::offer);
    ASSERT_TRUE(checked.has_value()) << checked.error();
    EXPECT_EQ(checked->opus_payload, 111);
    ASSERT_EQ(checked->fingerprints.size(), 1U);
    EXPECT_EQ(checked->fingerprints[0].hex, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    EXPECT_NE(checked->sdp.find("192.0.2.1"), std::string::npos);
    EXPECT_EQ(checked->sdp.find(".local"), std::string::npos);
}

TEST(SdpCheck, PlainLineEndsAreAccepted) {
    std::string text = offer();
    std::erase(text, '\r');
    const auto checked = check_remote_sdp(text, SdpKind::offer);
    ASSERT_TRUE(checked.has_value());
    EXPECT_EQ(checked->sdp.substr(0, 5), "v=0\r\n");
}

TEST(SdpCheck, WhatACallCannotWorkWithIsRefused) {
    for (const std::string& text :
         {std::string(),
          std::string("garbage"),
          std::string(100000, 'a'),
          std::string("v=0\r\n"),
          without("v=0"),
          without("o="),
          without("m="),
          without("a=ice-ufrag"),
          without("a=ice-pwd"),
          without("a=fingerprint"),
          without("a=setup"),
          without("a=rtpmap:111"),
          replaced("audio", "video"),
          replaced("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
          replaced("m=audio 9", "m=audio 0"),
          replaced("63 111 0", "63 0"),
          replaced("63 111 0", "63 -1 111"),
          replaced("sha-256 00", "sha-1 00"),
          replaced("sha-256 00:", "sha-256 "),
          replaced("00:11:22", "00:1x:22"),
          replaced("ice-pwd:0123456789", "ice-pwd:"),
          replaced("a=mid:0", "a=mid:\x01"),
          replaced("a=mid:0", "nonsense"),
          offer() + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"}) {
        EXPECT_FALSE(check_remote_sdp(text, SdpKind::offer).has_value()) << text.substr(0, 80);
    }
    EXPECT_FALSE(check_remote_sdp(offer(), SdpKind::answer).has_value()) << "an answer must choose its DTLS role";
    EXPECT_TRUE(check_remote_sdp(replaced("actpass", "active"), SdpKind::answer).has_value());
}

TEST(SdpCheck, ErrorsQuoteNothingOfTheSdp) {
    const auto checked = check_remote_sdp(without("a=fingerprint"), SdpKind::offer);
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().find("0123456789012345678901"), std::string::npos);
}

TEST(SdpCheck, EveryCutOfAnOfferIsAcceptedOrRefused) {
    const std::string whole = offer();
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        (void)check_remote_sdp(std::string_view(whole).substr(0, size), SdpKind::offer);
    }
}

TEST(SdpCheck, CandidatesAreCheckedFieldByField) {
    const std::string good = "candidate:1 1 UDP 2015364095 127.0.0.1 47711 typ host";
    EXPECT_EQ(check_candidate(good).value(), good);
    EXPECT_EQ(check_candidate("a=" + good).value(), good);
    EXPECT_TRUE(check_candidate(good + " generation 0 ufrag abcd").has_value());
    for (const std::string& bad :
         {std::string(), std::string("candidate:"), std::string("candidate:1 1 UDP"), "x" + good, good + "\n",
          std::string("candidate:1 1 UDP 1 127.0.0.1 70000 typ host"),
          std::string("candidate:1 1 UDP 1 127.0.0.1 7 typ evil"),
          std::string("candidate:1 x UDP 1 127.0.0.1 7 typ host"),
          std::string("candidate:1 1 UDP 1 a.local 7 typ host"), good + std::string(600, ' ')}) {
        EXPECT_FALSE(check_candidate(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace clarion::media
