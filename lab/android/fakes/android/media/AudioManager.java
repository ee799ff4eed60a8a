// SPDX-License-Identifier: Apache-2.0
package android.media;

public class AudioManager {
    public static final int STREAM_VOICE_CALL = 0;
}
