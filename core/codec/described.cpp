// SPDX-License-Identifier: Apache-2.0
#include "core/codec/described.hpp"

namespace clarion::codec::detail {

void write_members(Writer& out, void* owner, const Member* members, std::size_t count) {
    for (const Member* one = members; one != members + count; ++one) {
        const void* member = one->at(owner);
        const bool may_be = one->may_be_absent && one->type->is_absent != nullptr;
        if (may_be && one->type->is_absent(member)) continue;
        out.key(one->name());
        one->type->write(out, member);
    }
}

Failure read_members(Node node, void* owner, const Member* members, std::size_t count) {
    if (!node.is_object()) return failed(DecodeErrorCode::wrong_type);
    for (const Member* one = members; one != members + count; ++one) {
        const Node value = node.get(one->name());
        if (!value.exists() || value.is_null()) {
            if (one->may_be_absent) continue;
            return DecodeError{DecodeErrorCode::missing_field, std::string{one->name()}};
        }
        Failure failure = one->type->read(value, one->at(owner), *one->limits);
        if (failure) return at_path(std::move(failure), one->name());
    }
    return {};
}

Failure at_path(Failure failure, std::string_view step) {
    if (!failure) return failure;
    if (failure->path.empty()) {
        failure->path = std::string{step};
    } else if (failure->path.front() == '[') {
        failure->path = std::string{step} + failure->path;
    } else {
        failure->path = std::string{step} + "." + failure->path;
    }
    return failure;
}

}  // namespace clarion::codec::detail
