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

// ---- schema: unknown names and wrong types ----

std::optional<FcmError> check_data_types(codec::Node data) {
    if (!data.exists()) return std::nullopt;
    if (!data.is_object()) return invalid("Invalid value at 'message.data' (type.googleapis.com/...MapEntry)");
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data.member(i).text()) continue;
        const std::string at = "message.data[" + std::to_string(i) + "].value";
        return invalid("Invalid value at '" + at + "' (TYPE_STRING), " + data.member(i).dump(), at);
    }
    return std::nullopt;
}

std::optional<FcmError> read_priority(codec::Node priority, FcmMessage& message) {
    if (!priority.exists()) return std::nullopt;
    std::string word{priority.text().value_or(std::string_view{})};
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (word != "HIGH" && word != "NORMAL") {
        return invalid("Invalid value at 'message.android.priority' (AndroidMessagePriority)");
    }
    message.priority = std::move(word);
    return std::nullopt;
}

std::optional<FcmError> read_android_types(codec::Node android, FcmMessage& message) {
    if (!android.exists()) return std::nullopt;
    if (!android.is_object()) return invalid("Invalid value at 'message.android' (AndroidConfig)", "message.android");
    if (auto error = unknown_field(
            android, "message.android",
            {"collapse_key", "collapseKey", "priority", "ttl", "restricted_package_name", "restrictedPackageName",
             "data", "notification", "fcm_options", "fcmOptions", "direct_boot_ok", "directBootOk",
             "bandwidth_constrained_ok", "bandwidthConstrainedOk", "restricted_satellite_ok", "restrictedSatelliteOk"}
        )) {
        return error;
    }
    if (auto error = read_priority(android.get("priority"), message)) return error;
    for (const std::string_view name : {"collapse_key", "collapseKey"}) {
        const auto key = android.get(name);
        if (!key.exists()) continue;
        if (!key.text()) return invalid("Invalid value at 'message.android.collapse_key' (TYPE_STRING)");
        message.collapse_key = *key.text();
    }
    return std::nullopt;
}

constexpr auto kTargets = std::to_array<std::string_view>({"token", "fid", "topic", "condition"});

std::optional<FcmError> read_schema(codec::Node root, FcmMessage& out) {
    if (auto error = unknown_field(root, "", {"validate_only", "validateOnly", "message"})) return error;
    const codec::Node message = root.get("message");
    if (message.exists() && !message.is_object()) return invalid("Invalid value at 'message' (Message)", "message");
    if (auto error = unknown_field(
            message, "message",
            {"name", "data", "notification", "android", "webpush", "apns", "fcm_options", "fcmOptions", "token", "fid",
             "topic", "condition"}
        )) {
        return error;
    }
    for (const std::string_view name : kTargets) {
        const auto value = message.get(name);
        const std::string at = "message." + std::string{name};
        if (value.exists() && !value.text()) return invalid("Invalid value at '" + at + "' (TYPE_STRING)", at);
    }
    if (auto error = check_data_types(message.get("data"))) return error;
    for (const std::string_view name : {"validate_only", "validateOnly"}) {
        const auto value = root.get(name);
        if (value.exists() && !value.boolean()) return invalid("Invalid value at 'validate_only' (TYPE_BOOL)");
        out.is_validate_only = out.is_validate_only || value.boolean().value_or(false);
    }
    return read_android_types(message.get("android"), out);
}

// ---- what the fields say ----

std::optional<FcmError> check_target(codec::Node message) {
    const auto targets = std::count_if(kTargets.begin(), kTargets.end(), [&](std::string_view name) {
        return message.get(name).exists();
    });
    if (targets == 0) return invalid("Recipient of the message is not set.", "message", "INVALID_ARGUMENT");
    if (targets == 1) return std::nullopt;
    return invalid("Invalid value at 'message' (oneof), oneof field 'target' is already set.", "message");
}

std::optional<FcmError> check_names(codec::Node data) {
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto name = data.member_name(i);
        if (!is_reserved(name)) continue;
        return invalid("Invalid data payload key: " + std::string{name}, "message.data", "INVALID_ARGUMENT");
    }
    return std::nullopt;
}

std::optional<FcmError> read_ttl(codec::Node ttl, FcmMessage& message) {
    message.ttl = Duration{kTtlMaxMs};
    if (!ttl.exists()) return std::nullopt;
    const auto parsed = parse_ttl(ttl.text().value_or(std::string_view{}));
    if (!parsed) return invalid("Invalid value at 'message.android.ttl' (Duration)", "message.android.ttl");
    message.ttl = *parsed;
    return std::nullopt;
}

std::optional<FcmError> read_data(codec::Node data, FcmMessage& message) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        size += data.member_name(i).size() + data.member(i).text().value_or(std::string_view{}).size();
    }
    message.data_json = data.exists() ? data.dump() : "{}";
    return size > kPayloadMax ? std::optional{invalid("Android message is too big")} : std::nullopt;
}

