// SPDX-License-Identifier: Apache-2.0
#include "server/app/client_session.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/json.hpp"
#include "core/codec/protocol_codec.hpp"
#include "server/app/log.hpp"

namespace clarion::server {

using protocol::ErrorCode;

namespace {

constexpr Duration kTokenCheck{60'000};

}  // namespace

std::string_view explain(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed: return "the message cannot be read";
        case ErrorCode::too_large: return "the message or a field is over its limit";
        case ErrorCode::wrong_version: return "this server speaks version 1 of the protocol";
        case ErrorCode::unknown_type: return "this server does not know that message";
        case ErrorCode::not_authorized: return "the token or ticket is wrong or expired";
        case ErrorCode::not_for_device: return "the invite belongs to another device";
        case ErrorCode::unknown_call: return "no such call of this device";
        case ErrorCode::wrong_state: return "the call is not in a state for that";
        case ErrorCode::already_answered: return "another device answered";
        case ErrorCode::id_conflict: return "the call id is in use, or the user calls themselves";
        case ErrorCode::too_many: return "too many; try later";
        case ErrorCode::unavailable: return "the server could not store it; send it again in a moment";
    }
    return "refused";
}

ClientSession::ClientSession(const Parts& parts, std::shared_ptr<net::WebSocket> socket, OnClosed on_closed)
    : parts_{parts},
      socket_{std::move(socket)},
      on_closed_{std::move(on_closed)},
      hello_timer_{parts.loop},
      token_timer_{parts.loop} {}

void ClientSession::start() {
    // The socket's callbacks hold the session; they are released when it closed.
    socket_->on_message([self = shared_from_this()](std::string_view text) { self->on_message(text); });
    socket_->on_close([self = shared_from_this()](std::uint16_t, std::string_view) { self->on_close(); });
    hello_timer_.arm(parts_.limits.hello_time, [this] { close(session_close::kNoHello, "no hello in time"); });
}

void ClientSession::abandon() {
    hello_timer_.cancel();
    token_timer_.cancel();
    if (scope_) parts_.bus.detach(*scope_, *this, parts_.clock.wall_now());
    scope_.reset();
    is_closing_ = true;
    socket_->abort();
}

void ClientSession::deliver(std::string frame) {
    if (!is_closing_) socket_->send(std::move(frame));
}

void ClientSession::replaced() { close(session_close::kReplaced, "a newer connection of this device took over"); }

void ClientSession::removed() { refuse("the device was deleted"); }

void ClientSession::key_revoked(std::string_view api_key) {
    if (scope_ && token_ && token_->api_key == api_key) refuse("the API key of the access token was revoked");
}

void ClientSession::tokens_revoked(const ServiceId& service, const UserId& user, std::string_view jti, WallTime at) {
    if (!scope_ || !token_ || token_->service != service || token_->user != user) return;
    if ((jti.empty() || token_->jti == jti) && token_->issued_at <= at) refuse("the access token was revoked");
}

void ClientSession::refuse(const std::string& why) {
    send_error(0, {ErrorCode::not_authorized, why});
    close(session_close::kRefused, why);
}

void ClientSession::watch_token() {
    if (!token_ || is_closing_) return;
    const Duration left = token_->expires_at - parts_.clock.wall_now();
    if (left <= Duration{0}) return refuse("the access token expired");
    // The wall clock may jump while the timer sleeps.
    token_timer_.arm(std::min(left, kTokenCheck), [this] { watch_token(); });
}

void ClientSession::close(std::uint16_t code, std::string_view reason) {
    if (std::exchange(is_closing_, true)) return;
    hello_timer_.cancel();
    token_timer_.cancel();
    socket_->close(code, reason);
}

void ClientSession::on_close() {
    is_closing_ = true;
    hello_timer_.cancel();
    token_timer_.cancel();
    if (scope_) {
        const LinkScope scope = *scope_;
        parts_.bus.detach(scope, *this, parts_.clock.wall_now());
        scope_.reset();
        log::write(log::Level::debug, "disconnected", {{"device", scope.device.text()}});
        parts_.host.presence_changed(scope);
    }
    if (on_closed_) on_closed_(*this);
}

void ClientSession::send_error(std::uint64_t id, const Refusal& refusal) {
    if (is_closing_) return;
    socket_->send(codec::encode_frame(protocol::ServerFrame{0, protocol::Error{id, refusal.code, refusal.message}}));
    if (++faults_ > parts_.limits.faults_max) close(session_close::kTooMany, "too many refused messages");
}

void ClientSession::on_message(std::string_view text) {
    if (is_closing_) return;  // It crossed our close.
    if (!scope_) {
        first_frame(text);
        return;
    }
    const bool has_room = parts_.bus.budget(*scope_).take(
        parts_.clock.wall_now(), parts_.limits.frames_per_second, parts_.limits.frames_burst
    );
    auto frame = codec::decode_client_frame(text);
    if (!has_room) {
        const std::uint64_t id = frame ? frame->id : frame.error().id;
        send_error(id, {ErrorCode::too_many, "too many messages a second"});
        return;
    }
    if (!frame) {
        const codec::FrameError& error = frame.error();
        send_error(error.id, {codec::error_code_for(error.error.code), error.error.message()});
        return;
    }
    const auto self = shared_from_this();
    const Result result = std::visit([this](const auto& message) { return perform(message); }, frame->message);
    if (!result) {
        send_error(frame->id, result.error());
    } else if (!is_closing_) {
        socket_->send(codec::encode_frame(protocol::ServerFrame{0, protocol::Ack{frame->id}}));
    }
}

void ClientSession::first_frame(std::string_view text) {
    // The version is looked at before the rest: a hello of another version may have other fields.
    const auto document = codec::Document::parse(text, protocol::kFrameLengthMax);
    if (document && document->root().get("type").text() == "hello") {
        const auto version = document->root().get("version").unsigned_integer();
        if (version && *version != protocol::kProtocolVersion) {
            const auto id = document->root().get("id").unsigned_integer().value_or(0);
            send_error(id, {ErrorCode::wrong_version, std::string{explain(ErrorCode::wrong_version)}});
            close(session_close::kRefused, "wrong_version");
            return;
        }
    }
    auto frame = codec::decode_client_frame(text);
    if (!frame) {
        send_error(frame.error().id, {codec::error_code_for(frame.error().error.code), frame.error().error.message()});
        close(session_close::kNoHello, "the first message must be hello");
        return;
    }
    const auto* message = std::get_if<protocol::Hello>(&frame->message);
    if (message == nullptr) {
        send_error(frame->id, {ErrorCode::not_authorized, "the first message must be hello"});
        close(session_close::kNoHello, "the first message must be hello");
        return;
    }
    if (const Result result = hello(*message); !result) {
        log::write(
            log::Level::info, "hello_refused", {{"device", message->device.text()}, {"why", result.error().message}}
        );
        const ErrorCode code = result.error().code;
        const bool is_for_now = code == ErrorCode::unavailable || code == ErrorCode::too_many;
        send_error(frame->id, result.error());
        close(is_for_now ? net::close_code::kTryLater : session_close::kRefused, "hello refused");
        return;
    }
    welcome(*message);
}

ClientSession::Result ClientSession::on_call(const CallId& call, const routing::Event& event) {
    const auto result = parts_.host.handle(scope_->service, call, event);
    if (!result) return std::unexpected{Refusal{result.error(), std::string{explain(result.error())}}};
    return {};
}

ClientSession::Result ClientSession::perform(const protocol::Hello&) {
    return std::unexpected{Refusal{ErrorCode::wrong_state, "hello comes once"}};
}

ClientSession::Result ClientSession::perform(const protocol::Place& message) {
    if (scope_->call)
        return std::unexpected{Refusal{ErrorCode::not_authorized, "placing a call needs an access token"}};
    const auto result = parts_.host.place({scope_->service, user_, scope_->device}, message);
    if (!result) return std::unexpected{Refusal{result.error(), std::string{explain(result.error())}}};
    return {};
}

ClientSession::Result ClientSession::perform(const protocol::Verify& message) {
    if (auto may = may_touch(message.call_id, message.ticket); !may) return may;
    return on_call(message.call_id, routing::VerifyAsked{scope_->device});
}

ClientSession::Result ClientSession::perform(const protocol::Answer& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(
        message.call_id,
        routing::AnswerReceived{scope_->device, message.sdp, message.responder_preparation, message.start_message}
    );
}

ClientSession::Result ClientSession::perform(const protocol::Decline& message) {
    if (auto may = may_touch(message.call_id, message.ticket); !may) return may;
    return on_call(
        message.call_id,
        routing::DeclineReceived{scope_->device, message.reason, message.everywhere, message.release_code}
    );
}

ClientSession::Result ClientSession::perform(const protocol::End& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::EndReceived{scope_->device, message.reason, message.release_code});
}

