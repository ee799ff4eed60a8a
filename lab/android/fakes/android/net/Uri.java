// SPDX-License-Identifier: Apache-2.0
package android.net;

import android.os.Parcelable;
import java.util.Objects;

public abstract class Uri implements Parcelable {
    public static Uri fromParts(String scheme, String part, String fragment) {
        return new Plain(Objects.requireNonNull(scheme), Objects.requireNonNull(part));
    }

    public static Uri parse(String text) {
        int colon = text.indexOf(':');
        return new Plain(colon < 0 ? null : text.substring(0, colon), text.substring(colon + 1));
    }

    public abstract String getScheme();

    public abstract String getSchemeSpecificPart();

    private static final class Plain extends Uri {
        private final String scheme;
        private final String part;

        Plain(String scheme, String part) {
            this.scheme = scheme;
            this.part = part;
        }

        @Override
        public String getScheme() {
            return scheme;
        }

        @Override
        public String getSchemeSpecificPart() {
            return part;
        }

        @Override
        public String toString() {
            return scheme == null ? part : scheme + ":" + part;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Uri && other.toString().equals(toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }
    }
}
