// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_setup.hpp"

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <utility>

namespace clarion::server {
namespace {

constexpr Duration kCheckWindow{15'000};
constexpr std::size_t kFileMax = 64 * 1024;

std::string content_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text(kFileMax, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Settings and the files that they name: only whoever changed is made anew, because providers punish credentials that
/// are renewed too often.
std::string fingerprint(std::initializer_list<std::string> settings, std::initializer_list<std::string> files) {
    std::string text;
    for (const std::string& one : settings) text += one + '\n';
    for (const std::string& file : files) {
        text += file + '\n' + std::to_string(file.empty() ? 0 : std::hash<std::string>{}(content_of(file))) + '\n';
    }
    return text;
}

template <class Sender>
std::expected<std::shared_ptr<PushSender>, std::string> shared(std::expected<std::unique_ptr<Sender>, std::string> made
) {
    if (!made) return std::unexpected{std::move(made.error())};
    return std::shared_ptr<PushSender>{*std::move(made)};
}

/// A token that no device has: a provider that calls it unknown has looked at our credential before.
PushRequest push_to_nobody(PushProvider provider, WallTime now) {
    PushRequest request;
    request.provider = provider;
    request.token = Redacted{provider == PushProvider::apns ? std::string(64, '0') : std::string{"clarion-self-check"}};
    request.environment = PushEnvironment::production;
    request.kind = PushKind::message;
    request.expires = now + kCheckWindow;
    request.now = now;
    return request;
}

}  // namespace

std::string check_fault(PushProvider provider, const PushResult& result) {
    switch (result.outcome) {
        case PushOutcome::accepted:
        case PushOutcome::dead_token: return {};
        case PushOutcome::suspect_token:
            if (result.provider_reason == "BadDeviceToken" || provider != PushProvider::apns) return {};
            break;
        default: break;
    }
    std::string text;
    if (result.provider_status != 0) text = std::to_string(result.provider_status) + ' ';
    text += result.provider_reason.empty() ? to_string(result.outcome) : std::string_view{result.provider_reason};
    if (!result.advice.empty()) text += ": " + result.advice;
    return text;
}

std::expected<void, std::string> PushSetup::renew(
    const std::string& service, PushProvider provider, const std::string& fingerprint, const std::function<Made()>& make
) {
    std::string& known = fingerprints_[{service, provider}];
    if (known == fingerprint) return {};
    std::shared_ptr<PushSender> sender;
    if (!fingerprint.empty()) {
        auto made = make();
        if (!made) return std::unexpected{(service.empty() ? "" : "service " + service + ": ") + made.error()};
        sender = *std::move(made);
        fresh_.push_back({service, provider, sender});
    }
    senders_.put(service, provider, std::move(sender));
    known = fingerprint;
    return {};
}

std::expected<void, std::string> PushSetup::apply(const std::string& service, const PushConfig& config) {
    const auto& [apns, fcm, webpush] = config;
    const std::string apns_print =
        !config.has_apns() ? ""
                           : fingerprint(
                                 {apns.endpoint, apns.sandbox_endpoint, apns.key_id, apns.team_id, apns.topic,
                                  std::to_string(apns.now_or_never), std::to_string(apns.waiting_max)},
                                 {apns.key_file, apns.ca_file}
                             );
    auto done = renew(service, PushProvider::apns, apns_print, [&] {
        return shared(apns::ApnsSender::make(loop_, clock_, apns));
    });
    if (!done) return done;
    const std::string fcm_print = !config.has_fcm()
                                      ? ""
                                      : fingerprint(
                                            {fcm.endpoint, fcm.token_uri, std::to_string(fcm.retry_floor.count()),
                                             std::to_string(fcm.waiting_max)},
                                            {fcm.service_account_file, fcm.ca_file}
                                        );
    done =
        renew(service, PushProvider::fcm, fcm_print, [&] { return shared(fcm::FcmSender::make(loop_, clock_, fcm)); });
    if (!done) return done;
    const std::string webpush_print =
        !config.has_webpush()
            ? ""
            : fingerprint(
                  {webpush.subject, std::to_string(webpush.allow_private), std::to_string(webpush.waiting_max)},
                  {webpush.key_file, webpush.ca_file}
              );
    return renew(service, PushProvider::webpush, webpush_print, [&] {
        return shared(webpush::WebPushSender::make(loop_, clock_, webpush));
    });
}

void PushSetup::watch(std::function<void(const std::string& fault)> said) {
    said_ = std::move(said);
    look_timer_.arm(kLookEvery, [this] { look(); });
}

void PushSetup::look() {
    look_timer_.arm(kLookEvery, [this] { look(); });
    const auto before = fingerprints_;
    const auto applied = apply(Config{config_});
    const std::string fault = applied ? "" : applied.error();
    const bool is_news = fingerprints_ != before || (!fault.empty() && fault != fault_);
    fault_ = fault;
    if (is_news) said_(fault);
}

std::expected<void, std::string> PushSetup::apply(const Config& config) {
    config_ = config;
    if (auto done = apply("", config.push); !done) return done;
    for (const auto& [service, push] : config.service_push) {
        if (auto done = apply(service, push); !done) return done;
    }
    std::set<std::string> gone;
    for (const auto& [name, print] : fingerprints_) {
        if (!name.first.empty() && !config.service_push.contains(name.first)) gone.insert(name.first);
    }
    for (const std::string& service : gone) {
        if (auto done = apply(service, PushConfig{}); !done) return done;
    }
    return {};
}

void PushSetup::check(const std::function<void(const std::string& sender, const std::string& fault)>& said) {
    for (const PushSenders::Entry& entry : std::exchange(fresh_, {})) {
        entry.sender->warm_up();
        const std::string name =
            (entry.service.empty() ? "" : entry.service + ' ') + std::string{to_string(entry.provider)};
        // Which Web Push services there are, only subscriptions tell.
        if (!said || entry.provider == PushProvider::webpush) continue;
        entry.sender->send(
            push_to_nobody(entry.provider, clock_.wall_now()),
            [said, name, provider = entry.provider](const PushResult& result) {
                said(name, check_fault(provider, result));
            }
        );
    }
}

}  // namespace clarion::server
