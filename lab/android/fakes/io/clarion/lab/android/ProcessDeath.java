// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

/** Unwinds the code of a process that is no more. Nothing may catch it but the phone. */
public final class ProcessDeath extends Error {
    ProcessDeath() {
        super("the process is dead", null, false, false);
    }
}
