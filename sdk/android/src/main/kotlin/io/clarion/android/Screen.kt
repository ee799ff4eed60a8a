// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Notification
import android.app.NotificationManager
import android.app.Person
import android.content.Context
import android.graphics.Color
import android.os.Build
import io.clarion.ReportResult
import org.json.JSONObject

/** A part of how a call looks: `android`, `missed`, `calling`. The machine sends all of them, with every default. */
internal fun JSONObject.style(part: String): JSONObject = getJSONObject("style").getJSONObject(part)

/** Of a part; null: the system's. */
internal fun JSONObject.color(name: String): Int? = getString(name).ifEmpty { null }?.let { Color.parseColor(it) }

internal val Context.appName: CharSequence get() = applicationInfo.loadLabel(packageManager)

/**
 * The call screen: Android has none for apps, so these notifications and [CallActivity] are it. One notification for each
 * call, and the foreground service stands behind the first of them.
 *
 * Thread: inside the shell's monitor.
 */
internal class Screen(private val shell: Shell) {
    private data class Shown(val call: String, val id: Int, val command: JSONObject, val channel: Channel) {
        val rings get() = channel != Channel.ONGOING
    }

    private val context = shell.context
    private val manager = context.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
    private val shown = LinkedHashMap<String, Shown>()
    private val missed = HashMap<String, Int>()
    private val pages = ArrayList<CallActivity>()

    // ---- what the engine says ----

    /** Null: it is shown; else why it cannot be. */
    fun ring(call: String, report: JSONObject): String? {
        val channel = if (report.getBoolean("silent")) Channel.SILENT else Channel.RING
        if (isBlocked(channel.id(report.style("android")))) return ReportResult.NOT_ALLOWED.word
        post(Shown(call, idOf(call), report, channel))
        return null
    }

    /** The same screen, without the sound: the user silenced it. */
    fun silence(call: String) = ringing(call)?.let { post(it.copy(channel = Channel.SILENT)) }

    /** The user answers: no ring any more, and not connected yet. */
    fun quiet(call: String) = ringing(call)?.let {
        closePages(call)
        post(it.copy(channel = Channel.ONGOING))
    }

    fun update(call: String, change: JSONObject) {
        val now = shown[call] ?: return
        for (name in listOf("name", "handle", "media", "style")) if (change.has(name)) now.command.put(name, change.get(name))
        post(now)
    }

    fun showOngoing(call: String, command: JSONObject) {
        val id = idOf(call, command.style("calling"))
        if (shown[call]?.id == id) closePages(call) else remove(call)
        post(Shown(call, id, command, Channel.ONGOING))
    }

    fun remove(call: String) {
        closePages(call)
        val gone = shown.remove(call) ?: return
        // The service moves to another call's before its own goes: it may never be without one.
        shell.service.stand()
        manager.cancel(gone.id)
    }

    fun showMissed(call: String, command: JSONObject) {
        val notice = command.style("missed")
        val id = idOf(call, notice)
        val builder = builder(Channel.MISSED, command)
            .setContentText(notice.getString("text"))
            .setCategory(if (Build.VERSION.SDK_INT >= 31) Notification.CATEGORY_MISSED_CALL else Notification.CATEGORY_CALL)
            .setAutoCancel(true)
            .setNumber(notice.getInt("count"))
            .setContentIntent(Tap.OPEN.on(context, call))
            .setDeleteIntent(Tap.SEEN.on(context, call))
        if (notice.getBoolean("action")) builder.addAction(button(notice.getString("action_text"), Tap.CALL_BACK, call))
        missed[call] = id
        manager.notify(MISSED, id, builder.build())
    }

    fun hideMissed(call: String) = manager.cancel(MISSED, missed.remove(call) ?: idOf(call))

    // ---- the service, the process before, the page ----

    /** What the foreground service shows; the app's name while the app hides its call, and after a call until it has stopped. */
    fun front(): Pair<Int, Notification> {
        val first = shown.values.firstOrNull() ?: return FILLER to plain(Channel.ONGOING, JSONObject()).setContentTitle(context.appName).build()
        return first.id to build(first, styled = true)
    }

    /** Ids of the calls' notifications that stand there. */
    fun standing(): List<Int> = manager.activeNotifications.filter { it.tag == null && it.notification.group == GROUP }.map { it.id }

    /** Takes away those that nobody showed again. */
    fun clear(before: List<Int>) = (before - shown.values.map { it.id }.toSet()).forEach { manager.cancel(it) }

    /** The report of its call; null: it rings no more. */
    fun open(page: CallActivity): JSONObject? {
        pages.add(page)
        return ringing(page.call)?.command
    }

    fun close(page: CallActivity) = pages.remove(page)

    private fun ringing(call: String): Shown? = shown[call]?.takeIf { it.rings }

