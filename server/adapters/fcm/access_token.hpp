// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "net/http2_client.hpp"
#include "server/adapters/fcm/service_account.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::fcm {

/// Why there is no access token. `outcome` is credential_fault or transient.
struct TokenFault {
    PushOutcome outcome = PushOutcome::transient;
    std::string reason;
    std::string advice;
};

/// The OAuth access token of one service account: fetched when first needed, renewed in the background at 85 % of its
/// life while the old one still serves, one request at a time however many pushes wait.
///
/// Thread: the loop's. Re-entry: callbacks run from the loop.
class AccessToken {
  public:
    /// What every message has in common, the token in it; the same object for all that carry it.
    using Headers = std::shared_ptr<const net::Headers>;
    using Callback = std::move_only_function<void(std::optional<TokenFault>)>;

    AccessToken(
        const Clock& clock, ServiceAccount account, std::unique_ptr<net::Http2Client> client, std::string target
    );
    ~AccessToken();
    AccessToken(const AccessToken&) = delete;
    AccessToken& operator=(const AccessToken&) = delete;

    /// Null: there is none, fetch() it.
    [[nodiscard]] Headers current();
    /// Calls back, at once or later, with nullopt when current() has one, else with why not.
    void fetch(Callback callback);
    /// FCM refused `used`: it is not handed out again.
    void reject(const Headers& used);

    [[nodiscard]] std::uint64_t fetched() const;
    [[nodiscard]] const std::string& project_id() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::server::fcm
