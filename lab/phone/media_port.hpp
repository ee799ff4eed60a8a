// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "sdk/media/media.hpp"

namespace clarion::lab {

/// Real voice for a shell that is not C++: the media commands of docs/engine.md go in and its facts come out, each as
/// one JSON object with a "type".
///
/// Thread: the loop's. Facts never come inside perform(). Limits: a command has at most 64 kB.
class MediaPort {
  public:
    /// `voice`: what each leg says, hears and uses. Error: one line that names the missing package.
    [[nodiscard]] static std::expected<std::unique_ptr<MediaPort>, std::string> create(
        net::Loop& loop,
        media::LegOptions voice,
        std::function<void(std::string fact)> on_fact,
        std::function<void(const std::string& line)> on_note
    );
    ~MediaPort();
    MediaPort(const MediaPort&) = delete;
    MediaPort& operator=(const MediaPort&) = delete;

    /// Says whether it was a media command.
    bool perform(std::string_view command);

  private:
    struct Impl;
    explicit MediaPort(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion::lab
