// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "lab/ios/live/options.hpp"

int main(int argc, char** argv) {
    using namespace clarion;
    CLI::App app{"clarion-iphone: the iOS shell in an app's process, for a virtual iPhone (lab/phone)"};
    lab::IPhoneOptions options;
    double tone = 0;
    std::string play;
    std::string record;
    app.add_option("--state", options.state_directory, "the app's files")->required();
    app.add_flag("--install", options.installs, "make the app's key and leave");
    app.add_flag("--own-service", options.is_alone, "the call screen alone, for a voice service of the app's own");
    app.add_option("--push-token", options.push_token, "what PushKit gives to the app, in hex");
    app.add_option("--system-fd", options.system_fd, "the rest of the phone is another process on this descriptor");
    app.add_option("--tone", tone, "say a tone of so many Hz")->check(CLI::Range(20.0, 20000.0));
    app.add_option("--play", play, "say this WAV file")->check(CLI::ExistingFile);
    app.add_option("--record", record, "write what the other side says to this WAV file");
    app.add_flag("--loopback", options.voice.loopback_only, "voice on 127.0.0.1 only");
    app.add_option("--die-at", options.die_at, "the first process dies at this call of its to the system");
    app.add_flag("-v,--verbose", options.is_verbose, "what happens inside, on stderr");
    CLI11_PARSE(app, argc, argv);
    if (tone > 0) options.voice.input = media::TestTone{tone};
    if (!play.empty()) options.voice.input = media::WavInput{.path = play};
    if (!record.empty()) options.voice.output = media::WavOutput{record};
    ::umask(S_IRWXG | S_IRWXO);  // An app's files are its own.
    return lab::run_iphone(options);
}