    /** When the commands are done: an answer from a page over the lock screen needs it for the microphone (AND-FGS-04). */
    private fun closePages(call: String) = pages.filter { it.call == call }.forEach { page -> shell.later { page.finish() } }

    private fun post(next: Shown) {
        shown[next.call] = next
        manager.notify(next.id, build(next, styled = next.rings || shell.service.standsOn(next.id)))
    }

    /** Denied notifications hide all but calls in call style of an app with Telecom (AND-NOT-01, AND-NOT-02). */
    private fun isBlocked(channel: String): Boolean {
        if (manager.getNotificationChannel(channel)?.importance == NotificationManager.IMPORTANCE_NONE) return true
        val isExempt = Build.VERSION.SDK_INT >= 31 && shell.telecom.isRegistered
        return !manager.areNotificationsEnabled() && !isExempt
    }

    // ---- how they look ----

    /** `styled`: in call style, which only a service or a full-screen intent may have (AND-NOT-03). */
    private fun build(its: Shown, styled: Boolean): Notification {
        val builder = builder(its.channel, its.command).setOngoing(true).setOnlyAlertOnce(true)
        if (its.rings) incoming(its, builder) else ongoing(its, builder, styled)
        val notification = builder.build()
        if (its.channel == Channel.RING) notification.flags = notification.flags or Notification.FLAG_INSISTENT
        return notification
    }

    private fun incoming(its: Shown, builder: Notification.Builder) {
        val (call, _, report) = its
        val style = report.style("android")
        val page = Tap.SHOW.on(context, call)
        builder.setContentText(report.getString("handle"))
            .setVisibility(Notification.VISIBILITY_PUBLIC)
            .setTimeoutAfter(report.getLong("ring_for"))
            .setDeleteIntent(Tap.TIMED_OUT.on(context, call))
            .setContentIntent(page)
            .setFullScreenIntent(page, true)
        if (Build.VERSION.SDK_INT < 31) {
            builder.addAction(button(style.getString("decline_text"), Tap.END, call))
            builder.addAction(button(style.getString("accept_text"), Tap.ANSWER, call))
            return
        }
        val decline = Tap.END.on(context, call)
        val look = Notification.CallStyle.forIncomingCall(person(report), decline, Tap.ANSWER.on(context, call))
            .setIsVideo(report.getString("media") == "video")
        style.color("accept_color")?.let { look.setAnswerButtonColorHint(it) }
        style.color("decline_color")?.let { look.setDeclineButtonColorHint(it) }
        builder.setStyle(look)
    }

    private fun ongoing(its: Shown, builder: Notification.Builder, styled: Boolean) {
        val (call, _, command) = its
        val notice = command.style("calling")
        val stage = command.optString("stage") // None: it rang a moment ago.
        builder.setContentText(if (stage == "calling") notice.getString("text") else command.getString("handle"))
            .setContentIntent(Tap.OPEN.on(context, call))
        if (stage == "talking") {
            builder.setUsesChronometer(true).setShowWhen(true)
                .setWhen(System.currentTimeMillis() - command.getLong("talked_for"))
        }
        if (Build.VERSION.SDK_INT >= 31 && styled) {
            builder.setStyle(Notification.CallStyle.forOngoingCall(person(command), Tap.END.on(context, call)))
        } else if (notice.getBoolean("action")) {
            builder.addAction(button(notice.getString("action_text"), Tap.END, call))
        }
    }

    private fun builder(channel: Channel, command: JSONObject): Notification.Builder {
        val builder = plain(channel, command.style("android")).setContentTitle(command.getString("name"))
        return if (Build.VERSION.SDK_INT >= 28) builder.addPerson(person(command)) else builder
    }

    private fun plain(channel: Channel, style: JSONObject) = Notification.Builder(context, channel.made(context, style))
        .setSmallIcon(if (shell.setup.icon != 0) shell.setup.icon else context.applicationInfo.icon)
        .setCategory(Notification.CATEGORY_CALL)
        .setGroup(GROUP)

    private fun person(command: JSONObject): Person {
        val style = command.style("android")
        return Person.Builder()
            .setName(command.getString("name").ifEmpty { command.getString("handle").ifEmpty { "?" } })
            .setImportant(style.getBoolean("important")).setBot(style.getBoolean("bot"))
            .build()
    }

    private fun button(text: String, tap: Tap, call: String): Notification.Action =
        Notification.Action.Builder(null, text, tap.on(context, call)).build()

    private companion object {
        const val MISSED = "clarion.missed"
        const val GROUP = "clarion.calls"
        const val FILLER = 0xCA11

        fun idOf(call: String, notice: JSONObject? = null): Int =
            notice?.optInt("notice_id")?.takeIf { it != 0 } ?: call.hashCode()
    }
}
