// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

namespace clarion::crypto {
namespace {

Bytes from_hex(std::string_view hex) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16)));
    }
    return bytes;
}

std::array<std::uint8_t, 32> array_32(std::string_view hex) {
    std::array<std::uint8_t, 32> out{};
    const Bytes bytes = from_hex(hex);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

class KeyFiles : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-keys-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }

    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST(Base64, KnownAnswersOfRfc4648) {
    EXPECT_EQ(base64_encode(as_bytes("")), "");
    EXPECT_EQ(base64_encode(as_bytes("f")), "Zg==");
    EXPECT_EQ(base64_encode(as_bytes("fooba")), "Zm9vYmE=");
    EXPECT_EQ(base64url_encode(as_bytes("f")), "Zg");
    EXPECT_EQ(base64url_encode(Bytes{0xfb, 0xff}), "-_8");
    EXPECT_EQ(base64url_decode("-_8"), (Bytes{0xfb, 0xff}));
    EXPECT_EQ(base64_decode("+/8="), (Bytes{0xfb, 0xff}));
    EXPECT_EQ(base64url_decode(""), Bytes{});
}

TEST(Base64, EveryValueHasExactlyOneText) {
    for (const std::string_view text : {"Zg==", "Zh", "Z", "Zg\n", " Zg", "Zm9v+", "Zm9v/w", "Zm9v YmE", "Zg\xd7"}) {
        EXPECT_FALSE(base64url_decode(text).has_value()) << text;
    }
    for (const std::string_view text : {"Zg", "Zg=", "Zh==", "Zg==\n", "-_8="}) {
        EXPECT_FALSE(base64_decode(text).has_value()) << text;
    }
    EXPECT_FALSE(base64url_decode(std::string_view{"Zm9v\0", 5}).has_value());
}

TEST(Base64, EveryByteRoundTripsAndOnlyTheAlphabetIsRead) {
    for (unsigned a = 0; a < 256; ++a) {
        const Bytes bytes{static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(255 - a), 0x5a, 0xff};
        for (std::size_t length = 0; length <= bytes.size(); ++length) {
            const BytesView part{bytes.data(), length};
            EXPECT_EQ(base64url_decode(base64url_encode(part)), Bytes(part.begin(), part.end()));
            EXPECT_EQ(base64_decode(base64_encode(part)), Bytes(part.begin(), part.end()));
        }
        const char c = static_cast<char>(a);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        const std::string text = std::string{"AAA"} + c;
        EXPECT_EQ(base64url_decode(text).has_value(), letter || c == '-' || c == '_') << a;
        EXPECT_EQ(base64_decode(text).has_value(), letter || c == '+' || c == '/' || c == '=') << a;
    }
}

TEST(SigningKey, SignsTheFirstVectorOfRfc8032) {
    const auto key =
        SigningKey::from_seed(array_32("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    EXPECT_EQ(key.verify_key().bytes, array_32("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    const Bytes want = from_hex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    );
    const Signature signature = key.sign({});
    EXPECT_TRUE(std::equal(signature.begin(), signature.end(), want.begin(), want.end()));
    EXPECT_TRUE(key.verify_key().verify({}, signature));
    EXPECT_FALSE(key.verify_key().verify(as_bytes("x"), signature));
}

TEST(BoxSecret, DerivesThePublicKeyOfRfc7748) {
    // Section 5.2, first iteration: scalar 9 times the base point u = 9.
    const auto key =
        BoxSecret::from_bytes(array_32("0900000000000000000000000000000000000000000000000000000000000000"));
    EXPECT_EQ(key.box_public().bytes, array_32("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
}

TEST(Keys, TextRoundTripsAndBadTextIsRefused) {
    const auto signing = SigningKey::generate();
    const auto box = BoxSecret::generate();
    EXPECT_EQ(SigningKey::parse(signing.reveal_text())->verify_key(), signing.verify_key());
    EXPECT_EQ(BoxSecret::parse(box.reveal_text())->box_public(), box.box_public());
    EXPECT_EQ(VerifyKey::parse(signing.verify_key().text()), signing.verify_key());
    EXPECT_EQ(BoxPublic::parse(box.box_public().text()), box.box_public());
    EXPECT_FALSE(VerifyKey::parse("").has_value());
    EXPECT_FALSE(VerifyKey::parse(signing.verify_key().text() + "A").has_value());
    EXPECT_FALSE(BoxPublic::parse(std::string(43, '!')).has_value());
}

TEST_F(KeyFiles, SavedKeysAreReadableOnlyByTheirOwnerAndLoadBack) {
    const auto key = SigningKey::generate();
    ASSERT_TRUE(key.save(folder_ / "signing.key").has_value());
    struct stat info{};
    ASSERT_EQ(::stat((folder_ / "signing.key").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const auto loaded = SigningKey::load(folder_ / "signing.key");
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->verify_key(), key.verify_key());
}

TEST_F(KeyFiles, SaveNeverOverwritesAKey) {
    const auto key = BoxSecret::generate();
    ASSERT_TRUE(key.save(folder_ / "box.key").has_value());
    const auto again = BoxSecret::generate().save(folder_ / "box.key");
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().fault, KeyFileError::Fault::exists);
    EXPECT_EQ(BoxSecret::load(folder_ / "box.key")->box_public(), key.box_public());
}

TEST_F(KeyFiles, ErrorsNameTheFile) {
    const auto missing = SigningKey::load(folder_ / "nowhere.key");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().fault, KeyFileError::Fault::unreadable);
    EXPECT_NE(missing.error().text.find("nowhere.key"), std::string::npos);

    std::ofstream{folder_ / "short.key"} << "abc\n";
    const auto malformed = SigningKey::load(folder_ / "short.key");
    ASSERT_FALSE(malformed.has_value());
    EXPECT_EQ(malformed.error().fault, KeyFileError::Fault::malformed);
}

TEST(RandomToken, HasTheAskedLengthAndDoesNotRepeat) {
    EXPECT_EQ(random_token(16).size(), 22U);
    EXPECT_NE(random_token(16), random_token(16));
}

TEST(RandomBytes, SmallRequestsNeverRepeatAndHaveNoZeros) {
    std::set<std::array<std::uint8_t, 16>> seen;
    std::array<std::uint8_t, 16> bytes{};
    constexpr int kMany = 5'000;
    for (int i = 0; i < kMany; ++i) {
        random_bytes(bytes);
        seen.insert(bytes);
        EXPECT_NE(bytes, (std::array<std::uint8_t, 16>{}));
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kMany));
}

TEST(RandomBytes, ForkedChildHasOthersThanItsParent) {
    std::array<std::uint8_t, 16> bytes{};
    random_bytes(bytes);  // Now some wait for the next request.
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        random_bytes(bytes);
        ::_exit(::write(ends[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
    }
    std::array<std::uint8_t, 16> childs{};
    EXPECT_EQ(::read(ends[0], childs.data(), childs.size()), 16);
    random_bytes(bytes);
    EXPECT_NE(bytes, childs);
    ::close(ends[0]);
    ::close(ends[1]);
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST(EqualConstantTime, ComparesTexts) {
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "abcd"));
    EXPECT_TRUE(equal_constant_time("", ""));
}

}  // namespace
}  // namespace clarion::crypto
