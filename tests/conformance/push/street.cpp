// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/push/street.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <utility>

#include "crypto/testing.hpp"
#include "net/clock.hpp"

namespace clarion::lab {
namespace {

using server::PushProvider;

constexpr std::size_t kLogMax = 100'000;
constexpr const char* kBundle = "com.example.app";
constexpr const char* kProject = "street-project";
constexpr int kDevicesOfAKind = 12;

std::string hex_token(std::size_t number) {
    const std::string digits = std::to_string(number);
    return std::string(64 - digits.size(), 'a') + digits;
}

std::string fcm_token(std::size_t number) {
    return "streetstreetstreet_" + std::to_string(100 + number) + ":APA91b" + std::string(128, 'x');
}

}  // namespace

WallTime Street::MachineClock::wall_now() const { return net::wall_now(); }

template <class Options>
Options Street::with_certificate(Options options) const {
    options.certificate_file = certificate_.certificate_file();
    options.key_file = certificate_.key_file();
    options.log_max = kLogMax;
    return options;
}

Street::Street() {
    std::string pattern = (std::filesystem::temp_directory_path() / "clarion-street-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    start_apns();
    start_fcm();
    start_web();
}

Street::~Street() {
    // Senders first: what they have under way is nobody's affair any more.
    apns_sender_.reset();
    fcm_sender_.reset();
    web_sender_.reset();
    std::filesystem::remove_all(folder_);
}

void Street::start_apns() {
    const auto credentials = make_apns_credentials(folder_, "STREETKEY1", "STREETTEAM").value();
    const auto start = [&](ApnsEnvironment environment) {
        ApnsServiceOptions options;
        options.environment = environment;
        auto service = std::make_unique<ApnsService>(loop, with_certificate(options));
        const auto port = service->start().value();
        service->add_key(credentials.key);
        service->on_push([this](const DeliveredPush& push) { delivered(push); });
        return std::pair{std::move(service), "https://localhost:" + std::to_string(port)};
    };
    auto [apns, endpoint] = start(ApnsEnvironment::production);
    auto [sandbox, sandbox_endpoint] = start(ApnsEnvironment::sandbox);
    apns_ = std::move(apns);
    sandbox_ = std::move(sandbox);
    for (int i = 0; i < kDevicesOfAKind; ++i) {
        const bool is_sandbox = i % 4 == 3;
        const std::string token = hex_token(devices_.size());
        const auto environment = is_sandbox ? ApnsEnvironment::sandbox : ApnsEnvironment::production;
        (is_sandbox ? sandbox_ : apns_)
            ->register_device({.token = token, .bundle_id = kBundle, .environment = environment});
        devices_.push_back({PushProvider::apns, token, token, is_sandbox});
    }
    apns_sender_ = server::apns::ApnsSender::make(
                       loop, clock_,
                       {.endpoint = endpoint,
                        .sandbox_endpoint = sandbox_endpoint,
                        .ca_file = certificate_.ca_file(),
                        .key_file = credentials.key_file,
                        .key_id = "STREETKEY1",
                        .team_id = "STREETTEAM",
                        .topic = kBundle}
    )
                       .value();
}

void Street::start_fcm() {
    FcmServiceOptions options;
    options.is_strict_token = true;
    options.pings_after_replies = true;
    options.splits_bodies = true;
    options.per_device_minute = 100'000;
    fcm_ = std::make_unique<FcmService>(loop, with_certificate(options));
    const auto port = fcm_->start().value();
    const auto credentials = make_fcm_credentials(folder_, kProject, fcm_->token_uri()).value();
    fcm_->add_account(credentials.account);
    fcm_->on_push([this](const DeliveredPush& push) { delivered(push); });
    for (int i = 0; i < kDevicesOfAKind; ++i) {
        const std::string token = fcm_token(devices_.size());
        fcm_->register_device({.token = token, .project_id = i == 0 ? "another-project" : kProject});
        devices_.push_back({PushProvider::fcm, token, token});
    }
    fcm_sender_ = server::fcm::FcmSender::make(
                      loop, clock_,
                      {.endpoint = "https://localhost:" + std::to_string(port),
                       .service_account_file = credentials.service_account_file,
                       .ca_file = certificate_.ca_file(),
                       .retry_floor = Duration{300}}
    )
                      .value();
}

void Street::start_web() {
    std::ofstream{folder_ / "vapid.pem"} << crypto::testing::make_p256_pair().private_pem;
    web_sender_ = server::webpush::WebPushSender::make(
                      loop, clock_,
                      {.key_file = (folder_ / "vapid.pem").string(),
                       .subject = "mailto:push@example.com",
                       .ca_file = certificate_.ca_file(),
                       .allow_private = true}
    )
                      .value();
    for (const bool is_unified : {false, true}) {
        WebPushServiceOptions options;
        options.dialect = WebPushDialect::mozilla;
        options.is_unified_push = is_unified;
        auto& service = is_unified ? unified_ : web_;
        service = std::make_unique<WebPushService>(loop, with_certificate(options));
        EXPECT_TRUE(service->start());
        service->on_push([this](const DeliveredPush& push) { delivered(push); });
        const std::string other = crypto::make_vapid_pair().public_key;
        for (int i = 0; i < kDevicesOfAKind; ++i) {
            const bool is_others = i == 0 && !is_unified;
            const auto made = service->subscribe(is_others ? other : is_unified ? "" : web_sender_->public_key());
            devices_.push_back({is_unified ? PushProvider::unifiedpush : PushProvider::webpush, made.endpoint, made.id}
            );
        }
    }
}

void Street::play(std::string_view script) {
    const auto lines = parse_fault_script(script);
    ASSERT_TRUE(lines.has_value()) << lines.error();
    for (const ScriptLine& line : *lines) perform(line);
}

void Street::perform(const ScriptLine& line) {
    using Deed = ScriptLine::Deed;
    const auto act = [&](auto& service, auto&& end) {
        switch (line.deed) {
            case Deed::fault: return service.add_fault(line.token, line.fault);
            case Deed::skew: return service.set_skew(line.skew);
            case Deed::away: return service.set_online(line.token, false);
            case Deed::back: return service.set_online(line.token, true);
            case Deed::doze: return fcm_->set_dozing(line.token, true);
            case Deed::wake: return fcm_->set_dozing(line.token, false);
            case Deed::gone: return end();
        }
    };
    switch (line.door) {
        case ScriptLine::Door::apns: return act(*apns_, [&] { apns_->unregister_device(line.token); });
        case ScriptLine::Door::fcm: return act(*fcm_, [&] { fcm_->unregister_device(line.token); });
        case ScriptLine::Door::web_push: return act(*web_, [&] { web_->unsubscribe(line.token); });
        case ScriptLine::Door::unified_push: return act(*unified_, [&] { unified_->unsubscribe(line.token); });
        case ScriptLine::Door::oauth: return fcm_->add_oauth_fault(line.fault);
    }
}

server::PushSender& Street::sender_of(PushProvider provider) {
    if (provider == PushProvider::apns) return *apns_sender_;
    if (provider == PushProvider::fcm) return *fcm_sender_;
    return *web_sender_;
}

StreetPush& Street::send(const StreetDevice& device, Duration window, server::PushKind kind) {
    const WallTime now = net::wall_now();
    StreetPush& push = *pushes_.emplace_back(std::make_unique<StreetPush>());
    push.number = pushes_.size() - 1;
    push.device = device;
    push.kind = kind;
    push.deadline = net::boot_now() + window;
    server::PushRequest request{
        .provider = device.provider,
        .token = Redacted{device.token},
        .p256dh = browser_.p256dh(),
        .auth = Redacted{browser_.auth()},
        .kind = kind,
        .fields = {{"type", "ring"}, {"n", std::to_string(push.number)}},
        .call_id = *CallId::parse("0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"),
        .device_id = *DeviceId::parse("d1"),
        .expires = now + window,
        .now = now,
        .is_wanted = [&push] { return net::boot_now() < push.over_at; }
    };
    if (!device.is_sandbox) request.environment = server::PushEnvironment::production;
    ++pending_;
    sender_of(device.provider).send(std::move(request), [this, &push](server::PushResult result) {
        if (++push.results == 1) --pending_;
        push.result = std::move(result);
        push.settled_at = net::boot_now();
    });
    return push;
}

std::optional<std::size_t> Street::number_of(std::string_view body) const {
    constexpr std::string_view kName = R"("n":")";
    const auto opened = browser_.open(body);  // Nothing for what is no Web Push.
    if (opened) body = *opened;
    const auto at = body.find(kName);
    std::size_t number = 0;
    if (at == std::string_view::npos) return std::nullopt;
    body.remove_prefix(at + kName.size());
    const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number);
    return error == std::errc{} && number < pushes_.size() ? std::optional{number} : std::nullopt;
}

