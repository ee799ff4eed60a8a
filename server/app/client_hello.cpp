// SPDX-License-Identifier: Apache-2.0
// Who is it, and what may they touch: the part of a session that decides about access.
#include <algorithm>
#include <string>
#include <utility>

#include "core/codec/protocol_codec.hpp"
#include "server/app/access_tokens.hpp"
#include "server/app/client_session.hpp"
#include "server/app/log.hpp"

namespace clarion::server {

using protocol::ErrorCode;

std::expected<void, ErrorCode> check_ticket(
    const Tickets& tickets,
    Store& store,
    const routing::CallDocument& call,
    const DeviceId& device,
    std::string_view ticket,
    WallTime now
) {
    const bool is_leg = std::ranges::find(call.legs, device, &routing::Leg::device) != call.legs.end();
    if (is_leg && tickets.is_valid(call.call_id, device, ticket)) {
        if (call.ended_at && now - *call.ended_at > kTicketAfterEnd) return std::unexpected{ErrorCode::unknown_call};
        const auto record = store.find_device(call.service, device);
        if (!record) return std::unexpected{ErrorCode::unavailable};
        if (!*record || (*record)->user != call.to_user) return std::unexpected{ErrorCode::not_authorized};
        return {};
    }
    const bool is_anothers = std::ranges::any_of(call.legs, [&](const routing::Leg& leg) {
        return leg.device != device && tickets.is_valid(call.call_id, leg.device, ticket);
    });
    return std::unexpected{is_anothers ? ErrorCode::not_for_device : ErrorCode::not_authorized};
}

ClientSession::Result ClientSession::hello(const protocol::Hello& message) {
    const bool has_token = message.token.has_value();
    const bool has_ticket = message.ticket.has_value() && message.call_id.has_value();
    const bool is_clear = has_token != has_ticket && message.ticket.has_value() == message.call_id.has_value();
    if (!is_clear)
        return std::unexpected{Refusal{ErrorCode::malformed, "hello has either token, or ticket and call_id"}};
    return has_token ? hello_with_token(message) : hello_with_ticket(message);
}

ClientSession::Result ClientSession::hello_with_token(const protocol::Hello& message) {
    const auto identity = check_access_token(parts_.store, message.token->reveal(), parts_.clock.wall_now());
    if (!identity) return std::unexpected{Refusal{identity.error().code, identity.error().message}};
    if (identity->device && *identity->device != message.device) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "the access token is for another device"}};
    }
    user_ = identity->user;
    token_ = *identity;
    scope_ = LinkScope{identity->service, message.device, std::nullopt};
    Result registered = register_device(message);
    if (!registered) {
        scope_.reset();
        token_.reset();
    }
    return registered;
}

ClientSession::Result ClientSession::register_device(const protocol::Hello& message) {
    const auto unavailable = [] {
        return std::unexpected{Refusal{ErrorCode::unavailable, std::string{explain(ErrorCode::unavailable)}}};
    };
    const auto known = parts_.store.find_device(scope_->service, message.device);
    if (!known) return unavailable();
    if (*known) {
        if ((*known)->user == user_) return {};
        return std::unexpected{Refusal{ErrorCode::not_authorized, "the device is registered for another user"}};
    }
    // Who deleted it wanted it gone; a token from before does not bring it back.
    const auto removed = parts_.store.removed_at(scope_->service, message.device);
    if (!removed) return unavailable();
    if (*removed && token_->issued_at <= **removed) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "the device was deleted; get a new access token"}};
    }
    const auto devices = parts_.store.list_devices(scope_->service, user_);
    if (!devices) return unavailable();
    if (devices->size() >= parts_.limits.devices_per_user_max) {
        return std::unexpected{Refusal{ErrorCode::too_many, "the user has too many devices; delete some"}};
    }
    // Without a push endpoint: it rings while it is connected. The app server adds the endpoint when there is one.
    const WallTime now = parts_.clock.wall_now();
    const auto stored =
        parts_.store.put_device({scope_->service, user_, message.device, message.platform, {}, {}, now, now});
    if (!stored) return unavailable();
    return {};
}

ClientSession::Result ClientSession::hello_with_ticket(const protocol::Hello& message) {
    // The ticket names no service: the call id finds it. Only then is it proved that the sender may know.
    const auto record = parts_.store.find_call(*message.call_id);
    if (!record) return std::unexpected{Refusal{ErrorCode::unavailable, std::string{explain(ErrorCode::unavailable)}}};
    if (!*record)
        return std::unexpected{Refusal{ErrorCode::unknown_call, std::string{explain(ErrorCode::unknown_call)}}};
    const routing::CallDocument& call = (*record)->document;
    const auto checked = check_ticket(
        parts_.tickets, parts_.store, call, message.device, message.ticket->reveal(), parts_.clock.wall_now()
    );
    if (!checked) {
        return std::unexpected{Refusal{checked.error(), std::string{explain(checked.error())}}};
    }
    user_ = call.to_user;
    scope_ = LinkScope{call.service, message.device, message.call_id};
    return {};
}

void ClientSession::welcome(const protocol::Hello& message) {
    hello_timer_.cancel();
    auto attached = parts_.bus.attach(*scope_, *this, message.stream, message.seen_seq);
    stream_ = attached.stream;
    send_welcome(attached.resumed);
    for (std::string& missed : attached.missed) socket_->send(std::move(missed));
    log::write(
        log::Level::debug, "connected",
        {{"service", scope_->service.text()},
         {"device", scope_->device.text()},
         {"resumed", attached.resumed ? "yes" : "no"}}
    );
    parts_.host.presence_changed(*scope_, !attached.resumed);
    watch_token();
}

/// The answer to hello, and again to a renewed token: when that one ends.
void ClientSession::send_welcome(bool resumed) {
    protocol::Welcome frame{protocol::kProtocolVersion, scope_->service, user_,  scope_->device,
                            parts_.clock.wall_now(),    stream_,         resumed};
    if (token_) frame.token_expires_at = token_->expires_at;
    socket_->send(codec::encode_frame(protocol::ServerFrame{0, frame}));
}

ClientSession::Result ClientSession::may_touch(const CallId& call, const std::optional<Redacted<std::string>>& ticket) {
    if (!ticket && !parts_.bus.covers(*scope_, call)) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "this connection is for another call"}};
    }
    const auto record = parts_.host.find(scope_->service, call);
    if (!record) return std::unexpected{Refusal{record.error(), std::string{explain(record.error())}}};
    const routing::CallDocument& document = record->document;
    // A device that changed hands during the call is a stranger to it.
    const UserId* expected = routing::user_of(document, scope_->device);
    if (ticket) {
        const auto checked = check_ticket(
            parts_.tickets, parts_.store, document, scope_->device, ticket->reveal(), parts_.clock.wall_now()
        );
        if (!checked) {
            return std::unexpected{Refusal{checked.error(), std::string{explain(checked.error())}}};
        }
        if (scope_->call && parts_.bus.join(*scope_, call)) parts_.host.presence_changed(*scope_);
    } else if (expected == nullptr || *expected != user_) {
        return std::unexpected{Refusal{ErrorCode::unknown_call, std::string{explain(ErrorCode::unknown_call)}}};
    }
    return {};
}

}  // namespace clarion::server
