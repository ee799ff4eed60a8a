// SPDX-License-Identifier: Apache-2.0
#include "lab/world/scenario.hpp"

#include <algorithm>
#include <array>

#include "lab/devices/device_os.hpp"

namespace clarion::lab::world {

namespace {

Profile make_profile(Platform platform) {
    const OsRules numbers;
    Profile profile{.platform = platform, .rules = callui::system_rules(platform)};
    switch (platform) {
        case Platform::ios:
            profile.action_timeout = numbers.action_timeout;
            profile.background_grace = numbers.background_grace;
            profile.has_push = true;
            profile.cellular = CellularRule::arbitrated;
            break;
        case Platform::android:
            profile.background_grace = numbers.push_window;
            profile.has_push = true;
            profile.system_removes_late = true;
            profile.cellular = CellularRule::arbitrated;
            break;
        case Platform::desktop:
        case Platform::web: profile.system_removes_late = true; break;
    }
    return profile;
}

CallId make_call_id(std::uint8_t call) {
    CallId id;
    id.uuid.bytes[0] = 0xC0;
    id.uuid.bytes[6] = 0x40;
    id.uuid.bytes[8] = 0x80;
    id.uuid.bytes[15] = static_cast<std::uint8_t>(call + 1);
    return id;
}

/// Draws a scenario. Order matters only for the meaning of a seed.
class Maker {
  public:
    Maker(std::uint64_t seed, bool with_faults)
        : random_{seed * 2 + (with_faults ? 1 : 0)}, more_{dice(seed, with_faults ? 1 : 2)} {
        made_.seed = seed;
        made_.has_faults = with_faults;
        made_.has_races = with_faults;
    }

    Scenario make() {
        add_phones();
        made_.has_faults ? add_troubled_calls() : add_calm_calls();
        if (made_.has_faults) add_faults();
        std::swap(random_, more_);
        add_more();
        return std::move(made_);
    }

  private:
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
    }
    std::int64_t between(std::int64_t least, std::int64_t most) { return least + below(most - least + 1); }
    bool chance(int percent) { return below(100) < percent; }
    std::uint8_t phone_of(std::uint8_t user) {
        std::vector<std::uint8_t> theirs;
        for (std::uint8_t i = 0; i < made_.phones.size(); ++i) {
            if (made_.phones[i].user == user) theirs.push_back(i);
        }
        return theirs[static_cast<std::size_t>(below(static_cast<std::int64_t>(theirs.size())))];
    }
    std::uint8_t any_phone() {
        return static_cast<std::uint8_t>(below(static_cast<std::int64_t>(made_.phones.size())));
    }

    void add_phone(std::uint8_t user) {
        static constexpr std::array kPlatforms{Platform::ios, Platform::android, Platform::desktop, Platform::web};
        PhoneSpec spec{.user = user, .platform = kPlatforms[static_cast<std::size_t>(below(4))]};
        const bool has_push = profile_of(spec.platform).has_push;
        spec.is_online = !has_push || chance(30);
        spec.is_running = spec.is_online || chance(50);
        spec.has_token = !has_push || spec.is_online || chance(70);
        if (made_.has_faults && chance(30)) spec.clock_skew = Duration{between(-40'000, 40'000)};
        made_.phones.push_back(spec);
    }
    void add_phones() {
        // Fewer are more frequent: most races need two.
        static constexpr std::array<std::uint8_t, 8> kCounts{1, 1, 1, 2, 2, 2, 3, 4};
        for (std::uint8_t user = 0; user < 2; ++user) {
            const auto count = kCounts[static_cast<std::size_t>(below(kCounts.size()))];
            for (std::uint8_t i = 0; i < count; ++i) add_phone(user);
        }
    }
    void add(Deed deed) { made_.deeds.push_back(deed); }

