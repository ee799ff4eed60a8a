// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/service_account.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"

namespace clarion::server::fcm {
namespace {

constexpr std::size_t kFileMax = 64 * 1024;
constexpr std::string_view kScope = "https://www.googleapis.com/auth/firebase.messaging";
constexpr std::int64_t kAssertionLifetimeS = 3600;  // Google accepts at most this.

/// Google's rule for project ids; it becomes part of a path.
bool is_project_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.';
    });
}

}  // namespace

std::expected<ServiceAccount, std::string> ServiceAccount::load(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream) return std::unexpected{"fcm: " + file.string() + ": cannot be read"};
    std::string text(kFileMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse(text, file.string());
}

std::expected<ServiceAccount, std::string> ServiceAccount::parse(std::string_view json, std::string_view name) {
    const auto refuse = [&](std::string_view what) {
        return std::unexpected{"fcm: " + std::string{name} + ": " + std::string{what}};
    };
    const auto document = codec::Document::parse(json, kFileMax);
    if (!document) return refuse("not a service account: " + document.error().message());
    const auto field = [&](std::string_view key) {
        return std::string{document->root().get(key).text().value_or(std::string_view{})};
    };
    const std::string pem = field("private_key");
    if (pem.empty()) return refuse("no private_key; download the key of the service account as JSON");
    auto key = crypto::PemPrivateKey::parse(pem, std::string{name} + " private_key");
    if (!key) return std::unexpected{"fcm: " + key.error().text};
    if (key->kind() != crypto::KeyKind::rsa) return refuse("private_key is not an RSA key");
    ServiceAccount account{
        .project_id = field("project_id"),
        .client_email = field("client_email"),
        .private_key_id = field("private_key_id"),
        .token_uri = field("token_uri"),
        .private_key = *std::move(key)
    };
    if (!is_project_id(account.project_id)) return refuse("project_id is missing or malformed");
    if (account.client_email.empty()) return refuse("no client_email");
    if (account.token_uri.empty()) account.token_uri = "https://oauth2.googleapis.com/token";
    return account;
}

std::expected<std::string, std::string> ServiceAccount::assertion(WallTime now) const {
    const std::int64_t issued_at = now.ms / 1000;
    codec::Writer claims;
    claims.begin_object();
    claims.key("iss").text(client_email).key("scope").text(kScope).key("aud").text(token_uri);
    claims.key("iat").integer(issued_at).key("exp").integer(issued_at + kAssertionLifetimeS);
    claims.end_object();
    auto token = crypto::make_rs256(claims.take(), private_key_id, private_key);
    if (!token) return std::unexpected{"the key cannot sign: " + std::string{to_string(token.error())}};
    return *std::move(token);
}

}  // namespace clarion::server::fcm
