// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "server/app/config.hpp"
#include "server/app/push_senders.hpp"
#include "server/ports/clock.hpp"

namespace clarion::server {

/// Makes the senders that a configuration names, and makes anew those whose settings or files changed: keys rotate
/// without a restart. What is under way goes on with the old key.
///
/// Thread: the loop's. Lifetime: loop and clock outlive the senders.
class PushSetup {
  public:
    PushSetup(net::Loop& loop, const Clock& clock, PushSenders senders)
        : loop_{loop}, clock_{clock}, senders_{std::move(senders)} {}

    /// Errors: one line that names the file or the setting and says what to do. What went well before it stays.
    [[nodiscard]] std::expected<void, std::string> apply(const Config& config);

    /// Connects each sender that was made since the last call, and asks its provider with a push to nobody whether it
    /// takes our credential. `said` gets one line for each: empty, or what is wrong and what to do. Without `said`
    /// nothing is asked.
    void check(const std::function<void(const std::string& sender, const std::string& fault)>& said);

  private:
    using Made = std::expected<std::shared_ptr<PushSender>, std::string>;

    [[nodiscard]] std::expected<void, std::string> apply(const std::string& service, const PushConfig& config);
    [[nodiscard]] std::expected<void, std::string> renew(
        const std::string& service,
        PushProvider provider,
        const std::string& fingerprint,
        const std::function<Made()>& make
    );

    net::Loop& loop_;
    const Clock& clock_;
    PushSenders senders_;
    std::map<std::pair<std::string, PushProvider>, std::string> fingerprints_;
    std::vector<PushSenders::Entry> fresh_;
};

/// What the answer to the push to nobody means; empty: the credential works.
[[nodiscard]] std::string check_fault(PushProvider provider, const PushResult& result);

}  // namespace clarion::server
