// SPDX-License-Identifier: Apache-2.0
package android.media;

import io.clarion.lab.android.Phone;

public class ToneGenerator {
    public static final int TONE_SUP_RINGTONE = 23;
    public static final int TONE_SUP_BUSY = 17;
    public static final int TONE_SUP_CALL_WAITING = 22;
    public static final int TONE_PROP_PROMPT = 27;

    public ToneGenerator(int stream, int volume) {
        Phone.step("tone");
        if (Phone.current().noTones) throw new RuntimeException("Init failed");
    }

    public boolean startTone(int tone) {
        Phone.current().tone = tone;
        return true;
    }

    public void release() {
        Phone.current().tone = null;
    }
}
