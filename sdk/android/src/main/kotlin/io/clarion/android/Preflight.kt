// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.Manifest
import android.app.ActivityManager
import android.app.NotificationManager
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.provider.Settings

/** What is missing for a ring, and where to mend it. Opens nothing by itself. */
object Preflight {
    enum class What { SIGN_IN, NOTIFICATIONS, INCOMING_CHANNEL, FULL_SCREEN, MICROPHONE, TELECOM, BACKGROUND }

    /** `permission`: ask for it; `settings`: or send the user there. Both null: the app itself has to do something. */
    class Missing(val what: What, val permission: String?, val settings: Intent?)

    internal fun of(context: Context, shell: Shell?): List<Missing> {
        val manager = context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
        val activities = context.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager
        val app = Uri.fromParts("package", context.packageName, null)
        val details = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, app)
        fun page(action: String) = Intent(action).putExtra(Settings.EXTRA_APP_PACKAGE, context.packageName)
        return buildList {
            fun need(isMet: Boolean, what: What, permission: String? = null, settings: Intent? = null) {
                if (!isMet) add(Missing(what, permission, settings))
            }
            need(shell != null, What.SIGN_IN)
            val asking = Manifest.permission.POST_NOTIFICATIONS.takeIf { Build.VERSION.SDK_INT >= 33 }
            need(manager.areNotificationsEnabled(), What.NOTIFICATIONS, asking, page(Settings.ACTION_APP_NOTIFICATION_SETTINGS))
            for (channel in manager.notificationChannels.filter { Channel.isOfRings(it.id) }) {
                val settings = page(Settings.ACTION_CHANNEL_NOTIFICATION_SETTINGS).putExtra(Settings.EXTRA_CHANNEL_ID, channel.id)
                need(channel.importance >= NotificationManager.IMPORTANCE_HIGH, What.INCOMING_CHANNEL, null, settings)
            }
            val isFull = Build.VERSION.SDK_INT < 34 || manager.canUseFullScreenIntent()
            need(isFull, What.FULL_SCREEN, null, Intent(Settings.ACTION_MANAGE_APP_USE_FULL_SCREEN_INTENT, app))
            need(context.mayListen(), What.MICROPHONE, Manifest.permission.RECORD_AUDIO, details)
            need(shell?.telecom?.isRegistered != false, What.TELECOM)
            need(Build.VERSION.SDK_INT < 28 || !activities.isBackgroundRestricted, What.BACKGROUND, null, details)
        }
    }
}

internal fun Context.mayListen(): Boolean =
    checkSelfPermission(Manifest.permission.RECORD_AUDIO) == PackageManager.PERMISSION_GRANTED
