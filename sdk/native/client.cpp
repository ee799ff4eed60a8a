// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/client.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>
#include <variant>

#include "core/codec/inner_json.hpp"
#include "core/codec/protocol_codec.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/io_described.hpp"
#include "core/protocol/messages_described.hpp"
#include "crypto/keys.hpp"
#include "net/clock.hpp"
#include "sdk/media/webrtc.hpp"
#include "sdk/native/device_state.hpp"
#include "sdk/native/machine_host.hpp"
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

media::Tone media_tone(engine::Tone tone) {
    switch (tone) {
        case engine::Tone::ring: return media::Tone::ring;
        case engine::Tone::ringback: return media::Tone::ringback;
        case engine::Tone::hold: return media::Tone::hold;
        case engine::Tone::end: return media::Tone::end;
        case engine::Tone::busy: return media::Tone::busy;
    }
    return media::Tone::end;
}

template <class T>
concept MediaCommand = requires(native::MediaLegs& legs, const T& command) { legs.perform(command); };

}  // namespace

struct Client::Impl {
    using Host = native::MachineHost<Engine, engine::Input, engine::Output>;

    Impl(net::Loop& its_loop, ClientOptions its_options, native::SystemUi& ui)
        : loop{its_loop},
          options{std::move(its_options)},
          measuring{its_loop},
          host{its_loop, ui, kind(), options.log} {}

    [[nodiscard]] Host::Kind kind();
    [[nodiscard]] std::expected<void, std::string> open();
    [[nodiscard]] std::expected<void, std::string> open_media();
    [[nodiscard]] std::expected<Engine, std::string> restore(const native::JournalEntry& entry) const;

    void perform(const engine::Output& output);
    void play(const std::optional<engine::PlayTone>& tone);
    void measure();
    void receive(std::string_view text);
    void watch(const protocol::ServerMessage& message);
    void watch_refusal(const protocol::Error& error);
    void told_down(const std::string& text);
    void told(ConnectionState state, const std::string& text);

    net::Loop& loop;
    ClientOptions options;
    net::Timer measuring;
    DeviceState device;
    std::optional<native::PushOpener> opener;
    Host host;
    std::unique_ptr<native::ServerLink> link;
    std::unique_ptr<native::MediaLegs> legs;
    bool is_greeting = false;  // The connection is open, and the server did not say yet whether it takes this device.
};

// ---- start ----

std::expected<void, std::string> Client::Impl::open() {
    const auto& directory = options.state_directory;
    auto state = native::load_device(directory);
    if (!state) return std::unexpected{state.error()};
    device = std::move(*state);

    auto opening = native::PushOpener::load(native::box_key_file(directory), device.verify_keys);
    if (!opening) return std::unexpected{opening.error()};
    opener = std::move(*opening);

    auto linked = native::ServerLink::create(
        loop, device.server, device.ca_file,
        {
            .opened =
                [this] {
                    is_greeting = true;
                    host.feed(engine::SignallingOpened{});
                },
            .closed =
                [this](engine::SignallingFault fault, const std::string& text) {
                    is_greeting = false;
                    const bool is_refused = fault == engine::SignallingFault::refused;
                    told(is_refused ? ConnectionState::refused : ConnectionState::down, text);
                    host.feed(engine::SignallingClosed{fault});
                },
            .received = [this](std::string_view text) { receive(text); },
        }
    );
    if (!linked) return std::unexpected{linked.error()};
    link = std::move(*linked);

    if (auto opened = open_media(); !opened) return opened;
    return host.open(directory, native::journal_file(directory));
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
        [this](const engine::Input& input) { host.feed(input); },
        [this](const CallId& call, const std::string& text) {
            host.log(LogLevel::info, fmt::format("call {}: {}", call.text(), text));
        }
    );
    return {};
}

Client::Impl::Host::Kind Client::Impl::kind() {
    return {
        .create = [this] { return Engine{config_of(device, options), net::boot_now(), random_number()}; },
        .restore = [this](const native::JournalEntry& entry) { return restore(entry); },
        .text = [](const Engine& engine) { return native::snapshot_text(engine.snapshot()); },
        .perform = [this](const engine::Output& output) { perform(output); },
    };
}

std::expected<Engine, std::string> Client::Impl::restore(const native::JournalEntry& entry) const {
    const auto snapshot = native::parse_snapshot(entry.snapshot);
    if (!snapshot) return std::unexpected{snapshot.error()};
    auto restored =
        Engine::restore(config_of(device, options), *snapshot, net::boot_now(), net::wall_now(), entry.same_boot);
    if (!restored) return std::unexpected{std::string{native::text_of(restored.error())}};
    return std::move(*restored);
}

// ---- commands out, facts in ----

