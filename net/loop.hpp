// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "core/base/time.hpp"

namespace clarion::net {

namespace detail {
struct LoopState;
struct TimerState;
}  // namespace detail

/// One thread's event loop: sockets, timers, signals and child processes report here.
///
/// Thread: run() owns the loop. Everything built on a Loop (timers, servers, sockets) is made, used and destroyed on
/// the thread that runs it, or before run() starts and after it returned. Only post() and stop() may come from others.
/// Lifetime: the Loop outlives everything built on it.
/// Errors: the constructor throws std::system_error when the process has no file descriptors left.
class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until stop(). May be called again afterwards; a stop() that came before run() makes it return at once.
    void run();

    /// Runs until `done` returns true or `limit` passed; `done` is asked after every event. Says whether it was done.
    /// For tests and for short commands.
    bool run_until(const std::function<bool()>& done, Duration limit);

    /// Makes run() return after the callback that runs now. Thread: any.
    void stop();

    /// Calls `fn` later on the loop's thread, in the order of posting. Thread: any.
    void post(std::move_only_function<void()> fn);

    /// Calls `fn` on the loop each time the process gets the signal (SIGTERM, SIGINT, SIGHUP ...), instead of the
    /// signal's default. A second call for the same signal replaces the first.
    void on_signal(int signal, std::function<void()> fn);

    /// For net's own sources.
    [[nodiscard]] detail::LoopState& state() { return *state_; }

  private:
    std::unique_ptr<detail::LoopState> state_;
};

/// A single-shot timer on CLOCK_BOOTTIME: it keeps counting while the machine sleeps and fires on wake-up.
///
/// Thread: the loop's. Bounds: resolution 1 ms, never before boot_now() shows the time. Equal times fire as armed.
/// Re-entry: `fn` may arm, cancel or destroy this timer.
class Timer {
  public:
    explicit Timer(Loop& loop);
    ~Timer();
    Timer(Timer&&) noexcept;
    Timer& operator=(Timer&&) noexcept;

    /// Calls `fn` once after `delay` (at the next turn of the loop if it is not positive). Replaces what was armed.
    void arm(Duration delay, std::move_only_function<void()> fn);

    /// Calls `fn` once when boot_now() reached `at`; kNever only cancels.
    void arm_at(Instant at, std::move_only_function<void()> fn);

    /// After it `fn` is not called.
    void cancel();

    [[nodiscard]] bool is_armed() const;

  private:
    std::unique_ptr<detail::TimerState> state_;
};

}  // namespace clarion::net
