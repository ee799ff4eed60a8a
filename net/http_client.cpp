// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <utility>

#include "net/clock.hpp"
#include "net/detail/beast_stream.hpp"
#include "net/detail/http_text.hpp"

namespace clarion::net {
namespace {

using detail::error_code;
using detail::Stream;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t kHeadersMax = 64 * 1024;
constexpr int kInterimMax = 8;  // 1xx answers before the real one

class HttpCall : public detail::Cancellable, public std::enable_shared_from_this<HttpCall> {
  public:
    HttpCall(Loop& loop, HttpClientRequest request, HttpCallback callback)
        : loop_(loop), request_(std::move(request)), callback_(std::move(callback)), deadline_(loop) {}

    void start() {
        if (!detail::is_token(request_.method) || !detail::is_target(request_.target) ||
            !detail::are_good(request_.headers)) {
            loop_.post([self = shared_from_this()] {
                self->fail({ErrorCode::bad_url, "the method, target or a header holds blanks or control characters"});
            });
            return;
        }
        host_ = detail::host_header(request_.host, request_.port, request_.tls != nullptr);
        ends_at_ = boot_now() + request_.deadline;
        connecting_ = detail::connect(
            loop_, {.host = request_.host, .port = request_.port, .tls = request_.tls, .deadline = request_.deadline},
            [self = shared_from_this()](std::expected<Stream, Error> stream) {
                if (!self->callback_) return;
                if (!stream) return self->fail(std::move(stream.error()));
                self->stream_.emplace(std::move(*stream));
                self->write();
            }
        );
    }

    void cancel() override {
        const auto kept = shared_from_this();
        callback_ = nullptr;
        release();
    }

  private:
    void write() {
        deadline_.arm_at(ends_at_, [self = shared_from_this()] {
            self->fail({ErrorCode::timed_out, self->host_ + ": no complete answer in time"});
        });
        message_.version(11);
        message_.method_string(request_.method);
        message_.target(request_.target);
        message_.set(http::field::host, host_);
        message_.set(http::field::user_agent, "clarion");
        for (const auto& header : request_.headers) message_.set(header.name, header.value);
        message_.body() = std::move(request_.body);
        message_.keep_alive(false);
        const bool takes_body = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
        if (takes_body || !message_.body().empty()) message_.content_length(message_.body().size());
        http::async_write(*stream_, message_, [self = shared_from_this()](error_code error, std::size_t) {
            if (!self->callback_) return;
            // A server may answer (413) and close before it took everything: its answer counts more than our error.
            if (error && error != boost::system::errc::broken_pipe && error != boost::system::errc::connection_reset) {
                return self->fail(detail::to_error(error, self->host_));
            }
            self->read();
        });
    }

    void read() {
        parser_.emplace();
        parser_->header_limit(kHeadersMax);
        parser_->body_limit(request_.body_max);
        parser_->skip(request_.method == "HEAD");
        http::async_read(*stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
            if (self->callback_) self->handle_response(error);
        });
    }

    void handle_response(error_code error) {
        if (error == http::error::body_limit) {
            return fail(
                {ErrorCode::too_large, fmt::format("{}: the answer is larger than {} bytes", host_, request_.body_max)}
            );
        }
        if (error == http::error::header_limit) {
            return fail({ErrorCode::too_large, host_ + ": the answer's headers are too large"});
        }
        if (error == http::error::end_of_stream || error == http::error::partial_message) {
            return fail({ErrorCode::closed, host_ + ": the connection was closed before the answer was complete"});
        }
        if (error && error.category() == make_error_code(http::error::bad_version).category()) {
            return fail({ErrorCode::protocol, fmt::format("{}: not HTTP: {}", host_, error.message())});
        }
        if (error) return fail(detail::to_error(error, host_));
        const auto status = parser_->get().result_int();
        if (status < 200 && status != 101) {
            if (++interim_ > kInterimMax) return fail({ErrorCode::protocol, host_ + ": too many interim answers"});
            return read();
        }
        auto message = parser_->release();
        HttpResponse response{.status = status};
        for (const auto& field : message) {
            response.headers.push_back({detail::to_lower(field.name_string()), std::string(field.value())});
        }
        response.body = std::move(message.body());
        auto callback = std::exchange(callback_, nullptr);
        (void)stream_->try_shutdown();  // a goodbye as far as it goes without waiting
        release();
        callback(std::move(response));
    }

    void fail(Error error) {
        auto callback = std::exchange(callback_, nullptr);
        const auto kept = shared_from_this();
        release();
        if (callback) callback(std::unexpected(std::move(error)));
    }

    void release() {
        deadline_.cancel();
        connecting_.cancel();
        if (stream_) stream_->close();
    }

    Loop& loop_;
    HttpClientRequest request_;
    HttpCallback callback_;
    Timer deadline_;
    Operation connecting_;
    std::optional<Stream> stream_;
    http::request<http::string_body> message_;
    std::optional<http::response_parser<http::string_body>> parser_;
    beast::flat_buffer buffer_;
    std::string host_;
    Instant ends_at_;
    int interim_ = 0;
};

}  // namespace

Operation http_request(Loop& loop, HttpClientRequest request, HttpCallback callback) {
    auto call = std::make_shared<HttpCall>(loop, std::move(request), std::move(callback));
    call->start();
    return Operation(call);
}

}  // namespace clarion::net
