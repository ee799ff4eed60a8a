// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/base64.hpp"

namespace clarion::crypto {

/// Why a key could not be read or written. The text names the file; it never holds key material.
struct KeyFileError {
    enum class Fault : std::uint8_t {
        unreadable,    ///< Missing or no permission: fix the path or the owner.
        malformed,     ///< Not 43 characters of base64url: the file is damaged or is another kind of key.
        exists,        ///< Save never overwrites a key; move the old file away first.
        write_failed,  ///< Disk full or read-only; nothing usable was left behind.
    };
    Fault fault;
    std::string text;
};

/// 32 secret bytes, wiped when they go.
class SecretBytes {
  public:
    static constexpr std::size_t kSize = 32;

    SecretBytes() = default;

    explicit SecretBytes(const std::array<std::uint8_t, kSize>& bytes) : bytes_{bytes} {}

    SecretBytes(const SecretBytes&) = default;
    SecretBytes& operator=(const SecretBytes&) = default;
    ~SecretBytes();

    [[nodiscard]] const std::array<std::uint8_t, kSize>& reveal() const { return bytes_; }

    [[nodiscard]] std::array<std::uint8_t, kSize>& reveal() { return bytes_; }

  private:
    std::array<std::uint8_t, kSize> bytes_{};
};

using Signature = std::array<std::uint8_t, 64>;

/// Ed25519 public key (RFC 8032). Text form: 43 characters of base64url.
struct VerifyKey {
    std::array<std::uint8_t, 32> bytes{};

    [[nodiscard]] static std::optional<VerifyKey> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool verify(BytesView message, const Signature& signature) const;

    friend bool operator==(const VerifyKey&, const VerifyKey&) = default;
};

/// Ed25519 private key, kept as its 32-byte seed. What the server signs invites with.
/// Thread: const functions from any thread. Files: one base64url line, mode 0600.
class SigningKey {
  public:
    [[nodiscard]] static SigningKey generate();
    [[nodiscard]] static SigningKey from_seed(const std::array<std::uint8_t, 32>& seed);
    [[nodiscard]] static std::optional<SigningKey> parse(std::string_view text);
    [[nodiscard]] static std::expected<SigningKey, KeyFileError> load(const std::filesystem::path& file);

    [[nodiscard]] std::expected<void, KeyFileError> save(const std::filesystem::path& file) const;

    [[nodiscard]] const VerifyKey& verify_key() const { return public_; }

    [[nodiscard]] Signature sign(BytesView message) const;
    /// The secret as text, for a device's own key store. Never for a log.
    [[nodiscard]] std::string reveal_text() const;

  private:
    SecretBytes seed_;
    VerifyKey public_;
};

/// X25519 public key: what a device registers so that pushes can be sealed to it.
struct BoxPublic {
    std::array<std::uint8_t, 32> bytes{};

    [[nodiscard]] static std::optional<BoxPublic> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    friend bool operator==(const BoxPublic&, const BoxPublic&) = default;
};

/// X25519 private key: stays on the device.
/// Thread: const functions from any thread. Files: one base64url line, mode 0600.
class BoxSecret {
  public:
    [[nodiscard]] static BoxSecret generate();
    [[nodiscard]] static BoxSecret from_bytes(const std::array<std::uint8_t, 32>& bytes);
    [[nodiscard]] static std::optional<BoxSecret> parse(std::string_view text);
    [[nodiscard]] static std::expected<BoxSecret, KeyFileError> load(const std::filesystem::path& file);

    [[nodiscard]] std::expected<void, KeyFileError> save(const std::filesystem::path& file) const;

    [[nodiscard]] const BoxPublic& box_public() const { return public_; }

    [[nodiscard]] const SecretBytes& secret() const { return secret_; }

    /// The secret as text, for a device's own key store. Never for a log.
    [[nodiscard]] std::string reveal_text() const;

  private:
    SecretBytes secret_;
    BoxPublic public_;
};

/// From the system's generator; for keys, tokens and UUIDs. Any thread. Requests of up to 16 bytes are cheap.
void random_bytes(std::span<std::uint8_t> out);
/// Eight of them: a seed, or half a UUID.
[[nodiscard]] std::uint64_t random_number();
/// `bytes` random bytes as base64url: 16 give 22 characters, enough for a single-use token.
[[nodiscard]] std::string random_token(std::size_t bytes);
/// Compares without telling through time how much was equal. Lengths are not secret.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace clarion::crypto
