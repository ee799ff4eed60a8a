// SPDX-License-Identifier: Apache-2.0
// A push from its text to the report: any text as cc_param; any JSON that our server signed; a real push, damaged.
// Nothing opens that was not signed (I14), and on iOS every push is reported (I1).
//
// The input's first byte says which.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/protocol_codec.hpp"
#include "core/engine/engine.hpp"
#include "crypto/invite_box.hpp"
#include "sdk/native/push_opener.hpp"
#include "tests/fuzz/entropy.hpp"

namespace clarion::fuzz {
namespace {

using engine::PushFault;

std::array<std::uint8_t, 32> fixed_bytes(std::uint8_t first) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.front() = first;
    return bytes;
}

struct Keys {
    crypto::SigningKey server = crypto::SigningKey::from_seed(fixed_bytes(1));
    crypto::BoxSecret device = crypto::BoxSecret::from_bytes(fixed_bytes(2));
    native::PushOpener opener{device, {server.verify_key()}};
    std::string sealed;

    Keys() {
        protocol::Invite invite{
            .service = *ServiceId::parse("acme"),
            .call_id = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001"),
            .to_user = *UserId::parse("bob"),
            .device = *DeviceId::parse("bob-phone"),
            .from_user = *UserId::parse("alice"),
            .from_name = Redacted<std::string>{"Alice"},
            .issued_at = WallTime{1'000},
            .ring_until = WallTime{61'000},
            .accept_until = WallTime{66'000},
            .ticket = Redacted<std::string>{"ticket"},
        };
        sealed = crypto::seal_invite(codec::encode_invite(invite), server, &device.box_public()).value();
    }
};

const Keys& keys() {
    static const Keys made;
    return made;
}

void hand_in(const engine::PushReceived& push) {
    engine::Engine phone{
        {.service = *ServiceId::parse("acme"),
         .user = *UserId::parse("bob"),
         .device = *DeviceId::parse("bob-phone"),
         .platform = protocol::Platform::ios},
        Instant{5'000},
        1
    };
    CLARION_FUZZ_EXPECT(phone.handle_input(Instant{5'000}, push).has_value(), "a push is never refused");
    bool is_reported = false;
    while (const auto output = phone.poll_output()) {
        is_reported |= std::holds_alternative<callui::ReportIncoming>(*output);
    }
    CLARION_FUZZ_EXPECT(is_reported, "I1: on iOS every push is reported");
}

void any_text(std::string_view text) {
    const auto push = keys().opener.open_cc_param(text, WallTime{1'000}, true);
    CLARION_FUZZ_EXPECT(push.fault != PushFault::none && !push.invite, "I14: opened, but nobody signed it");
    hand_in(push);
}

void any_signed_json(std::string_view json) {
    if (json.empty()) return;  // An invite of nothing is none: it is malformed, whoever signed it.
    const auto text = crypto::seal_invite(json, keys().server, nullptr);
    if (!text) {
        CLARION_FUZZ_EXPECT(json.size() > crypto::kInviteJsonMax, "short enough, and refused");
        return;
    }
    CLARION_FUZZ_EXPECT(crypto::open_invite(*text, nullptr, std::array{keys().server.verify_key()}) == json, *text);
    const auto push = keys().opener.open_cc_param(*text, WallTime{1'000}, true);
    CLARION_FUZZ_EXPECT(push.invite.has_value() == (push.fault == PushFault::none), "one of the two");
    hand_in(push);
}

void damaged(Entropy& entropy) {
    auto text = keys().sealed;
    const auto original = text;
    while (!entropy.empty()) {
        const std::size_t at = (entropy.below(256) * 256 + entropy.below(256)) % text.size();
        text[at] = static_cast<char>(entropy.byte());
        if (entropy.byte() == 7) text.resize(at + 1);
    }
    const auto push = keys().opener.open_cc_param(text, WallTime{1'000}, true);
    CLARION_FUZZ_EXPECT((push.fault == PushFault::none) == (text == original), text);
    hand_in(push);
}

}  // namespace
}  // namespace clarion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
    clarion::fuzz::Entropy entropy{{data + 1, size - 1}};
    switch (data[0] % 3) {
        case 0: clarion::fuzz::any_text(rest); break;
        case 1: clarion::fuzz::any_signed_json(rest); break;
        default: clarion::fuzz::damaged(entropy);
    }
    return 0;
}
