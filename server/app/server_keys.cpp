// SPDX-License-Identifier: Apache-2.0
#include "server/app/server_keys.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace clarion::server {
namespace {

std::string system_text(int error) { return std::generic_category().message(error); }

std::expected<crypto::SigningKey, std::string> signing_key(const std::filesystem::path& file, bool may_make) {
    std::error_code ignored;
    if (may_make && !std::filesystem::exists(file, ignored)) {
        auto made = crypto::SigningKey::generate();
        if (const auto saved = made.save(file); !saved) return std::unexpected{saved.error().text};
        return made;
    }
    auto key = crypto::SigningKey::load(file);
    if (!key) return std::unexpected{key.error().text};
    return std::move(*key);
}

std::expected<void, std::string> save_secret(const std::filesystem::path& file, const std::string& text) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return std::unexpected{file.string() + ": " + system_text(errno)};
    const std::string line = text + "\n";
    const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (written) return {};
    ::unlink(file.c_str());
    return std::unexpected{file.string() + ": " + system_text(error)};
}

std::expected<crypto::SecretBytes, std::string> secret(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        if (auto saved = save_secret(file, crypto::random_token(crypto::SecretBytes::kSize)); !saved) {
            return std::unexpected{saved.error()};
        }
    }
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line)) return std::unexpected{file.string() + ": cannot be read"};
    const auto bytes = crypto::base64url_decode(line);
    if (!bytes || bytes->size() != crypto::SecretBytes::kSize) {
        return std::unexpected{
            file.string() + ": is not a key (43 characters of base64url); restore it from the backup"
        };
    }
    crypto::SecretBytes result;
    std::ranges::copy(*bytes, result.reveal().begin());
    return result;
}

}  // namespace

std::expected<ServerKeys, std::string> ServerKeys::load_or_make(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    if (error) return std::unexpected{directory.string() + ": " + error.message()};

    auto invite = signing_key(directory / "invite.key", true);
    if (!invite) return std::unexpected{invite.error()};
    auto ticket = secret(directory / "ticket.key");
    if (!ticket) return std::unexpected{ticket.error()};
    ServerKeys keys{std::move(*invite), std::move(*ticket), {}};
    keys.verify_keys.push_back(keys.invite_key.verify_key().text());
    if (const auto next = directory / "invite-next.key"; std::filesystem::exists(next, error)) {
        const auto key = signing_key(next, false);
        if (!key) return std::unexpected{key.error()};
        keys.verify_keys.push_back(key->verify_key().text());
    }
    return keys;
}

}  // namespace clarion::server
