/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#import "sdk/ios/Sources/Clarion/CLREngine.h"

/// The clocks of a trace: all that the binding asks a system for.
@interface TraceSystem : NSObject
@property(nonatomic) int64_t now;
@property(nonatomic) int64_t wallNow;
@property(nonatomic) uint64_t randomNumber;
@end

@implementation TraceSystem
@end

/// What the process before left, in a trace.
@interface TraceStore : NSObject
@property(nonatomic, strong) NSData* snapshot;
@property(nonatomic) int64_t elapsed;
@end

@implementation TraceStore
@end

/// The shell's own binding plays the conformance traces and answers byte for byte (tests/conformance/traces/README.md).
namespace clarion::lab {
namespace {

struct Player {
    CLREngine* engine = nil;
    NSString* config = nil;
    TraceSystem* system = [TraceSystem new];

    void open(TraceStore* store) {
        NSString* why = @"";
        engine = [CLREngine open:CLRMachineEngine
                          config:config
                           store:(CLRStore*)store
                          system:(id<CLRSystem>)system
                             why:&why];
        EXPECT_EQ(why.length, 0U) << why.UTF8String;
    }

    static std::string text(NSString* from) { return from.UTF8String; }

    /// The array in {"calls":[...]}.
    static std::string calls_of(NSString* view) {
        const auto all = text(view);
        const auto start = std::string_view{R"({"calls":)"}.size();
        return all.substr(start, all.size() - start - 1);
    }

    std::vector<std::string> settle(int32_t code) {
        std::vector<std::string> answers;
        if (code != 0) answers.push_back("code " + std::to_string(code));
        while (NSString* command = [engine receive]) answers.push_back("out " + text(command));
        const auto at = engine.nextDeadline;
        answers.push_back(
            at == INT64_MAX ? "deadline none" : "deadline " + std::to_string(at) + " " + text(engine.nextTimer)
        );
        return answers;
    }

    /// `rest` is the line without its step: up to `count` numbers, then text.
    static std::vector<std::string> words(std::string rest, int count) {
        std::vector<std::string> all;
        for (; count > 0; --count) {
            const auto space = rest.find(' ');
            all.push_back(rest.substr(0, space));
            rest = space == std::string::npos ? "" : rest.substr(space + 1);
        }
        all.push_back(rest);
        return all;
    }

    std::vector<std::string> play(const std::string& line) {
        const auto space = line.find(' ');
        const auto step = line.substr(0, space);
        const auto rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (step == "calls") return {"value " + calls_of(engine.view)};
        if (step == "engine") {
            const auto all = words(rest, 2);
            config = @(all[2].c_str());
            system.now = std::stoll(all[0]);
            system.randomNumber = std::stoull(all[1]);
            open([TraceStore new]);
            return settle(0);
        }
        if (step == "send") {
            const auto all = words(rest, 1);
            return settle([engine send:@(all[1].c_str()) now:std::stoll(all[0])]);
        }
        if (step == "timeout") return settle([engine handleTimeout:std::stoll(rest)]);
        const auto all = words(rest, 2);
        system.now = std::stoll(all[0]);
        system.wallNow = std::stoll(all[1]);
        TraceStore* store = [TraceStore new];
        store.snapshot = engine.snapshot;
        store.elapsed = all[2] == "same_boot" ? -1 : 0;
        open(store);
        return settle(0);
    }
};

bool is_answer(const std::string& line) {
    return line.starts_with("code ") || line.starts_with("out ") || line.starts_with("deadline ") ||
           line.starts_with("value ");
}

TEST(IosTraces, TheBindingAnswersByteForByte) {
    int traces = 0;
    for (const auto& entry : std::filesystem::directory_iterator{CLARION_TRACES}) {
        if (entry.path().extension() != ".trace") continue;
        ++traces;
        SCOPED_TRACE(entry.path().filename().string());
        std::ifstream file{entry.path()};
        std::vector<std::string> expected;
        std::vector<std::string> actual;
        Player player;
        std::string line;
        std::getline(file, line);
        ASSERT_EQ(line, "clarion-trace 1");
        while (std::getline(file, line)) {
            if (line.empty() || line.starts_with('#')) continue;
            if (is_answer(line)) {
                expected.push_back(line);
                continue;
            }
            ASSERT_EQ(actual, expected);
            expected.clear();
            @autoreleasepool {
                actual = player.play(line);
            }
        }
        EXPECT_EQ(actual, expected);
    }
    EXPECT_GE(traces, 8);
}

}  // namespace
}  // namespace clarion::lab
