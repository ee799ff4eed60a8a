// SPDX-License-Identifier: Apache-2.0
// The wire: any bytes as a frame of a client, a frame of the server, an invite and JSON. What was read is written and
// read again as the same text; an error names what is wrong.
#include <string>
#include <string_view>

#include "core/codec/protocol_codec.hpp"
#include "tests/fuzz/entropy.hpp"

namespace clarion::fuzz {
namespace {

void expect_error(const codec::DecodeError& error) {
    CLARION_FUZZ_EXPECT(!error.message().empty(), "an error has a text");
    (void)codec::error_code_for(error.code);
}

void client_frame(std::string_view text) {
    const auto frame = codec::decode_client_frame(text);
    if (!frame) return expect_error(frame.error().error);
    CLARION_FUZZ_EXPECT(frame->id != 0, "a request has an id");
    const auto written = codec::encode_frame(*frame);
    const auto again = codec::decode_client_frame(written);
    // What was short with escapes undone may be too long with them: only then it is refused.
    if (!again && written.size() > protocol::kFrameLengthMax) return;
    CLARION_FUZZ_EXPECT(again.has_value(), written);
    CLARION_FUZZ_EXPECT(codec::encode_frame(*again) == written, written);
}

void server_frame(std::string_view text) {
    const auto frame = codec::decode_server_frame(text);
    if (!frame) return expect_error(frame.error());
    const auto written = codec::encode_frame(*frame);
    const auto again = codec::decode_server_frame(written);
    if (!again && written.size() > 2 * protocol::kFrameLengthMax) return;
    CLARION_FUZZ_EXPECT(again.has_value(), written);
    CLARION_FUZZ_EXPECT(codec::encode_frame(*again) == written, written);
}

void invite(std::string_view text) {
    const auto invite = codec::decode_invite(text);
    if (!invite) return expect_error(invite.error());
    const auto written = codec::encode_invite(*invite);
    const auto again = codec::decode_invite(written);
    if (!again && written.size() > protocol::kCcParamLengthMax) return;
    CLARION_FUZZ_EXPECT(again.has_value(), written);
    CLARION_FUZZ_EXPECT(codec::encode_invite(*again) == written, written);
}

void json(std::string_view text) {
    const auto document = codec::Document::parse(text, protocol::kFrameLengthMax);
    if (!document) return expect_error(document.error());
    const auto written = document->root().dump();
    const auto again = codec::Document::parse(written, 8 * protocol::kFrameLengthMax);
    CLARION_FUZZ_EXPECT(again.has_value(), written);
    CLARION_FUZZ_EXPECT(again->root().dump() == written, written);
}

}  // namespace
}  // namespace clarion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    clarion::fuzz::client_frame(text);
    clarion::fuzz::server_frame(text);
    clarion::fuzz::invite(text);
    clarion::fuzz::json(text);
    return 0;
}
