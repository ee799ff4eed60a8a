// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>

/// The entry that libFuzzer and replay.cpp call. It returns 0, or the process ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace clarion::fuzz {

/// Ends the process when a promise is broken: libFuzzer keeps the input, ctest fails.
#define CLARION_FUZZ_EXPECT(condition, text)                                             \
    do {                                                                                 \
        if (!(condition)) ::clarion::fuzz::broken(__FILE__, __LINE__, #condition, text); \
    } while (false)

[[noreturn]] void broken(const char* file, int line, const char* condition, std::string_view text);

/// Decisions from the input's bytes; 0 for ever when they are used up.
class Entropy {
  public:
    explicit Entropy(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }

    std::uint8_t byte() {
        if (bytes_.empty()) return 0;
        const auto first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    bool coin() { return (byte() & 1U) != 0; }
    /// 0 <= result < bound <= 256.
    std::size_t below(std::size_t bound) { return byte() % bound; }
    std::uint64_t word() {
        std::uint64_t made = 0;
        for (int i = 0; i < 8; ++i) made = made << 8U | byte();
        return made;
    }
    template <class List>
    const auto& one_of(const List& list) {
        return list[below(std::size(list))];
    }

  private:
    std::span<const std::uint8_t> bytes_;
};

}  // namespace clarion::fuzz
