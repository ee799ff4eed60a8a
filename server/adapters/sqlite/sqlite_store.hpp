// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "server/ports/store.hpp"

namespace clarion::server::sqlite {

/// The Store in one SQLite file (WAL). The directory must exist.
///
/// Opening applies the migrations that are missing, each in a transaction. Errors: newer (the file is from a newer
/// program), corrupt (not a database, or one of somebody else), full, locked, unavailable; the text names the file.
/// Durability: writes of calls and traces survive the death of the process (synchronous=NORMAL); writes of services,
/// keys, users and devices also survive the loss of power (synchronous=FULL for their commit, which takes everything
/// before it along). After a power cut the last calls may be missing; they would have been over anyway.
[[nodiscard]] Stored<std::unique_ptr<Store>> open_store(const std::string& file);

/// The schema that this program writes: the number of the last migration.
[[nodiscard]] int schema_version();

/// Lets a test meet a full disk: no more than so many pages of 4 kB. False when `store` is not one of open_store().
[[nodiscard]] bool limit_pages_for_test(Store& store, int pages);

}  // namespace clarion::server::sqlite
