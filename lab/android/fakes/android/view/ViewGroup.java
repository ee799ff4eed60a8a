// SPDX-License-Identifier: Apache-2.0
package android.view;

import android.content.Context;
import io.clarion.lab.android.Lab;
import java.util.ArrayList;
import java.util.List;

public abstract class ViewGroup extends View {
    @Lab public final List<View> children = new ArrayList<>();

    public ViewGroup(Context context) {
        super(context);
    }

    public void addView(View child) {
        children.add(child);
    }
}
