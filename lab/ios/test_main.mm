/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

extern "C" void* objc_autoreleasePoolPush(void);
extern "C" void objc_autoreleasePoolPop(void* pool);

namespace {

/// Every test has its own pool, drained after its fixture is gone.
class Pools : public ::testing::EmptyTestEventListener {
  public:
    void OnTestStart(const ::testing::TestInfo&) override { pool_ = objc_autoreleasePoolPush(); }
    void OnTestEnd(const ::testing::TestInfo&) override { objc_autoreleasePoolPop(pool_); }

  private:
    void* pool_ = nullptr;
};

}  // namespace

int main(int count, char** arguments) {
    ::testing::InitGoogleMock(&count, arguments);
    ::testing::UnitTest::GetInstance()->listeners().Append(new Pools);
    return RUN_ALL_TESTS();
}
