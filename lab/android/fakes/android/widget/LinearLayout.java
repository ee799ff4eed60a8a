// SPDX-License-Identifier: Apache-2.0
package android.widget;

import android.content.Context;
import android.view.ViewGroup;

public class LinearLayout extends ViewGroup {
    public static final int VERTICAL = 1;

    public LinearLayout(Context context) {
        super(context);
    }

    public void setOrientation(int orientation) {}

    public int getOrientation() {
        return VERTICAL;
    }

    public void setGravity(int gravity) {}

    public int getGravity() {
        return 0;
    }
}
