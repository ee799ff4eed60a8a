// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.Context
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.util.Log
import io.clarion.EngineInputType
import io.clarion.EngineOutputType
import io.clarion.ReportResult
import io.clarion.Status
import io.clarion.TokenKind
import org.json.JSONObject
import java.io.IOException
import java.security.SecureRandom

internal fun fact(type: String, vararg fields: Pair<String, Any>): JSONObject =
    fields.fold(JSONObject().put("type", type)) { json, (name, value) -> json.put(name, value) }

/** Null: it is no JSON object, or one so deep that no stack has room for it. */
internal fun parsed(text: String): JSONObject? = runCatching { JSONObject(text) }.getOrNull()

/**
 * The loop of clarion.h on Android, over either machine: a fact in, its commands out, one timer. One monitor instead of one
 * thread, so that a push rings in the stack of its own handler, however busy the main thread of a starting app is.
 *
 * Thread: any. A fact that arises while commands are performed waits until they are done.
 */
internal class Shell(val context: Context, val setup: Setup, private val store: Store) {
    private val handler = Handler(Looper.getMainLooper())
    private val door = Door.open(
        setup.machine, setup.config(), store.journal(), now(), System.currentTimeMillis(), SecureRandom().nextLong(), ::log,
    )
    private val inbox = ArrayDeque<JSONObject>()
    private var busy = false
    private var gone = false
    private val timer = Runnable { exclusively { door.handleTimeout(now()); drain() } }
    private val held = ArrayList<Runnable>()

    val telecom = Telecom(this)
    val service = ServiceHold(this)
    val screen = Screen(this)
    private val actions = HashMap<Long, () -> Unit>() // That wait for the engine's word.
    private var lastAction = 0L
    private val tones = Tones()
    val calls: Calls = if (setup.machine == Machine.ENGINE) ClarionServer(this, store) else OwnService(this, store)

    /** Shows what the process before left, and takes away what it left on the screen for nothing. */
    fun start() {
        exclusively {
            val before = screen.standing()
            drain()
            service.settle()
            screen.clear(before)
        }
        store.token()?.let(::tellToken)
        watchActivities(context) { exclusively { service.appVisible() } }
        watchNetwork(context) { available -> deviceChanged(EngineInputType.NETWORK_CHANGED, "available" to available) }
    }

    // ---- facts in ----

    /** Returns a code of [Status]; a fact that had to wait is OK. */
    @Synchronized
    fun tell(fact: JSONObject): Int {
        if (!busy || gone) return exclusively { send(fact) } ?: Status.OK
        inbox.add(fact)
        return Status.OK
    }

    fun tell(type: String, vararg fields: Pair<String, Any>): Int = tell(fact(type, *fields))

    fun tellToken(token: String) = tell(EngineInputType.PUSH_TOKEN_CHANGED, "kind" to TokenKind.FCM.word, "token" to token)

    /** Network, microphone, route: who has a service of its own asks Android for them. */
    fun deviceChanged(type: String, vararg fields: Pair<String, Any>) {
        if (setup.machine == Machine.ENGINE) tell(type, *fields)
    }

    /** An action of the user on a surface of the system; `result` is done when the engine says that it took place. */
    fun act(type: String, call: String, vararg fields: Pair<String, Any>, result: () -> Unit) {
        val action = synchronized(this) { (++lastAction).also { actions[it] = result } }
        tell(type, "call_id" to call, "action" to action, *fields)
    }

    /** Accept, on whatever surface: that one stops ringing as it is touched, as every phone's does. */
    fun answer(call: String) {
        exclusively { screen.quiet(call) }
        act(EngineInputType.USER_ANSWERED, call) { telecom.activate(call) }
    }

    fun end(call: String) = act(EngineInputType.USER_ENDED, call) { takeAway(call, "local") }

    /** With the shell to itself; also from inside a command. Null: another shell took over. */
    @Synchronized
    fun <T> exclusively(work: () -> T): T? {
        if (gone) return null
        if (busy) return work()
        busy = true
        val result = try {
            work().also { while (true) send(inbox.removeFirstOrNull() ?: break) }
        } finally {
            busy = false
        }
        arm()
        if (!calls.isTelling) release()
        return result
    }

    private fun send(fact: JSONObject): Int {
        val code = door.send(now(), fact.toString())
        if (code != Status.OK) log("refused ($code): ${fact.optString("type")}: ${door.error()}")
        drain()
        return code
    }

    private fun arm() {
        handler.removeCallbacks(timer)
        val at = door.nextDeadline()
        if (at != Long.MAX_VALUE) handler.postDelayed(timer, maxOf(0, at - now()))
    }

    // ---- commands out ----

    private fun drain() {
        val commands = generateSequence(door::receive).map(::JSONObject).toList()
        // They come of one state: it is kept once, before the first that follows from it.
        commands.distinctBy { it.getString("type").takeIf { type -> type == EngineOutputType.PERSIST_SNAPSHOT } ?: it }
            .forEach { perform(it.getString("type"), it) }
    }

    private fun keep() = try {
        store.keep(door.snapshot())
    } catch (full: IOException) {
        log("the journal could not be written: $full")
    }

