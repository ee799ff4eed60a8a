// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/api.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/base64.hpp"
#include "net/http_client.hpp"

namespace clarion::tool {
namespace {

constexpr Duration kDeadline = std::chrono::seconds{15};

/// RFC 9457 in one line; the plain status when the body is something else.
std::string problem_text(const net::HttpResponse& response) {
    const auto document = codec::Document::parse(response.body, 64 * 1024);
    std::string text;
    if (document) {
        const auto title = document->root().get("title").text();
        const auto detail = document->root().get("detail").text();
        if (title) text = *title;
        if (detail && !detail->empty()) text += fmt::format("{}{}", text.empty() ? "" : ": ", *detail);
    }
    if (text.empty()) text = std::string{net::reason_phrase(response.status)};
    return fmt::format("the server refused ({}): {}", response.status, text);
}

std::string hint_of(const net::Error& error, const Access& access) {
    switch (error.code) {
        case net::ErrorCode::refused: return fmt::format("; is clariond running at {}?", access.server);
        case net::ErrorCode::tls_untrusted: return "; give --ca FILE with the authority that signed its certificate";
        case net::ErrorCode::tls_failed:
        case net::ErrorCode::protocol: return fmt::format("; is {} really a Clarion server with TLS?", access.server);
        default: return "";
    }
}

}  // namespace

Api::Api(Access access, net::Url url, std::shared_ptr<net::TlsContext> tls)
    : access_{std::move(access)}, url_{std::move(url)}, tls_{std::move(tls)} {
    if (access_.api_key.empty()) return;
    const auto pair = access_.api_key + ":" + access_.api_secret;
    authorization_ = "Basic " + crypto::base64_encode(crypto::as_bytes(pair));
}

std::expected<Api, std::string> Api::open(const Access& access) {
    auto url = net::parse_url(access.server);
    if (!url) return std::unexpected{url.error().message};
    std::shared_ptr<net::TlsContext> tls;
    if (url->is_tls) {
        auto made = net::TlsContext::client({.ca_file = access.ca_file});
        if (!made) return std::unexpected{made.error().message};
        tls = std::move(*made);
    }
    return Api{access, std::move(*url), std::move(tls)};
}

void Api::use_admin_key(std::string_view key) { authorization_ = fmt::format("Bearer {}", key); }

std::expected<std::string, std::string> Api::send(std::string_view method, std::string target, std::string body) {
    net::HttpClientRequest request{
        .host = url_.host,
        .port = url_.port,
        .tls = tls_,
        .method = std::string{method},
        .target = std::move(target),
        .headers = {{"Accept", "application/json"}},
        .body = std::move(body),
        .deadline = kDeadline,
    };
    if (!authorization_.empty()) request.headers.push_back({"Authorization", authorization_});
    if (!request.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    std::optional<std::expected<net::HttpResponse, net::Error>> result;
    net::http_request(*loop_, std::move(request), [&result](auto response) { result = std::move(response); });
    loop_->run_until([&result] { return result.has_value(); }, kDeadline + Duration{1'000});
    if (!result) return std::unexpected{fmt::format("{} does not answer", access_.server)};
    if (!*result) return std::unexpected{result->error().message + hint_of(result->error(), access_)};
    const auto& response = **result;
    if (response.status >= 200 && response.status < 300) return response.body;
    auto text = problem_text(response);
    if (response.status == 401) text += "; check the API key (or the admin key) and the server";
    return std::unexpected{std::move(text)};
}

}  // namespace clarion::tool
