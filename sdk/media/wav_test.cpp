// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/wav.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

namespace clarion::media {
namespace {

class Wav : public ::testing::Test {
  protected:
    void TearDown() override { ::unlink(path_.c_str()); }

    void put(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

    static std::string le(std::uint32_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) {
            out += static_cast<char>((value >> (8 * i)) & 0xFF);
        }
        return out;
    }

    static std::string file(
        std::uint16_t tag,
        std::uint16_t channels,
        std::uint32_t rate,
        std::uint16_t bits,
        const std::string& data,
        const std::string& before_data = ""
    ) {
        const std::string format = le(tag, 2) + le(channels, 2) + le(rate, 4) + le(rate * channels * bits / 8, 4) +
                                   le(static_cast<std::uint32_t>(channels * bits / 8), 2) + le(bits, 2);
        return "RIFF" + le(0, 4) + "WAVEfmt " + le(16, 4) + format + before_data + "data" +
               le(static_cast<std::uint32_t>(data.size()), 4) + data;
    }

    const std::string path_ = ::testing::TempDir() + "wav_test_" + std::to_string(::getpid()) + ".wav";
};

TEST_F(Wav, WhatIsWrittenIsRead) {
    std::vector<std::int16_t> samples(48000);
    std::iota(samples.begin(), samples.end(), std::int16_t{-24000});
    ASSERT_TRUE(write_wav(path_, 48000, samples).has_value());
    const auto read = read_wav(path_);
    ASSERT_TRUE(read.has_value()) << read.error().text;
    EXPECT_EQ(read->rate, 48000U);
    EXPECT_EQ(read->samples, samples);
}

TEST_F(Wav, ARecordingThatIsNotClosedIsValidUpToTheLastHalfSecond) {
    auto writer = WavWriter::create(path_, 8000, 1);
    ASSERT_TRUE(writer.has_value());
    const std::vector<std::int16_t> block(160, 1234);
    for (int i = 0; i < 120; ++i) {  // 2.4 s
        ASSERT_TRUE(writer->write(block).has_value());
    }
    const auto read = read_wav(path_);  // as it lies on disk now, the writer still open
    ASSERT_TRUE(read.has_value()) << read.error().text;
    EXPECT_GE(read->samples.size(), 8000U * 2 - 4000);
    EXPECT_EQ(read->samples.front(), 1234);
    EXPECT_EQ(read->samples.back(), 1234);
    ASSERT_TRUE(writer->close().has_value());
    EXPECT_EQ(read_wav(path_)->samples.size(), 160U * 120);
}

TEST_F(Wav, StereoIsMixedAndUnknownChunksAreSkipped) {
    put(file(
        1, 2, 16000, 16, le(1000, 2) + le(3000, 2) + le(100, 2) + le(300, 2),
        "LIST" + le(3, 4) + std::string("abc\0", 4)
    ));
    const auto read = read_wav(path_);
    ASSERT_TRUE(read.has_value()) << read.error().text;
    EXPECT_EQ(read->samples, (std::vector<std::int16_t>{2000, 200}));
}

TEST_F(Wav, AllSampleFormatsAreRead) {
    put(file(1, 1, 8000, 8, std::string("\x80\xFF", 2)));
    EXPECT_EQ(read_wav(path_)->samples, (std::vector<std::int16_t>{0, 127 * 256}));
    put(file(1, 1, 8000, 24, le(0x123456, 3)));
    EXPECT_EQ(read_wav(path_)->samples, (std::vector<std::int16_t>{0x1234}));
    put(file(1, 1, 8000, 32, le(0x12345678, 4)));
    EXPECT_EQ(read_wav(path_)->samples, (std::vector<std::int16_t>{0x1234}));
    put(file(3, 1, 8000, 32, le(0x3F000000, 4) + le(0x7FC00000, 4)));  // 0.5 and not-a-number
    EXPECT_EQ(read_wav(path_)->samples, (std::vector<std::int16_t>{16383, 0}));
}

TEST_F(Wav, ASizeThatPromisesTooMuchIsCutToTheFile) {
    std::string bytes = file(1, 1, 8000, 16, le(7, 2) + le(8, 2));
    bytes.replace(bytes.find("data") + 4, 4, le(0x7FFFFFFF, 4));
    put(bytes);
    EXPECT_EQ(read_wav(path_)->samples, (std::vector<std::int16_t>{7, 8}));
}

TEST_F(Wav, WhatIsNotAWavFileNamesTheFileAndWhy) {
    const auto error_of = [&](const std::string& bytes) {
        put(bytes);
        const auto read = WavReader::open(path_);
        EXPECT_FALSE(read.has_value());
        return read ? std::string() : read.error().text;
    };
    EXPECT_NE(error_of("Hello, I am text, not sound").find("not a WAV file"), std::string::npos);
    EXPECT_NE(error_of("").find(path_), std::string::npos);
    EXPECT_NE(error_of(std::string("RIFF\0\0\0\0WAVE", 12)).find("ends before"), std::string::npos);
    EXPECT_NE(error_of(file(85, 1, 8000, 16, "")).find("format"), std::string::npos);
    EXPECT_NE(error_of(file(1, 9, 8000, 16, "")).find("9 channels"), std::string::npos);
    EXPECT_NE(error_of(file(1, 1, 100, 16, "")).find("100 Hz"), std::string::npos);
    const auto missing = WavReader::open("/nonexistent/a.wav");
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().text.find("/nonexistent/a.wav: cannot be opened: No such file"), std::string::npos);
}

TEST_F(Wav, EveryCutOfAFileIsReadOrRefused) {
    const std::string whole = file(1, 2, 16000, 16, std::string(64, 'x'), "LIST" + le(2, 4) + "ab");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        put(whole.substr(0, size));
        const auto read = read_wav(path_);
        EXPECT_TRUE(!read || read->samples.size() <= 16);
    }
}

TEST_F(Wav, AFullDiskIsAnError) {
    if (!std::filesystem::exists("/dev/full")) {
        GTEST_SKIP() << "no /dev/full";
    }
    const auto writer = WavWriter::create("/dev/full", 48000, 1);
    ASSERT_FALSE(writer.has_value());
    EXPECT_NE(writer.error().text.find("No space left"), std::string::npos);
}

}  // namespace
}  // namespace clarion::media
