// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lab/world/checker.hpp"
#include "lab/world/world.hpp"

/// While two people talk: I6 for the camera, I12 and I13 for what they tell each other.
namespace clarion::lab::world {

namespace {

using callui::ChangeKind;

/// Who has which side of a live call now; nullopt: it is not answered, or moves at this moment.
struct Sides {
    std::uint8_t caller = kNoPhone;
    std::uint8_t callee = kNoPhone;

    [[nodiscard]] std::uint8_t peer_of(std::uint8_t phone) const {
        return phone == caller ? callee : phone == callee ? caller : kNoPhone;
    }
    friend bool operator==(const Sides&, const Sides&) = default;
};
std::optional<Sides> sides_of(const World& world, std::uint8_t call) {
    const CallRecord* record = world.server().find(call);
    if (record == nullptr || record->document.phase != routing::Phase::answered || record->document.take) return {};
    return Sides{phone_index(record->document.from_device), phone_index(*record->document.winner)};
}

/// What one person sends reaches the other's app in order, at most once, and at last.
class WordsOnceInOrder final : public Checker {
  public:
    explicit WordsOnceInOrder(World& world)
        : Checker{world, "I12", {.inputs = inputs<engine::ShortDataRequested>, .outputs = outputs<callui::EmitEvent>}} {
    }

    void on_input(const Phone& phone, const engine::Input& input) override {
        const auto* data = std::get_if<engine::ShortDataRequested>(&input);
        if (data == nullptr) return;
        const std::uint8_t call = call_index(data->call_id);
        const auto sides = sides_of(world_, call);
        if (!sides || sides->peer_of(phone.index()) == kNoPhone) return;
        // What waits for a device that is away is lost with a server that dies.
        if (!world_.server().hears(sides->peer_of(phone.index()), call)) return;
        sent_.push_back({world_.now(), phone.index(), call, number_in(data->data.reveal()), *sides});
        world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = call});
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* emit = std::get_if<callui::EmitEvent>(&output);
        if (emit == nullptr || !emit->event->change || emit->event->change->what != ChangeKind::short_data) return;
        const callui::Event& event = *emit->event;
        App& app = apps_[phone.index()];
        if (event.seq <= app.seen) return;  // Told again to an app that attached again (I10).
        app.seen = event.seq;
        const std::string& text = event.change->text.reveal();
        const auto from = static_cast<std::uint8_t>(text.front() - '0');
        const std::uint32_t number = number_in(text);
        std::uint32_t& last = app.last[from % kPhonesMax][call_index(event.call_id) % kCallsMax];
        expect(number > last, phone, "the peer's words came twice or out of order", call_index(event.call_id));
        last = std::max(last, number);
    }
    void at_checkpoint(std::uint8_t call) override {
        const auto is_due = [&](const Sent& one) { return one.call == call && one.at + World::kSoon <= world_.now(); };
        for (const Sent& one : sent_) {
            if (is_due(one)) check(one);
        }
        std::erase_if(sent_, is_due);
    }

  private:
    struct Sent {
        std::int64_t at = 0;
        std::uint8_t phone = 0;
        std::uint8_t call = 0;
        std::uint32_t number = 0;
        Sides sides;
    };
    struct App {
        std::uint64_t seen = 0;
        std::array<std::array<std::uint32_t, kCallsMax>, kPhonesMax> last{};
    };

    static std::uint32_t number_in(const std::string& text) {
        return static_cast<std::uint32_t>(std::stoul(text.substr(2)));
    }
    void check(const Sent& sent) {
        // A call that ended or moved meanwhile may take words with it.
        const auto now = sides_of(world_, sent.call);
        if (!now || *now != sent.sides) return;
        const Phone& from = world_.phone(sent.phone);
        const Phone& to = world_.phone(sent.sides.peer_of(sent.phone));
        const bool was_easy = world_.is_undisturbed(from, sent.at) && world_.is_undisturbed(to, sent.at);
        if (!was_easy || !to.is_attached()) return;
        const std::uint32_t last = apps_[to.index()].last[sent.phone][sent.call];
        expect(last >= sent.number, to, "the peer's words never came", sent.call);
    }

