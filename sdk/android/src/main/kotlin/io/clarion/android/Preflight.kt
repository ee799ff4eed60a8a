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
        val app = Uri.fromParts("package", context.packageName, null)
        val details = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, app)
        fun page(action: String) = Intent(action).putExtra(Settings.EXTRA_APP_PACKAGE, context.packageName)
        return buildList {
            if (shell == null) add(Missing(What.SIGN_IN, null, null))
            if (!manager.areNotificationsEnabled()) {
                val permission = Manifest.permission.POST_NOTIFICATIONS.takeIf { Build.VERSION.SDK_INT >= 33 }
                add(Missing(What.NOTIFICATIONS, permission, page(Settings.ACTION_APP_NOTIFICATION_SETTINGS)))
            }
            manager.notificationChannels.filter { Channel.isOfRings(it.id) }.forEach {
                if (it.importance >= NotificationManager.IMPORTANCE_HIGH) return@forEach
                val settings = page(Settings.ACTION_CHANNEL_NOTIFICATION_SETTINGS).putExtra(Settings.EXTRA_CHANNEL_ID, it.id)
                add(Missing(What.INCOMING_CHANNEL, null, settings))
            }
            if (Build.VERSION.SDK_INT >= 34 && !manager.canUseFullScreenIntent()) {
                add(Missing(What.FULL_SCREEN, null, Intent(Settings.ACTION_MANAGE_APP_USE_FULL_SCREEN_INTENT, app)))
            }
            if (context.checkSelfPermission(Manifest.permission.RECORD_AUDIO) != PackageManager.PERMISSION_GRANTED) {
                add(Missing(What.MICROPHONE, Manifest.permission.RECORD_AUDIO, details))
            }
            if (shell != null && !shell.telecom.isRegistered) add(Missing(What.TELECOM, null, null))
            if (Build.VERSION.SDK_INT >= 28) {
                val activities = context.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager
                if (activities.isBackgroundRestricted) add(Missing(What.BACKGROUND, null, details))
            }
        }
    }
}
