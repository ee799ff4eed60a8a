// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "sdk/door/handle.hpp"

namespace clarion::door {
namespace {

using codec::DecodeErrorCode;

/// Plain bytes: nothing to construct or destroy when a thread comes or goes.
struct RefusedText {
    std::array<char, 256> bytes;
    std::size_t length;
};

thread_local constinit RefusedText refused{};

std::int32_t code_of(DecodeErrorCode code) {
    switch (code) {
        case DecodeErrorCode::malformed:
        case DecodeErrorCode::too_deep:
        case DecodeErrorCode::not_utf8: return CLARION_ERR_MALFORMED;
        case DecodeErrorCode::too_large: return CLARION_ERR_TOO_LARGE;
        case DecodeErrorCode::unknown_type: return CLARION_ERR_UNKNOWN_TYPE;
        case DecodeErrorCode::missing_field:
        case DecodeErrorCode::wrong_type:
        case DecodeErrorCode::out_of_range:
        case DecodeErrorCode::too_long:
        case DecodeErrorCode::unknown_word:
        case DecodeErrorCode::bad_id: return CLARION_ERR_FIELD;
    }
    return CLARION_ERR_FIELD;
}

}  // namespace

Refusal refusal_of(const DecodeError& error) {
    // With a path it is no JSON inside a field: the whole text was.
    const bool is_inside = error.code == DecodeErrorCode::malformed && !error.path.empty();
    return {is_inside ? CLARION_ERR_FIELD : code_of(error.code), error.message()};
}

Refusal refusal_of(const callui::InputError& error) {
    const auto naming = [&](std::int32_t code, std::string_view text) {
        return Refusal{code, error.field.empty() ? std::string{text} : "\"" + error.field + "\": " + std::string{text}};
    };
    switch (error.code) {
        case callui::InputError::undrained: return {CLARION_ERR_UNDRAINED, "outputs wait: receive them first"};
        case callui::InputError::time_went_back: return {CLARION_ERR_TIME_WENT_BACK, "now_ms is before the last one"};
        case callui::InputError::unknown_call: return {CLARION_ERR_UNKNOWN_CALL, "no such call"};
        case callui::InputError::wrong_state: return naming(CLARION_ERR_WRONG_STATE, "the call cannot do that now");
        case callui::InputError::duplicate_call: return {CLARION_ERR_DUPLICATE_CALL, "the call id is in use"};
        case callui::InputError::too_many_calls: return {CLARION_ERR_TOO_MANY_CALLS, "too many calls at once"};
        case callui::InputError::bad_input: break;
    }
    return naming(CLARION_ERR_FIELD, "out of its limits");
}

Refusal refusal_of(callui::RestoreError error) {
    switch (error) {
        case callui::RestoreError::unknown_version:
            return {CLARION_ERR_SNAPSHOT_VERSION, "the snapshot is of another version"};
        case callui::RestoreError::damaged: break;
    }
    return {CLARION_ERR_SNAPSHOT_DAMAGED, "the snapshot contradicts itself"};
}

std::int32_t refuse_handle(const Refusal& refusal) {
    refused.length = std::min(refusal.text.size(), refused.bytes.size());
    std::copy_n(refusal.text.begin(), refused.length, refused.bytes.begin());
    return refusal.code;
}

void forget_refused_handle() { refused.length = 0; }

std::string_view refused_handle_text() { return {refused.bytes.data(), refused.length}; }

}  // namespace clarion::door
