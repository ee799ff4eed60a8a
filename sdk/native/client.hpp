// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/callui/outputs.hpp"
#include "core/engine/config.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/start_fail.hpp"
#include "core/engine/view.hpp"
#include "net/loop.hpp"
#include "sdk/media/media.hpp"
#include "sdk/media/tones.hpp"
#include "sdk/native/log.hpp"
#include "sdk/native/push_opener.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion {

enum class ConnectionState : std::uint8_t {
    up,       // The server knows this device.
    down,     // Lost, or it could not be made; the engine tries again while it needs one.
    refused,  // The server will not have this device as it is; the text says why and what helps.
};

struct ClientOptions {
    std::filesystem::path state_directory;  // device.json, box.key, journal (docs: `clarion device add`).
    media::AudioInput audio_input = media::Microphone{};
    media::AudioOutput audio_output = media::Speaker{};
    std::optional<media::StunServer> stun;
    std::vector<media::TurnServer> turn;
    bool loopback_only = false;  // Media on 127.0.0.1 only: tests and demonstrations on one machine.

    /// Null: WebRTC (sdk/media). Tests bring their own.
    std::shared_ptr<media::MediaFactory> media;

    /// Changes what holds by default: policies and times (core/engine/config.hpp). Who the device is comes from the
    /// state directory, whatever is written here.
    std::function<void(engine::Config& config)> configure;

    /// The access token ends soon, or the server did not take it (`refused`): get a new one from the app's backend and
    /// hand it to supply_token(). Null: nobody is asked, and a refused token ends the calls that need it.
    /// Thread: the loop's.
    std::function<void(bool refused)> on_token_wanted;

    /// Plays the tones of the phone. Null: Clarion's own, on the speaker of `audio_output` (none without a speaker).
    std::shared_ptr<media::TonePlayer> tones;

    /// For an app that plays them itself; then `tones` is not used. One tone at a time: play this one until the next
    /// call of this, or silence (nullopt). Thread: the loop's.
    std::function<void(std::optional<engine::PlayTone> tone)> on_tone;

    /// The user chose another way for the sound. Null: there is only one. Tell AudioRouteChanged when it is done.
    std::function<void(engine::AudioRoute route)> on_audio_route;

    /// Statistics, quality, routes, calls on other devices: worth nothing later. Thread: the loop's.
    std::function<void(const engine::Notice& notice)> on_notice;

    /// How often a live call is measured; 0: never.
    Duration measure_every{0};

    Log log;

    /// For people and for scripts that wait until the device is online. `text` says why it is not. Thread: the loop's.
    std::function<void(ConnectionState state, std::string_view text)> on_connection;
};

struct PlaceOptions {
    std::string to_name;                   // For the own screen; may be empty.
    std::optional<std::string> from_name;  // What the callee is shown; the user id when absent.
    protocol::Media media = protocol::Media::audio;
    std::optional<std::string> start_message;    // To the callee's app; at most 200 bytes.
    std::optional<std::string> app_server_data;  // To the app server only; at most 4096 bytes.
    std::optional<std::string> extra;            // JSON object: to every event of the callee's app; at most 2048 bytes.
    bool responder_preparation = false;          // The callee may prepare before media flow.
    bool allow_without_microphone = false;
};

/// A device's calls, for systems with sockets: the engine with a connection, timers, a journal on disk, push opening
/// and voice around it. It decides nothing: facts go in, the engine's commands are performed.
///
/// Thread: everything on the loop's thread. Callbacks come from the loop or from inside the calls below.
/// Re-entry: callbacks and SystemUi::perform may call anything here except the destructor; it is taken at once, and
/// what follows from it is performed after the present batch of commands. Lifetime: the loop and the SystemUi outlive
/// it. The destructor drops the connection and the media at once; a live call goes on in the next Client over the same
/// directory (that is what the journal is for). Limits: one Client for each state directory (locked); calls at once:
/// the engine's kCallsMax.
class Client {
  public:
    using OnEvent = std::function<void(const callui::Event& event)>;

    /// Reads the directory and brings back the calls of its journal. A damaged journal is put aside with one warning;
    /// one that cannot be read now is an error, and stays.
    /// Error: one line for the person who set the device up.
    [[nodiscard]] static std::expected<std::unique_ptr<Client>, std::string> create(
        net::Loop& loop, ClientOptions options, native::SystemUi& system_ui
    );

    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Performs what a restored engine asks for. Once, before anything else.
    void start();

    // ---- facts ----

    /// A push was delivered. Every command that follows from it, ReportIncoming first of all, was performed when this
    /// returns (IOS-PK-02).
    void push_received(const native::PushData& data, bool must_report = true);

    /// Anything else that the system or the app knows.
    void feed(const engine::Input& input);

    // ---- the app ----

    /// From now on the app hears its events, those of before included, each once and in order (I10). An event counts as
    /// heard when the callback returned.
    void attach(OnEvent on_event);

    /// Be rung over the connection (needs the access token of device.json), or only by push.
    void online(bool on);

    /// Whether the call could be placed now, in LINE Planet's numbers: `none`, or why not.
    [[nodiscard]] engine::StartFail start_fail(const UserId& to, const PlaceOptions& options = {}) const;

    /// Error: one line; nothing was placed. start_fail() says it as a number.
    [[nodiscard]] std::expected<CallId, std::string> place(const UserId& to, const PlaceOptions& options = {});

    // Taps on the app's own screen. Unknown or ended calls: nothing happens.
    void answer(const CallId& call);
    void end(const CallId& call);  ///< Decline, cancel or hang up: the engine knows which.
    void mute(const CallId& call, bool on);
    void hold(const CallId& call, bool on);

    // Everything else that a call can do: clarion::Call (sdk/native/call.hpp).

    void end_all();

    /// The answer to on_token_wanted, or at any time. Kept in memory only: device.json stays as it is.
    void supply_token(std::string token);

    /// The user left: calls end, the server hears of it, no push rings until online(true) or supply_token().
    void sign_out();

    /// The network came back or is another one: connections and media are made anew at once instead of after a timeout.
    void network_changed();

    /// Asks which calls of this user live on any device: on_notice, `live_calls`.
    void list_calls();

    /// Goes on with one of them here.
    void take(const CallId& call);

    // ---- state ----

    [[nodiscard]] const UserId& user() const;
    [[nodiscard]] const DeviceId& device() const;

    /// Every call of this device, those included whose end the server does not know yet.
    [[nodiscard]] std::vector<engine::CallView> calls() const;

    /// What became of a call that this app was opened for: live, ended with a reason, elsewhere, unknown.
    [[nodiscard]] engine::Adoption adopt(const CallId& call) const;

    /// No connection is open and no leg lives: the process may exit without losing anything.
    [[nodiscard]] bool is_idle() const;

  private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion
