// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Rows of numbers with their targets, as a table for people or JSON for programs. A benchmark reports; it never fails.
namespace clarion::bench {

struct Row {
    std::string name;  // "push to report, p99"
    double value = 0;
    std::string unit;   // "us"
    double target = 0;  // At most; 0: no target.
    std::string note;
};

/// The q-th quantile (0 to 1) of what was measured. Sorts its argument.
[[nodiscard]] double quantile(std::vector<double>& values, double q);

[[nodiscard]] std::string table(const std::vector<Row>& rows);
[[nodiscard]] std::string json(const std::vector<Row>& rows);

/// Push handed in -> ReportIncoming, with the opening of the seal and the check of the signature.
[[nodiscard]] std::vector<Row> engine_rows();
/// The same from the start of a process: `program` is this program, run with kColdArgument.
[[nodiscard]] std::vector<Row> cold_rows(const std::string& program);
int run_cold();
inline constexpr const char* kColdArgument = "--cold";

struct LibraryPaths {
    std::string library;  // libclarion.so as it ships, if preset `library` was built.
    std::string loader;   // A C program that loads it and says what that cost (loader.c).
    std::string wasm;     // clarion.wasm, if preset `wasm` was built.
};

/// Size, load time and memory of the engine library, size of the WebAssembly module.
[[nodiscard]] std::vector<Row> library_rows(const LibraryPaths& paths);

}  // namespace clarion::bench
