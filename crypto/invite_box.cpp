// SPDX-License-Identifier: Apache-2.0
#include "crypto/invite_box.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace clarion::crypto {
namespace {

constexpr std::string_view kSealedPrefix = "s1.";
constexpr std::string_view kPlainPrefix = "p1.";
constexpr std::string_view kDomain{"clarion-invite-v1\0", 18};
constexpr std::size_t kSignatureSize = std::tuple_size_v<Signature>;

static_assert(3 + ((kInviteJsonMax + kSignatureSize + crypto_box_SEALBYTES) * 4 + 2) / 3 <= kCcParamMax);
static_assert(3 + ((kInviteJsonMax + 1 + kSignatureSize + crypto_box_SEALBYTES) * 4 + 2) / 3 > kCcParamMax);

Bytes signed_text(BytesView json) {
    Bytes text;
    text.reserve(kDomain.size() + json.size());
    text.insert(text.end(), kDomain.begin(), kDomain.end());
    text.insert(text.end(), json.begin(), json.end());
    return text;
}

bool is_of_another_version(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || dot < 2 || dot > 4) return false;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin() + 1, text.begin() + dot, is_digit);
}

std::expected<Bytes, OpenError> unseal(const Bytes& sealed, const BoxSecret* device) {
    if (device == nullptr) return std::unexpected{OpenError::no_key};
    if (sealed.size() < crypto_box_SEALBYTES + kSignatureSize) return std::unexpected{OpenError::malformed};
    Bytes inner(sealed.size() - crypto_box_SEALBYTES);
    const int opened = crypto_box_seal_open(
        inner.data(), sealed.data(), sealed.size(), device->box_public().bytes.data(), device->secret().reveal().data()
    );
    if (opened != 0) return std::unexpected{OpenError::not_for_this_device};
    return inner;
}

}  // namespace

std::expected<std::string, SealError> seal_invite(
    std::string_view invite_json, const SigningKey& signer, const BoxPublic* device
) {
    if (invite_json.size() > kInviteJsonMax) return std::unexpected{SealError::too_large};
    const BytesView json = as_bytes(invite_json);
    const Signature signature = signer.sign(signed_text(json));
    Bytes inner{signature.begin(), signature.end()};
    inner.insert(inner.end(), json.begin(), json.end());
    if (device == nullptr) return std::string{kPlainPrefix} + base64url_encode(inner);

    Bytes sealed(inner.size() + crypto_box_SEALBYTES);
    if (crypto_box_seal(sealed.data(), inner.data(), inner.size(), device->bytes.data()) != 0) {
        return std::unexpected{SealError::bad_box_key};
    }
    return std::string{kSealedPrefix} + base64url_encode(sealed);
}

std::expected<std::string, OpenError> open_invite(
    std::string_view cc_param, const BoxSecret* device, std::span<const VerifyKey> servers
) {
    if (cc_param.size() > kCcParamMax) return std::unexpected{OpenError::too_large};
    const bool sealed = cc_param.starts_with(kSealedPrefix);
    if (!sealed && !cc_param.starts_with(kPlainPrefix)) {
        const bool is_later = is_of_another_version(cc_param);
        return std::unexpected{is_later ? OpenError::unsupported_version : OpenError::malformed};
    }
    auto raw = base64url_decode(cc_param.substr(kSealedPrefix.size()));
    if (!raw) return std::unexpected{OpenError::malformed};
    if (servers.empty()) return std::unexpected{OpenError::no_key};

    Bytes inner;
    if (sealed) {
        auto opened = unseal(*raw, device);
        if (!opened) return std::unexpected{opened.error()};
        inner = *std::move(opened);
    } else {
        inner = *std::move(raw);
    }
    if (inner.size() <= kSignatureSize) return std::unexpected{OpenError::malformed};
    Signature signature{};
    std::copy_n(inner.begin(), kSignatureSize, signature.begin());
    const BytesView json{inner.data() + kSignatureSize, inner.size() - kSignatureSize};
    const Bytes text = signed_text(json);
    const bool known =
        std::any_of(servers.begin(), servers.end(), [&](const VerifyKey& key) { return key.verify(text, signature); });
    if (!known) return std::unexpected{OpenError::bad_signature};
    return std::string{json.begin(), json.end()};
}

}  // namespace clarion::crypto
