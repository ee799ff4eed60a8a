// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/terminal.hpp"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace clarion::tool {
namespace {

/// The first variable that is set decides (POSIX, "Internationalization Variables"). Nothing set: most terminals of
/// today.
bool takes_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string_view locale{value};
        return locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
    }
    return true;
}

}  // namespace

Screen look_at_stdout() {
    Screen screen;
    screen.letters = takes_utf8() ? Letters::utf8 : Letters::ascii;
    if (const char* columns = std::getenv("COLUMNS")) {
        const auto width = std::strtoul(columns, nullptr, 10);
        if (width >= 40 && width <= 1000) screen.width = width;
    }
    if (::isatty(STDOUT_FILENO) == 0) return screen;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) screen.width = size.ws_col;
    const char* no_colour = std::getenv("NO_COLOR");  // https://no-color.org
    if (no_colour == nullptr || *no_colour == '\0') screen.colours = Colours::on;
    return screen;
}

bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) != 0; }

struct Keys::Saved {
    termios before{};
};

Keys::Keys(net::Loop& loop, OnKey on_key) : saved_{std::make_unique<Saved>()} {
    ::tcgetattr(STDIN_FILENO, &saved_->before);
    termios raw = saved_->before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    reader_ = std::make_unique<net::InputReader>(
        loop, STDIN_FILENO,
        [on_key = std::move(on_key)](std::string_view bytes) {
            for (const char key : bytes) on_key(key);
        },
        [] {}
    );
}

Keys::~Keys() { ::tcsetattr(STDIN_FILENO, TCSANOW, &saved_->before); }

}  // namespace clarion::tool
