// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/wav.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

namespace clarion::media {
namespace {

constexpr std::uint16_t kFormatPcm = 1;
constexpr std::uint16_t kFormatFloat = 3;
constexpr std::uint16_t kFormatExtensible = 0xFFFE;
constexpr std::size_t kHeaderBytes = 44;
constexpr int kChunksMax = 64;  // chunks before "data": a file with more is not audio that anybody made
constexpr std::uint64_t kWholeFileMinutesMax = 30;
constexpr std::uint64_t kDataBytesMax = 0xFFFFFFFFULL - kHeaderBytes;

std::unexpected<WavError> fail(const std::string& path, const std::string& what) {
    return std::unexpected(WavError{path + ": " + what});
}

std::unexpected<WavError> fail_errno(const std::string& path, const char* what) {
    return fail(path, std::string(what) + ": " + std::strerror(errno));
}

std::uint16_t le16(const unsigned char* p) { return static_cast<std::uint16_t>(p[0] | (p[1] << 8)); }

std::uint32_t le32(const unsigned char* p) {
    return static_cast<std::uint32_t>(le16(p)) | (static_cast<std::uint32_t>(le16(p + 2)) << 16);
}

void put16(unsigned char* p, std::uint16_t value) {
    p[0] = static_cast<unsigned char>(value & 0xFF);
    p[1] = static_cast<unsigned char>(value >> 8);
}

void put32(unsigned char* p, std::uint32_t value) {
    put16(p, static_cast<std::uint16_t>(value & 0xFFFF));
    put16(p + 2, static_cast<std::uint16_t>(value >> 16));
}

struct Format {
    std::uint16_t tag = 0;
    std::uint16_t channels = 0;
    std::uint32_t rate = 0;
    std::uint16_t bits = 0;
};

std::expected<Format, std::string> read_format(std::FILE* file, std::uint32_t size) {
    std::array<unsigned char, 40> bytes{};
    const std::size_t wanted = std::min<std::size_t>(size, bytes.size());
    if (size < 16 || std::fread(bytes.data(), 1, wanted, file) != wanted) {
        return std::unexpected("its format chunk is cut off");
    }
    Format format{le16(bytes.data()), le16(&bytes[2]), le32(&bytes[4]), le16(&bytes[14])};
    if (format.tag == kFormatExtensible && wanted >= 26) {
        format.tag = le16(&bytes[24]);  // the first two bytes of the sub-format GUID are the old tag
    }
    const bool pcm =
        format.tag == kFormatPcm && (format.bits == 8 || format.bits == 16 || format.bits == 24 || format.bits == 32);
    if (!pcm && !(format.tag == kFormatFloat && format.bits == 32)) {
        return std::unexpected("its format is not PCM of 8, 16, 24, 32 bits nor 32-bit float");
    }
    if (format.channels < 1 || format.channels > 8) {
        return std::unexpected("it has " + std::to_string(format.channels) + " channels, 1 to 8 are read");
    }
    if (format.rate < 8000 || format.rate > 192000) {
        return std::unexpected("its rate is " + std::to_string(format.rate) + " Hz, 8000 to 192000 are read");
    }
    return format;
}

}  // namespace

std::expected<WavReader, WavError> WavReader::open(const std::string& path) {
    WavReader reader;
    reader.file_.reset(std::fopen(path.c_str(), "rbe"));
    std::FILE* file = reader.file_.get();
    if (file == nullptr) {
        return fail_errno(path, "cannot be opened");
    }
    std::array<unsigned char, 12> head{};
    if (std::fread(head.data(), 1, head.size(), file) != head.size() || std::memcmp(head.data(), "RIFF", 4) != 0 ||
        std::memcmp(&head[8], "WAVE", 4) != 0) {
        return fail(path, "not a WAV file (it does not begin with RIFF....WAVE)");
    }
    Format format;
    for (int chunk = 0; chunk < kChunksMax; ++chunk) {
        std::array<unsigned char, 8> header{};
        if (std::fread(header.data(), 1, header.size(), file) != header.size()) {
            return fail(path, "not a whole WAV file (it ends before its data chunk)");
        }
        const std::uint32_t size = le32(&header[4]);
        const long start = std::ftell(file);
        if (std::memcmp(header.data(), "fmt ", 4) == 0) {
            auto read = read_format(file, size);
            if (!read) {
                return fail(path, read.error());
            }
            format = *read;
        } else if (std::memcmp(header.data(), "data", 4) == 0) {
            if (format.rate == 0) {
                return fail(path, "not a proper WAV file (data before format)");
            }
            std::fseek(file, 0, SEEK_END);
            const auto there = static_cast<std::uint64_t>(std::max(0L, std::ftell(file) - start));
            reader.data_start_ = start;
            reader.rate_ = format.rate;
            reader.channels_ = format.channels;
            reader.bytes_per_sample_ = static_cast<std::uint16_t>(format.bits / 8);
            reader.is_float_ = format.tag == kFormatFloat;
            // 0 and 0xFFFFFFFF stand in files that were streamed; then the data goes to the end of the file.
            const std::uint64_t told = size == 0 || size == 0xFFFFFFFFU ? there : std::min<std::uint64_t>(size, there);
            reader.frames_ = told / (static_cast<std::uint64_t>(reader.bytes_per_sample_) * reader.channels_);
            if (!reader.rewind()) {
                return fail_errno(path, "cannot be read");
            }
            return reader;
        }
        // Chunks are padded to an even size.
        if (std::fseek(file, start + static_cast<long>(size) + static_cast<long>(size & 1U), SEEK_SET) != 0) {
            return fail_errno(path, "cannot be read");
        }
    }
    return fail(path, "not a proper WAV file (no data among its first chunks)");
}

bool WavReader::rewind() {
    position_ = 0;
    return std::fseek(file_.get(), data_start_, SEEK_SET) == 0;
}

std::int32_t WavReader::decode(const unsigned char* sample) const noexcept {
    if (is_float_) {
        const auto value = std::bit_cast<float>(le32(sample));
        return std::isfinite(value) ? static_cast<std::int32_t>(std::clamp(value, -1.0F, 1.0F) * 32767.0F) : 0;
    }
    switch (bytes_per_sample_) {
        case 1: return (static_cast<std::int32_t>(sample[0]) - 128) * 256;  // 8 bits are unsigned in WAV
        case 2: return static_cast<std::int16_t>(le16(sample));
        case 3: return static_cast<std::int16_t>(le16(sample + 1));
        default: return static_cast<std::int16_t>(le16(sample + 2));
    }
}

std::size_t WavReader::read(std::span<std::int16_t> out) {
    const std::size_t frame_bytes = static_cast<std::size_t>(bytes_per_sample_) * channels_;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), frames_ - position_));
    raw_.resize(wanted * frame_bytes);
    const std::size_t got = wanted == 0 ? 0 : std::fread(raw_.data(), frame_bytes, wanted, file_.get());
    for (std::size_t frame = 0; frame < got; ++frame) {
        std::int32_t sum = 0;
        for (std::size_t channel = 0; channel < channels_; ++channel) {
            sum += decode(&raw_[frame * frame_bytes + channel * bytes_per_sample_]);
        }
        out[frame] = static_cast<std::int16_t>(sum / channels_);
    }
    position_ = got < wanted ? frames_ : position_ + got;
    return got;
}

