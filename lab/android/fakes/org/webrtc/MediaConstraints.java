// SPDX-License-Identifier: Apache-2.0
package org.webrtc;

import java.util.ArrayList;
import java.util.List;

public class MediaConstraints {
    public static class KeyValuePair {
        private final String key;
        private final String value;

        public KeyValuePair(String key, String value) {
            this.key = key;
            this.value = value;
        }

        public String getKey() {
            return key;
        }

        public String getValue() {
            return value;
        }
    }

    public final List<KeyValuePair> mandatory = new ArrayList<>();
    public final List<KeyValuePair> optional = new ArrayList<>();
}
