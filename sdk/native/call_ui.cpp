// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/call_ui.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/callui/backend_id.hpp"
#include "core/callui/callui.hpp"
#include "core/callui/described.hpp"
#include "core/codec/described.hpp"
#include "core/codec/inner_json.hpp"
#include "net/clock.hpp"
#include "sdk/native/files.hpp"
#include "sdk/native/journal.hpp"
#include "sdk/native/machine_host.hpp"

namespace clarion::native {

/// What the journal holds: the screen, and when that was, for a process that starts after another boot.
struct KeptScreen {
    WallTime at;
    callui::Snapshot screen;
};

}  // namespace clarion::native

namespace clarion {

template <>
struct Describe<native::KeptScreen> {
    using T = native::KeptScreen;
    static constexpr std::string_view name = "kept_screen";
    static constexpr auto fields = std::tuple{
        field("at", &T::at),
        field("screen", &T::screen),
    };
};

namespace {

using Machine = callui::CallUi;

std::string text_of(const Machine& machine) {
    return codec::encode(native::KeptScreen{net::wall_now(), machine.snapshot()});
}

std::expected<Machine, std::string> restore(callui::SystemRules rules, const native::JournalEntry& entry) {
    const auto kept = codec::decode<native::KeptScreen>(entry.snapshot, native::kJournalMax);
    if (!kept) return std::unexpected{kept.error().message()};
    const Instant now = net::boot_now();
    const Duration elapsed = entry.same_boot ? now - kept->screen.now : net::wall_now() - kept->at;
    auto machine = Machine::restore(rules, kept->screen, now, elapsed);
    if (!machine) return std::unexpected{std::string{native::text_of(machine.error())}};
    return std::move(*machine);
}

/// The machine names a call without an id in the same way.
template <class Call>
CallId named(Call& call) {
    if (call.call_id.uuid.is_nil()) call.call_id = callui::call_id_of(call.backend_id);
    return call.call_id;
}

}  // namespace

struct CallUi::Impl {
    using Host = native::MachineHost<Machine, callui::Input, callui::Output>;

    Impl(net::Loop& loop, const CallUiOptions& options, native::SystemUi& system_ui)
        : host{
              loop,
              system_ui,
              {
                  .create = [rules = options.rules] { return Machine{rules, net::boot_now()}; },
                  .restore = [rules =
                                  options.rules](const native::JournalEntry& entry) { return restore(rules, entry); },
                  .text = text_of,
                  .perform = {},
              },
              options.log
          } {}