void Street::delivered(const DeliveredPush& push) {
    const auto number = number_of(push.payload);
    ASSERT_TRUE(number.has_value()) << "a device got what nobody sent";
    StreetPush& known = *pushes_[*number];
    EXPECT_EQ(push.token, known.device.name) << "the wrong device got push " << *number;
    ++known.delivered;
}

void Street::collect(const std::deque<PushLogEntry>& log) {
    ASSERT_LT(log.size(), kLogMax);
    using Kind = PushFault::Kind;
    std::set<std::uint64_t> cut;
    for (const PushLogEntry& entry : log) {
        const auto fault = entry.fault.value_or(Kind::answer);
        if (fault == Kind::drop_connection || fault == Kind::abort_connection || fault == Kind::deafen) {
            cut.insert(entry.connection);
        }
    }
    for (const PushLogEntry& entry : log) {
        const auto number = number_of(entry.request.body);
        ASSERT_TRUE(number.has_value()) << "a service saw what nobody sent";
        pushes_[*number]->seen.push_back({entry, cut.contains(entry.connection)});
    }
}

void Street::collect() {
    // In the order of arrival: whoever goes to two services asks production before the sandbox.
    for (const auto* log : {&apns_->log(), &sandbox_->log(), &fcm_->log(), &web_->log(), &unified_->log()}) {
        collect(*log);
    }
}

}  // namespace clarion::lab
