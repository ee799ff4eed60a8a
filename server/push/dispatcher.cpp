// SPDX-License-Identifier: Apache-2.0
#include "server/push/dispatcher.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "crypto/keys.hpp"
#include "net/clock.hpp"

namespace clarion::server::push {

using namespace std::chrono_literals;

using Stage = Delivery::Stage;

// ---- Delivery and Channel ----

Delivery::Delivery(PushRequest&& the_request, PushCallback&& the_callback)
    : request{std::move(the_request)}, callback{std::move(the_callback)}, started{net::boot_now()} {}

Delivery::~Delivery() = default;

Verdict refusal(PushOutcome outcome, std::string_view reason, std::string_view advice) {
    return {.outcome = outcome, .reason = "not sent: " + std::string{reason}, .advice = std::string{advice}};
}

Channel::Channel(net::Loop& loop, std::string the_name, net::Http2ClientOptions options)
    : name{std::move(the_name)}, client{loop, std::move(options)}, timer{loop} {}

bool Channel::is_faulty() const { return !fault.empty() && net::boot_now() < fault_until; }

void Channel::set_fault(const PushResult& result) {
    fault = result.provider_reason;
    fault_advice = result.advice;
}

bool Channel::is_idle() const {
    const auto stats = client.stats();
    return stats.in_flight == 0 && stats.queued == 0 && parked_rings.empty() && parked_others.empty();
}

PushChannelHealth Channel::health() const {
    const auto stats = client.stats();
    return {
        .name = name,
        .connections = stats.connections,
        .streams_limit = stats.streams_limit,
        .in_flight = stats.in_flight,
        .waiting = stats.queued + parked_rings.size() + parked_others.size(),
        .connects = stats.connects,
        .connect_failures = stats.connect_failures,
        .goaways = stats.goaways,
        .is_circuit_open = circuit.is_open(),
        .credential_fault = is_faulty() ? fault : ""
    };
}

// ---- Dispatcher ----

struct DispatcherState : std::enable_shared_from_this<DispatcherState> {
    DispatcherState(net::Loop& the_loop, Provider& the_provider, DispatchPolicy the_policy)
        : loop{the_loop}, provider{the_provider}, policy{std::move(the_policy)} {}

    net::Loop& loop;
    Provider& provider;
    const DispatchPolicy policy;
    std::vector<DeliveryPtr> deliveries;  // All that are under way, in no order.
    net::Deadlines deadlines{loop, [this] { wake_due(); }};
    Random random{crypto::random_number()};
    bool is_sending = false;  // Inside send(): callbacks wait.

    void add(const DeliveryPtr& delivery);
    void attempt(const DeliveryPtr& delivery);
    [[nodiscard]] bool may_go_on(const DeliveryPtr& delivery, const Channel& channel, Instant now);
    void write(const DeliveryPtr& delivery, Instant now);
    void signed_in(const DeliveryPtr& delivery, std::optional<Verdict> fault);
    void submit(const DeliveryPtr& delivery, net::Http2Request&& request, Instant now);
    void answered(const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer);
    [[nodiscard]] Verdict verdict_of(const Delivery& delivery, const net::Http2Error& error) const;
    void conclude(const DeliveryPtr& delivery, Verdict verdict);
    void apply(Delivery& delivery, const ChannelPtr& channel, Verdict&& verdict);
    void go_on(const DeliveryPtr& delivery, Channel& channel);
    void finish(const DeliveryPtr& delivery);

