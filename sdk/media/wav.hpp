// SPDX-License-Identifier: Apache-2.0
// Reading and writing WAV files (RIFF/WAVE, Microsoft "Multimedia Programming Interface and Data Specifications 1.0",
// 1991, with the WAVE_FORMAT_EXTENSIBLE header). Any thread, one at a time for each object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clarion::media {

struct WavError {
    std::string text;  // names the file and says what is wrong; one line
};

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, FileCloser>;

// Reads a file piece by piece, mixed to mono. PCM 8, 16, 24, 32 bits, float 32; 1 to 8 channels; 8 to 192 kHz.
// Works on a recording whose writer was killed: the data reaches as far as the file does, whatever the header says.
class WavReader {
  public:
    [[nodiscard]] static std::expected<WavReader, WavError> open(const std::string& path);

    [[nodiscard]] std::uint32_t rate() const noexcept { return rate_; }
    [[nodiscard]] std::uint16_t channels() const noexcept { return channels_; }
    [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }

    // Fills `out` as far as the file reaches; returns how many frames were written. 0 = the end, or the disk failed.
    [[nodiscard]] std::size_t read(std::span<std::int16_t> out);
    [[nodiscard]] bool rewind();

  private:
    WavReader() = default;
    [[nodiscard]] std::int32_t decode(const unsigned char* sample) const noexcept;

    FilePtr file_;
    long data_start_ = 0;
    std::uint64_t frames_ = 0;
    std::uint64_t position_ = 0;
    std::uint32_t rate_ = 0;
    std::uint16_t channels_ = 0;
    std::uint16_t bytes_per_sample_ = 0;
    bool is_float_ = false;
    std::vector<unsigned char> raw_;
};

struct WavAudio {
    std::uint32_t rate = 0;
    std::vector<std::int16_t> samples;  // mono
};

// A whole file, at most 30 minutes of it (an error beyond).
[[nodiscard]] std::expected<WavAudio, WavError> read_wav(const std::string& path);

// Writes PCM 16 bits. The header is brought up to date every half second of audio, so that a killed process leaves a
// valid file that lacks at most the last half second; close() completes it. Stops with an error at 4 GB (the format's
// limit).
class WavWriter {
  public:
    [[nodiscard]] static std::expected<WavWriter, WavError> create(
        const std::string& path, std::uint32_t rate, std::uint16_t channels
    );
    WavWriter(WavWriter&&) noexcept = default;
    WavWriter& operator=(WavWriter&&) noexcept = default;
    ~WavWriter();

    // Interleaved samples. After an error every further call fails with the same error.
    [[nodiscard]] std::expected<void, WavError> write(std::span<const std::int16_t> samples);
    [[nodiscard]] std::expected<void, WavError> close();

    [[nodiscard]] std::uint64_t frames() const noexcept { return data_bytes_ / 2 / channels_; }

  private:
    WavWriter() = default;
    [[nodiscard]] std::expected<void, WavError> patch_header();

    std::string path_;
    FilePtr file_;
    std::uint32_t rate_ = 0;
    std::uint16_t channels_ = 1;
    std::uint64_t data_bytes_ = 0;
    std::uint64_t patched_bytes_ = 0;
    std::string error_;
};

[[nodiscard]] std::expected<void, WavError> write_wav(
    const std::string& path, std::uint32_t rate, std::span<const std::int16_t> mono
);

}  // namespace clarion::media
