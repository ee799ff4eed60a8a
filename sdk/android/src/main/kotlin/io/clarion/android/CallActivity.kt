// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.graphics.Color
import android.net.Uri
import android.os.Build
import android.os.Bundle
import android.view.Gravity
import android.view.WindowManager
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import io.clarion.EngineInputType
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
        Clarion.shell(this)?.let { shell -> shell.exclusively { shell.screen.close(this) } }
        super.onDestroy()
    }

    private fun take(intent: Intent) {
        val shell = Clarion.shell(this) ?: return finish()
        call = intent.data?.schemeSpecificPart ?: return finish()
        when (intent.action) {
            ANSWER -> answer(shell)
            CALL_BACK -> openApp(shell) { shell.tell(EngineInputType.USER_CALLED_BACK, "call_id" to call) }
            OPEN -> openApp(shell) {}
            else -> show(shell, JSONObject(intent.getStringExtra(STYLE) ?: "{}"), intent.getStringExtra(NAME) ?: "")
        }
    }

    private fun answer(shell: Shell) = openApp(shell) { shell.answer(call) }

    private fun openApp(shell: Shell, then: () -> Unit) {
        val app = if (shell.setup.activity.isEmpty()) {
            packageManager.getLaunchIntentForPackage(packageName)
        } else {
            Intent().setClassName(packageName, shell.setup.activity)
        }
        // First, as long as this page may: with the answer it goes.
        app?.let { startActivity(it.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK).putExtra(CALL, call)) }
        then()
        finish()
    }

    private fun show(shell: Shell, style: JSONObject, name: String) {
        shell.exclusively { shell.screen.open(this) }
        if (!shell.screen.rings(call)) return finish() // It ended while the system brought this page up.
        overLockScreen(style.optBoolean("over_lock_screen", true))
        val text = Color.parseColor(style.optString("text_color", "#ffffff"))
        val page = LinearLayout(this)
        page.orientation = LinearLayout.VERTICAL
        page.gravity = Gravity.CENTER
        page.setBackgroundColor(Color.parseColor(style.optString("background_color", "#0955fa")))
        page.addView(TextView(this).also { it.text = name; it.setTextColor(text); it.textSize = NAME_SP })
        page.addView(button(style.optString("accept_text", "Accept"), style.optString("accept_color")) { answer(shell) })
        page.addView(button(style.optString("decline_text", "Decline"), style.optString("decline_color")) { shell.end(call) })
        setContentView(page)
    }

    private fun button(text: String, color: String, action: () -> Unit) = Button(this).also { button ->
        button.text = text
        if (color.isNotEmpty()) button.setBackgroundColor(Color.parseColor(color))
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
        internal const val SHOW = "io.clarion.SHOW"
        internal const val ANSWER = "io.clarion.ANSWER"
        internal const val OPEN = "io.clarion.OPEN"
        internal const val CALL_BACK = "io.clarion.CALL_BACK"
        internal const val NAME = "io.clarion.name"
        internal const val STYLE = "io.clarion.style"
        private const val NAME_SP = 32f

        internal fun intent(context: Context, call: String, action: String): Intent =
            Intent(context, CallActivity::class.java).setAction(action).setData(Uri.fromParts("clarion", call, null))
                .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_SINGLE_TOP)
    }
}
