// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Person
import android.content.Context
import android.content.Intent
import android.graphics.Color
import android.media.AudioAttributes
import android.media.RingtoneManager
import android.net.Uri
import android.os.Build
import io.clarion.ReportResult
import org.json.JSONObject

/**
 * The call screen: Android has none for apps, so these notifications and [CallActivity] are it. One notification for each
 * call, and the foreground service stands behind the first of them.
 *
 * Thread: inside the shell's monitor.
 */
internal class Screen(private val shell: Shell) {
    /** `styled`: in call style, which only a service or a full-screen intent may have (AND-NOT-03). */
    private class Shown(var id: Int, val command: JSONObject, val rings: Boolean, val build: (styled: Boolean) -> Notification)

    private val context = shell.context
    private val manager = context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
    private val shown = LinkedHashMap<String, Shown>()
    private val missed = HashMap<String, Int>()
    private val pages = ArrayList<CallActivity>()

    // ---- what the engine says ----

    /** Null: it is shown; else why it cannot be. */
    fun ring(call: String, report: JSONObject): String? {
        val silent = report.getBoolean("silent")
        val channel = if (silent) silentChannel(report) else ringChannel(report)
        if (isBlocked(channel)) return ReportResult.NOT_ALLOWED.word
        post(call, Shown(idOf(call), report, rings = true) { incoming(call, report, channel, silent) })
        return null
    }

    /** The same screen, without the sound: the user silenced it, or answers. */
    fun silence(call: String) {
        val now = shown[call]?.takeIf { it.rings } ?: return
        val channel = silentChannel(now.command)
        post(call, Shown(now.id, now.command, rings = true) { incoming(call, now.command, channel, silent = true) })
    }

    fun quiet(call: String) {
        val now = shown[call]?.takeIf { it.rings } ?: return
        closePages(call)
        val channel = ongoingChannel(now.command)
        post(call, Shown(now.id, now.command, rings = false) { styled ->
            ongoing(call, now.command, channel, styled).build()
        })
    }

    fun update(call: String, change: JSONObject) {
        val now = shown[call]
        if (now == null) return showOngoing(call, change.put("stage", "connecting").put("talked_for", 0))
        for (name in listOf("name", "handle", "media", "style")) if (change.has(name)) now.command.put(name, change.get(name))
        post(call, now)
    }

    fun showOngoing(call: String, command: JSONObject) {
        val notice = command.notice("calling")
        val id = notice?.optInt("notice_id")?.takeIf { it != 0 } ?: idOf(call)
        val channel = ongoingChannel(command)
        if (shown[call].let { it != null && it.id != id }) remove(call)
        closePages(call)
        post(call, Shown(id, command, rings = false) { styled -> ongoing(call, command, channel, styled).build() })
    }

    fun remove(call: String) {
        closePages(call)
        val gone = shown.remove(call) ?: return
        // The service moves to another call's before its own goes: it may never be without one.
        shell.service.stand()
        manager.cancel(gone.id)
    }

    fun showMissed(call: String, command: JSONObject) {
        val notice = command.notice("missed")
        val id = notice?.optInt("notice_id")?.takeIf { it != 0 } ?: idOf(call)
        val channel = channel(MISSED, command.android("missed_channel", "Missed Call"), NotificationManager.IMPORTANCE_DEFAULT)
        val builder = builder(channel, command)
            .setContentText(notice?.optString("text") ?: "Missed call")
            .setCategory(if (Build.VERSION.SDK_INT >= 31) Notification.CATEGORY_MISSED_CALL else Notification.CATEGORY_CALL)
            .setAutoCancel(true)
            .setNumber(notice?.optInt("count", 1) ?: 1)
            .setContentIntent(page(call, CallActivity.OPEN, command))
            .setDeleteIntent(broadcast(call, ActionReceiver.SEEN))
        if (notice == null || notice.optBoolean("action", true)) {
            builder.addAction(button(notice?.optString("action_text") ?: "Call back", page(call, CallActivity.CALL_BACK, command)))
        }
        missed[call] = id
        manager.notify(MISSED, id, builder.build())
    }

    fun hideMissed(call: String) = manager.cancel(MISSED, missed.remove(call) ?: idOf(call))

