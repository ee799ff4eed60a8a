// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <map>
#include <string>

#include "core/codec/json.hpp"
#include "core/routing/document.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// What holds for a new call of a service. Read once from the store and remembered: every change goes through here, and
/// one process has the database (docs/operate.md, "storage"), so that what is remembered is what is stored.
///
/// Thread: the loop's. Bounds: one policy for each service that called since the start.
class Policies {
  public:
    Policies(Store& store, const routing::Config& defaults) : store_{store}, defaults_{defaults} {}

    /// Nothing is left open in it: a call that takes it keeps it, whatever is changed later, here or in the
    /// configuration.
    [[nodiscard]] Stored<ServicePolicy> for_new_call(const ServiceId& service);

    /// Writes name and policy; calls from now on take it. False: there is no such service.
    [[nodiscard]] Stored<bool> change(const ServiceRecord& service);

    /// What holds where `own` leaves something open, as well.
    [[nodiscard]] ServicePolicy effective(const ServicePolicy& own) const { return policy_of(config(own)); }
    [[nodiscard]] routing::Config config(const ServicePolicy& policy) const { return applied(policy, defaults_); }

  private:
    Store& store_;
    routing::Config defaults_;
    std::map<ServiceId, ServicePolicy> known_;
};

/// What is wrong with a change, for whoever sent it.
struct PolicyFault {
    std::string field;   ///< "policy.ring_time_ms"
    std::string detail;  ///< one sentence: the field, what it takes and what helps
};

/// `own` changed by an RFC 7396 merge patch: null takes the server's. `server` is what null takes, for the sentence of
/// an error. A member that is no policy is an error: a typing mistake must not look like a change.
[[nodiscard]] std::expected<ServicePolicy, PolicyFault> patched(
    ServicePolicy own, codec::Node patch, const ServicePolicy& server
);

}  // namespace clarion::server
