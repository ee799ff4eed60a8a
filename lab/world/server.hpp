// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "core/base/fifo.hpp"
#include "core/routing/routing.hpp"
#include "lab/world/event_queue.hpp"
#include "lab/world/kept.hpp"
#include "lab/world/scenario.hpp"

namespace clarion::lab::world {

class World;

using ConnectionId = std::uint32_t;  // 0: none.

/// What the server knows about one connection.
struct Session {
    bool greeted = false;
    bool closing = false;
    std::uint8_t user = 0;
    std::uint8_t scope_call = kNoPhone;  // It came with the ticket of this call.
    std::optional<protocol::ClientFrame> writing;
    Fifo<protocol::ClientFrame> waiting;  // Behind a slow write.
};

/// What the store holds of one call: durable.
struct CallRecord {
    struct Line {
        std::int64_t at = 0;
        routing::AddTrace trace;
    };
    struct Step {
        std::uint8_t phone = 0;
        protocol::ReceiptStep step = protocol::ReceiptStep::woke;

        friend bool operator==(const Step&, const Step&) = default;
    };

    std::uint8_t call = 0;
    routing::CallDocument document;
    std::uint64_t version = 0;
    Kept<std::vector<Line>> trace;
    std::vector<Step> receipts;
    std::vector<std::uint8_t> push_answered;  // Phones whose push the provider took or refused.
    int histories = 0;
    routing::RecordHistory outcome;
    std::int64_t ended_at = -1;
};

/// The host of core/routing as server/app has it (call_host, device_bus, client_session), without sockets, JSON and
/// crypto: documents with compare-and-set, numbered streams that a device resumes, requests with acknowledgements.
/// A restart keeps the documents, traces and receipts, and loses presence, streams and effects that had not left.
class Server {
  public:
    explicit Server(World& world) : world_{world} { calls_.reserve(kCallsMax); }

    void opened(ConnectionId id);
    void closed(ConnectionId id);
    void receive(ConnectionId id, protocol::ClientFrame&& frame);
    void committed(ConnectionId id);
    void time_passed();
    void push_attempt(std::uint8_t call, std::uint8_t phone, bool is_ring, std::uint64_t attempt);
    void push_finished(std::uint8_t call, std::uint8_t phone, bool accepted);
    void end_by_app_server(std::uint8_t call);
    /// The settings of an account, as they screen its next calls.
    void set_screening(std::uint8_t user, routing::Screening screening) { screening_[user] = screening; }
    void stop();
    void start();

    [[nodiscard]] bool is_up() const { return is_up_; }
    [[nodiscard]] std::uint32_t life() const { return life_; }
    [[nodiscard]] const std::vector<CallRecord>& calls() const { return calls_; }
    [[nodiscard]] const CallRecord* find(std::uint8_t call) const;
    /// A connection with a scope that hears of this call.
    [[nodiscard]] bool hears(std::uint8_t phone, std::uint8_t call) const;

  private:
    using Result = std::expected<void, protocol::ErrorCode>;

    struct Scope {
        std::uint8_t phone = 0;
        std::uint8_t call = kNoPhone;  // kNoPhone: everything of the phone.
        std::uint64_t stream = 0;
        std::uint64_t last_seq = 0;
        Kept<std::vector<protocol::ServerFrame>> events;
        ConnectionId connection = 0;
        std::vector<std::uint8_t> joined;  // Further calls, whose tickets came over the connection.

        [[nodiscard]] bool covers(std::uint8_t one) const {
            return call == kNoPhone || call == one || std::ranges::find(joined, one) != joined.end();
        }
    };

    [[nodiscard]] CallRecord* record(std::uint8_t call);
    [[nodiscard]] CallRecord* record(const CallId& id);
    [[nodiscard]] const CallRecord* crossed_by(std::uint8_t user, const UserId& to) const;
    [[nodiscard]] Scope* scope(std::uint8_t phone, std::uint8_t call);
    Scope& make_scope(std::uint8_t phone, std::uint8_t call);

    void perform_request(ConnectionId id, const protocol::ClientFrame& frame);
    [[nodiscard]] Result hello(ConnectionId id, const protocol::Hello& hello);
    void welcome(ConnectionId id, const protocol::Hello& hello);
    void carry_over(std::uint8_t phone, const protocol::Hello& hello);
    [[nodiscard]] Result check_ticket(const CallRecord& call, std::uint8_t phone, std::string_view ticket) const;
    [[nodiscard]] Result may_touch(
        ConnectionId id, const CallId& call, const std::optional<Redacted<std::string>>& ticket
    );
    [[nodiscard]] Result place(ConnectionId id, const protocol::Place& message);
    [[nodiscard]] Result on_name(
        ConnectionId id, const CallRecord& call, const CallId& name, const routing::Event& event
    );
    [[nodiscard]] Result take(ConnectionId id, const protocol::Take& message);
    [[nodiscard]] Result list_calls(ConnectionId id);
    [[nodiscard]] Result receipt(std::uint8_t phone, const protocol::Receipt& message);
    [[nodiscard]] Result on_call(ConnectionId id, const CallId& call, const routing::Event& event);
    [[nodiscard]] std::optional<routing::Event> event_of(std::uint8_t phone, const protocol::ClientMessage& message);
    [[nodiscard]] Result decide(std::uint8_t call, const routing::Event& event);
    void write(CallRecord& record, routing::Decision&& decision);
    void perform(CallRecord& record, std::vector<routing::Effect>& effects);
    void presence_changed(const Scope& of, bool is_fresh);
    void presence_changed(const Scope& of, std::uint8_t call, bool is_fresh);
    void join(std::uint8_t phone, std::uint8_t opened_for, std::uint8_t call);
    void send(std::uint8_t phone, std::uint8_t call, protocol::ServerMessage&& message);
    void send(Scope& scope, protocol::ServerMessage message);
    void resume(CallRecord& record);
    void arm();

    World& world_;
    bool is_up_ = true;
    std::array<routing::Screening, 2> screening_{};
    Kept<std::vector<CallRecord>> calls_;
    std::vector<Scope> scopes_;
    std::uint64_t next_stream_ = 1;
    std::int64_t armed_at_ = INT64_MAX;
    std::uint32_t life_ = 0;  // Which start of the process.

    /// A slow write: what was decided on which version.
    struct Pending {
        ConnectionId connection = 0;
        std::uint8_t call = 0;
        std::uint64_t version = 0;
        routing::Decision decision;
    };
    std::vector<Pending> pending_;
};

}  // namespace clarion::lab::world
