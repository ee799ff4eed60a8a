// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lab/world/checker.hpp"
#include "lab/world/world.hpp"

/// A call of the phone's own network comes first: I6, I7 and I13 while it lives and after.
namespace clarion::lab::world {

namespace {

/// While it has the line, nothing of ours is heard and nobody hears us.
class CellularComesFirst final : public Checker {
  public:
    explicit CellularComesFirst(World& world)
        : Checker{world, "I6", {.outputs = outputs<engine::OpenAudio>, .steps = true}} {}

    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* audio = std::get_if<engine::OpenAudio>(&output);
        if (audio == nullptr) return;
        expect(!phone.in_cellular(), phone, "audio opens in a cellular call", call_index(audio->call_id));
    }
    void after_step(const Phone& phone, const engine::Input*, const std::vector<engine::Output>&) override {
        if (!phone.in_cellular()) return;
        for (const Leg& leg : phone.legs()) expect(!leg.is_open, phone, "heard in a cellular call", leg.call);
    }
    void at_checkpoint(std::uint8_t) override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) after_step(world_.phone(i), nullptr, {});
    }
};

/// Where nobody arbitrates, the app's policy holds: ours waits and goes on, or ends, and what comes meanwhile is busy.
class CellularPolicy final : public Checker {
  public:
    explicit CellularPolicy(World& world)
        : Checker{
              world,
              "I13",
              {.inputs = inputs<engine::CellularCallChanged, engine::PlaceRequested, engine::TakeRequested>,
               .outputs = outputs<callui::ReportIncoming>}
          } {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        Story& story = stories_[phone.index()];
        const auto* cellular = std::get_if<engine::CellularCallChanged>(&input);
        if (cellular == nullptr) {
            story.talked = kNoPhone;  // Its user did something else with their calls.
            return;
        }
        story.is_told = cellular->active;
        story.at = world_.now();
        if (cellular->active) {
            const auto open = std::ranges::find(phone.legs(), true, &Leg::is_open);
            const bool talks = open != phone.legs().end() && phone.on_screen(open->call) != nullptr &&
                               phone.on_screen(open->call)->state == ScreenState::connected;
            story.talked = talks ? open->call : kNoPhone;
        }
        if (story.talked == kNoPhone) return;
        world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = story.talked});
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* report = std::get_if<callui::ReportIncoming>(&output);
        if (report == nullptr || report->placeholder) return;
        const std::uint8_t call = call_index(report->call_id);
        const bool is_again = call < kCallsMax && std::exchange(rang_[phone.index()][call], true);
        if (is_again || !stories_[phone.index()].is_told) return;
        expect(!phone.spec().ends_for_cellular, phone, "rings in a cellular call", call);
    }
    void on_tap(const Phone& phone, DeedKind, std::uint8_t, callui::ActionId) override {
        stories_[phone.index()].talked = kNoPhone;
    }
    void on_death(const Phone& phone) override { stories_[phone.index()] = {}; }
    void at_checkpoint(std::uint8_t call) override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Story& story = stories_[i];
            if (story.talked == kNoPhone || story.talked != call) continue;
            if (world_.now() - story.at >= World::kSoon) check(world_.phone(i), story);
        }
    }

  private:
    struct Story {
        bool is_told = false;
        std::int64_t at = 0;             // Of the last change.
        std::uint8_t talked = kNoPhone;  // When it began, and nobody touched it since.
    };

    void check(const Phone& phone, const Story& story) {
        const ScreenCall* shown = phone.on_screen(story.talked);
        if (phone.spec().ends_for_cellular) {
            expect(shown == nullptr, phone, "on the screen, and a cellular call should have ended it", story.talked);
            return;
        }
        if (shown == nullptr || shown->state != ScreenState::connected) return;  // The peer's end, or the network's.
        expect(shown->is_held == story.is_told, phone, "a cellular call did not hold it or give it back", story.talked);
    }

    std::array<Story, kPhonesMax> stories_;
    std::array<std::array<bool, kCallsMax>, kPhonesMax> rang_{};
};

}  // namespace

void add_cellular_checkers(World& world, CheckerList& list) {
    list.push_back(std::make_unique<CellularComesFirst>(world));
    list.push_back(std::make_unique<CellularPolicy>(world));
}

}  // namespace clarion::lab::world
