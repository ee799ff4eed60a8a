// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows Asio and OpenSSL.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/time.hpp"
#include "net/detail/errors.hpp"
#include "net/error.hpp"
#include "net/loop.hpp"
#include "net/operation.hpp"
#include "net/tls.hpp"

namespace clarion::net::detail {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;

/// One TCP connection, plain or TLS, decided when it is made, so that everything above is compiled once.
///
/// TLS runs OpenSSL straight on the non-blocking socket with released buffers: asio::ssl::stream keeps a BIO pair and
/// its own buffers, 77 kB per idle connection; this keeps none while idle.
///
/// Models Asio's AsyncReadStream and AsyncWriteStream: one read and one write at a time, handlers never run inside
/// the call. close() ends both with operation_aborted. The object stays where it is while an operation runs.
/// Deadlines: none here. Whoever waits arms a Timer that calls close().
class Stream {
  public:
    using executor_type = Executor;

    /// What the socket must become before the step can be tried again; nothing: it is finished.
    enum class Want : std::uint8_t { nothing, read, write };

    struct Step {
        Want want = Want::nothing;
        std::size_t bytes = 0;
        error_code error;
    };

    explicit Stream(Socket socket);
    Stream(Stream&&) noexcept = default;
    Stream& operator=(Stream&&) noexcept = default;

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }

    [[nodiscard]] Socket& socket() { return socket_; }

    [[nodiscard]] bool is_open() const { return socket_.is_open(); }

    [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }

    /// What ALPN agreed on ("h2"); empty without.
    [[nodiscard]] std::string_view alpn() const;

    /// Bytes taken from the peer so far: a change means that it lives.
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

    /// Decrypted bytes wait inside OpenSSL: the socket may never become readable for them.
    [[nodiscard]] bool has_pending() const { return tls_ && SSL_has_pending(tls_.get()) != 0; }

    /// Closes without ceremony; operations that run end with operation_aborted.
    void close();
    /// What close() sends is TCP's RST.
    void reset_on_close();

    /// Puts TLS on the connected socket; async_handshake comes next. `host` is what a client expects in the
    /// certificate (name or address); a server passes "".
    [[nodiscard]] std::expected<void, Error> start_tls(TlsContext& context, bool is_server, const std::string& host);

    /// Why the certificate was refused in the last handshake; empty when it was not that.
    [[nodiscard]] std::string verify_failure() const;

    /// Called when async_shutdown begins, which Beast does by itself: the owner arms a deadline.
    void on_shutdown(std::move_only_function<void()> fn) { on_shutdown_ = std::move(fn); }

    // One non-blocking try each.
    [[nodiscard]] Step try_read(asio::mutable_buffer buffer);
    [[nodiscard]] Step try_write(asio::const_buffer buffer);
    [[nodiscard]] Step try_handshake();
    /// Says goodbye and drops what still comes in, so that the peer reads our last bytes and is not reset.
    [[nodiscard]] Step try_shutdown();

