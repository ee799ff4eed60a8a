// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// Where a report completes later (SystemRules::report_within), a command for a call that the system has not taken yet
/// is an error there: it waits (IOS-CK-03). Nothing of it outlives the process: neither does the screen.
namespace clarion::callui {

namespace {

bool is_end(const HeldCommand& command) { return std::holds_alternative<EndSystemCall>(command); }

bool is_start(const HeldCommand& command) { return std::holds_alternative<ReportOutgoing>(command); }

/// An end makes moot what waits before it; a call that was not even reported needs none.
void hold(std::vector<HeldCommand>& held, HeldCommand&& command) {
    if (is_end(command)) {
        const auto start = std::ranges::find_if(held, is_start);
        const bool is_reported = start == held.end();
        held.erase(is_reported ? held.begin() : start, held.end());
        if (!is_reported) return;
    }
    held.push_back(std::move(command));
}

}  // namespace

/// Every command for the screen but ReportIncoming, which is due at once.
void CallUi::show(HeldCommand&& command) {
    const CallId call = std::visit([](const auto& one) { return one.call_id; }, command);
    const auto open = std::ranges::find(state_.reports, call, &OpenReport::call_id);
    const bool is_open = open != state_.reports.end();
    if (is_open && open->held.size() >= kHeldMax) give_up(*open);
    if (is_open && open->until != kNever) return hold(open->held, std::move(command));
    if (is_open && is_end(command)) open->held.assign(1, command);
    if (is_start(command)) await_report(call, true);
    std::visit([this](auto&& one) { out_.push(std::move(one)); }, std::move(command));
}

/// It was ended, for the system only perhaps, and lives after all: its end goes, and what it is called now follows.
void CallUi::revive_report(const Record& record) {
    const auto open = std::ranges::find(state_.reports, record.call_id, &OpenReport::call_id);
    if (open == state_.reports.end() || open->held.empty() || !is_end(open->held.front())) return;
    open->held.assign(1, UpdateSystemCall{record.call_id, record.name, record.media, record.handle, {}});
}

void CallUi::await_report(const CallId& call, bool outgoing) {
    if (rules_.report_within == Duration{0}) return;
    const Instant until = state_.now + rules_.report_within;
    const auto known = std::ranges::find(state_.reports, call, &OpenReport::call_id);
    if (known != state_.reports.end() && known->outgoing && !outgoing)
        return;  // It is a call of the user's own by now.
    if (known != state_.reports.end()) {
        const bool goes_on = known->outgoing == outgoing && known->until != kNever;
        if (known->until == kNever) known->held.clear();  // Of what was before.
        known->outgoing = outgoing;
        known->count = goes_on ? known->count + 1 : 1;
        known->until = until;
        return;
    }
    if (state_.reports.size() == kReportsMax) {
        if (state_.reports.front().until != kNever) give_up(state_.reports.front());
        state_.reports.erase(state_.reports.begin());
    }
    state_.reports.push_back({.call_id = call, .outgoing = outgoing, .until = until});
}

/// The system answered. False: a report of the same call is still open, and says more than this refusal.
bool CallUi::settle_report(const CallId& call, bool outgoing, bool is_taken) {
    const auto open = std::ranges::find(state_.reports, call, &OpenReport::call_id);
    if (open == state_.reports.end() || open->outgoing != outgoing) return true;
    if (!is_taken && open->count > 1) {
        --open->count;
        return false;
    }
    std::vector<HeldCommand> held = std::move(open->held);
    state_.reports.erase(open);
    for (HeldCommand& command : held) {
        if (is_taken) show(std::move(command));
    }
    return true;
}

/// Nothing waits for it any more. A call that ended meanwhile, and is taken at last all the same, is ended again then.
void CallUi::give_up(OpenReport& open) {
    open.until = kNever;
    std::vector<HeldCommand> held = std::exchange(open.held, {});
    for (HeldCommand& command : held) show(std::move(command));
}

void CallUi::drop_report(const CallId& call) {
    std::erase_if(state_.reports, [&](const OpenReport& open) { return open.call_id == call; });
}

void CallUi::expire_reports() {
    for (OpenReport& open : state_.reports) {
        if (open.until <= state_.now) give_up(open);
    }
}

}  // namespace clarion::callui
