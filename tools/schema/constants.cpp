// SPDX-License-Identifier: Apache-2.0
// Kotlin, Swift, Dart and C (for Objective-C): words, reasons, limits and types as constants.
#include "tools/schema/constants.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace clarion::schema {
namespace {

const std::string kHead = "// SPDX-License-Identifier: Apache-2.0\n// " + std::string{kMadeBy} + "\n\n";

std::string word_and_number(const Word& word, bool with_number) {
    return "\"" + word.text + "\"" + (with_number ? ", " + std::to_string(word.number) : "");
}

/// A name that the language keeps for itself, made usable.
template <std::size_t N>
bool is_reserved(const std::array<std::string_view, N>& reserved, const std::string& name) {
    return std::ranges::find(reserved, name) != reserved.end();
}

std::string swift_name(const std::string& word) {
    static constexpr std::array<std::string_view, 14> kReserved{"default",  "in",     "is",     "as",    "case",
                                                                "func",     "for",    "if",     "init",  "self",
                                                                "internal", "public", "return", "repeat"};
    const auto name = camel_case(word);
    return is_reserved(kReserved, name) ? "`" + name + "`" : name;
}

std::string dart_name(const std::string& word) {
    static constexpr std::array<std::string_view, 14> kReserved{
        "default", "in", "is", "as", "case", "for", "if", "index", "values", "word", "number", "return", "null", "new"
    };
    const auto name = camel_case(word);
    return is_reserved(kReserved, name) ? name + "_" : name;
}

}  // namespace

std::string kotlin(const Model& model) {
    std::string text = kHead + "package io.clarion\n";
    for (const auto& [name, all] : {std::pair{"Status", &model.status_codes}, std::pair{"Limits", &model.limits}}) {
        text += "\nobject " + std::string{name} + " {\n";
        for (const auto& one : *all)
            text += "    const val " + upper_case(one.name) + " = " + std::to_string(one.value) + "\n";
        text += "}\n";
    }
    for (const auto& types : type_words(model)) {
        text += "\nobject " + pascal_case(types.name) + "Type {\n";
        for (const auto& word : types.words) text += "    const val " + upper_case(word) + " = \"" + word + "\"\n";
        text += "}\n";
    }
    for (const auto& [key, one] : model.words) {
        const auto name = model.name_of(key);
        const bool numbered = one.numbers_matter;
        text += "\nenum class " + name + "(val word: String" + (numbered ? ", val number: Int" : "") + ") {\n";
        for (const auto& word : one.words) {
            text += "    " + upper_case(word.text) + "(" + word_and_number(word, numbered) + "),\n";
        }
        text += "    ;\n\n    companion object {\n";
        text += "        /** Null: a word of a newer library. */\n";
        text += "        fun from(word: String): " + name + "? = entries.firstOrNull { it.word == word }\n    }\n}\n";
    }
    return text;
}

std::string swift(const Model& model) {
    std::string text = kHead;
    for (const auto& [name, all] : {std::pair{"Status", &model.status_codes}, std::pair{"Limits", &model.limits}}) {
        text += "public enum Clarion" + std::string{name} + " {\n";
        for (const auto& one : *all) {
            text += "    public static let " + swift_name(one.name) + " = " + std::to_string(one.value) + "\n";
        }
        text += "}\n\n";
    }
    for (const auto& types : type_words(model)) {
        text += "public enum Clarion" + pascal_case(types.name) + "Type: String, CaseIterable, Sendable {\n";
        for (const auto& word : types.words) text += "    case " + swift_name(word) + " = \"" + word + "\"\n";
        text += "}\n\n";
    }
    for (const auto& [key, one] : model.words) {
        text += "public enum Clarion" + model.name_of(key) + ": String, CaseIterable, Sendable {\n";
        for (const auto& word : one.words) text += "    case " + swift_name(word.text) + " = \"" + word.text + "\"\n";
        if (one.numbers_matter) {
            text += "\n    public var number: Int {\n        switch self {\n";
            for (const auto& word : one.words) {
                text += "        case ." + swift_name(word.text) + ": return " + std::to_string(word.number) + "\n";
            }
            text += "        }\n    }\n";
        }
        text += "}\n\n";
    }
    text.pop_back();
    return text;
}

