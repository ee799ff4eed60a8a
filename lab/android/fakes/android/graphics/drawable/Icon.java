// SPDX-License-Identifier: Apache-2.0
package android.graphics.drawable;

import android.os.Parcelable;

public final class Icon implements Parcelable {}
