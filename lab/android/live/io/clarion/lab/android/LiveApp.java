// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import io.clarion.android.Clarion;
import org.json.JSONArray;
import org.json.JSONObject;

/** The app's UI: it attaches when it comes, and adopts every call that lives. */
public final class LiveApp extends Activity implements Clarion.Listener {
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
        JSONArray calls = Clarion.calls(this);
        for (int i = 0; i < calls.length(); ++i) {
            JSONObject adopted = Clarion.adopt(this, calls.optJSONObject(i).optString("call_id"));
            String state = adopted.optJSONObject("call") == null ? "" : adopted.optJSONObject("call").optString("state");
            ShellProcess.current.say("noted", "text", "the app adopts its call: " + adopted.optString("result") + ", " + state);
        }
    }

    @Override
    protected void onDestroy() {
        Clarion.detach(this, this);
    }

    @Override
    public void onEvent(JSONObject event) {
        ShellProcess.current.say("emit_event", "event", event);
    }
}
