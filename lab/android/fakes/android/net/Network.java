// SPDX-License-Identifier: Apache-2.0
package android.net;

import android.os.Parcelable;

public class Network implements Parcelable {}
