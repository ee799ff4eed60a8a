// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/access_token.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "core/codec/json.hpp"
#include "net/clock.hpp"

namespace clarion::server::fcm {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFetchDeadline = 10s;
constexpr Duration kRetryPause = 1s;  // After a failed renewal, while the old token lives.
constexpr std::size_t kReplyMax = 16 * 1024;
constexpr std::size_t kTokenMax = 4096;
constexpr std::size_t kReasonMax = 200;
constexpr std::int64_t kLifetimeMaxS = 24 * 3600;

std::string printable(std::string_view text) {
    std::string out{text.substr(0, kReasonMax)};
    std::replace_if(out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

struct Fetched {
    std::string token;
    Duration lifetime{0};
};

std::expected<Fetched, TokenFault> read_reply(const net::HttpResponse& response) {
    const auto document = codec::Document::parse(response.body, kReplyMax);
    const auto text = [&](std::string_view name) -> std::string {
        if (!document) return {};
        return std::string{document->root().get(name).text().value_or(std::string_view{})};
    };
    if (response.status == 200) {
        Fetched fetched{.token = text("access_token")};
        const bool is_usable =
            !fetched.token.empty() && fetched.token.size() <= kTokenMax &&
            std::all_of(fetched.token.begin(), fetched.token.end(), [](char c) { return c > ' ' && c <= '~'; });
        const auto expires = document ? document->root().get("expires_in").signed_integer() : std::nullopt;
        if (is_usable && expires && *expires > 0) {
            fetched.lifetime = Duration{std::min(*expires, kLifetimeMaxS) * 1000};
            return fetched;
        }
        return std::unexpected{TokenFault{PushOutcome::transient, "token endpoint: an answer without a token", {}}};
    }
    std::string reason = "token endpoint: HTTP " + std::to_string(response.status);
    const std::string error = text("error");
    if (!error.empty()) reason += " " + printable(error) + ": " + printable(text("error_description"));
    // RFC 6749 5.2: what was asked is wrong and stays wrong. Everything else may pass.
    const bool is_final = response.status == 400 || response.status == 401 || response.status == 403;
    return std::unexpected{TokenFault{
        is_final ? PushOutcome::credential_fault : PushOutcome::transient, std::move(reason),
        is_final ? "Google refuses the service account: check fcm.service_account_file and this machine's clock" : ""
    }};
}

}  // namespace

struct AccessToken::State : std::enable_shared_from_this<State> {
    State(const Clock& the_clock, ServiceAccount the_account, std::unique_ptr<net::Http2Client> the_client)
        : clock{the_clock}, account{std::move(the_account)}, client{std::move(the_client)} {}

    void ask();
    void fetched_reply(std::expected<net::HttpResponse, net::Http2Error> answer);
    void settle(const std::optional<TokenFault>& fault);

    const Clock& clock;
    const ServiceAccount account;
    std::unique_ptr<net::Http2Client> client;
    std::string target;
    Headers token;
    WallTime expires_at;
    WallTime renew_at;
    Instant retry_at;  // No renewal before this.
    bool is_fetching = false;
    std::uint64_t fetched = 0;
    std::vector<Callback> waiting;
};

void AccessToken::State::ask() {
    if (std::exchange(is_fetching, true)) return;
    const auto assertion = account.assertion(clock.wall_now());
    if (!assertion) {
        is_fetching = false;
        return settle(TokenFault{PushOutcome::credential_fault, assertion.error(), {}});
    }
    client->request(
        {.method = "POST",
         .path = target,
         .headers = {{"content-type", "application/x-www-form-urlencoded"}},
         // A JWT is base64url and dots: nothing in it needs encoding.
         .body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + *assertion,
         .deadline = kFetchDeadline,
         .body_max = kReplyMax},
        [weak = weak_from_this()](std::expected<net::HttpResponse, net::Http2Error> answer) {
            if (const auto self = weak.lock()) self->fetched_reply(std::move(answer));
        }
    );
}

void AccessToken::State::fetched_reply(std::expected<net::HttpResponse, net::Http2Error> answer) {
    is_fetching = false;
    std::expected<Fetched, TokenFault> result;
    if (answer) {
        result = read_reply(*answer);
    } else {
        const bool is_untrusted = answer.error().cause && answer.error().cause->code == net::ErrorCode::tls_untrusted;
        result = std::unexpected{TokenFault{
            is_untrusted ? PushOutcome::credential_fault : PushOutcome::transient,
            "token endpoint: " + std::string{net::to_string(answer.error().code)} + ": " + answer.error().message,
            is_untrusted ? "the token endpoint's certificate is not trusted: check fcm.ca_file and fcm.token_uri" : ""
        }};
    }
    if (!result) {
        retry_at = net::boot_now() + kRetryPause;
        return settle(std::move(result.error()));
    }
    ++fetched;
    const WallTime now = clock.wall_now();
    token = std::make_shared<const net::Headers>(
        net::Headers{{"authorization", "Bearer " + result->token}, {"content-type", "application/json"}}
    );
    expires_at = now + result->lifetime;
    renew_at = now + result->lifetime * 85 / 100;
    settle({});
}

void AccessToken::State::settle(const std::optional<TokenFault>& fault) {
    for (auto& callback : std::exchange(waiting, {})) callback(fault);
}

AccessToken::AccessToken(
    const Clock& clock, ServiceAccount account, std::unique_ptr<net::Http2Client> client, std::string target
)
    : state_{std::make_shared<State>(clock, std::move(account), std::move(client))} {
    state_->target = std::move(target);
}

AccessToken::~AccessToken() = default;

AccessToken::Headers AccessToken::current() {
    const WallTime now = state_->clock.wall_now();
    if (!state_->token || now >= state_->expires_at) return nullptr;
    if (now >= state_->renew_at && net::boot_now() >= state_->retry_at) state_->ask();
    return state_->token;
}

void AccessToken::fetch(Callback callback) {
    state_->waiting.push_back(std::move(callback));
    state_->ask();
}

void AccessToken::reject(const Headers& used) {
    if (used == state_->token) state_->token.reset();
}

std::uint64_t AccessToken::fetched() const { return state_->fetched; }

const std::string& AccessToken::project_id() const { return state_->account.project_id; }

}  // namespace clarion::server::fcm
