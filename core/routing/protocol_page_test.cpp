// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <type_traits>

#include "core/base/box.hpp"
#include "core/protocol/messages_described.hpp"
#include "core/routing/support_test.hpp"

/// docs/protocol.md says what the one description says: each message with each field, its kind, its limit and whether
/// it must be there; each word; each reason; each trace word of routing. The prose is a person's.
namespace clarion::routing::testing {
namespace {

std::string page() {
    std::ifstream file{CLARION_SOURCE_DIR "/docs/protocol.md"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// From the heading to the next heading.
std::string section(const std::string& heading) {
    std::istringstream lines{page()};
    std::string found;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#")) {
            if (inside) break;
            inside = line == heading;
        }
        if (inside) found += line + "\n";
    }
    EXPECT_TRUE(inside) << "docs/protocol.md has no section '" << heading << "'";
    return found;
}

/// The first cells of every row that starts with a code word.
std::vector<std::string> rows(const std::string& text, std::size_t cells) {
    std::vector<std::string> found;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `")) continue;
        std::size_t end = 0;
        for (std::size_t i = 0; i < cells && end != std::string::npos; ++i) end = line.find('|', end + 1);
        found.push_back(line.substr(0, end == std::string::npos ? end : end + 1));
    }
    return found;
}

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

std::string between(const Limits& limits) {
    if (limits.max == INT64_MAX) return {};
    return ", " + std::to_string(limits.min) + " to " + std::to_string(limits.max);
}

template <class T>
std::string kind(const Limits& limits) {
    if constexpr (is_optional<T>) {
        return kind<typename T::value_type>(limits);
    } else if constexpr (std::is_same_v<T, Redacted<std::string>> || std::is_same_v<T, std::string>) {
        return "text, at most " + std::to_string(limits.length_max);
    } else if constexpr (std::is_same_v<T, CallId>) {
        return "UUID";
    } else if constexpr (std::is_same_v<T, WallTime>) {
        return "ms since 1970";
    } else if constexpr (std::is_same_v<T, Duration>) {
        return "ms" + between(limits);
    } else if constexpr (std::is_same_v<T, bool>) {
        return "true or false";
    } else if constexpr (DescribedEnum<T>) {
        return "word";
    } else if constexpr (Described<T>) {
        return "object `" + std::string{Describe<T>::name} + "`";
    } else if constexpr (is_list<T>) {
        return "list of `" + std::string{Describe<typename T::value_type>::name} + "`";
    } else if constexpr (std::is_integral_v<T>) {
        return "number" + between(limits);
    } else {
        return "id";
    }
}

template <class T>
std::vector<std::string> described_rows() {
    std::vector<std::string> expected;
    const auto add = [&]<class Owner, class Member>(const Field<Owner, Member>& f) {
        const bool may = f.limits.may_be_absent || is_optional<Member> || is_list<Member>;
        expected.push_back(
            "| `" + std::string{f.name} + "` | " + kind<Member>(f.limits) + " | " + (may ? "may" : "must") + " |"
        );
    };
    std::apply([&](const auto&... f) { (add(f), ...); }, Describe<T>::fields);
    return expected;
}

template <class T>
void expect_section() {
    const std::string heading = "#### " + std::string{Describe<T>::name};
    EXPECT_EQ(rows(section(heading), 3), described_rows<T>()) << heading;
}

template <class... Messages>
void expect_sections(std::type_identity<std::variant<Messages...>>) {
    (expect_section<Messages>(), ...);
}

template <class E>
void expect_words(const std::string& heading) {
    std::vector<std::string> expected;
    for (const auto& entry : EnumText<E>::values) expected.push_back("| `" + std::string{entry.word} + "` |");
    EXPECT_EQ(rows(section(heading), 1), expected) << heading;
}

TEST(ProtocolPage, HasEveryClientMessageWithItsFields) {
    expect_sections(std::type_identity<protocol::ClientMessage>{});
}

TEST(ProtocolPage, HasEveryServerMessageWithItsFields) {
    expect_sections(std::type_identity<protocol::ServerMessage>{});
}

TEST(ProtocolPage, HasTheInviteWithItsFields) { expect_section<protocol::Invite>(); }

TEST(ProtocolPage, HasWhatMessagesCarry) {
    expect_section<protocol::PartyState>();
    expect_section<protocol::LiveCall>();
    expect_words<protocol::PauseReason>("### Pause reasons");
    expect_words<protocol::Negotiation>("### Purposes");
    expect_words<protocol::TokenKind>("### Push kinds");
}

TEST(ProtocolPage, HasEveryErrorAndEveryReceiptStep) {
    expect_words<protocol::ErrorCode>("### Errors");
    expect_words<protocol::ReceiptStep>("### Receipt steps");
}

TEST(ProtocolPage, HasEveryReasonWithItsNumberAndSystemReason) {
    std::vector<std::string> expected;
    for (const ReasonRow& row : reason_table()) {
        const auto number = std::to_string(static_cast<int>(row.reason));
        const auto system = std::to_string(static_cast<int>(row.system)) + " " + std::string{to_string(row.system)};
        expected.push_back("| `" + std::string{row.word} + "` | " + number + " | " + system + " |");
    }
    EXPECT_EQ(rows(section("### Reasons"), 3), expected);
}

TEST(ProtocolPage, HasEveryTraceWordOfRoutingAndNoOther) {
    std::set<std::string> spoken;
    const auto play = [&](std::vector<CalleeDevice> devices, const std::vector<Event>& story, Duration after = {}) {
        World world{false};
        const auto note = [&](const Step& step) {
            for (const std::string& word : step.trace()) spoken.insert(word);
        };
        note(world.place(placed(std::move(devices))));
        world.after(after);
        for (const Event& event : story) note(world.feed(event));
    };
    const AnswerReceived answer{kPhone, sdp("answer")};
    std::vector<CalleeDevice> many;
    for (int i = 0; i < 20; ++i) many.push_back(android(device("d" + std::to_string(i))));
    play(many, {TimePassed{}}, kConfig.ring_time + kConfig.accept_grace);
    play({android(kPhone, true), ios(kTablet), desktop(kDesktop, false)}, {VerifyAsked{kPhone}, answer});
    play({android(kPhone), ios(kTablet)}, {EndReceived{.device = kCaller}});
    play({android(kPhone)}, {DeclineReceived{kPhone}});
    play({android(kPhone)}, {PushFinished{kPhone, PushOutcome::failed}});
    play({android(kPhone)}, {EndReceived{.device = kCaller, .reason = EndReason::internal_error}});
    play({android(kPhone), ios(kTablet)}, {DeclineReceived{kPhone, EndReason::busy}});
    CallPlaced crossed = placed({});
    play({android(kPhone)}, {CallCrossed{android(kPhone, true), crossed.call_id}});
    const TakeReceived take{kStranger, Platform::web, Side::callee, sdp("Alice"), sdp("offer")};
    const protocol::MediaAnswer yes{.revision = 2, .sdp = sdp("yes")};
    const protocol::MediaAnswer no{.revision = 2, .accepted = false};
    play({android(kPhone)}, {answer, take, MediaAnswerReceived{kCaller, yes}});
    play({android(kPhone)}, {answer, take, MediaAnswerReceived{kCaller, no}});
    World lost{false};
    (void)lost.place(placed({android(kPhone)}));
    (void)lost.feed(answer);
    (void)lost.feed(PresenceChanged{kPhone, false});
    const auto note = [&](const Step& step) {
        for (const std::string& word : step.trace()) spoken.insert(word);
    };
    note(lost.run_to(lost.now() + kConfig.lost_after));
    note(lost.feed(PresenceChanged{kPhone, true}));
    (void)lost.feed(PresenceChanged{kPhone, false});
    note(lost.run_to(lost.now() + kConfig.reconnect_grace));
    crossed.screening = Screening::blocked;
    note(lost.place(crossed));

    std::set<std::string> documented;
    for (const std::string& row : rows(section("### Trace words"), 1)) {
        for (std::size_t at = row.find('`'); at != std::string::npos; at = row.find('`', row.find('`', at + 1) + 1)) {
            documented.insert(row.substr(at + 1, row.find('`', at + 1) - at - 1));
        }
    }
    EXPECT_EQ(spoken, documented);
}

}  // namespace
}  // namespace clarion::routing::testing
