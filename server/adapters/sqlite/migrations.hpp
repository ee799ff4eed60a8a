// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace clarion::server::sqlite {

/// The files of server/migrations in order, made at build time (embed_migrations.cmake). Entry i is version i + 1.
[[nodiscard]] std::span<const char* const> migrations();

}  // namespace clarion::server::sqlite
