// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"
#include "tools/clarion/access.hpp"

namespace clarion::tool {

/// The server's REST interface, one request after the other. Blocks the calling thread, at most 15 s a request.
class Api {
  public:
    /// Error: one line about the URL or the CA file.
    [[nodiscard]] static std::expected<Api, std::string> open(const Access& access);

    /// The body of a 2xx answer. Error: one line in the server's own words, or why it could not be asked, and what to
    /// do.
    [[nodiscard]] std::expected<std::string, std::string> send(
        std::string_view method, std::string target, std::string body = {}
    );

    /// The same as the administrator instead of as a service.
    void use_admin_key(std::string_view key);

  private:
    Api(Access access, net::Url url, std::shared_ptr<net::TlsContext> tls);

    Access access_;
    net::Url url_;
    std::shared_ptr<net::TlsContext> tls_;
    std::string authorization_;
    std::unique_ptr<net::Loop> loop_ = std::make_unique<net::Loop>();
};

}  // namespace clarion::tool