    std::vector<Sent> sent_;
    std::array<App, kPhonesMax> apps_;
};

/// The camera is on only by its own user's word.
class CameraByConsent final : public Checker {
  public:
    explicit CameraByConsent(World& world) : Checker{world, "I6", kHooks} {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        if (const auto* wish = std::get_if<engine::VideoRequested>(&input)) {
            consent(phone, wish->call_id) = wish->on;
        } else if (const auto* answer = std::get_if<engine::VideoAnswered>(&input)) {
            if (answer->accepted) consent(phone, answer->call_id) = true;
        } else if (const auto* taking = std::get_if<engine::TakeRequested>(&input)) {
            consent(phone, taking->call_id) = true;
        } else if (const auto* place = std::get_if<engine::PlaceRequested>(&input)) {
            consent(phone, place->call_id) = place->media == protocol::Media::video;
        } else if (const auto* accept = std::get_if<engine::UserAnswered>(&input)) {
            consent(phone, accept->call_id) |= world_.scenario().has_video(call_index(accept->call_id));
        } else if (const auto* frame = std::get_if<engine::FrameReceived>(&input)) {
            const auto* merged = std::get_if<protocol::Merged>(&frame->frame.message);
            if (merged != nullptr) consent(phone, merged->into) |= consent(phone, merged->call_id);
        }
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* camera = std::get_if<engine::SetVideo>(&output);
        if (camera == nullptr || camera->video != protocol::Video::on) return;
        expect(
            consent(phone, camera->call_id), phone, "the camera is on, and its user never said so",
            call_index(camera->call_id)
        );
    }

  private:
    static constexpr Hooks kHooks{
        .inputs = inputs<
            engine::VideoRequested,
            engine::VideoAnswered,
            engine::TakeRequested,
            engine::PlaceRequested,
            engine::UserAnswered,
            engine::FrameReceived>,
        .outputs = outputs<engine::SetVideo>,
    };
    bool& consent(const Phone& phone, const CallId& id) { return consents_[phone.index()][call_index(id) % kCallsMax]; }
    std::array<std::array<bool, kCallsMax>, kPhonesMax> consents_{};
};

/// Soon after a wish for video or against it both sides have the same media.
class SidesAgreeOnMedia final : public Checker {
  public:
    explicit SidesAgreeOnMedia(World& world) : Checker{world, "I13", {.inputs = inputs<engine::VideoRequested>}} {}

    void on_input(const Phone&, const engine::Input& input) override {
        const auto* wish = std::get_if<engine::VideoRequested>(&input);
        if (wish == nullptr) return;
        const std::uint8_t call = call_index(wish->call_id);
        wished_at_[call % kCallsMax] = world_.now();
        // The other person may think about it first.
        world_.schedule({.at = world_.now() + 2 * World::kSoon, .kind = EventKind::checkpoint, .call = call});
    }
    void at_checkpoint(std::uint8_t call) override {
        const std::int64_t wished = wished_at_[call % kCallsMax];
        const auto sides = sides_of(world_, call);
        if (wished < 0 || world_.now() - wished < 2 * World::kSoon || !sides) return;
        const Phone& caller = world_.phone(sides->caller);
        const Phone& callee = world_.phone(sides->callee);
        if (!world_.is_undisturbed(caller, wished) || !world_.is_undisturbed(callee, wished)) return;
        const auto one = media_of(caller, call);
        const auto other = media_of(callee, call);
        if (one && other) expect(*one == *other, caller, "the two sides have other media", call);
    }

