// SPDX-License-Identifier: Apache-2.0
package android.view;

import android.content.Context;
import io.clarion.lab.android.Lab;

public class View {
    private OnClickListener listener;

    public View(Context context) {}

    public void setBackgroundColor(int color) {}

    public void setOnClickListener(OnClickListener listener) {
        this.listener = listener;
    }

    @Lab
    public void tap() {
        if (listener != null) listener.onClick(this);
    }

    public interface OnClickListener {
        void onClick(View view);
    }
}
