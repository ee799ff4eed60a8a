// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "server/app/rest_bodies.hpp"

namespace clarion::server {

/// Pushes that somebody asked for over REST, one result for each device, or for the endpoint. The answer waits a moment
/// for the providers; what they say later is here for whoever asks again.
///
/// Thread: the loop's. Not persistent. Bounds: the last kKept of them.
class PushOrders {
  public:
    static constexpr std::size_t kKept = 1000;

    /// One of them. It lives as long as somebody may still report to it.
    class Order {
      public:
        /// Once for each of `expected`, in any order.
        void report(std::size_t index, rest::PushReportView result);

        [[nodiscard]] const ServiceId& service() const { return service_; }
        [[nodiscard]] const rest::PushOrderView& view() const { return view_; }

      private:
        friend class PushOrders;
        Order(net::Loop& loop, ServiceId service, rest::PushOrderView view, net::Respond respond);
        void answer(unsigned status);

        ServiceId service_;
        rest::PushOrderView view_;
        std::size_t open_;
        std::optional<net::Respond> respond_;
        net::Timer timer_;
    };

    explicit PushOrders(net::Loop& loop) : loop_{loop} {}

    /// `expected`: who is pushed to. Answers `respond` with 200 when all have reported, after `wait` with 202 and the
    /// place where the rest will be.
    [[nodiscard]] std::shared_ptr<Order> open(
        const ServiceId& service, std::vector<rest::PushReportView> expected, Duration wait, net::Respond respond
    );

    /// nullptr: there is none of this service, or it was long ago.
    [[nodiscard]] const Order* find(const ServiceId& service, const std::string& id) const;

  private:
    net::Loop& loop_;
    std::map<std::string, std::shared_ptr<Order>> orders_;
    std::deque<std::string> oldest_first_;
};

}  // namespace clarion::server
