// SPDX-License-Identifier: Apache-2.0
#include "server/push/dispatcher.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "crypto/keys.hpp"
#include "net/clock.hpp"

namespace clarion::server::push {

using namespace std::chrono_literals;

// ---- Delivery and Channel ----

Delivery::Delivery(net::Loop& loop, PushRequest the_request, PushCallback the_callback)
    : request{std::move(the_request)}, callback{std::move(the_callback)}, timer{loop}, started{net::boot_now()} {}

Delivery::~Delivery() = default;

Duration Delivery::elapsed() const { return net::boot_now() - started; }

Duration Delivery::window_left() const { return request.expires - (request.now + elapsed()); }

Channel::Channel(net::Loop& loop, std::string the_name, net::Http2ClientOptions options)
    : name{std::move(the_name)}, client{loop, std::move(options)}, timer{loop} {}

bool Channel::is_faulty() const { return !fault.empty() && net::boot_now() < fault_until; }

bool Channel::is_idle() const {
    const auto stats = client.stats();
    return stats.in_flight == 0 && stats.queued == 0 && parked.empty();
}

PushChannelHealth Channel::health() const {
    const auto stats = client.stats();
    return {
        .name = name,
        .connections = stats.connections,
        .streams_limit = stats.streams_limit,
        .in_flight = stats.in_flight,
        .waiting = stats.queued + parked.size(),
        .connects = stats.connects,
        .connect_failures = stats.connect_failures,
        .goaways = stats.goaways,
        .is_circuit_open = circuit.is_open(),
        .credential_fault = is_faulty() ? fault : ""
    };
}

// ---- Dispatcher ----

struct Dispatcher::State : std::enable_shared_from_this<State> {
    State(net::Loop& the_loop, Provider& the_provider, DispatchPolicy the_policy)
        : loop{the_loop}, provider{the_provider}, policy{std::move(the_policy)} {}

    net::Loop& loop;
    Provider& provider;
    const DispatchPolicy policy;
    std::unordered_set<DeliveryPtr> deliveries;
    Random random{crypto::random_number()};
    bool is_sending = false;  // Inside send(): callbacks wait.

