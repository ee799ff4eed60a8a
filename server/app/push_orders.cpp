// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_orders.hpp"

#include <utility>

#include "crypto/keys.hpp"
#include "server/app/rest_api.hpp"

namespace clarion::server {
namespace {

constexpr std::string_view kWaiting = "waiting";
constexpr std::size_t kIdLength = 24;

}  // namespace

PushOrders::Order::Order(net::Loop& loop, ServiceId service, rest::PushOrderView view, net::Respond respond)
    : service_{std::move(service)},
      view_{std::move(view)},
      open_{view_.results.size()},
      respond_{std::move(respond)},
      timer_{loop} {}

void PushOrders::Order::report(std::size_t index, rest::PushReportView result) {
    view_.results[index] = std::move(result);
    if (--open_ > 0) return;
    view_.done = true;
    timer_.cancel();
    answer(200);
}

void PushOrders::Order::answer(unsigned status) {
    auto respond = std::exchange(respond_, std::nullopt);
    if (!respond) return;
    auto response = rest::json(status, rest::encode(view_));
    if (status == 202) response.headers.push_back({"Location", "/v1/push/" + view_.id});
    (*respond)(std::move(response));
}

std::shared_ptr<PushOrders::Order> PushOrders::open(
    const ServiceId& service, std::vector<rest::PushReportView> expected, Duration wait, net::Respond respond
) {
    rest::PushOrderView view{crypto::random_token(kIdLength), false, std::move(expected)};
    for (rest::PushReportView& one : view.results) one.outcome = kWaiting;
    const std::string id = view.id;
    std::shared_ptr<Order> order{new Order{loop_, service, std::move(view), std::move(respond)}};
    order->timer_.arm(wait, [raw = order.get()] { raw->answer(202); });
    if (oldest_first_.size() == kKept) {
        orders_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
    orders_.emplace(id, order);
    oldest_first_.push_back(id);
    return order;
}

const PushOrders::Order* PushOrders::find(const ServiceId& service, const std::string& id) const {
    const auto found = orders_.find(id);
    return found != orders_.end() && found->second->service() == service ? found->second.get() : nullptr;
}

}  // namespace clarion::server
