// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import io.clarion.android.CallActivity;
import io.clarion.android.Clarion;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;

/** An app: it attaches when it comes, and adopts the call that it was opened for. */
public final class MainActivity extends Activity implements Clarion.Listener {
    static final List<JSONObject> events = new ArrayList<>();
    static final List<JSONObject> adopted = new ArrayList<>();

    @Override
    protected void onCreate(Bundle state) {
        Clarion.attach(this, this);
    }

    @Override
    protected void onNewIntent(Intent intent) {
        setIntent(intent);
    }

    @Override
    protected void onResume() {
        String call = getIntent().getStringExtra(CallActivity.CALL);
        if (call != null) adopted.add(Clarion.adopt(this, call));
    }

    @Override
    protected void onDestroy() {
        Clarion.detach(this, this);
    }

    @Override
    public void onEvent(JSONObject event) {
        events.add(event);
    }

    static List<String> kinds() {
        return events.stream().map(it -> it.optString("kind")).toList();
    }
}
