// SPDX-License-Identifier: Apache-2.0
package android.media;

public final class AudioAttributes {
    public static final int USAGE_NOTIFICATION_RINGTONE = 6;
    private final int usage;

    private AudioAttributes(int usage) {
        this.usage = usage;
    }

    public int getUsage() {
        return usage;
    }

    public static class Builder {
        private int usage;

        public Builder() {}

        public Builder setUsage(int usage) {
            this.usage = usage;
            return this;
        }

        public AudioAttributes build() {
            return new AudioAttributes(usage);
        }
    }
}
