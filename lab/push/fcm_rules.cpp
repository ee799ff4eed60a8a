// SPDX-License-Identifier: Apache-2.0
#include "lab/push/fcm_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"

namespace clarion::lab {
namespace {

constexpr std::size_t kBodyMax = 64 * 1024;
constexpr std::size_t kPayloadMax = 4096;
constexpr std::int64_t kTtlMaxMs = 2'419'200'000;
constexpr std::int64_t kAssertionMaxS = 3600;
constexpr std::int64_t kSkewMaxS = 300;
// Clients that take no other token endpoint are led here by name.
constexpr auto kGoogleUris = std::to_array<std::string_view>(
    {"https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"}
);
constexpr std::string_view kGrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

using Names = std::initializer_list<std::string_view>;

FcmError invalid(std::string message, std::string field = {}, std::string code = {}) {
    return {
        .status = 400,
        .word = "INVALID_ARGUMENT",
        .error_code = std::move(code),
        .message = std::move(message),
        .field = std::move(field)
    };
}

/// The first member that the schema does not have.
std::optional<FcmError> unknown_field(codec::Node object, std::string_view where, Names known) {
    for (std::size_t i = 0; i < object.size(); ++i) {
        const auto name = object.member_name(i);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string at = where.empty() ? "" : " at '" + std::string{where} + "'";
        return invalid(
            "Invalid JSON payload received. Unknown name \"" + std::string{name} + "\"" + at + ": Cannot find field.",
            std::string{where}
        );
    }
    return std::nullopt;
}

bool is_reserved(std::string_view name) {
    return name.empty() || name == "from" || name == "message_type" || name.starts_with("google.") ||
           name.starts_with("gcm.notification.");
}

/// "30s", "0s", "1.5s".
std::optional<Duration> parse_ttl(std::string_view text) {
    if (!text.ends_with('s')) return std::nullopt;
    text.remove_suffix(1);
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;  // from_chars reads "nan".
    double seconds = -1;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (seconds < 0 || seconds * 1000 > static_cast<double>(kTtlMaxMs)) return std::nullopt;
    return Duration{static_cast<std::int64_t>(seconds * 1000)};
}

std::optional<FcmError> read_data(codec::Node data, FcmMessage& message) {
    if (!data.exists()) {
        message.data_json = "{}";
        return std::nullopt;
    }
    if (!data.is_object()) return invalid("Invalid value at 'message.data' (type.googleapis.com/...MapEntry)");
    std::size_t size = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto value = data.member(i).text();
        if (!value) {
            const std::string at = "message.data[" + std::to_string(i) + "].value";
            return invalid("Invalid value at '" + at + "' (TYPE_STRING), " + data.member(i).dump(), at);
        }
        const auto name = data.member_name(i);
        if (is_reserved(name)) {
            return invalid("Invalid data payload key: " + std::string{name}, "message.data", "INVALID_ARGUMENT");
        }
        size += name.size() + value->size();
    }
    if (size > kPayloadMax) return invalid("Android message is too big");
    message.data_json = data.dump();
    return std::nullopt;
}

std::optional<FcmError> read_android(codec::Node android, FcmMessage& message) {
    message.ttl = Duration{kTtlMaxMs};
    if (!android.exists()) return std::nullopt;
    if (auto error = unknown_field(
            android, "message.android",
            {"collapse_key", "collapseKey", "priority", "ttl", "restricted_package_name", "restrictedPackageName",
             "data", "notification", "fcm_options", "fcmOptions", "direct_boot_ok", "directBootOk",
             "bandwidth_constrained_ok", "restricted_satellite_ok"}
        )) {
        return error;
    }
    if (const auto priority = android.get("priority"); priority.exists()) {
        std::string word{priority.text().value_or(std::string_view{})};
        std::transform(word.begin(), word.end(), word.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        if (word != "HIGH" && word != "NORMAL") {
            return invalid("Invalid value at 'message.android.priority' (AndroidMessagePriority)");
        }
        message.priority = std::move(word);
    }
    for (const std::string_view name : {"collapse_key", "collapseKey"}) {
        const auto key = android.get(name);
        if (!key.exists()) continue;
        if (!key.text()) return invalid("Invalid value at 'message.android.collapse_key' (TYPE_STRING)");
        message.collapse_key = *key.text();
    }
    if (const auto ttl = android.get("ttl"); ttl.exists()) {
        const auto parsed = parse_ttl(ttl.text().value_or(std::string_view{}));
        if (!parsed) {
            return invalid("Invalid value at 'message.android.ttl' (Duration)", "message.android.ttl");
        }
        message.ttl = *parsed;
    }
    return std::nullopt;
}

std::optional<FcmError> read_target(codec::Node message, FcmMessage& out) {
    int targets = 0;
    for (const std::string_view name : {"token", "topic", "condition"}) {
        const auto value = message.get(name);
        if (!value.exists()) continue;
        ++targets;
        if (!value.text()) return invalid("Invalid value at 'message." + std::string{name} + "' (TYPE_STRING)");
    }
    if (targets == 0) return invalid("Recipient of the message is not set.", "message", "INVALID_ARGUMENT");
    if (targets > 1) {
        return invalid("Invalid value at 'message' (oneof), oneof field 'target' is already set.", "message");
    }
    out.token = message.get("token").text().value_or(std::string_view{});
    const bool is_token =
        !out.token.empty() && out.token.size() <= 4096 && std::all_of(out.token.begin(), out.token.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
                   c == '-';
        });
    // Topics and conditions reach no single device; the lab has none.
    if (is_token) return std::nullopt;
    return invalid("The registration token is not a valid FCM registration token", "message.token", "INVALID_ARGUMENT");
}

/// application/x-www-form-urlencoded has the shape of a query.
std::string form_value(std::string_view form, std::string_view name) {
    return net::query_value(form, name).value_or("");
}

}  // namespace

