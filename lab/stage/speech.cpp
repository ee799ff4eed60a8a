// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/speech.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "net/child_process.hpp"
#include "sdk/media/wav.hpp"

namespace clarion::lab {
namespace {

constexpr Duration kPause{400};  // Between two parts.
constexpr int kAudible = 330;    // -40 dBFS: above what Opus makes of silence, below a whisper.
constexpr Duration kBlock{20};

std::size_t frames_in(Duration time, std::uint32_t rate) {
    return static_cast<std::size_t>(time.count()) * rate / 1000;
}

Duration length_of(const media::WavAudio& audio) {
    return Duration{static_cast<std::int64_t>(1000 * audio.samples.size() / audio.rate)};
}

std::expected<media::WavAudio, std::string> say(
    net::Loop& loop, const std::filesystem::path& file, const std::string& voice, const std::string& text
) {
    bool done = false;
    net::ChildStatus status;
    const std::string log = file.string() + ".log";
    auto process = net::ChildProcess::spawn(
        loop, {.argv = {"espeak-ng", "-v", voice, "-s", "150", "-w", file.string(), text}, .output_file = log},
        [&](net::ChildStatus ended) {
            done = true;
            status = ended;
        }
    );
    if (!process) {
        return std::unexpected{"espeak-ng: " + process.error().message + " (apt-get install espeak-ng)"};
    }
    if (!loop.run_until([&] { return done; }, Duration{20'000}) || status.exit_code != 0) {
        return std::unexpected{"espeak-ng could not write " + file.string() + "; see " + log};
    }
    auto audio = media::read_wav(file.string());
    if (!audio) return std::unexpected{audio.error().text};
    return std::move(*audio);
}

std::expected<void, std::string> write(const std::filesystem::path& file, const media::WavAudio& audio) {
    auto writer = media::WavWriter::create(file.string(), audio.rate, 1);
    if (!writer) return std::unexpected{writer.error().text};
    if (auto written = writer->write(audio.samples); !written) return std::unexpected{written.error().text};
    if (auto closed = writer->close(); !closed) return std::unexpected{closed.error().text};
    return {};
}

}  // namespace

std::expected<std::vector<Speech>, std::string> speak(
    net::Loop& loop, const std::filesystem::path& directory, const std::vector<Script>& scripts
) {
    std::vector<Speech> speeches(scripts.size());
    std::vector<media::WavAudio> whole(scripts.size());
    std::size_t parts = 0;
    for (const Script& script : scripts) parts = std::max(parts, script.parts.size());
    for (std::size_t part = 0; part < parts; ++part) {
        Duration longest{0};
        for (std::size_t who = 0; who < scripts.size(); ++who) {
            const Script& script = scripts[who];
            if (part >= script.parts.size()) continue;
            const auto file = directory / (script.name + "-" + std::to_string(part + 1) + ".wav");
            auto audio = say(loop, file, script.voice, script.parts[part]);
            if (!audio) return std::unexpected{audio.error()};
            whole[who].rate = audio->rate;
            whole[who].samples.insert(whole[who].samples.end(), audio->samples.begin(), audio->samples.end());
            speeches[who].parts.push_back(file);
            longest = std::max(longest, length_of(whole[who]));
        }
        for (std::size_t who = 0; who < scripts.size(); ++who) {
            if (part >= scripts[who].parts.size()) continue;
            whole[who].samples.resize(frames_in(longest + kPause, whole[who].rate));
            speeches[who].ends.push_back(longest + kPause);
        }
    }
    for (std::size_t who = 0; who < scripts.size(); ++who) {
        speeches[who].file = directory / (scripts[who].name + ".wav");
        if (auto written = write(speeches[who].file, whole[who]); !written) return std::unexpected{written.error()};
    }
    return speeches;
}

std::expected<Duration, std::string> longest_silence(const std::filesystem::path& recording) {
    const auto audio = media::read_wav(recording.string());
    if (!audio) return std::unexpected{audio.error().text};
    const std::size_t block = frames_in(kBlock, audio->rate);
    std::size_t quiet = 0;
    std::size_t longest = 0;
    bool heard = false;
    for (std::size_t at = 0; at + block <= audio->samples.size(); at += block) {
        const auto first = audio->samples.begin() + static_cast<std::ptrdiff_t>(at);
        const bool audible = std::any_of(first, first + static_cast<std::ptrdiff_t>(block), [](std::int16_t sample) {
            return std::abs(static_cast<int>(sample)) > kAudible;
        });
        if (!audible) {
            ++quiet;
            continue;
        }
        if (heard) longest = std::max(longest, quiet);
        heard = true;
        quiet = 0;
    }
    return kBlock * static_cast<std::int64_t>(longest);
}

}  // namespace clarion::lab
