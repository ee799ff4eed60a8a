// SPDX-License-Identifier: Apache-2.0
#include "net/error.hpp"

namespace clarion::net {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::busy_port: return "busy_port";
        case ErrorCode::denied: return "denied";
        case ErrorCode::bad_address: return "bad_address";
        case ErrorCode::bad_url: return "bad_url";
        case ErrorCode::bad_file: return "bad_file";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::refused: return "refused";
        case ErrorCode::unreachable: return "unreachable";
        case ErrorCode::timed_out: return "timed_out";
        case ErrorCode::tls_untrusted: return "tls_untrusted";
        case ErrorCode::tls_failed: return "tls_failed";
        case ErrorCode::closed: return "closed";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::too_large: return "too_large";
        case ErrorCode::protocol: return "protocol";
        case ErrorCode::exhausted: return "exhausted";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

}  // namespace clarion::net
