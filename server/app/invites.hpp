// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

#include "core/protocol/invite.hpp"
#include "core/routing/routing.hpp"
#include "crypto/keys.hpp"
#include "server/app/tickets.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// The signed invite of a call for one device, as it goes onto the wire.
struct WireInvite {
    std::string cc_param;
    bool is_sealed = false;  ///< false: the device registered no key; the payload is readable on its way
};

/// Makes invites. Thread: any.
class Invites {
  public:
    Invites(crypto::SigningKey key, Tickets tickets) : key_{std::move(key)}, tickets_{std::move(tickets)} {}

    /// A name that makes the invite too long is shortened. The error is one line for the log.
    [[nodiscard]] std::expected<WireInvite, std::string> make(
        const routing::CallDocument& call, const DeviceRecord& device, const routing::SendPush& push, WallTime now
    ) const;

    [[nodiscard]] const Tickets& tickets() const { return tickets_; }

    /// False: nothing can be sealed to that key; refuse its registration.
    [[nodiscard]] bool is_usable_device_key(const std::string& public_key) const;

  private:
    crypto::SigningKey key_;
    Tickets tickets_;
};

/// At most `length_max` bytes, cut between characters of UTF-8.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t length_max);

}  // namespace clarion::server