  private:
    static std::optional<protocol::Media> media_of(const Phone& phone, std::uint8_t call) {
        for (const engine::CallView& view : phone.engine()->calls()) {
            if (view.call_id == call_id(call) && view.phase == engine::Phase::connected) return view.media;
        }
        return std::nullopt;
    }
    std::array<std::int64_t, kCallsMax> wished_at_{-1, -1, -1, -1, -1, -1};
};

/// What each side sees of the other is what the other said last, and that is how it is.
class PeerSees final : public Checker {
  public:
    explicit PeerSees(World& world)
        : Checker{
              world,
              "I13",
              {.inputs = inputs<engine::ScreenShareChanged, engine::UserHeld>, .outputs = outputs<engine::SendFrame>}
          } {}

    void on_input(const Phone&, const engine::Input& input) override {
        if (const auto* share = std::get_if<engine::ScreenShareChanged>(&input)) changed(share->call_id);
        if (const auto* hold = std::get_if<engine::UserHeld>(&input)) changed(hold->call_id);
    }
    void on_output(const Phone&, const engine::Output& output) override {
        const auto* frame = std::get_if<engine::SendFrame>(&output);
        const auto* state = frame != nullptr ? std::get_if<protocol::MyState>(&frame->frame.message) : nullptr;
        if (state != nullptr) changed(state->call_id);
    }
    void at_checkpoint(std::uint8_t call) override {
        const std::int64_t since = world_.now() - World::kSoon;
        const auto sides = sides_of(world_, call);
        if (!sides || call >= kCallsMax || changed_at_[call] > since || moved_since(call, since)) return;
        const Phone& caller = world_.phone(sides->caller);
        const Phone& callee = world_.phone(sides->callee);
        if (!world_.is_undisturbed(caller, since) || !world_.is_undisturbed(callee, since)) return;
        check(caller, callee, call);
        check(callee, caller, call);
    }

  private:
    void changed(const CallId& id) {
        const std::uint8_t call = call_index(id);
        if (call == kNoPhone) return;
        changed_at_[call] = world_.now();
        world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = call});
    }
    /// Answered or taken over: the two have not told each other everything yet.
    [[nodiscard]] bool moved_since(std::uint8_t call, std::int64_t since) const {
        return std::ranges::any_of(world_.server().find(call)->trace, [&](const CallRecord::Line& line) {
            return line.at > since && (line.trace.what == "taken" || line.trace.what == "answered");
        });
    }
    static std::optional<engine::CallView> view_of(const Phone& phone, std::uint8_t call) {
        for (const engine::CallView& view : phone.engine()->calls()) {
            if (view.call_id == call_id(call) && view.phase == engine::Phase::connected) return view;
        }
        return std::nullopt;
    }
    void check(const Phone& who, const Phone& by, std::uint8_t call) {
        const auto mine = view_of(who, call);
        const auto theirs = view_of(by, call);
        const ScreenCall* shown = who.on_screen(call);
        const auto leg = std::ranges::find(who.legs(), call, &Leg::call);
        if (!mine || !theirs || shown == nullptr || leg == who.legs().end()) return;
        const bool is_true = mine->mine.screen_shared == leg->is_sharing && mine->mine.held == shown->is_held &&
                             mine->mine.muted == who.is_muted(call);
        expect(is_true, who, "what it says of itself is not how it is", call);
        protocol::PartyState seen = theirs->peer_state;
        seen.network_lost = mine->mine.network_lost;  // The server's word.
        expect(seen == mine->mine, by, "does not see what the peer said last", call);
        expect(!shown->is_held || !leg->is_sharing, who, "shares its screen on hold", call);
    }

    std::array<std::int64_t, kCallsMax> changed_at_{};
};

}  // namespace

void add_talk_checkers(World& world, CheckerList& list) {
    list.push_back(std::make_unique<WordsOnceInOrder>(world));
    list.push_back(std::make_unique<CameraByConsent>(world));
    list.push_back(std::make_unique<SidesAgreeOnMedia>(world));
    list.push_back(std::make_unique<PeerSees>(world));
}

}  // namespace clarion::lab::world
