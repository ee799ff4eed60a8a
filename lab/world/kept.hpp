// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

namespace clarion::lab::world {

/// A list whose memory outlives it: the next one of its kind on this thread begins, empty, with that of one that is
/// gone. A world is made and forgotten with every story, and the allocator has most work with what is large. Under
/// AddressSanitizer it is an ordinary list: what is gone must not be touched.
template <class List>
class Kept : public List {
  public:
    Kept() {
        auto& spare = spare_memory();
        if (spare.empty()) return;
        List::operator=(std::move(spare.back()));
        spare.pop_back();
    }
    Kept(const Kept&) = default;
    Kept(Kept&&) noexcept = default;
    Kept& operator=(const Kept&) = default;
    Kept& operator=(Kept&&) noexcept = default;
    Kept& operator=(List&& list) noexcept {
        List::operator=(std::move(list));
        return *this;
    }
    ~Kept() {
        if (!kIsKept) return;
        if constexpr (requires { this->capacity(); }) {
            if (this->capacity() == 0) return;
        }
        this->clear();
        spare_memory().push_back(std::move(*this));
    }

  private:
#if __has_feature(address_sanitizer)
    static constexpr bool kIsKept = false;
#else
    static constexpr bool kIsKept = true;
#endif

    static std::vector<List>& spare_memory() {
        static thread_local std::vector<List> spare;
        return spare;
    }
};

}  // namespace clarion::lab::world
