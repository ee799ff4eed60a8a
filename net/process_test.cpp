// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "net/child_process.hpp"
#include "net/input_reader.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;

class ChildTest : public ::testing::Test {
  protected:
    ChildTest() {
        std::string path = (std::filesystem::temp_directory_path() / "clarion-child-XXXXXX").string();
        folder_ = ::mkdtemp(path.data());
    }

    ~ChildTest() override { std::filesystem::remove_all(folder_); }

    std::optional<ChildStatus> run(const ChildOptions& options) {
        std::optional<ChildStatus> status;
        auto child = ChildProcess::spawn(loop_, options, [&](ChildStatus got) { status = got; });
        EXPECT_TRUE(child) << child.error().message;
        EXPECT_TRUE(loop_.run_until([&] { return status.has_value(); }, 8s));
        return status;
    }

    [[nodiscard]] std::string output() const {
        std::stringstream text;
        text << std::ifstream(folder_ + "/out").rdbuf();
        return text.str();
    }

    Loop loop_;
    std::string folder_;
};

TEST_F(ChildTest, ExitCodeOutputEnvironmentAndFolderAreRight) {
    const auto status = run({
        .argv = {"sh", "-c", "echo $GREETING; echo err >&2; pwd; cat; exit 7"},
        .environment = {"GREETING=hello=you"},
        .output_file = folder_ + "/out",
        .working_directory = folder_,
    });
    ASSERT_TRUE(status);
    EXPECT_EQ(status->exit_code, 7);
    EXPECT_EQ(status->signal, 0);
    EXPECT_EQ(output(), "hello=you\nerr\n" + folder_ + "\n");
}

TEST_F(ChildTest, KilledChildTellsItsSignal) {
    std::optional<ChildStatus> status;
    auto child = ChildProcess::spawn(loop_, {.argv = {"sleep", "100"}}, [&](ChildStatus got) { status = got; });
    ASSERT_TRUE(child);
    EXPECT_TRUE((*child)->is_running());
    (*child)->kill(SIGTERM);
    EXPECT_TRUE(loop_.run_until([&] { return status.has_value(); }, 8s));
    EXPECT_EQ(status->signal, SIGTERM);
    EXPECT_FALSE((*child)->is_running());
    (*child)->kill(SIGTERM);  // nothing happens
}

TEST_F(ChildTest, DestructorKillsAndWaits) {
    int pid = 0;
    {
        auto child = ChildProcess::spawn(loop_, {.argv = {"sleep", "100"}}, [](ChildStatus) { ADD_FAILURE(); });
        ASSERT_TRUE(child);
        pid = (*child)->pid();
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(ChildTest, MistakesAreNamed) {
    const auto fault = [this](const ChildOptions& options) {
        auto child = ChildProcess::spawn(loop_, options, [](ChildStatus) {});
        return child ? Error{ErrorCode::internal, "none"} : child.error();
    };
    EXPECT_EQ(fault({.argv = {"/no/such/program"}}).code, ErrorCode::not_found);
    EXPECT_EQ(fault({.argv = {}}).code, ErrorCode::not_found);
    EXPECT_EQ(fault({.argv = {"/tmp"}}).code, ErrorCode::denied);
    EXPECT_EQ(fault({.argv = {"true"}, .output_file = "/no/such/folder/out"}).code, ErrorCode::bad_file);
    EXPECT_EQ(fault({.argv = {"true"}, .working_directory = "/no/such/folder"}).code, ErrorCode::bad_file);
}

class InputTest : public ChildTest {};

TEST_F(InputTest, PipeBytesAndEndArriveAndFlagsStay) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    std::string got;
    bool is_over = false;
    InputReader reader(loop_, pipe[0], [&](std::string_view bytes) { got += bytes; }, [&] { is_over = true; });
    const std::string big(30'000, 'x');
    ASSERT_EQ(::write(pipe[1], big.data(), big.size()), 30'000);
    EXPECT_TRUE(loop_.run_until([&] { return got.size() == big.size(); }, 5s));
    ASSERT_EQ(::write(pipe[1], "y", 1), 1);
    EXPECT_TRUE(loop_.run_until([&] { return got.ends_with('y'); }, 5s));
    EXPECT_EQ(::fcntl(pipe[0], F_GETFL) & O_NONBLOCK, 0);
    EXPECT_FALSE(is_over);
    ::close(pipe[1]);
    EXPECT_TRUE(loop_.run_until([&] { return is_over; }, 5s));
    ::close(pipe[0]);
}

TEST_F(InputTest, RegularFilesAndDevNullWork) {
    std::ofstream(folder_ + "/in") << std::string(10'000, 'z');
    for (const auto& [path, size] : {std::pair{folder_ + "/in", 10'000U}, std::pair{std::string("/dev/null"), 0U}}) {
        const int fd = ::open(path.c_str(), O_RDONLY);
        std::size_t count = 0;
        bool is_over = false;
        InputReader reader(loop_, fd, [&](std::string_view bytes) { count += bytes.size(); }, [&] { is_over = true; });
        EXPECT_TRUE(loop_.run_until([&] { return is_over; }, 5s));
        EXPECT_EQ(count, size);
        ::close(fd);
    }
}

TEST_F(InputTest, CallbackMayDestroyTheReader) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    std::unique_ptr<InputReader> reader;
    int calls = 0;
    const auto on_bytes = [&](std::string_view) {
        ++calls;
        reader.reset();
    };
    reader = std::make_unique<InputReader>(loop_, pipe[0], on_bytes, [] { ADD_FAILURE(); });
    ASSERT_EQ(::write(pipe[1], "a", 1), 1);
    EXPECT_TRUE(loop_.run_until([&] { return calls == 1; }, 5s));
    ::close(pipe[1]);
    EXPECT_FALSE(loop_.run_until([&] { return calls == 2; }, 10ms));
    ::close(pipe[0]);
}

TEST(LineSplitter, LinesAreCutWhereverTheBytesAre) {
    LineSplitter splitter;
    std::vector<std::string> lines;
    const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
    for (const char c : std::string("one\r\ntwo\n\nthr")) splitter.take({&c, 1}, keep);
    splitter.take("ee\nfour\nfi", keep);
    splitter.finish(keep);
    EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "", "three", "four", "fi"}));
    lines.clear();
    splitter.take(std::string(10'000, 'x') + "\n", keep);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].size(), 4096U);
    EXPECT_EQ(lines[2].size(), 10'000U - 2 * 4096U);
}

}  // namespace
}  // namespace clarion::net
