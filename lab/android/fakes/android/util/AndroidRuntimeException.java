// SPDX-License-Identifier: Apache-2.0
package android.util;

public class AndroidRuntimeException extends RuntimeException {
    public AndroidRuntimeException(String text) {
        super(text);
    }
}
