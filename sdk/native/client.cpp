// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/client.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <deque>
#include <utility>
#include <variant>

#include "core/codec/protocol_codec.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/io_described.hpp"
#include "core/protocol/messages_described.hpp"
#include "crypto/keys.hpp"
#include "net/clock.hpp"
#include "sdk/media/webrtc.hpp"
#include "sdk/native/device_state.hpp"
#include "sdk/native/files.hpp"
#include "sdk/native/journal.hpp"
#include "sdk/native/media_legs.hpp"
#include "sdk/native/server_link.hpp"
#include "sdk/native/snapshot_text.hpp"

namespace clarion {
namespace {

using engine::Engine;
using native::DeviceState;

std::uint64_t random_number() {
    std::array<std::uint8_t, 8> bytes{};
    crypto::random_bytes(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

engine::Config config_of(const DeviceState& device, const ClientOptions& options) {
    engine::Config config;
    if (options.configure) options.configure(config);
    config.service = device.service;
    config.user = device.user;
    config.device = device.device;
    config.platform = device.platform;
    config.token = device.token;
    config.renews_token = static_cast<bool>(options.on_token_wanted);
    return config;
}

engine::PlaceRequested request_of(const CallId& call, const UserId& to, const PlaceOptions& options) {
    const auto kept = [](const std::optional<std::string>& text) {
        return text ? std::optional{Redacted{*text}} : std::nullopt;
    };
    return {
        .call_id = call,
        .to_user = to,
        .to_name = Redacted{options.to_name},
        .from_name = kept(options.from_name),
        .media = options.media,
        .start_message = kept(options.start_message),
        .app_server_data = kept(options.app_server_data),
        .extra = kept(options.extra),
        .responder_preparation = options.responder_preparation,
        .allow_without_microphone = options.allow_without_microphone,
    };
}

std::string_view text_of(engine::InputError error) {
    switch (error) {
        case engine::InputError::undrained: return "undrained";
        case engine::InputError::time_went_back: return "time went back";
        case engine::InputError::unknown_call: return "unknown call";
        case engine::InputError::wrong_state: return "not possible in this state of the call";
        case engine::InputError::duplicate_call: return "the call id is in use";
        case engine::InputError::too_many_calls: return "too many calls";
        case engine::InputError::bad_input: return "a field is out of its limits";
    }
    return "unknown";
}

std::string_view name_of(const engine::Input& input) {
    return std::visit([]<class Fact>(const Fact&) { return Describe<Fact>::name; }, input);
}

template <class T, class Variant>
inline constexpr bool is_one_of = false;
template <class T, class... Alternatives>
inline constexpr bool is_one_of<T, std::variant<Alternatives...>> = (std::same_as<T, Alternatives> || ...);

template <class T>
concept MediaCommand = requires(native::MediaLegs& legs, const T& command) { legs.perform(command); };

}  // namespace

struct Client::Impl {
    Impl(net::Loop& its_loop, ClientOptions its_options, native::SystemUi& ui)
        : loop{its_loop}, options{std::move(its_options)}, system_ui{ui}, timer{its_loop}, measuring{its_loop} {}

    [[nodiscard]] std::expected<void, std::string> open();
    [[nodiscard]] std::expected<void, std::string> open_media();
    [[nodiscard]] std::expected<void, std::string> restore();
    [[nodiscard]] std::expected<Engine, std::string> restore_from(const native::JournalEntry& entry) const;

    std::expected<void, engine::InputError> take(const engine::Input& input);
    void feed(const engine::Input& input);
    void timeout();
    void settle();
    void drain();
    void perform(const engine::Output& output);
    void store();
    void measure();
    void receive(std::string_view text);
    void watch(const protocol::ServerMessage& message);
    void watch_refusal(const protocol::Error& error);
    void told_down(const std::string& text);
    void told(ConnectionState state, const std::string& text);
    void log(LogLevel level, std::string_view line) const;

    net::Loop& loop;
    ClientOptions options;
    native::SystemUi& system_ui;
    net::Timer timer;
    net::Timer measuring;
    DeviceState device;
    std::optional<native::DirectoryLock> lock;
    std::optional<native::PushOpener> opener;
    std::optional<native::Journal> journal;
    std::optional<Engine> machine;
    std::unique_ptr<native::ServerLink> link;
    std::unique_ptr<native::MediaLegs> legs;
    OnEvent on_event;
    std::deque<engine::Input> waiting;  // Facts that came while commands were performed.
    bool is_busy = false;
    bool is_greeting = false;  // The connection is open, and the server did not say yet whether it takes this device.
    bool is_timeout = false;   // The commands that are performed follow from a deadline.
};

// ---- start ----

std::expected<void, std::string> Client::Impl::open() {
    const auto& directory = options.state_directory;
    auto state = native::load_device(directory);
    if (!state) return std::unexpected{state.error()};
    device = std::move(*state);

    auto locked = native::DirectoryLock::take(directory);
    if (!locked) return std::unexpected{locked.error()};
    lock = std::move(*locked);

    auto opening = native::PushOpener::load(native::box_key_file(directory), device.verify_keys);
    if (!opening) return std::unexpected{opening.error()};
    opener = std::move(*opening);

    auto linked = native::ServerLink::create(
        loop, device.server, device.ca_file,
        {
            .opened =
                [this] {
                    is_greeting = true;
                    feed(engine::SignallingOpened{});
                },
            .closed =
                [this](engine::SignallingFault fault, const std::string& text) {
                    is_greeting = false;
                    const bool is_refused = fault == engine::SignallingFault::refused;
                    told(is_refused ? ConnectionState::refused : ConnectionState::down, text);
                    feed(engine::SignallingClosed{fault});
                },
            .received = [this](std::string_view text) { receive(text); },
        }
    );
    if (!linked) return std::unexpected{linked.error()};
    link = std::move(*linked);

    if (auto opened = open_media(); !opened) return opened;
    journal.emplace(native::journal_file(directory), native::system_boot_id());
    return restore();
}

std::expected<void, std::string> Client::Impl::open_media() {
    if (!options.media) {
        auto factory = media::create_webrtc_factory();
        if (!factory) return std::unexpected{factory.error().text};
        options.media = std::move(*factory);
        options.media->warm_up_in_background();
    }
    legs = std::make_unique<native::MediaLegs>(
        loop, *options.media,
        [this] {
            return media::LegOptions{
                .input = options.audio_input,
                .output = options.audio_output,
                .stun = options.stun,
                .turn = options.turn,
                .loopback_only = options.loopback_only,
            };
        },
        [this](const engine::Input& input) { feed(input); },
        [this](const CallId& call, const std::string& text) {
            log(LogLevel::info, fmt::format("call {}: {}", call.text(), text));
        }
    );
    return {};
}

std::expected<void, std::string> Client::Impl::restore() {
    const auto entry = journal->load();
    if (!entry) {
        // The calls are still in it: they must not be dropped because the disk or the process had a bad moment.
        if (entry.error().kind == native::JournalError::Kind::unreadable) return std::unexpected{entry.error().text};
        log(LogLevel::warning, entry.error().text);
    }
    if (entry && *entry) {
        auto restored = restore_from(**entry);
        if (restored) {
            machine.emplace(std::move(*restored));
            return {};
        }
        journal->set_aside();
        log(LogLevel::warning,
            fmt::format("the journal was put aside, starting without the calls it held: {}", restored.error()));
    }
    machine.emplace(config_of(device, options), net::boot_now(), random_number());
    return {};
}

std::expected<Engine, std::string> Client::Impl::restore_from(const native::JournalEntry& entry) const {
    const auto snapshot = native::parse_snapshot(entry.snapshot);
    if (!snapshot) return std::unexpected{snapshot.error()};
    auto restored =
        Engine::restore(config_of(device, options), *snapshot, net::boot_now(), net::wall_now(), entry.same_boot);
    if (restored) return std::move(*restored);
    const bool is_other = restored.error() == engine::RestoreError::unknown_version;
    return std::unexpected{std::string{is_other ? "it is of another version" : "it is damaged"}};
}

// ---- the loop: facts in, commands out ----

void Client::Impl::feed(const engine::Input& input) {
    if (is_busy) {
        waiting.push_back(input);
        return;
    }
    (void)take(input);
}

/// The result is of this fact; those that came meanwhile are taken as well.
std::expected<void, engine::InputError> Client::Impl::take(const engine::Input& input) {
    is_busy = true;
    auto result = machine->handle_input(net::boot_now(), input);
    if (!result) log(LogLevel::debug, fmt::format("{} refused: {}", name_of(input), text_of(result.error())));
    settle();
    return result;
}

void Client::Impl::timeout() {
    is_busy = true;
    if (auto result = machine->handle_timeout(net::boot_now()); !result) {
        log(LogLevel::error, fmt::format("timeout refused: {}", text_of(result.error())));
    }
    is_timeout = true;
    drain();
    is_timeout = false;
    settle();
}

void Client::Impl::settle() {
    is_busy = true;
    drain();
    while (!waiting.empty()) {
        const auto next = std::move(waiting.front());
        waiting.pop_front();
        if (auto result = machine->handle_input(net::boot_now(), next); !result) {
            log(LogLevel::debug, fmt::format("{} refused: {}", name_of(next), text_of(result.error())));
        }
        drain();
    }
    is_busy = false;
    timer.arm_at(machine->next_deadline().at, [this] { timeout(); });
}

void Client::Impl::drain() {
    // A snapshot is taken of a drained engine, so all commands are fetched before the first is performed.
    std::vector<engine::Output> batch;
    while (auto output = machine->poll_output()) batch.push_back(std::move(*output));
    bool is_stored = false;
    for (const auto& output : batch) {
        if (!std::holds_alternative<callui::PersistSnapshot>(output)) {
            perform(output);
        } else if (!is_stored) {
            store();
            is_stored = true;
        }
    }
}

void Client::Impl::store() {
    if (auto stored = journal->store(native::snapshot_text(machine->snapshot())); !stored)
        log(LogLevel::error, stored.error());
}

void Client::Impl::perform(const engine::Output& output) {
    std::visit(
        [&]<class T>(const T& command) {
            if constexpr (is_one_of<T, native::SystemCommand>) {
                system_ui.perform(command);
                if constexpr (std::same_as<T, callui::EmitEvent>) {
                    if (on_event) on_event(command.event);
                    waiting.push_back(engine::EventsAcknowledged{command.event.seq});
                }
            } else if constexpr (MediaCommand<T>) {
                legs->perform(command);
            } else if constexpr (std::same_as<T, engine::OpenSignalling>) {
                link->open();
            } else if constexpr (std::same_as<T, engine::CloseSignalling>) {
                // Given up because time ran out, not because nobody needs it: people wait for a word.
                if (std::exchange(is_greeting, false) && is_timeout) told_down("the server did not answer");
                link->close();
            } else if constexpr (std::same_as<T, engine::SendFrame>) {
                link->send(codec::encode_frame(command.frame));
            } else if constexpr (std::same_as<T, engine::RequestToken>) {
                if (options.on_token_wanted) options.on_token_wanted(command.refused);
            } else if constexpr (std::same_as<T, engine::PlayTone>) {
                if (options.on_tone) options.on_tone(command);
            } else if constexpr (std::same_as<T, engine::StopTone>) {
                if (options.on_tone) options.on_tone(std::nullopt);
            } else if constexpr (std::same_as<T, engine::SetAudioRoute>) {
                if (options.on_audio_route) options.on_audio_route(command.route);
            } else if constexpr (std::same_as<T, engine::EmitNotice>) {
                if (options.on_notice) options.on_notice(command.notice);
            } else {
                static_assert(std::same_as<T, callui::PersistSnapshot>, "a command that nobody performs");
            }
        },
        output
    );
}

void Client::Impl::measure() {
    if (options.measure_every <= Duration{0}) return;
    legs->measure();
    measuring.arm(options.measure_every, [this] { measure(); });
}

void Client::Impl::receive(std::string_view text) {
    auto frame = codec::decode_server_frame(text);
    if (!frame) {
        if (frame.error().code == codec::DecodeErrorCode::unknown_type) {
            log(LogLevel::info, "a message of a newer server was skipped");
            return;
        }
        log(LogLevel::warning, fmt::format("a message of the server is broken: {}", frame.error().message()));
        link->close();
        is_greeting = false;
        told_down("the server sent a broken message");
        feed(engine::SignallingClosed{engine::SignallingFault::protocol_error});
        return;
    }
    watch(frame->message);
    const auto wall_now = net::wall_now();
    if (const auto* incoming = std::get_if<protocol::Incoming>(&frame->message)) {
        // The same invite that a push would carry, and as little believed; nothing has to be reported for it.
        feed(opener->open_cc_param(incoming->cc_param.reveal(), wall_now, false));
    }
    feed(engine::FrameReceived{std::move(*frame), wall_now});
}

/// For the people in front of it; the engine sees every frame itself.
void Client::Impl::watch(const protocol::ServerMessage& message) {
    if (const auto* welcome = std::get_if<protocol::Welcome>(&message)) {
        is_greeting = false;
        if (welcome->version != protocol::kProtocolVersion) {
            watch_refusal({.code = protocol::ErrorCode::wrong_version});
            return;
        }
        told(ConnectionState::up, "");
    } else if (const auto* error = std::get_if<protocol::Error>(&message)) {
        if (std::exchange(is_greeting, false)) {
            watch_refusal(*error);
        } else {
            log(LogLevel::info,
                fmt::format("the server refused a message: {} ({})", to_string(error->code), error->message));
        }
    }
}

/// The answer to hello. Whatever it is, somebody who waits for calls must know that none will come.
void Client::Impl::watch_refusal(const protocol::Error& error) {
    const std::string why = error.message.empty() ? std::string{to_string(error.code)} : error.message;
    switch (error.code) {
        case protocol::ErrorCode::wrong_version:
            return told(ConnectionState::refused, "the server speaks another version of the protocol: update clarion");
        case protocol::ErrorCode::not_authorized:
            return told(
                ConnectionState::refused, fmt::format(
                                              "{}; get a new token: clarion token {} --state {}", why,
                                              device.user.text(), options.state_directory.string()
                                          )
            );
        default: return told(ConnectionState::down, fmt::format("the server refused the connection: {}", why));
    }
}

void Client::Impl::told_down(const std::string& text) { told(ConnectionState::down, text); }

void Client::Impl::told(ConnectionState state, const std::string& text) {
    log(LogLevel::debug, fmt::format("connection: {}", state == ConnectionState::up ? "up" : text));
    if (options.on_connection) options.on_connection(state, text);
}

void Client::Impl::log(LogLevel level, std::string_view line) const {
    if (options.log) options.log(level, line);
}

// ---- the public face ----

std::expected<std::unique_ptr<Client>, std::string> Client::create(
    net::Loop& loop, ClientOptions options, native::SystemUi& system_ui
) {
    auto impl = std::make_unique<Impl>(loop, std::move(options), system_ui);
    if (auto opened = impl->open(); !opened) return std::unexpected{opened.error()};
    return std::unique_ptr<Client>{new Client{std::move(impl)}};
}

Client::Client(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Client::~Client() = default;

void Client::start() {
    impl_->settle();
    impl_->measure();
}

void Client::push_received(const native::PushData& data, bool must_report) {
    impl_->feed(impl_->opener->open(data, net::wall_now(), must_report));
}

void Client::feed(const engine::Input& input) { impl_->feed(input); }

void Client::attach(OnEvent on_event) {
    impl_->on_event = std::move(on_event);
    impl_->feed(engine::AppAttached{});
}

void Client::online(bool on) { impl_->feed(engine::OnlineRequested{on}); }

std::expected<CallId, std::string> Client::place(const UserId& to, const PlaceOptions& options) {
    if (impl_->is_busy) return std::unexpected{std::string{"place a call from the loop, not from inside a callback"}};
    const CallId call{Uuid::v4(random_number(), random_number())};
    const auto placed = impl_->take(request_of(call, to, options));
    if (!placed) return std::unexpected{fmt::format("the call was refused: {}", text_of(placed.error()))};
    return call;
}

void Client::answer(const CallId& call) { impl_->feed(engine::UserAnswered{call}); }

void Client::end(const CallId& call) { impl_->feed(engine::UserEnded{call}); }

void Client::mute(const CallId& call, bool on) { impl_->feed(engine::UserMuted{call, on}); }

void Client::hold(const CallId& call, bool on) { impl_->feed(engine::UserHeld{call, on}); }

void Client::end_all() { impl_->feed(engine::AllCallsEnded{}); }

void Client::supply_token(std::string token) { impl_->feed(engine::TokenSupplied{Redacted{std::move(token)}}); }

void Client::sign_out() { impl_->feed(engine::SignedOut{}); }

void Client::network_changed() { impl_->feed(engine::NetworkChanged{}); }

void Client::list_calls() { impl_->feed(engine::CallsRequested{}); }

void Client::take(const CallId& call) { impl_->feed(engine::TakeRequested{call}); }

engine::StartFail Client::start_fail(const UserId& to, const PlaceOptions& options) const {
    return impl_->machine->start_fail(request_of(CallId{Uuid::v4(random_number(), random_number())}, to, options));
}

engine::Adoption Client::adopt(const CallId& call) const { return impl_->machine->adopt(call); }

const UserId& Client::user() const { return impl_->device.user; }

const DeviceId& Client::device() const { return impl_->device.device; }

std::vector<engine::CallView> Client::calls() const { return impl_->machine->calls(); }

bool Client::is_idle() const { return impl_->link->is_quiet() && impl_->legs->size() == 0; }

}  // namespace clarion
