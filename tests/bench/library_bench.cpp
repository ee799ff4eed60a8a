// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "tests/bench/report.hpp"

namespace clarion::bench {
namespace {

struct Closer {
    void operator()(std::FILE* pipe) const { pclose(pipe); }
};

std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, Closer> pipe{popen(command.c_str(), "r")};
    std::string text;
    if (!pipe) return text;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) text += static_cast<char>(c);
    return text;
}

struct Cost {
    std::vector<double> load_us;
    std::vector<double> private_kb;
    std::vector<double> dirty_kb;
};

Cost load(const LibraryPaths& paths, const std::string& before) {
    Cost cost;
    for (int round = 0; round < 31; ++round) {
        const auto text = output_of("'" + paths.loader + "' '" + paths.library + "' " + before);
        double us = 0;
        double private_kb = 0;
        double dirty_kb = 0;
        if (std::sscanf(text.c_str(), "%lf %lf %lf", &us, &private_kb, &dirty_kb) != 3) {
            std::fputs("clarion-bench: the library was not loaded\n", stderr);
            std::exit(1);
        }
        cost.load_us.push_back(us);
        cost.private_kb.push_back(private_kb);
        cost.dirty_kb.push_back(dirty_kb);
    }
    return cost;
}

double kilobytes(const std::string& path) { return static_cast<double>(std::filesystem::file_size(path)) / 1'000; }

std::vector<Row> native_rows(const LibraryPaths& paths) {
    auto alone = load(paths, "");
    auto with_runtime = load(paths, "libstdc++.so.6");
    return {
        {.name = "engine library, stripped", .value = kilobytes(paths.library), .unit = "kB", .target = 400},
        {.name = "load time, p50", .value = quantile(with_runtime.load_us, 0.5) / 1'000, .unit = "ms", .target = 2},
        {.name = "  with libstdc++, p50",
         .value = quantile(alone.load_us, 0.5) / 1'000,
         .unit = "ms",
         .target = 2,
         .note = "the process had no C++ before"},
        {.name = "private memory after create, p50",
         .value = quantile(with_runtime.private_kb, 0.5),
         .unit = "kB",
         .target = 1'000},
        {.name = "  of it dirty", .value = quantile(with_runtime.dirty_kb, 0.5), .unit = "kB"},
        {.name = "  with libstdc++", .value = quantile(alone.private_kb, 0.5), .unit = "kB", .target = 1'000},
        {.name = "  of it dirty ", .value = quantile(alone.dirty_kb, 0.5), .unit = "kB"},
    };
}

}  // namespace

std::vector<Row> library_rows(const LibraryPaths& paths) {
    std::vector<Row> rows;
    if (std::filesystem::exists(paths.library)) rows = native_rows(paths);
    if (std::filesystem::exists(paths.wasm)) {
        const auto bytes = output_of("gzip -9 -c '" + paths.wasm + "' | wc -c");
        rows.push_back(
            {.name = "WebAssembly, gzip", .value = std::atof(bytes.c_str()) / 1'000, .unit = "kB", .target = 150}
        );
    }
    return rows;
}

}  // namespace clarion::bench
