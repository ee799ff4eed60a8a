// SPDX-License-Identifier: Apache-2.0
#include "net/detail/errors.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <boost/asio/error.hpp>
#include <string>

namespace clarion::net::detail {
namespace {

namespace asio = boost::asio;

class TlsCategory final : public boost::system::error_category {
  public:
    [[nodiscard]] const char* name() const noexcept override { return "tls"; }

    [[nodiscard]] std::string message(int value) const override {
        const char* reason = ERR_reason_error_string(static_cast<unsigned long>(static_cast<unsigned>(value)));
        return reason != nullptr ? reason : "unknown TLS error";
    }
};

ErrorCode classify(error_code error) {
    if (error.category() == tls_category()) return ErrorCode::tls_failed;
    if (error == asio::error::eof) return ErrorCode::closed;
    if (error == asio::error::host_not_found || error == asio::error::no_data) return ErrorCode::not_found;
    if (error == asio::error::host_not_found_try_again) return ErrorCode::not_found;
    namespace errc = boost::system::errc;
    if (error == errc::address_in_use) return ErrorCode::busy_port;
    if (error == errc::permission_denied || error == errc::operation_not_permitted) return ErrorCode::denied;
    if (error == errc::address_not_available) return ErrorCode::bad_address;
    if (error == errc::connection_refused) return ErrorCode::refused;
    if (error == errc::network_unreachable || error == errc::host_unreachable) return ErrorCode::unreachable;
    if (error == errc::network_down) return ErrorCode::unreachable;
    if (error == errc::timed_out) return ErrorCode::timed_out;
    if (error == errc::connection_reset || error == errc::broken_pipe) return ErrorCode::closed;
    if (error == errc::connection_aborted || error == errc::not_connected) return ErrorCode::closed;
    if (error == errc::operation_canceled) return ErrorCode::cancelled;
    if (error == errc::too_many_files_open || error == errc::too_many_files_open_in_system) return ErrorCode::exhausted;
    if (error == errc::not_enough_memory || error == errc::no_buffer_space) return ErrorCode::exhausted;
    if (error == errc::no_such_file_or_directory) return ErrorCode::not_found;
    return ErrorCode::internal;
}

}  // namespace

const boost::system::error_category& tls_category() {
    static const TlsCategory category;
    return category;
}

error_code take_tls_error() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    // OpenSSL 3 packs library and reason into the low 31 bits.
    return code == 0 ? asio::error::connection_reset
                     : error_code(static_cast<int>(code & 0x7fffffffUL), tls_category());
}

Error to_error(error_code error, std::string_view what) {
    return {classify(error), fmt::format("{}: {}", what, error.message())};
}

}  // namespace clarion::net::detail
