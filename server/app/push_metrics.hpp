// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/app/push_senders.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server {

/// What became of pushes, counted: by provider, kind and outcome, and how long providers took. Thread: the loop's.
class PushMetrics {
  public:
    void count(PushProvider provider, PushKind kind, const PushResult& result);
    void count_retired(PushProvider provider) { ++retired_[static_cast<std::size_t>(provider)]; }

    [[nodiscard]] std::uint64_t of(PushProvider provider, PushKind kind, PushOutcome outcome) const;

    /// In the text form of Prometheus, with the state of the senders' connections.
    [[nodiscard]] std::string text(const PushSenders& senders) const;

  private:
    static constexpr std::size_t kProviders = kPushProviders.size();
    static constexpr std::array<std::int64_t, 7> kBucketsMs{10, 50, 100, 250, 1'000, 5'000, 20'000};

    struct Times {
        std::array<std::uint64_t, kBucketsMs.size()> up_to{};  // Of each bucket and those below.
        std::uint64_t count = 0;
        std::int64_t sum_ms = 0;
    };

    std::array<std::array<std::array<std::uint64_t, kPushOutcomes>, kPushKinds>, kProviders> results_{};
    std::array<std::uint64_t, kProviders> attempts_{};
    std::array<std::uint64_t, kProviders> retired_{};
    std::array<Times, kProviders> accepted_{};
};

}  // namespace clarion::server
