// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/loop.hpp"

namespace clarion::net {

/// Reads a file descriptor (stdin, a pipe, a terminal, a file) as bytes arrive.
///
/// Thread: the loop's. The descriptor stays the caller's, its flags (blocking mode) are not changed.
/// Re-entry: callbacks may destroy the reader. After on_eof (end or read error) nothing more comes.
/// Bounds: at most 4 kB per callback.
class InputReader {
  public:
    using OnBytes = std::move_only_function<void(std::string_view bytes)>;
    using OnEof = std::move_only_function<void()>;

    InputReader(Loop& loop, int fd, OnBytes on_bytes, OnEof on_eof);
    ~InputReader();
    InputReader(const InputReader&) = delete;
    InputReader& operator=(const InputReader&) = delete;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Cuts bytes into lines for InputReader: `take(bytes, fn)` calls fn(line) per line without '\n' or "\r\n".
/// Bounds: a line longer than 4 kB is cut there.
class LineSplitter {
  public:
    void take(std::string_view bytes, const std::function<void(std::string_view)>& on_line);

    /// What came after the last line end, when the input ended.
    void finish(const std::function<void(std::string_view)>& on_line);

  private:
    std::string pending_;
};

}  // namespace clarion::net
