// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "sdk/native/testing/temporary_directory.hpp"
#include "tools/clarion/trace.hpp"

namespace clarion::tool {
namespace {

using testing::HasSubstr;

struct AccessTest : testing::Test {
    native::testing::TemporaryDirectory directory;
    std::filesystem::path profile = directory.path() / "config" / "profile.json";

    AccessTest() {
        for (const char* name : {"CLARION_SERVER", "CLARION_CA", "CLARION_API_KEY", "CLARION_API_SECRET"}) {
            ::unsetenv(name);
        }
        ::setenv("CLARION_PROFILE", profile.c_str(), 1);
    }
};

TEST_F(AccessTest, WithoutAnythingItSaysHowToGiveTheServer) {
    const auto access = resolve_access({}, Needs::server);
    ASSERT_FALSE(access.has_value());
    EXPECT_THAT(access.error(), HasSubstr("--server"));
    EXPECT_THAT(access.error(), HasSubstr("CLARION_SERVER"));
}

TEST_F(AccessTest, WithoutAKeyItSaysHowToGetOne) {
    const auto access = resolve_access({.server = "https://localhost:1"}, Needs::api_key);
    ASSERT_FALSE(access.has_value());
    EXPECT_THAT(access.error(), HasSubstr("clarion service add"));
}

TEST_F(AccessTest, TheProfileComesBackAndIsForItsOwnerAlone) {
    const Access made{"https://a:1", "/ca.pem", "acme", "key", "secret"};
    ASSERT_TRUE(save_access(profile, made).has_value());
    struct stat status{};
    ASSERT_EQ(::stat(profile.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto access = resolve_access({}, Needs::api_key);
    ASSERT_TRUE(access.has_value()) << access.error();
    EXPECT_EQ(access->server, made.server);
    EXPECT_EQ(access->ca_file, made.ca_file);
    EXPECT_EQ(access->service, made.service);
    EXPECT_EQ(access->api_key, made.api_key);
    EXPECT_EQ(access->api_secret, made.api_secret);
}

TEST_F(AccessTest, OptionsWinOverTheEnvironmentAndThatOverTheProfile) {
    ASSERT_TRUE(save_access(profile, {"https://profile:1", "", "acme", "key", "secret"}).has_value());
    ::setenv("CLARION_SERVER", "https://environment:1", 1);
    EXPECT_EQ(resolve_access({}, Needs::api_key)->server, "https://environment:1");
    EXPECT_EQ(resolve_access({.server = "https://option:1"}, Needs::api_key)->server, "https://option:1");
}

TEST_F(AccessTest, AKeyIsNeverJoinedWithTheSecretOfAnother) {
    ASSERT_TRUE(save_access(profile, {"https://profile:1", "", "acme", "key", "secret"}).has_value());
    ::setenv("CLARION_API_KEY", "other", 1);
    EXPECT_FALSE(resolve_access({}, Needs::api_key).has_value());
    ::setenv("CLARION_API_SECRET", "its secret", 1);
    EXPECT_EQ(resolve_access({}, Needs::api_key)->api_secret, "its secret");
}

TEST(ParseDuration, TakesWhatPeopleWrite) {
    EXPECT_EQ(parse_duration("250ms"), Duration{250});
    EXPECT_EQ(parse_duration("2s"), Duration{2'000});
    EXPECT_EQ(parse_duration("1.5"), Duration{1'500});
    EXPECT_EQ(parse_duration("10m"), Duration{600'000});
    EXPECT_EQ(parse_duration("1h"), Duration{3'600'000});
    for (const auto* bad : {"", "s", "-1s", "2 s", "2d", "nan", "1e9h", "2ss"}) {
        EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
    }
}

TEST(ParseTrace, ReadsWhatTheServerAnswers) {
    const auto trace = parse_trace(R"({"call":{"call_id":"c1","from_user":"alice","to_user":"bob","placed_at":1000},
        "steps":[{"at":1000,"offset_ms":0,"device":"pc","what":"placed","detail":""},
                 {"at":1003,"offset_ms":3,"what":"stored","detail":"d"}],"verdict":"fine"})");
    ASSERT_TRUE(trace.has_value()) << trace.error();
    EXPECT_EQ(trace->call_id, "c1");
    EXPECT_EQ(trace->from, "alice");
    EXPECT_EQ(trace->to, "bob");
    EXPECT_EQ(trace->verdict, "fine");
    ASSERT_EQ(trace->steps.size(), 2U);
    EXPECT_EQ(trace->steps[0].device, "pc");
    EXPECT_EQ(trace->steps[1].offset_ms, 3);
    EXPECT_EQ(trace->steps[1].device, "");
}

TEST(ParseTrace, SomethingElseIsOneClearLine) {
    EXPECT_FALSE(parse_trace("<html>").has_value());
    EXPECT_FALSE(parse_trace("{}").has_value());
    EXPECT_FALSE(parse_trace(R"({"call":[],"steps":{}})").has_value());
}

}  // namespace
}  // namespace clarion::tool
