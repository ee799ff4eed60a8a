// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.hpp"
#include "crypto/pem.hpp"
#include "net/http_message.hpp"

namespace clarion::lab {

/// A service account that Google knows.
struct FcmAccount {
    std::string client_email;
    std::string project_id;
    crypto::PemPublicKey public_key;
};

/// A registration token: what the Firebase library gave to an app.
struct FcmDevice {
    std::string token;
    std::string project_id;
    bool is_registered = true;
};

/// A refusal in Google's envelope, or an answer of the token endpoint.
struct FcmError {
    unsigned status = 400;
    std::string word;        ///< "INVALID_ARGUMENT"
    std::string error_code;  ///< FcmError's errorCode; empty: the details have none
    std::string message;
    std::string field;        ///< of a BadRequest violation
    std::string info_reason;  ///< of an ErrorInfo

    [[nodiscard]] std::string body() const;
    /// The most telling of its words: "UNREGISTERED", "IAM_PERMISSION_DENIED", "INVALID_ARGUMENT".
    [[nodiscard]] const std::string& name() const;
};

/// The refusal that Google gives that name, whatever the status says; an unknown name is the status word itself.
[[nodiscard]] FcmError fcm_error(unsigned status, std::string_view name);

/// A message that passed the schema.
struct FcmMessage {
    std::string token;
    std::string data_json;  ///< the `data` map
    std::string priority = "NORMAL";
    std::string collapse_key;
    Duration ttl{0};
    bool is_validate_only = false;
};

/// Checks the JSON of a send request as FCM does: unknown fields, types, one target, reserved names, ttl, size, the
/// token's alphabet (`is_strict_token`: its whole shape). Pure.
/// Source: "REST Resource: projects.messages" and bodies of the live service.
[[nodiscard]] std::expected<FcmMessage, FcmError> read_fcm_message(std::string_view body, bool is_strict_token = false);

/// The OAuth token endpoint's check of an assertion (RFC 7523); the account it belongs to. Pure.
struct OauthError {
    std::string error;
    std::string description;
};
[[nodiscard]] std::expected<FcmAccount, OauthError> check_assertion(
    std::string_view form, const std::map<std::string, FcmAccount>& accounts, std::string_view token_uri, WallTime now
);

}  // namespace clarion::lab
