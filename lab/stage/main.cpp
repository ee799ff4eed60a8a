// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <string>

#include "lab/stage/demo.hpp"
#include "lab/stage/push_command.hpp"
#include "lab/world/sim_command.hpp"

namespace {

CLI::App* add_push(CLI::App& app, clarion::lab::PushCommandOptions& options) {
    using clarion::lab::WebPushDialect;
    CLI::App* push = app.add_subcommand("push", "local APNs, FCM, Web Push and UnifiedPush for any sender");
    push->add_option("--directory", options.directory, "keys and certificates go here; else into a temporary folder");
    push->add_option("--script", options.script_file, "a fault script; more lines may come at stdin (docs/lab.md)");
    push->add_option("--dialect", options.dialect, "whose words a refusal of Web Push has")
        ->transform(CLI::CheckedTransformer(std::map<std::string, WebPushDialect>{
            {"rfc", WebPushDialect::rfc},
            {"mozilla", WebPushDialect::mozilla},
            {"apple", WebPushDialect::apple},
            {"chrome", WebPushDialect::chrome}
        }));
    push->add_flag("--sandbox", options.is_sandbox, "APNs answers as Apple's sandbox");
    push->add_option("--apns-port", options.apns_port, "0: the system picks, as for all of them");
    push->add_option("--fcm-port", options.fcm_port);
    push->add_option("--web-port", options.web_port);
    push->add_option("--up-port", options.unified_port);
    push->add_option("--door-port", options.door_port, "where a browser fetches its Web Push messages");
    return push;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"clarion-lab: local push services and virtual phones that run the real app"};
    app.require_subcommand(1);
    clarion::lab::DemoOptions options;
    // The programs are built side by side (CMAKE_RUNTIME_OUTPUT_DIRECTORY).
    const auto here = std::filesystem::canonical("/proc/self/exe").parent_path();
    options.clariond = here / "clariond";
    options.clarion = here / "clarion";
    if (std::filesystem::exists(here / "clarion-iphone")) {
        options.shells[clarion::lab::Platform::ios] = here / "clarion-iphone";
    }

    CLI::App* demo = app.add_subcommand("demo", "Alice calls Bob, whose two phones sleep; checks itself");
    demo->add_flag("--stay", options.stay, "leave everything running and say how to call Bob from another terminal");
    bool real_android = false;
    demo->add_flag("--android", real_android, "Bob's Android phone runs the Kotlin shell; lab/android/run built it");
    demo->add_option(
        "--directory", options.directory, "keep keys, logs and recordings here instead of a temporary folder"
    );
    clarion::lab::world::SimOptions sim;
    bool without_faults = false;
    CLI::App* simulate =
        app.add_subcommand("sim", "simulate calls, phones and faults under virtual time; watches I1 to I16");
    simulate->add_option("--seeds", sim.seeds, "how many stories; each number is another one");
    simulate->add_option("--from", sim.from, "the first seed");
    simulate->add_option("--seed", sim.seed, "only this one; a violation comes with its shrunken sequence chart");
    simulate->add_option("--jobs", sim.jobs, "threads")->check(CLI::Range(1, 256));
    simulate->add_flag("--no-faults", without_faults, "nothing goes wrong: the rate of whole calls");
    simulate->add_flag("--plain", sim.is_plain, "without faults, each story the plainest whole call: to measure by");
    simulate->add_flag("--chart", sim.is_chart, "with --seed: the whole sequence chart, unshrunken");
    simulate->add_flag("--json", sim.is_json, "the result as one line of JSON");
    simulate->add_flag("--keep-going", sim.keeps_going, "count the violations instead of stopping at the first");
    clarion::lab::PushCommandOptions push_options;
    const CLI::App* push = add_push(app, push_options);
    CLI11_PARSE(app, argc, argv);
    if (real_android) options.shells[clarion::lab::Platform::android] = here / "clarion-android-phone";
    if (push->parsed()) return clarion::lab::run_push(push_options);
    if (simulate->parsed()) {
        sim.with_faults = !without_faults && !sim.is_plain;
        sim.is_progress = ::isatty(STDERR_FILENO) != 0 && !sim.is_json;
        return clarion::lab::world::run_sim(sim);
    }
    options.color = ::isatty(STDOUT_FILENO) != 0;
    // The trace is printed by a command whose output goes through a file: tell it how wide this terminal is.
    winsize size{};
    const bool is_known = options.color && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    ::setenv("COLUMNS", std::to_string(is_known ? size.ws_col : 132).c_str(), 0);
    return clarion::lab::run_demo(options);
}
