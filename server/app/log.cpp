// SPDX-License-Identifier: Apache-2.0
#include "server/app/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "core/codec/json.hpp"

namespace clarion::server::log {
namespace {

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warn: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
        case Level::off: return spdlog::level::off;
    }
    return spdlog::level::info;
}

std::string_view word_of(Level level) {
    switch (level) {
        case Level::debug: return "debug";
        case Level::info: return "info";
        case Level::warn: return "warn";
        case Level::error:
        case Level::off: return "error";
    }
    return "info";
}

struct Setup {
    Format format = Format::text;
    std::shared_ptr<spdlog::logger> logger;
};

Setup& setup() {
    static Setup one = [] {
        auto logger = std::make_shared<spdlog::logger>("clariond", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        logger->set_level(spdlog::level::warn);  // Until set_up: what a test or a failing start wants to see.
        logger->set_pattern("%v");
        logger->flush_on(spdlog::level::debug);
        return Setup{Format::text, std::move(logger)};
    }();
    return one;
}

/// Plain words stay as they are; everything else is quoted as JSON does, so that a value cannot forge a line.
std::string quoted(const std::string& value) {
    bool is_plain = !value.empty();
    for (const char c : value) {
        const auto u = static_cast<unsigned char>(c);
        is_plain = is_plain && u > 0x20 && u < 0x7f && c != '"' && c != '=' && c != '\\';
    }
    if (is_plain) return value;
    codec::Writer out;
    out.text(value);
    return out.take();
}

std::string as_json(Level level, std::string_view event, std::initializer_list<Pair> pairs) {
    codec::Writer out;
    out.begin_object().key("level").text(word_of(level)).key("event").text(event);
    for (const Pair& pair : pairs) out.key(pair.key).text(pair.value);
    out.end_object();
    return out.take();
}

}  // namespace

void set_up(Level level, Format format) {
    setup().format = format;
    setup().logger->set_level(level_of(level));
    // In JSON the time is the first member; the message brings the rest of the object.
    setup().logger->set_pattern(format == Format::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %v");
}

void write(Level level, std::string_view event, std::initializer_list<Pair> pairs) {
    auto& logger = *setup().logger;
    if (!logger.should_log(level_of(level))) return;
    if (setup().format == Format::json) {
        logger.log(level_of(level), "{}", as_json(level, event, pairs));
        return;
    }
    std::string line{"level="};
    line += word_of(level);
    line += " event=";
    line += event;
    for (const Pair& pair : pairs) {
        line += ' ';
        line += pair.key;
        line += '=';
        line += quoted(pair.value);
    }
    logger.log(level_of(level), "{}", line);
}

}  // namespace clarion::server::log
