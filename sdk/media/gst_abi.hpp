// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media. The few declarations of libgstsdp-1.0 and libgstwebrtc-1.0 that a user of webrtcbin cannot do
// without. Written here because their headers come with libgstreamer-plugins-bad1.0-dev, which installs 692 MB, while
// the libraries themselves are small runtime packages (libgstreamer-plugins-base1.0-0, libgstreamer-plugins-bad1.0-0).
//
// The two libraries keep their ABI within 1.x (soname .so.0); the layouts are those of GStreamer 1.22, and everything
// else that webrtcbin offers is reached through GObject properties and signals, which are checked by name at run time.
#pragma once

#include <gst/gst.h>

extern "C" {

// libgstsdp-1.0: the message stays opaque.
typedef struct _GstSDPMessage GstSDPMessage;
typedef int GstSDPResult;  // GST_SDP_OK = 0
GstSDPResult gst_sdp_message_new_from_text(const gchar* text, GstSDPMessage** msg);
GstSDPResult gst_sdp_message_free(GstSDPMessage* msg);
gchar* gst_sdp_message_as_text(const GstSDPMessage* msg);

// libgstwebrtc-1.0: a boxed type with a kind and a message, both public.
typedef int GstWebRTCSDPType;  // offer = 1, pranswer = 2, answer = 3, rollback = 4
typedef struct _GstWebRTCSessionDescription {
    GstWebRTCSDPType type;
    GstSDPMessage* sdp;
} GstWebRTCSessionDescription;
GType gst_webrtc_session_description_get_type(void);
// Takes ownership of the message.
GstWebRTCSessionDescription* gst_webrtc_session_description_new(GstWebRTCSDPType type, GstSDPMessage* sdp);
void gst_webrtc_session_description_free(GstWebRTCSessionDescription* desc);

}  // extern "C"

namespace clarion::media {

inline constexpr GstWebRTCSDPType kSdpOffer = 1;
inline constexpr GstWebRTCSDPType kSdpAnswer = 3;

// GstWebRTCPeerConnectionState and GstWebRTCICEGatheringState, by value.
inline constexpr int kPeerConnected = 2;
inline constexpr int kPeerDisconnected = 3;
inline constexpr int kPeerFailed = 4;
inline constexpr int kPeerClosed = 5;
inline constexpr int kGatheringComplete = 2;
inline constexpr int kBundleMax = 3;
inline constexpr int kTransportRelayOnly = 1;

}  // namespace clarion::media
