// SPDX-License-Identifier: Apache-2.0
package android.app;

import io.clarion.lab.android.Api;

public final class ForegroundServiceStartNotAllowedException extends IllegalStateException {
    @Api(31)
    public ForegroundServiceStartNotAllowedException(String text) {
        super(text);
    }
}
