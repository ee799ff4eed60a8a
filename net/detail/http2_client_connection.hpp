// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows nghttp2.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/deadlines.hpp"
#include "net/detail/http2_pump.hpp"
#include "net/http2_client.hpp"

namespace clarion::net::detail {

/// A request on its way: queued, on a stream, or done (then without a callback).
struct Http2Pending : Deadlines::Entry, std::enable_shared_from_this<Http2Pending> {
    Http2Pending(Http2Request the_request, Http2Client::Callback the_callback)
        : request{std::move(the_request)}, callback{std::move(the_callback)} {}

    Http2Request request;
    Http2Client::Callback callback;
    Instant ends_at;
    unsigned unprocessed = 0;
    std::list<std::shared_ptr<Http2Pending>>::iterator place;  // In the queue,
    bool is_queued = false;                                    // while it is there.

    // While on a stream:
    class Http2ClientConnection* connection = nullptr;
    std::int32_t stream = 0;
    std::size_t body_sent = 0;
    bool was_sent = false;
    bool is_answered = false;  // The response came to its end.
    bool is_too_large = false;
    std::size_t header_bytes = 0;
    HttpResponse response;

    void restart();
};
using Http2PendingPtr = std::shared_ptr<Http2Pending>;

/// One connection of a client.
class Http2ClientConnection final : public Http2Pump {
  public:
    /// What happened on a stream, for the owner to settle.
    struct Finished {
        Http2PendingPtr pending;
        enum class How : std::uint8_t { answered, unprocessed, reset, too_large } how;
        std::uint32_t code = 0;  // Of a reset.
    };

    class Owner {
      public:
        virtual ~Owner() = default;
        virtual void on_ready(Http2ClientConnection& connection) = 0;  ///< The first SETTINGS came.
        virtual void on_finished(Http2ClientConnection& connection, std::vector<Finished> finished) = 0;
        virtual void on_progress(Http2ClientConnection& connection) = 0;  ///< A limit may have changed, or GOAWAY came.
        virtual void on_lost(Http2ClientConnection& connection, const Error& why) = 0;
    };

    Http2ClientConnection(Loop& loop, Stream stream, const Http2ClientOptions& options, std::weak_ptr<Owner> owner);
    ~Http2ClientConnection() override { (void)take_streams(); }

    void begin();
    void submit(const Http2PendingPtr& pending);
    /// Gives a stream up that nobody waits for any more.
    void abandon(Http2Pending& pending);
    /// Lets what is under way finish, then ends.
    void drain();
    /// Everything on a stream, after on_lost.
    [[nodiscard]] std::vector<Http2PendingPtr> take_streams();

    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] bool is_draining() const { return is_draining_; }
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
    /// What counts against limit(): streams, and those given up lately without an answer to any since. The peer still
    /// works on those; to fill their places at once would be a flood of resets against a peer that stands still.
    [[nodiscard]] std::size_t load() const;
    [[nodiscard]] std::size_t limit() const;
    [[nodiscard]] std::uint64_t goaways() const { return goaways_; }
    [[nodiscard]] std::uint64_t pings() const { return pings_; }
    [[nodiscard]] const std::string& goaway_text() const { return goaway_text_; }
    [[nodiscard]] Instant born() const { return born_; }

  private:
    void on_batch() override;
    void on_closed(const Error& why) override;

    void watch();
    void ping();

    // nghttp2's callbacks.
    struct Callbacks;
    void note_header(std::int32_t stream, std::string_view name, std::string_view value);
    void note_data(std::int32_t stream, std::string_view data);
    void note_frame(const nghttp2_frame& frame);
    void note_not_sent(std::int32_t stream);
    void note_closed(std::int32_t stream, std::uint32_t code);
    [[nodiscard]] Http2PendingPtr* find(std::int32_t stream);
    [[nodiscard]] Http2PendingPtr take(std::int32_t stream);
    void add_header(std::string_view name, std::string_view value, bool is_indexed);
    void add_own_header(const Header& header, bool is_indexed);

    const Http2ClientOptions& options_;
    std::weak_ptr<Owner> owner_;
    Timer watch_timer_;
    // Client streams have the ids 1, 3, 5 … in the order of asking: those under way are a window of that sequence.
    std::deque<Http2PendingPtr> streams_;  // Null: finished.
    std::int32_t first_stream_ = 1;
    std::size_t in_flight_ = 0;
    std::size_t given_up_ = 0;
    Timer given_up_timer_;             // Then their places are free again.
    std::vector<nghttp2_nv> headers_;  // Of the request that is handed to nghttp2 now,
    std::deque<std::string> texts_;    // with what was not written down anywhere else.
    bool has_asked_ = false;           // The peer's table knows the names of headers.
    std::string authority_;
    std::vector<Finished> finished_;
    Instant born_;
    Instant last_use_;
    std::string goaway_text_;
    std::uint64_t goaways_ = 0;
    std::uint64_t pings_ = 0;
    bool is_ready_ = false;
    bool is_draining_ = false;
    bool has_news_ = false;
    bool is_ping_out_ = false;
    bool has_pong_ = false;
};

}  // namespace clarion::net::detail
