// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <map>
#include <unordered_map>

#include "core/routing/model_test.hpp"

/// Every order, with repetition, of up to six events of a call to two devices, against small devices that do what they
/// are told. Two orders that lead to the same state of the server and of every device have the same futures and are
/// continued once; the sequences are counted all the same.
namespace clarion::routing::testing {
namespace {

constexpr std::size_t kDepth = 6;

std::string key_of(const State& s, const Verdict& v) {
    std::string key;
    key.reserve(192);
    const auto put = [&](auto value) {
        const auto number = static_cast<std::int32_t>(value);  // The call's times are distances: they fit.
        key.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    const auto put_time = [&](const std::optional<WallTime>& t) { put(t ? t->ms - kPlacedAt.ms : -1); };
    put(s.now.ms - kPlacedAt.ms);
    put(s.call.phase);
    put(s.call.reason);
    put(s.call.source);
    put(s.call.crossings.size());
    put_time(s.call.connected_at);
    put(s.call.caller.connected + 2 * s.call.callee.connected);
    put_time(s.call.caller.lost_at);
    put_time(s.call.callee.lost_at);
    put_time(s.call.answered_at);
    put_time(s.call.ended_at);
    for (const auto& id : {s.call.winner, s.call.ended_by}) {
        put(!id ? 0 : *id == kPhone ? 1 : *id == kTablet ? 2 : 3);
    }
    for (const Leg& leg : s.call.legs) {
        put(leg.state);
        put(leg.has_push + 2 * leg.connected + 4 * leg.pushed);
        put_time(leg.push_at);
        put(leg.own_end.value_or(EndReason::unknown));
    }
    for (const Model* m : {&s.a, &s.b, &s.caller}) {
        put(m->connected + 2 * m->announced + 4 * m->ringing + 8 * m->confirmed + 16 * m->tombstone + 32 * m->learned);
        put(m->ring_pushes);
        put(m->told ? static_cast<int>(m->told->reason) * 10 + static_cast<int>(m->told->source) : 0);
    }
    put(s.histories);
    put(v.end.has_value() + 2 * v.own_a.has_value() + 4 * v.own_b.has_value() + 8 * v.has_media);
    put_time(v.winner_lost_at);
    put_time(v.caller_lost_at);
    return key;
}

class Explorer {
  public:
    std::uint64_t sequences = 0;
    std::size_t states = 0;

    void run(const CallPlaced& placed) {
        Node start;
        if (!checker_.begin(start, placed)) return;
        (void)number_of(std::move(start));
        std::map<std::size_t, std::uint64_t> frontier{{0, 1}};  // State and in how many ways it was reached.
        for (std::size_t depth = 0; depth < kDepth && fault().empty(); ++depth) frontier = step(frontier);
        states = nodes_.size();
    }

    [[nodiscard]] const std::string& fault() const { return checker_.fault; }

  private:
    using Successors = std::array<std::size_t, kDeedNames.size()>;

    std::map<std::size_t, std::uint64_t> step(const std::map<std::size_t, std::uint64_t>& frontier) {
        std::map<std::size_t, std::uint64_t> next;
        for (const auto& [number, ways] : frontier) {
            if (!expand(number)) return {};
            for (const std::size_t successor : successors_[number]) {
                next[successor] += ways;
                sequences += ways;
            }
        }
        return next;
    }

    /// Every deed after this state, once.
    bool expand(std::size_t number) {
        if (successors_.contains(number)) return true;
        Successors successors{};
        for (std::size_t deed = 0; deed < kDeedNames.size(); ++deed) {
            Node child = nodes_[number];
            if (!checker_.act(child, static_cast<Deed>(deed))) return false;
            const std::size_t known = nodes_.size();
            successors[deed] = number_of(std::move(child));
            if (successors[deed] == known && !checker_.settles(nodes_.back())) return false;
        }
        successors_.emplace(number, successors);
        return true;
    }

    std::size_t number_of(Node node) {
        const auto [it, is_new] = numbers_.try_emplace(key_of(node.state, node.verdict), nodes_.size());
        if (is_new) nodes_.push_back(std::move(node));
        return it->second;
    }

    Checker checker_;
    std::vector<Node> nodes_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::map<std::size_t, Successors> successors_;
};

constexpr std::array<const char*, 3> kStartNames{"OneConnected", "BothPushed", "PhoneAndDesktopConnected"};

class AllOrders : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(
    Devices,
    AllOrders,
    ::testing::Range(std::size_t{0}, kStartNames.size()),
    [](const auto& start) { return kStartNames[start.param]; }
);

TEST_P(AllOrders, OfSixEventsKeepEveryInvariant) {
    Explorer explorer;
    explorer.run(starts()[GetParam()]);
    EXPECT_EQ(explorer.fault(), "");
    std::uint64_t expected = 0;
    std::uint64_t power = 1;
    for (std::size_t depth = 0; depth < kDepth; ++depth) expected += power *= kDeedNames.size();
    EXPECT_EQ(explorer.sequences, expected);
    std::cout << explorer.sequences << " sequences of up to " << kDepth << " events, " << explorer.states
              << " different states\n";
}

}  // namespace
}  // namespace clarion::routing::testing
