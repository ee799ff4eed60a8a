// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "tests/fuzz/entropy.hpp"

namespace clarion::fuzz {

void broken(const char* file, int line, const char* condition, std::string_view text) {
    std::fprintf(
        stderr, "%s:%d: broken: %s\n%.*s\n", file, line, condition, static_cast<int>(text.size()), text.data()
    );
    std::abort();
}

}  // namespace clarion::fuzz
