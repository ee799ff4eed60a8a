// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/waterfall.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace clarion::tool {
namespace {

constexpr std::size_t kColumnMax = 14;  // Of a device's name.
constexpr std::size_t kColumnMin = 6;
constexpr std::size_t kBarMax = 40;
constexpr std::size_t kBarMin = 8;       // Narrower says nothing.
constexpr std::int64_t kSlowMs = 1'000;  // A gap that a person notices.

/// One code point of UTF-8; a stray byte counts as one character.
struct Character {
    std::uint32_t code = 0;
    std::size_t length = 1;
};

Character first_character(std::string_view text) {
    const auto byte = static_cast<std::uint8_t>(text.front());
    const std::size_t length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    if (length == 1 || length > text.size()) return {byte, 1};
    std::uint32_t code = byte & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
    return {code, length};
}

/// The blocks of Unicode's East_Asian_Width W that names and devices are written in, and emoji.
bool is_wide(std::uint32_t code) {
    struct Range {
        std::uint32_t first, last;
    };
    constexpr std::array kWide{
        Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF},   Range{0xAC00, 0xD7A3},
        Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
        Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD},
    };
    return std::ranges::any_of(kWide, [code](Range range) { return code >= range.first && code <= range.last; });
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

std::size_t width_of(std::uint32_t code) { return is_wide(code) ? 2 : 1; }

struct Paint {
    Colours colours;

    [[nodiscard]] std::string operator()(std::string_view code, std::string_view text) const {
        if (colours == Colours::off) return std::string{text};
        return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
    }
};

constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kCyan = "36";

struct Glyphs {
    std::string_view mark, bar, edge, arrow, rule;
};

Glyphs glyphs(Letters letters) {
    if (letters == Letters::ascii) return {"*", "#", "|", "->", "-"};
    return {"●", "█", "│", "→", "─"};
}

std::vector<std::string> device_columns(const Trace& trace) {
    std::vector<std::string> devices{"server"};
    for (const auto& step : trace.steps) {
        if (!step.device.empty() && std::ranges::find(devices, step.device) == devices.end()) {
            devices.push_back(step.device);
        }
    }
    return devices;
}

/// How the width is shared out.
struct Layout {
    std::vector<std::string> devices;
    std::vector<std::size_t> columns;
    std::size_t offset = 0;
    std::size_t gap = 0;
    std::size_t bar = 0;
    std::size_t text = 0;
};

Layout lay_out(const Trace& trace, std::size_t width) {
    Layout layout;
    layout.devices = device_columns(trace);
    std::size_t used = 0;
    for (const auto& device : layout.devices) {
        layout.columns.push_back(std::clamp(text_width(device), kColumnMin, kColumnMax));
        used += layout.columns.back() + 2;
    }
    layout.offset = 4;
    layout.gap = 4;
    std::size_t wanted_text = 10;
    std::int64_t before = 0;
    for (const auto& step : trace.steps) {
        layout.offset = std::max(layout.offset, fmt::formatted_size("{}", step.offset_ms));
        layout.gap = std::max(layout.gap, fmt::formatted_size("{:+}", step.offset_ms - before));
        const auto detail = step.detail.empty() ? 0 : text_width(step.detail) + 2;
        wanted_text = std::max(wanted_text, text_width(step.what) + detail);
        before = step.offset_ms;
    }
    used += layout.offset + layout.gap + 9;  // " ms", spaces and the two edges.
    const auto rest = width > used ? width - used : 0;
    layout.bar = rest > wanted_text + kBarMin ? std::min(rest - wanted_text, kBarMax) : std::min(rest / 3, kBarMax);
    if (layout.bar < kBarMin) layout.bar = 0;
    layout.text = std::max<std::size_t>(rest - layout.bar, 20);
    return layout;
}

/// The piece of the time line between two moments: at least one cell, so that no step is invisible.
std::string bar_of(std::int64_t from, std::int64_t to, std::int64_t total, const Layout& layout, const Glyphs& glyph) {
    const auto cells = static_cast<std::int64_t>(layout.bar);
    const auto cell = [&](std::int64_t at) {
        if (total <= 0) return std::int64_t{0};
        return std::clamp<std::int64_t>(at * cells / total, 0, cells - 1);
    };
    const auto first = std::min(cell(from), cell(to));
    const auto last = std::max(cell(from), cell(to));
    std::string bar(static_cast<std::size_t>(first), ' ');
    for (auto i = first; i <= last; ++i) bar += glyph.bar;
    bar.append(static_cast<std::size_t>(cells - 1 - last), ' ');
    return bar;
}

/// Words after a heading, broken between words where the line would get too long.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t used = indent;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word.empty()) continue;
        const auto columns = text_width(word);
        if (used > indent && used + 1 + columns > width) {
            out += "\n" + std::string(indent, ' ');
            used = indent;
        }
        out += " ";
        out += word;
        used += 1 + columns;
    }
    return out;
}