    private fun perform(type: String, command: JSONObject) {
        val call = command.optString("call_id")
        when (type) {
            EngineOutputType.REPORT_INCOMING -> reportIncoming(call, command)
            EngineOutputType.UPDATE_SYSTEM_CALL -> screen.update(call, command)
            EngineOutputType.END_SYSTEM_CALL -> takeAway(call, command.getString("reason"))
            EngineOutputType.REPORT_OUTGOING -> telecom.place(call, command)
            EngineOutputType.REPORT_OUTGOING_CONNECTED -> telecom.activate(call)
            EngineOutputType.FULFIL_ACTION -> actions.remove(command.getLong("action"))?.invoke()
            EngineOutputType.FAIL_ACTION -> actions.remove(command.getLong("action"))
            EngineOutputType.CHANGE_SYSTEM_CALL -> change(call, command.getString("change"))
            EngineOutputType.SHOW_MISSED_CALL -> screen.showMissed(call, command)
            EngineOutputType.HIDE_MISSED_CALL -> screen.hideMissed(call)
            EngineOutputType.SHOW_ONGOING_CALL -> screen.showOngoing(call, command)
            EngineOutputType.HIDE_ONGOING_CALL -> screen.remove(call)
            EngineOutputType.START_FOREGROUND_SERVICE -> service.start(command.getBoolean("microphone"))
            EngineOutputType.STOP_FOREGROUND_SERVICE -> service.stop()
            EngineOutputType.PERSIST_SNAPSHOT -> keep()
            EngineOutputType.EMIT_EVENT -> emit(command.getJSONObject("event"))
            EngineOutputType.EMIT_NOTICE -> toApp { it.onNotice(command.getJSONObject("notice")) }
            EngineOutputType.REQUEST_TOKEN -> toApp { it.onTokenWanted(command.getBoolean("refused")) }
            EngineOutputType.SET_AUDIO_ROUTE -> telecom.route(command.getString("route"))
            EngineOutputType.PLAY_TONE -> tones.play(command.getString("tone"))
            EngineOutputType.STOP_TONE -> tones.stop()
            else -> if (!calls.perform(type, command)) log("$type is of a newer engine")
        }
    }

    private fun reportIncoming(call: String, report: JSONObject) {
        val refusal = screen.ring(call, report)
        tell(EngineInputType.INCOMING_REPORTED, "call_id" to call, "result" to (refusal ?: ReportResult.SHOWN.word))
        if (refusal == null) telecom.ring(call, report)
    }

    private fun takeAway(call: String, reason: String) {
        screen.remove(call)
        telecom.end(call, reason)
    }

    private fun change(call: String, what: String) = when (what) {
        "answer" -> answer(call) // As CallKit does: its own action, which the engine fulfils when the call is connected.
        "hide" -> screen.remove(call)
        "silence" -> screen.silence(call)
        "hold" -> telecom.hold(call)
        "unhold" -> telecom.activate(call)
        else -> Unit // Android has no switch of its own for mute, keypad and groups of such calls.
    }

    // ---- the app ----

    private fun emit(event: JSONObject) = toApp {
        it.onEvent(event)
        if (!it.acknowledges) tell(EngineInputType.EVENTS_ACKNOWLEDGED, "up_to" to event.getLong("seq"))
    }

    private fun toApp(what: (Clarion.Listener) -> Unit) {
        val its = Clarion.listener ?: return
        later { if (Clarion.listener === its) what(its) }
    }

    /** On the main thread, after what is done now. */
    fun later(what: Runnable) {
        handler.post(what)
    }

    /** What the machine says of itself. */
    @Synchronized fun <T> ask(question: Door.() -> T): T = door.question()

    // ---- the process ----

    /** Calls `done` when nothing waits for the server any more, or after [HOLD_MAX]: a receiver may run no longer. */
    fun hold(done: Runnable) {
        synchronized(this) { held.add(done) }
        handler.postDelayed({ release() }, HOLD_MAX)
        exclusively {}
    }

    @Synchronized
    private fun release() {
        held.forEach { it.run() }
        held.clear()
    }

    /** Another one takes over, with the journal. */
    @Synchronized
    fun leave() {
        gone = true
        handler.removeCallbacks(timer)
        calls.leave()
        telecom.leave()
        service.handOver()
        release()
    }

    /** False: the system refuses it, by a rule of its own, or has no such thing. */
    fun isAllowed(what: String, ask: () -> Unit): Boolean {
        val refusal = runCatching(ask).exceptionOrNull() ?: return true
        if (REFUSALS.none { it.isInstance(refusal) }) throw refusal
        log("no $what: $refusal")
        return false
    }

    fun log(text: String) {
        Log.i("clarion", text)
    }

    private fun now(): Long = SystemClock.elapsedRealtime()

    private companion object {
        const val HOLD_MAX = 8_000L // AND-PWR-09: a receiver in the foreground has 10 s.
        val REFUSALS = listOf(
            SecurityException::class.java, IllegalStateException::class.java, UnsupportedOperationException::class.java,
        )
    }
}
