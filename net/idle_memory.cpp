// SPDX-License-Identifier: Apache-2.0
// Measures what an idle WebSocket connection costs a server in user space.
// usage: clarion_net_idle_memory [connections] [plain|tls]
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "net/child_process.hpp"
#include "net/http_server.hpp"
#include "net/testing/test_certificate.hpp"
#include "net/websocket_client.hpp"

namespace {

using namespace clarion;
using namespace clarion::net;
using namespace std::chrono_literals;

constexpr std::size_t kConnectingMax = 64;  // at once: the handshakes compete for one core

/// Everything that the process holds and shares with nobody, from the kernel.
std::size_t private_bytes() {
    std::ifstream file("/proc/self/smaps_rollup");
    std::size_t total = 0;
    for (std::string word; file >> word;) {
        if (word != "Private_Dirty:" && word != "Private_Clean:") continue;
        std::size_t kilobytes = 0;
        file >> kilobytes;
        total += kilobytes * 1024;
    }
    return total;
}

class Client {
  public:
    Client(Loop& loop, std::uint16_t port, std::shared_ptr<TlsContext> tls, std::size_t wanted)
        : loop_(loop), port_(port), tls_(std::move(tls)), wanted_(wanted) {}

    void go_on() {
        while (started_ < wanted_ && started_ - sockets_.size() < kConnectingMax) {
            ++started_;
            websocket_connect(loop_, {.host = "127.0.0.1", .port = port_, .tls = tls_}, [this](auto result) {
                if (!result) {
                    fmt::print(stderr, "{}\n", result.error().message);
                    std::exit(1);
                }
                (*result)->send("hello");
                sockets_.push_back(*result);
                go_on();
            });
        }
    }

  private:
    Loop& loop_;
    std::uint16_t port_;
    std::shared_ptr<TlsContext> tls_;
    std::size_t wanted_;
    std::size_t started_ = 0;
    std::vector<std::shared_ptr<WebSocket>> sockets_;
};

int run_client(std::uint16_t port, const std::string& ca_file, std::size_t count) {
    Loop loop;
    Client client(loop, port, ca_file.empty() ? nullptr : TlsContext::client({ca_file}).value(), count);
    client.go_on();
    loop.run();
    return 0;
}

int run_server(const std::string& self, std::size_t count, bool with_tls) {
    Loop loop;
    const testing::TestCertificate files;
    HttpServerOptions options{.connections_max = count + 10};
    if (with_tls) options.tls = TlsContext::server({files.certificate_file(), files.key_file()}).value();
    HttpServer server(loop, options);
    std::size_t heard = 0;
    server.on_upgrade("/", [&](const HttpRequest&, const std::shared_ptr<WebSocket>& socket) {
        socket->on_message([&heard, raw = socket.get()](std::string_view text) {
            ++heard;
            raw->send(std::string(text));
        });
    });
    const auto port = server.start();
    if (!port) {
        fmt::print(stderr, "{}\n", port.error().message);
        return 1;
    }
    const auto heap_before = ::mallinfo2().uordblks;
    const auto private_before = private_bytes();
    const std::string ca = with_tls ? files.ca_file() : std::string();
    const auto client = ChildProcess::spawn(
        loop, {.argv = {self, "client", std::to_string(*port), std::to_string(count), ca}},
        [&](ChildStatus) { loop.stop(); }
    );
    if (!client || !loop.run_until([&] { return heard == count; }, 120s)) {
        fmt::print(stderr, "only {} of {} connections came up\n", heard, count);
        return 1;
    }
    loop.run_until([] { return false; }, 500ms);
    ::malloc_trim(0);
    const auto heap = (::mallinfo2().uordblks - heap_before) / count;
    const auto resident = (private_bytes() - private_before) / count;
    fmt::print(
        "{} {} connections: {} bytes of heap and {} bytes of private memory each\n", count, with_tls ? "TLS" : "plain",
        heap, resident
    );
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    if (argc == 5 && arguments[1] == "client") {
        return run_client(static_cast<std::uint16_t>(std::stoul(arguments[2])), arguments[4], std::stoul(arguments[3]));
    }
    const std::size_t count = argc > 1 ? std::stoul(arguments[1]) : 1000;
    return run_server("/proc/self/exe", count, argc < 3 || arguments[2] != "plain");
}