std::expected<WavAudio, WavError> read_wav(const std::string& path) {
    auto reader = WavReader::open(path);
    if (!reader) {
        return std::unexpected(reader.error());
    }
    if (reader->frames() > kWholeFileMinutesMax * 60 * reader->rate()) {
        return fail(path, "longer than " + std::to_string(kWholeFileMinutesMax) + " minutes");
    }
    WavAudio audio{reader->rate(), std::vector<std::int16_t>(static_cast<std::size_t>(reader->frames()))};
    audio.samples.resize(reader->read(audio.samples));
    return audio;
}

// ---- Writing
// ----------------------------------------------------------------------------------------------------------

std::expected<WavWriter, WavError> WavWriter::create(
    const std::string& path, std::uint32_t rate, std::uint16_t channels
) {
    WavWriter writer;
    writer.path_ = path;
    writer.rate_ = rate;
    writer.channels_ = channels;
    writer.file_.reset(std::fopen(path.c_str(), "wbe"));
    if (!writer.file_) {
        return fail_errno(path, "cannot be written");
    }
    if (auto patched = writer.patch_header(); !patched) {
        return std::unexpected(patched.error());
    }
    return writer;
}

WavWriter::~WavWriter() {
    if (file_) {
        (void)close();
    }
}

std::expected<void, WavError> WavWriter::write(std::span<const std::int16_t> samples) {
    if (!error_.empty()) {
        return std::unexpected(WavError{error_});
    }
    if (!file_) {
        return fail(path_, "the recording is already closed");
    }
    const std::uint64_t bytes = samples.size_bytes();
    static_assert(std::endian::native == std::endian::little, "samples are written as they lie in memory");
    if (data_bytes_ + bytes > kDataBytesMax) {
        error_ = path_ + ": the recording reached 4 GB, the limit of WAV";
    } else if (std::fwrite(samples.data(), 1, bytes, file_.get()) != bytes) {
        error_ = path_ + ": cannot be written: " + std::strerror(errno);
    }
    if (!error_.empty()) {
        return std::unexpected(WavError{error_});
    }
    data_bytes_ += bytes;
    if (data_bytes_ - patched_bytes_ >= static_cast<std::uint64_t>(rate_) * channels_) {  // half a second of 16 bits
        return patch_header();
    }
    return {};
}

