// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace clarion::crypto {

enum class KeyKind : std::uint8_t { p256, rsa };

/// Why a PEM key was refused. The text names the file (or the name that the caller gave) and says what to do; it never
/// holds key material.
struct PemError {
    enum class Fault : std::uint8_t {
        unreadable,      ///< Missing, no permission, or larger than 64 kB.
        malformed,       ///< Not an unencrypted PEM key.
        unsuitable_key,  ///< An EC key that is not P-256, an RSA key below 2048 bits, or another kind.
    };
    Fault fault;
    std::string text;
};

/// A private key in PEM (PKCS#8 as Apple's .p8 and Google's service accounts; the older forms work as well).
/// Thread: const use from any thread. Copies share one key.
class PemPrivateKey {
  public:
    struct Handle;

    [[nodiscard]] static std::expected<PemPrivateKey, PemError> load(const std::filesystem::path& file);
    /// `name` stands in error texts where a file name would.
    [[nodiscard]] static std::expected<PemPrivateKey, PemError> parse(std::string_view pem, std::string_view name);

    /// A P-256 key from its 32 bytes as base64url (43 characters), as tools for Web Push write VAPID keys.
    [[nodiscard]] static std::expected<PemPrivateKey, PemError> from_p256_text(
        std::string_view text, std::string_view name
    );

    [[nodiscard]] KeyKind kind() const { return kind_; }

    [[nodiscard]] const Handle& handle() const { return *handle_; }

  private:
    PemPrivateKey(std::shared_ptr<const Handle> handle, KeyKind kind) : handle_{std::move(handle)}, kind_{kind} {}

    std::shared_ptr<const Handle> handle_;
    KeyKind kind_;
};

/// A public key in PEM (SubjectPublicKeyInfo). Thread: const use from any thread. Copies share one key.
class PemPublicKey {
  public:
    struct Handle;

    [[nodiscard]] static std::expected<PemPublicKey, PemError> load(const std::filesystem::path& file);
    [[nodiscard]] static std::expected<PemPublicKey, PemError> parse(std::string_view pem, std::string_view name);

    [[nodiscard]] KeyKind kind() const { return kind_; }

    [[nodiscard]] const Handle& handle() const { return *handle_; }

  private:
    PemPublicKey(std::shared_ptr<const Handle> handle, KeyKind kind) : handle_{std::move(handle)}, kind_{kind} {}

    std::shared_ptr<const Handle> handle_;
    KeyKind kind_;
};

}  // namespace clarion::crypto
