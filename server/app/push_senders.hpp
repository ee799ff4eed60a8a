// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server {

/// The senders of this server: those for every service, and before them a service's own (its own key, team, project).
/// A handle: copies share. Thread: the loop's.
class PushSenders {
  public:
    struct Entry {
        std::string service;  ///< empty: every service without its own
        PushProvider provider = PushProvider::apns;
        std::shared_ptr<PushSender> sender;
    };

    PushSenders();
    /// For every service; null: no credentials for that provider. They outlive it.
    PushSenders(PushSender* apns, PushSender* fcm, PushSender* webpush = nullptr);

    /// Adds, replaces or (with null) removes. One that was replaced lives on until its pushes are done: forget_idle().
    void put(const std::string& service, PushProvider provider, std::shared_ptr<PushSender> sender);
    /// unifiedpush is webpush.
    [[nodiscard]] PushSender* find(const ServiceId& service, PushProvider provider) const;
    void forget_idle();

    [[nodiscard]] const std::vector<Entry>& entries() const { return state_->entries; }

  private:
    struct State {
        std::vector<Entry> entries;
        std::vector<std::shared_ptr<PushSender>> replaced;
    };
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server
