// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/detail/tls_state.hpp"

namespace clarion::net {
namespace {

using detail::FreeSslContext;
using detail::TlsState;
using ContextPointer = std::unique_ptr<SSL_CTX, FreeSslContext>;

std::unexpected<Error> bad_file(std::string message) {
    ERR_clear_error();
    return std::unexpected(Error{ErrorCode::bad_file, std::move(message)});
}

/// Says "missing" or "unreadable" before OpenSSL says something harder to read.
std::expected<void, Error> check_readable(const std::string& file, std::string_view what) {
    if (file.empty()) return bad_file(fmt::format("no {} file is given", what));
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        if (error == ENOENT) return bad_file(fmt::format("{} file {} is missing", what, file));
        return bad_file(fmt::format("{} file {} cannot be read: {}", what, file, std::strerror(error)));
    }
    char byte = 0;
    const auto count = ::read(fd, &byte, 1);
    const int error = errno;
    ::close(fd);
    if (count < 0) return bad_file(fmt::format("{} file {} cannot be read: {}", what, file, std::strerror(error)));
    if (count == 0) return bad_file(fmt::format("{} file {} is empty", what, file));
    return {};
}

std::string why_not_loaded(std::string_view wanted) {
    const unsigned long error = ERR_peek_error();
    const int library = ERR_GET_LIB(error);
    const int why = ERR_GET_REASON(error);
    const bool is_not_pem = (library == ERR_LIB_PEM && why == PEM_R_NO_START_LINE) ||
                            (library == ERR_LIB_X509 && why == X509_R_NO_CERTIFICATE_OR_CRL_FOUND) ||
                            (library == ERR_LIB_OSSL_DECODER && why == ERR_R_UNSUPPORTED);
    if (is_not_pem) return fmt::format("has no PEM {}", wanted);
    const char* reason = ERR_reason_error_string(error);
    return fmt::format("has no usable {} ({})", wanted, reason != nullptr ? reason : "unknown reason");
}

/// RFC 7301 3.1: each name with its length in front.
std::expected<std::string, Error> alpn_wire(const std::vector<std::string>& names) {
    std::string wire;
    for (const auto& name : names) {
        if (name.empty() || name.size() > 255) {
            return std::unexpected(Error{ErrorCode::protocol, "an ALPN name has 1 to 255 bytes"});
        }
        wire += static_cast<char>(name.size());
        wire += name;
    }
    return wire;
}

void free_wire(void*, void* pointer, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(pointer); }

/// The names live in the SSL_CTX itself: a handshake may outlive the TlsContext that made it.
int alpn_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_wire);
    return index;
}

int select_alpn(
    SSL*,
    const unsigned char** out,
    unsigned char* out_size,
    const unsigned char* in,
    unsigned in_size,
    void* wire_pointer
) {
    const auto& wire = *static_cast<const std::string*>(wire_pointer);
    unsigned char* chosen = nullptr;
    const int result = SSL_select_next_proto(
        &chosen, out_size, reinterpret_cast<const unsigned char*>(wire.data()), static_cast<unsigned>(wire.size()), in,
        in_size
    );
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

ContextPointer new_context(bool is_server) {
    ContextPointer context(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()));
    if (!context) return nullptr;
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(
        context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    return context;
}

std::expected<void, Error> load_identity(SSL_CTX* context, const TlsServerConfig& config) {
    if (auto ok = check_readable(config.certificate_file, "certificate"); !ok) return ok;
    if (auto ok = check_readable(config.key_file, "key"); !ok) return ok;
    // A password prompt on the terminal would hang a server: an encrypted key is an error.
    SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return -1; });
    if (SSL_CTX_use_certificate_chain_file(context, config.certificate_file.c_str()) != 1) {
        return bad_file(fmt::format("certificate file {} {}", config.certificate_file, why_not_loaded("certificate")));
    }
    if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        const unsigned long error = ERR_peek_error();
        if (ERR_GET_LIB(error) == ERR_LIB_X509 && ERR_GET_REASON(error) == X509_R_KEY_VALUES_MISMATCH) {
            return bad_file(
                fmt::format("key file {} does not match certificate file {}", config.key_file, config.certificate_file)
            );
        }
        if (ERR_GET_LIB(error) == ERR_LIB_X509 && ERR_GET_REASON(error) == X509_R_KEY_TYPE_MISMATCH) {
            return bad_file(
                fmt::format("key file {} does not match certificate file {}", config.key_file, config.certificate_file)
            );
        }
        return bad_file(fmt::format("key file {} {}", config.key_file, why_not_loaded("unencrypted private key")));
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return bad_file(
            fmt::format("key file {} does not match certificate file {}", config.key_file, config.certificate_file)
        );
    }
    return {};
}

