// SPDX-License-Identifier: Apache-2.0
#include "core/codec/protocol_codec.hpp"

#include "core/codec/described.hpp"
#include "core/codec/inner_json.hpp"
#include "core/protocol/messages_described.hpp"

namespace clarion::codec {
namespace {

/// {"type":…, "id" or "seq":…, fields…}: one flat object a frame.
template <class Message>
std::string encode_flat(std::string_view number_name, std::uint64_t number, const Message& message) {
    Writer out;
    std::visit(
        [&]<class Alternative>(const Alternative& alternative) {
            out.begin_object().key("type").text(Describe<Alternative>::name);
            // An ack or error has an id of its own and no seq.
            if (number != 0) out.key(number_name).unsigned_integer(number);
            detail::write_fields(out, alternative);
            out.end_object();
        },
        message
    );
    return out.take();
}

}  // namespace

std::expected<protocol::ClientFrame, FrameError> decode_client_frame(std::string_view text) {
    const auto document = Document::parse(text, protocol::kFrameLengthMax);
    if (!document) return std::unexpected{FrameError{document.error(), 0}};
    const auto id = document->root().get("id").unsigned_integer();
    auto message = decode<protocol::ClientMessage>(document->root());
    if (!message) return std::unexpected{FrameError{message.error(), id.value_or(0)}};
    if (const auto* place = std::get_if<protocol::Place>(&*message); place != nullptr && place->extra) {
        if (auto is_object = check_object("extra", place->extra->reveal()); !is_object) {
            return std::unexpected{FrameError{std::move(is_object.error()), id.value_or(0)}};
        }
    }
    if (!id || *id == 0) return std::unexpected{FrameError{{DecodeErrorCode::missing_field, "id"}, 0}};
    return protocol::ClientFrame{*id, std::move(*message)};
}

std::expected<protocol::ServerFrame, DecodeError> decode_server_frame(std::string_view text) {
    const auto document = Document::parse(text, 2 * protocol::kFrameLengthMax);
    if (!document) return std::unexpected{document.error()};
    auto message = decode<protocol::ServerMessage>(document->root());
    if (!message) return std::unexpected{message.error()};
    return protocol::ServerFrame{document->root().get("seq").unsigned_integer().value_or(0), std::move(*message)};
}

std::string encode_frame(const protocol::ClientFrame& frame) { return encode_flat("id", frame.id, frame.message); }

std::string encode_frame(const protocol::ServerFrame& frame) { return encode_flat("seq", frame.seq, frame.message); }

std::string encode_invite(const protocol::Invite& invite) { return encode(invite); }

std::expected<protocol::Invite, DecodeError> decode_invite(std::string_view text) {
    auto invite = decode<protocol::Invite>(text, protocol::kCcParamLengthMax);
    if (invite && invite->version != protocol::kInviteVersion) {
        return std::unexpected{DecodeError{DecodeErrorCode::out_of_range, "v"}};
    }
    return invite;
}

protocol::ErrorCode error_code_for(DecodeErrorCode code) {
    switch (code) {
        case DecodeErrorCode::too_large:
        case DecodeErrorCode::too_long: return protocol::ErrorCode::too_large;
        case DecodeErrorCode::unknown_type: return protocol::ErrorCode::unknown_type;
        case DecodeErrorCode::malformed:
        case DecodeErrorCode::too_deep:
        case DecodeErrorCode::not_utf8:
        case DecodeErrorCode::missing_field:
        case DecodeErrorCode::wrong_type:
        case DecodeErrorCode::out_of_range:
        case DecodeErrorCode::unknown_word:
        case DecodeErrorCode::bad_id: return protocol::ErrorCode::malformed;
    }
    return protocol::ErrorCode::malformed;
}

}  // namespace clarion::codec
