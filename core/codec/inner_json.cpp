// SPDX-License-Identifier: Apache-2.0
#include "core/codec/inner_json.hpp"

#include <string>

namespace clarion::codec {
namespace {

std::expected<Document, DecodeError> parse(std::string_view field, std::string_view text) {
    auto document = Document::parse(text, text.size());
    if (!document) return std::unexpected{DecodeError{document.error().code, std::string{field}}};
    return document;
}

}  // namespace

std::expected<void, DecodeError> check_object(std::string_view field, std::string_view text) {
    const auto document = parse(field, text);
    if (!document) return std::unexpected{document.error()};
    if (!document->root().is_object()) {
        return std::unexpected{DecodeError{DecodeErrorCode::wrong_type, std::string{field}}};
    }
    return {};
}

std::expected<void, DecodeError> check_json(std::string_view field, std::string_view text) {
    const auto document = parse(field, text);
    if (!document) return std::unexpected{document.error()};
    return {};
}

}  // namespace clarion::codec