std::string head_line(const Trace& trace, const Layout& layout, const WaterfallOptions& options) {
    const auto glyph = glyphs(options.letters);
    auto line = fmt::format("{:>{}} ms {:>{}} ", "at", layout.offset, "gap", layout.gap);
    if (layout.bar > 0) {
        const auto total = trace.steps.empty() ? 0 : trace.steps.back().offset_ms;
        const auto end = fmt::format("{} ms", total);
        line += fmt::format("{}0{:>{}}{} ", glyph.edge, end, layout.bar - 1, glyph.edge);
    }
    for (std::size_t i = 0; i < layout.devices.size(); ++i) {
        line += fmt::format(" {} ", fit_text(layout.devices[i], layout.columns[i], options.letters));
    }
    line += " step";
    return line;
}

std::string step_line(
    const TraceStep& step,
    std::int64_t before,
    std::int64_t total,
    const Layout& layout,
    const WaterfallOptions& options
) {
    const Paint paint{options.colours};
    const auto glyph = glyphs(options.letters);
    const auto gap = step.offset_ms - before;
    auto line = fmt::format("{:>{}} ms ", step.offset_ms, layout.offset);
    line += paint(gap >= kSlowMs ? kYellow : kDim, fmt::format("{:>+{}}", gap, layout.gap)) + " ";
    if (layout.bar > 0) {
        line += fmt::format(
            "{}{}{} ", glyph.edge, paint(kCyan, bar_of(before, step.offset_ms, total, layout, glyph)), glyph.edge
        );
    }
    for (std::size_t i = 0; i < layout.devices.size(); ++i) {
        const bool here = step.device.empty() ? i == 0 : layout.devices[i] == step.device;
        const auto left = (layout.columns[i] - 1) / 2;
        line += fmt::format(" {:{}}{}{:{}} ", "", left, here ? glyph.mark : " ", "", layout.columns[i] - 1 - left);
    }
    std::string words = step.what;
    if (!step.detail.empty()) words += "  " + step.detail;
    auto fitted = fit_text(words, layout.text, options.letters);
    fitted.erase(fitted.find_last_not_of(' ') + 1);
    line += " " + fitted;
    return line;
}

}  // namespace

std::size_t text_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto character = first_character(text);
        width += width_of(character.code);
        text.remove_prefix(character.length);
    }
    return width;
}

std::string fit_text(std::string_view text, std::size_t width, Letters letters) {
    std::string out;
    std::size_t used = 0;
    const bool is_cut = text_width(text) > width;
    const std::size_t room = is_cut && width > 0 ? width - 1 : width;
    while (!text.empty()) {
        const auto character = first_character(text);
        const auto wide = width_of(character.code);
        if (used + wide > room) break;
        if (is_control(character.code) || (letters == Letters::ascii && character.code > 0x7E)) {
            out.append(wide, '?');
        } else {
            out += text.substr(0, character.length);
        }
        used += wide;
        text.remove_prefix(character.length);
    }
    if (is_cut && width > 0) {
        out += letters == Letters::ascii ? "~" : "…";
        ++used;
    }
    if (used < width) out.append(width - used, ' ');
    return out;
}

std::string render_waterfall(const Trace& trace, const WaterfallOptions& options) {
    const Paint paint{options.colours};
    const auto glyph = glyphs(options.letters);
    const auto layout = lay_out(trace, options.width);
    const auto plain = [&](std::string_view text) { return fit_text(text, text_width(text), options.letters); };

    auto out = fmt::format(
        "{} {}  {} {} {}", paint(kBold, "call"), plain(trace.call_id), plain(trace.from), glyph.arrow, plain(trace.to)
    );
    if (!trace.placed_at.empty()) out += "  " + plain(trace.placed_at);
    out += "\n\n";
    if (trace.steps.empty()) {
        out += "no step was recorded\n";
    } else {
        out += paint(kBold, head_line(trace, layout, options)) + "\n";
        const auto total = trace.steps.back().offset_ms;
        std::int64_t before = 0;
        for (const auto& step : trace.steps) {
            out += step_line(step, before, total, layout, options) + "\n";
            before = step.offset_ms;
        }
    }
    if (!trace.verdict.empty()) {
        std::string rule;
        for (std::size_t i = 0; i < std::min<std::size_t>(options.width, 60); ++i) rule += glyph.rule;
        out += paint(kDim, rule) + "\n" + paint(kBold, "verdict:");
        out += wrapped(plain(trace.verdict), std::string_view{"verdict:"}.size(), options.width) + "\n";
    }
    return out;
}

}  // namespace clarion::tool
