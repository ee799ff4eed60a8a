// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/demo.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/stage/speech.hpp"
#include "lab/stage/stage.hpp"
#include "net/clock.hpp"
#include "sdk/media/similarity.hpp"

namespace clarion::lab {
namespace {

const Script kAlice{
    .name = "alice-says",
    .voice = "en-us+f3",
    .parts =
        {"Hello Bob, this is Alice. Your phone was asleep, and still it rang. Can you hear every word that I say?",
         "These words are only for me, nobody can hear them.", "Now you are back, and you hear me again."},
};
const Script kBob{
    .name = "bob-says",
    .voice = "en-us+m3",
    .parts =
        {"Hi Alice, yes, I hear you loud and clear. The call came to both of my phones, and I took it on this one.",
         "Here I am again, thank you for waiting."},
};
// The second call, which Bob takes on his iPhone.
const Script kAliceAgain{
    .name = "alice-says-again",
    .voice = "en-us+f3",
    .parts = {"It is Alice again. I hope that your iPhone was as fast as the other one."},
};
const Script kBobOnTheIphone{
    .name = "bob-says-again",
    .voice = "en-us+m3",
    .parts = {"It was, Alice. My finger was even faster than your server."},
};
constexpr Duration kThinks{2'000};  // Bob looks at the screen before he answers.
constexpr Duration kInThePause{200};
constexpr std::size_t kUuidLength = 36;

class Demo {
  public:
    explicit Demo(const DemoOptions& options) : options_{options}, bob_answers_{loop_} {}

    int run();

  private:
    void say(const std::string& who, const std::string& what);
    [[nodiscard]] bool fail(const std::string& what);
    [[nodiscard]] bool set_up();
    [[nodiscard]] bool write_speeches();
    [[nodiscard]] bool add_devices();
    [[nodiscard]] StagePhone* add_phone(
        const std::string& device, const std::string& name, Platform platform, const Speech& bob_says
    );
    [[nodiscard]] bool alice_calls(const Speech& says, const std::string& recording);
    [[nodiscard]] bool wait_while_alice_talks(const std::string& what, const std::function<bool()>& done);
    [[nodiscard]] bool pass(Duration time);
    [[nodiscard]] bool hang_up(StagePhone& phone);
    [[nodiscard]] bool ring_hold_and_talk();
    [[nodiscard]] bool hold_for_a_while();
    [[nodiscard]] bool accept_at_once();
    [[nodiscard]] bool call_each_other();
    void check();
    void check_speech(
        const std::string& what, const std::filesystem::path& said, const std::string& heard, bool is_there = true
    );
    void check_silence();
    void check_phones();
    void check_iphone();
    [[nodiscard]] bool kept_the_rules() const;
    void answer(const std::string& what, bool good);
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
    Speech alice_speech_;
    Speech bob_speech_;
    Speech alice_again_;
    Speech bob_on_the_iphone_;
    std::vector<ScreenChanged> iphone_first_;  // Its screen in the first call.
    Duration held_for_{0};
    std::function<void(StagePhone& phone)> on_ring_;  // What Bob does when a phone of his rings.
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
    if (options_.shells.contains(Platform::ios)) {
        fmt::print("Bob's iPhone runs the iOS shell: PushKit, CallKit and AVFAudio are the lab's, on GNUstep\n");
    }
    if (options_.shells.contains(Platform::android)) {
        fmt::print(
            "Bob's Android phone runs the Kotlin shell: FCM, notifications and Telecom are the lab's, on the JVM\n"
        );
    }
    auto stage = Stage::build(
        loop_,
        {.directory = directory_, .clariond = options_.clariond, .clarion = options_.clarion, .shells = options_.shells}
    );
    if (!stage) return fail(stage.error());
    stage_ = std::move(*stage);
    return write_speeches() && add_devices();
}

bool Demo::write_speeches() {
    const auto first = speak(loop_, directory_, {kAlice, kBob});
    if (!first) return fail(first.error());
    alice_speech_ = first->front();
    bob_speech_ = first->back();
    const auto second = speak(loop_, directory_, {kAliceAgain, kBobOnTheIphone});
    if (!second) return fail(second.error());
    alice_again_ = second->front();
    bob_on_the_iphone_ = second->back();
    return true;
}

bool Demo::add_devices() {
    if (auto ok = stage_->add_user("alice", "Alice"); !ok) return fail(ok.error());
    if (auto ok = stage_->add_user("bob", "Bob"); !ok) return fail(ok.error());
    auto alice = stage_->add_desktop("alice", "alice-desktop");
    if (!alice) return fail(alice.error());
    alice_state_ = alice->string();
    iphone_ = add_phone("bob-iphone", "Bob's iPhone", Platform::ios, bob_on_the_iphone_);
    if (iphone_ == nullptr) return false;
    android_ = add_phone("bob-android", "Bob's Android", Platform::android, bob_speech_);
    return android_ != nullptr;
}

StagePhone* Demo::add_phone(
    const std::string& device, const std::string& name, Platform platform, const Speech& bob_says
) {
    const auto phone = stage_->add_phone(
        {.user = "bob",
         .device = device,
         .name = name,
         .platform = platform,
         .app_arguments = {"--loopback", "--play", bob_says.file.string(), "--record", file(device + "-heard.wav")}}
    );
    if (!phone) {
        (void)fail(phone.error());
        return nullptr;
    }
    watch(**phone);
    return *phone;
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
            case ScreenState::held: say(who, "Bob puts the call on hold"); break;
            case ScreenState::dialing: break;
            case ScreenState::gone:
                say(who, change.reason ? fmt::format("stops: {}", to_string(*change.reason)) : "Bob hung up");
                break;
        }
        if (change.state == ScreenState::incoming && on_ring_) on_ring_(phone);
    };
    phone.on_note = [this, &phone](const std::string& note) { say(phone.spec.name, note); };
}

bool Demo::alice_calls(const Speech& says, const std::string& recording) {
    placed_at_ = net::boot_now();
    auto alice = stage_->start(
        "alice", {"call", "bob", "--state", alice_state_, "--loopback", "--json", "--play", says.file.string(),
                  "--record", file(recording)}
    );
    if (!alice) return fail(alice.error());
    alice_ = *alice;
    say("Alice", "calls Bob");
    return true;
}

bool Demo::wait_while_alice_talks(const std::string& what, const std::function<bool()>& done) {
    const bool over = stage_->wait([&] { return done() || alice_->done; }, Duration{20'000});
    if (over && done()) return true;
    return fail(what + (alice_->done ? "; Alice's side says:\n" + alice_->output() : ""));
}

/// Lets the call go on for so long.
bool Demo::pass(Duration time) {
    return !stage_->wait([&] { return alice_->done; }, time) || fail("the call ended too early");
}

bool Demo::hang_up(StagePhone& phone) {
    phone.phone->tap(Tap::hang_up);
    const auto over = [&] {
        return alice_->done && android_->phone->os().calls_on_screen() == 0 &&
               iphone_->phone->os().calls_on_screen() == 0;
    };
    if (!stage_->wait(over, Duration{10'000})) return fail("the call did not end everywhere");
    if (alice_->status.exit_code != 0) return fail("Alice's call ended with an error:\n" + alice_->output());
    say("Alice", "is told that Bob ended the call");
    return true;
}

bool Demo::ring_hold_and_talk() {
    fmt::print("\nAlice calls Bob, whose phones sleep\n");
    on_ring_ = [this](StagePhone& phone) {
        if (&phone == android_) bob_answers_.arm(kThinks, [this] { android_->phone->tap(Tap::accept); });
    };
    if (!alice_calls(alice_speech_, "alice-heard.wav")) return false;
    const auto both_rang = [&] { return !iphone_->screens.empty() && !android_->screens.empty(); };
    if (!wait_while_alice_talks("not both of Bob's phones rang", both_rang)) return false;
    const auto connected = [&] { return android_->is_on_screen(ScreenState::connected); };
    if (!wait_while_alice_talks("the call did not connect", connected)) return false;
    const Duration first = alice_speech_.ends.front();
    say("both", fmt::format("speak for {:.1f} s", static_cast<double>(first.count()) / 1000));
    if (!pass(first - kInThePause) || !hold_for_a_while()) return false;
    const Duration alice_left = alice_speech_.ends[2] - alice_speech_.ends[1];
    const Duration bob_left = bob_speech_.ends[1] - bob_speech_.ends[0];
    say("both", "speak again");
    const bool done = pass(std::max(alice_left, bob_left) + Duration{1'200}) && hang_up(*android_);
    iphone_first_ = iphone_->screens;
    return done;
}

/// Alice goes on talking meanwhile, to nobody.
bool Demo::hold_for_a_while() {
    held_for_ = alice_speech_.ends[1] - alice_speech_.ends[0];
    android_->phone->tap(Tap::hold);
    const auto is = [&](ScreenState state) { return [this, state] { return android_->is_on_screen(state); }; };
    if (!wait_while_alice_talks("the call was not put on hold", is(ScreenState::held))) return false;
    if (!pass(held_for_)) return false;
    android_->phone->tap(Tap::resume);
    return wait_while_alice_talks("the call did not come back from hold", is(ScreenState::connected));
}

/// The tap comes before the server could say that the call is real: it counts all the same (I4).
bool Demo::accept_at_once() {
    fmt::print("\nAlice calls again; Bob taps Accept on his iPhone, whose app is killed, the moment it rings\n");
    on_ring_ = [this](StagePhone& phone) {
        if (&phone == iphone_) phone.phone->tap(Tap::accept);
    };
    iphone_->phone->kill_app();
    iphone_->screens.clear();
    iphone_->notes.clear();
    const unsigned launches = iphone_->launches;
    if (!alice_calls(alice_again_, "alice-heard-again.wav")) return false;
    const auto connected = [&] { return iphone_->is_on_screen(ScreenState::connected); };
    if (!wait_while_alice_talks("the call did not connect", connected)) return false;
    const Duration speech = alice_again_.ends.front();
    say("both", fmt::format("speak for {:.1f} s", static_cast<double>(speech.count()) / 1000));
    if (!pass(speech + Duration{800}) || !hang_up(*iphone_)) return false;
    answer("The push started the killed app on the iPhone", iphone_->launches == launches + 1);
    check_iphone();
    return problem_.empty();
}

void Demo::check_iphone() {
    check_speech("Bob heard on his iPhone what Alice said", alice_again_.parts[0], "bob-iphone-heard.wav");
    check_speech("Alice heard what Bob said into it", bob_on_the_iphone_.parts[0], "alice-heard-again.wav");
    if (options_.shells.contains(Platform::ios)) {
        const std::vector<std::string> notes{"audio session active", "audio session over"};
        const auto is_over = [&] { return iphone_->notes == notes; };
        answer("Its audio session was active once, for the call", stage_->wait(is_over, Duration{2'000}));
    }
    answer("The apps broke no rule of iOS or Android", kept_the_rules());
}

bool Demo::kept_the_rules() const {
    return std::ranges::all_of(stage_->phones(), [](const auto& phone) {
        return phone->violations.empty() && phone->broken_rules.empty();
    });
}

/// The call that this side talked in, by what `clarion call --json` printed.
std::string connected_call(const Running& caller) {
    std::istringstream lines{caller.output()};
    for (std::string line; std::getline(lines, line);) {
        if (line.find("\"event\":\"connected\"") == std::string::npos) continue;
        constexpr std::string_view kKey = "\"call_id\":\"";
        return line.substr(line.find(kKey) + kKey.size(), kUuidLength);
    }
    return {};
}

/// Glare: two calls that cross become one, and nobody hears "busy".
bool Demo::call_each_other() {
    fmt::print("\nAlice and Bob call each other at the same moment\n");
    on_ring_ = nullptr;
    const auto bob_state = stage_->add_desktop("bob", "bob-desktop");
    if (!bob_state) return fail(bob_state.error());
    placed_at_ = net::boot_now();
    const auto start = [&](const std::string& who, const std::string& state, const std::string& whom) {
        return stage_->start(
            who, {"call", whom, "--state", state, "--loopback", "--json", "--tone", "440", "--end-after", "1s"}
        );
    };
    const auto alice = start("alice", alice_state_, "bob");
    const auto bob = start("bob", bob_state->string(), "alice");
    if (!alice || !bob) return fail((alice ? bob : alice).error());
    say("both", "call");
    if (!stage_->wait([&] { return (*alice)->done && (*bob)->done; }, Duration{30'000})) {
        return fail("the two calls did not end;\nAlice:\n" + (*alice)->output() + "\nBob:\n" + (*bob)->output());
    }
    const std::string one = connected_call(**alice);
    if (one.empty() || one != connected_call(**bob)) {
        return fail("they did not talk in one call;\nAlice:\n" + (*alice)->output() + "\nBob:\n" + (*bob)->output());
    }
    say("both", "talked in one call, " + one);
    return true;
}

void Demo::answer(const std::string& what, bool good) {
    fmt::print("  {:<58} {}\n", what, good ? "yes" : "NO");
    if (!good) (void)fail(what + ": no");
}

void Demo::check_speech(
    const std::string& what, const std::filesystem::path& said, const std::string& heard, bool is_there
) {
    const auto similarity = media::compare_files(said.string(), file(heard));
    if (!similarity) return (void)fail(similarity.error().text);
    const bool good = similarity->same() == is_there;
    fmt::print(
        "  {:<58} {}  (similarity {:.2f}, {:.0f} % of the words)\n", what, good ? "yes" : "NO ", similarity->score,
        100 * similarity->coverage
    );
    if (!good) (void)fail(what + ": no");
}

void Demo::check_silence() {
    const auto silence = longest_silence(file("alice-heard.wav"));
    if (!silence) return (void)fail(silence.error());
    const auto seconds = [](Duration time) { return static_cast<double>(time.count()) / 1000; };
    const std::string what =
        fmt::format("Alice heard silence while held ({:.1f} s of {:.1f} s)", seconds(*silence), seconds(held_for_));
    answer(what, *silence > held_for_ - Duration{500});
}

void Demo::check_phones() {
    const auto elsewhere = [](const ScreenChanged& one) { return one.reason == SystemEndReason::answered_elsewhere; };
    answer("The iPhone stopped with \"answered elsewhere\"", std::ranges::any_of(iphone_first_, elsewhere));
    answer("The apps broke no rule of iOS or Android", kept_the_rules());
}

void Demo::check() {
    fmt::print("\nChecking what was recorded\n");
    const std::string bob = "bob-android-heard.wav";
    const std::string alice = "alice-heard.wav";
    check_speech("Bob heard what Alice said", alice_speech_.parts[0], bob);
    check_speech("Bob heard nothing of it while he held the call", alice_speech_.parts[1], bob, false);
    check_speech("Bob heard Alice again after the hold", alice_speech_.parts[2], bob);
    check_speech("Alice heard what Bob said", bob_speech_.parts[0], alice);
    check_speech("Alice heard Bob again after the hold", bob_speech_.parts[1], alice);
    check_silence();
    check_phones();
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
    const bool talked = set_up() && ring_hold_and_talk();
    if (talked) check();
    if (stage_ && android_ && !android_->screens.empty()) (void)show_trace();
    if (problem_.empty() && accept_at_once()) (void)call_each_other();
    if (!problem_.empty()) {
        fmt::print("\nFAILED: {}\nLogs are in {}\n", problem_, directory_.string());
        return 1;
    }
    fmt::print(
        "\nOK: both of Bob's sleeping phones rang, one answered and the other stopped; each heard what the other said, "
        "and silence while held; a tap before the server's word, in an app that its push had started, counted and was "
        "heard; two calls that crossed became one.\n"
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
