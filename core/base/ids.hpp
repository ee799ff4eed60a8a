// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/uuid.hpp"

namespace clarion {

/// A name that cannot be mixed up with another kind of name. 1 to 64 bytes of letters, digits, '-', '_' and '.'
/// (the union of LINE Planet's rules for service and user ids). Empty only when default-constructed.
template <class Tag>
class StrongId {
  public:
    static constexpr std::size_t kLengthMax = 64;

    StrongId() = default;

    [[nodiscard]] static std::optional<StrongId> parse(std::string_view text) {
        if (text.empty() || text.size() > kLengthMax) return std::nullopt;
        for (const char c : text) {
            const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '_' || c == '.';
            if (!ok) return std::nullopt;
        }
        StrongId id;
        id.text_ = std::string{text};
        return id;
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

    friend auto operator<=>(const StrongId&, const StrongId&) = default;

  private:
    std::string text_;
};

using ServiceId = StrongId<struct ServiceTag>;
using UserId = StrongId<struct UserTag>;
using DeviceId = StrongId<struct DeviceTag>;

/// One id everywhere: made by the caller's SDK, accepted by the server, used as the CallKit UUID by every callee
/// device.
struct CallId {
    Uuid uuid;

    [[nodiscard]] static std::optional<CallId> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        if (!uuid || uuid->is_nil()) return std::nullopt;
        return CallId{*uuid};
    }
    [[nodiscard]] std::string text() const { return uuid.text(); }

    friend auto operator<=>(const CallId&, const CallId&) = default;
};

}  // namespace clarion
