// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/services.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "lab/push/apns_service.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/fcm_service.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::lab {
namespace {

constexpr const char* kBundle = "dev.clarion.demo";
constexpr const char* kProject = "clarion-demo";
constexpr const char* kKeyId = "DEMOKEY001";
constexpr const char* kTeamId = "DEMOTEAM01";

/// The text members of what the provider hands to the app; "aps" is Apple's.
native::PushDelivered payload_of(const DeliveredPush& push) {
    native::PushDelivered delivered;
    const auto document = codec::Document::parse(push.payload, 8 * 1024);
    if (!document) return delivered;
    const codec::Node root = document->root();
    for (std::size_t i = 0; i < root.size(); ++i) {
        if (const auto text = root.member(i).text()) {
            delivered.data.emplace_back(std::string{root.member_name(i)}, std::string{*text});
        }
    }
    return delivered;
}

std::string hex(const std::string& bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

}  // namespace

struct Services::Impl {
    explicit Impl(net::Loop& the_loop) : loop{the_loop} {}

    net::Loop& loop;
    net::testing::TestCertificate certificate;
    std::unique_ptr<ApnsService> apns;
    std::unique_ptr<FcmService> fcm;
    std::uint16_t apns_port = 0;
    std::uint16_t fcm_port = 0;
    std::string apns_key_file;
    std::string service_account_file;
    unsigned tokens = 0;
};

Services::Services(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Services::~Services() = default;

std::expected<std::unique_ptr<Services>, std::string> Services::start(
    net::Loop& loop, const std::filesystem::path& directory
) {
    auto impl = std::make_unique<Impl>(loop);
    ApnsServiceOptions apns_options;
    apns_options.certificate_file = impl->certificate.certificate_file();
    apns_options.key_file = impl->certificate.key_file();
    impl->apns = std::make_unique<ApnsService>(loop, apns_options);
    const auto apns_port = impl->apns->start();
    if (!apns_port) return std::unexpected{"local APNs: " + apns_port.error().message};
    impl->apns_port = *apns_port;
    auto apns_credentials = make_apns_credentials(directory, kKeyId, kTeamId);
    if (!apns_credentials) return std::unexpected{apns_credentials.error()};
    impl->apns_key_file = apns_credentials->key_file;
    impl->apns->add_key(std::move(apns_credentials->key));

    FcmServiceOptions fcm_options;
    fcm_options.certificate_file = impl->certificate.certificate_file();
    fcm_options.key_file = impl->certificate.key_file();
    impl->fcm = std::make_unique<FcmService>(loop, fcm_options);
    const auto fcm_port = impl->fcm->start();
    if (!fcm_port) return std::unexpected{"local FCM: " + fcm_port.error().message};
    impl->fcm_port = *fcm_port;
    auto fcm_credentials = make_fcm_credentials(directory, kProject, impl->fcm->token_uri());
    if (!fcm_credentials) return std::unexpected{fcm_credentials.error()};
    impl->service_account_file = fcm_credentials->service_account_file;
    impl->fcm->add_account(std::move(fcm_credentials->account));

    std::unique_ptr<Services> services{new Services{std::move(impl)}};
    Services* raw = services.get();
    raw->impl_->apns->on_push([raw](const DeliveredPush& push) {
        if (raw->on_push) raw->on_push(push.token, payload_of(push), push.priority == "10");
    });
    raw->impl_->fcm->on_push([raw](const DeliveredPush& push) {
        if (raw->on_push) raw->on_push(push.token, payload_of(push), push.priority == "HIGH");
    });
    return services;
}

std::string Services::server_configuration(const std::filesystem::path& directory) const {
    return fmt::format(
        "tls.certificate = \"{}\"\n"
        "tls.key = \"{}\"\n"
        "data_dir = \"{}\"\n"
        "admin_key_file = \"{}\"\n"
        "apns.endpoint = \"https://127.0.0.1:{}\"\n"
        "apns.ca_file = \"{}\"\n"
        "apns.key_file = \"{}\"\n"
        "apns.key_id = \"{}\"\n"
        "apns.team_id = \"{}\"\n"
        "apns.topic = \"{}\"\n"
        "fcm.endpoint = \"https://127.0.0.1:{}\"\n"
        "fcm.ca_file = \"{}\"\n"
        "fcm.service_account_file = \"{}\"\n",
        impl_->certificate.certificate_file(), impl_->certificate.key_file(), (directory / "server").string(),
        (directory / "admin.key").string(), impl_->apns_port, ca_file(), impl_->apns_key_file, kKeyId, kTeamId, kBundle,
        impl_->fcm_port, ca_file(), impl_->service_account_file
    );
}

std::string Services::ca_file() const { return impl_->certificate.ca_file(); }

std::string Services::new_apns_token() {
    const std::string token = hex(crypto::random_token(24)).substr(0, 64);
    impl_->apns->register_device({.token = token, .bundle_id = kBundle});
    return token;
}

std::string Services::new_fcm_token() {
    // The shape that Firebase gives: an instance id, a colon, and a long opaque part.
    const std::string token = crypto::random_token(16).substr(0, 22) + ":APA91b" + crypto::random_token(96);
    impl_->fcm->register_device({.token = token, .project_id = kProject});
    return token;
}

void Services::unregister(const std::string& token) {
    impl_->apns->unregister_device(token);
    impl_->fcm->unregister_device(token);
}

}  // namespace clarion::lab
