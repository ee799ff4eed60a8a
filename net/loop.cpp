// SPDX-License-Identifier: Apache-2.0
#include "net/loop.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include "net/clock.hpp"
#include "net/detail/boot_clock.hpp"
#include "net/detail/loop_state.hpp"

namespace clarion::net {
namespace detail {

LoopState::LoopState() {
    const int fd = ::timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
    timerfd.assign(fd);
    wait_for_timers();
}

void LoopState::insert(TimerState& timer, Instant at) {
    timer.loop = this;
    timer.is_armed = true;
    timer.position = timers.emplace(TimerKey{at, timer_sequence++}, &timer).first;
    if (at < programmed) program_timerfd();
}

void LoopState::erase(TimerState& timer) {
    // The timerfd is left as it is: to wake once for nothing is cheaper than a system call per cancelled timer.
    if (std::exchange(timer.is_armed, false)) timers.erase(timer.position);
}

void LoopState::program_timerfd() {
    const Instant next = timers.empty() ? kNever : timers.begin()->first.first;
    if (next == programmed) return;
    programmed = next;
    itimerspec when{};
    if (next != kNever) {
        const std::int64_t ms = std::max<std::int64_t>(next.ms - skipped_ms(), 0);
        when.it_value.tv_sec = ms / 1000;
        when.it_value.tv_nsec = ms % 1000 * 1'000'000;
        if (ms == 0) when.it_value.tv_nsec = 1;  // zero would disarm
    }
    ::timerfd_settime(timerfd.native_handle(), TFD_TIMER_ABSTIME, &when, nullptr);
}

void LoopState::wait_for_timers() {
    timerfd.async_wait(Descriptor::wait_read, [this](boost::system::error_code error) {
        if (error) return;
        std::uint64_t expirations = 0;
        if (::read(timerfd.native_handle(), &expirations, sizeof expirations) > 0) programmed = kNever;
        wait_for_timers();  // first: a callback that throws must not end all timers
        fire_timers();
    });
}

void LoopState::fire_timers() {
    const Instant now = boot_now();
    const std::uint64_t sequence_end = timer_sequence;  // what is armed from here on waits for the next turn

    struct Reprogram {
        LoopState& loop;

        ~Reprogram() { loop.program_timerfd(); }
    } reprogram{*this};

    for (;;) {
        auto next = timers.begin();
        while (next != timers.end() && next->first.first <= now && next->first.second >= sequence_end) ++next;
        if (next == timers.end() || next->first.first > now) return;
        auto& timer = *next->second;
        erase(timer);
        auto fn = std::move(timer.fn);
        timer.fn = nullptr;
        fn();
    }
}

}  // namespace detail

Loop::Loop() : state_(std::make_unique<detail::LoopState>()) {}

Loop::~Loop() = default;

void Loop::run() {
    state_->io.run();
    state_->io.restart();
}

bool Loop::run_until(const std::function<bool()>& done, Duration limit) {
    const Instant end = boot_now() + limit;
    while (!done()) {
        const Instant now = boot_now();
        if (now >= end) return false;
        state_->io.run_one_for(end - now);
        if (!state_->io.stopped()) continue;
        state_->io.restart();
        return done();
    }
    return true;
}

void Loop::stop() { state_->io.stop(); }

void Loop::post(std::move_only_function<void()> fn) { boost::asio::post(state_->io, std::move(fn)); }

void Loop::on_signal(int signal, std::function<void()> fn) {
    auto& slot = state_->signals[signal];
    if (slot.first) {
        *slot.second = std::move(fn);
        return;
    }
    slot.first = std::make_unique<detail::SignalSet>(state_->io, signal);
    slot.second = std::make_shared<std::function<void()>>(std::move(fn));

    struct Again {
        detail::SignalSet* set;
        std::shared_ptr<std::function<void()>> call;

        void operator()(boost::system::error_code error, int) const {
            if (error) return;
            set->async_wait(*this);
            const auto kept = *call;  // it may replace itself
            kept();
        }
    };

    slot.first->async_wait(Again{slot.first.get(), slot.second});
}

Timer::Timer(Loop& loop) : state_(std::make_unique<detail::TimerState>()) { state_->loop = &loop.state(); }

Timer::~Timer() {
    if (state_) state_->loop->erase(*state_);
}

Timer::Timer(Timer&&) noexcept = default;

Timer& Timer::operator=(Timer&& other) noexcept {
    if (this != &other) {
        if (state_) state_->loop->erase(*state_);
        state_ = std::move(other.state_);
    }
    return *this;
}

void Timer::arm(Duration delay, std::move_only_function<void()> fn) {
    arm_at(boot_now() + (delay.count() > 0 ? delay : Duration{0}), std::move(fn));
}

void Timer::arm_at(Instant at, std::move_only_function<void()> fn) {
    state_->loop->erase(*state_);
    // The old callback may own the owner of this timer: it goes last.
    const auto dropped = std::exchange(state_->fn, at == kNever ? nullptr : std::move(fn));
    if (at != kNever) state_->loop->insert(*state_, at);
}

void Timer::cancel() {
    state_->loop->erase(*state_);
    const auto dropped = std::exchange(state_->fn, nullptr);  // it may own the owner of this timer: it goes last
}

bool Timer::is_armed() const { return state_->is_armed; }

}  // namespace clarion::net
