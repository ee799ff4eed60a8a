// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_senders.hpp"

#include <algorithm>
#include <utility>

namespace clarion::server {
namespace {

PushProvider sender_kind(PushProvider provider) {
    return provider == PushProvider::unifiedpush ? PushProvider::webpush : provider;
}

}  // namespace

PushSenders::PushSenders() : state_{std::make_shared<State>()} {}

PushSenders::PushSenders(PushSender* apns, PushSender* fcm, PushSender* webpush) : PushSenders{} {
    const auto borrowed = [](PushSender* sender) {
        return std::shared_ptr<PushSender>{std::shared_ptr<void>{}, sender};
    };
    if (apns != nullptr) put({}, PushProvider::apns, borrowed(apns));
    if (fcm != nullptr) put({}, PushProvider::fcm, borrowed(fcm));
    if (webpush != nullptr) put({}, PushProvider::webpush, borrowed(webpush));
}

void PushSenders::put(const std::string& service, PushProvider provider, std::shared_ptr<PushSender> sender) {
    auto& entries = state_->entries;
    const auto found = std::ranges::find_if(entries, [&](const Entry& one) {
        return one.service == service && one.provider == provider;
    });
    if (found != entries.end()) {
        state_->replaced.push_back(std::move(found->sender));
        entries.erase(found);
    }
    if (sender) entries.push_back({service, provider, std::move(sender)});
}

PushSender* PushSenders::find(const ServiceId& service, PushProvider provider) const {
    PushSender* common = nullptr;
    for (const Entry& one : state_->entries) {
        if (one.provider != sender_kind(provider)) continue;
        if (one.service == service.text()) return one.sender.get();
        if (one.service.empty()) common = one.sender.get();
    }
    return common;
}

void PushSenders::forget_idle() {
    std::erase_if(state_->replaced, [](const auto& one) { return one->pending() == 0; });
}

}  // namespace clarion::server
