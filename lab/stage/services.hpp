// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "net/loop.hpp"
#include "sdk/native/system_messages.hpp"

namespace clarion::lab {

/// The local APNs and FCM with their keys and accounts, as a stage needs them.
class Services {
  public:
    [[nodiscard]] static std::expected<std::unique_ptr<Services>, std::string> start(
        net::Loop& loop, const std::filesystem::path& directory
    );
    ~Services();

    /// The part of clariond's configuration that points it at these services, with TLS files and folders.
    [[nodiscard]] std::string server_configuration(const std::filesystem::path& directory) const;
    [[nodiscard]] std::string ca_file() const;
    [[nodiscard]] std::string new_apns_token();
    [[nodiscard]] std::string new_fcm_token();
    void unregister(const std::string& token);

    std::function<void(const std::string& token, native::PushDelivered push, bool high_priority)> on_push;

  private:
    struct Impl;
    explicit Services(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion::lab
