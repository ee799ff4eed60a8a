// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
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
            add(Tcp::endpoint{address, options_.port});
            loop_.post([self = shared_from_this()] { self->try_next({}); });
            return;
        }
        // getaddrinfo runs on Asio's own thread; after the deadline nobody waits for its answer.
        resolver_.async_resolve(
            options_.host, std::to_string(options_.port), Resolver::numeric_service,
            [self = shared_from_this()](error_code error, const Resolver::results_type& results) {
                for (const auto& one : results) self->add(one.endpoint());
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

    void add(const Tcp::endpoint& endpoint) {
        if (options_.public_only && !is_public(endpoint.address())) {
            is_private_ = true;
        } else if (endpoints_.size() < kAddressesMax) {
            endpoints_.push_back(endpoint);
        }
    }

    void try_next(error_code last) {
        if (!callback_) return;
        if (endpoints_.empty() && is_private_) {
            return finish(Error{ErrorCode::bad_address, name() + ": leads into a private network"});
        }
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
    bool is_private_ = false;  // An address was left out.
};

bool is_public(const asio::ip::address_v4& address) {
    struct Net {
        std::uint32_t prefix;
        unsigned bits;
    };
    // IANA's special-purpose registry (RFC 6890), as far as it is not reachable from everywhere.
    constexpr std::array kSpecial{Net{0x00000000, 8},  Net{0x0A000000, 8},  Net{0x64400000, 10}, Net{0x7F000000, 8},
                                  Net{0xA9FE0000, 16}, Net{0xAC100000, 12}, Net{0xC0000000, 24}, Net{0xC0000200, 24},
                                  Net{0xC0A80000, 16}, Net{0xC6120000, 15}, Net{0xC6336400, 24}, Net{0xCB007100, 24},
                                  Net{0xE0000000, 3}};
    const std::uint32_t bits = address.to_uint();
    return std::ranges::none_of(kSpecial, [&](const Net& net) { return (bits ^ net.prefix) >> (32U - net.bits) == 0; });
}

}  // namespace

bool is_public(const asio::ip::address& address) {
    if (address.is_v4()) return is_public(address.to_v4());
    // Of IPv6 only 2000::/3 is given out; inside it 2002::/16 and 2001::/32 carry an IPv4 address.
    const auto bytes = address.to_v6().to_bytes();
    const bool is_teredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
    const bool is_6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    return (bytes[0] & 0xE0U) == 0x20 && !is_teredo && !is_6to4;
}

Operation connect(Loop& loop, ConnectOptions options, Callback callback) {
    auto connector = std::make_shared<Connector>(loop, std::move(options), std::move(callback));
    connector->start();
    return Operation(connector);
}

}  // namespace clarion::net::detail
