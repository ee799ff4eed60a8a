// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.hpp"
#include "core/engine/inputs.hpp"
#include "crypto/keys.hpp"

namespace clarion::native {

/// The fields of a push as the push service delivered them (all of them text).
using PushData = std::vector<std::pair<std::string, std::string>>;

/// Turns what a push service delivered into the engine's fact: opens the seal with the device's key, checks the
/// server's signature, reads the invite. Nothing else in the push is believed (I14).
///
/// Thread: any; cost about 0.1 ms, no I/O.
class PushOpener {
  public:
    PushOpener(std::optional<crypto::BoxSecret> box, std::vector<crypto::VerifyKey> servers);

    /// Reads `box.key` (absent: only unsealed invites open) and the keys in text form.
    /// Error: one line that names the file or the key.
    [[nodiscard]] static std::expected<PushOpener, std::string> load(
        const std::filesystem::path& box_key, const std::vector<std::string>& verify_keys
    );

    /// `must_report`: what PushKit says about this push (iOS 26.4 and later), true before that.
    [[nodiscard]] engine::PushReceived open(const PushData& data, WallTime wall_now, bool must_report) const;

    /// The same for an invite that came over the connection.
    [[nodiscard]] engine::PushReceived open_cc_param(std::string_view cc_param, WallTime wall_now, bool must_report)
        const;

  private:
    std::optional<crypto::BoxSecret> box_;
    std::vector<crypto::VerifyKey> servers_;
};

}  // namespace clarion::native
