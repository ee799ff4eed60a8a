// SPDX-License-Identifier: Apache-2.0
// clarion-schema DIR            writes the generated files into DIR
// clarion-schema --check DIR    compares them; exit status 1 and the names of those that differ
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tools/schema/model.hpp"

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

int check(const std::filesystem::path& folder, const std::vector<clarion::schema::File>& files) {
    int differ = 0;
    for (const auto& file : files) {
        if (content_of(folder / file.name) == file.text) continue;
        std::printf("%s is not what the descriptions say\n", (folder / file.name).c_str());
        ++differ;
    }
    if (differ > 0) std::puts("Write them anew: cmake --build build/dev --target schema");
    return differ == 0 ? 0 : 1;
}

int write(const std::filesystem::path& folder, const std::vector<clarion::schema::File>& files) {
    for (const auto& file : files) {
        if (content_of(folder / file.name) == file.text) continue;
        std::ofstream out{folder / file.name, std::ios::binary};
        out << file.text;
        if (!out.flush()) {
            std::fprintf(stderr, "cannot write %s\n", (folder / file.name).c_str());
            return 1;
        }
        std::printf("wrote %s\n", (folder / file.name).c_str());
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const bool is_check = count == 3 && std::string{arguments[1]} == "--check";
    if (count != 2 && !is_check) {
        std::fputs("usage: clarion-schema [--check] DIR\n", stderr);
        return 2;
    }
    const auto files = clarion::schema::all_files(clarion::schema::build_model());
    return is_check ? check(arguments[2], files) : write(arguments[1], files);
}
