// SPDX-License-Identifier: Apache-2.0
#include "lab/world/free_lists.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <thread>

namespace clarion::lab::world {
namespace {

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

TEST(FreeLists, AFreedBlockIsTheNextOneOfItsSize) {
    const FreeLists memory;
    void* first = ::operator new(100);
    void* other = ::operator new(100);
    EXPECT_NE(first, other);
    ::operator delete(first);
    EXPECT_EQ(::operator new(112), first);  // The same multiple of 16.
    ::operator delete(first, 112);
    EXPECT_NE(::operator new(96), first);
    ::operator delete(other);
}

TEST(FreeLists, BlocksOfBothKindsAreFreedWhereverTheyCameFrom) {
    void* old = ::operator new(40);
    void* listed = nullptr;
    void* large = nullptr;
    {
        const FreeLists memory;
        listed = ::operator new(40);
        large = ::operator new(50'000);
        std::memset(listed, 1, 40);
        std::memset(large, 1, 50'000);
        ::operator delete(old);
    }
    std::thread{[&] {
        ::operator delete(listed);
        ::operator delete(large);
        const FreeLists memory;
        EXPECT_EQ(::operator new(33), listed);  // It is this thread's now.
        ::operator delete(listed);
    }}.join();
}

#endif

}  // namespace
}  // namespace clarion::lab::world
