// SPDX-License-Identifier: Apache-2.0
#include "lab/world/free_lists.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace clarion::lab::world {

namespace {

constexpr std::size_t kStep = 16;  // Sizes are multiples of it; it is what operator new aligns to.
constexpr std::size_t kHead = 16;  // Before each block: its size in steps, 0 when it is malloc's.
// Were the larger blocks malloc's, all that it has would be free after each world, and go back to the system.
constexpr std::size_t kLargest = std::size_t{32} * 1024;
constexpr std::size_t kChunk = std::size_t{256} * 1024;

struct Block {
    Block* next;
};

struct Lists {
    bool is_on = false;
    std::array<Block*, kLargest / kStep + 1> freed{};  // By size in steps.
    std::byte* fresh = nullptr;
    std::byte* fresh_end = nullptr;
};

constinit thread_local Lists lists;

std::byte* get(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc{};
    return static_cast<std::byte*>(memory);
}

void* with_head(std::byte* memory, std::size_t steps) {
    ::new (memory) std::size_t{steps};
    return memory + kHead;
}

void* cut_fresh(std::size_t steps) {
    const std::size_t size = kHead + steps * kStep;
    if (static_cast<std::size_t>(lists.fresh_end - lists.fresh) < size) {
        lists.fresh = get(kChunk);
        lists.fresh_end = lists.fresh + kChunk;
    }
    std::byte* memory = lists.fresh;
    lists.fresh += size;
    return with_head(memory, steps);
}

void* allocate(std::size_t size) {
    const std::size_t steps = size == 0 ? 1 : (size + kStep - 1) / kStep;
    if (!lists.is_on || size > kLargest) return with_head(get(kHead + size), 0);
    Block* block = lists.freed[steps];
    if (block == nullptr) return cut_fresh(steps);
    lists.freed[steps] = block->next;
    return block;
}

void release(void* block) {
    if (block == nullptr) return;
    std::byte* memory = static_cast<std::byte*>(block) - kHead;
    const std::size_t steps = *std::launder(reinterpret_cast<const std::size_t*>(memory));
    if (steps == 0) return std::free(memory);
    lists.freed[steps] = ::new (block) Block{lists.freed[steps]};
}

}  // namespace

FreeLists::FreeLists() { lists.is_on = true; }

FreeLists::~FreeLists() { lists.is_on = false; }

}  // namespace clarion::lab::world

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
void* operator new(std::size_t size) { return clarion::lab::world::allocate(size); }
void operator delete(void* block) noexcept { clarion::lab::world::release(block); }
void operator delete(void* block, std::size_t) noexcept { clarion::lab::world::release(block); }
#endif
