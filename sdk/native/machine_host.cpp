// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/machine_host.hpp"

namespace clarion::native {
namespace {

std::string_view word_of(callui::InputError::Code code) {
    switch (code) {
        case callui::InputError::undrained: return "undrained";
        case callui::InputError::time_went_back: return "time went back";
        case callui::InputError::unknown_call: return "unknown call";
        case callui::InputError::wrong_state: return "not possible in this state of the call";
        case callui::InputError::duplicate_call: return "the call id is in use";
        case callui::InputError::too_many_calls: return "too many calls";
        case callui::InputError::bad_input: return "a field is out of its limits";
    }
    return "unknown";
}

}  // namespace

std::string text_of(const callui::InputError& error) {
    if (error.field.empty()) return std::string{word_of(error.code)};
    return fmt::format("{}: {}", word_of(error.code), error.field);
}

std::string_view text_of(callui::RestoreError error) {
    return error == callui::RestoreError::unknown_version ? "it is of another version" : "it is damaged";
}

std::expected<std::optional<JournalEntry>, std::string> left_behind(Journal& journal, const Log& log) {
    auto entry = journal.load();
    if (entry) return std::move(*entry);
    if (entry.error().kind == JournalError::Kind::unreadable) return std::unexpected{std::move(entry.error().text)};
    if (log) log(LogLevel::warning, entry.error().text);
    return std::optional<JournalEntry>{};
}

}  // namespace clarion::native
