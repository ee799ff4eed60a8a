// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/random.hpp"
#include "net/deadlines.hpp"
#include "net/http2_client.hpp"
#include "net/loop.hpp"
#include "server/ports/push_retry.hpp"
#include "server/ports/push_sender.hpp"
#include "server/push/circuit.hpp"

/// What every push provider's sender has in common: windows, repeats, circuits, faults of credentials, and bounds. An
/// adapter only says how a push is written and what an answer means.
namespace clarion::server::push {

struct Channel;
using ChannelPtr = std::shared_ptr<Channel>;
struct DispatcherState;

/// One push and all its attempts. An adapter derives from it what it must remember between them.
struct Delivery : net::Deadlines::Entry, std::enable_shared_from_this<Delivery> {
    Delivery(PushRequest&& the_request, PushCallback&& the_callback);
    virtual ~Delivery();

    [[nodiscard]] Duration window_left(Instant now) const { return request.expires - (request.now + (now - started)); }

    PushRequest request;
    PushCallback callback;
    PushResult result;
    Instant started;

    // The dispatcher's own notes.
    enum class Stage : std::uint8_t {
        attempting,  // Between a decision and its answer.
        signing_in,  // Waits for a credential,
        parked,      // for the circuit to close,
        pausing,     // or for its next attempt.
        over,
    } stage = Stage::attempting;
    DispatcherState* dispatcher = nullptr;  // Null when it or the dispatcher is gone.
    std::size_t index = 0;                  // Among all that are under way.
    PushRetry retry;
    ChannelPtr channel;                      // Where it is attempted, signs in or is parked.
    std::list<Delivery*>::iterator parking;  // While parked.
};
using DeliveryPtr = std::shared_ptr<Delivery>;

/// What an answer, or the lack of one, means for a push.
struct Verdict {
    PushOutcome outcome = PushOutcome::unknown;
    std::string reason;         ///< The provider's word.
    std::string advice{};       ///< For the operator.
    std::string provider_id{};  ///< Empty: keeps what the result has.
    std::optional<Duration> retry_after{};
    std::optional<WallTime> dead_since{};
    bool leaves_connection = false;  ///< The connection that brought it is known to stay broken.
};

/// What is refused without asking the provider.
[[nodiscard]] Verdict refusal(PushOutcome outcome, std::string_view reason, std::string_view advice);

/// The connections to one host with one credential, and what is known about both.
struct Channel : std::enable_shared_from_this<Channel> {
    Channel(net::Loop& loop, std::string the_name, net::Http2ClientOptions options);

    [[nodiscard]] bool is_faulty() const;
    void set_fault(const PushResult& result);
    /// Nothing is under way and nothing waits.
    [[nodiscard]] bool is_idle() const;
    [[nodiscard]] std::list<Delivery*>& line_of(PushKind kind) {
        return kind == PushKind::ring ? parked_rings : parked_others;
    }
    [[nodiscard]] PushChannelHealth health() const;

    std::string name;  ///< "production", or the host.
    net::Http2Client client;
    Circuit circuit;
    std::list<Delivery*> parked_rings;   ///< Wait until the circuit closes, in the order of sending;
    std::list<Delivery*> parked_others;  ///< these after the rings.
    net::Timer timer;                    ///< For the one that tries.
    std::string fault;                   ///< Why the credential is useless,
    std::string fault_advice;
    Instant fault_until;  ///< until then.
};

/// What an adapter adds. Thread: the loop's.
class Provider {
  public:
    using Written = std::expected<net::Http2Request, Verdict>;

    virtual ~Provider() = default;

    [[nodiscard]] virtual DeliveryPtr make(PushRequest&& request, PushCallback&& callback) = 0;
    /// Everything that can be refused without asking the provider: tokens, sizes, names. nullopt: it may go.
    [[nodiscard]] virtual std::optional<Verdict> refuse(Delivery& delivery) = 0;
    /// Where the next attempt goes; null: nowhere now (too many hosts at once).
    [[nodiscard]] virtual ChannelPtr channel(Delivery& delivery) = 0;
    /// The request of an attempt, for a push with `window_left`; deadlines are the dispatcher's. nullopt: a credential
    /// has to be fetched first, see await_credential().
    [[nodiscard]] virtual std::optional<Written> write(Delivery& delivery, Duration window_left) = 0;
    /// Calls `then` once, at once or later: with nullopt when write() can go on, else with why there is no credential.
    virtual void await_credential(std::move_only_function<void(std::optional<Verdict>)> /*then*/) {}
    [[nodiscard]] virtual Verdict judge(Delivery& delivery, const net::HttpResponse& response) = 0;
    /// After a verdict: true when another channel should be asked at once.
    [[nodiscard]] virtual bool try_elsewhere(Delivery& /*delivery*/) { return false; }
    /// The last word about the result.
    virtual void settle(Delivery& /*delivery*/) {}
    /// What to check when the peer's certificate is not trusted.
    [[nodiscard]] virtual std::string_view untrusted_advice() const = 0;
};

/// The defaults are those of APNs and Web Push.
struct DispatchPolicy {
    PushRetryPolicy retry{.backoff = {Duration{250}, Duration{750}, Duration{2'000}}};
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

    void send(PushRequest&& request, PushCallback&& callback);
    [[nodiscard]] std::size_t pending() const;

  private:
    std::shared_ptr<DispatcherState> state_;
};

}  // namespace clarion::server::push