std::string dart(const Model& model) {
    std::string text = kHead;
    for (const auto& [name, all] : {std::pair{"Status", &model.status_codes}, std::pair{"Limits", &model.limits}}) {
        text += "abstract final class Clarion" + std::string{name} + " {\n";
        for (const auto& one : *all) {
            text += "  static const int " + dart_name(one.name) + " = " + std::to_string(one.value) + ";\n";
        }
        text += "}\n\n";
    }
    for (const auto& types : type_words(model)) {
        text += "abstract final class " + pascal_case(types.name) + "Type {\n";
        for (const auto& word : types.words) {
            text += "  static const String " + dart_name(word) + " = '" + word + "';\n";
        }
        text += "}\n\n";
    }
    for (const auto& [key, one] : model.words) {
        const auto name = model.name_of(key);
        const bool numbered = one.numbers_matter;
        text += "enum " + name + " {\n";
        for (const auto& word : one.words) {
            text += "  " + dart_name(word.text) + "('" + word.text + "'" +
                    (numbered ? ", " + std::to_string(word.number) : "");
            text += &word == &one.words.back() ? ");\n\n" : "),\n";
        }
        text += "  const " + name + "(this.word" + (numbered ? ", this.number" : "") + ");\n\n  final String word;\n";
        if (numbered) text += "  final int number;\n";
        text += "\n  /// Null: a word of a newer library.\n  static " + name + "? from(String word) {\n";
        text +=
            "    for (final one in values) {\n      if (one.word == word) return one;\n    }\n    return null;\n  "
            "}\n}\n\n";
    }
    text.pop_back();
    return text;
}

std::string c_header(const Model& model) {
    std::string text = "/* SPDX-License-Identifier: Apache-2.0 */\n/* " + std::string{kMadeBy} + " */\n";
    text += "/* In Objective-C put an @ before a word: @CLARION_END_REASON_NORMAL. */\n";
    text += "#ifndef CLARION_GENERATED_WORDS_H\n#define CLARION_GENERATED_WORDS_H\n\n";
    for (const auto& one : model.limits) {
        text += "#define CLARION_LIMIT_" + upper_case(one.name) + " " + std::to_string(one.value) + "\n";
    }
    for (const auto& types : type_words(model)) {
        text += "\n/* \"type\" of " + types.name + " */\n";
        for (const auto& word : types.words) {
            text += "#define CLARION_" + upper_case(types.name) + "_" + upper_case(word) + " \"" + word + "\"\n";
        }
    }
    for (const auto& [key, one] : model.words) {
        const auto name = "CLARION_" + upper_case(model.name_of(key)) + "_";
        text += "\n/* " + model.name_of(key) + " */\n";
        for (const auto& word : one.words)
            text += "#define " + name + upper_case(word.text) + " \"" + word.text + "\"\n";
        if (!one.numbers_matter) continue;
        for (const auto& word : one.words) {
            text += "#define " + name + upper_case(word.text) + "_NUMBER (" + std::to_string(word.number) + ")\n";
        }
    }
    return text + "\n#endif\n";
}

std::string fuzz_dictionary(const Model& model) {
    std::set<std::string> entries;
    const auto add = [&](const std::string& name, const std::string& value) {
        entries.insert(value.empty() ? R"(\")" + name + R"(\":)" : R"(\")" + name + R"(\":\")" + value + R"(\")");
    };
    for (const auto& types : type_words(model)) {
        for (const auto& word : types.words) add("type", word);
    }
    for (const auto& [key, one] : model.structs) {
        for (const auto& field : one.fields) add(field.name, "");
    }
    for (const auto& [key, one] : model.words) {
        for (const auto& word : one.words) entries.insert(R"(\")" + word.text + R"(\")");
    }
    std::string text = "# " + std::string{kMadeBy} + "\n# libFuzzer's -dict: tests/fuzz\n";
    for (const auto& entry : entries) text += "\"" + entry + "\"\n";
    return text;
}

}  // namespace clarion::schema
