// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/webrtc.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "sdk/media/gst_runtime.hpp"
#include "sdk/media/webrtc_leg.hpp"

namespace clarion::media {
namespace {

// What the client holds. The leg behind it is shared with callbacks that may come late.
class LegHandle final : public MediaLeg {
  public:
    explicit LegHandle(std::shared_ptr<WebRtcLeg> leg) : leg_(std::move(leg)) {}
    ~LegHandle() override { leg_->close(); }

    void prepare_offer() override { leg_->prepare_offer(); }
    void prepare_answer(std::string_view sdp) override { leg_->prepare_answer(sdp); }
    void set_remote_answer(std::string_view sdp) override { leg_->set_remote_answer(sdp); }
    void add_remote_candidate(std::string_view, std::uint32_t mline_index, std::string_view candidate) override {
        leg_->add_remote_candidate(mline_index, candidate);  // one section: the index says all that the mid could
    }
    void open_audio() override { leg_->open_audio(); }
    void close_audio() override { leg_->close_audio(); }
    void set_muted(bool muted) override { leg_->set_muted(muted); }
    void set_held(bool held) override { leg_->set_held(held); }
    void set_peer_silenced(bool silenced) override { leg_->set_peer_silenced(silenced); }
    void request_stats() override { leg_->request_stats(); }
    void close() override { leg_->close(); }

  private:
    std::shared_ptr<WebRtcLeg> leg_;
};

class WebRtcFactory final : public MediaFactory {
  public:
    ~WebRtcFactory() override {
        if (background_.joinable()) {
            background_.join();
        }
    }

    std::expected<std::unique_ptr<MediaLeg>, MediaError> create_leg(LegOptions options, EventCallback on_event)
        override {
        auto leg = WebRtcLeg::create(std::move(options), std::move(on_event));
        if (!leg) {
            return std::unexpected(leg.error());
        }
        return std::make_unique<LegHandle>(std::move(*leg));
    }

    // An offer and its description, never sent: loads every plugin and makes the process's DTLS certificate.
    void warm_up() override {
        const std::scoped_lock only_once(warm_mutex_);
        if (warm_) {
            return;
        }
        std::mutex mutex;
        std::condition_variable done;
        bool told = false;
        auto leg = create_leg({.loopback_only = true}, [&](const Event& event) {
            if (std::holds_alternative<LocalDescription>(event) || std::holds_alternative<Failed>(event)) {
                const std::scoped_lock lock(mutex);
                told = true;
                done.notify_all();
            }
        });
        if (!leg) {
            return;  // the first real leg tells why
        }
        (*leg)->prepare_offer();
        {
            std::unique_lock lock(mutex);
            done.wait_for(lock, std::chrono::seconds(10), [&] { return told; });
        }
        (*leg)->close();
        warm_ = true;
    }

    void warm_up_in_background() override {
        if (!background_.joinable()) {
            background_ = std::thread([this] { warm_up(); });
        }
    }

  private:
    std::mutex warm_mutex_;
    bool warm_ = false;
    std::thread background_;
};

}  // namespace

std::expected<std::unique_ptr<MediaFactory>, MediaError> create_webrtc_factory(const WebRtcOptions& options) {
    if (auto ready = initialise_gstreamer(options.cache_directory); !ready) {
        return std::unexpected(ready.error());
    }
    return std::make_unique<WebRtcFactory>();
}

}  // namespace clarion::media
