// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core/base/bounded.hpp"
#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"

namespace clarion {
namespace {

TEST(Time, AddingToTheEndOfTimeStaysThere) {
    EXPECT_EQ(kNever + Duration{1}, kNever);
    EXPECT_EQ((Instant{INT64_MIN} + Duration{-1}).ms, INT64_MIN);
    EXPECT_EQ(Instant{5} + Duration{7}, Instant{12});
    EXPECT_EQ((WallTime{12} - WallTime{5}).count(), 7);
}

TEST(Uuid, UpperAndLowerCaseAreTheSameCall) {
    const auto lower = CallId::parse("7f3c1d2e-0a4b-4c5d-8e6f-001122334455");
    const auto upper = CallId::parse("7F3C1D2E-0A4B-4C5D-8E6F-001122334455");
    ASSERT_TRUE(lower && upper);
    EXPECT_EQ(*lower, *upper);
    EXPECT_EQ(upper->text(), "7f3c1d2e-0a4b-4c5d-8e6f-001122334455");
}

TEST(Uuid, DefectTwoAnUnparsableIdIsAnErrorAndNeverAFreshOne) {
    for (const char* bad :
         {"", "7f3c1d2e0a4b4c5d8e6f001122334455", "7f3c1d2e-0a4b-4c5d-8e6f-00112233445g",
          "{7f3c1d2e-0a4b-4c5d-8e6f-001122334455}", "7f3c1d2e-0a4b-4c5d-8e6f_001122334455",
          "00000000-0000-0000-0000-000000000000"}) {
        EXPECT_FALSE(CallId::parse(bad)) << bad;
    }
}

TEST(Uuid, V4HasVersionAndVariantBits) {
    EXPECT_EQ(Uuid::v4(~0ULL, ~0ULL).text(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    EXPECT_EQ(Uuid::v4(0, 0).text(), "00000000-0000-4000-8000-000000000000");
}

TEST(StrongId, TakesOnlyTheDocumentedCharactersAndLength) {
    EXPECT_TRUE(UserId::parse("alice_1.a-b"));
    EXPECT_FALSE(UserId::parse(""));
    EXPECT_FALSE(UserId::parse("al ice"));
    EXPECT_FALSE(UserId::parse("\xC3\xA4"));
    EXPECT_TRUE(UserId::parse(std::string(64, 'a')));
    EXPECT_FALSE(UserId::parse(std::string(65, 'a')));
}

TEST(BoundedQueue, RefusesWhatDoesNotFitAndKeepsOrder) {
    BoundedQueue<int, 2> queue;
    EXPECT_TRUE(queue.try_push(1));
    EXPECT_TRUE(queue.try_push(2));
    EXPECT_FALSE(queue.try_push(3));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(Random, SameSeedSameNumbers) {
    Random a{42};
    Random b{42};
    for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
    EXPECT_LT(a.below(10), 10U);
    EXPECT_EQ(Random{1}.below(0), 0U);
}

TEST(Redacted, ShowsItselfOnlyWhenAsked) {
    const Redacted<std::string> name{"Alice"};
    EXPECT_EQ(name.reveal(), "Alice");
    EXPECT_EQ(Redacted<std::string>::placeholder(), "<redacted>");
}

}  // namespace
}  // namespace clarion
