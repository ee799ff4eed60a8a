// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// A call's trace as a picture of text. Pure: the same trace and options give the same bytes.
namespace clarion::tool {

struct TraceStep {
    std::int64_t offset_ms = 0;  // Since the call was placed, by the server's clock.
    std::string device;          // Empty: the server itself.
    std::string what;
    std::string detail;
};

struct Trace {
    std::string call_id;
    std::string from;
    std::string to;
    std::string placed_at;  // For people; may be empty.
    std::string verdict;
    std::vector<TraceStep> steps;
};

enum class Colours : std::uint8_t { off, on };
enum class Letters : std::uint8_t { utf8, ascii };

struct WaterfallOptions {
    std::size_t width = 100;  // Columns of the terminal; below 60 the bars give way first.
    Colours colours = Colours::off;
    Letters letters = Letters::utf8;
};

/// Every step on a line of its own: when, how long after the step before, a bar on the time line from that step to this
/// one, a mark in the column of its device, and what it was. Control characters of the trace are shown as '?'.
[[nodiscard]] std::string render_waterfall(const Trace& trace, const WaterfallOptions& options);

/// Columns that a text takes on a terminal: code points; wide characters (CJK, emoji) count two.
[[nodiscard]] std::size_t text_width(std::string_view text);

/// Cuts to `width` columns (the last one is an ellipsis when something was cut) and pads with spaces.
[[nodiscard]] std::string fit_text(std::string_view text, std::size_t width, Letters letters);

}  // namespace clarion::tool
