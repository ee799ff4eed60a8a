// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.content.Context
import android.media.AudioAttributes
import android.media.RingtoneManager
import android.net.Uri
import org.json.JSONObject

/** The kinds of notifications. `title`: the field of `style.android` with the name that the user sees in the settings. */
internal enum class Channel(private val prefix: String, private val title: String, private val importance: Int) {
    RING("clarion.ring.", "incoming_channel", NotificationManager.IMPORTANCE_HIGH),
    SILENT("clarion.silent", "incoming_channel", NotificationManager.IMPORTANCE_HIGH),
    ONGOING("clarion.ongoing", "ongoing_channel", NotificationManager.IMPORTANCE_LOW),
    MISSED("clarion.missed", "missed_channel", NotificationManager.IMPORTANCE_DEFAULT);

    /** A channel keeps the sound of its first creation (AND-NOT-05): each ringtone has its own. */
    fun id(style: JSONObject): String = if (this == RING) prefix + style.getString("ringtone") else prefix

    /** There from now on; its id comes back. */
    fun made(context: Context, style: JSONObject): String {
        val name = style.optString(title).ifEmpty { "Ongoing Call" }
        val channel = NotificationChannel(id(style), name, importance)
        channel.lockscreenVisibility = Notification.VISIBILITY_PUBLIC
        if (this == SILENT) channel.setSound(null, null)
        if (this == RING) {
            val use = AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE).build()
            channel.setSound(soundOf(context, style.getString("ringtone")), use)
            channel.enableVibration(true)
            channel.vibrationPattern = longArrayOf(0, 1_000, 1_000)
        }
        (context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager).createNotificationChannel(channel)
        return channel.id
    }

    private fun soundOf(context: Context, ringtone: String): Uri =
        if (ringtone.isEmpty()) RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE)
        else Uri.parse("android.resource://${context.packageName}/raw/$ringtone")

    companion object {
        fun isOfRings(id: String): Boolean = id.startsWith(RING.prefix)
    }
}
