// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "crypto/keys.hpp"

namespace clarion::server {

/// The server's own keys, in `<data_dir>/keys` (0700), each file 0600, made at the first start.
///
/// - `invite.key` (Ed25519): signs invites. - `invite-next.key` (optional): the key of the next rotation; devices learn
/// its
///   public half now, so that it may become invite.key later without a device that refuses it. - `ticket.key`: 32
///   bytes.
struct ServerKeys {
    crypto::SigningKey invite_key;
    crypto::SecretBytes ticket_key;
    std::vector<std::string> verify_keys;  ///< base64url; what a device trusts

    /// Errors: one line that names the file and what is wrong with it.
    [[nodiscard]] static std::expected<ServerKeys, std::string> load_or_make(const std::filesystem::path& directory);
};

}  // namespace clarion::server
