// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// JSON text (RFC 8259) as a tree to read and a stream to write. The library behind it (RapidJSON, docs/adr/0002) is
/// seen by json.cpp alone. No exceptions, no recursion on input depth, every string is valid UTF-8.
///
/// Described structs (core/base/describe.hpp) are read and written by core/codec/described.hpp.
namespace clarion::codec {

enum class DecodeErrorCode : std::uint8_t {
    malformed,      // Not JSON.
    not_utf8,       // A string is not valid UTF-8.
    too_large,      // The text is longer than the limit of its kind.
    too_deep,       // Lists and objects in each other, more than kDepthMax.
    missing_field,  // A field that must be there is not.
    wrong_type,     // For example text where a number is expected.
    out_of_range,   // A number outside its limits.
    too_long,       // Text or list over its limit.
    unknown_type,   // The message type is not known here.
    unknown_word,   // A word that is not in the enumeration.
    bad_id,         // An id with forbidden characters, or not a UUID.
};

/// Deeper than anything that is described. It bounds the recursion of those who walk a document, Node::dump among them.
inline constexpr std::size_t kDepthMax = 64;

/// What is wrong and where ("from_user" or "devices[2].id"; empty for the whole text).
struct DecodeError {
    DecodeErrorCode code = DecodeErrorCode::malformed;
    std::string path;

    /// One sentence for the person who sent the text. It never repeats the text itself.
    [[nodiscard]] std::string message() const;
};

/// A value inside a Document; valid as long as the Document is.
class Node {
  public:
    Node() = default;

    [[nodiscard]] bool exists() const { return value_ != nullptr; }
    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::optional<std::int64_t> signed_integer() const;
    [[nodiscard]] std::optional<std::uint64_t> unsigned_integer() const;
    [[nodiscard]] std::optional<double> number() const;
    [[nodiscard]] std::optional<std::string_view> text() const;
    /// Elements of an array or members of an object; 0 for everything else.
    [[nodiscard]] std::size_t size() const;
    /// Element of an array; a Node that does not exist when out of range.
    [[nodiscard]] Node at(std::size_t index) const;
    /// Member of an object by name (the first, if it is there twice); a Node that does not exist when absent.
    [[nodiscard]] Node get(std::string_view name) const;
    /// Member of an object by position.
    [[nodiscard]] std::string_view member_name(std::size_t index) const;
    [[nodiscard]] Node member(std::size_t index) const;
    /// This value as JSON text again.
    [[nodiscard]] std::string dump() const;

  private:
    friend class Document;
    explicit Node(const void* value) : value_{value} {}
    const void* value_ = nullptr;
};

class Document {
  public:
    /// `length_max` in bytes. A refused text leaves nothing behind.
    [[nodiscard]] static std::expected<Document, DecodeError> parse(std::string_view text, std::size_t length_max);

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    [[nodiscard]] Node root() const;

  private:
    struct Impl;
    explicit Document(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Writes compact JSON. The caller keeps begin and end in pairs.
class Writer {
  public:
    Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);
    Writer& text(std::string_view value);
    Writer& boolean(bool value);
    Writer& integer(std::int64_t value);
    Writer& unsigned_integer(std::uint64_t value);
    Writer& number(double value);
    Writer& null();
    /// Inserts a value that is JSON text already (from Node::dump or another Writer).
    Writer& raw(std::string_view json);

    [[nodiscard]] std::string take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion::codec
