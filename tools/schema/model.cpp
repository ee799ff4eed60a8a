// SPDX-License-Identifier: Apache-2.0
#include "tools/schema/model.hpp"

#include <algorithm>
#include <cctype>

namespace clarion::schema {
namespace {

char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

std::string last_part(const std::string& key) { return key.substr(key.rfind(':') + 1); }

}  // namespace

std::string Model::name_of(const std::string& key) const {
    const auto short_name = last_part(key);
    std::size_t same = 0;
    const auto count = [&](const auto& all) {
        same += static_cast<std::size_t>(std::ranges::count_if(all, [&](const auto& entry) {
            return last_part(entry.first) == short_name;
        }));
    };
    count(structs);
    count(words);
    if (same < 2) return short_name;
    const auto colons = key.rfind("::");
    return pascal_case(last_part(key.substr(0, colons))) + short_name;
}

std::string pascal_case(const std::string& word) {
    std::string made;
    bool starts = true;
    for (const char c : word) {
        if (c == '_') {
            starts = true;
            continue;
        }
        made += starts ? upper(c) : c;
        starts = false;
    }
    return made;
}

std::string camel_case(const std::string& word) {
    auto made = pascal_case(word);
    made.front() = lower(made.front());
    return made;
}

std::string upper_case(const std::string& word) {
    std::string made;
    for (const char c : word) {
        if (is_upper(c) && !made.empty() && made.back() != '_') made += '_';
        made += upper(c);
    }
    return made;
}

std::vector<File> all_files(const Model& model) {
    return {
        {"clarion.schema.json", json_schema(model)},
        {"clarion.ts", typescript(model)},
        {"Clarion.kt", kotlin(model)},
        {"Clarion.swift", swift(model)},
        {"clarion.dart", dart(model)},
        {"clarion_words.h", c_header(model)},
        {"clarion.dict", fuzz_dictionary(model)},
    };
}

}  // namespace clarion::schema
