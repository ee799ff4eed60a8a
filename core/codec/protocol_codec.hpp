// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/codec/json.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::codec {

/// A frame that could not be decoded, with the request id when that much was readable: the error reply needs it.
struct FrameError {
    DecodeError error;
    std::uint64_t id = 0;
};

/// Text of one WebSocket frame, at most protocol::kFrameLengthMax bytes. Unknown members are ignored.
[[nodiscard]] std::expected<protocol::ClientFrame, FrameError> decode_client_frame(std::string_view text);
[[nodiscard]] std::expected<protocol::ServerFrame, DecodeError> decode_server_frame(std::string_view text);
[[nodiscard]] std::string encode_frame(const protocol::ClientFrame& frame);
[[nodiscard]] std::string encode_frame(const protocol::ServerFrame& frame);

/// The JSON inside cc_param.
[[nodiscard]] std::string encode_invite(const protocol::Invite& invite);
[[nodiscard]] std::expected<protocol::Invite, DecodeError> decode_invite(std::string_view text);

/// The error code of the protocol that answers a frame with this fault.
[[nodiscard]] protocol::ErrorCode error_code_for(DecodeErrorCode code);

}  // namespace clarion::codec
