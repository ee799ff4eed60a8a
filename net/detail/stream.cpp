// SPDX-License-Identifier: Apache-2.0
#include "net/detail/stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <climits>

#include "net/detail/tls_state.hpp"

namespace clarion::net::detail {
namespace {

constexpr std::size_t kDrainMax = 1024 * 1024;  // a peer that keeps talking after our goodbye is cut

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

error_code last_system_error() { return {errno, boost::system::system_category()}; }

std::unexpected<Error> tls_error(std::string_view what) { return std::unexpected(to_error(take_tls_error(), what)); }

}  // namespace

Stream::Stream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;  // a socket that died meanwhile tells at the first read
    socket_.non_blocking(true, ignored);
    socket_.set_option(Tcp::no_delay(true), ignored);
}

std::string_view Stream::alpn() const {
    if (!tls_) return {};
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

void Stream::close() {
    error_code ignored;
    socket_.close(ignored);
    tls_.reset();  // its BIO holds the number of a descriptor that is not ours any more
}

void Stream::reset_on_close() {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
}

std::expected<void, Error> Stream::start_tls(TlsContext& context, bool is_server, const std::string& host) {
    ERR_clear_error();
    if (context.state().is_server != is_server) {
        return std::unexpected(Error{ErrorCode::tls_failed, "a server's TLS context is used by a client, or reverse"});
    }
    tls_.reset(SSL_new(context.state().context.get()));
    BIO* bio = tls_ ? new_socket_bio(socket_.native_handle()) : nullptr;
    if (bio == nullptr) return tls_error("TLS set-up");
    SSL_set_bio(tls_.get(), bio, bio);
    if (is_server) {
        SSL_set_accept_state(tls_.get());
        return {};
    }
    SSL_set_connect_state(tls_.get());
    auto* expected = SSL_get0_param(tls_.get());
    error_code not_an_address;
    (void)asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) != 1) return tls_error("TLS set-up");
        return {};  // RFC 6066 3: no address in the server name extension
    }
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) != 1) return tls_error("TLS set-up");
    if (SSL_set_tlsext_host_name(tls_.get(), host.c_str()) != 1) return tls_error("TLS set-up");
    return {};
}

std::string Stream::verify_failure() const {
    if (!tls_) return {};
    const long result = SSL_get_verify_result(tls_.get());
    return result == X509_V_OK ? std::string{} : X509_verify_cert_error_string(result);
}

Stream::Step Stream::tls_step(int result) {
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ: return {Want::read, 0, {}};
        case SSL_ERROR_WANT_WRITE: return {Want::write, 0, {}};
        case SSL_ERROR_ZERO_RETURN: return {Want::nothing, 0, asio::error::eof};
        case SSL_ERROR_SYSCALL: {
            const int error = errno;
            ERR_clear_error();
            if (error == 0) return {Want::nothing, 0, asio::error::connection_reset};
            return {Want::nothing, 0, error_code(error, boost::system::system_category())};
        }
        default: break;
    }
    // A peer that vanished without TLS's goodbye: the data may be cut short, so it is not a clean end.
    const unsigned long error = ERR_peek_error();
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return {Want::nothing, 0, asio::error::connection_reset};
    }
    return {Want::nothing, 0, take_tls_error()};
}

Stream::Step Stream::try_read(asio::mutable_buffer buffer) {
    if (!is_open()) return {Want::nothing, 0, asio::error::operation_aborted};
    if (buffer.size() == 0) return {};
    if (tls_) {
        ERR_clear_error();
        errno = 0;
        const int size = static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX));
        const int count = SSL_read(tls_.get(), buffer.data(), size);
        if (count <= 0) return tls_step(count);
        bytes_read_ += static_cast<std::uint64_t>(count);
        return {Want::nothing, static_cast<std::size_t>(count), {}};
    }
    const auto count = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (count == 0) return {Want::nothing, 0, asio::error::eof};
    if (count < 0) return would_block(errno) ? Step{Want::read, 0, {}} : Step{Want::nothing, 0, last_system_error()};
    bytes_read_ += static_cast<std::uint64_t>(count);
    return {Want::nothing, static_cast<std::size_t>(count), {}};
}

Stream::Step Stream::try_write(asio::const_buffer buffer) {
    if (!is_open()) return {Want::nothing, 0, asio::error::operation_aborted};
    if (buffer.size() == 0) return {};
    if (tls_) {
        ERR_clear_error();
        errno = 0;
        const int size = static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX));
        const int count = SSL_write(tls_.get(), buffer.data(), size);
        if (count <= 0) return tls_step(count);
        return {Want::nothing, static_cast<std::size_t>(count), {}};
    }
    const auto count = ::send(socket_.native_handle(), buffer.data(), buffer.size(), MSG_NOSIGNAL);
    if (count < 0) return would_block(errno) ? Step{Want::write, 0, {}} : Step{Want::nothing, 0, last_system_error()};
    return {Want::nothing, static_cast<std::size_t>(count), {}};
}

Stream::Step Stream::try_handshake() {
    if (!is_open() || !tls_) return {Want::nothing, 0, asio::error::operation_aborted};
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(tls_.get());
    return result == 1 ? Step{} : tls_step(result);
}

Stream::Step Stream::try_shutdown() {
    if (!is_open()) return {};
    if (!has_said_goodbye_) {
        if (tls_) {
            ERR_clear_error();
            errno = 0;
            const int result = SSL_shutdown(tls_.get());
            if (result < 0 && SSL_get_error(tls_.get(), result) == SSL_ERROR_WANT_WRITE) return {Want::write, 0, {}};
            ERR_clear_error();
        }
        has_said_goodbye_ = true;
        (void)::shutdown(socket_.native_handle(), SHUT_WR);  // fails only when the connection is gone: seen below
    }
    std::array<char, 4096> dropped{};
    while (drained_ < kDrainMax) {
        const auto count = ::recv(socket_.native_handle(), dropped.data(), dropped.size(), 0);
        if (count == 0) return {};
        if (count < 0) return would_block(errno) ? Step{Want::read, 0, {}} : Step{};
        drained_ += static_cast<std::size_t>(count);
    }
    return {};
}

}  // namespace clarion::net::detail
