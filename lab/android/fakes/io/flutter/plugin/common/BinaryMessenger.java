// SPDX-License-Identifier: Apache-2.0
package io.flutter.plugin.common;

/** What channels send through; here always an {@link io.clarion.lab.android.Isolate}. */
public interface BinaryMessenger {}
