// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace clarion::crypto {
namespace {

using Array32 = std::array<std::uint8_t, 32>;

constexpr std::size_t kKeyTextLength = 43;  // 32 bytes in base64url.
constexpr std::size_t kKeyFileMax = 64;     // The line, a line end, and a little room; more is another file.

/// libsodium picks its fast code paths here; its functions work without, but random numbers must not start unseeded.
void ensure_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) std::abort();  // No random source: every key would be worthless.
}

/// Random bytes ahead of need, because a system call for each identifier is a good part of what a push costs. What was
/// handed out is wiped here; a forked child starts anew. One for each thread.
class RandomPool {
  public:
    static constexpr std::size_t kRequestMax = 16;  // Identifiers and seeds: keys come from the system itself.

    void take(std::span<std::uint8_t> out) {
        [[maybe_unused]] static const int is_watching = pthread_atfork(nullptr, nullptr, [] { ++forks; });
        if (forks_seen_ != forks || out.size() > left_) {
            forks_seen_ = forks;
            randombytes_buf(bytes_.data(), bytes_.size());
            left_ = bytes_.size();
        }
        std::uint8_t* from = bytes_.data() + bytes_.size() - left_;
        std::copy_n(from, out.size(), out.begin());
        sodium_memzero(from, out.size());
        left_ -= out.size();
    }

  private:
    static inline std::atomic<unsigned> forks = 0;

    std::array<std::uint8_t, 512> bytes_{};
    std::size_t left_ = 0;
    unsigned forks_seen_ = 0;
};

std::optional<Array32> parse_32(std::string_view text) {
    if (text.size() != kKeyTextLength) return std::nullopt;
    auto bytes = base64url_decode(text);
    if (!bytes || bytes->size() != 32) return std::nullopt;
    Array32 key{};
    std::copy(bytes->begin(), bytes->end(), key.begin());
    sodium_memzero(bytes->data(), bytes->size());
    return key;
}

KeyFileError fault(KeyFileError::Fault kind, const std::filesystem::path& file, std::string_view what) {
    return {kind, file.string() + ": " + std::string{what}};
}

/// A descriptor that closes itself.
class File {
  public:
    explicit File(int fd) : fd_{fd} {}

    File(const File&) = delete;
    File& operator=(const File&) = delete;

    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
};

std::expected<std::string, KeyFileError> read_key_line(const std::filesystem::path& path) {
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd() < 0) return std::unexpected{fault(KeyFileError::Fault::unreadable, path, std::strerror(errno))};
    std::string text(kKeyFileMax + 1, '\0');
    const ssize_t got = ::read(file.fd(), text.data(), text.size());
    if (got < 0) return std::unexpected{fault(KeyFileError::Fault::unreadable, path, std::strerror(errno))};
    text.resize(static_cast<std::size_t>(got));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.size() != kKeyTextLength) {
        return std::unexpected{fault(KeyFileError::Fault::malformed, path, "not a key (want 43 characters)")};
    }
    return text;
}

std::expected<void, KeyFileError> write_key_line(const std::filesystem::path& path, std::string line) {
    line.push_back('\n');
    // O_EXCL: a key is never overwritten, and a planted symbolic link is not followed.
    const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (file.fd() < 0) {
        const auto kind = errno == EEXIST ? KeyFileError::Fault::exists : KeyFileError::Fault::write_failed;
        return std::unexpected{fault(kind, path, std::strerror(errno))};
    }
    const bool written =
        ::write(file.fd(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file.fd()) == 0;
    sodium_memzero(line.data(), line.size());
    if (!written) {
        const std::string reason = std::strerror(errno);
        ::unlink(path.c_str());
        return std::unexpected{fault(KeyFileError::Fault::write_failed, path, reason)};
    }
    return {};
}

template <class Key>
std::expected<Key, KeyFileError> load_key(const std::filesystem::path& path) {
    auto line = read_key_line(path);
    if (!line) return std::unexpected{line.error()};
    auto key = Key::parse(*line);
    sodium_memzero(line->data(), line->size());
    if (!key) return std::unexpected{fault(KeyFileError::Fault::malformed, path, "not base64url")};
    return *std::move(key);
}

}  // namespace

