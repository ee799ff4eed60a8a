// SPDX-License-Identifier: Apache-2.0
// Voice for the Android shell in the lab, whose process is a JVM: media commands of docs/engine.md on stdin, its facts
// on stdout, one JSON object a line. It ends with its input.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "lab/phone/media_port.hpp"
#include "net/input_reader.hpp"
#include "net/loop.hpp"

namespace clarion::lab {
namespace {

constexpr std::size_t kLineMax = std::size_t{64} * 1024;

/// The options of `clarion phone` for what is said and heard.
media::LegOptions voice_of(std::span<char*> words) {
    media::LegOptions voice;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view name = words[i];
        const std::string value = i + 1 < words.size() ? words[i + 1] : "";
        if (name == "--loopback") voice.loopback_only = true;
        if (name == "--record") voice.output = media::WavOutput{.path = value};
        if (name == "--play") voice.input = media::WavInput{.path = value};
        if (name == "--tone") {
            media::TestTone tone;
            std::from_chars(value.data(), value.data() + value.size(), tone.hz);
            voice.input = tone;
        }
    }
    return voice;
}

void say(const std::string& fact) {
    fmt::print("{}\n", fact);
    std::fflush(stdout);
}

int run(const media::LegOptions& voice) {
    net::Loop loop;
    const auto port =
        MediaPort::create(loop, voice, say, [](const std::string& line) { fmt::print(stderr, "voice: {}\n", line); });
    if (!port) {
        fmt::print(stderr, "voice: {}\n", port.error());
        return 1;
    }
    std::string pending;
    const net::InputReader reader{
        loop, 0,
        [&](std::string_view bytes) {
            for (; !bytes.empty(); bytes.remove_prefix(1)) {
                if (bytes.front() != '\n') {
                    if (pending.size() > kLineMax) return loop.stop();  // Nobody sends one.
                    pending += bytes.front();
                    continue;
                }
                if (!(*port)->perform(pending)) fmt::print(stderr, "voice: a line that is no media command\n");
                pending.clear();
            }
        },
        [&] { loop.stop(); }
    };
    loop.run();
    return 0;
}

}  // namespace
}  // namespace clarion::lab

int main(int argc, char** argv) {
    const std::span words{argv, static_cast<std::size_t>(argc)};
    return clarion::lab::run(clarion::lab::voice_of(words.subspan(1)));
}