std::expected<void, WavError> WavWriter::patch_header() {
    // The samples go out first: a header must never promise what is not in the file.
    std::array<unsigned char, kHeaderBytes> header{};
    std::memcpy(header.data(), "RIFF\0\0\0\0WAVEfmt ", 16);
    put32(&header[4], static_cast<std::uint32_t>(data_bytes_ + kHeaderBytes - 8));
    put32(&header[16], 16);
    put16(&header[20], kFormatPcm);
    put16(&header[22], channels_);
    put32(&header[24], rate_);
    put32(&header[28], rate_ * channels_ * 2);
    put16(&header[32], static_cast<std::uint16_t>(channels_ * 2));
    put16(&header[34], 16);
    std::memcpy(&header[36], "data", 4);
    put32(&header[40], static_cast<std::uint32_t>(data_bytes_));
    std::FILE* file = file_.get();
    if (std::fflush(file) != 0 || std::fseek(file, 0, SEEK_SET) != 0 ||
        std::fwrite(header.data(), 1, header.size(), file) != header.size() || std::fflush(file) != 0 ||
        std::fseek(file, 0, SEEK_END) != 0) {
        error_ = path_ + ": cannot be written: " + std::strerror(errno);
        return std::unexpected(WavError{error_});
    }
    patched_bytes_ = data_bytes_;
    return {};
}

std::expected<void, WavError> WavWriter::close() {
    if (!file_) {
        return {};
    }
    std::expected<void, WavError> result;
    if (error_.empty()) {
        result = patch_header();
    } else {
        result = std::unexpected(WavError{error_});
    }
    if (std::fclose(file_.release()) != 0 && result) {
        result = fail_errno(path_, "cannot be written");
    }
    return result;
}

std::expected<void, WavError> write_wav(
    const std::string& path, std::uint32_t rate, std::span<const std::int16_t> mono
) {
    auto writer = WavWriter::create(path, rate, 1);
    if (!writer) {
        return std::unexpected(writer.error());
    }
    if (auto written = writer->write(mono); !written) {
        return written;
    }
    return writer->close();
}

}  // namespace clarion::media
