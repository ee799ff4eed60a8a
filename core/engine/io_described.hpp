// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/inputs_described.hpp"
#include "core/engine/outputs_described.hpp"
