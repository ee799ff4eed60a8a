// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows nghttp2.
#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "net/detail/stream.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"

namespace clarion::net::detail {

/// Moves bytes between a Stream and an nghttp2 session, for client and server alike.
///
/// nghttp2's callbacks only take notes; on_batch() acts on them afterwards, when the session may be used again.
/// Output is collected: everything submitted in one turn of the loop leaves in one write.
class Http2Pump : public std::enable_shared_from_this<Http2Pump> {
  public:
    Http2Pump(Loop& loop, Stream stream, Duration write_deadline);
    virtual ~Http2Pump();
    Http2Pump(const Http2Pump&) = delete;
    Http2Pump& operator=(const Http2Pump&) = delete;

    /// Begins to read and sends what was submitted so far.
    void start();
    /// Sends what was submitted, at the end of this turn of the loop.
    void schedule_flush();
    /// Ends the connection once; on_closed() is called inside.
    void close(const Error& why);
    /// The same, and the peer gets TCP's RST.
    void abort(const Error& why);
    [[nodiscard]] bool is_closed() const { return is_closed_; }

  protected:
    /// Takes over the session, which was made with `this` as user data.
    void adopt(nghttp2_session* session) { session_.reset(session); }
    [[nodiscard]] nghttp2_session* session() const { return session_.get(); }
    [[nodiscard]] Loop& loop() const { return loop_; }
    /// When bytes last came from the peer.
    [[nodiscard]] Instant last_read() const { return last_read_; }
    /// Reads on and forgets it; writes nothing more.
    void mute() { is_mute_ = true; }
    /// Tries to send without waiting: for the last words before a close.
    void flush_now();

    virtual void on_batch() = 0;
    virtual void on_closed(const Error& why) = 0;

  private:
    struct FreeSession {
        void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
    };
    static constexpr std::size_t kReadMax = 16 * 1024;   // One TLS record.
    static constexpr std::size_t kWriteMax = 64 * 1024;  // Collected before a write.

    void read();
    void received(std::size_t length);
    void flush();
    void write_from(std::size_t offset);
    [[nodiscard]] bool collect();
    void close_when_finished();

    Loop& loop_;
    Stream stream_;
    Timer write_timer_;
    Duration write_deadline_;
    std::unique_ptr<nghttp2_session, FreeSession> session_;
    std::array<std::uint8_t, kReadMax> in_{};
    std::string out_;
    Instant last_read_;
    bool is_writing_ = false;
    bool is_flush_posted_ = false;
    bool is_closed_ = false;
    bool is_mute_ = false;
};

/// nghttp2's view of a header; both texts must outlive the submit call (nghttp2 copies).
[[nodiscard]] nghttp2_nv make_nv(std::string_view name, std::string_view value, bool is_indexed);

/// HTTP/2 allows only lower-case names (RFC 9113 section 8.2.1).
[[nodiscard]] std::string lower_case(std::string_view name);

/// Headers that belong to a connection have no place in HTTP/2 (RFC 9113 section 8.2.2).
[[nodiscard]] bool is_connection_header(std::string_view lower_name);

}  // namespace clarion::net::detail
