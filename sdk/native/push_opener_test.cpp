// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/push_opener.hpp"

#include <gtest/gtest.h>

#include "core/codec/protocol_codec.hpp"
#include "crypto/invite_box.hpp"

namespace clarion::native {
namespace {

using engine::PushFault;

struct PushOpenerTest : ::testing::Test {
    crypto::SigningKey server = crypto::SigningKey::generate();
    crypto::BoxSecret box = crypto::BoxSecret::generate();
    PushOpener opener{box, {server.verify_key()}};

    static protocol::Invite invite() {
        protocol::Invite invite;
        invite.service = *ServiceId::parse("acme");
        invite.call_id = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");
        invite.to_user = *UserId::parse("bob");
        invite.device = *DeviceId::parse("bob-phone");
        invite.from_user = *UserId::parse("alice");
        invite.from_name = Redacted<std::string>{"Alice"};
        invite.ring_until = WallTime{60'000};
        invite.ticket = Redacted<std::string>{"ticket"};
        return invite;
    }

    [[nodiscard]] std::string sealed(const protocol::Invite& what) const {
        return crypto::seal_invite(codec::encode_invite(what), server, &box.box_public()).value();
    }

    [[nodiscard]] PushFault fault_of(const std::string& cc_param) const {
        const auto push = opener.open({{"cc_param", cc_param}}, WallTime{1}, true);
        EXPECT_EQ(push.invite.has_value(), push.fault == PushFault::none);
        return push.fault;
    }
};

TEST_F(PushOpenerTest, OpensWhatTheServerSealedToThisDevice) {
    const auto push = opener.open({{"type", "ring"}, {"cc_param", sealed(invite())}}, WallTime{77}, false);
    ASSERT_TRUE(push.invite.has_value());
    EXPECT_EQ(push.invite->from_name.reveal(), "Alice");
    EXPECT_EQ(push.invite->call_id, invite().call_id);
    EXPECT_EQ(push.wall_now.ms, 77);
    EXPECT_FALSE(push.must_report);
}

TEST_F(PushOpenerTest, PlainFieldsOfAPushAreNeverBelieved) {
    const auto push = opener.open(
        {{"type", "ring"}, {"call_id", invite().call_id.text()}, {"from_user_id", "alice"}}, WallTime{1}, true
    );
    EXPECT_EQ(push.fault, PushFault::malformed);
    EXPECT_FALSE(push.invite.has_value());
    EXPECT_TRUE(push.must_report) << "it must reach the engine all the same: iOS wants a report (I1)";
}

TEST_F(PushOpenerTest, SaysWhyAnInviteDidNotOpen) {
    EXPECT_EQ(fault_of("rubbish"), PushFault::malformed);
    EXPECT_EQ(fault_of(std::string(5000, 'x')), PushFault::malformed);
    EXPECT_EQ(fault_of("s9.AAAA"), PushFault::unsupported_version);
    const auto stranger = crypto::SigningKey::generate();
    EXPECT_EQ(
        fault_of(crypto::seal_invite(codec::encode_invite(invite()), stranger, &box.box_public()).value()),
        PushFault::bad_signature
    );
    const auto other = crypto::BoxSecret::generate();
    EXPECT_EQ(
        fault_of(crypto::seal_invite(codec::encode_invite(invite()), server, &other.box_public()).value()),
        PushFault::not_for_this_device
    );
    auto later = invite();
    later.version = 2;
    EXPECT_EQ(fault_of(sealed(later)), PushFault::unsupported_version);
}

}  // namespace
}  // namespace clarion::native
