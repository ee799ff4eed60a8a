// SPDX-License-Identifier: Apache-2.0
#include "core/codec/protocol_codec.hpp"

#include <gmock/gmock.h>

namespace clarion::codec {
namespace {

using namespace protocol;

constexpr const char* kCall = "7f3c1d2e-0a4b-4c5d-8e6f-001122334455";

FrameError client_error(std::string_view text) {
    const auto frame = decode_client_frame(text);
    EXPECT_FALSE(frame) << text;
    return frame ? FrameError{} : frame.error();
}

TEST(ProtocolCodec, AClientMessageSurvivesTheWire) {
    const ClientFrame sent{
        7,
        Place{
            *CallId::parse(kCall), *UserId::parse("bob"), Media::audio, Redacted<std::string>{"Alice"},
            Redacted<std::string>{"v=0\r\n"}
        }
    };
    const std::string text = encode_frame(sent);
    EXPECT_EQ(
        text,
        R"({"type":"place","id":7,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","to_user":"bob","media":"audio",)"
        R"("from_name":"Alice","offer":"v=0\r\n","responder_preparation":false})"
    );
    const auto got = decode_client_frame(text);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->id, 7U);
    EXPECT_EQ(encode_frame(*got), text);
}

TEST(ProtocolCodec, AServerEventSurvivesTheWire) {
    const std::string text = encode_frame(
        ServerFrame{3, Ended{*CallId::parse(kCall), EndReason::multi_device_answer, EndSource::cloud_server, true, {}}}
    );
    EXPECT_EQ(
        text,
        R"({"type":"ended","seq":3,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","reason":"multi_device_answer",)"
        R"("source":"cloud_server","by_remote":true})"
    );
    const auto got = decode_server_frame(text);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->seq, 3U);
    EXPECT_EQ(std::get<Ended>(got->message).reason, EndReason::multi_device_answer);
}

TEST(ProtocolCodec, AnAckHasItsIdAndNoSeq) {
    EXPECT_EQ(encode_frame(ServerFrame{0, Ack{9}}), R"({"type":"ack","id":9})");
}

TEST(ProtocolCodec, ANewerPeerMayAddFieldsAndReasons) {
    const auto got = decode_server_frame(
        R"({"type":"ended","seq":1,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","reason":"eaten_by_dog",)"
        R"("source":"caller","by_remote":true,"shiny":{"x":[1]}})"
    );
    ASSERT_TRUE(got);
    EXPECT_EQ(std::get<Ended>(got->message).reason, EndReason::unknown);
}

TEST(ProtocolCodec, EachFaultSaysWhereItIsAndKeepsTheRequestId) {
    const auto missing = client_error(R"({"type":"place","id":4,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455"})");
    EXPECT_EQ(missing.error.code, DecodeErrorCode::missing_field);
    EXPECT_EQ(missing.error.path, "to_user");
    EXPECT_EQ(missing.id, 4U);
    EXPECT_EQ(missing.error.message(), "\"to_user\" is missing");

    const auto place = [](std::string_view extra) {
        return R"({"type":"place","id":5,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","to_user":"bob",)"
               R"("media":"audio","offer":"v=0","extra":")" +
               std::string{extra} + "\"}";
    };
    EXPECT_TRUE(decode_client_frame(place(R"({\"room\":7})")).has_value());
    for (const std::string_view extra : {"{room", "", "7", "[]"}) {
        const auto refused = client_error(place(extra));
        EXPECT_EQ(refused.error.path, "extra") << extra;
        EXPECT_EQ(refused.id, 5U);
        EXPECT_EQ(error_code_for(refused.error.code), ErrorCode::malformed);
    }

    EXPECT_EQ(client_error(R"({"type":"fly","id":1})").error.code, DecodeErrorCode::unknown_type);
    EXPECT_EQ(client_error(R"({"id":1})").error.path, "type");
    EXPECT_EQ(client_error(R"([])").error.code, DecodeErrorCode::wrong_type);
    EXPECT_EQ(client_error(R"({"type":"verify","id":1,"call_id":"zz"})").error.code, DecodeErrorCode::bad_id);
    EXPECT_EQ(client_error(R"({"type":"verify","call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455"})").error.path, "id");
    EXPECT_EQ(
        client_error(R"({"type":"decline","id":1,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","everywhere":1})")
            .error.code,
        DecodeErrorCode::wrong_type
    );
    EXPECT_EQ(
        client_error(
            R"({"type":"receipt","id":1,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","step":"woke","age_ms":-1})"
        )
            .error.code,
        DecodeErrorCode::out_of_range
    );
    EXPECT_EQ(
        client_error(R"({"type":"receipt","id":1,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","step":"x"})")
            .error.code,
        DecodeErrorCode::unknown_word
    );
    const std::string long_sdp(kSdpLengthMax + 1, 'x');
    EXPECT_EQ(
        client_error(
            R"({"type":"answer","id":1,"call_id":"7f3c1d2e-0a4b-4c5d-8e6f-001122334455","sdp":")" + long_sdp + "\"}"
        )
            .error.code,
        DecodeErrorCode::too_long
    );
    EXPECT_EQ(client_error(std::string(kFrameLengthMax + 1, ' ')).error.code, DecodeErrorCode::too_large);
}

TEST(ProtocolCodec, TheInviteFitsIntoACcParamAndRefusesAnotherVersion) {
    Invite invite;
    invite.service = *ServiceId::parse("acme");
    invite.call_id = *CallId::parse(kCall);
    invite.to_user = *UserId::parse("bob");
    invite.device = *DeviceId::parse("bobs-iphone");
    invite.from_user = *UserId::parse("alice");
    invite.from_name = Redacted<std::string>{"Alice"};
    invite.issued_at = WallTime{1'795'000'000'000};
    invite.ring_until = invite.issued_at + Duration{60'000};
    invite.accept_until = invite.issued_at + Duration{65'000};
    invite.ticket = Redacted<std::string>{std::string(43, 't')};
    const std::string text = encode_invite(invite);
    // Signature 64, sealing 48, base64 4/3, prefix 3.
    EXPECT_LT((text.size() + 64 + 48) * 4 / 3 + 3 + 4, kCcParamLengthMax);
    const auto got = decode_invite(text);
    ASSERT_TRUE(got);
    EXPECT_EQ(encode_invite(*got), text);
    invite.version = 2;
    EXPECT_FALSE(decode_invite(encode_invite(invite)));
}

}  // namespace
}  // namespace clarion::codec