/// "<22 characters>:APA91b<some 130 more>", as the Firebase library gives them to apps.
bool has_shape_of_token(std::string_view token) {
    return token.size() >= 100 && token.size() <= 400 && token.substr(22).starts_with(":APA91b");
}

std::optional<FcmError> read_token(codec::Node message, bool is_strict, FcmMessage& out) {
    // An installation id is looked up as a token is; topics and conditions reach no single device, the lab has none.
    const auto given = message.get(message.get("fid").exists() ? "fid" : "token");
    out.token = given.text().value_or(std::string_view{});
    const bool is_token =
        !out.token.empty() && out.token.size() <= 4096 && std::all_of(out.token.begin(), out.token.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
                   c == '-';
        });
    if (is_token && (!is_strict || has_shape_of_token(out.token))) return std::nullopt;
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
    if (error_code.empty() && field.empty() && info_reason.empty()) return json.end_object().end_object().take();
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
    if (status == 429) {
        json.begin_object().key("@type").text("type.googleapis.com/google.rpc.QuotaFailure");
        json.key("violations").begin_array().begin_object().key("subject").text("sending rate");
        json.key("description").text(message).end_object().end_array().end_object();
    }
    if (!info_reason.empty()) {
        json.begin_object().key("@type").text("type.googleapis.com/google.rpc.ErrorInfo");
        json.key("reason").text(info_reason).key("domain").text("googleapis.com").key("metadata").begin_object();
        json.key("service").text("fcm.googleapis.com");
        json.key("method").text("google.firebase.fcm.v1.FcmService.SendMessage").end_object().end_object();
    }
    json.end_array().end_object().end_object();
    return json.take();
}

const std::string& FcmError::name() const {
    if (!error_code.empty()) return error_code;
    return info_reason.empty() ? word : info_reason;
}

FcmError fcm_error(unsigned status, std::string_view name) {
    constexpr std::string_view kNoCredential =
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";
    constexpr std::string_view kNoPermission = "The caller does not have permission";
    struct Row {
        std::string_view name;
        unsigned status;
        std::string_view word;
        bool is_error_code;  // FcmError has it; else ErrorInfo, unless it is the word itself.
        std::string_view message;
    };
    constexpr auto kRows = std::to_array<Row>({
        {"INVALID_ARGUMENT", 400, "INVALID_ARGUMENT", true, "Request contains an invalid argument."},
        {"THIRD_PARTY_AUTH_ERROR", 401, "UNAUTHENTICATED", true, kNoCredential},
        {"UNAUTHENTICATED", 401, "UNAUTHENTICATED", false, kNoCredential},
        {"ACCESS_TOKEN_EXPIRED", 401, "UNAUTHENTICATED", false, kNoCredential},
        {"ACCESS_TOKEN_TYPE_UNSUPPORTED", 401, "UNAUTHENTICATED", false, kNoCredential},
        {"CREDENTIALS_MISSING", 401, "UNAUTHENTICATED", false, kNoCredential},
        {"SENDER_ID_MISMATCH", 403, "PERMISSION_DENIED", true, "SenderId mismatch"},
        {"IAM_PERMISSION_DENIED", 403, "PERMISSION_DENIED", false, kNoPermission},
        {"SERVICE_DISABLED", 403, "PERMISSION_DENIED", false, kNoPermission},
        {"UNREGISTERED", 404, "NOT_FOUND", true, "Requested entity was not found."},
        {"QUOTA_EXCEEDED", 429, "RESOURCE_EXHAUSTED", true, "Quota exceeded."},
        {"INTERNAL", 500, "INTERNAL", true, "Internal error encountered."},
        {"UNAVAILABLE", 503, "UNAVAILABLE", true, "The service is currently unavailable."},
    });
    const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.name == name; });
    if (row == kRows.end()) return {.status = status, .word = std::string{name}, .message = "Scripted by the lab."};
    FcmError error{.status = row->status, .word = std::string{row->word}, .message = std::string{row->message}};
    if (row->is_error_code) error.error_code = name;
    if (!row->is_error_code && row->word != name) error.info_reason = name;
    return error;
}

std::expected<FcmMessage, FcmError> read_fcm_message(std::string_view body, bool is_strict_token) {
    const auto document = codec::Document::parse(body, kBodyMax);
    if (!document || !document->root().is_object()) {
        return std::unexpected{invalid("Invalid JSON payload received. " + (document ? "" : document.error().message()))
        };
    }
    FcmMessage out;
    if (auto error = read_schema(document->root(), out)) return std::unexpected{*error};
    const codec::Node message = document->root().get("message");
    if (auto error = check_target(message)) return std::unexpected{*error};
    if (auto error = check_names(message.get("data"))) return std::unexpected{*error};
    if (auto error = read_ttl(message.get("android").get("ttl"), out)) return std::unexpected{*error};
    if (auto error = read_data(message.get("data"), out)) return std::unexpected{*error};
    if (auto error = read_token(message, is_strict_token, out)) return std::unexpected{*error};
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
