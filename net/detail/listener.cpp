// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <set>

#include "net/detail/loop_state.hpp"
#include "net/detail/stream.hpp"

namespace clarion::net::detail {
namespace {

using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;

constexpr int kBacklog = 4096;                   // the system cuts it to net.core.somaxconn
constexpr auto kExhaustedPause = Duration{100};  // without descriptors accept() would fail in a busy loop

std::string to_text(const Tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), endpoint.port())
                           : fmt::format("{}:{}", address.to_string(), endpoint.port());
}

struct Handshake {
    Handshake(Loop& loop, Stream accepted, std::string from)
        : stream(std::move(accepted)), remote(std::move(from)), deadline(loop) {}

    Stream stream;
    std::string remote;
    Timer deadline;
};

}  // namespace

struct Listener::State : std::enable_shared_from_this<Listener::State> {
    explicit State(Loop& on) : loop(on), acceptor(on.state().io), pause(on) {}

    std::expected<std::uint16_t, Error> open(ListenOptions wanted, OnStream deliver);
    void accept();
    void take(Socket socket);
    void shake_hands(Socket socket, std::string remote);
    void close();

    Loop& loop;
    Acceptor acceptor;
    Timer pause;
    ListenOptions options;
    OnStream on_stream;
    std::set<std::shared_ptr<Handshake>> handshakes;
};

std::expected<std::uint16_t, Error> Listener::State::open(ListenOptions wanted, OnStream deliver) {
    const auto name = fmt::format(
        "cannot listen on {}:{}", wanted.address.contains(':') ? "[" + wanted.address + "]" : wanted.address,
        wanted.port
    );
    error_code error;
    const auto address = asio::ip::make_address(wanted.address, error);
    if (error) return std::unexpected(Error{ErrorCode::bad_address, name + ": not an IP address"});
    const Tcp::endpoint endpoint(address, wanted.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(kBacklog, error);
    const auto port = error ? std::uint16_t{0} : acceptor.local_endpoint(error).port();
    if (error) {
        error_code ignored;
        acceptor.close(ignored);
        auto failure = to_error(error, name);
        if (failure.code == ErrorCode::busy_port) failure.message = name + ": the port is in use";
        return std::unexpected(std::move(failure));
    }
    options = std::move(wanted);
    on_stream = std::move(deliver);
    accept();
    return port;
}

void Listener::State::accept() {
    acceptor.async_accept([self = shared_from_this()](error_code error, Socket socket) {
        if (!self->acceptor.is_open()) return;
        if (!error) {
            self->take(std::move(socket));
            if (self->acceptor.is_open()) self->accept();
            return;
        }
        // A peer that left before accept() is nothing; anything else (out of descriptors) passes or needs time.
        if (error == boost::system::errc::connection_aborted) return self->accept();
        self->pause.arm(kExhaustedPause, [self] { self->accept(); });
    });
}

void Listener::State::take(Socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return;
    if (options.admit && !options.admit()) return;
    if (options.tls) return shake_hands(std::move(socket), to_text(endpoint));
    const auto deliver = on_stream;  // it may close the listener
    deliver(Stream(std::move(socket)), to_text(endpoint));
}

void Listener::State::shake_hands(Socket socket, std::string remote) {
    auto one = std::make_shared<Handshake>(loop, Stream(std::move(socket)), std::move(remote));
    if (!one->stream.start_tls(*options.tls, true, {})) return;
    handshakes.insert(one);
    one->deadline.arm(options.handshake_deadline, [weak = std::weak_ptr(one)] {
        if (auto late = weak.lock()) late->stream.close();
    });
    one->stream.async_handshake([self = shared_from_this(), one](error_code error) {
        one->deadline.cancel();
        const bool is_wanted = self->handshakes.erase(one) == 1;
        if (error || !is_wanted || !self->on_stream) return;
        const auto deliver = self->on_stream;
        deliver(std::move(one->stream), std::move(one->remote));
    });
}

void Listener::State::close() {
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    on_stream = nullptr;
    options.admit = nullptr;
    for (const auto& one : std::exchange(handshakes, {})) one->stream.close();
}

Listener::Listener(Loop& loop) : state_(std::make_shared<State>(loop)) {}

Listener::~Listener() { close(); }

std::expected<std::uint16_t, Error> Listener::open(ListenOptions options, OnStream on_stream) {
    return state_->open(std::move(options), std::move(on_stream));
}

void Listener::close() { state_->close(); }

void Listener::set_tls(std::shared_ptr<TlsContext> tls) { state_->options.tls = std::move(tls); }

std::size_t Listener::handshaking() const { return state_->handshakes.size(); }

}  // namespace clarion::net::detail