    /// handler(error_code, std::size_t)
    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_compose<Token, void(error_code, std::size_t)>(
            ReadOperation<Buffers>{*this, buffers, {}}, token, get_executor()
        );
    }

    /// handler(error_code, std::size_t)
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_compose<Token, void(error_code, std::size_t)>(
            WriteOperation<Buffers>{*this, buffers, {}}, token, get_executor()
        );
    }

    /// handler(error_code): there is something to read, or the connection ended.
    template <class Token>
    auto async_wait_readable(Token&& token) {
        return socket_.async_wait(Socket::wait_read, std::forward<Token>(token));
    }

    /// handler(error_code)
    template <class Token>
    auto async_handshake(Token&& token) {
        return asio::async_compose<Token, void(error_code)>(
            StepOperation<&Stream::try_handshake>{*this, {}}, token, get_executor()
        );
    }

    /// handler(error_code), never with an error: it is done as well as it could be. The caller closes afterwards,
    /// also when its deadline passed.
    template <class Token>
    auto async_shutdown(Token&& token) {
        if (on_shutdown_) on_shutdown_();
        return asio::async_compose<Token, void(error_code)>(
            StepOperation<&Stream::try_shutdown>{*this, {}}, token, get_executor()
        );
    }

  private:
    struct FreeSsl {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };

    static constexpr std::size_t kFlattenMax = 16 * 1024;  // one TLS record, RFC 8446 5.1

    /// The bookkeeping that all operations share: a result found inside the initiating call is posted.
    struct Progress {
        bool is_initiated = false;
        bool is_posted = false;
        Step step;

        /// True when `step` is final and the handler may be called now.
        template <class Self>
        bool advance(Stream& stream, Self& self, Step next) {
            const bool is_first = !std::exchange(is_initiated, true);
            step = next;
            if (step.want != Want::nothing) {
                const auto kind = step.want == Want::read ? Socket::wait_read : Socket::wait_write;
                stream.socket_.async_wait(kind, std::move(self));
                return false;
            }
            if (!is_first) return true;
            is_posted = true;
            asio::post(stream.get_executor(), std::move(self));
            return false;
        }
    };

    template <class Buffers>
    struct ReadOperation {
        Stream& stream;
        Buffers buffers;
        Progress progress;

        template <class Self>
        void operator()(Self& self, error_code error = {}) {
            if (progress.is_posted) return self.complete(progress.step.error, progress.step.bytes);
            if (error) return self.complete(error, 0);
            if (!progress.advance(stream, self, stream.try_read(first_of(buffers)))) return;
            self.complete(progress.step.error, progress.step.bytes);
        }

        static asio::mutable_buffer first_of(const Buffers& all) {
            const auto end = asio::buffer_sequence_end(all);
            for (auto it = asio::buffer_sequence_begin(all); it != end; ++it) {
                if (asio::mutable_buffer one(*it); one.size() > 0) return one;
            }
            return {};
        }
    };

    template <class Buffers>
    struct WriteOperation {
        Stream& stream;
        Buffers buffers;
        Progress progress;

        template <class Self>
        void operator()(Self& self, error_code error = {}) {
            if (progress.is_posted) return self.complete(progress.step.error, progress.step.bytes);
            if (error) return self.complete(error, 0);
            // advance() moves this object away before it returns false: nothing of it is touched after that.
            if (!progress.advance(stream, self, stream.try_write(flatten(buffers)))) return;
            self.complete(progress.step.error, progress.step.bytes);
        }

        /// A frame header and its payload go out as one record and one packet. A repeated try after "want write"
        /// copies the same bytes again, as SSL_write demands.
        static asio::const_buffer flatten(const Buffers& all) {
            const auto begin = asio::buffer_sequence_begin(all);
            const auto end = asio::buffer_sequence_end(all);
            thread_local std::array<char, kFlattenMax> scratch;
            std::size_t used = 0;
            for (auto it = begin; it != end; ++it) {
                const asio::const_buffer one(*it);
                if (one.size() == 0) continue;
                auto next = it;
                if (used == 0 && (++next == end || one.size() >= kFlattenMax)) return one;
                used += asio::buffer_copy(asio::buffer(scratch) + used, one);
                if (used == kFlattenMax) break;
            }
            return {scratch.data(), used};
        }
    };

    template <Step (Stream::*kTry)()>
    struct StepOperation {
        Stream& stream;
        Progress progress;

        template <class Self>
        void operator()(Self& self, error_code error = {}) {
            if (progress.is_posted) return self.complete(progress.step.error);
            if (error) return self.complete(kTry == &Stream::try_shutdown ? error_code{} : error);
            if (!progress.advance(stream, self, (stream.*kTry)())) return;
            self.complete(progress.step.error);
        }
    };

    [[nodiscard]] Step tls_step(int result);

    Socket socket_;
    std::unique_ptr<SSL, FreeSsl> tls_;
    std::move_only_function<void()> on_shutdown_;
    std::uint64_t bytes_read_ = 0;
    std::size_t drained_ = 0;
    bool has_said_goodbye_ = false;
};

/// False for addresses that lead into this machine or a private network: loopback, private (RFC 1918, RFC 4193),
/// link-local, shared (RFC 6598), multicast, reserved, and IPv4 inside IPv6.
[[nodiscard]] bool is_public(const asio::ip::address& address);

struct ConnectOptions {
    std::string host;  ///< name or address
    std::uint16_t port = 0;
    std::shared_ptr<TlsContext> tls;               ///< a client context; null: plain
    Duration deadline = std::chrono::seconds{10};  ///< for name look-up, TCP and TLS together
    bool public_only = false;                      ///< see is_public()
};

/// Looks the host up, tries its addresses in order (each gets its share of the time), and shakes hands.
/// Calls back once, later, from the loop. A stream with TLS is verified; look at alpn() yourself.
Operation connect(
    Loop& loop, ConnectOptions options, std::move_only_function<void(std::expected<Stream, Error>)> callback
);

struct ListenOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;           ///< 0: the system picks
    std::shared_ptr<TlsContext> tls;  ///< a server context; null: plain
    Duration handshake_deadline = std::chrono::seconds{10};
    std::function<bool()> admit;  ///< asked for each new connection; false: closed at once. Empty: all
};

/// A listening socket that delivers connections after their TLS handshake.
///
/// Thread: the loop's. Re-entry: on_stream may close or destroy the listener.
class Listener {
  public:
    /// `remote` is "127.0.0.1:40000".
    using OnStream = std::function<void(Stream stream, std::string remote)>;

    explicit Listener(Loop& loop);
    ~Listener();  ///< as close()
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Gives the port. Errors: busy_port, denied, bad_address, one line with address and port.
    [[nodiscard]] std::expected<std::uint16_t, Error> open(ListenOptions options, OnStream on_stream);

    /// Stops listening and drops connections in handshake.
    void close();

    void set_tls(std::shared_ptr<TlsContext> tls);

    /// Connections in handshake.
    [[nodiscard]] std::size_t handshaking() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::net::detail
