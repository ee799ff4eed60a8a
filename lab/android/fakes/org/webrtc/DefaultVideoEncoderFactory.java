// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public class DefaultVideoEncoderFactory implements VideoEncoderFactory {
    public DefaultVideoEncoderFactory(
            EglBase.Context eglContext, boolean enableIntelVp8Encoder, boolean enableH264HighProfile) {}
}
