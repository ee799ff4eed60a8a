// SPDX-License-Identifier: Apache-2.0
// TypeScript: types of everything, and the constants.
#include <algorithm>

#include "tools/schema/constants.hpp"

namespace clarion::schema {
namespace {

std::string type_text(const Model& model, const Type& type) {
    switch (type.kind) {
        case Kind::boolean: return "boolean";
        case Kind::integer:
        case Kind::number: return "number";
        case Kind::text:
        case Kind::uuid:
        case Kind::id: return "string";
        case Kind::words:
        case Kind::object: return model.name_of(type.name);
        case Kind::list: return type_text(model, *type.item) + "[]";
        case Kind::text_map: return "Record<string, string>";
        case Kind::choice: return pascal_case(type.name);
    }
    return "unknown";
}

/// "at most 128 bytes", "ms since 1970": what the type does not say.
std::string note(const Type& type) {
    std::string text = type.unit;
    if (type.kind == Kind::text && type.max_len) text = "at most " + std::to_string(*type.max_len) + " bytes";
    if (type.kind == Kind::list && type.max_len) text = "at most " + std::to_string(*type.max_len);
    return text.empty() ? text : "  // " + text;
}

std::string members(const Model& model, const std::vector<Field>& fields, bool as_sent) {
    std::string text;
    for (const auto& field : fields) {
        const bool needed = as_sent ? field.must_be_sent : field.is_always_there;
        text +=
            "  " + field.name + (needed ? ": " : "?: ") + type_text(model, field.type) + ";" + note(field.type) + "\n";
    }
    return text;
}

std::string words(const std::string& name, const Words& words) {
    std::string text = "export const " + name + "Words = [";
    for (const auto& word : words.words) text += "\n  \"" + word.text + "\",";
    text += "\n] as const;\nexport type " + name + " = (typeof " + name + "Words)[number];\n";
    if (!words.numbers_matter) return text + "\n";
    text += "export const " + name + "Numbers: Record<" + name + ", number> = {";
    for (const auto& word : words.words) text += "\n  " + word.text + ": " + std::to_string(word.number) + ",";
    return text + "\n};\n\n";
}

std::string numbers(const std::string& name, const std::vector<Number>& all) {
    std::string text = "export const " + name + " = {";
    for (const auto& one : all) text += "\n  " + camel_case(one.name) + ": " + std::to_string(one.value) + ",";
    return text + "\n} as const;\n\n";
}

}  // namespace

std::string typescript(const Model& model) {
    std::string text = "// SPDX-License-Identifier: Apache-2.0\n// " + std::string{kMadeBy} + "\n\n";
    text += numbers("Status", model.status_codes) + numbers("Limits", model.limits);
    for (const auto& [key, one] : model.words) text += words(model.name_of(key), one);
    for (const auto& [key, one] : model.structs) {
        text += "export interface " + model.name_of(key) + " {\n";
        if (one.is_message) text += "  type: \"" + one.wire_name + "\";\n";
        text += members(model, one.fields, one.goes_in) + "}\n\n";
    }
    for (const auto& [name, choice] : model.choices) {
        const bool is_root = std::ranges::find(model.roots, name, &Root::name) != model.roots.end();
        if (is_root) continue;
        text += "export type " + pascal_case(name) + " =\n";
        for (const auto& key : choice.structs) text += "  | " + model.name_of(key) + "\n";
        text.back() = ';';
        text += "\n\n";
    }
    for (const auto& root : model.roots) {
        text += "/** " + root.description + " */\nexport type " + pascal_case(root.name) + " =";
        if (root.type.kind != Kind::choice) {
            text += " " + type_text(model, root.type) + ";\n\n";
            continue;
        }
        const auto& choice = model.choices.at(root.type.name);
        text += choice.common.empty() ? "\n" : " {\n" + members(model, choice.common, false) + "} & (\n";
        for (const auto& key : choice.structs) text += "  | " + model.name_of(key) + "\n";
        text.back() = ';';
        if (!choice.common.empty()) text.insert(text.size() - 1, "\n)");
        text += "\n\n";
    }
    text.pop_back();
    return text;
}

}  // namespace clarion::schema
