// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/protocol/messages.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"
#include "net/websocket.hpp"
#include "server/app/server.hpp"
#include "server/app/server_keys.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"
#include "server/ports/store.hpp"

/// What the tests of the server share: a real server on a loopback port with SQLite in a folder of its own, a fake push
/// provider, and clients that speak the real protocol over real sockets.
namespace clarion::server::testing {

class TestClock final : public Clock {
  public:
    [[nodiscard]] WallTime wall_now() const override;

    Duration ahead{0};  ///< added to the real time
};

/// Takes every push; answers as the test says.
class FakePush final : public PushSender {
  public:
    explicit FakePush(net::Loop& loop) : loop_{loop} {}

    void send(PushRequest request, PushCallback callback) override;
    void warm_up() override {}
    /// The answers to what was sent in silence.
    void speak();

    std::vector<PushRequest> sent;
    PushResult result{PushOutcome::accepted, 200, "", "apns-id-1", "", {}, {}, {}, 1, Duration{3}};
    bool answers = true;                                      ///< false: the provider stays silent until speak()
    std::function<PushResult(const PushRequest&)> answer_to;  ///< instead of `result`, when set
    std::function<void()> on_send;                            ///< called when a push leaves

  private:
    net::Loop& loop_;
    std::vector<PushCallback> held_;
};

[[nodiscard]] std::string field_of(const PushRequest& push, std::string_view name);

/// One device's connection.
class TestClient {
  public:
    TestClient(net::Loop& loop, std::uint16_t port);
    ~TestClient();
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    /// Sends a message and gives its id.
    std::uint64_t send(protocol::ClientMessage message);
    void send_text(std::string text);
    void close();

    /// The next message of that kind, dropping what comes before it; nullopt when none comes in time.
    template <class T>
    std::optional<T> next() {
        std::optional<T> found;
        wait([&] {
            while (!frames_.empty() && !found) {
                protocol::ServerFrame frame = std::move(frames_.front());
                frames_.pop_front();
                if (frame.seq != 0) last_seq = frame.seq;
                if (auto* message = std::get_if<T>(&frame.message)) found = std::move(*message);
            }
            return found.has_value();
        });
        return found;
    }

    /// Sends and waits for its ack or error: nullopt for an ack.
    std::optional<protocol::ErrorCode> ask(protocol::ClientMessage message);
    /// Waits for the close: its code; 0 when it stays open.
    std::uint16_t closed();

    [[nodiscard]] bool is_connected() const { return socket_ != nullptr; }

    std::uint64_t last_seq = 0;

  private:
    bool wait(const std::function<bool()>& done);

    net::Loop& loop_;
    std::shared_ptr<net::WebSocket> socket_;
    std::deque<protocol::ServerFrame> frames_;
    std::uint64_t next_id_ = 1;
    std::uint16_t close_code_ = 0;
};

struct StageOptions {
    routing::Config routing;
    SessionLimits limits;
};

class Stage {
  public:
    explicit Stage(StageOptions options = {});
    ~Stage();

    /// Ends the server as kill -9 does: no goodbye, nothing flushed; then a new one on the same data and another port.
    void kill_and_restart();

    [[nodiscard]] std::unique_ptr<TestClient> connect() { return std::make_unique<TestClient>(loop, port); }

    /// Connected and welcomed with a token; registers the device when it is unknown.
    [[nodiscard]] std::unique_ptr<TestClient> online(
        const std::string& user, const std::string& device, std::uint64_t stream = 0, std::uint64_t seen_seq = 0
    );
    /// Connected with the ticket of a push.
    [[nodiscard]] std::unique_ptr<TestClient> with_ticket(const PushRequest& push);

    [[nodiscard]] std::string token(const std::string& user, Duration lifetime = Duration{3'600'000});
    /// A phone with a push token.
    void add_phone(
        const std::string& user, const std::string& device, protocol::Platform platform = protocol::Platform::ios
    );
    [[nodiscard]] protocol::Invite invite_of(const PushRequest& push) const;

    struct Answer {
        unsigned status = 0;
        std::string body;
        net::Headers headers;
    };

    /// With Basic authentication of the service's key.
    Answer rest(const std::string& method, const std::string& target, const std::string& body = "");
    Answer rest_as(
        const std::string& authorization,
        const std::string& method,
        const std::string& target,
        const std::string& body = ""
    );
    bool wait(const std::function<bool()>& done);

    static constexpr const char* kAdminKey = "0123456789abcdef";

    net::Loop loop;
    TestClock clock;
    std::string folder;
    std::unique_ptr<Store> store;
    FakePush push{loop};
    std::optional<ServerKeys> keys;
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;
    ApiKeyRecord key;

  private:
    void open();

    StageOptions options_;
};

/// Ids and messages that every test writes.
[[nodiscard]] CallId call_id(int number);
[[nodiscard]] protocol::Place place_call(int number, const std::string& to_user);

}  // namespace clarion::server::testing
