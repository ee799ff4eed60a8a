// SPDX-License-Identifier: Apache-2.0
#include "crypto/web_push.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/jwt.hpp"
#include "crypto/testing.hpp"

namespace clarion::crypto {
namespace {

std::string text(std::string_view base64url) {
    const auto bytes = base64url_decode(base64url).value();
    return {bytes.begin(), bytes.end()};
}

std::string encoded(std::string_view bytes) { return base64url_encode(as_bytes(bytes)); }

template <std::size_t N>
std::array<std::uint8_t, N> array_of(std::string_view base64url) {
    const auto bytes = base64url_decode(base64url).value();
    std::array<std::uint8_t, N> out{};
    std::copy_n(bytes.begin(), N, out.begin());
    return out;
}

// RFC 8291 section 5 and appendix A.
constexpr std::string_view kPlain = "When I grow up, I want to be a watermelon";
constexpr std::string_view kAuth = "BTBZMqHH6r4Tts7J_aSIgg";
constexpr std::string_view kUaPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
constexpr std::string_view kUaPublic =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr std::string_view kAsPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
constexpr std::string_view kSalt = "DGv6ra1nlYgDCS1FRnbzlw";
constexpr std::string_view kBody =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

TEST(Aes128Gcm, FirstExampleOfTheRfc) {  // RFC 8188 section 3.1
    const auto key = base64url_decode("yqdlZ-tYemfogSmv7Ws5PQ").value();
    const std::string body = "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg";
    const auto sealed = aes128gcm_seal("I am the walrus", key, array_of<kAes128GcmSalt>("I1BsxtFttlv3u_Oo94xnmw"), "");
    ASSERT_TRUE(sealed);
    EXPECT_EQ(encoded(*sealed), body);
    EXPECT_EQ(aes128gcm_open(text(body), key), "I am the walrus");
}

TEST(Aes128Gcm, ExampleOfTheRfcWithTwoRecordsAndPadding) {  // RFC 8188 section 3.2
    const auto key = base64url_decode("BO3ZVPxUlnLORbVGMpbT1Q").value();
    const std::string body =
        text("uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA");
    EXPECT_EQ(aes128gcm_header(body)->key_id, "a1");
    EXPECT_EQ(aes128gcm_header(body)->record_size, 25U);
    EXPECT_EQ(aes128gcm_open(body, key), "I am the walrus");
    // Without its last record the message is cut short, and says so.
    EXPECT_FALSE(aes128gcm_open(std::string_view{body}.substr(0, 23 + 25), key));
    EXPECT_FALSE(aes128gcm_open(std::string_view{body}.substr(0, 23), key));
}

TEST(WebPush, ExampleOfTheRfcByteForByte) {
    const auto keys = WebPushKeys::parse(kUaPublic, kAuth);
    ASSERT_TRUE(keys) << keys.error();
    const auto body = web_push_seal_with(kPlain, *keys, {array_of<32>(kAsPrivate), array_of<kAes128GcmSalt>(kSalt)});
    ASSERT_TRUE(body);
    EXPECT_EQ(encoded(*body), kBody);
}

TEST(WebPush, BrowserOfTheRfcReadsIt) {
    const auto browser = WebPushReceiver::parse(kUaPrivate, kAuth);
    ASSERT_TRUE(browser);
    EXPECT_EQ(browser->p256dh(), kUaPublic);
    EXPECT_EQ(browser->open(text(kBody)), kPlain);
}

TEST(WebPush, EachMessageIsDifferentAndOnlyItsReceiverReadsIt) {
    const auto mine = WebPushReceiver::generate();
    const auto other = WebPushReceiver::generate();
    const auto keys = WebPushKeys::parse(mine.p256dh() + "=", mine.auth() + "==").value();
    const auto first = web_push_seal("ring", keys).value();
    const auto second = web_push_seal("ring", keys).value();
    EXPECT_NE(first.substr(0, 16), second.substr(0, 16));
    EXPECT_NE(first.substr(21, 65), second.substr(21, 65));
    EXPECT_EQ(mine.open(first), "ring");
    EXPECT_EQ(mine.open(second), "ring");
    EXPECT_FALSE(other.open(first));
    std::string damaged = first;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_FALSE(mine.open(damaged));
    for (std::size_t length = 0; length < first.size(); ++length) EXPECT_FALSE(mine.open(first.substr(0, length)));
}

TEST(WebPush, LongestMessageFillsTheBody) {
    const auto browser = WebPushReceiver::generate();
    const auto keys = WebPushKeys::parse(browser.p256dh(), browser.auth()).value();
    EXPECT_EQ(kWebPushPlainMax, 3993U);
    const std::string longest(kWebPushPlainMax, 'x');
    const auto body = web_push_seal(longest, keys);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->size(), kWebPushBodyMax);
    EXPECT_EQ(browser.open(*body), longest);
    EXPECT_FALSE(web_push_seal(longest + "x", keys));
}

TEST(WebPush, KeysThatAreNoneAreRefusedWithTheFieldsName) {
    std::string off_curve{kUaPublic};
    off_curve[40] = off_curve[40] == 'A' ? 'B' : 'A';
    for (const std::string& bad : {std::string{}, std::string{"!"}, std::string(87, 'A'), off_curve}) {
        const auto keys = WebPushKeys::parse(bad, kAuth);
        ASSERT_FALSE(keys) << bad;
        EXPECT_TRUE(keys.error().starts_with("p256dh")) << keys.error();
    }
    const auto keys = WebPushKeys::parse(kUaPublic, "AAAA");
    ASSERT_FALSE(keys);
    EXPECT_TRUE(keys.error().starts_with("auth")) << keys.error();
}

TEST(WebPush, FreshVapidPairBelongsTogether) {
    const auto pair = make_vapid_pair();
    const auto key = PemPrivateKey::from_p256_text(pair.private_key, "test");
    ASSERT_TRUE(key);
    EXPECT_EQ(p256_public_text(*key), pair.public_key);
    EXPECT_NE(make_vapid_pair().private_key, pair.private_key);
}

TEST(WebPush, PublicKeyOfAVapidKeyIsAnUncompressedPoint) {
    const auto pair = testing::make_p256_pair();
    const auto key = PemPrivateKey::parse(pair.private_pem, "test").value();
    const auto point = p256_public_text(key);
    ASSERT_TRUE(point);
    EXPECT_EQ(point->size(), 87U);
    EXPECT_EQ((*point)[0], 'B');  // 0x04
}

}  // namespace
}  // namespace clarion::crypto
