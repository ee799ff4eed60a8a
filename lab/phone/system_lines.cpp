// SPDX-License-Identifier: Apache-2.0
#include "lab/phone/system_lines.hpp"

#include "core/codec/described.hpp"

namespace clarion::lab {

std::string encode_line(const native::FromSystem& message) { return codec::encode(message) + "\n"; }

std::expected<native::ToSystem, std::string> decode_line(std::string_view line) {
    auto message = codec::decode<native::ToSystem>(line);
    if (!message) return std::unexpected{message.error().message()};
    return std::move(*message);
}

}  // namespace clarion::lab
