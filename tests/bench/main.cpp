// SPDX-License-Identifier: Apache-2.0
// clarion-bench [--json]: what the engine costs. docs/testing.md, "Benchmarks"
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/bench/report.hpp"

int main(int count, char** arguments) {
    const std::string first = count > 1 ? arguments[1] : "";
    if (first == clarion::bench::kColdArgument) return clarion::bench::run_cold();
    if (!first.empty() && first != "--json") {
        std::fputs("usage: clarion-bench [--json]\n", stderr);
        return 2;
    }
    using clarion::bench::Row;
    std::vector<Row> rows;
    const auto append = [&](std::vector<Row> more) { rows.insert(rows.end(), more.begin(), more.end()); };
    append(clarion::bench::engine_rows());
    append(clarion::bench::cold_rows(std::filesystem::read_symlink("/proc/self/exe").string()));
    append(clarion::bench::library_rows({.library = CLARION_LIBRARY, .loader = CLARION_LOADER, .wasm = CLARION_WASM}));
    std::fputs((first == "--json" ? clarion::bench::json(rows) : clarion::bench::table(rows)).c_str(), stdout);
    return 0;
}
