// SPDX-License-Identifier: Apache-2.0
#include "server/app/testing/stage.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/codec/protocol_codec.hpp"
#include "crypto/base64.hpp"
#include "crypto/invite_box.hpp"
#include "net/clock.hpp"
#include "net/websocket_client.hpp"
#include "server/adapters/sqlite/sqlite_store.hpp"
#include "server/app/access_tokens.hpp"

namespace clarion::server::testing {
namespace {

constexpr Duration kPatience{10'000};
const ServiceId kService = *ServiceId::parse("shop");

}  // namespace

WallTime TestClock::wall_now() const { return net::wall_now() + ahead; }

void FakePush::send(PushRequest request, PushCallback callback) {
    if (on_send) on_send();
    const PushResult said = answer_to ? answer_to(request) : result;
    sent.push_back(std::move(request));
    if (!answers) return held_.push_back(std::move(callback));
    loop_.post([callback = std::move(callback), answer = said]() mutable { callback(std::move(answer)); });
}

void FakePush::speak() {
    for (PushCallback& callback : std::exchange(held_, {})) callback(result);
}

std::string field_of(const PushRequest& push, std::string_view name) {
    for (const auto& [key, value] : push.fields) {
        if (key == name) return value;
    }
    return {};
}

TestClient::TestClient(net::Loop& loop, std::uint16_t port) : loop_{loop} {
    bool is_done = false;
    net::WebSocketConnect request;
    request.host = "127.0.0.1";
    request.port = port;
    request.target = "/v1/connect";
    request.websocket.queue_max = 1024 * 1024;  // A test may send more than a client should.
    net::websocket_connect(loop, std::move(request), [&](auto result) {
        is_done = true;
        if (!result) return;
        socket_ = std::move(*result);
        socket_->on_message([this](std::string_view text) {
            if (auto frame = codec::decode_server_frame(text)) frames_.push_back(std::move(*frame));
        });
        socket_->on_close([this](std::uint16_t code, std::string_view) { close_code_ = code; });
    });
    wait([&] { return is_done; });
}

TestClient::~TestClient() {
    if (socket_) socket_->abort();
}

bool TestClient::wait(const std::function<bool()>& done) { return loop_.run_until(done, kPatience); }

std::uint64_t TestClient::send(protocol::ClientMessage message) {
    const std::uint64_t id = next_id_++;
    socket_->send(codec::encode_frame(protocol::ClientFrame{id, std::move(message)}));
    return id;
}

void TestClient::send_text(std::string text) { socket_->send(std::move(text)); }

void TestClient::close() {
    socket_->close(net::close_code::kNormal, "");
    (void)closed();
}

std::optional<protocol::ErrorCode> TestClient::ask(protocol::ClientMessage message) {
    const std::uint64_t id = send(std::move(message));
    std::optional<protocol::ErrorCode> error;
    bool is_acked = false;
    wait([&] {
        for (auto it = frames_.begin(); it != frames_.end(); ++it) {
            const auto* ack = std::get_if<protocol::Ack>(&it->message);
            const auto* refusal = std::get_if<protocol::Error>(&it->message);
            is_acked = ack != nullptr && ack->id == id;
            if (refusal != nullptr && refusal->id == id) error = refusal->code;
            if (!is_acked && !error) continue;
            frames_.erase(it);
            return true;
        }
        return close_code_ != 0;
    });
    if (!is_acked && !error) throw std::runtime_error{"no answer to a request"};
    return error;
}

std::uint16_t TestClient::closed() {
    wait([&] { return close_code_ != 0; });
    return close_code_;
}

Stage::Stage(StageOptions options) : options_{options} {
    std::string pattern = (std::filesystem::temp_directory_path() / "clarion-server-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    open();
    key = {"the-api-key", kService, Redacted<std::string>{"the-api-secret"}, clock.wall_now(), {}};
    if (!store->add_service({kService, "Shop", clock.wall_now()}, key)) throw std::runtime_error{"no service"};
}

Stage::~Stage() {
    server.reset();
    store.reset();
    std::filesystem::remove_all(folder);
}

void Stage::open() {
    auto opened = sqlite::open_store(folder + "/clarion.db");
    if (!opened) throw std::runtime_error{opened.error().text};
    store = std::move(*opened);
    auto loaded = ServerKeys::load_or_make(folder + "/keys");
    if (!loaded) throw std::runtime_error{loaded.error()};
    keys = std::move(*loaded);
    ServerOptions server_options;
    server_options.calls.routing = options_.routing;
    server_options.limits = options_.limits;
    server_options.rest.admin_key = Redacted<std::string>{kAdminKey};
    server_options.rest.version = "test";
    server = std::make_unique<Server>(Server::Parts{loop, clock, *store, {&push, &push, &push}}, *keys, server_options);
    const auto started = server->start();
    if (!started) throw std::runtime_error{started.error()};
    port = *started;
}

void Stage::kill_and_restart() {
    server.reset();
    store.reset();
    open();
}

std::unique_ptr<TestClient> Stage::online(
    const std::string& user, const std::string& device, std::uint64_t stream, std::uint64_t seen_seq
) {
    auto client = connect();
    protocol::Hello hello;
    hello.device = *DeviceId::parse(device);
    hello.token = Redacted{token(user)};
    hello.stream = stream;
    hello.seen_seq = seen_seq;
    client->send(hello);
    return client;
}

std::unique_ptr<TestClient> Stage::with_ticket(const PushRequest& pushed) {
    const protocol::Invite invite = invite_of(pushed);
    auto client = connect();
    protocol::Hello hello;
    hello.device = invite.device;
    hello.call_id = invite.call_id;
    hello.ticket = invite.ticket;
    client->send(hello);
    return client;
}

std::string Stage::token(const std::string& user, Duration lifetime) {
    return make_access_token(key, *UserId::parse(user), {}, lifetime, clock.wall_now())->token;
}

void Stage::add_phone(const std::string& user, const std::string& device, protocol::Platform platform) {
    const WallTime now = clock.wall_now();
    DeviceRecord record{kService, *UserId::parse(user), *DeviceId::parse(device), platform, {}, {}, now, now};
    record.push = PushEndpoint{
        platform == protocol::Platform::android ? "fcm" : "apns", Redacted{"token-of-" + device}, "com.example.app",
        "production"
    };
    if (!store->put_device(record)) throw std::runtime_error{"no device"};
}

protocol::Invite Stage::invite_of(const PushRequest& pushed) const {
    const auto json =
        crypto::open_invite(field_of(pushed, "cc_param"), nullptr, std::vector{keys->invite_key.verify_key()});
    if (!json) throw std::runtime_error{"the invite does not open"};
    const auto invite = codec::decode_invite(*json);
    if (!invite) throw std::runtime_error{"the invite cannot be read"};
    return *invite;
}

Stage::Answer Stage::rest(const std::string& method, const std::string& target, const std::string& body) {
    const std::string pair = key.key + ":" + key.secret.reveal();
    return rest_as("Basic " + crypto::base64_encode(crypto::as_bytes(pair)), method, target, body);
}

Stage::Answer Stage::rest_as(
    const std::string& authorization, const std::string& method, const std::string& target, const std::string& body
) {
    net::HttpClientRequest request;
    request.host = "127.0.0.1";
    request.port = port;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
    std::optional<Answer> answer;
    net::http_request(loop, std::move(request), [&](auto response) {
        answer = response ? Answer{response->status, response->body, response->headers}
                          : Answer{0, response.error().message, {}};
    });
    wait([&] { return answer.has_value(); });
    return answer.value_or(Answer{});
}

bool Stage::wait(const std::function<bool()>& done) { return loop.run_until(done, kPatience); }

CallId call_id(int number) {
    std::string text = "00000000-0000-4000-8000-000000000000";
    text.back() = static_cast<char>('0' + number);
    return *CallId::parse(text);
}

protocol::Place place_call(int number, const std::string& to_user) {
    protocol::Place place;
    place.call_id = call_id(number);
    place.to_user = *UserId::parse(to_user);
    place.from_name = Redacted<std::string>{"Alice"};
    place.offer = Redacted<std::string>{"v=0\r\no=offer"};
    return place;
}

}  // namespace clarion::server::testing
