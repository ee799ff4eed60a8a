// SPDX-License-Identifier: Apache-2.0
#include "server/app/tickets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>

namespace clarion::server {

std::string Tickets::ticket_for(const CallId& call, const DeviceId& device) const {
    std::string text{"ticket"};
    text += '\0';
    text += call.text();
    text += '\0';
    text += device.text();
    std::array<std::uint8_t, 32> mac{};
    unsigned length = 0;
    const auto& key = key_.reveal();
    // One-shot HMAC with SHA-256 fails only when memory is gone; then the ticket matches nothing.
    if (HMAC(
            EVP_sha256(), key.data(), static_cast<int>(key.size()), crypto::as_bytes(text).data(), text.size(),
            mac.data(), &length
        ) == nullptr) {
        return {};
    }
    return crypto::base64url_encode(mac);
}

bool Tickets::is_valid(const CallId& call, const DeviceId& device, std::string_view ticket) const {
    const std::string expected = ticket_for(call, device);
    return !expected.empty() && crypto::equal_constant_time(expected, ticket);
}

}  // namespace clarion::server
