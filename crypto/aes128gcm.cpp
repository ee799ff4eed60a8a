// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes128gcm.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "crypto/detail_hkdf.hpp"

namespace clarion::crypto {
namespace {

constexpr std::size_t kTag = 16;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kHeader = kAes128GcmSalt + 4 + 1;
constexpr char kLastRecord = 2;
constexpr char kOtherRecord = 1;

struct CipherFree {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;
using Nonce = std::array<std::uint8_t, kNonce>;

std::uint8_t* bytes(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

/// RFC 8188 section 2.2 and 2.3.
struct RecordKeys {
    std::array<std::uint8_t, 16> key{};
    Nonce base{};

    RecordKeys(BytesView ikm, const Aes128GcmSalt& salt) {
        const Prk prk = hkdf_extract(salt, ikm);
        const Prk key_bytes = hkdf_expand(prk, {std::string_view{"Content-Encoding: aes128gcm\0", 28}});
        const Prk nonce_bytes = hkdf_expand(prk, {std::string_view{"Content-Encoding: nonce\0", 24}});
        std::copy_n(key_bytes.begin(), key.size(), key.begin());
        std::copy_n(nonce_bytes.begin(), base.size(), base.begin());
    }

    /// The number of the record, 96 bits, exclusive-or.
    [[nodiscard]] Nonce nonce(std::uint64_t number) const {
        Nonce out = base;
        for (std::size_t i = 0; i < 8; ++i) out[kNonce - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
        return out;
    }
};

bool seal_record(const RecordKeys& keys, std::string_view padded, std::string& out) {
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    const Nonce nonce = keys.nonce(0);
    const std::size_t start = out.size();
    out.resize(start + padded.size() + kTag);
    int length = 0;
    const bool good =
        cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data()) == 1 &&
        EVP_EncryptUpdate(
            cipher.get(), bytes(out) + start, &length, as_bytes(padded).data(), static_cast<int>(padded.size())
        ) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), bytes(out) + start + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(
            cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag), bytes(out) + start + padded.size()
        ) == 1;
    if (!good) ERR_clear_error();
    return good;
}

std::optional<std::string> open_record(const RecordKeys& keys, std::uint64_t number, std::string_view record) {
    if (record.size() <= kTag) return std::nullopt;
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    const Nonce nonce = keys.nonce(number);
    std::string plain(record.size() - kTag, '\0');
    std::string tag{record.substr(plain.size())};
    int length = 0;
    const bool good =
        cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data()) == 1 &&
        EVP_DecryptUpdate(
            cipher.get(), bytes(plain), &length, as_bytes(record).data(), static_cast<int>(plain.size())
        ) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTag), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + length, &length) == 1;
    ERR_clear_error();
    if (!good) return std::nullopt;
    return plain;
}

}  // namespace

std::optional<std::string> aes128gcm_seal(
    std::string_view plain, BytesView ikm, const Aes128GcmSalt& salt, std::string_view key_id, std::uint32_t record_size
) {
    if (key_id.size() > 255 || plain.size() + 1 + kTag > record_size) return std::nullopt;
    std::string out{salt.begin(), salt.end()};
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(record_size >> static_cast<unsigned>(shift));
    out += static_cast<char>(key_id.size());
    out += key_id;
    std::string padded{plain};
    padded += kLastRecord;
    if (!seal_record(RecordKeys{ikm, salt}, padded, out)) return std::nullopt;
    return out;
}

std::optional<Aes128GcmHeader> aes128gcm_header(std::string_view body) {
    if (body.size() < kHeader) return std::nullopt;
    Aes128GcmHeader header;
    std::ranges::copy(as_bytes(body.substr(0, kAes128GcmSalt)), header.salt.begin());
    for (std::size_t i = 0; i < 4; ++i) {
        header.record_size = header.record_size << 8U | static_cast<std::uint8_t>(body[kAes128GcmSalt + i]);
    }
    const std::size_t id_length = static_cast<std::uint8_t>(body[kHeader - 1]);
    header.size = kHeader + id_length;
    if (body.size() < header.size || header.record_size < kTag + 2) return std::nullopt;
    header.key_id = body.substr(kHeader, id_length);
    return header;
}

std::optional<std::string> aes128gcm_open(std::string_view body, BytesView ikm) {
    const auto header = aes128gcm_header(body);
    if (!header) return std::nullopt;
    const RecordKeys keys{ikm, header->salt};
    std::string_view rest = body.substr(header->size);
    std::string all;
    for (std::uint64_t number = 0; !rest.empty(); ++number) {
        const std::string_view record = rest.substr(0, header->record_size);
        rest.remove_prefix(record.size());
        auto plain = open_record(keys, number, record);
        if (!plain) return std::nullopt;
        // The delimiter tells the last record from the others, so that nobody can cut a message short.
        const std::size_t end = plain->find_last_not_of('\0');
        if (end == std::string::npos || (*plain)[end] != (rest.empty() ? kLastRecord : kOtherRecord)) {
            return std::nullopt;
        }
        all.append(*plain, 0, end);
    }
    return all.empty() && body.size() == header->size ? std::nullopt : std::optional{std::move(all)};
}

}  // namespace clarion::crypto
