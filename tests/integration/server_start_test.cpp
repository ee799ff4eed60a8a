// SPDX-License-Identifier: Apache-2.0
// What the operator sees when clariond cannot start: one clear line, and an exit code that is not zero.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "net/child_process.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Outcome {
    net::ChildStatus status;
    std::string output;
};

class ServerStart : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-start-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        std::ofstream{directory_ / "admin.key"} << "0123456789012345678901234567890123456789\n";
        std::filesystem::permissions(directory_ / "admin.key", std::filesystem::perms::owner_read);
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::string good_settings() const {
        return "data_dir = \"" + (directory_ / "data").string() + "\"\nadmin_key_file = \"" +
               (directory_ / "admin.key").string() + "\"\n";
    }

    /// Runs until it ends; a server that starts after all is killed and reported.
    Outcome run(
        const std::string& settings, std::vector<std::string> before = {}, std::vector<std::string> after = {}
    ) {
        std::ofstream{directory_ / "clariond.conf"} << settings;
        std::vector<std::string> argv = std::move(before);
        argv.insert(argv.end(), {CLARIOND, "--config", (directory_ / "clariond.conf").string()});
        argv.insert(argv.end(), after.begin(), after.end());
        std::optional<net::ChildStatus> status;
        const auto file = directory_ / "output";
        const auto child = net::ChildProcess::spawn(
            loop_, {.argv = argv, .output_file = file.string()}, [&](net::ChildStatus ended) { status = ended; }
        );
        EXPECT_TRUE(child) << child.error().message;
        EXPECT_TRUE(loop_.run_until([&] { return status.has_value(); }, Duration{20'000})) << "it started";
        std::ostringstream text;
        text << std::ifstream{file}.rdbuf();
        return {status.value_or(net::ChildStatus{.signal = 9}), text.str()};
    }

    static void expect_one_line(const Outcome& outcome) {
        EXPECT_EQ(outcome.status.signal, 0);
        EXPECT_NE(outcome.status.exit_code, 0);
        EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
    }

    net::Loop loop_;
    std::filesystem::path directory_;
};

TEST_F(ServerStart, AnUnknownKeyNamesTheFileAndTheKey) {
    const Outcome outcome = run(good_settings() + "ring_tiem_ms = 5000\n");
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, AllOf(HasSubstr("clariond.conf"), HasSubstr("ring_tiem_ms")));
}

TEST_F(ServerStart, AValueOutOfRangeSaysWhatIsAllowed) {
    const Outcome outcome = run(good_settings() + "ring_time_ms = 5\n");
    expect_one_line(outcome);
    EXPECT_THAT(
        outcome.output,
        AllOf(HasSubstr("clariond.conf"), HasSubstr("ring_time_ms"), HasSubstr("1000"), HasSubstr("600000"))
    );
}

TEST_F(ServerStart, AMissingCertificateIsNamed) {
    const std::string missing = (directory_ / "nowhere.pem").string();
    const Outcome outcome =
        run(good_settings() + "tls.certificate = \"" + missing + "\"\ntls.key = \"" + missing + "\"\n");
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, HasSubstr(missing));
}

TEST_F(ServerStart, AnAddressOfTheOutsideNeedsTls) {
    const Outcome outcome = run(good_settings() + "listen.address = \"192.0.2.1\"\n");
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, AllOf(HasSubstr("tls.certificate"), HasSubstr("tls.key")));
}

TEST_F(ServerStart, ABusyPortIsNamed) {
    net::HttpServer other{loop_, {}};
    const auto port = other.start();
    ASSERT_TRUE(port);
    const Outcome outcome = run(good_settings(), {}, {"--port", std::to_string(*port)});
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, HasSubstr(std::to_string(*port)));
}

TEST_F(ServerStart, ADataFolderThatIsAFileIsNamed) {
    std::ofstream{directory_ / "data"} << "not a folder";
    const Outcome outcome = run(good_settings());
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, HasSubstr((directory_ / "data").string()));
}

// A file size limit stands in for a full disk: both make the write fail, and this needs no rights.
TEST_F(ServerStart, AFullDiskIsOneLineNotACrash) {
    const Outcome outcome = run(good_settings(), {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"});
    expect_one_line(outcome);
    EXPECT_THAT(outcome.output, HasSubstr((directory_ / "data").string()));
}

}  // namespace
}  // namespace clarion