    // ---- the service, and the process before ----

    /** What the foreground service shows; a call that is over leaves it a plain one until it has stopped. */
    fun front(): Pair<Int, Notification> {
        val first = shown.values.firstOrNull() ?: return FILLER to filler()
        return first.id to first.build(true)
    }

    /** Ids of the calls' notifications that stand there. */
    fun standing(): List<Int> = manager.activeNotifications.filter { it.tag == null && it.notification.group == GROUP }.map { it.id }

    /** Takes away those that nobody showed again. */
    fun clear(before: List<Int>) {
        val mine = shown.values.map { it.id }
        before.filter { it !in mine }.forEach { manager.cancel(it) }
    }

    fun open(page: CallActivity) = pages.add(page)

    fun close(page: CallActivity) = pages.remove(page)

    fun rings(call: String): Boolean = shown[call]?.rings == true

    /** When the commands are done: an answer from a page over the lock screen needs it for the microphone (AND-FGS-04). */
    private fun closePages(call: String) = pages.filter { it.call == call }.forEach { page -> shell.later { page.finish() } }

    private fun post(call: String, next: Shown) {
        shown[call] = next
        val byService = shell.service.standsOn(next.id)
        manager.notify(next.id, next.build(next.rings || byService))
    }

    // ---- how they look ----

    private fun incoming(call: String, report: JSONObject, channel: String, silent: Boolean): Notification {
        val page = page(call, CallActivity.SHOW, report)
        val decline = broadcast(call, ActionReceiver.END)
        val answer = page(call, CallActivity.ANSWER, report)
        val builder = builder(channel, report)
            .setContentText(report.getString("handle"))
            .setCategory(Notification.CATEGORY_CALL)
            .setVisibility(Notification.VISIBILITY_PUBLIC)
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setTimeoutAfter(report.getLong("ring_for"))
            .setDeleteIntent(broadcast(call, ActionReceiver.TIMED_OUT))
            .setContentIntent(page)
            .setFullScreenIntent(page, true)
        if (Build.VERSION.SDK_INT >= 31) {
            val style = Notification.CallStyle.forIncomingCall(person(report), decline, answer)
                .setIsVideo(report.getString("media") == "video")
            report.color("accept_color")?.let { style.setAnswerButtonColorHint(it) }
            report.color("decline_color")?.let { style.setDeclineButtonColorHint(it) }
            builder.setStyle(style)
        } else {
            builder.addAction(button(report.android("decline_text", "Decline"), decline))
            builder.addAction(button(report.android("accept_text", "Accept"), answer))
        }
        val notification = builder.build()
        if (!silent) notification.flags = notification.flags or Notification.FLAG_INSISTENT
        return notification
    }

    private fun ongoing(call: String, command: JSONObject, channel: String, styled: Boolean): Notification.Builder {
        val stage = command.optString("stage")
        val notice = command.notice("calling")
        val hangUp = broadcast(call, ActionReceiver.END)
        val builder = builder(channel, command)
            .setContentText(if (stage == "calling") notice?.optString("text") ?: "" else command.optString("handle"))
            .setCategory(Notification.CATEGORY_CALL)
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setContentIntent(page(call, CallActivity.OPEN, command))
        if (stage == "talking") {
            builder.setUsesChronometer(true).setShowWhen(true)
                .setWhen(System.currentTimeMillis() - command.getLong("talked_for"))
        }
        if (Build.VERSION.SDK_INT >= 31 && styled) {
            builder.setStyle(Notification.CallStyle.forOngoingCall(person(command), hangUp))
        } else if (notice == null || notice.optBoolean("action", true)) {
            builder.addAction(button(notice?.optString("action_text") ?: "Hang up", hangUp))
        }
        return builder
    }

    private fun filler(): Notification =
        Notification.Builder(context, channel(ONGOING, "Ongoing Call", NotificationManager.IMPORTANCE_LOW))
            .setSmallIcon(icon()).setCategory(Notification.CATEGORY_CALL).setGroup(GROUP).build()

    private fun builder(channel: String, command: JSONObject): Notification.Builder {
        val builder = Notification.Builder(context, channel)
            .setSmallIcon(icon())
            .setContentTitle(command.getString("name"))
            .setGroup(GROUP)
        if (Build.VERSION.SDK_INT >= 28) builder.addPerson(person(command))
        return builder
    }

