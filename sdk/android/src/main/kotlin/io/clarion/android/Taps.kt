// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.net.Uri
import io.clarion.EngineInputType

/**
 * What can be touched on a notification, or what the system does with one, and what it means. What brings something to the
 * front is an activity at once, never by way of a receiver or a service (AND-NOT-10); the rest needs none.
 */
internal enum class Tap(private val isActivity: Boolean, val means: Shell.(call: String) -> Unit) {
    SHOW(true, {}), // The page of the ring.
    OPEN(true, {}),
    ANSWER(true, { answer(it) }),
    CALL_BACK(true, { tell(EngineInputType.USER_CALLED_BACK, "call_id" to it) }),
    END(false, { end(it) }),
    SEEN(false, { tell(EngineInputType.MISSED_SEEN, "call_id" to it) }),
    TIMED_OUT(false, { tell(EngineInputType.RING_TIMED_OUT, "call_id" to it) });

    private val action = "io.clarion.$name"

    /** The call is the data: two calls have two pending intents. */
    fun on(context: Context, call: String): PendingIntent {
        val component = if (isActivity) CallActivity::class.java else ActionReceiver::class.java
        val intent = Intent(context, component).setAction(action).setData(Uri.fromParts("clarion", call, null))
        if (!isActivity) return PendingIntent.getBroadcast(context, 0, intent, FLAGS)
        intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_SINGLE_TOP)
        return PendingIntent.getActivity(context, 0, intent, FLAGS)
    }

    companion object {
        private const val FLAGS = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT

        fun of(intent: Intent): Tap? = entries.firstOrNull { it.action == intent.action }

        fun callOf(intent: Intent): String? = intent.data?.schemeSpecificPart
    }
}
