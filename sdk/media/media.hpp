// SPDX-License-Identifier: Apache-2.0
// The media port: what a client asks of voice, with no word of how it is done. `webrtc.hpp` makes the WebRTC one.
//
// Threads: every method of a leg is called from ONE thread, the client's loop. The event callback is called on threads
// of the media library, or inside a method of the leg, one call at a time for each leg: it must only post the event to
// the client's loop and return. It must never call a method of the leg, close() and the destructor least of all (they
// wait for a running callback: deadlock).
//
// The way of a leg:
//   caller: create_leg -> prepare_offer -> LocalDescription (offer) -> set_remote_answer -> Connected -> open_audio
//   callee: create_leg -> prepare_answer(offer) -> LocalDescription (answer) -> Connected -> open_audio
// Candidates trickle both ways as LocalCandidate and add_remote_candidate; they may come in any order and at any time.
// A callee may prepare its answer while the phone rings and hand it over seconds later; the leg stays warm.
//
// Nothing of the microphone, the file or the tone is read or sent before open_audio() (invariant I6).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clarion::media {

// ---- What is said and what is heard -------------------------------------------------------------------------------

struct Silence {};

struct TestTone {
    double hz = 440.0;  // 20 .. 20000
};

// A RIFF/WAVE file: PCM of 8, 16, 24 or 32 bits or 32-bit float, 1 to 8 channels, 8 to 192 kHz.
// Plays from its first sample each time the audio is opened, then AudioSourceEnded and silence.
struct WavInput {
    std::string path;
    bool loop = false;
};

struct Microphone {
    std::string device;  // empty: the system's default
};

using AudioInput = std::variant<Silence, TestTone, WavInput, Microphone>;

struct Discard {};

// Records what the peer says from its first packet on: 48 kHz, mono, 16 bits. An existing file is replaced.
// The header is brought up to date twice a second, so that the file is valid even if the process is killed.
struct WavOutput {
    std::string path;
};

// Silent before open_audio() and after close_audio(): a phone that rings plays nothing of the caller.
struct Speaker {
    std::string device;  // empty: the system's default
};

using AudioOutput = std::variant<Discard, WavOutput, Speaker>;

// ---- Events -------------------------------------------------------------------------------------------------------

// The leg's own SDP, an offer after prepare_offer(), an answer after prepare_answer(). Once for each leg.
// With `trickle` it may hold no candidate yet; without, it holds all of them.
struct LocalDescription {
    std::string sdp;
};

struct LocalCandidate {
    std::string mid;
    std::uint32_t mline_index = 0;
    std::string candidate;  // "candidate:..." without "a="
};

struct Connected {};  // ICE and DTLS are up: both directions work. Comes again after Lost when the way came back.

struct Lost {};  // the way to the peer is interrupted; the leg goes on trying

// The leg is dead; close it and end the call as failed (I5). `reason` is one line in plain words, without secrets or
// SDP.
struct Failed {
    std::string reason;
};

struct FirstAudio {};  // the first sound from the peer that is not silence was decoded (louder than about -40 dBFS)

struct AudioSourceEnded {};  // a WavInput without `loop` was sent to its last sample

// The recording or the microphone or the speaker does not work (disk full, no device). The call itself goes on.
struct AudioDeviceFailed {
    std::string reason;
};

struct Stats {
    std::uint64_t packets_sent = 0;
    std::uint64_t packets_received = 0;
    std::int64_t packets_lost = 0;  // received direction, as RFC 3550 counts: late duplicates can make it negative
    double jitter_ms = 0.0;
    std::optional<double> round_trip_ms;  // known only after the peer's first RTCP report
    double microphone_level = 0.0;        // peak of the last block sent, 0 .. 1
    double speaker_level = 0.0;           // peak of the last block decoded, 0 .. 1
};

using Event = std::variant<
    LocalDescription,
    LocalCandidate,
    Connected,
    Lost,
    Failed,
    FirstAudio,
    AudioSourceEnded,
    AudioDeviceFailed,
    Stats>;
using EventCallback = std::function<void(Event)>;

// ---- Errors -------------------------------------------------------------------------------------------------------