void Client::Impl::perform(const engine::Output& output) {
    std::visit(
        [&]<class T>(const T& command) {
            if constexpr (MediaCommand<T>) {
                legs->perform(command);
            } else if constexpr (std::same_as<T, engine::OpenSignalling>) {
                link->open();
            } else if constexpr (std::same_as<T, engine::CloseSignalling>) {
                // Given up because time ran out, not because nobody needs it: people wait for a word.
                if (std::exchange(is_greeting, false) && host.is_timeout()) told_down("the server did not answer");
                link->close();
            } else if constexpr (std::same_as<T, engine::SendFrame>) {
                link->send(codec::encode_frame(command.frame));
            } else if constexpr (std::same_as<T, engine::OpenInvite>) {
                // As little believed as a push; nothing has to be reported for it.
                host.feed(opener->open_cc_param(command.cc_param.reveal(), net::wall_now(), false));
            } else if constexpr (std::same_as<T, engine::RequestToken>) {
                if (options.on_token_wanted) options.on_token_wanted(command.refused);
            } else if constexpr (std::same_as<T, engine::PlayTone>) {
                play(command);
            } else if constexpr (std::same_as<T, engine::StopTone>) {
                play(std::nullopt);
            } else if constexpr (std::same_as<T, engine::SetAudioRoute>) {
                if (options.on_audio_route) options.on_audio_route(command.route);
            } else if constexpr (std::same_as<T, engine::EmitNotice>) {
                if (options.on_notice) options.on_notice(command.notice);
            } else {
                constexpr bool is_hosts =
                    native::is_one_of<T, native::SystemCommand> || std::same_as<T, callui::PersistSnapshot>;
                static_assert(is_hosts, "a command that nobody performs");
            }
        },
        output
    );
}

void Client::Impl::play(const std::optional<engine::PlayTone>& tone) {
    if (options.on_tone) return options.on_tone(tone);
    if (!options.tones) {
        options.tones = media::create_tone_player(options.audio_output, [this](const std::string& why) {
            host.log(LogLevel::info, fmt::format("a tone is not heard: {}", why));
        });
    }
    if (tone) {
        options.tones->play(media_tone(tone->tone));
    } else {
        options.tones->stop();
    }
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
            host.log(LogLevel::info, "a message of a newer server was skipped");
            return;
        }
        host.log(LogLevel::warning, fmt::format("a message of the server is broken: {}", frame.error().message()));
        link->close();
        is_greeting = false;
        told_down("the server sent a broken message");
        host.feed(engine::SignallingClosed{engine::SignallingFault::protocol_error});
        return;
    }
    watch(frame->message);
    host.feed(engine::FrameReceived{std::move(*frame), net::wall_now()});
}

/// For the people in front of it; the engine sees every frame itself.
void Client::Impl::watch(const protocol::ServerMessage& message) {
    if (const auto* welcome = std::get_if<protocol::Welcome>(&message)) {
        if (!std::exchange(is_greeting, false)) return;  // The answer to a renewed token.
        if (welcome->version != protocol::kProtocolVersion) {
            watch_refusal({.code = protocol::ErrorCode::wrong_version});
            return;
        }
        told(ConnectionState::up, "");
    } else if (const auto* error = std::get_if<protocol::Error>(&message)) {
        if (std::exchange(is_greeting, false)) {
            watch_refusal(*error);
        } else {
            host.log(
                LogLevel::info,
                fmt::format("the server refused a message: {} ({})", to_string(error->code), error->message)
            );
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
    host.log(LogLevel::debug, fmt::format("connection: {}", state == ConnectionState::up ? "up" : text));
    if (options.on_connection) options.on_connection(state, text);
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
    impl_->host.start();
    impl_->measure();
}

void Client::push_received(const native::PushData& data, bool must_report) {
    impl_->host.feed(impl_->opener->open(data, net::wall_now(), must_report));
}

void Client::feed(const engine::Input& input) { impl_->host.feed(input); }

void Client::attach(OnEvent on_event) { impl_->host.attach(std::move(on_event)); }

void Client::online(bool on) { impl_->host.feed(engine::OnlineRequested{on}); }

std::expected<CallId, std::string> Client::place(const UserId& to, const PlaceOptions& options) {
    if (options.extra) {
        const auto is_object = codec::check_object("extra", *options.extra);
        if (!is_object) return std::unexpected{fmt::format("the call was refused: {}", is_object.error().message())};
    }
    const CallId call{Uuid::v4(random_number(), random_number())};
    const auto placed = impl_->host.take(request_of(call, to, options));
    if (!placed) return std::unexpected{fmt::format("the call was refused: {}", native::text_of(placed.error()))};
    return call;
}

void Client::answer(const CallId& call) { impl_->host.feed(engine::UserAnswered{call}); }

void Client::end(const CallId& call) { impl_->host.feed(engine::UserEnded{call}); }

void Client::mute(const CallId& call, bool on) { impl_->host.feed(engine::UserMuted{call, on}); }

void Client::hold(const CallId& call, bool on) { impl_->host.feed(engine::UserHeld{call, on}); }

void Client::end_all() { impl_->host.feed(engine::AllCallsEnded{}); }

void Client::supply_token(std::string token) { impl_->host.feed(engine::TokenSupplied{Redacted{std::move(token)}}); }

void Client::sign_out() { impl_->host.feed(engine::SignedOut{}); }

void Client::network_changed() { impl_->host.feed(engine::NetworkChanged{}); }

void Client::list_calls() { impl_->host.feed(engine::CallsRequested{}); }

void Client::take(const CallId& call) { impl_->host.feed(engine::TakeRequested{call}); }

engine::StartFail Client::start_fail(const UserId& to, const PlaceOptions& options) const {
    return impl_->host.machine().start_fail(request_of(CallId{Uuid::v4(random_number(), random_number())}, to, options)
    );
}

engine::Adoption Client::adopt(const CallId& call) const { return impl_->host.machine().adopt(call); }

const UserId& Client::user() const { return impl_->device.user; }

const DeviceId& Client::device() const { return impl_->device.device; }

std::vector<engine::CallView> Client::calls() const { return impl_->host.machine().calls(); }

bool Client::is_idle() const { return impl_->link->is_quiet() && impl_->legs->size() == 0; }

}  // namespace clarion