    void attempt(const DeliveryPtr& delivery);
    [[nodiscard]] bool may_go_on(const DeliveryPtr& delivery, const ChannelPtr& channel);
    void park(const DeliveryPtr& delivery, const ChannelPtr& channel);
    void let_one_try(const ChannelPtr& channel);
    void release(const ChannelPtr& channel);
    void submit(const DeliveryPtr& delivery, const ChannelPtr& channel, net::Http2Request request);
    void answered(
        const DeliveryPtr& delivery, const ChannelPtr& channel, std::expected<net::HttpResponse, net::Http2Error> answer
    );
    [[nodiscard]] Verdict verdict_of(Delivery& delivery, const net::Http2Error& error) const;
    void apply(Delivery& delivery, const ChannelPtr& channel, Verdict verdict);
    void go_on(const DeliveryPtr& delivery, const ChannelPtr& channel);
    void finish(const DeliveryPtr& delivery);
};

void Dispatcher::State::attempt(const DeliveryPtr& delivery) {
    const ChannelPtr channel = provider.channel(*delivery);
    if (!channel) {
        delivery->result.outcome = PushOutcome::transient;
        delivery->result.provider_reason = "not sent: too many push services at once";
        return finish(delivery);
    }
    if (!may_go_on(delivery, channel)) return;
    if (!channel->circuit.may_go(net::boot_now())) return park(delivery, channel);
    provider.write(
        delivery,
        [weak = weak_from_this(), delivery, channel](std::expected<net::Http2Request, Verdict> written) {
            const auto self = weak.lock();
            if (!self) return;
            if (!written) {
                self->apply(*delivery, channel, std::move(written.error()));
                return self->go_on(delivery, channel);
            }
            // The credential may have taken its time.
            if (self->may_go_on(delivery, channel)) return self->submit(delivery, channel, *std::move(written));
            channel->circuit.give_back();
            self->let_one_try(channel);
        }
    );
}

bool Dispatcher::State::may_go_on(const DeliveryPtr& delivery, const ChannelPtr& channel) {
    PushResult& result = delivery->result;
    if (delivery->request.is_wanted && !delivery->request.is_wanted()) {
        result.outcome = PushOutcome::withdrawn;
    } else if (delivery->window_left() <= 0ms) {
        if (result.attempts == 0) result.outcome = PushOutcome::expired;
    } else if (channel->is_faulty()) {
        result.outcome = PushOutcome::credential_fault;
        result.provider_reason = channel->fault;
        result.advice = channel->fault_advice;
    } else {
        return true;
    }
    finish(delivery);
    return false;
}

void Dispatcher::State::park(const DeliveryPtr& delivery, const ChannelPtr& channel) {
    delivery->is_parked = true;
    auto& parked = channel->parked;
    delivery->request.kind == PushKind::ring ? parked.push_front(delivery) : parked.push_back(delivery);
    if (delivery->result.provider_reason.empty()) delivery->result.provider_reason = "the push service is down";
    delivery->timer.arm(delivery->window_left(), [weak_self = weak_from_this(), weak = std::weak_ptr{delivery}] {
        const auto self = weak_self.lock();
        const auto live = weak.lock();
        if (!self || !live) return;
        if (live->result.attempts == 0) live->result.outcome = PushOutcome::expired;
        self->finish(live);
    });
    let_one_try(channel);
}

void Dispatcher::State::let_one_try(const ChannelPtr& channel) {
    const Instant at = channel->circuit.opens_at();
    if (at == kNever || channel->timer.is_armed()) return;
    channel->timer.arm_at(at, [weak_self = weak_from_this(), weak = std::weak_ptr{channel}] {
        const auto self = weak_self.lock();
        const ChannelPtr live = weak.lock();
        while (self && live && !live->parked.empty()) {
            const DeliveryPtr next = live->parked.front().lock();
            live->parked.pop_front();
            if (!next || !next->is_parked) continue;
            next->is_parked = false;
            next->timer.cancel();
            return self->attempt(next);
        }
    });
}

void Dispatcher::State::release(const ChannelPtr& channel) {
    channel->timer.cancel();
    for (const auto& weak : std::exchange(channel->parked, {})) {
        const DeliveryPtr next = weak.lock();
        if (!next || !std::exchange(next->is_parked, false)) continue;
        next->timer.cancel();
        attempt(next);
    }
}

void Dispatcher::State::submit(const DeliveryPtr& delivery, const ChannelPtr& channel, net::Http2Request request) {
    request.deadline = std::max<Duration>(delivery->window_left(), 1ms);
    request.answer_deadline = policy.attempt_deadline;
    request.is_urgent = delivery->request.kind == PushKind::ring;
    channel->client.request(
        std::move(request),
        // The client belongs to the channel, which may be given up inside.
        [weak = weak_from_this(), delivery,
         there = std::weak_ptr{channel}](std::expected<net::HttpResponse, net::Http2Error> answer) {
            const auto self = weak.lock();
            const auto used = there.lock();
            if (self && used) self->answered(delivery, used, std::move(answer));
        }
    );
}

void Dispatcher::State::answered(
    const DeliveryPtr& delivery, const ChannelPtr& channel, std::expected<net::HttpResponse, net::Http2Error> answer
) {
    PushResult& result = delivery->result;
    if (answer) {
        ++result.attempts;
        result.provider_status = answer->status;
        Verdict verdict = provider.judge(*delivery, *answer);
        if (verdict.leaves_connection) channel->client.replace_connection();
        apply(*delivery, channel, std::move(verdict));
    } else {
        result.provider_status = 0;
        if (answer.error().was_sent) ++result.attempts;
        apply(*delivery, channel, verdict_of(*delivery, answer.error()));
    }
    if (provider.try_elsewhere(*delivery)) return attempt(delivery);
    go_on(delivery, channel);
}

Verdict Dispatcher::State::verdict_of(Delivery& delivery, const net::Http2Error& error) const {
    Verdict verdict;
    verdict.reason = std::string{net::to_string(error.code)} + ": " + error.message;
    if (error.was_sent) {
        verdict.outcome = PushOutcome::unknown;
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

void Dispatcher::State::apply(Delivery& delivery, const ChannelPtr& channel, Verdict verdict) {
    PushResult& result = delivery.result;
    result.outcome = verdict.outcome;
    result.provider_reason = std::move(verdict.reason);
    result.advice = verdict.advice;
    result.retry_after = verdict.retry_after;
    result.dead_since = verdict.dead_since;
    if (!verdict.provider_id.empty()) result.provider_id = std::move(verdict.provider_id);
    if (result.outcome == PushOutcome::accepted) channel->fault.clear();
    if (result.outcome == PushOutcome::credential_fault) channel->set_fault(result);
    // An expired push says nothing about the provider, unless nobody got through at all.
    if (result.outcome == PushOutcome::expired) {
        channel->circuit.give_back();
        let_one_try(channel);
    } else if (channel->circuit.note(result.outcome, net::boot_now(), random)) {
        loop.post([weak = weak_from_this(), channel] {
            if (const auto self = weak.lock()) self->release(channel);
        });
    } else if (channel->circuit.is_open()) {
        let_one_try(channel);
    }
}

void Channel::set_fault(const PushResult& result) {
    fault = result.provider_reason;
    fault_advice = result.advice;
}

void Dispatcher::State::go_on(const DeliveryPtr& delivery, const ChannelPtr& channel) {
    PushResult& result = delivery->result;
    const auto delay = delivery->retry->next(result.outcome, result.retry_after, delivery->window_left(), random);
    if (!delay && result.outcome == PushOutcome::auth_refresh) {
        result.outcome = PushOutcome::credential_fault;
        channel->set_fault(result);
    }
    if (result.outcome == PushOutcome::credential_fault) channel->fault_until = net::boot_now() + policy.fault_pause;
    if (!delay) return finish(delivery);
    if (*delay <= 0ms) return attempt(delivery);
    delivery->timer.arm(*delay, [weak_self = weak_from_this(), weak = std::weak_ptr{delivery}] {
        const auto self = weak_self.lock();
        const auto live = weak.lock();
        if (self && live) self->attempt(live);
    });
}

void Dispatcher::State::finish(const DeliveryPtr& delivery) {
    delivery->timer.cancel();
    delivery->is_parked = false;
    provider.settle(*delivery);
    delivery->result.elapsed = delivery->elapsed();
    deliveries.erase(delivery);
    if (!is_sending) {
        if (auto callback = std::exchange(delivery->callback, {})) callback(std::move(delivery->result));
        return;
    }
    loop.post([weak = weak_from_this(), delivery] {
        if (weak.expired() || !delivery->callback) return;
        std::exchange(delivery->callback, {})(std::move(delivery->result));
    });
}

Dispatcher::Dispatcher(net::Loop& loop, Provider& provider, DispatchPolicy policy)
    : state_{std::make_shared<State>(loop, provider, std::move(policy))} {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::send(PushRequest request, PushCallback callback) {
    State& state = *state_;
    const bool was_sending = std::exchange(state.is_sending, true);
    const std::size_t most = request.kind == PushKind::ring ? state.policy.waiting_max : state.policy.waiting_max / 2;
    const auto delivery = state.provider.make(std::move(request), std::move(callback));
    delivery->retry.emplace(state.policy.retry);
    const bool has_room = state.deliveries.size() < most;
    state.deliveries.insert(delivery);
    if (auto refusal = state.provider.refuse(*delivery)) {
        delivery->result.outcome = refusal->outcome;
        delivery->result.provider_reason = std::move(refusal->reason);
        delivery->result.advice = refusal->advice;
        state.finish(delivery);
    } else if (!has_room) {
        delivery->result.outcome = PushOutcome::overloaded;
        delivery->result.provider_reason = "not sent: " + std::to_string(most) + " pushes wait already";
        delivery->result.advice = "the provider stands still, or this server has more to send than it may";
        state.finish(delivery);
    } else {
        state.attempt(delivery);
    }
    state.is_sending = was_sending;
}

std::size_t Dispatcher::pending() const { return state_->deliveries.size(); }

}  // namespace clarion::server::push
