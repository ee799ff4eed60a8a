// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Activity
import android.content.Intent
import android.graphics.Color
import android.os.Build
import android.os.Bundle
import android.view.Gravity
import android.view.WindowManager
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.json.JSONObject

/**
 * The full-screen page of a ring, drawn without the app's UI engine, and the way of every tap that opens the app. Not
 * exported. `io.clarion.call` in the intent that starts the app's activity names the call.
 */
class CallActivity : Activity() {
    internal var call = ""
        private set

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        take(intent)
    }

    override fun onNewIntent(next: Intent) {
        super.onNewIntent(next)
        intent = next
        take(next)
    }

    override fun onDestroy() {
        Clarion.within(this) { screen.close(this@CallActivity) }
        super.onDestroy()
    }

    private fun take(intent: Intent) {
        val shell = Clarion.shell(this) ?: return finish()
        call = Tap.callOf(intent) ?: return finish()
        val tap = Tap.of(intent) ?: return finish()
        if (tap != Tap.SHOW) return openApp(shell, tap)
        // Null: it ended while the system brought this page up.
        show(shell, shell.exclusively { shell.screen.open(this) } ?: return finish())
    }

    private fun openApp(shell: Shell, tap: Tap) {
        val app = if (shell.setup.activity.isEmpty()) {
            packageManager.getLaunchIntentForPackage(packageName)
        } else {
            Intent().setClassName(packageName, shell.setup.activity)
        }
        // First, as long as this page may: with the answer it goes.
        app?.let { startActivity(it.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK).putExtra(CALL, call)) }
        tap.means(shell, call)
        finish()
    }

    private fun show(shell: Shell, report: JSONObject) {
        val style = report.style("android")
        overLockScreen(style.getBoolean("over_lock_screen"))
        val name = TextView(this)
        name.text = report.getString("name")
        name.setTextColor(Color.parseColor(style.getString("text_color")))
        name.textSize = NAME_SP
        val page = LinearLayout(this)
        page.orientation = LinearLayout.VERTICAL
        page.gravity = Gravity.CENTER
        page.setBackgroundColor(Color.parseColor(style.getString("background_color")))
        page.addView(name)
        page.addView(button(style, "accept") { openApp(shell, Tap.ANSWER) })
        page.addView(button(style, "decline") { shell.end(call) })
        setContentView(page)
    }

    private fun button(style: JSONObject, what: String, action: () -> Unit) = Button(this).also { button ->
        button.text = style.getString("${what}_text")
        style.color("${what}_color")?.let { button.setBackgroundColor(it) }
        button.setOnClickListener { action() }
    }

    private fun overLockScreen(on: Boolean) {
        if (Build.VERSION.SDK_INT >= 27) {
            setShowWhenLocked(on)
            setTurnScreenOn(on)
        } else if (on) {
            @Suppress("DEPRECATION")
            window.addFlags(
                WindowManager.LayoutParams.FLAG_SHOW_WHEN_LOCKED or WindowManager.LayoutParams.FLAG_TURN_SCREEN_ON,
            )
        }
    }

    companion object {
        const val CALL = "io.clarion.call"
        private const val NAME_SP = 32f
    }
}
