// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows Asio.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "net/loop.hpp"

namespace clarion::net::detail {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using SignalSet = asio::basic_signal_set<Executor>;

/// Armed timers by time, then by order of arming, so that equal deadlines fire in that order.
using TimerKey = std::pair<Instant, std::uint64_t>;
using TimerMap = std::map<TimerKey, TimerState*>;

struct TimerState {
    LoopState* loop = nullptr;
    TimerMap::iterator position;
    bool is_armed = false;
    std::move_only_function<void()> fn;
};

/// One timerfd on CLOCK_BOOTTIME under all timers of the loop: Asio's own timers stop while the machine sleeps.
struct LoopState {
    LoopState();

    void insert(TimerState& timer, Instant at);
    void erase(TimerState& timer);
    void wait_for_timers();
    void fire_timers();
    void program_timerfd();

    // Callbacks that still wait in `io` may own timers: the map must outlive `io`, the descriptor must not.
    TimerMap timers;
    std::uint64_t timer_sequence = 0;
    Instant programmed = kNever;
    asio::io_context io{1};
    asio::executor_work_guard<Executor> work{io.get_executor()};
    Descriptor timerfd{io};
    std::map<int, std::pair<std::unique_ptr<SignalSet>, std::shared_ptr<std::function<void()>>>> signals;
};

}  // namespace clarion::net::detail
