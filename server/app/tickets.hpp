// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "crypto/keys.hpp"

namespace clarion::server {

/// The ticket inside an invite: base64url(HMAC-SHA256(key, "ticket\0" call_id "\0" device)). Derived, never stored:
/// good for one device and one call. Whether the call still takes it is the call document's to say. Thread: any.
class Tickets {
  public:
    explicit Tickets(const crypto::SecretBytes& key) : key_{key} {}

    [[nodiscard]] std::string ticket_for(const CallId& call, const DeviceId& device) const;
    /// In constant time.
    [[nodiscard]] bool is_valid(const CallId& call, const DeviceId& device, std::string_view ticket) const;

  private:
    crypto::SecretBytes key_;
};

}  // namespace clarion::server
