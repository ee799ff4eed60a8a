// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import com.google.firebase.messaging.FirebaseMessagingService
import com.google.firebase.messaging.RemoteMessage

/** Pushes, for an app without a service of its own; such an app calls [Clarion.push] and [Clarion.pushToken] in its. */
open class PushService : FirebaseMessagingService() {
    override fun onMessageReceived(message: RemoteMessage) {
        Clarion.push(this, message.data)
    }

    override fun onNewToken(token: String) = Clarion.pushToken(this, token)
}

/** Taps that need no activity: they work with the app killed. Not exported. */
class ActionReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val shell = Clarion.shell(context) ?: return
        val call = Tap.callOf(intent) ?: return
        Tap.of(intent)?.means?.invoke(shell, call)
        hold(shell)
    }
}

/** A boot or an update took every notification (AND-NOT-09): what was missed is told now. Not exported. */
class BootReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        hold(Clarion.shell(context) ?: return)
    }
}

/** The server has to hear of it before this process may be frozen. */
private fun BroadcastReceiver.hold(shell: Shell) {
    val pending = goAsync()
    shell.hold { pending.finish() }
}
