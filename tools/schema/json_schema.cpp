// SPDX-License-Identifier: Apache-2.0
// JSON Schema, draft 2020-12.
#include "tools/schema/model.hpp"

namespace clarion::schema {
namespace {

/// Writes indented JSON. What it is given holds no character that needs an escape.
class Printer {
  public:
    Printer& open(char bracket) {
        item();
        text_ += bracket;
        closers_.push_back(bracket == '{' ? '}' : ']');
        is_first_ = true;
        return *this;
    }
    Printer& close() {
        const char closer = closers_.back();
        closers_.pop_back();
        if (!is_first_) new_line();
        text_ += closer;
        is_first_ = false;
        return *this;
    }
    Printer& key(const std::string& name) {
        item();
        text_ += '"' + name + "\": ";
        after_key_ = true;
        return *this;
    }
    Printer& text(const std::string& value) { return raw('"' + value + '"'); }
    Printer& number(std::int64_t value) { return raw(std::to_string(value)); }
    Printer& raw(const std::string& value) {
        item();
        text_ += value;
        return *this;
    }
    [[nodiscard]] std::string take() { return std::move(text_) + "\n"; }

  private:
    void item() {
        if (after_key_) {
            after_key_ = false;
            return;
        }
        if (closers_.empty()) return;
        if (!is_first_) text_ += ',';
        is_first_ = false;
        new_line();
    }
    void new_line() {
        text_ += '\n';
        text_.append(2 * closers_.size(), ' ');
    }

    std::string text_;
    std::string closers_;
    bool is_first_ = true;
    bool after_key_ = false;
};

class Emitter {
  public:
    explicit Emitter(const Model& model) : model_{model} {}

    std::string run() {
        out_.open('{');
        out_.key("$schema").text("https://json-schema.org/draft/2020-12/schema");
        out_.key("title").text("Clarion: what crosses the door and the wire");
        out_.key("description")
            .text(
                "Made by tools/schema. In what a shell sends, null is the same as absent and unknown members are "
                "ignored. "
                "maxLength counts characters here, the library counts x-maxBytes bytes of UTF-8. In what it receives, "
                "skip a type, member or word that is not listed."
            );
        out_.key("$defs").open('{');
        for (const auto& root : model_.roots) emit_root(root);
        for (const auto& [key, one] : model_.structs) emit_struct(key, one);
        for (const auto& [key, one] : model_.words) emit_words(key, one);
        out_.close().close();
        return out_.take();
    }

  private:
    void reference(const std::string& key) { out_.key("$ref").text("#/$defs/" + model_.name_of(key)); }

    void emit_root(const Root& root) {
        out_.key(root.name).open('{').key("description").text(root.description);
        emit_type(root.type);
        if (root.type.kind == Kind::choice) {
            const auto& choice = model_.choices.at(root.type.name);
            if (!choice.common.empty()) emit_members(choice.common, {}, true);
        }
        out_.close();
    }

    void emit_choice(const Choice& choice) {
        out_.key("oneOf").open('[');
        for (const auto& key : choice.structs) {
            out_.open('{');
            reference(key);
            out_.close();
        }
        out_.close();
    }

    void emit_struct(const std::string& key, const Struct& one) {
        out_.key(model_.name_of(key)).open('{').key("type").text("object");
        emit_members(one.fields, one.is_message ? one.wire_name : "", one.goes_in);
        out_.close();
    }

    void emit_members(const std::vector<Field>& fields, const std::string& wire_name, bool as_sent) {
        std::vector<std::string> required;
        if (!wire_name.empty() || !fields.empty()) {
            out_.key("properties").open('{');
            if (!wire_name.empty()) {
                out_.key("type").open('{').key("const").text(wire_name).close();
                required.emplace_back("type");
            }
            for (const auto& field : fields) {
                out_.key(field.name).open('{');
                emit_type(field.type);
                out_.close();
                if (as_sent ? field.must_be_sent : field.is_always_there) required.push_back(field.name);
            }
            out_.close();
        }
        if (required.empty()) return;
        out_.key("required").open('[');
        for (const auto& name : required) out_.text(name);
        out_.close();
    }

    void emit_words(const std::string& key, const Words& words) {
        out_.key(model_.name_of(key)).open('{').key("enum").open('[');
        for (const auto& word : words.words) out_.text(word.text);
        out_.close();
        if (words.numbers_matter) {
            out_.key("x-numbers").open('{');
            for (const auto& word : words.words) out_.key(word.text).number(word.number);
            out_.close();
        }
        out_.close();
    }

    void emit_type(const Type& type) {
        if (type.kind == Kind::object || type.kind == Kind::words) {
            reference(type.name);
        } else if (type.kind == Kind::choice) {
            emit_choice(model_.choices.at(type.name));
        } else {
            emit_simple(type);
        }
        if (type.secret) out_.key("x-secret").raw("true");
    }

    void emit_simple(const Type& type) {
        switch (type.kind) {
            case Kind::boolean: out_.key("type").text("boolean"); break;
            case Kind::number: out_.key("type").text("number"); break;
            case Kind::integer:
                out_.key("type").text("integer");
                if (type.min) out_.key("minimum").number(*type.min);
                if (type.max) out_.key("maximum").number(*type.max);
                if (!type.unit.empty()) out_.key("x-unit").text(type.unit);
                break;
            case Kind::uuid: out_.key("type").text("string").key("format").text("uuid"); break;
            case Kind::id:
                out_.key("type").text("string").key("pattern").text(
                    "^[A-Za-z0-9_.-]{1," + std::to_string(type.max_len.value_or(64)) + "}$"
                );
                break;
            case Kind::list:
                out_.key("type").text("array").key("items").open('{');
                emit_type(*type.item);
                out_.close();
                if (type.max_len) out_.key("maxItems").number(static_cast<std::int64_t>(*type.max_len));
                break;
            case Kind::text_map:
                out_.key("type")
                    .text("object")
                    .key("additionalProperties")
                    .open('{')
                    .key("type")
                    .text("string")
                    .close();
                if (type.max_len) out_.key("maxProperties").number(static_cast<std::int64_t>(*type.max_len));
                break;
            default:
                out_.key("type").text("string");
                if (!type.max_len) break;
                out_.key("maxLength").number(static_cast<std::int64_t>(*type.max_len));
                out_.key("x-maxBytes").number(static_cast<std::int64_t>(*type.max_len));
        }
    }

    const Model& model_;
    Printer out_;
};

}  // namespace

std::string json_schema(const Model& model) { return Emitter{model}.run(); }

}  // namespace clarion::schema
