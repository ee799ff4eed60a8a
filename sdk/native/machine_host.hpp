// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/describe.hpp"
#include "core/callui/errors.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/outputs.hpp"
#include "net/clock.hpp"
#include "net/loop.hpp"
#include "sdk/native/files.hpp"
#include "sdk/native/journal.hpp"
#include "sdk/native/log.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion::native {

/// What an app hears. An event counts as heard when this returned; one that did not is told again, by the next process
/// if need be.
using OnEvent = std::function<void(const callui::Event& event)>;

/// One line for a log.
[[nodiscard]] std::string text_of(const callui::InputError& error);
[[nodiscard]] std::string_view text_of(callui::RestoreError error);

/// What the process before left behind, for the start. nullopt: begin anew; when that loses calls, a warning said so.
/// Error: the journal cannot be read now. The calls are still in it: do not start without them.
[[nodiscard]] std::expected<std::optional<JournalEntry>, std::string> left_behind(Journal& journal, const Log& log);

template <class T, class Variant>
inline constexpr bool is_one_of = false;
template <class T, class... Alternatives>
inline constexpr bool is_one_of<T, std::variant<Alternatives...>> = (std::same_as<T, Alternatives> || ...);

/// Drives a machine of core that has a call screen, which are two: the engine (clarion::Client) and callui alone
/// (clarion::CallUi). Facts go in; its commands are performed in order: the screen's by the SystemUi, events by the
/// app, the journal's and the timer's here, and the rest by the owner.
///
/// Order: a command is performed after those of earlier facts. A fact that comes while commands are performed is taken
/// at once, and its commands come after the present batch. Thread: the loop's. Lifetime: loop, SystemUi and owner
/// outlive it.
template <class Machine, class Input, class Output>
class MachineHost {
  public:
    /// What the owner knows of its machine.
    struct Kind {
        std::function<Machine()> create;
        std::function<std::expected<Machine, std::string>(const JournalEntry&)> restore;  // Error: one line.
        std::function<std::string(const Machine&)> text;                                  // Its state, for the journal.
        /// A command that concerns neither the screen nor the app nor the journal. Null: there are none.
        std::function<void(const Output&)> perform;
    };

    MachineHost(net::Loop& loop, SystemUi& system_ui, Kind kind, Log log)
        : system_ui_{system_ui}, kind_{std::move(kind)}, log_{std::move(log)}, timer_{loop} {}

    /// Takes the directory for this process (one machine for each journal), and the machine out of the journal, or a
    /// new one. Its first commands wait for start(). Error: one line for whoever set it up.
    [[nodiscard]] std::expected<void, std::string> open(
        const std::filesystem::path& directory, std::filesystem::path journal_file
    ) {
        auto locked = DirectoryLock::take(directory);
        if (!locked) return std::unexpected{std::move(locked.error())};
        lock_ = std::move(*locked);
        journal_.emplace(std::move(journal_file), system_boot_id());
        auto entry = left_behind(*journal_, log_);
        if (!entry) return std::unexpected{std::move(entry.error())};
        if (*entry) {
            auto restored = kind_.restore(**entry);
            if (restored) {
                machine_.emplace(std::move(*restored));
                return {};
            }
            journal_->set_aside();
            log(LogLevel::warning,
                fmt::format("the journal was put aside, starting without the calls it held: {}", restored.error()));
        }
        machine_.emplace(kind_.create());
        return {};
    }

    /// Performs what a restored machine asks for. Once.
    void start() { settle(); }

    /// When it returns, every command that follows was performed, unless commands are being performed now. A refused
    /// fact changed nothing; the log says so at debug level.
    std::expected<void, callui::InputError> take(const Input& input) {
        last_ = net::boot_now();
        auto result = machine_->handle_input(last_, input);
        if (!result) log(LogLevel::debug, fmt::format("{} refused: {}", name_of(input), text_of(result.error())));
        collect();
        settle();
        return result;
    }

    void feed(const Input& input) { (void)take(input); }

    void attach(OnEvent on_event) {
        on_event_ = std::move(on_event);
        feed(callui::AppAttached{});
    }

    void detach() {
        on_event_ = nullptr;
        feed(callui::AppDetached{});
    }

    [[nodiscard]] const Machine& machine() const { return *machine_; }

    /// How long ago the machine last heard of anything.
    [[nodiscard]] Duration since_last() const { return net::boot_now() - last_; }

    /// Whether the commands that are performed now follow from a deadline and from nothing that happened.
    [[nodiscard]] bool is_timeout() const { return is_timeout_; }

    void log(LogLevel level, std::string_view line) const {
        if (log_) log_(level, line);
    }

  private:
    static std::string_view name_of(const Input& input) {
        return std::visit([]<class Fact>(const Fact&) { return Describe<Fact>::name; }, input);
    }

    void timeout() {
        last_ = net::boot_now();
        if (auto result = machine_->handle_timeout(last_); !result) {
            log(LogLevel::error, fmt::format("timeout refused: {}", text_of(result.error())));
        }
        is_timeout_ = true;
        settle();
    }

    /// A machine is fed and asked for its snapshot only when it is drained, which it is between any two facts.
    void collect() {
        while (auto output = machine_->poll_output()) queue_.push_back(std::move(*output));
    }

    void settle() {
        if (is_busy_) return;
        is_busy_ = true;
        collect();
        while (!queue_.empty()) {
            perform_batch(std::exchange(queue_, {}));
            is_timeout_ = false;
            collect();
        }
        is_timeout_ = false;
        is_busy_ = false;
        timer_.arm_at(deadline(), [this] { timeout(); });
    }

    void perform_batch(const std::vector<Output>& batch) {
        bool is_stored = false;  // One file holds the whole state: once a batch is enough.
        for (const Output& output : batch) {
            if (!std::holds_alternative<callui::PersistSnapshot>(output)) {
                perform(output);
            } else if (!std::exchange(is_stored, true)) {
                if (auto stored = journal_->store(kind_.text(*machine_)); !stored) log(LogLevel::error, stored.error());
            }
        }
    }

    void perform(const Output& output) {
        std::visit(
            [&]<class T>(const T& command) {
                if constexpr (is_one_of<T, SystemCommand>) {
                    system_ui_.perform(command);
                    if constexpr (std::same_as<T, callui::EmitEvent>) tell(*command.event);
                } else {
                    if (kind_.perform) kind_.perform(output);
                }
            },
            output
        );
    }

    void tell(const callui::Event& event) {
        if (!on_event_) return;
        // A copy: the app may attach somebody else from inside.
        const auto on_event = on_event_;
        on_event(event);
        feed(callui::EventsAcknowledged{event.seq});
    }

    [[nodiscard]] Instant deadline() const {
        const auto next = machine_->next_deadline();
        if constexpr (std::same_as<decltype(next), const Instant>) {
            return next;
        } else {
            return next.at;
        }
    }

    SystemUi& system_ui_;
    Kind kind_;
    Log log_;
    net::Timer timer_;
    std::optional<DirectoryLock> lock_;
    std::optional<Journal> journal_;
    std::optional<Machine> machine_;
    OnEvent on_event_;
    std::vector<Output> queue_;  // Not performed yet.
    Instant last_ = net::boot_now();
    bool is_busy_ = false;
    bool is_timeout_ = false;
};

}  // namespace clarion::native
