// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import android.content.Context;
import io.clarion.lab.android.Rtc;
import org.webrtc.audio.AudioDeviceModule;

public class PeerConnectionFactory extends Rtc.Owned {
    private PeerConnectionFactory() {
        super(false);
    }

    public static class InitializationOptions {
        public static Builder builder(Context applicationContext) {
            return new Builder();
        }

        public static class Builder {
            public InitializationOptions createInitializationOptions() {
                return new InitializationOptions();
            }
        }
    }

    public static class Builder {
        private AudioDeviceModule devices;

        public Builder setAudioDeviceModule(AudioDeviceModule audioDeviceModule) {
            devices = audioDeviceModule;
            return this;
        }

        public Builder setVideoEncoderFactory(VideoEncoderFactory videoEncoderFactory) {
            return this;
        }

        public Builder setVideoDecoderFactory(VideoDecoderFactory videoDecoderFactory) {
            return this;
        }

        public PeerConnectionFactory createPeerConnectionFactory() {
            if (!Rtc.initialized) {
                Rtc.broken("WRTC-07", "a factory before initialize()");
                throw new IllegalStateException("PeerConnectionFactory was not initialized.");
            }
            if (devices == null) Rtc.broken("WRTC-07", "no audio devices");
            return new PeerConnectionFactory();
        }
    }

    public static void initialize(InitializationOptions options) {
        Rtc.enters("initialize");
        Rtc.initialized = true;
    }

    public static Builder builder() {
        return new Builder();
    }

    public PeerConnection createPeerConnection(PeerConnection.RTCConfiguration rtcConfig, PeerConnection.Observer observer) {
        uses("createPeerConnection");
        if (rtcConfig.sdpSemantics != PeerConnection.SdpSemantics.UNIFIED_PLAN) return null;
        return new PeerConnection(rtcConfig, observer);
    }

    public AudioSource createAudioSource(MediaConstraints constraints) {
        uses("createAudioSource");
        return new AudioSource();
    }

    public AudioTrack createAudioTrack(String id, AudioSource source) {
        uses("createAudioTrack");
        return new AudioTrack(true);
    }

    public VideoSource createVideoSource(boolean isScreencast) {
        uses("createVideoSource");
        return new VideoSource();
    }

    public VideoTrack createVideoTrack(String id, VideoSource source) {
        uses("createVideoTrack");
        return new VideoTrack(true);
    }
}
