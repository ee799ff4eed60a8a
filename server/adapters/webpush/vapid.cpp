// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/vapid.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"
#include "crypto/web_push.hpp"

namespace clarion::server::webpush {
namespace {

constexpr std::size_t kScalarText = 43;
constexpr std::size_t kSubjectMax = 256;

/// The whole text, when the file is one line of base64url and not PEM.
std::optional<std::string> bare_text(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    if (!in || !std::getline(in, line)) return std::nullopt;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.size() != kScalarText) return std::nullopt;
    return line;
}

}  // namespace

std::expected<Vapid, std::string> Vapid::load(const std::filesystem::path& key_file, std::string subject) {
    const bool is_address = subject.starts_with("mailto:") || subject.starts_with("https://");
    if (!is_address || subject.size() > kSubjectMax || subject.ends_with("@localhost")) {
        return std::unexpected{
            "webpush: webpush.subject is the address at which push services may complain: mailto:you@your.domain or an "
            "https:// address"
        };
    }
    const auto text = bare_text(key_file);
    auto key =
        text ? crypto::PemPrivateKey::from_p256_text(*text, key_file.string()) : crypto::PemPrivateKey::load(key_file);
    if (!key) return std::unexpected{"webpush: " + key.error().text + "; make one with: clarion push vapid-key"};
    auto point = crypto::p256_public_text(*key);
    if (!point) {
        return std::unexpected{
            "webpush: " + key_file.string() + ": not a P-256 key; make one with: clarion push vapid-key"
        };
    }
    return Vapid{*std::move(key), *std::move(point), std::move(subject)};
}

std::expected<std::string, std::string> Vapid::header(std::string_view origin, WallTime now) const {
    codec::Writer claims;
    claims.begin_object().key("aud").text(origin).key("exp").integer((now + kLifetime).ms / 1000);
    claims.key("sub").text(subject_).end_object();
    const auto token = crypto::make_es256(claims.take(), "", key_);
    if (!token) return std::unexpected{"the key cannot sign: " + std::string{crypto::to_string(token.error())}};
    return "vapid t=" + *token + ", k=" + public_key_;
}

}  // namespace clarion::server::webpush
