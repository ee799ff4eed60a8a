// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

/// The log of the program: one event a line, key=value, on stderr. Values are ids, codes and one-line errors; a
/// Redacted value does not fit in, so that no token, name, cc_param or SDP gets here.
/// Thread: any.
namespace clarion::server::log {

enum class Level : std::uint8_t { debug, info, warn, error, off };
enum class Format : std::uint8_t { text, json };

struct Pair {
    std::string_view key;
    std::string value;
};

void set_up(Level level, Format format);

/// `event` is a word that one can search for ("call_placed").
void write(Level level, std::string_view event, std::initializer_list<Pair> pairs = {});

}  // namespace clarion::server::log
