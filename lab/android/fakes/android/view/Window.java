// SPDX-License-Identifier: Apache-2.0
package android.view;

import io.clarion.lab.android.Lab;

public abstract class Window {
    @Lab public int flags;

    public void addFlags(int flags) {
        this.flags |= flags;
    }
}
