// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import io.clarion.lab.android.Lab;
import java.util.ArrayList;
import java.util.List;

public class RtpParameters {
    public static class Encoding {
        public boolean active = true;
    }

    public final List<Encoding> encodings = new ArrayList<>();
    @Lab
    public int transaction;
}
