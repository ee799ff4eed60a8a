// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The one description of the engine: the C interface, the journal, the lab and the docs come from it.
#include "core/engine/io_described.hpp"
#include "core/engine/snapshot_described.hpp"
