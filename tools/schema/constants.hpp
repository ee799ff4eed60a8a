// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/schema/model.hpp"

/// What the emitters of constants share.
namespace clarion::schema {

inline constexpr std::string_view kMadeBy = "Made by tools/schema from the one description; do not edit. docs/door.md";

/// The words of "type" of one choice, in order of the variant.
struct TypeWords {
    std::string name;  // "engine_input"
    std::vector<std::string> words;
};

[[nodiscard]] inline std::vector<TypeWords> type_words(const Model& model) {
    std::vector<TypeWords> made;
    for (const auto& root : model.roots) {
        if (root.type.kind != Kind::choice) continue;
        TypeWords one{root.name, {}};
        for (const auto& key : model.choices.at(root.type.name).structs) {
            one.words.push_back(model.structs.at(key).wire_name);
        }
        made.push_back(std::move(one));
    }
    return made;
}

}  // namespace clarion::schema
