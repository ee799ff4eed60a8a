# SPDX-License-Identifier: Apache-2.0
# HTTP/2, for the push senders and the device lab. nghttp2 stays inside.
find_package(PkgConfig REQUIRED)
pkg_check_modules(NGHTTP2 REQUIRED IMPORTED_TARGET libnghttp2)

clarion_library(clarion_net_http2
    SOURCES
        http2_client.cpp http2_server.cpp
        deadlines.cpp detail/http2_pump.cpp detail/http2_client_connection.cpp detail/http2_server_connection.cpp
    LINK clarion_net
    PRIVATE_LINK clarion_net_private PkgConfig::NGHTTP2)

clarion_test(clarion_net_http2_test SOURCES http2_robust_test.cpp http2_test.cpp http2_pool_test.cpp http2_server_test.cpp
    LINK clarion_net_http2 clarion_net_testing clarion_net_private)