    Host host;
};

std::expected<std::unique_ptr<CallUi>, std::string> CallUi::create(
    net::Loop& loop, CallUiOptions options, native::SystemUi& system_ui
) {
    if (auto made = native::make_private_directory(options.state_directory); !made) {
        return std::unexpected{std::move(made.error())};
    }
    auto impl = std::make_unique<Impl>(loop, options, system_ui);
    auto opened = impl->host.open(options.state_directory, options.state_directory / "call_ui.journal");
    if (!opened) return std::unexpected{std::move(opened.error())};
    return std::unique_ptr<CallUi>{new CallUi{std::move(impl)}};
}

CallUi::CallUi(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

CallUi::~CallUi() = default;

void CallUi::start() { impl_->host.start(); }

// ---- the voice service ----

std::expected<CallId, callui::InputError> CallUi::incoming(callui::IncomingAnnounced call) {
    const CallId id = named(call);
    if (auto taken = impl_->host.take(std::move(call)); !taken) return std::unexpected{std::move(taken.error())};
    return id;
}

void CallUi::unusable_push(callui::UnusablePushArrived push) { feed(std::move(push)); }

std::expected<CallId, callui::InputError> CallUi::outgoing(callui::OutgoingStarted call) {
    const CallId id = named(call);
    if (auto taken = impl_->host.take(std::move(call)); !taken) return std::unexpected{std::move(taken.error())};
    return id;
}

void CallUi::placed(const CallId& call) { feed(callui::OutgoingPlaced{call}); }

void CallUi::peer_rang(const CallId& call, std::uint32_t devices) { feed(callui::PeerRang{call, devices}); }

void CallUi::connected(const CallId& call) { feed(callui::ConnectedSet{call}); }

void CallUi::peer_held(const CallId& call, bool on, std::string reason) {
    feed(callui::PeerHoldChanged{call, on, Redacted{std::move(reason)}});
}

CallUi::Result CallUi::update(callui::CallUpdated call) { return impl_->host.take(std::move(call)); }

void CallUi::dismiss(const CallId& call, callui::Dismissal why) {
    feed(callui::CallDismissed{.call_id = call, .why = why});
}

CallUi::Result CallUi::ended(callui::CallEnded end) { return impl_->host.take(std::move(end)); }

CallUi::Result CallUi::missed(callui::MissedCallLearned call) { return impl_->host.take(std::move(call)); }

void CallUi::feed(const callui::Input& input) { impl_->host.feed(input); }

// ---- the app ----

void CallUi::attach(OnEvent on_event) { impl_->host.attach(std::move(on_event)); }

void CallUi::detach() { impl_->host.detach(); }

void CallUi::silence_events(bool on) { feed(callui::EventsSilenced{on}); }

void CallUi::answer(const CallId& call) { feed(callui::UserAnswered{call}); }

void CallUi::end(const CallId& call) { feed(callui::UserEnded{call}); }

void CallUi::end_all() { feed(callui::EndAllRequested{}); }

void CallUi::mute(const CallId& call, bool on) { feed(callui::UserMuted{call, on}); }

void CallUi::mute_all(bool on) { feed(callui::AllMuted{on}); }

void CallUi::hold(const CallId& call, bool on) { feed(callui::UserHeld{call, on}); }

void CallUi::dial(const CallId& call, std::string digits) {
    feed(callui::UserDialled{.call_id = call, .digits = std::move(digits)});
}

void CallUi::group(const CallId& call, const CallId& with) { feed(callui::UserGrouped{call, with}); }

void CallUi::ungroup(const CallId& call) { feed(callui::UserGrouped{.call_id = call}); }

void CallUi::hide(const CallId& call) { feed(callui::HideRequested{call}); }

CallUi::Result CallUi::show_missed(callui::MissedShown call) { return impl_->host.take(std::move(call)); }

void CallUi::missed_seen(const CallId& call) { feed(callui::MissedSeen{call}); }

CallUi::Result CallUi::use_style(callui::CallStyle style) {
    return impl_->host.take(callui::StyleChosen{std::move(style)});
}

CallUi::Result CallUi::use_policy(callui::CallPolicy policy) { return impl_->host.take(callui::PolicyChosen{policy}); }

CallUi::Result CallUi::push_token(callui::TokenKind kind, std::string token) {
    return impl_->host.take(callui::PushTokenChanged{kind, Redacted{std::move(token)}});
}

CallUi::Result CallUi::custom_event(std::string body, std::optional<CallId> call) {
    if (!codec::check_json("body", body)) {
        return std::unexpected{callui::InputError{callui::InputError::bad_input, "body"}};
    }
    return impl_->host.take(callui::CustomEventReported{call, Redacted{std::move(body)}});
}

// ---- state ----

callui::View CallUi::view() const {
    auto view = impl_->host.machine().view();
    const Duration since = impl_->host.since_last();
    for (auto& call : view.calls) {
        call.ring_left = std::max(call.ring_left - since, Duration{0});
        if (call.phase == callui::Phase::connected) call.talked_for += since;
    }
    return view;
}

std::optional<callui::ActiveCall> CallUi::find(const CallId& call) const {
    auto view = this->view();
    const auto found = std::ranges::find(view.calls, call, &callui::ActiveCall::call_id);
    if (found == view.calls.end()) return std::nullopt;
    return std::move(*found);
}

}  // namespace clarion
