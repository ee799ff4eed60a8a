// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/protocol/messages.hpp"
#include "net/loop.hpp"
#include "net/websocket.hpp"
#include "server/app/access_tokens.hpp"
#include "server/app/call_host.hpp"
#include "server/app/device_bus.hpp"
#include "server/app/push_address.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// Why the server closes a connection, beside the codes of RFC 6455 (1013: it cannot serve this hello now, come again
/// later). After kReplaced and kRefused a client does not reconnect by itself: the first would take turns for ever, the
/// second needs another token or another program.
namespace session_close {
inline constexpr std::uint16_t kReplaced = 4001;  ///< a newer connection of the same device
inline constexpr std::uint16_t kNoHello = 4002;   ///< no hello in time, or another message before it
inline constexpr std::uint16_t kRefused =
    4003;  ///< the error before it says why; also when the token expires or is revoked
inline constexpr std::uint16_t kTooMany = 4004;  ///< went on sending over its limits
}  // namespace session_close

struct SessionLimits {
    Duration hello_time{5'000};
    double frames_per_second = 30;
    double frames_burst = 200;  ///< a device with its candidates and receipts after a long offline time
    unsigned faults_max = 50;   ///< refused frames of one connection; then it is closed
    std::size_t devices_per_user_max = 64;
};

/// One connection of the client protocol: hello, then requests in and events out.
///
/// Every frame is answered with an ack or an error of its id, hello with welcome. A frame that is refused changes
/// nothing. Thread: the loop's. Lifetime: it lives as long as its socket is open, and tells `on_closed` when that ends.
class ClientSession final : public DeviceLink, public std::enable_shared_from_this<ClientSession> {
  public:
    struct Parts {
        net::Loop& loop;
        const Clock& clock;
        Store& store;
        DeviceBus& bus;
        CallHost& host;
        const Tickets& tickets;
        const SessionLimits& limits;
    };

    using OnClosed = std::function<void(ClientSession&)>;

    ClientSession(const Parts& parts, std::shared_ptr<net::WebSocket> socket, OnClosed on_closed);

    /// Starts listening to the socket; call once, inside the upgrade callback.
    void start();
    /// Drops the connection without a word and without on_closed; for the end of the server.
    void abandon();

    /// Its access token was signed with that key, which is no more: closes it.
    void key_revoked(std::string_view api_key);
    /// Access tokens of that user that were issued until `at` are good no more; with a `jti` only that one.
    void tokens_revoked(const ServiceId& service, const UserId& user, std::string_view jti, WallTime at);

    void deliver(std::string frame) override;
    void replaced() override;
    void removed() override;

  private:
    struct Refusal {
        protocol::ErrorCode code = protocol::ErrorCode::malformed;
        std::string message;
    };

    using Result = std::expected<void, Refusal>;

    void on_message(std::string_view text);
    void on_close();
    void first_frame(std::string_view text);
    [[nodiscard]] Result hello(const protocol::Hello& message);
    [[nodiscard]] Result hello_with_token(const protocol::Hello& message);
    [[nodiscard]] Result hello_with_ticket(const protocol::Hello& message);
    [[nodiscard]] Result register_device(const protocol::Hello& message);
    void welcome(const protocol::Hello& message);

    [[nodiscard]] Result perform(const protocol::Hello& message);
    [[nodiscard]] Result perform(const protocol::Place& message);
    [[nodiscard]] Result perform(const protocol::Verify& message);
    [[nodiscard]] Result perform(const protocol::Answer& message);
    [[nodiscard]] Result perform(const protocol::Decline& message);
    [[nodiscard]] Result perform(const protocol::End& message);
    [[nodiscard]] Result perform(const protocol::Candidate& message);
    [[nodiscard]] Result perform(const protocol::MyState& message);
    [[nodiscard]] Result perform(const protocol::MediaOffer& message);
    [[nodiscard]] Result perform(const protocol::MediaAnswer& message);
    [[nodiscard]] Result perform(const protocol::MuteRequest& message);
    [[nodiscard]] Result perform(const protocol::ShortData& message);
    [[nodiscard]] Result perform(const protocol::Take& message);
    [[nodiscard]] Result perform(const protocol::ListCalls& message);
    [[nodiscard]] Result perform(const protocol::Renew& message);
    [[nodiscard]] Result perform(const protocol::PushAddress& message);
    [[nodiscard]] Result perform(const protocol::Receipt& message);

    // client_address.cpp
    [[nodiscard]] Result take_address_away(const DeviceRecord& device, const PushSlot& slot);
    [[nodiscard]] Result put_address(const DeviceRecord& device, const protocol::PushAddress& message);
    [[nodiscard]] Result pay_for_address();
    [[nodiscard]] static Result unavailable();

    /// May this connection speak about this call? A shown ticket must be the device's.
    [[nodiscard]] Result may_touch(const CallId& call, const std::optional<Redacted<std::string>>& ticket);
    [[nodiscard]] Result on_call(const CallId& call, const routing::Event& event);

    void watch_token();
    void send_welcome(bool resumed);
    /// Ends an open session: the error with id 0, then the close.
    void refuse(const std::string& why);
    void send_error(std::uint64_t id, const Refusal& refusal);
    void close(std::uint16_t code, std::string_view reason);

    Parts parts_;
    std::shared_ptr<net::WebSocket> socket_;
    OnClosed on_closed_;
    net::Timer hello_timer_;
    net::Timer token_timer_;
    std::optional<TokenIdentity> token_;  // Of a session with an access token.
    std::optional<LinkScope> scope_;      // Set by a good hello.
    UserId user_;
    std::uint64_t stream_ = 0;  // Of its events, as its device knows it.
    unsigned faults_ = 0;
    bool is_closing_ = false;
};

/// What a ticket is worth: nothing (not_authorized), another device's (not_for_device), over (unknown_call: the call
/// ended more than kTicketAfterEnd ago), or good. A device that was deleted or changed hands has no tickets.
/// unavailable: the store did not say whose device it is.
[[nodiscard]] std::expected<void, protocol::ErrorCode> check_ticket(
    const Tickets& tickets,
    Store& store,
    const routing::CallDocument& call,
    const DeviceId& device,
    std::string_view ticket,
    WallTime now
);

/// How long after its end a call is still told to a device that shows its ticket.
inline constexpr Duration kTicketAfterEnd{10 * 60 * 1000};

/// The words that go with a code when nothing better is known.
[[nodiscard]] std::string_view explain(protocol::ErrorCode code);

}  // namespace clarion::server