enum class MediaErrorCode : std::uint8_t {
    missing_package,  // install the Debian package named in the text
    bad_file,         // the text names the file and what is wrong with it
    bad_option,       // a value outside its limits; a programming error
    library,          // the media library refused; the text says what; nothing to retry
};

struct MediaError {
    MediaErrorCode code = MediaErrorCode::library;
    std::string text;  // one line for a person
};

// ---- The leg ------------------------------------------------------------------------------------------------------

class MediaLeg {
  public:
    virtual ~MediaLeg() = default;  // closes

    // Exactly one of the two, once. The result is LocalDescription or Failed.
    virtual void prepare_offer() = 0;
    // Takes an offer with exactly one section, audio with Opus; everything else is Failed. At most 64 kB.
    // The leg then waits for its caller through the whole ring time, and before open_audio() a way that is not found is
    // not told as Failed. So after open_audio() the client keeps a deadline of its own for Connected (10 s is fair).
    virtual void prepare_answer(std::string_view remote_offer_sdp) = 0;

    // After prepare_offer() and its LocalDescription. A second answer is ignored (the first winner stays).
    virtual void set_remote_answer(std::string_view sdp) = 0;

    // `candidate` with or without "a=". A broken or a 101st one is dropped: a peer can lose its own way only.
    virtual void add_remote_candidate(
        std::string_view sdp_mid, std::uint32_t mline_index, std::string_view candidate
    ) = 0;

    // Starts the source, or goes on with it. Files and tones wait for Connected, so that the peer gets them from their
    // first sample.
    // Called twice: nothing more happens.
    virtual void open_audio() = 0;
    // Stops reading the source at once; when it returns, the microphone is released.
    virtual void close_audio() = 0;

    virtual void set_muted(bool muted) = 0;  // muted: silence is sent, the source goes on unheard
    virtual void set_held(bool held) = 0;    // held: silence is sent, what the peer says is neither played nor recorded

    // silenced: what the peer says is neither played nor recorded; everything else goes on.
    virtual void set_peer_silenced(bool silenced) = 0;

    // Asks for a Stats event. Nothing comes when the leg is not prepared or closed.
    virtual void request_stats() = 0;

    // Ends everything; the recording is complete when it returns (typically 10 ms, at most some 100).
    // No event is delivered afterwards. Safe at any time and twice.
    virtual void close() = 0;

  protected:
    MediaLeg() = default;
    MediaLeg(const MediaLeg&) = delete;
    MediaLeg& operator=(const MediaLeg&) = delete;
};

// ---- The factory --------------------------------------------------------------------------------------------------

struct StunServer {
    std::string host;
    std::uint16_t port = 3478;
};

enum class TurnTransport : std::uint8_t { udp, tcp, tls };

struct TurnServer {
    std::string host;
    std::uint16_t port = 3478;
    TurnTransport transport = TurnTransport::udp;
    std::string user;
    std::string password;  // a secret: never logged
};

struct LegOptions {
    AudioInput input = Silence{};
    AudioOutput output = Discard{};
    std::optional<StunServer> stun;
    std::vector<TurnServer> turn;  // at most 8
    bool relay_only = false;       // only TURN candidates: hides the device's own addresses
    bool loopback_only = false;    // only 127.0.0.1: for tests and demonstrations on one machine
    bool trickle = true;           // false: LocalDescription waits until all candidates are gathered
};

class MediaFactory {
  public:
    virtual ~MediaFactory() = default;

    // Errors: bad_file for an unreadable WAV input or a recording that cannot be made, bad_option.
    [[nodiscard]] virtual std::expected<std::unique_ptr<MediaLeg>, MediaError> create_leg(
        LegOptions options, EventCallback on_event
    ) = 0;

    // Loads the plugins and makes the DTLS certificate now instead of in the first call, which saves that call 0.1 to
    // 0.4 s. Blocks that long: use the background form, at program start or when the push arrives. Any thread.
    virtual void warm_up() = 0;
    virtual void warm_up_in_background() = 0;

  protected:
    MediaFactory() = default;
    MediaFactory(const MediaFactory&) = delete;
    MediaFactory& operator=(const MediaFactory&) = delete;
};

}  // namespace clarion::media
