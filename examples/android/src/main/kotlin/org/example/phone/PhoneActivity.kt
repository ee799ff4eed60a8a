// SPDX-License-Identifier: Apache-2.0
package org.example.phone

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import io.clarion.android.CallActivity
import io.clarion.android.Clarion
import io.clarion.android.Preflight
import io.clarion.android.Setup
import org.json.JSONObject

/** One screen: who is on the line, and buttons. The calls live in Clarion; this activity may come and go. */
class PhoneActivity : Activity(), Clarion.Listener {
    private lateinit var text: TextView
    private var call = ""

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        Clarion.signIn(this, Setup(BuildConfig.SERVER, "acme", "bob", "bob-phone", listOf(BuildConfig.VERIFY_KEY)))
        text = TextView(this)
        setContentView(LinearLayout(this).apply {
            orientation = LinearLayout.VERTICAL
            addView(text)
            addView(button("Call Alice") { call = Clarion.place(this@PhoneActivity, "alice").orEmpty() })
            addView(button("Answer") { Clarion.answer(this@PhoneActivity, call) })
            addView(button("End") { Clarion.end(this@PhoneActivity, call) })
        })
        adopt(intent)
        ask(Clarion.preflight(this))
    }

    override fun onNewIntent(next: Intent) {
        super.onNewIntent(next)
        adopt(next)
    }

    override fun onStart() {
        super.onStart()
        Clarion.attach(this, this)
    }

    override fun onStop() {
        Clarion.detach(this, this)
        super.onStop()
    }

    override fun onEvent(event: JSONObject) {
        call = event.optString("call_id", call)
        text.text = "${event.getString("kind")} ${event.optString("name")}"
    }

    private fun adopt(intent: Intent) {
        call = intent.getStringExtra(CallActivity.CALL) ?: return
        text.text = Clarion.adopt(this, call)?.getString("result")
    }

    private fun ask(missing: List<Preflight.Missing>) {
        val permissions = missing.mapNotNull { it.permission }.toTypedArray()
        if (permissions.isNotEmpty()) requestPermissions(permissions, 0)
    }

    private fun button(label: String, action: () -> Unit) = Button(this).apply {
        text = label
        setOnClickListener { action() }
    }
}
