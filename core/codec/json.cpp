// SPDX-License-Identifier: Apache-2.0
#include "core/codec/json.hpp"

// A failed assertion inside the parser would abort on outside input; every access below is checked by kind first.
#define RAPIDJSON_HAS_STDSTRING 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace clarion::codec {
namespace {

using JsonValue = rapidjson::Value;

const JsonValue& as_value(const void* p) { return *static_cast<const JsonValue*>(p); }

std::string_view reason_text(DecodeErrorCode code) {
    switch (code) {
        case DecodeErrorCode::malformed: return "is not valid JSON";
        case DecodeErrorCode::not_utf8: return "is not valid UTF-8";
        case DecodeErrorCode::too_large: return "is larger than allowed";
        case DecodeErrorCode::too_deep: return "is nested more deeply than allowed";
        case DecodeErrorCode::missing_field: return "is missing";
        case DecodeErrorCode::wrong_type: return "has the wrong type";
        case DecodeErrorCode::out_of_range: return "is out of range";
        case DecodeErrorCode::too_long: return "is longer than allowed";
        case DecodeErrorCode::unknown_type: return "is a message type that is not known here";
        case DecodeErrorCode::unknown_word: return "is not one of the allowed words";
        case DecodeErrorCode::bad_id: return "is not a valid id";
    }
    return "is wrong";
}

/// The number of four hexadecimal digits at `at`; nullopt when there are fewer.
std::optional<unsigned> hex4(std::string_view text, std::size_t at) {
    if (at > text.size() || text.size() - at < 4) return std::nullopt;
    unsigned number = 0;
    const char* end = text.data() + at + 4;
    const auto [rest, error] = std::from_chars(text.data() + at, end, number, 16);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

/// Every escaped surrogate has its other half. RapidJSON 1.1 refuses a high one that is alone, but makes bytes that are
/// no UTF-8 of a low one; they would be stored, and a document that holds them could never be read again.
/// `text` has been parsed: a backslash stands in strings only, and an escape is whole.
bool has_whole_surrogates(std::string_view text) {
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
        if (at + 1 >= text.size() || text[at + 1] != 'u') {
            at += 2;
            continue;
        }
        const auto unit = hex4(text, at + 2);
        if (!unit || (*unit >= 0xDC00 && *unit <= 0xDFFF)) return false;
        at += 6;
        if (*unit < 0xD800 || *unit > 0xDBFF) continue;
        const auto low = text.substr(at, 2) == "\\u" ? hex4(text, at + 2) : std::nullopt;
        if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
        at += 6;
    }
    return true;
}

/// Brackets that are open at the same time, at most. `text` need not be JSON.
bool is_too_deep(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string) {
            if (c == '\\') ++at;
            if (c == '"') in_string = false;
            continue;
        }
        if (c == '"') in_string = true;
        if ((c == '[' || c == '{') && ++depth > kDepthMax) return true;
        if ((c == ']' || c == '}') && depth > 0) --depth;
    }
    return false;
}

/// One number of RFC 8259 section 6, or what is there of one.
struct NumberToken {
    std::size_t end = 0;
    bool is_zero = true;
    bool is_fraction = false;       // It has a point or an exponent.
    std::int64_t lowest_power = 0;  // Of ten, of its last digit.
};

NumberToken number_at(std::string_view text, std::size_t at) {
    NumberToken token;
    const auto digits = [&](auto&& each) {
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) each(text[at] - '0');
    };
    const auto mantissa = [&](int digit) { token.is_zero = token.is_zero && digit == 0; };
    if (text[at] == '-') ++at;
    digits(mantissa);
    if (at < text.size() && text[at] == '.') {
        token.is_fraction = true;
        const std::size_t point = at++;
        digits(mantissa);
        token.lowest_power = -static_cast<std::int64_t>(at - point - 1);
        if (token.lowest_power == 0) return {.end = at};  // No number, whatever follows.
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        const bool is_negative = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        std::int64_t exponent = 0;
        const std::size_t first = at;
        digits([&](int digit) { exponent = std::min<std::int64_t>(exponent * 10 + digit, 1'000'000); });
        if (at == first) return {.end = at};
        token.is_fraction = true;
        token.lowest_power += is_negative ? -exponent : exponent;
    }
    token.end = at;
    return token;
}

/// Lower than any double that is written shortest (5e-324, with 17 digits at most).
constexpr std::int64_t kLowestPower = -341;

/// The text as RapidJSON 1.1 can read it: with full precision it looks for the first bit of a zero that has an exponent
/// or many digits, and there is none; and of a number whose last digit is below 1e-348 it reads outside a table. Such a
/// zero becomes "0.0", such a number is refused. nullopt: nothing had to be changed.
std::expected<std::optional<std::string>, DecodeError> with_harmless_numbers(std::string_view text) {
    std::optional<std::string> changed;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string && c == '\\') {
            ++at;
        } else if (c == '"') {
            in_string = !in_string;
        }
        const bool may_begin = !in_string && (c == '-' || (c >= '0' && c <= '9'));
        if (!may_begin) continue;
        const NumberToken token = number_at(text, at);
        if (token.is_fraction && token.lowest_power < kLowestPower && !token.is_zero) {
            return std::unexpected{DecodeError{DecodeErrorCode::out_of_range, {}}};
        }
        const std::size_t zero = at + (c == '-' ? 1 : 0);
        // "00" is no number: its second digit is where RapidJSON stops.
        const bool is_long = token.end > zero + 3 && (text[zero + 1] < '0' || text[zero + 1] > '9');
        if (token.is_fraction && token.is_zero && is_long) {
            if (!changed) changed.emplace(text);
            changed->replace(zero, token.end - zero, "0.0" + std::string(token.end - zero - 3, ' '));
        }
        at = token.end - 1;
    }
    return changed;
}

}  // namespace

