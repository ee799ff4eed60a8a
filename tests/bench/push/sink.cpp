// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/push/sink.hpp"

#include <signal.h>

#include <charconv>
#include <cstdint>
#include <fstream>

#include "crypto/web_push.hpp"
#include "lab/push/credentials.hpp"
#include "net/clock.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::bench {
namespace {

struct Sink {
    bool stands_still = false;
    std::size_t pushes = 0;
    std::size_t late = 0;

    void take(const net::HttpRequest& request, const net::Http2Exchange& exchange);
    [[nodiscard]] static net::HttpResponse answer_to(const net::HttpRequest& request);
};

void Sink::take(const net::HttpRequest& request, const net::Http2Exchange& exchange) {
    if (request.path.ends_with("/token")) {
        return exchange.respond(
            {.headers = {{"content-type", "application/json"}},
             .body = R"({"access_token":"ya29.bench","expires_in":3599,"token_type":"Bearer"})"}
        );
    }
    ++pushes;
    if (!stands_still) return exchange.respond(answer_to(request));
    // Whole seconds, as APNs has them.
    const std::string* expiration = net::find_header(request.headers, "apns-expiration");
    std::int64_t seconds = 0;
    if (expiration == nullptr) return;
    std::from_chars(expiration->data(), expiration->data() + expiration->size(), seconds);
    if (net::wall_now().ms / 1000 > seconds) ++late;
}

net::HttpResponse Sink::answer_to(const net::HttpRequest& request) {
    if (request.path.starts_with("/3/device/")) {
        const std::string* id = net::find_header(request.headers, "apns-id");
        return {.headers = {{"apns-id", id == nullptr ? "0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55" : *id}}};
    }
    if (request.path.ends_with("/messages:send")) {
        return {
            .headers = {{"content-type", "application/json; charset=UTF-8"}},
            .body = R"({"name":"projects/bench/messages/0:1700000000000000%31bd1c9631bd1c96"})"
        };
    }
    return {.status = 201, .headers = {{"location", "https://localhost/message/1"}, {"ttl", "30"}}};
}

}  // namespace

int run_sink(const std::filesystem::path& directory, bool stands_still) {
    std::filesystem::create_directories(directory);
    const net::testing::TestCertificate certificate;
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(certificate.ca_file(), directory / "ca.pem", overwrite);
    net::Loop loop;
    const auto tls = must(
        net::TlsContext::server(
            {.certificate_file = certificate.certificate_file(),
             .key_file = certificate.key_file(),
             .alpn = {"h2", "http/1.1"}}
        ),
        "TLS"
    );
    // Who offers no ALPN speaks HTTP/1.1 (web-push), but pushy, which has a door of its own.
    net::Http2Server server{loop, {.tls = tls, .serves_http1 = true, .is_lenient = true, .streams_max = 1000}};
    net::Http2Server bare_server{loop, {.tls = tls, .needs_alpn = false, .streams_max = 1000}};
    Sink sink{.stands_still = stands_still};
    const auto handler = [&](const net::HttpRequest& request, const net::Http2Exchange& exchange) {
        sink.take(request, exchange);
    };
    server.on_exchange(handler);
    bare_server.on_exchange(handler);
    const auto port = must(server.start(), "no port");
    const auto bare_port = must(bare_server.start(), "no port");
    const std::string token_uri = "https://localhost:" + std::to_string(port) + "/token";
    const auto apns = must(lab::make_apns_credentials(directory, kKeyId, kTeamId), "APNs key");
    const auto fcm = must(lab::make_fcm_credentials(directory, "bench", token_uri), "service account");
    std::ofstream{directory / "vapid.key"} << crypto::make_vapid_pair().private_key << '\n';
    std::printf(
        "{\"port\":%u,\"bare_port\":%u,\"key_file\":\"%s\",\"account_file\":\"%s\"}\n", static_cast<unsigned>(port),
        static_cast<unsigned>(bare_port), apns.key_file.c_str(), fcm.service_account_file.c_str()
    );
    std::fflush(stdout);
    for (const int signal : {SIGINT, SIGTERM}) loop.on_signal(signal, [&] { loop.stop(); });
    loop.run();
    std::printf("{\"pushes\":%zu,\"late\":%zu}\n", sink.pushes, sink.late);
    return 0;
}

}  // namespace clarion::bench
