// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

public interface SdpObserver {
    void onCreateSuccess(SessionDescription sdp);

    void onSetSuccess();

    void onCreateFailure(String error);

    void onSetFailure(String error);
}
