// SPDX-License-Identifier: Apache-2.0
// A callee in a process of its own, for the tests that kill it: media_peer RECORDING.WAV
// Speaks lines on standard input and output: "sdp <text>", "candidate <text>", "event <name>"; line ends are written as
// '|'.
#include <algorithm>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>

#include "sdk/media/webrtc.hpp"

using namespace clarion::media;

namespace {

std::string one_line(std::string text) {
    std::erase(text, '\r');
    std::ranges::replace(text, '\n', '|');
    return text;
}

void tell(const std::string& line) {
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    std::cout << line << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    auto factory = create_webrtc_factory();
    if (!factory) {
        std::cerr << factory.error().text << '\n';
        return 1;
    }
    auto leg = (*factory)->create_leg(
        {.input = TestTone{1000.0}, .output = WavOutput{argv[1]}, .loopback_only = true},
        [](const Event& event) {
            if (const auto* own = std::get_if<LocalDescription>(&event)) {
                tell("sdp " + one_line(own->sdp));
            } else if (const auto* candidate = std::get_if<LocalCandidate>(&event)) {
                tell("candidate " + candidate->candidate);
            } else {
                tell("event " + std::to_string(event.index()));
            }
        }
    );
    if (!leg) {
        std::cerr << leg.error().text << '\n';
        return 1;
    }
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line.starts_with("sdp ")) {
            std::string sdp = line.substr(4);
            std::ranges::replace(sdp, '|', '\n');
            (*leg)->prepare_answer(sdp);
            (*leg)->open_audio();
        } else if (line.starts_with("candidate ")) {
            (*leg)->add_remote_candidate("", 0, line.substr(10));
        }
    }
    return 0;
}
