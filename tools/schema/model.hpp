// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What crosses the door and the wire, as data: the one description (core/base/describe.hpp) in a form that a program
/// can walk. reflect.hpp fills it; the emitters print it.
namespace clarion::schema {

enum class Kind : std::uint8_t { boolean, integer, number, text, uuid, id, words, object, list, text_map, choice };

struct Type {
    Kind kind = Kind::text;
    std::string name;                    // words, object, choice: the key in the model.
    std::optional<std::int64_t> min;     // integer
    std::optional<std::int64_t> max;     // integer
    std::optional<std::size_t> max_len;  // text: bytes of UTF-8; list and text_map: elements.
    std::string unit;                    // integer: "ms", "ms since 1970", "ms of the monotonic clock".
    bool secret = false;                 // Must not reach a log.
    std::shared_ptr<Type> item;          // list
};

struct Field {
    std::string name;
    Type type;
    bool must_be_sent = false;    // Whoever writes it must give it.
    bool is_always_there = true;  // Whoever reads it can count on it.
};

struct Struct {
    std::string wire_name;  // The word in "type" when it is an alternative of a choice.
    std::vector<Field> fields;
    bool is_message = false;  // An alternative of a choice.
    bool is_value = false;    // A member of another struct, or a root.
    bool goes_in = false;     // Written by the shell.
    bool comes_out = false;   // Read by the shell.
};

struct Word {
    std::string text;
    std::int64_t number;
};

struct Words {
    std::vector<Word> words;
    bool numbers_matter = false;  // The numbers are somebody's, not only an order.
};

struct Choice {
    std::vector<std::string> structs;  // Keys.
    std::vector<Field> common;         // Beside "type" in each of them.
};

struct Root {
    std::string name;         // "engine_input"
    std::string description;  // One sentence.
    Type type;
};

struct Number {
    std::string name;  // "name_length_max"
    std::int64_t value;
};

/// Keys are qualified C++ names until Model::name_of makes them short.
struct Model {
    std::map<std::string, Struct> structs;
    std::map<std::string, Words> words;
    std::map<std::string, Choice> choices;
    std::vector<Root> roots;
    std::vector<Number> limits;
    std::vector<Number> status_codes;

    /// "clarion::callui::UserAnswered" is UserAnswered, or CalluiUserAnswered when another namespace has one too.
    [[nodiscard]] std::string name_of(const std::string& key) const;
};

/// The whole model (described.cpp: the only file that pays for the templates).
[[nodiscard]] Model build_model();

// ---- spelling ----

[[nodiscard]] std::string pascal_case(const std::string& word);  // "user_answered" -> "UserAnswered"
[[nodiscard]] std::string camel_case(const std::string& word);   // "user_answered" -> "userAnswered"
[[nodiscard]] std::string upper_case(const std::string& word);   // "user_answered" or "UserAnswered" -> "USER_ANSWERED"

// ---- the files ----

struct File {
    std::string name;
    std::string text;
};

[[nodiscard]] std::string json_schema(const Model& model);
[[nodiscard]] std::string typescript(const Model& model);
[[nodiscard]] std::string kotlin(const Model& model);
[[nodiscard]] std::string swift(const Model& model);
[[nodiscard]] std::string dart(const Model& model);
[[nodiscard]] std::string c_header(const Model& model);
[[nodiscard]] std::string fuzz_dictionary(const Model& model);
[[nodiscard]] std::vector<File> all_files(const Model& model);

}  // namespace clarion::schema
