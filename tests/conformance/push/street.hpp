// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/web_push.hpp"
#include "lab/push/apns_service.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/fault_script.hpp"
#include "lab/push/fcm_service.hpp"
#include "lab/push/web_push_service.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"
#include "server/adapters/apns/apns_sender.hpp"
#include "server/adapters/fcm/fcm_sender.hpp"
#include "server/adapters/webpush/webpush_sender.hpp"
#include "server/ports/clock.hpp"

namespace clarion::lab {

/// An address that a push may go to.
struct StreetDevice {
    server::PushProvider provider = server::PushProvider::apns;
    std::string token;  ///< what a request carries; Web Push: the endpoint
    std::string name;   ///< what a fault script calls it
    bool is_sandbox = false;
    bool dies = false;  ///< the script unregisters it some day
};

/// A request that reached a service.
struct StreetRequest : PushLogEntry {
    bool is_cut = false;  ///< its connection ended, or fell silent, without a GOAWAY: the answer may be lost
};

/// A push on its way, and everything that anybody says about it.
struct StreetPush {
    std::size_t number = 0;
    StreetDevice device;
    server::PushKind kind = server::PushKind::ring;
    Instant deadline;
    Instant over_at = kNever;  ///< the call ended: nothing leaves any more
    unsigned results = 0;
    server::PushResult result;
    Instant settled_at;
    std::vector<StreetRequest> seen;  ///< in order of arrival
    unsigned delivered = 0;           ///< times that the device got it
};

/// All local services on real sockets under real time, and the real senders before them. Thread: one.
class Street {
  public:
    Street();
    ~Street();
    Street(const Street&) = delete;
    Street& operator=(const Street&) = delete;

    /// Aborts the test when the script is wrong.
    void play(std::string_view script);

    /// Its fields carry the push's number, so that the services' logs can be matched with it.
    StreetPush& send(const StreetDevice& device, Duration window, server::PushKind kind = server::PushKind::ring);
    [[nodiscard]] bool are_all_settled() const { return pending_ == 0; }

    /// Reads the services' logs into the pushes.
    void collect();

    [[nodiscard]] std::vector<StreetDevice>& devices() { return devices_; }
    [[nodiscard]] const std::vector<std::unique_ptr<StreetPush>>& pushes() const { return pushes_; }

    net::Loop loop;

  private:
    struct MachineClock final : server::Clock {
        [[nodiscard]] WallTime wall_now() const override;
    };

    template <class Options>
    [[nodiscard]] Options with_certificate(Options options) const;
    void start_apns();
    void start_fcm();
    void start_web();
    void perform(const ScriptLine& line);
    void delivered(const DeliveredPush& push);
    void collect(const std::deque<PushLogEntry>& log);
    [[nodiscard]] std::optional<std::size_t> number_of(std::string_view body) const;
    [[nodiscard]] server::PushSender& sender_of(server::PushProvider provider);

    net::testing::TestCertificate certificate_;
    std::filesystem::path folder_;
    MachineClock clock_;
    crypto::WebPushReceiver browser_ = crypto::WebPushReceiver::generate();
    std::unique_ptr<ApnsService> apns_;
    std::unique_ptr<ApnsService> sandbox_;
    std::unique_ptr<FcmService> fcm_;
    std::unique_ptr<WebPushService> web_;
    std::unique_ptr<WebPushService> unified_;
    std::unique_ptr<server::apns::ApnsSender> apns_sender_;
    std::unique_ptr<server::fcm::FcmSender> fcm_sender_;
    std::unique_ptr<server::webpush::WebPushSender> web_sender_;
    std::vector<StreetDevice> devices_;
    std::vector<std::unique_ptr<StreetPush>> pushes_;
    std::size_t pending_ = 0;
};

}  // namespace clarion::lab