std::expected<std::shared_ptr<TlsContext>, Error> wrap(ContextPointer context, bool is_server) {
    ERR_clear_error();
    auto state = std::make_unique<TlsState>();
    state->context = std::move(context);
    state->is_server = is_server;
    return std::make_shared<TlsContext>(std::move(state));
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<detail::TlsState> state) : state_(std::move(state)) {}

TlsContext::~TlsContext() = default;

std::expected<std::shared_ptr<TlsContext>, Error> TlsContext::server(const TlsServerConfig& config) {
    auto context = new_context(true);
    if (!context) return std::unexpected(Error{ErrorCode::exhausted, "no memory for a TLS context"});
    if (auto ok = load_identity(context.get(), config); !ok) return std::unexpected(ok.error());
    auto wire = alpn_wire(config.alpn);
    if (!wire) return std::unexpected(wire.error());
    if (!wire->empty()) {
        auto* kept = new std::string(std::move(*wire));
        SSL_CTX_set_ex_data(context.get(), alpn_index(), kept);
        SSL_CTX_set_alpn_select_cb(context.get(), select_alpn, kept);
    }
    SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(context.get(), 1);
    return wrap(std::move(context), true);
}

std::expected<std::shared_ptr<TlsContext>, Error> TlsContext::client(const TlsClientConfig& config) {
    auto context = new_context(false);
    if (!context) return std::unexpected(Error{ErrorCode::exhausted, "no memory for a TLS context"});
    if (config.ca_file.empty()) {
        if (SSL_CTX_set_default_verify_paths(context.get()) != 1) {
            return bad_file("the system's certificate authorities cannot be read");
        }
    } else {
        if (auto ok = check_readable(config.ca_file, "CA"); !ok) return std::unexpected(ok.error());
        if (SSL_CTX_load_verify_file(context.get(), config.ca_file.c_str()) != 1) {
            return bad_file(fmt::format("CA file {} {}", config.ca_file, why_not_loaded("certificate")));
        }
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    auto wire = alpn_wire(config.alpn);
    if (!wire) return std::unexpected(wire.error());
    if (!wire->empty()) {
        SSL_CTX_set_alpn_protos(
            context.get(), reinterpret_cast<const unsigned char*>(wire->data()), static_cast<unsigned>(wire->size())
        );
    }
    return wrap(std::move(context), false);
}

namespace detail {
namespace {

int bio_fd(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_retry(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int bio_write(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    const auto count = ::send(bio_fd(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (count < 0 && is_retry(errno)) BIO_set_retry_write(bio);
    return static_cast<int>(count);
}

int bio_read(BIO* bio, char* data, int size) {
    BIO_clear_retry_flags(bio);
    const auto count = ::recv(bio_fd(bio), data, static_cast<std::size_t>(size), 0);
    if (count < 0 && is_retry(errno)) BIO_set_retry_read(bio);
    if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(count);
}

long bio_control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return 0;
}

BIO_METHOD* socket_method() {
    static BIO_METHOD* const method = [] {
        auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "clarion socket");
        if (made == nullptr) return made;
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_ctrl(made, bio_control);
        return made;
    }();
    return method;
}

}  // namespace

BIO* new_socket_bio(int fd) {
    auto* method = socket_method();
    if (method == nullptr) return nullptr;
    auto* bio = BIO_new(method);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace detail

}  // namespace clarion::net
