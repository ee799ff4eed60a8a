// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: GStreamer for this process, and owners for its objects.
#pragma once

#include <gst/gst.h>

#include <expected>
#include <filesystem>
#include <memory>
#include <string>

#include "sdk/media/media.hpp"

namespace clarion::media {

struct GObjectUnref {
    void operator()(gpointer object) const noexcept { gst_object_unref(object); }
};
using ElementPtr = std::unique_ptr<GstElement, GObjectUnref>;
using PadPtr = std::unique_ptr<GstPad, GObjectUnref>;

struct GFree {
    void operator()(void* memory) const noexcept { g_free(memory); }
};
using GString0 = std::unique_ptr<gchar, GFree>;

// Initialises once; later calls give the first call's result, whatever their argument.
[[nodiscard]] std::expected<void, MediaError> initialise_gstreamer(const std::filesystem::path& cache_directory);

// Whether an element that the call can do without is there (webrtcdsp).
[[nodiscard]] bool has_element(const char* name);

// The element `name` of a bin made by gst_parse_launch, where it certainly is.
[[nodiscard]] ElementPtr element_of(GstElement* bin, const char* name);

}  // namespace clarion::media
