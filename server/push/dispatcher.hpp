// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/random.hpp"
#include "net/http2_client.hpp"
#include "net/loop.hpp"
#include "server/ports/push_retry.hpp"
#include "server/ports/push_sender.hpp"
#include "server/push/circuit.hpp"

/// What every push provider's sender has in common: windows, repeats, circuits, faults of credentials, and bounds. An
/// adapter only says how a push is written and what an answer means.
namespace clarion::server::push {

/// One push and all its attempts. An adapter derives from it what it must remember between them.
struct Delivery {
    Delivery(net::Loop& loop, PushRequest the_request, PushCallback the_callback);
    virtual ~Delivery();

    [[nodiscard]] Duration elapsed() const;
    [[nodiscard]] Duration window_left() const;

    PushRequest request;
    PushCallback callback;
    PushResult result;
    net::Timer timer;
    Instant started;
    std::optional<PushRetry> retry;
    bool is_parked = false;
};
using DeliveryPtr = std::shared_ptr<Delivery>;

/// What an answer, or the lack of one, means for a push.
struct Verdict {
    PushOutcome outcome = PushOutcome::unknown;
    std::string reason;         ///< The provider's word.
    std::string_view advice{};  ///< For the operator.
    std::string provider_id{};  ///< Empty: keeps what the result has.
    std::optional<Duration> retry_after{};
    std::optional<WallTime> dead_since{};
    bool leaves_connection = false;  ///< The connection that brought it is known to stay broken.
};

/// The connections to one host with one credential, and what is known about both.
struct Channel {
    Channel(net::Loop& loop, std::string the_name, net::Http2ClientOptions options);

    [[nodiscard]] bool is_faulty() const;
    void set_fault(const PushResult& result);
    /// Nothing is under way and nothing waits.
    [[nodiscard]] bool is_idle() const;
    [[nodiscard]] PushChannelHealth health() const;

    std::string name;  ///< "production", or the host.
    net::Http2Client client;
    Circuit circuit;
    std::deque<std::weak_ptr<Delivery>> parked;  ///< Wait until the circuit closes.
    net::Timer timer;                            ///< For the one that tries.
    std::string fault;                           ///< Why the credential is useless,
    std::string fault_advice;
    Instant fault_until;  ///< until then.
};

using ChannelPtr = std::shared_ptr<Channel>;

/// What an adapter adds. Thread: the loop's.
class Provider {
  public:
    using Written = std::move_only_function<void(std::expected<net::Http2Request, Verdict>)>;

    virtual ~Provider() = default;

    [[nodiscard]] virtual DeliveryPtr make(PushRequest request, PushCallback callback) = 0;
    /// Everything that can be refused without asking the provider: tokens, sizes, names. nullopt: it may go.
    [[nodiscard]] virtual std::optional<Verdict> refuse(Delivery& delivery) = 0;
    /// Where the next attempt goes; null: nowhere now (too many hosts at once).
    [[nodiscard]] virtual ChannelPtr channel(Delivery& delivery) = 0;
    /// The request of an attempt, perhaps later (a credential must be fetched first). Deadlines are the dispatcher's.
    virtual void write(const DeliveryPtr& delivery, Written written) = 0;
    [[nodiscard]] virtual Verdict judge(Delivery& delivery, const net::HttpResponse& response) = 0;
    /// After a verdict: true when another channel should be asked at once.
    [[nodiscard]] virtual bool try_elsewhere(Delivery& /*delivery*/) { return false; }
    /// The last word about the result.
    virtual void settle(Delivery& /*delivery*/) {}
    /// What to check when the peer's certificate is not trusted.
    [[nodiscard]] virtual std::string_view untrusted_advice() const = 0;
};

struct DispatchPolicy {
    PushRetryPolicy retry;
    Duration attempt_deadline{5'000};   ///< from a stream to the answer
    std::size_t waiting_max = 100'000;  ///< pushes under way; of those that are no rings half as many
    Duration fault_pause{30'000};       ///< after a fault of the credential all fail fast; then the next one tries
};

/// Carries pushes through a provider: one PushResult for each, at the latest when its window is over.
///
/// A push that finds a provider down waits for it inside its window, in the order of sending, rings first; what waits
/// costs its own memory and nothing else, expires by its own deadline and is never sent late.
/// Thread: the loop's. Re-entry: callbacks run from the loop, never inside send().
/// Lifetime: after destruction no callback is called; the provider outlives it.
class Dispatcher {
  public:
    Dispatcher(net::Loop& loop, Provider& provider, DispatchPolicy policy);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void send(PushRequest request, PushCallback callback);
    [[nodiscard]] std::size_t pending() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server::push
