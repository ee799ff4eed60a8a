// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

namespace clarion {

/// A value that must not reach a log: names, tokens, cc_param, SDP. There is no conversion to text; reading it takes
/// the word reveal(), which is easy to find in a review.
template <class T>
class Redacted {
  public:
    Redacted() = default;
    explicit Redacted(T value) : value_{std::move(value)} {}

    [[nodiscard]] const T& reveal() const { return value_; }
    [[nodiscard]] static constexpr std::string_view placeholder() { return "<redacted>"; }

    friend bool operator==(const Redacted&, const Redacted&) = default;

  private:
    T value_{};
};

}  // namespace clarion