    void wait(Delivery& delivery, Stage stage, Instant until);
    void wake_due();
    void give_up_waiting(const DeliveryPtr& delivery);
    void park(const DeliveryPtr& delivery, ChannelPtr channel, Instant now);
    [[nodiscard]] DeliveryPtr unpark_first(Channel& channel);
    void give_back(const ChannelPtr& channel);
    void let_one_try(const ChannelPtr& channel);
    void release(Channel& channel);
    void stop();
};

void DispatcherState::add(const DeliveryPtr& delivery) {
    const std::size_t most = delivery->request.kind == PushKind::ring ? policy.waiting_max : policy.waiting_max / 2;
    const bool has_room = deliveries.size() < most;
    delivery->dispatcher = this;
    delivery->index = deliveries.size();
    deliveries.push_back(delivery);
    auto refused = provider.refuse(*delivery);
    if (!refused && !has_room) {
        refused = refusal(
            PushOutcome::overloaded, std::to_string(most) + " pushes wait already",
            "the provider stands still, or this server has more to send than it may"
        );
    }
    if (!refused) return attempt(delivery);
    delivery->result.outcome = refused->outcome;
    delivery->result.provider_reason = std::move(refused->reason);
    delivery->result.advice = std::move(refused->advice);
    finish(delivery);
}

// ---- an attempt ----

void DispatcherState::attempt(const DeliveryPtr& delivery) {
    delivery->stage = Stage::attempting;
    ChannelPtr channel = provider.channel(*delivery);
    if (!channel) {
        delivery->result.outcome = PushOutcome::transient;
        delivery->result.provider_reason = "not sent: too many push services at once";
        return finish(delivery);
    }
    const Instant now = net::boot_now();
    if (!may_go_on(delivery, *channel, now)) return;
    if (!channel->circuit.may_go(now)) return park(delivery, std::move(channel), now);
    delivery->channel = std::move(channel);
    write(delivery, now);
}

bool DispatcherState::may_go_on(const DeliveryPtr& delivery, const Channel& channel, Instant now) {
    PushResult& result = delivery->result;
    if (delivery->request.is_wanted && !delivery->request.is_wanted()) {
        result.outcome = PushOutcome::withdrawn;
    } else if (delivery->window_left(now) <= 0ms) {
        if (result.attempts == 0) result.outcome = PushOutcome::expired;
    } else if (channel.is_faulty()) {
        result.outcome = PushOutcome::credential_fault;
        result.provider_reason = channel.fault;
        result.advice = channel.fault_advice;
    } else {
        return true;
    }
    finish(delivery);
    return false;
}

void DispatcherState::write(const DeliveryPtr& delivery, Instant now) {
    const Duration left = delivery->window_left(now);
    auto written = provider.write(*delivery, left);
    if (!written) {
        wait(*delivery, Stage::signing_in, now + left);
        return provider.await_credential([delivery](std::optional<Verdict> fault) {
            auto* const self = delivery->dispatcher;
            if (self != nullptr && delivery->stage == Stage::signing_in) self->signed_in(delivery, std::move(fault));
        });
    }
    if (!*written) return conclude(delivery, std::move(written->error()));
    submit(delivery, std::move(**written), now);
}

void DispatcherState::signed_in(const DeliveryPtr& delivery, std::optional<Verdict> fault) {
    const auto self = shared_from_this();  // The push's callback may end it.
    delivery->cancel();
    delivery->stage = Stage::attempting;
    if (fault) return conclude(delivery, *std::move(fault));
    const ChannelPtr channel = delivery->channel;
    const Instant now = net::boot_now();
    if (may_go_on(delivery, *channel, now)) return write(delivery, now);
    give_back(channel);
}

void DispatcherState::submit(const DeliveryPtr& delivery, net::Http2Request&& request, Instant now) {
    request.deadline = std::max<Duration>(delivery->window_left(now), 1ms);
    request.answer_deadline = policy.attempt_deadline;
    request.is_urgent = delivery->request.kind == PushKind::ring;
    if (delivery->request.is_wanted) request.is_wanted = &delivery->request.is_wanted;
    delivery->channel->client.request(
        std::move(request),
        [delivery](std::expected<net::HttpResponse, net::Http2Error> answer) {
            if (delivery->dispatcher != nullptr) delivery->dispatcher->answered(delivery, std::move(answer));
        }
    );
}

void DispatcherState::answered(const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer) {
    const auto self = shared_from_this();  // The push's callback may end it.
    PushResult& result = delivery->result;
    if (answer) {
        ++result.attempts;
        result.provider_status = answer->status;
        Verdict verdict = provider.judge(*delivery, *answer);
        if (verdict.leaves_connection) delivery->channel->client.replace_connection();
        conclude(delivery, std::move(verdict));
    } else {
        result.provider_status = 0;
        if (answer.error().was_sent) ++result.attempts;
        conclude(delivery, verdict_of(*delivery, answer.error()));
    }
}

Verdict DispatcherState::verdict_of(const Delivery& delivery, const net::Http2Error& error) const {
    Verdict verdict;
    verdict.reason = std::string{net::to_string(error.code)} + ": " + error.message;
    if (error.was_sent) {
        verdict.outcome = PushOutcome::unknown;
    } else if (error.code == net::Http2ErrorCode::cancelled) {
        verdict.outcome = PushOutcome::withdrawn;  // The call ended while it waited for a stream.
    } else if (error.code == net::Http2ErrorCode::unprocessed) {
        verdict.outcome = PushOutcome::unprocessed;
    } else if (error.code == net::Http2ErrorCode::timed_out && delivery.result.attempts == 0) {
        verdict.outcome = PushOutcome::expired;  // It waited for a stream until its window was over.
    } else if (error.cause && error.cause->code == net::ErrorCode::tls_untrusted) {
        verdict.outcome = PushOutcome::credential_fault;
        verdict.advice = provider.untrusted_advice();
    } else {
        verdict.outcome = PushOutcome::transient;
    }
    return verdict;
}

/// The end of an attempt.
void DispatcherState::conclude(const DeliveryPtr& delivery, Verdict verdict) {
    const ChannelPtr channel = std::move(delivery->channel);
    apply(*delivery, channel, std::move(verdict));
    if (provider.try_elsewhere(*delivery)) {
        delivery->result.repeated_for.push_back(delivery->result.provider_reason);
        return attempt(delivery);
    }
    go_on(delivery, *channel);
}

void DispatcherState::apply(Delivery& delivery, const ChannelPtr& channel, Verdict&& verdict) {
    PushResult& result = delivery.result;
    result.outcome = verdict.outcome;
    result.provider_reason = std::move(verdict.reason);
    result.advice = std::move(verdict.advice);
    result.retry_after = verdict.retry_after;
    result.dead_since = verdict.dead_since;
    if (!verdict.provider_id.empty()) result.provider_id = std::move(verdict.provider_id);
    if (result.outcome == PushOutcome::accepted) channel->fault.clear();
    if (result.outcome == PushOutcome::credential_fault) channel->set_fault(result);
    // A push that did not leave says nothing about the provider, unless nobody got through at all.
    if (result.outcome == PushOutcome::expired || result.outcome == PushOutcome::withdrawn) {
        give_back(channel);
    } else if (channel->circuit.note(result.outcome, net::boot_now(), random)) {
        loop.post([weak = weak_from_this(), channel] {
            if (const auto self = weak.lock()) self->release(*channel);
        });
    } else if (channel->circuit.is_open()) {
        let_one_try(channel);
    }
}

void DispatcherState::go_on(const DeliveryPtr& delivery, Channel& channel) {
    PushResult& result = delivery->result;
    if (result.outcome == PushOutcome::accepted) return finish(delivery);
    const Instant now = net::boot_now();
    const auto delay =
        delivery->retry.next(policy.retry, result.outcome, result.retry_after, delivery->window_left(now), random);
    if (!delay && result.outcome == PushOutcome::auth_refresh) {
        result.outcome = PushOutcome::credential_fault;
        channel.set_fault(result);
    }
    if (result.outcome == PushOutcome::credential_fault) channel.fault_until = now + policy.fault_pause;
    if (!delay) return finish(delivery);
    result.repeated_for.push_back(result.provider_reason);
    if (*delay <= 0ms) return attempt(delivery);
    wait(*delivery, Stage::pausing, now + *delay);
}

void DispatcherState::finish(const DeliveryPtr& delivery) {
    delivery->cancel();
    delivery->stage = Stage::over;
    delivery->dispatcher = nullptr;
    delivery->channel.reset();
    provider.settle(*delivery);
    delivery->result.elapsed = net::boot_now() - delivery->started;
    deliveries.back()->index = delivery->index;
    std::swap(deliveries[delivery->index], deliveries.back());
    deliveries.pop_back();
    auto tell = [](Delivery& done) {
        if (auto callback = std::exchange(done.callback, {})) callback(std::move(done.result));
    };
    if (!is_sending) return tell(*delivery);
    loop.post([weak = weak_from_this(), delivery, tell] {
        if (!weak.expired()) tell(*delivery);
    });
}

// ---- what waits ----

void DispatcherState::wait(Delivery& delivery, Stage stage, Instant until) {
    delivery.stage = stage;
    deadlines.arm(delivery, until);
}

void DispatcherState::wake_due() {
    const auto self = shared_from_this();
    std::vector<DeliveryPtr> due;
    for (auto* entry : deadlines.take_due(net::boot_now())) {
        due.push_back(static_cast<Delivery*>(entry)->shared_from_this());
    }
    for (const auto& delivery : due) {
        if (delivery->dispatcher == nullptr) continue;  // Another one's callback ended it.
        if (delivery->stage == Stage::pausing) {
            attempt(delivery);
        } else if (delivery->stage == Stage::parked || delivery->stage == Stage::signing_in) {
            give_up_waiting(delivery);
        }
    }
}

/// Its window is over.
void DispatcherState::give_up_waiting(const DeliveryPtr& delivery) {
    const ChannelPtr channel = delivery->channel;
    const bool was_parked = delivery->stage == Stage::parked;
    if (was_parked) channel->line_of(delivery->request.kind).erase(delivery->parking);
    if (delivery->result.attempts == 0) delivery->result.outcome = PushOutcome::expired;
    finish(delivery);
    if (!was_parked) give_back(channel);
}

void DispatcherState::park(const DeliveryPtr& delivery, ChannelPtr channel, Instant now) {
    auto& line = channel->line_of(delivery->request.kind);
    delivery->parking = line.insert(line.end(), delivery.get());
    if (delivery->result.provider_reason.empty()) delivery->result.provider_reason = "the push service is down";
    // A repeat waits no longer than a repeat may leave.
    const Duration tail = delivery->result.attempts == 0 ? 0ms : policy.retry.window_tail;
    wait(*delivery, Stage::parked, now + (delivery->window_left(now) - tail));
    let_one_try(channel);
    delivery->channel = std::move(channel);
}

/// Null: nobody waits.
DeliveryPtr DispatcherState::unpark_first(Channel& channel) {
    auto& line = channel.parked_rings.empty() ? channel.parked_others : channel.parked_rings;
    if (line.empty()) return nullptr;
    const DeliveryPtr first = line.front()->shared_from_this();
    line.pop_front();
    first->cancel();
    first->channel.reset();
    first->stage = Stage::attempting;
    return first;
}

/// The push that was to try did not leave.
void DispatcherState::give_back(const ChannelPtr& channel) {
    channel->circuit.give_back();
    let_one_try(channel);
}

void DispatcherState::let_one_try(const ChannelPtr& channel) {
    const Instant at = channel->circuit.opens_at();
    if (at == kNever || channel->timer.is_armed()) return;
    channel->timer.arm_at(at, [weak_self = weak_from_this(), weak = std::weak_ptr{channel}] {
        const auto self = weak_self.lock();
        const ChannelPtr live = weak.lock();
        if (!self || !live) return;
        if (const DeliveryPtr next = self->unpark_first(*live)) self->attempt(next);
    });
}

void DispatcherState::release(Channel& channel) {
    channel.timer.cancel();
    // As many as wait now: one that is parked again meanwhile waits for the next time.
    for (std::size_t count = channel.parked_rings.size() + channel.parked_others.size(); count > 0; --count) {
        if (const DeliveryPtr next = unpark_first(channel)) attempt(next);
    }
}

void DispatcherState::stop() {
    for (const auto& delivery : std::exchange(deliveries, {})) {
        delivery->cancel();
        delivery->stage = Stage::over;
        delivery->dispatcher = nullptr;
        if (const ChannelPtr channel = std::exchange(delivery->channel, nullptr)) {
            channel->parked_rings.clear();
            channel->parked_others.clear();
        }
    }
}

Dispatcher::Dispatcher(net::Loop& loop, Provider& provider, DispatchPolicy policy)
    : state_{std::make_shared<DispatcherState>(loop, provider, std::move(policy))} {}

Dispatcher::~Dispatcher() { state_->stop(); }

void Dispatcher::send(PushRequest&& request, PushCallback&& callback) {
    const bool was_sending = std::exchange(state_->is_sending, true);
    state_->add(state_->provider.make(std::move(request), std::move(callback)));
    state_->is_sending = was_sending;
}

std::size_t Dispatcher::pending() const { return state_->deliveries.size(); }

}  // namespace clarion::server::push