    private fun person(command: JSONObject): Person = Person.Builder()
        .setName(command.getString("name").ifEmpty { command.optString("handle").ifEmpty { "?" } })
        .setImportant(command.androidFlag("important")).setBot(command.androidFlag("bot"))
        .build()

    private fun icon(): Int = if (shell.setup.icon != 0) shell.setup.icon else context.applicationInfo.icon

    private fun button(text: String, intent: PendingIntent): Notification.Action =
        Notification.Action.Builder(null, text, intent).build()

    /** An activity at once, never by way of a receiver or a service (AND-NOT-10). */
    private fun page(call: String, action: String, command: JSONObject): PendingIntent {
        val intent = CallActivity.intent(context, call, action)
            .putExtra(CallActivity.NAME, command.getString("name"))
            .putExtra(CallActivity.STYLE, command.optJSONObject("style")?.optJSONObject("android")?.toString() ?: "{}")
        return PendingIntent.getActivity(context, 0, intent, FLAGS)
    }

    private fun broadcast(call: String, action: String): PendingIntent =
        PendingIntent.getBroadcast(context, 0, ActionReceiver.intent(context, call, action), FLAGS)

    // ---- channels ----

    private fun ringChannel(command: JSONObject): String {
        val ringtone = command.android("ringtone", "")
        val sound = if (ringtone.isEmpty()) {
            RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE)
        } else {
            Uri.parse("android.resource://${context.packageName}/raw/$ringtone")
        }
        // A channel keeps the sound of its first creation (AND-NOT-05): each sound has its own.
        return channel(RING + ringtone, command.android("incoming_channel", "Incoming Call"), NotificationManager.IMPORTANCE_HIGH) {
            val use = AudioAttributes.Builder().setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE).build()
            it.setSound(sound, use)
            it.enableVibration(true)
            it.vibrationPattern = longArrayOf(0, 1_000, 1_000)
        }
    }

    private fun silentChannel(command: JSONObject): String =
        channel(SILENT, command.android("incoming_channel", "Incoming Call"), NotificationManager.IMPORTANCE_HIGH) {
            it.setSound(null, null)
            it.enableVibration(false)
        }

    private fun ongoingChannel(command: JSONObject): String =
        channel(ONGOING, command.android("ongoing_channel", "Ongoing Call"), NotificationManager.IMPORTANCE_LOW)

    private fun channel(id: String, name: String, importance: Int, more: (NotificationChannel) -> Unit = {}): String {
        val channel = NotificationChannel(id, name, importance)
        channel.lockscreenVisibility = Notification.VISIBILITY_PUBLIC
        more(channel)
        manager.createNotificationChannel(channel)
        return id
    }

    /** Denied notifications hide all but calls in call style of an app with Telecom (AND-NOT-01, AND-NOT-02). */
    private fun isBlocked(channel: String): Boolean {
        if (manager.getNotificationChannel(channel)?.importance == NotificationManager.IMPORTANCE_NONE) return true
        val isExempt = Build.VERSION.SDK_INT >= 31 && shell.telecom.isRegistered
        return !manager.areNotificationsEnabled() && !isExempt
    }

    companion object {
        const val RING = "clarion.ring."
        const val SILENT = "clarion.silent"
        const val ONGOING = "clarion.ongoing"
        const val MISSED = "clarion.missed"
        const val GROUP = "clarion.calls"
        private const val FILLER = 0xCA11
        private const val FLAGS = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT

        private fun idOf(call: String): Int = call.hashCode()

        private fun JSONObject.notice(part: String): JSONObject? = optJSONObject("style")?.optJSONObject(part)

        private fun JSONObject.android(name: String, otherwise: String): String =
            optJSONObject("style")?.optJSONObject("android")?.optString(name, otherwise) ?: otherwise

        private fun JSONObject.androidFlag(name: String): Boolean =
            optJSONObject("style")?.optJSONObject("android")?.optBoolean(name) == true

        private fun JSONObject.color(name: String): Int? =
            android(name, "").ifEmpty { null }?.let { Color.parseColor(it) }
    }
}
