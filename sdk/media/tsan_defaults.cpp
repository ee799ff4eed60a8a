// SPDX-License-Identifier: Apache-2.0
// Compiled into every program that holds calls when ThreadSanitizer is on. GStreamer, GLib and libnice are not
// instrumented: their locks are futexes that the sanitizer cannot see, so whatever passes through them from one of
// their threads to ours looks like a race. Races within our own code, between threads of our own, are still reported
// outside WebRtcLeg.

// The names are the sanitizer's (sanitizer/tsan_interface.h), reserved or not.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_options();

extern "C" const char* __tsan_default_suppressions() {
    return "called_from_lib:libgstreamer-1.0.so.0\n"
           "called_from_lib:libgobject-2.0.so.0\n"
           "called_from_lib:libglib-2.0.so.0\n"
           "called_from_lib:libnice.so.10\n"
           "race:libgstreamer-1.0.so.0\n"
           "race:libglib-2.0.so.0\n"
           "race:clarion::media::WebRtcLeg\n";
}

extern "C" const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }
// NOLINTEND(bugprone-reserved-identifier)
