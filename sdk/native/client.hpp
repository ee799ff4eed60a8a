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
#include "core/engine/inputs.hpp"
#include "core/engine/view.hpp"
#include "net/loop.hpp"
#include "sdk/media/media.hpp"
#include "sdk/native/push_opener.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

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

    /// One line each, without names, tokens and SDP. Thread: the loop's.
    std::function<void(LogLevel level, std::string_view line)> log;

    /// For people and for scripts that wait until the device is online. `text` says why it is not. Thread: the loop's.
    std::function<void(ConnectionState state, std::string_view text)> on_connection;
};

struct PlaceOptions {
    std::string to_name;                   // For the own screen; may be empty.
    std::optional<std::string> from_name;  // What the callee is shown; the user id when absent.
    protocol::Media media = protocol::Media::audio;
};

/// A device's calls, for systems with sockets: the engine with a connection, timers, a journal on disk, push opening
/// and voice around it. It decides nothing: facts go in, the engine's commands are performed.
///
/// Thread: everything on the loop's thread. Callbacks come from the loop or from inside the calls below.
/// Re-entry: callbacks and SystemUi::perform may call anything here except place() and the destructor; it takes effect
/// after the present batch of commands. Lifetime: the loop and the SystemUi outlive it. The destructor drops the
/// connection and the media at once; a live call goes on in the next Client over the same directory (that is what the
/// journal is for). Limits: one Client for each state directory (locked); calls at once: the engine's kCallsMax.
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

    /// Error: one line; nothing was placed.
    [[nodiscard]] std::expected<CallId, std::string> place(const UserId& to, const PlaceOptions& options = {});

    // Taps on the app's own screen. Unknown or ended calls: nothing happens.
    void answer(const CallId& call);
    void end(const CallId& call);  ///< Decline, cancel or hang up: the engine knows which.
    void mute(const CallId& call, bool on);
    void hold(const CallId& call, bool on);

    // ---- state ----

    [[nodiscard]] const UserId& user() const;
    [[nodiscard]] const DeviceId& device() const;

    /// Every call of this device, those included whose end the server does not know yet.
    [[nodiscard]] std::vector<engine::CallView> calls() const;

    /// No connection is open and no leg lives: the process may exit without losing anything.
    [[nodiscard]] bool is_idle() const;

  private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion
