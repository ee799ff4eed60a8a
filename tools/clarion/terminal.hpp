// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "net/input_reader.hpp"
#include "net/loop.hpp"
#include "tools/clarion/waterfall.hpp"

namespace clarion::tool {

/// What stdout is: how wide, whether it takes colours (a terminal, and NO_COLOR is not set), and which letters.
struct Screen {
    std::size_t width = 100;
    Colours colours = Colours::off;
    Letters letters = Letters::utf8;
};

[[nodiscard]] Screen look_at_stdout();

[[nodiscard]] bool stdin_is_terminal();

/// Single keys of the terminal on stdin, without echo and without waiting for Enter. The destructor gives the terminal
/// back as it was. Control-C still raises SIGINT. Thread: the loop's.
class Keys {
  public:
    using OnKey = std::function<void(char key)>;

    /// Only when stdin_is_terminal().
    Keys(net::Loop& loop, OnKey on_key);
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

  private:
    struct Saved;
    std::unique_ptr<Saved> saved_;
    std::unique_ptr<net::InputReader> reader_;
};

}  // namespace clarion::tool
