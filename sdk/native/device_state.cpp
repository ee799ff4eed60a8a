// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/device_state.hpp"

#include <fmt/format.h>

#include "core/codec/described.hpp"
#include "core/protocol/messages_described.hpp"
#include "sdk/native/files.hpp"

namespace clarion {

template <>
struct Describe<native::DeviceState> {
    using T = native::DeviceState;
    static constexpr std::string_view name = "device_state";
    static constexpr auto fields = std::tuple{
        field("server", &T::server, {.length_max = 1024}),
        optional_field("ca_file", &T::ca_file, {.length_max = 4096}),
        field("service", &T::service),
        field("user", &T::user),
        field("device", &T::device),
        field("platform", &T::platform),
        field("token", &T::token, {.length_max = protocol::kTokenLengthMax}),
        field("verify_keys", &T::verify_keys, {.length_max = 64}),
    };
};

}  // namespace clarion

namespace clarion::native {

inline constexpr std::size_t kDeviceFileMax = 64 * 1024;

std::filesystem::path device_file(const std::filesystem::path& directory) { return directory / "device.json"; }

std::filesystem::path box_key_file(const std::filesystem::path& directory) { return directory / "box.key"; }

std::filesystem::path journal_file(const std::filesystem::path& directory) { return directory / "journal"; }

std::expected<DeviceState, std::string> load_device(const std::filesystem::path& directory) {
    const auto file = device_file(directory);
    const auto text = read_file(file, kDeviceFileMax);
    if (!text) return std::unexpected{text.error()};
    if (!*text) {
        return std::unexpected{fmt::format(
            "{} is not there: make the device with `clarion device add USER DEVICE --state DIR`", file.string()
        )};
    }
    auto state = codec::decode<DeviceState>(**text);
    if (!state) return std::unexpected{fmt::format("{}: {}", file.string(), state.error().message())};
    return std::move(*state);
}

std::expected<void, std::string> save_device(const std::filesystem::path& directory, const DeviceState& state) {
    if (auto made = make_private_directory(directory); !made) return made;
    return replace_file(device_file(directory), codec::encode(state) + "\n");
}

}  // namespace clarion::native
