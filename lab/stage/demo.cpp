// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/demo.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/stage/stage.hpp"
#include "net/clock.hpp"
#include "sdk/media/similarity.hpp"
#include "sdk/media/wav.hpp"

namespace clarion::lab {
namespace {

constexpr const char* kAliceSays =
    "Hello Bob, this is Alice. Your phone was asleep, and still it rang. Can you hear every word that I say?";
constexpr const char* kBobSays =
    "Hi Alice, yes, I hear you loud and clear. The call came to both of my phones, and I took it on this one.";
constexpr Duration kThinks{2'000};  // Bob looks at the screen before he answers.

Duration length_of(const media::WavReader& wav) {
    return Duration{static_cast<std::int64_t>(1000 * wav.frames() / wav.rate())};
}

class Demo {
  public:
    explicit Demo(const DemoOptions& options) : options_{options}, bob_answers_{loop_} {}

    int run();

  private:
    void say(const std::string& who, const std::string& what);
    [[nodiscard]] bool fail(const std::string& what);
    [[nodiscard]] bool speak(const std::string& file, const std::string& voice, const std::string& text);
    [[nodiscard]] bool set_up();
    [[nodiscard]] bool call();
    [[nodiscard]] bool check();
    [[nodiscard]] bool check_speech(const std::string& who, const std::string& said, const std::string& heard);
    [[nodiscard]] bool check_iphone();
    [[nodiscard]] bool show_trace();
    void watch(StagePhone& phone);
    void stay();
    [[nodiscard]] std::string file(const std::string& name) const { return (directory_ / name).string(); }

    DemoOptions options_;
    net::Loop loop_;
    std::filesystem::path directory_;
    bool directory_is_ours_ = false;
    std::unique_ptr<Stage> stage_;
    StagePhone* iphone_ = nullptr;
    StagePhone* android_ = nullptr;
    std::shared_ptr<Running> alice_;
    std::string alice_state_;
    net::Timer bob_answers_;
    Instant placed_at_{};
    std::string problem_;
};

void Demo::say(const std::string& who, const std::string& what) {
    const double seconds =
        placed_at_ == Instant{} ? 0.0 : static_cast<double>((net::boot_now() - placed_at_).count()) / 1000;
    const char* dim = options_.color ? "\x1b[2m" : "";
    const char* plain = options_.color ? "\x1b[0m" : "";
    fmt::print("  {}{:7.3f} s{}  {:<15} {}\n", dim, seconds, plain, who, what);
    std::fflush(stdout);
}

bool Demo::fail(const std::string& what) {
    if (problem_.empty()) problem_ = what;
    return false;
}

bool Demo::speak(const std::string& name, const std::string& voice, const std::string& text) {
    bool done = false;
    net::ChildStatus status;
    auto process = net::ChildProcess::spawn(
        loop_,
        {.argv = {"espeak-ng", "-v", voice, "-s", "150", "-w", file(name), text}, .output_file = file("espeak.log")},
        [&](net::ChildStatus ended) {
            done = true;
            status = ended;
        }
    );
    if (!process) return fail("espeak-ng: " + process.error().message + " (apt-get install espeak-ng)");
    if (!loop_.run_until([&] { return done; }, Duration{20'000}) || status.exit_code != 0) {
        return fail("espeak-ng could not write " + file(name) + "; see " + file("espeak.log"));
    }
    return true;
}

bool Demo::set_up() {
    directory_ = options_.directory;
    if (directory_.empty()) {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-demo-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) return fail("cannot make a folder in /tmp");
        directory_ = pattern;
        directory_is_ours_ = true;
    }
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    if (error) return fail(directory_.string() + ": " + error.message());

    fmt::print("Setting up: a server, local APNs and FCM, Alice's desktop, Bob's two phones (apps not running)\n");
    auto stage =
        Stage::build(loop_, {.directory = directory_, .clariond = options_.clariond, .clarion = options_.clarion});
    if (!stage) return fail(stage.error());
    stage_ = std::move(*stage);
    if (!speak("alice-says.wav", "en-us+f3", kAliceSays) || !speak("bob-says.wav", "en-us+m3", kBobSays)) return false;
    if (auto ok = stage_->add_user("alice", "Alice"); !ok) return fail(ok.error());
    if (auto ok = stage_->add_user("bob", "Bob"); !ok) return fail(ok.error());
    auto alice = stage_->add_desktop("alice", "alice-desktop");
    if (!alice) return fail(alice.error());
    alice_state_ = alice->string();
    const auto phone = [&](const std::string& device, const std::string& name, Platform platform) {
        return stage_->add_phone(
            {.user = "bob",
             .device = device,
             .name = name,
             .platform = platform,
             .app_arguments = {"--loopback", "--play", file("bob-says.wav"), "--record", file(device + "-heard.wav")}}
        );
    };
    auto iphone = phone("bob-iphone", "Bob's iPhone", Platform::ios);
    if (!iphone) return fail(iphone.error());
    auto android = phone("bob-android", "Bob's Android", Platform::android);
    if (!android) return fail(android.error());
    iphone_ = *iphone;
    android_ = *android;
    watch(*iphone_);
    watch(*android_);
    return true;
}

void Demo::watch(StagePhone& phone) {
    phone.on_screen = [this, &phone](const ScreenChanged& change) {
        const std::string who = phone.spec.name;
        switch (change.state) {
            case ScreenState::incoming:
                say(who, fmt::format("woken by its push, rings: \"{}\" is calling", change.name));
                break;
            case ScreenState::connecting: say(who, "Bob taps Accept"); break;
            case ScreenState::connected: say(who, "connected"); break;
            case ScreenState::dialing: break;
            case ScreenState::gone:
                say(who, change.reason ? fmt::format("stops: {}", to_string(*change.reason)) : "Bob hung up");
                break;
        }
        if (&phone == android_ && change.state == ScreenState::incoming) {
            bob_answers_.arm(kThinks, [this] { android_->phone->tap(Tap::accept); });
        }
    };
}

bool Demo::call() {
    fmt::print("\nAlice calls Bob\n");
    placed_at_ = net::boot_now();
    auto alice = stage_->start(
        "alice", {"call", "bob", "--state", alice_state_, "--loopback", "--json", "--play", file("alice-says.wav"),
                  "--record", file("alice-heard.wav")}
    );
    if (!alice) return fail(alice.error());
    alice_ = *alice;
    say("Alice", "calls Bob");
    const auto both_rang = [&] { return !iphone_->screens.empty() && !android_->screens.empty(); };
    if (!stage_->wait([&] { return both_rang() || alice_->done; }, Duration{20'000}) || !both_rang()) {
        return fail("not both of Bob's phones rang");
    }
    const auto connected = [&] { return android_->is_on_screen(ScreenState::connected); };
    if (!stage_->wait([&] { return connected() || alice_->done; }, Duration{20'000}) || !connected()) {
        return fail("the call did not connect");
    }
    // Both speak at once, as long as the longer of them needs, and a little more for the way through the network.
    const auto alice_wav = media::WavReader::open(file("alice-says.wav"));
    const auto bob_wav = media::WavReader::open(file("bob-says.wav"));
    if (!alice_wav || !bob_wav) return fail("the spoken files cannot be read");
    const Duration speech = std::max(length_of(*alice_wav), length_of(*bob_wav));
    say("both", fmt::format("speak for {:.1f} s", static_cast<double>(speech.count()) / 1000));
    if (stage_->wait([&] { return alice_->done; }, speech + Duration{1'200})) return fail("the call ended too early");
    android_->phone->tap(Tap::hang_up);
    const auto over = [&] {
        return alice_->done && android_->phone->os().calls_on_screen() == 0 &&
               iphone_->phone->os().calls_on_screen() == 0;
    };
    if (!stage_->wait(over, Duration{10'000})) return fail("the call did not end everywhere");
    if (alice_->status.exit_code != 0) return fail("Alice's call ended with an error:\n" + alice_->output());
    say("Alice", "is told that Bob ended the call");
    return true;
}

bool Demo::check_speech(const std::string& who, const std::string& said, const std::string& heard) {
    const auto similarity = media::compare_files(file(said), file(heard));
    if (!similarity) return fail(similarity.error().text);
    const bool same = similarity->same();
    fmt::print(
        "  {:<52} {}  (similarity {:.2f}, {:.0f} % of the words found)\n", who, same ? "yes" : "NO ", similarity->score,
        100 * similarity->coverage
    );
    return same || fail(who + ": no");
}

bool Demo::check_iphone() {
    const bool elsewhere =
        !iphone_->screens.empty() && iphone_->screens.back().reason == SystemEndReason::answered_elsewhere;
    fmt::print("  {:<52} {}\n", "The iPhone stopped with \"answered elsewhere\"", elsewhere ? "yes" : "NO");
    if (!elsewhere) return fail("the iPhone did not stop with answered elsewhere");
    const std::size_t violations = iphone_->violations.size() + android_->violations.size();
    fmt::print("  {:<52} {}\n", "The apps broke no rule of iOS or Android", violations == 0 ? "yes" : "NO");
    return violations == 0 || fail("an app broke a rule of its system");
}

bool Demo::check() {
    fmt::print("\nChecking\n");
    const bool bob_heard =
        check_speech("What Bob's phone recorded is what Alice said", "alice-says.wav", "bob-android-heard.wav");
    const bool alice_heard = check_speech("What Alice recorded is what Bob said", "bob-says.wav", "alice-heard.wav");
    return check_iphone() && bob_heard && alice_heard;
}

bool Demo::show_trace() {
    if (android_ == nullptr || android_->screens.empty()) return fail("there is no call to trace");
    const auto trace = stage_->run({"trace", android_->screens.front().call_id.text()});
    fmt::print("\n{}", trace.output);
    return trace.ok() || fail("clarion trace failed");
}

void Demo::stay() {
    fmt::print("\nEverything stays running. In a second terminal:\n\n");
    for (const std::string& variable : stage_->environment()) {
        if (variable.starts_with("CLARION_")) fmt::print("  export {}\n", variable);
    }
    const std::string clarion = options_.clarion.string();
    fmt::print(
        "\n  {0} call bob --state {1} --loopback --tone 440          # Bob's phones ring; the Android phone answers "
        "after 2 s\n"
        "  {0} device add bob bob-terminal --platform desktop --state {2} &&\n"
        "  {0} phone --state {2} --loopback --tone 440             # be Bob: a accepts, d declines, e ends\n"
        "\nCtrl-C stops everything.\n",
        clarion, alice_state_, file("bob-terminal")
    );
    std::fflush(stdout);
    loop_.on_signal(SIGINT, [this] { loop_.stop(); });
    loop_.on_signal(SIGTERM, [this] { loop_.stop(); });
    loop_.run();
    fmt::print("\nStopped.\n");
}

int Demo::run() {
    const bool good = set_up() && call();
    const bool checked = good && check();
    if (stage_ && android_ && !android_->screens.empty()) (void)show_trace();
    if (!problem_.empty()) {
        fmt::print("\nFAILED: {}\nLogs are in {}\n", problem_, directory_.string());
        return 1;
    }
    (void)checked;
    fmt::print(
        "\nOK: Alice called Bob, both killed phones rang, the Android phone answered, the iPhone stopped with answered "
        "elsewhere, and each heard what the other said.\n"
    );
    if (options_.stay) stay();
    stage_.reset();
    if (directory_is_ours_) {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    return 0;
}

}  // namespace

int run_demo(const DemoOptions& options) {
    Demo demo{options};
    return demo.run();
}

}  // namespace clarion::lab
