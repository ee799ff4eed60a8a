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
    static constexpr Duration kLookEvery{30'000};

    PushSetup(net::Loop& loop, const Clock& clock, PushSenders senders)
        : loop_{loop}, clock_{clock}, senders_{std::move(senders)}, look_timer_{loop} {}

    /// Errors: one line that names the file or the setting and says what to do. What went well before it stays.
    [[nodiscard]] std::expected<void, std::string> apply(const Config& config);

    /// Looks every kLookEvery whether the files that the last configuration names have other content, and applies it
    /// again if so. `said` gets "" when senders were made anew, and a fault once: what cannot be read, perhaps because
    /// it is being written, leaves the old key at work and is looked at again.
    void watch(std::function<void(const std::string& fault)> said);

    /// Connects each sender that was made since the last call, and asks its provider with a push to nobody whether it
    /// takes our credential. `said` gets one line for each: empty, or what is wrong and what to do. Without `said`
    /// nothing is asked.
    void check(const std::function<void(const std::string& sender, const std::string& fault)>& said);

  private:
    using Made = std::expected<std::shared_ptr<PushSender>, std::string>;

    void look();
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
    Config config_;
    net::Timer look_timer_;
    std::function<void(const std::string&)> said_;
    std::string fault_;  // What was said last.
};

/// What the answer to the push to nobody means; empty: the credential works.
[[nodiscard]] std::string check_fault(PushProvider provider, const PushResult& result);

}  // namespace clarion::server
