// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.ContextWrapper;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.view.Window;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

public class Activity extends ContextWrapper {
    @Lab public View content;
    @Lab public boolean resumed;
    @Lab public boolean finishing;
    @Lab public boolean showsWhenLocked;
    @Lab public boolean changing;
    private Intent intent;
    private final Window window = new Window() {};

    public Activity() {
        super(null);
    }

    protected void onCreate(Bundle state) {}

    protected void onNewIntent(Intent intent) {}

    protected void onResume() {}

    protected void onDestroy() {}

    @Lab
    public void create() {
        onCreate(null);
    }

    @Lab
    public void renew(Intent intent) {
        onNewIntent(intent);
    }

    @Lab
    public void resume() {
        resumed = true;
        onResume();
    }

    @Lab
    public void destroy() {
        resumed = false;
        onDestroy();
    }

    public Intent getIntent() {
        return intent;
    }

    public void setIntent(Intent intent) {
        this.intent = intent;
    }

    public Window getWindow() {
        return window;
    }

    public void setContentView(View view) {
        content = view;
    }

    @Api(27)
    public void setShowWhenLocked(boolean on) {
        Phone.since(27);
        showsWhenLocked = on;
    }

    @Api(27)
    public void setTurnScreenOn(boolean on) {
        Phone.since(27);
    }

    public final void requestPermissions(String[] permissions, int requestCode) {
        Phone.step("requestPermissions");
        Phone.current().activities.ask(this, requestCode, permissions);
    }

    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {}

    public boolean isChangingConfigurations() {
        return changing;
    }

    public void finish() {
        if (finishing) return;
        finishing = true;
        Phone.current().activities.finish(this);
    }

    @Override
    public void startActivity(Intent intent) {
        Phone.step("startActivity");
        Phone.current().activities.startFromActivity(this, intent);
    }
}