    /// Calls one after the other: what each person does decides how they end.
    void add_calm_calls() {
        made_.calls = static_cast<std::uint8_t>(between(1, 3));
        for (std::uint8_t call = 0; call < made_.calls; ++call) {
            const std::int64_t at = 1'000 + call * 100'000;
            const auto caller = static_cast<std::uint8_t>(below(2));
            const std::uint8_t from = phone_of(caller);
            made_.phones[from].has_token = true;
            const auto to = static_cast<std::uint8_t>(1 - caller);
            add({DeedKind::place, Trigger::start, from, call, at, to});
            const std::int64_t story = below(10);
            if (story < 7) {
                add({DeedKind::accept, Trigger::ring, phone_of(to), call, between(500, 5'000)});
                add_talk(call, from, phone_of(to), at + 8'000);
                add({DeedKind::hang_up, Trigger::start, chance(50) ? from : phone_of(to), call, at + 20'000});
                add({DeedKind::hang_up, Trigger::start, from, call, at + 25'000});
            } else if (story < 8) {
                add({DeedKind::decline, Trigger::ring, phone_of(to), call, between(500, 5'000)});
            } else if (story < 9) {
                add({DeedKind::hang_up, Trigger::start, from, call, at + between(2'000, 20'000)});
            }
        }
    }

    void add_troubled_calls() {
        made_.calls = static_cast<std::uint8_t>(between(1, 3));
        std::int64_t at = 1'000;
        for (std::uint8_t call = 0; call < made_.calls; ++call) {
            const auto caller = static_cast<std::uint8_t>(below(2));
            const std::uint8_t from = phone_of(caller);
            made_.phones[from].has_token = true;
            const auto to = static_cast<std::uint8_t>(1 - caller);
            add({DeedKind::place, Trigger::start, from, call, at, to});
            add_reactions(call, from, to, at);
            add_talk(call, from, phone_of(to), at + between(3'000, 30'000));
            if (chance(15)) add({DeedKind::take, Trigger::start, any_phone(), call, at + between(3'000, 40'000)});
            // Glare and several at once, or one after the other.
            at += chance(60) ? between(0, 3'000) : between(20'000, 90'000);
        }
        made_.calm_from = at + 60'000;
    }
    /// What people do while they talk.
    void add_talk(std::uint8_t call, std::uint8_t caller, std::uint8_t callee, std::int64_t at) {
        if (chance(20)) add({DeedKind::send_data, Trigger::start, caller, call, at + between(0, 9'000)});
        if (chance(20)) {
            for (int i = 0; i < 3; ++i) add({DeedKind::send_data, Trigger::start, callee, call, at + between(0, 500)});
        }
        if (chance(15)) add({DeedKind::ask_video, Trigger::start, caller, call, at + between(0, 1'000)});
        if (chance(15)) add({DeedKind::ask_video, Trigger::start, callee, call, at + between(0, 1'000)});
        if (chance(15)) add({DeedKind::stop_video, Trigger::start, caller, call, at + between(3'000, 8'000)});
    }
    void add_reactions(std::uint8_t call, std::uint8_t from, std::uint8_t to, std::int64_t at) {
        for (std::uint8_t phone = 0; phone < made_.phones.size(); ++phone) {
            if (made_.phones[phone].user != to) continue;
            const std::int64_t what = below(10);
            // People who answer at the same moment, and at the very end of the ringing.
            const std::int64_t delay = chance(20)   ? between(57'000, 62'000)
                                       : chance(50) ? 2'000 + below(60)
                                                    : below(9'000);
            if (what < 5) add({DeedKind::accept, Trigger::ring, phone, call, delay});
            if (what == 5) add({DeedKind::decline, Trigger::ring, phone, call, delay});
            if (what < 5 && chance(40)) {
                add({DeedKind::hold, Trigger::ring, phone, call, delay + between(1'000, 6'000)});
                add({DeedKind::unhold, Trigger::ring, phone, call, delay + between(6'000, 12'000)});
            }
            if (what < 5 && chance(30)) add({DeedKind::mute, Trigger::ring, phone, call, delay + between(0, 9'000)});
            if (what < 5 && chance(20)) add({DeedKind::unmute, Trigger::ring, phone, call, delay + between(0, 9'000)});
            if (chance(40)) add({DeedKind::hang_up, Trigger::ring, phone, call, delay + between(0, 30'000)});
            if (chance(15)) add({DeedKind::repeat_tap, Trigger::ring, phone, call, delay + between(1, 500)});
            if (chance(40)) add({DeedKind::open_app, Trigger::start, phone, call, at + between(0, 60'000)});
        }
        if (chance(40)) add({DeedKind::hang_up, Trigger::start, from, call, at + between(0, 40'000)});
        if (chance(20)) add({DeedKind::hold, Trigger::start, from, call, at + between(5'000, 20'000)});
        if (chance(5)) add({DeedKind::end_by_app_server, Trigger::start, from, call, at + between(0, 40'000)});
    }

    void add_faults() {
        Weather& weather = made_.weather;
        if (chance(30)) weather.push_loss = static_cast<std::uint32_t>(between(5, 60));
        if (chance(40)) weather.push_duplicates = static_cast<std::uint32_t>(between(10, 60));
        if (chance(50)) weather.slow_writes = static_cast<std::uint32_t>(between(10, 80));
        if (chance(20)) weather.deaf_opens = static_cast<std::uint32_t>(between(5, 50));
        if (chance(50)) weather.push_delay = Duration{between(100, 40'000)};
        if (chance(50)) weather.latency = Duration{between(5, 1'500)};
        const std::int64_t count = below(6);
        for (std::int64_t i = 0; i < count; ++i) add_fault();
        if (chance(4)) add({DeedKind::refuse_calls, Trigger::start, any_phone(), 0, below(made_.calm_from)});
        if (chance(4)) add({DeedKind::block_caller, Trigger::start, any_phone(), 0, below(made_.calm_from)});
        if (chance(15)) {
            static constexpr std::array kRefusals{DeedKind::focus_on, DeedKind::block_list, DeedKind::no_permission};
            add({kRefusals[static_cast<std::size_t>(below(3))], Trigger::start, any_phone(), 0, below(made_.calm_from)}
            );
        }
    }
    void add_fault() {
        static constexpr std::array kKinds{
            DeedKind::kill,           DeedKind::kill,
            DeedKind::kill,           DeedKind::reboot,
            DeedKind::network_off,    DeedKind::network_off,
            DeedKind::break_socket,   DeedKind::break_socket,
            DeedKind::restart_server, DeedKind::push_outage,
            DeedKind::clock_jump,     DeedKind::forged_push,
            DeedKind::wrong_push,     DeedKind::audio_interrupted,
        };
        Deed deed{.kind = kKinds[static_cast<std::size_t>(below(kKinds.size()))], .phone = any_phone()};
        deed.call = static_cast<std::uint8_t>(below(made_.calls));
        const std::int64_t when = below(10);
        if (when < 3) {
            deed.trigger = Trigger::start;
            deed.at = below(made_.calm_from);
        } else if (when < 6) {
            deed.trigger = Trigger::ring;
            deed.at = below(12'000);
        } else {
            deed.trigger = Trigger::step;
            deed.at = between(1, 40);
        }
        switch (deed.kind) {
            case DeedKind::clock_jump: deed.amount = between(-7'200'000, 7'200'000); break;
            case DeedKind::restart_server: deed.amount = between(50, 5'000); break;
            case DeedKind::push_outage: deed.amount = between(1'000, 70'000); break;
            case DeedKind::break_socket: deed.amount = between(0, 20'000); break;
            case DeedKind::kill:
            case DeedKind::reboot: deed.amount = chance(60) ? between(100, 30'000) : 0; break;  // Opened again then.
            default: deed.amount = between(200, 30'000); break;
        }
        add(deed);
    }

    /// What was thought of later: from numbers of its own, so that the rest of a story stays what it was.
    void add_more() {
        for (PhoneSpec& spec : made_.phones) {
            spec.has_telecom = chance(50);
            spec.ends_for_cellular = chance(25);
        }
        const std::vector<Deed> deeds = made_.deeds;
        for (const Deed& deed : deeds) {
            if (deed.kind != DeedKind::place) continue;
            const std::uint8_t peer = phone_of(static_cast<std::uint8_t>(deed.amount));
            if (chance(15)) add_sharing(deed.call, chance(50) ? deed.phone : peer, deed.at);
            if (chance(20)) add_cellular(deed.call, chance(50) ? deed.phone : peer, deed.at);
            if (chance(20)) made_.with_video |= 1U << deed.call;
        }
    }
    void add_sharing(std::uint8_t call, std::uint8_t phone, std::int64_t at) {
        const std::int64_t start = at + (made_.has_faults ? between(3'000, 30'000) : between(8'000, 15'000));
        add({DeedKind::share_screen, Trigger::start, phone, call, start});
        if (chance(50)) add({DeedKind::stop_sharing, Trigger::start, phone, call, start + between(500, 30'000)});
        // On hold it stops by itself.
        if (chance(30)) add({DeedKind::hold, Trigger::start, phone, call, start + between(100, 3'000)});
    }
    void add_cellular(std::uint8_t call, std::uint8_t phone, std::int64_t at) {
        const std::int64_t start = at + (made_.has_faults ? between(0, 40'000) : between(8'000, 12'000));
        const std::int64_t end = start + (made_.has_faults ? between(500, 40'000) : between(500, 6'000));
        add({DeedKind::cellular_begins, Trigger::start, phone, call, start});
        add({DeedKind::cellular_ends, Trigger::start, phone, call, end});
        // Where the system arbitrates nobody gives the call back: its user does.
        if (chance(50)) add({DeedKind::unhold, Trigger::start, phone, call, start + between(0, 45'000)});
    }

    Random random_;
    Random more_;
    Scenario made_;
};

}  // namespace

std::string_view to_string(DeedKind kind) {
    static constexpr std::array<std::string_view, 35> kWords{
        "place",
        "accept",
        "decline",
        "hang up",
        "hold",
        "unhold",
        "mute",
        "unmute",
        "tap told again",
        "open app",
        "focus on",
        "focus off",
        "block list",
        "no permission",
        "refuses calls",
        "blocks the caller",
        "sends data",
        "asks for video",
        "stops video",
        "shares the screen",
        "stops sharing",
        "takes the call",
        "cellular call begins",
        "cellular call ends",
        "process killed",
        "reboot",
        "network off",
        "socket breaks",
        "server restarts",
        "push outage",
        "clock jumps",
        "forged push",
        "wrong push",
        "audio interrupted",
        "ended by the app server",
    };
    return kWords[static_cast<std::size_t>(kind)];
}

const Profile& profile_of(Platform platform) {
    static const std::array<Profile, 4> kProfiles{
        make_profile(Platform::ios), make_profile(Platform::android), make_profile(Platform::desktop),
        make_profile(Platform::web)
    };
    return *std::ranges::find(kProfiles, platform, &Profile::platform);
}

Scenario make_scenario(std::uint64_t seed, bool with_faults) { return Maker{seed, with_faults}.make(); }

Scenario make_plain_call(std::uint64_t seed) {
    return {
        .seed = seed,
        .has_races = false,
        .phones =
            {{.user = 0, .platform = Platform::desktop, .is_online = true, .is_running = true},
             {.user = 1, .platform = Platform::ios}},
        .deeds =
            {
                {.kind = DeedKind::place, .phone = 0, .at = 1'000, .amount = 1},
                {.kind = DeedKind::accept, .trigger = Trigger::ring, .phone = 1, .at = 2'000},
                {.kind = DeedKind::hang_up, .phone = 0, .at = 20'000},
            },
    };
}

CallId call_id(std::uint8_t call) { return make_call_id(call); }

std::uint8_t call_index(const CallId& id) {
    const std::uint8_t call = static_cast<std::uint8_t>(id.uuid.bytes[15] - 1);
    return call < kCallsMax && id == make_call_id(call) ? call : kNoPhone;
}

const UserId& user_id(std::uint8_t user) {
    static const std::array<UserId, 3> kUsers{*UserId::parse("alice"), *UserId::parse("bob"), *UserId::parse("carol")};
    return kUsers.at(user);
}

const std::string& user_name(std::uint8_t user) {
    static const std::array<std::string, 3> kNames{"Alice", "Bob", "Carol"};
    return kNames.at(user);
}

const DeviceId& device_id(std::uint8_t phone) {
    static const auto kDevices = [] {
        std::array<DeviceId, kPhonesMax> made;
        for (std::uint8_t i = 0; i < kPhonesMax; ++i) made[i] = *DeviceId::parse("p" + std::to_string(i));
        return made;
    }();
    return kDevices.at(phone);
}

std::uint8_t phone_index(const DeviceId& id) {
    const bool is_ours = id.text().size() == 2 && id.text()[0] == 'p';
    return is_ours ? static_cast<std::uint8_t>(id.text()[1] - '0') : kNoPhone;
}

}  // namespace clarion::lab::world
