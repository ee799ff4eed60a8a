// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "lab/push/apns_rules.hpp"
#include "lab/push/fcm_rules.hpp"

namespace clarion::lab {

/// What Apple's developer pages would hand out: the file for the server, the public half for the local service.
struct ApnsCredentials {
    std::string key_file;  ///< AuthKey_<key id>.p8
    ApnsKey key;
};

/// Errors: one line that names the file.
[[nodiscard]] std::expected<ApnsCredentials, std::string> make_apns_credentials(
    const std::filesystem::path& folder, const std::string& key_id, const std::string& team_id
);

/// What the Firebase console would hand out.
struct FcmCredentials {
    std::string service_account_file;
    FcmAccount account;
};

/// `token_uri` is the local service's (FcmService::token_uri).
[[nodiscard]] std::expected<FcmCredentials, std::string> make_fcm_credentials(
    const std::filesystem::path& folder, const std::string& project_id, const std::string& token_uri
);

}  // namespace clarion::lab
