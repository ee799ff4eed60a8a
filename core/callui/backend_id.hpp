// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/base/ids.hpp"

namespace clarion::callui {

/// The call id, which is the system's UUID, of a backend whose ids are any text: a UUID in either case is itself,
/// everything else gives a name-based UUID of version 5 (RFC 9562 section 5.5) in a name space of ours. A pure
/// function: the same push twice is the same call, on every device. Nil for an empty text.
[[nodiscard]] CallId call_id_of(std::string_view backend_id);

/// Version 5 of any name space; for a backend that has its own.
[[nodiscard]] Uuid uuid_v5(const Uuid& name_space, std::string_view name);

}  // namespace clarion::callui
