// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.net.Uri
import com.google.firebase.messaging.FirebaseMessagingService
import com.google.firebase.messaging.RemoteMessage
import io.clarion.EngineInputType

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
        val call = intent.data?.schemeSpecificPart ?: return
        when (intent.action) {
            END -> shell.end(call)
            SEEN -> shell.tell(EngineInputType.MISSED_SEEN, "call_id" to call)
            TIMED_OUT -> shell.tell(EngineInputType.RING_TIMED_OUT, "call_id" to call)
        }
        // The server has to hear of it before this process may be frozen.
        val pending = goAsync()
        shell.hold { pending.finish() }
    }

    companion object {
        const val END = "io.clarion.END"
        const val SEEN = "io.clarion.SEEN"
        const val TIMED_OUT = "io.clarion.TIMED_OUT"

        /** The call is the data: two calls have two pending intents. */
        fun intent(context: Context, call: String, action: String): Intent =
            Intent(context, ActionReceiver::class.java).setAction(action).setData(Uri.fromParts("clarion", call, null))
    }
}

/** A boot or an update took every notification (AND-NOT-09): what was missed is told now. Not exported. */
class BootReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val shell = Clarion.shell(context) ?: return
        val pending = goAsync()
        shell.hold { pending.finish() }
    }
}
