// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: GStreamer's callbacks hold a leg weakly, so that one that comes late finds nothing.
#pragma once

#include <memory>
#include <utility>

#include "sdk/media/webrtc_leg.hpp"

namespace clarion::media {

using Weak = std::weak_ptr<WebRtcLeg>;

inline void delete_weak(gpointer weak) { delete static_cast<Weak*>(weak); }

inline void delete_weak_closure(gpointer weak, GClosure*) { delete_weak(weak); }

inline void connect(gpointer object, const char* signal, GCallback handler, Weak self) {
    g_signal_connect_data(object, signal, handler, new Weak(std::move(self)), delete_weak_closure, GConnectFlags{});
}

inline std::shared_ptr<WebRtcLeg> leg_of(gpointer self) { return static_cast<Weak*>(self)->lock(); }

}  // namespace clarion::media
