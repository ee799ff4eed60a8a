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
#include <rapidjson/internal/dtoa.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
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

namespace {

/// RapidJSON tells the parts of a value to this.
struct Dump {
    Writer& out;

    bool Null() { return out.null(), true; }
    bool Bool(bool value) { return out.boolean(value), true; }
    bool Int(int value) { return out.integer(value), true; }
    bool Uint(unsigned value) { return out.integer(value), true; }
    bool Int64(std::int64_t value) { return out.integer(value), true; }
    bool Uint64(std::uint64_t value) { return out.unsigned_integer(value), true; }
    bool Double(double value) { return out.number(value), true; }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return out.raw({text, size}), true; }
    bool String(const char* text, rapidjson::SizeType size, bool) { return out.text({text, size}), true; }
    bool StartObject() { return out.begin_object(), true; }
    bool Key(const char* text, rapidjson::SizeType size, bool) { return out.key({text, size}), true; }
    bool EndObject(rapidjson::SizeType) { return out.end_object(), true; }
    bool StartArray() { return out.begin_array(), true; }
    bool EndArray(rapidjson::SizeType) { return out.end_array(), true; }
};

}  // namespace

std::string Node::dump() const {
    Writer writer;
    Dump dump{writer};
    if (value_ != nullptr) as_value(value_).Accept(dump);
    return writer.take();
}

struct Document::Impl {
    // Most documents have room here; only others cost a chunk of 64 kB.
    alignas(std::max_align_t) std::array<char, 1024> first{};
    rapidjson::MemoryPoolAllocator<> pool{first.data(), first.size()};
    rapidjson::Document document{&pool};
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

// ---- Writer ----

namespace {

/// What stands after the backslash, or 'u' for a number; 0: the byte stands for itself.
constexpr std::array<char, 256> kEscape = [] {
    std::array<char, 256> escape{};
    for (std::size_t i = 0; i < ' '; ++i) escape[i] = 'u';
    escape['\b'] = 'b';
    escape['\t'] = 't';
    escape['\n'] = 'n';
    escape['\f'] = 'f';
    escape['\r'] = 'r';
    escape['"'] = '"';
    escape['\\'] = '\\';
    return escape;
}();

char escape_of(char c) { return kEscape[static_cast<unsigned char>(c)]; }

/// How many bytes at the beginning stand for themselves.
std::size_t plain_length(std::string_view text) {
    // Eight at a time while none of them is a control, a quote or a backslash: subtracting sets the top bit of a byte
    // that is too small.
    constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
    std::size_t at = 0;
    for (; at + sizeof kOnes <= text.size(); at += sizeof kOnes) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t is_special = (word - kOnes * ' ') | ((word ^ kOnes * '"') - kOnes) |
                                         ((word ^ kOnes * static_cast<unsigned char>('\\')) - kOnes);
        if ((is_special & ~word & kOnes << 7U) != 0) break;
    }
    while (at < text.size() && escape_of(text[at]) == 0) ++at;
    return at;
}

}  // namespace

struct Writer::Impl {
    std::string out;
    bool needs_comma = false;

    Impl() { out.reserve(256); }

    void begin_value() {
        if (needs_comma) out += ',';
        needs_comma = true;
    }
    void open(char bracket) {
        begin_value();
        out += bracket;
        needs_comma = false;
    }
    void close(char bracket) {
        out += bracket;
        needs_comma = true;
    }
    void word(std::string_view text) {
        begin_value();
        out += text;
    }
    template <class Number>
    void number(Number value) {
        std::array<char, 24> digits{};
        const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
        word({digits.data(), end});
    }
    void text(std::string_view value) {
        begin_value();
        out += '"';
        while (!value.empty()) {
            const std::size_t plain = plain_length(value);
            out.append(value, 0, plain);
            if (plain == value.size()) break;
            escape(value[plain]);
            value.remove_prefix(plain + 1);
        }
        out += '"';
    }
    void escape(char c) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        out += '\\';
        out += escape_of(c);
        if (escape_of(c) == 'u') ((out += "00") += kDigits[byte >> 4U]) += kDigits[byte & 0xFU];
    }
};

Writer::Writer() : impl_{std::make_unique<Impl>()} {}

Writer::~Writer() = default;

Writer& Writer::begin_object() {
    impl_->open('{');
    return *this;
}

Writer& Writer::end_object() {
    impl_->close('}');
    return *this;
}

Writer& Writer::begin_array() {
    impl_->open('[');
    return *this;
}

Writer& Writer::end_array() {
    impl_->close(']');
    return *this;
}

Writer& Writer::key(std::string_view name) {
    impl_->text(name);
    impl_->out += ':';
    impl_->needs_comma = false;
    return *this;
}

Writer& Writer::text(std::string_view value) {
    impl_->text(value);
    return *this;
}

Writer& Writer::boolean(bool value) {
    impl_->word(value ? "true" : "false");
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    impl_->number(value);
    return *this;
}

Writer& Writer::unsigned_integer(std::uint64_t value) {
    impl_->number(value);
    return *this;
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();  // JSON has no word for it.
    std::array<char, 25> digits{};
    impl_->word({digits.data(), rapidjson::internal::dtoa(value, digits.data())});
    return *this;
}

Writer& Writer::null() {
    impl_->word("null");
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    impl_->word(json);
    return *this;
}

std::string Writer::take() { return std::exchange(impl_->out, {}); }

}  // namespace clarion::codec
