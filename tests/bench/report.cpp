// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/report.hpp"

#include <algorithm>
#include <cstdio>

namespace clarion::bench {
namespace {

std::string number_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    return text;
}

std::string ratio_text(const Row& row) { return row.target > 0 ? number_text(row.value / row.target) : ""; }

}  // namespace

double quantile(std::vector<double>& values, double q) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto last = values.size() - 1;
    return values[std::min(last, static_cast<std::size_t>(q * static_cast<double>(last) + 0.5))];
}

std::string table(const std::vector<Row>& rows) {
    std::size_t width = 4;
    for (const auto& row : rows) width = std::max(width, row.name.size());
    std::string text;
    const auto line = [&](const std::string& name, const std::string& value, const std::string& unit,
                          const std::string& target, const std::string& ratio, const std::string& note) {
        char cells[256];
        std::snprintf(
            cells, sizeof cells, "%-*s  %9s %-4s %9s  %6s  %s", static_cast<int>(width), name.c_str(), value.c_str(),
            unit.c_str(), target.c_str(), ratio.c_str(), note.c_str()
        );
        std::string made = cells;
        made.erase(made.find_last_not_of(' ') + 1);
        text += made + "\n";
    };
    line("what", "measured", "", "at most", "ratio", "");
    for (const auto& row : rows) {
        line(
            row.name, number_text(row.value), row.unit, row.target > 0 ? number_text(row.target) : "", ratio_text(row),
            row.note
        );
    }
    return text;
}

std::string json(const std::vector<Row>& rows) {
    std::string text = "[";
    for (const auto& row : rows) {
        text += text.size() == 1 ? "\n" : ",\n";
        text +=
            R"(  {"name":")" + row.name + R"(","value":)" + number_text(row.value) + R"(,"unit":")" + row.unit + "\"";
        if (row.target > 0) text += R"(,"at_most":)" + number_text(row.target);
        text += "}";
    }
    return text + "\n]\n";
}

}  // namespace clarion::bench
