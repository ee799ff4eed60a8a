// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public class DefaultVideoDecoderFactory implements VideoDecoderFactory {
    public DefaultVideoDecoderFactory(EglBase.Context eglContext) {}
}
