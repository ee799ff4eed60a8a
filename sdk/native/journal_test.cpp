// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "sdk/native/device_state.hpp"
#include "sdk/native/files.hpp"
#include "sdk/native/testing/temporary_directory.hpp"

namespace clarion::native {
namespace {

using ::testing::HasSubstr;

struct JournalTest : ::testing::Test {
    testing::TemporaryDirectory directory;
    std::filesystem::path file = directory.path() / "journal";
    Journal journal{file, "boot-a"};

    void overwrite(std::string_view bytes) const { std::ofstream{file, std::ios::binary} << bytes; }

    [[nodiscard]] std::string content() const { return read_file(file, kJournalMax).value().value(); }
};

TEST_F(JournalTest, WithoutAFileThereIsNothing) {
    const auto entry = journal.load();
    ASSERT_TRUE(entry.has_value());
    EXPECT_FALSE(entry->has_value());
}

TEST_F(JournalTest, GivesBackWhatWasStoredLast) {
    ASSERT_TRUE(journal.store("first").has_value());
    ASSERT_TRUE(journal.store(std::string{"second\n\0bytes", 13}).has_value());
    const auto entry = Journal{file, "boot-a"}.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->snapshot, (std::string{"second\n\0bytes", 13}));
    EXPECT_TRUE((*entry)->same_boot);
}

TEST_F(JournalTest, KnowsThatTheMachineWasRestarted) {
    ASSERT_TRUE(journal.store("state").has_value());
    const auto entry = Journal{file, "boot-b"}.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_FALSE((*entry)->same_boot);
}

TEST_F(JournalTest, AnUnknownBootIsNeverTheSame) {
    Journal unknown{file, "unknown"};
    ASSERT_TRUE(unknown.store("state").has_value());
    const auto entry = unknown.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_FALSE((*entry)->same_boot);
}

/// Goal: no damage is ever taken for a state. Method: cut after, and flip, every single byte.
TEST_F(JournalTest, EveryDamageIsNoticedAndPutAsideOnce) {
    ASSERT_TRUE(journal.store("the state of two calls").has_value());
    const auto whole = content();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const bool cut : {true, false}) {
            auto bytes = whole;
            if (cut) {
                bytes.resize(i);
            } else {
                bytes[i] = static_cast<char>(bytes[i] ^ 0x04);
            }
            overwrite(bytes);
            const auto entry = journal.load();
            if (entry && *entry) {
                // Only the boot id may differ and still be read: it costs the monotonic times, nothing else.
                EXPECT_EQ((*entry)->snapshot, "the state of two calls") << "byte " << i;
                EXPECT_FALSE((*entry)->same_boot) << "byte " << i;
                continue;
            }
            ASSERT_FALSE(entry.has_value()) << "byte " << i;
            EXPECT_EQ(entry.error().kind, JournalError::Kind::damaged);
            EXPECT_THAT(entry.error().text, HasSubstr("damaged"));
            EXPECT_TRUE(std::filesystem::exists(file.string() + ".damaged"));
            const auto next = journal.load();
            EXPECT_TRUE(next && !*next) << "the second start must not meet it again";
        }
    }
}

TEST_F(JournalTest, AGiantFileIsNotRead) {
    overwrite(std::string(kJournalMax + 1, 'x'));
    EXPECT_FALSE(journal.load().has_value());
    const auto next = journal.load();
    EXPECT_TRUE(next && !*next);
}

TEST_F(JournalTest, OneThatCannotBeReadNowStaysWhereItIs) {
    ASSERT_TRUE(journal.store("the state of two calls").has_value());
    // No descriptor is left (EMFILE). Permissions would not stop a test that runs as root.
    struct rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = before;
    none.rlim_cur = 0;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto entry = journal.load();
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    ASSERT_FALSE(entry.has_value());
    EXPECT_EQ(entry.error().kind, JournalError::Kind::unreadable);
    EXPECT_THAT(entry.error().text, HasSubstr("cannot read"));
    const auto next = journal.load();
    ASSERT_TRUE(next && *next) << "the calls are still there";
    EXPECT_EQ((*next)->snapshot, "the state of two calls");
}

/// Goal: a process that dies while it writes leaves the old journal. Method: what it left beside is not looked at.
TEST_F(JournalTest, AHalfWrittenSuccessorDoesNotHurt) {
    ASSERT_TRUE(journal.store("old").has_value());
    std::ofstream{file.string() + ".new"} << "clarion-journal 1 boot-a 5 00";
    auto entry = journal.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->snapshot, "old");
    ASSERT_TRUE(journal.store("new").has_value());
    entry = journal.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->snapshot, "new");
    EXPECT_FALSE(std::filesystem::exists(file.string() + ".new"));
}

TEST_F(JournalTest, AStoreThatFailsLeavesTheOldOne) {
    ASSERT_TRUE(journal.store("old").has_value());
    std::filesystem::create_directory(file.string() + ".new");  // The place of the new file is taken.
    EXPECT_FALSE(journal.store("new").has_value());
    const auto entry = journal.load();
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->snapshot, "old");
}

TEST_F(JournalTest, NobodyElseMayReadIt) {
    ASSERT_TRUE(journal.store("state").has_value());
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(BootId, IsStableWithinABoot) { EXPECT_EQ(system_boot_id(), system_boot_id()); }

TEST(DirectoryLock, KeepsASecondProcessOut) {
    const testing::TemporaryDirectory directory;
    {
        auto first = DirectoryLock::take(directory.path());
        ASSERT_TRUE(first.has_value());
        auto second = DirectoryLock::take(directory.path());
        ASSERT_FALSE(second.has_value());
        EXPECT_THAT(second.error(), HasSubstr("in use"));
    }
    EXPECT_TRUE(DirectoryLock::take(directory.path()).has_value()) << "let go with its owner";
}

TEST(DeviceStateFile, ComesBackAsItWasSaved) {
    const testing::TemporaryDirectory directory;
    DeviceState state{
        .server = "https://localhost:8443",
        .ca_file = "/etc/ca.pem",
        .service = *ServiceId::parse("acme"),
        .user = *UserId::parse("bob"),
        .device = *DeviceId::parse("bob-phone"),
        .platform = protocol::Platform::ios,
        .token = Redacted<std::string>{"secret"},
        .verify_keys = {"k1", "k2"},
    };
    ASSERT_TRUE(save_device(directory.path() / "made" / "here", state).has_value());
    const auto loaded = load_device(directory.path() / "made" / "here");
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_EQ(loaded->server, state.server);
    EXPECT_EQ(loaded->ca_file, state.ca_file);
    EXPECT_EQ(loaded->user, state.user);
    EXPECT_EQ(loaded->platform, state.platform);
    EXPECT_EQ(loaded->token, state.token);
    EXPECT_EQ(loaded->verify_keys, state.verify_keys);
}

TEST(DeviceStateFile, AMissingOrBrokenOneIsOneClearLine) {
    const testing::TemporaryDirectory directory;
    auto loaded = load_device(directory.path());
    ASSERT_FALSE(loaded.has_value());
    EXPECT_THAT(loaded.error(), HasSubstr("clarion device add"));
    std::ofstream{device_file(directory.path())} << R"({"server":"https://h","service":"acme","user":"b b"})";
    loaded = load_device(directory.path());
    ASSERT_FALSE(loaded.has_value());
    EXPECT_THAT(loaded.error(), HasSubstr("user"));
    EXPECT_THAT(loaded.error(), HasSubstr("device.json"));
}

}  // namespace
}  // namespace clarion::native
