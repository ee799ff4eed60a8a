// SPDX-License-Identifier: Apache-2.0
#include "lab/push/credentials.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "crypto/testing.hpp"

namespace clarion::lab {
namespace {

std::expected<void, std::string> write_private(const std::filesystem::path& path, const std::string& text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return std::unexpected{path.string() + ": " + std::strerror(errno)};
    const bool is_written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(fd);
    if (!is_written) return std::unexpected{path.string() + ": cannot be written"};
    return {};
}

}  // namespace

std::expected<ApnsCredentials, std::string> make_apns_credentials(
    const std::filesystem::path& folder, const std::string& key_id, const std::string& team_id
) {
    const auto pair = crypto::testing::make_p256_pair();
    const auto file = folder / ("AuthKey_" + key_id + ".p8");
    if (auto done = write_private(file, pair.private_pem); !done) return std::unexpected{done.error()};
    auto public_key = crypto::PemPublicKey::parse(pair.public_pem, key_id);
    if (!public_key) return std::unexpected{public_key.error().text};
    return ApnsCredentials{
        .key_file = file.string(), .key = {.key_id = key_id, .team_id = team_id, .public_key = *std::move(public_key)}
    };
}

std::expected<FcmCredentials, std::string> make_fcm_credentials(
    const std::filesystem::path& folder, const std::string& project_id, const std::string& token_uri
) {
    const auto pair = crypto::testing::make_rsa_pair();
    const std::string email = "push@" + project_id + ".example";
    codec::Writer json;
    json.begin_object().key("type").text("service_account").key("project_id").text(project_id);
    json.key("private_key_id").text(crypto::random_token(15)).key("private_key").text(pair.private_pem);
    json.key("client_email").text(email).key("token_uri").text(token_uri).end_object();
    const auto file = folder / (project_id + "-service-account.json");
    if (auto done = write_private(file, json.take()); !done) return std::unexpected{done.error()};
    auto public_key = crypto::PemPublicKey::parse(pair.public_pem, project_id);
    if (!public_key) return std::unexpected{public_key.error().text};
    return FcmCredentials{
        .service_account_file = file.string(),
        .account = {.client_email = email, .project_id = project_id, .public_key = *std::move(public_key)}
    };
}

}  // namespace clarion::lab
