// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace clarion::native {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_{fd} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

std::string fault(std::string_view doing, const std::filesystem::path& file) {
    return fmt::format("cannot {} {}: {}", doing, file.string(), std::strerror(errno));
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::expected<std::optional<std::string>, std::string> read_file(
    const std::filesystem::path& file, std::size_t length_max
) {
    const Descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (fd.get() < 0) {
        if (errno == ENOENT) return std::optional<std::string>{};
        return std::unexpected{fault("read", file)};
    }
    std::string bytes;
    char buffer[4096];
    while (true) {
        const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::unexpected{fault("read", file)};
        if (got == 0) return std::optional<std::string>{std::move(bytes)};
        bytes.append(buffer, static_cast<std::size_t>(got));
        if (bytes.size() > length_max) {
            return std::unexpected{fmt::format("{} is larger than {} bytes", file.string(), length_max)};
        }
    }
}

std::expected<void, std::string> replace_file(
    const std::filesystem::path& file, std::string_view bytes, Durability durability
) {
    auto beside = file;
    beside += ".new";
    {
        const Descriptor fd{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        if (fd.get() < 0) return std::unexpected{fault("write", beside)};
        if (!write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0) {
            auto text = fault("write", beside);
            ::unlink(beside.c_str());
            return std::unexpected{std::move(text)};
        }
    }
    if (::rename(beside.c_str(), file.c_str()) != 0) return std::unexpected{fault("replace", file)};
    if (durability == Durability::whole) return {};
    // The rename itself must reach the disk as well; a directory that cannot be opened is no reason to fail the write.
    const auto parent = file.parent_path();
    const Descriptor directory{::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.get() >= 0) (void)::fsync(directory.get());
    return {};
}

std::expected<void, std::string> make_private_directory(const std::filesystem::path& directory) {
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    if (failed) return std::unexpected{fmt::format("cannot make {}: {}", directory.string(), failed.message())};
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failed);
    if (failed) return std::unexpected{fmt::format("cannot protect {}: {}", directory.string(), failed.message())};
    return {};
}

std::expected<DirectoryLock, std::string> DirectoryLock::take(const std::filesystem::path& directory) {
    const auto file = directory / "lock";
    Descriptor fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (fd.get() < 0) return std::unexpected{fault("write", file)};
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return std::unexpected{fault("lock", file)};
        return std::unexpected{fmt::format(
            "{} is in use by another clarion process; end that one, or add a second device", directory.string()
        )};
    }
    return DirectoryLock{fd.release()};
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

DirectoryLock::~DirectoryLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace clarion::native
