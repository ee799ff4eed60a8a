// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.os.Parcelable;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Phone;

public final class Person implements Parcelable {
    private final CharSequence name;

    private Person(CharSequence name) {
        this.name = name;
    }

    @Api(28)
    public CharSequence getName() {
        return name;
    }

    public static class Builder {
        private CharSequence name;

        @Api(28)
        public Builder() {
            Phone.since(28);
        }

        @Api(28)
        public Builder setName(CharSequence name) {
            Phone.since(28);
            this.name = name;
            return this;
        }

        @Api(28)
        public Builder setImportant(boolean important) {
            Phone.since(28);
            return this;
        }

        @Api(28)
        public Builder setBot(boolean bot) {
            Phone.since(28);
            return this;
        }

        @Api(28)
        public Person build() {
            Phone.since(28);
            return new Person(name);
        }
    }
}