SecretBytes::~SecretBytes() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::optional<VerifyKey> VerifyKey::parse(std::string_view text) {
    const auto bytes = parse_32(text);
    if (!bytes) return std::nullopt;
    return VerifyKey{*bytes};
}

std::string VerifyKey::text() const { return base64url_encode(bytes); }

bool VerifyKey::verify(BytesView message, const Signature& signature) const {
    return crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(), bytes.data()) == 0;
}

SigningKey SigningKey::from_seed(const Array32& seed) {
    ensure_sodium();
    SigningKey key;
    key.seed_ = SecretBytes{seed};
    std::array<std::uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> expanded{};
    crypto_sign_ed25519_seed_keypair(key.public_.bytes.data(), expanded.data(), seed.data());
    sodium_memzero(expanded.data(), expanded.size());
    return key;
}

SigningKey SigningKey::generate() {
    SecretBytes seed;
    random_bytes(seed.reveal());
    return from_seed(seed.reveal());
}

std::optional<SigningKey> SigningKey::parse(std::string_view text) {
    const auto bytes = parse_32(text);
    if (!bytes) return std::nullopt;
    const SecretBytes seed{*bytes};
    return from_seed(seed.reveal());
}

std::expected<SigningKey, KeyFileError> SigningKey::load(const std::filesystem::path& file) {
    return load_key<SigningKey>(file);
}

std::expected<void, KeyFileError> SigningKey::save(const std::filesystem::path& file) const {
    return write_key_line(file, reveal_text());
}

Signature SigningKey::sign(BytesView message) const {
    std::array<std::uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> expanded{};
    // libsodium's secret key is seed || public key; no need to derive it again.
    std::copy(seed_.reveal().begin(), seed_.reveal().end(), expanded.begin());
    std::copy(public_.bytes.begin(), public_.bytes.end(), expanded.begin() + 32);
    Signature signature{};
    crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(), expanded.data());
    sodium_memzero(expanded.data(), expanded.size());
    return signature;
}

std::string SigningKey::reveal_text() const { return base64url_encode(seed_.reveal()); }

std::optional<BoxPublic> BoxPublic::parse(std::string_view text) {
    const auto bytes = parse_32(text);
    if (!bytes) return std::nullopt;
    return BoxPublic{*bytes};
}

std::string BoxPublic::text() const { return base64url_encode(bytes); }

BoxSecret BoxSecret::from_bytes(const Array32& bytes) {
    ensure_sodium();
    BoxSecret key;
    key.secret_ = SecretBytes{bytes};
    crypto_scalarmult_curve25519_base(key.public_.bytes.data(), bytes.data());
    return key;
}

BoxSecret BoxSecret::generate() {
    SecretBytes secret;
    random_bytes(secret.reveal());
    return from_bytes(secret.reveal());
}

std::optional<BoxSecret> BoxSecret::parse(std::string_view text) {
    const auto bytes = parse_32(text);
    if (!bytes) return std::nullopt;
    const SecretBytes secret{*bytes};
    return from_bytes(secret.reveal());
}

std::expected<BoxSecret, KeyFileError> BoxSecret::load(const std::filesystem::path& file) {
    return load_key<BoxSecret>(file);
}

std::expected<void, KeyFileError> BoxSecret::save(const std::filesystem::path& file) const {
    return write_key_line(file, reveal_text());
}

std::string BoxSecret::reveal_text() const { return base64url_encode(secret_.reveal()); }

void random_bytes(std::span<std::uint8_t> out) {
    ensure_sodium();
    thread_local RandomPool pool;
    if (out.size() <= RandomPool::kRequestMax) return pool.take(out);
    randombytes_buf(out.data(), out.size());
}

std::uint64_t random_number() {
    std::array<std::uint8_t, 8> bytes{};
    random_bytes(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8U | byte;
    return number;
}

std::string random_token(std::size_t bytes) {
    Bytes raw(bytes);
    random_bytes(raw);
    return base64url_encode(raw);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace clarion::crypto
