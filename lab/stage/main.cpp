// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "lab/stage/demo.hpp"

int main(int argc, char** argv) {
    CLI::App app{"clarion-lab: local push services and virtual phones that run the real app"};
    app.require_subcommand(1);
    clarion::lab::DemoOptions options;
    // The three programs are built side by side (CMAKE_RUNTIME_OUTPUT_DIRECTORY).
    const auto here = std::filesystem::canonical("/proc/self/exe").parent_path();
    options.clariond = here / "clariond";
    options.clarion = here / "clarion";

    CLI::App* demo = app.add_subcommand("demo", "Alice calls Bob, whose two phones sleep; checks itself");
    demo->add_flag("--stay", options.stay, "leave everything running and say how to call Bob from another terminal");
    demo->add_option(
        "--directory", options.directory, "keep keys, logs and recordings here instead of a temporary folder"
    );
    CLI11_PARSE(app, argc, argv);
    options.color = ::isatty(STDOUT_FILENO) != 0;
    // The trace is printed by a command whose output goes through a file: tell it how wide this terminal is.
    winsize size{};
    const bool is_known = options.color && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    ::setenv("COLUMNS", std::to_string(is_known ? size.ws_col : 132).c_str(), 0);
    return clarion::lab::run_demo(options);
}