std::string FcmError::body() const {
    codec::Writer json;
    json.begin_object().key("error").begin_object();
    json.key("code").unsigned_integer(status).key("message").text(message).key("status").text(word);
    json.key("details").begin_array();
    if (!error_code.empty()) {
        json.begin_object().key("@type").text("type.googleapis.com/google.firebase.fcm.v1.FcmError");
        json.key("errorCode").text(error_code).end_object();
    }
    if (!field.empty()) {
        json.begin_object().key("@type").text("type.googleapis.com/google.rpc.BadRequest");
        json.key("fieldViolations").begin_array().begin_object();
        json.key("field").text(field).key("description").text(message).end_object().end_array().end_object();
    }
    if (!info_reason.empty()) {
        json.begin_object().key("@type").text("type.googleapis.com/google.rpc.ErrorInfo");
        json.key("reason").text(info_reason).key("domain").text("googleapis.com").end_object();
    }
    json.end_array().end_object().end_object();
    return json.take();
}

std::expected<FcmMessage, FcmError> read_fcm_message(std::string_view body) {
    const auto document = codec::Document::parse(body, kBodyMax);
    if (!document || !document->root().is_object()) {
        return std::unexpected{invalid("Invalid JSON payload received. " + (document ? "" : document.error().message()))
        };
    }
    const codec::Node root = document->root();
    if (auto error = unknown_field(root, "", {"validate_only", "validateOnly", "message"})) {
        return std::unexpected{*error};
    }
    const codec::Node message = root.get("message");
    if (!message.is_object()) return std::unexpected{invalid("Recipient of the message is not set.", "message")};
    if (auto error = unknown_field(
            message, "message",
            {"name", "data", "notification", "android", "webpush", "apns", "fcm_options", "fcmOptions", "token",
             "topic", "condition"}
        )) {
        return std::unexpected{*error};
    }
    FcmMessage out;
    out.is_validate_only = root.get("validate_only").boolean().value_or(false);
    // The token's own format comes last: schema faults are found first.
    const auto target_error = read_target(message, out);
    if (target_error && target_error->field != "message.token") return std::unexpected{*target_error};
    if (auto error = read_data(message.get("data"), out)) return std::unexpected{*error};
    if (auto error = read_android(message.get("android"), out)) return std::unexpected{*error};
    if (target_error) return std::unexpected{*target_error};
    return out;
}

std::expected<FcmAccount, OauthError> check_assertion(
    std::string_view form, const std::map<std::string, FcmAccount>& accounts, std::string_view token_uri, WallTime now
) {
    const auto refuse = [](std::string error, std::string description) {
        return std::unexpected{OauthError{std::move(error), std::move(description)}};
    };
    const std::string grant_type = form_value(form, "grant_type");
    if (grant_type != kGrantType) return refuse("unsupported_grant_type", "Invalid grant_type: " + grant_type);
    const std::string assertion = form_value(form, "assertion");
    if (assertion.empty()) return refuse("invalid_request", "Missing required parameter: assertion");
    const auto seen = crypto::peek_jwt(assertion);
    const auto document =
        seen ? codec::Document::parse(seen->claims_json, crypto::kJwtMax) : std::unexpected{codec::DecodeError{}};
    if (!document) return refuse("invalid_grant", "Invalid JWT: cannot be read.");
    const codec::Node claims = document->root();
    const auto account = accounts.find(std::string{claims.get("iss").text().value_or(std::string_view{})});
    if (account == accounts.end()) return refuse("invalid_grant", "Invalid grant: account not found");
    if (!crypto::verify_rs256(assertion, account->second.public_key)) {
        return refuse("invalid_grant", "Invalid JWT Signature.");
    }
    const auto audience = claims.get("aud").text().value_or(std::string_view{});
    const bool is_google = std::find(kGoogleUris.begin(), kGoogleUris.end(), audience) != kGoogleUris.end();
    if (audience != token_uri && !is_google) {
        return refuse(
            "invalid_grant", "Invalid JWT: Failed audience check. The right audience is " + std::string{token_uri}
        );
    }
    const std::int64_t now_s = now.ms / 1000;
    const auto issued = claims.get("iat").signed_integer();
    const auto expires = claims.get("exp").signed_integer();
    if (!issued || !expires || *expires - *issued > kAssertionMaxS || *issued > now_s + kSkewMaxS ||
        *expires <= now_s) {
        return refuse(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
            "Check your iat and exp values in the JWT claim."
        );
    }
    const auto scope = claims.get("scope").text().value_or(std::string_view{});
    if (!scope.contains("/auth/firebase.messaging") && !scope.contains("/auth/cloud-platform")) {
        return refuse("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
    }
    return account->second;
}

}  // namespace clarion::lab
