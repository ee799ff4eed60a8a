// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace clarion::net::testing {

/// True under ThreadSanitizer, where code takes ten times as long: a test of real sockets that would then outlast the
/// deadlines of their protocol does less at a time.
#if __has_feature(thread_sanitizer)
inline constexpr bool kIsInstrumented = true;
#else
inline constexpr bool kIsInstrumented = false;
#endif

}  // namespace clarion::net::testing