std::string DecodeError::message() const {
    std::string text = path.empty() ? std::string{"the message"} : "\"" + path + "\"";
    text += ' ';
    text += reason_text(code);
    return text;
}

bool Node::is_null() const { return value_ != nullptr && as_value(value_).IsNull(); }

bool Node::is_object() const { return value_ != nullptr && as_value(value_).IsObject(); }

bool Node::is_array() const { return value_ != nullptr && as_value(value_).IsArray(); }

std::optional<bool> Node::boolean() const {
    if (value_ == nullptr || !as_value(value_).IsBool()) return std::nullopt;
    return as_value(value_).GetBool();
}

std::optional<std::int64_t> Node::signed_integer() const {
    if (value_ == nullptr || !as_value(value_).IsInt64()) return std::nullopt;
    return as_value(value_).GetInt64();
}

std::optional<std::uint64_t> Node::unsigned_integer() const {
    if (value_ == nullptr || !as_value(value_).IsUint64()) return std::nullopt;
    return as_value(value_).GetUint64();
}

std::optional<double> Node::number() const {
    if (value_ == nullptr || !as_value(value_).IsNumber()) return std::nullopt;
    return as_value(value_).GetDouble();
}

std::optional<std::string_view> Node::text() const {
    if (value_ == nullptr || !as_value(value_).IsString()) return std::nullopt;
    return std::string_view{as_value(value_).GetString(), as_value(value_).GetStringLength()};
}

std::size_t Node::size() const {
    if (is_array()) return as_value(value_).Size();
    if (is_object()) return as_value(value_).MemberCount();
    return 0;
}

Node Node::at(std::size_t index) const {
    if (!is_array() || index >= size()) return Node{};
    return Node{&as_value(value_)[static_cast<rapidjson::SizeType>(index)]};
}

Node Node::get(std::string_view name) const {
    if (!is_object()) return Node{};
    const JsonValue key{rapidjson::StringRef(name.data(), name.size())};
    const auto found = as_value(value_).FindMember(key);
    return found == as_value(value_).MemberEnd() ? Node{} : Node{&found->value};
}

std::string_view Node::member_name(std::size_t index) const {
    if (!is_object() || index >= size()) return {};
    const auto& name = (as_value(value_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->name;
    return {name.GetString(), name.GetStringLength()};
}

Node Node::member(std::size_t index) const {
    if (!is_object() || index >= size()) return Node{};
    return Node{&(as_value(value_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->value};
}

std::string Node::dump() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    if (value_ != nullptr) as_value(value_).Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

struct Document::Impl {
    rapidjson::Document document;
};

std::expected<Document, DecodeError> Document::parse(std::string_view text, std::size_t length_max) {
    if (text.size() > length_max) return std::unexpected{DecodeError{DecodeErrorCode::too_large, {}}};
    if (is_too_deep(text)) return std::unexpected{DecodeError{DecodeErrorCode::too_deep, {}}};
    auto impl = std::make_unique<Impl>();
    // Iterative: nothing of outside decides how deep the stack is.
    // Full precision: without it a number that is written again may come out as its neighbour.
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
    const auto changed = with_harmless_numbers(text);
    if (!changed) return std::unexpected{changed.error()};
    const std::string_view read = *changed ? **changed : text;
    impl->document.Parse<kFlags>(read.data(), read.size());
    if (impl->document.HasParseError()) {
        const bool encoding = impl->document.GetParseError() == rapidjson::kParseErrorStringInvalidEncoding;
        return std::unexpected{DecodeError{encoding ? DecodeErrorCode::not_utf8 : DecodeErrorCode::malformed, {}}};
    }
    if (!has_whole_surrogates(text)) return std::unexpected{DecodeError{DecodeErrorCode::malformed, {}}};
    return Document{std::move(impl)};
}

Document::Document(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Node Document::root() const { return Node{static_cast<const JsonValue*>(&impl_->document)}; }

struct Writer::Impl {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

Writer::Writer() : impl_{std::make_unique<Impl>()} {}

Writer::~Writer() = default;

Writer& Writer::begin_object() {
    impl_->writer.StartObject();
    return *this;
}

Writer& Writer::end_object() {
    impl_->writer.EndObject();
    return *this;
}

Writer& Writer::begin_array() {
    impl_->writer.StartArray();
    return *this;
}

Writer& Writer::end_array() {
    impl_->writer.EndArray();
    return *this;
}

Writer& Writer::key(std::string_view name) {
    impl_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
}

Writer& Writer::text(std::string_view value) {
    impl_->writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    return *this;
}

Writer& Writer::boolean(bool value) {
    impl_->writer.Bool(value);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    impl_->writer.Int64(value);
    return *this;
}

Writer& Writer::unsigned_integer(std::uint64_t value) {
    impl_->writer.Uint64(value);
    return *this;
}

Writer& Writer::number(double value) {
    impl_->writer.Double(value);
    return *this;
}

Writer& Writer::null() {
    impl_->writer.Null();
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    impl_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
}

std::string Writer::take() { return {impl_->buffer.GetString(), impl_->buffer.GetSize()}; }

}  // namespace clarion::codec