ClientSession::Result ClientSession::perform(const protocol::Candidate& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::CandidateReceived{scope_->device, message});
}

ClientSession::Result ClientSession::perform(const protocol::MyState& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::StateReceived{scope_->device, message.state});
}

ClientSession::Result ClientSession::perform(const protocol::MediaOffer& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::MediaOfferReceived{scope_->device, message});
}

ClientSession::Result ClientSession::perform(const protocol::MediaAnswer& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::MediaAnswerReceived{scope_->device, message});
}

ClientSession::Result ClientSession::perform(const protocol::MuteRequest& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::MuteAsked{scope_->device, message.on});
}

ClientSession::Result ClientSession::perform(const protocol::ShortData& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    return on_call(message.call_id, routing::ShortDataReceived{scope_->device, message});
}

ClientSession::Result ClientSession::perform(const protocol::Take& message) {
    if (scope_->call) return std::unexpected{Refusal{ErrorCode::not_authorized, "taking a call needs an access token"}};
    const auto result = parts_.host.take({scope_->service, user_, scope_->device}, message);
    if (!result) return std::unexpected{Refusal{result.error(), std::string{explain(result.error())}}};
    return {};
}

ClientSession::Result ClientSession::perform(const protocol::ListCalls&) {
    if (scope_->call) return std::unexpected{Refusal{ErrorCode::not_authorized, "this needs an access token"}};
    parts_.bus.send(*scope_, parts_.host.live_calls_of(scope_->service, user_));
    return {};
}

ClientSession::Result ClientSession::perform(const protocol::Renew& message) {
    if (!token_) return std::unexpected{Refusal{ErrorCode::wrong_state, "this connection has no access token"}};
    const auto identity = check_access_token(parts_.store, message.token.reveal(), parts_.clock.wall_now());
    if (!identity) return std::unexpected{Refusal{identity.error().code, identity.error().message}};
    const bool is_ours = identity->service == scope_->service && identity->user == user_ &&
                         (!identity->device || *identity->device == scope_->device);
    if (!is_ours) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "the access token is for another user or device"}};
    }
    token_ = *identity;
    watch_token();
    send_welcome(true);
    return {};
}

ClientSession::Result ClientSession::perform(const protocol::Receipt& message) {
    if (auto may = may_touch(message.call_id, {}); !may) return may;
    const auto result = parts_.host.receipt(scope_->service, scope_->device, message);
    if (!result) return std::unexpected{Refusal{result.error(), std::string{explain(result.error())}}};
    return {};
}

}  // namespace clarion::server
