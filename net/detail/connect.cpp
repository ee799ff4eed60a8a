// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <vector>

#include "net/clock.hpp"
#include "net/detail/loop_state.hpp"
#include "net/detail/stream.hpp"

namespace clarion::net::detail {
namespace {

using Resolver = asio::ip::basic_resolver<Tcp, Executor>;
using Callback = std::move_only_function<void(std::expected<Stream, Error>)>;

constexpr std::size_t kAddressesMax = 8;  // of one name; more only eat up the deadline

class Connector : public Cancellable, public std::enable_shared_from_this<Connector> {
  public:
    Connector(Loop& loop, ConnectOptions options, Callback callback)
        : loop_(loop),
          options_(std::move(options)),
          callback_(std::move(callback)),
          deadline_(loop),
          attempt_deadline_(loop),
          resolver_(loop.state().io),
          stream_(Socket(loop.state().io)) {}

    void start() {
        ends_at_ = boot_now() + options_.deadline;
        deadline_.arm_at(ends_at_, [self = shared_from_this()] {
            self->finish(Error{ErrorCode::timed_out, self->name() + ": timed out"});
        });
        error_code not_an_address;
        const auto address = asio::ip::make_address(options_.host, not_an_address);
        if (!not_an_address) {
            endpoints_.emplace_back(address, options_.port);
            loop_.post([self = shared_from_this()] { self->try_next({}); });
            return;
        }
        // getaddrinfo runs on Asio's own thread; after the deadline nobody waits for its answer.
        resolver_.async_resolve(
            options_.host, std::to_string(options_.port), Resolver::numeric_service,
            [self = shared_from_this()](error_code error, const Resolver::results_type& results) {
                for (const auto& one : results) {
                    if (self->endpoints_.size() < kAddressesMax) self->endpoints_.push_back(one.endpoint());
                }
                self->try_next(error);
            }
        );
    }

    void cancel() override {
        const auto kept = shared_from_this();
        callback_ = nullptr;
        release();
    }

  private:
    [[nodiscard]] std::string name() const {
        return options_.host.contains(':') ? fmt::format("[{}]:{}", options_.host, options_.port)
                                           : fmt::format("{}:{}", options_.host, options_.port);
    }

    void try_next(error_code last) {
        if (!callback_) return;
        if (next_ == endpoints_.size()) return finish(to_error(last ? last : asio::error::host_not_found, name()));
        const auto endpoint = endpoints_[next_++];
        error_code error;
        Socket socket(loop_.state().io);
        socket.open(endpoint.protocol(), error);
        if (error) return try_next(error);
        stream_ = Stream(std::move(socket));
        // Without a share of its own, one silent address would use up the time of the others.
        const auto left = ends_at_ - boot_now();
        const auto addresses_left = static_cast<Duration::rep>(endpoints_.size() - next_ + 1);
        is_late_ = false;
        attempt_deadline_.arm(left / addresses_left, [self = shared_from_this()] {
            self->is_late_ = true;
            self->stream_.close();
        });
        stream_.socket().async_connect(endpoint, [self = shared_from_this()](error_code failure) {
            if (!self->callback_) return;
            self->attempt_deadline_.cancel();
            if (self->is_late_) failure = asio::error::timed_out;
            if (failure) return self->try_next(failure);
            self->shake_hands();
        });
    }

    void shake_hands() {
        if (!options_.tls) return finish(std::move(stream_));
        if (auto ok = stream_.start_tls(*options_.tls, false, options_.host); !ok) return finish(ok.error());
        stream_.async_handshake([self = shared_from_this()](error_code failure) {
            if (!self->callback_) return;
            if (!failure) return self->finish(std::move(self->stream_));
            auto error = to_error(failure, self->name());
            if (const auto why = self->stream_.verify_failure(); !why.empty()) {
                error = {
                    ErrorCode::tls_untrusted, fmt::format("{}: the certificate is not trusted: {}", self->name(), why)
                };
            }
            self->finish(std::move(error));
        });
    }

    void finish(std::expected<Stream, Error> result) {
        auto callback = std::exchange(callback_, nullptr);
        const auto kept = shared_from_this();
        release();
        if (callback) callback(std::move(result));
    }

    void finish(Error error) { finish(std::expected<Stream, Error>(std::unexpected(std::move(error)))); }

    void release() {
        deadline_.cancel();
        attempt_deadline_.cancel();
        resolver_.cancel();
        if (stream_.is_open()) stream_.close();
    }

    Loop& loop_;
    ConnectOptions options_;
    Callback callback_;
    Timer deadline_;
    Timer attempt_deadline_;
    Resolver resolver_;
    Stream stream_;
    std::vector<Tcp::endpoint> endpoints_;
    std::size_t next_ = 0;
    Instant ends_at_;
    bool is_late_ = false;
};

}  // namespace

Operation connect(Loop& loop, ConnectOptions options, Callback callback) {
    auto connector = std::make_shared<Connector>(loop, std::move(options), std::move(callback));
    connector->start();
    return Operation(connector);
}

}  // namespace clarion::net::detail
