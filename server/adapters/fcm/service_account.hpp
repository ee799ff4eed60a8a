// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "crypto/pem.hpp"

namespace clarion::server::fcm {

/// What the server needs of Google's service account file.
struct ServiceAccount {
    std::string project_id;
    std::string client_email;
    std::string private_key_id;
    std::string token_uri;
    crypto::PemPrivateKey private_key;

    /// Errors: one line that names the file and the field, without any key material.
    [[nodiscard]] static std::expected<ServiceAccount, std::string> load(const std::filesystem::path& file);
    [[nodiscard]] static std::expected<ServiceAccount, std::string> parse(std::string_view json, std::string_view name);

    /// The signed assertion that the token endpoint exchanges for an access token (RFC 7523), good for an hour.
    [[nodiscard]] std::expected<std::string, std::string> assertion(WallTime now) const;
};

}  // namespace clarion::server::fcm
