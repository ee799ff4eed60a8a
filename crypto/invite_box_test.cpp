// SPDX-License-Identifier: Apache-2.0
#include "crypto/invite_box.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace clarion::crypto {
namespace {

constexpr std::string_view kJson =
    R"({"call":"0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55","from":"alice","name":"Alice","to":"bob","device":"d1"})";

struct InviteBox : ::testing::Test {
    SigningKey server = SigningKey::generate();
    BoxSecret device = BoxSecret::generate();
    std::vector<VerifyKey> known{server.verify_key()};

    std::string sealed() const { return seal_invite(kJson, server, &device.box_public()).value(); }

    std::string plain() const { return seal_invite(kJson, server, nullptr).value(); }
};

TEST_F(InviteBox, SealedInviteOpensOnItsDevice) {
    const auto opened = open_invite(sealed(), &device, known);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(*opened, kJson);
}

TEST_F(InviteBox, UnsealedInviteOpensWithAndWithoutADeviceKey) {
    EXPECT_EQ(open_invite(plain(), nullptr, known), std::string{kJson});
    EXPECT_EQ(open_invite(plain(), &device, known), std::string{kJson});
}

TEST_F(InviteBox, SealedTextDoesNotShowWhoCalls) {
    const std::string text = sealed();
    const auto raw = base64url_decode(std::string_view{text}.substr(3)).value();
    EXPECT_EQ(std::string(raw.begin(), raw.end()).find("alice"), std::string::npos);
    EXPECT_NE(sealed(), text);  // A fresh ephemeral key each time: two pushes for one call cannot be linked.
}

TEST_F(InviteBox, FlippingAnyBitOfAnyByteNeverOpens) {
    for (const std::string& text : {sealed(), plain()}) {
        ASSERT_TRUE(open_invite(text, &device, known).has_value());
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (unsigned bit = 0; bit < 8; ++bit) {
                std::string bad = text;
                bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << bit));
                EXPECT_FALSE(open_invite(bad, &device, known).has_value()) << at << " bit " << bit;
            }
        }
    }
}

TEST_F(InviteBox, TruncatedOrExtendedTextNeverOpens) {
    for (const std::string& text : {sealed(), plain()}) {
        for (std::size_t length = 0; length < text.size(); ++length) {
            EXPECT_FALSE(open_invite(text.substr(0, length), &device, known).has_value()) << length;
        }
        EXPECT_FALSE(open_invite(text + "A", &device, known).has_value());
        EXPECT_FALSE(open_invite(text + "AAAA", &device, known).has_value());
    }
}

TEST_F(InviteBox, AnotherDeviceCannotOpenIt) {
    const BoxSecret other = BoxSecret::generate();
    EXPECT_EQ(open_invite(sealed(), &other, known), std::unexpected{OpenError::not_for_this_device});
}

TEST_F(InviteBox, AnotherServersSignatureIsRefused) {
    const SigningKey forger = SigningKey::generate();
    const auto forged = seal_invite(kJson, forger, &device.box_public()).value();
    EXPECT_EQ(open_invite(forged, &device, known), std::unexpected{OpenError::bad_signature});
}

TEST_F(InviteBox, ASignatureOverTheBareJsonIsNoInvite) {
    const Signature signature = server.sign(as_bytes(kJson));
    Bytes inner{signature.begin(), signature.end()};
    inner.insert(inner.end(), kJson.begin(), kJson.end());
    EXPECT_EQ(open_invite("p1." + base64url_encode(inner), nullptr, known), std::unexpected{OpenError::bad_signature});
}

TEST_F(InviteBox, OldAndNewServerKeyBothOpenDuringRotation) {
    const SigningKey next = SigningKey::generate();
    const std::vector<VerifyKey> both{next.verify_key(), server.verify_key()};
    EXPECT_TRUE(open_invite(sealed(), &device, both).has_value());
    EXPECT_TRUE(open_invite(seal_invite(kJson, next, nullptr).value(), nullptr, both).has_value());
}

TEST_F(InviteBox, MissingKeysAreNamedAsSuch) {
    EXPECT_EQ(open_invite(sealed(), nullptr, known), std::unexpected{OpenError::no_key});
    EXPECT_EQ(open_invite(sealed(), &device, {}), std::unexpected{OpenError::no_key});
}

TEST_F(InviteBox, ALaterFormIsNamedAsSuch) {
    for (const std::string_view text : {"s2.AAAA", "p2.", "x9.AAAA", "s123.!"}) {
        EXPECT_EQ(open_invite(text, &device, known), std::unexpected{OpenError::unsupported_version}) << text;
    }
}

TEST_F(InviteBox, GarbageIsMalformedAndLongTextIsNotLookedAt) {
    for (const std::string_view text :
         {"", "s1.", "p1.", "x.AAAA", "9.AAAA", "s12345.A", "S2.AAAA", "s-2.AAAA", "s1.AAAA", "p1.AAAA", "s1",
          "p1.=", "s1. AAAA"}) {
        EXPECT_EQ(open_invite(text, &device, known), std::unexpected{OpenError::malformed}) << text;
    }
    const std::string no_json = "p1." + base64url_encode(Bytes(64));
    EXPECT_EQ(open_invite(no_json, &device, known), std::unexpected{OpenError::malformed});
    EXPECT_EQ(
        open_invite("s1." + std::string(kCcParamMax, 'A'), &device, known), std::unexpected{OpenError::too_large}
    );
}

TEST_F(InviteBox, TheLongestJsonFitsTheWireAndOneByteMoreIsRefused) {
    const std::string longest(kInviteJsonMax, 'x');
    const auto text = seal_invite(longest, server, &device.box_public());
    ASSERT_TRUE(text.has_value());
    EXPECT_LE(text->size(), kCcParamMax);
    EXPECT_EQ(open_invite(*text, &device, known), longest);
    EXPECT_EQ(seal_invite(longest + "x", server, nullptr), std::unexpected{SealError::too_large});
}

TEST_F(InviteBox, ADeviceKeyOfLowOrderIsRefused) {
    const BoxPublic zero{};
    EXPECT_EQ(seal_invite(kJson, server, &zero), std::unexpected{SealError::bad_box_key});
}

}  // namespace
}  // namespace clarion::crypto
