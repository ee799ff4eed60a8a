// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.Context
import io.clarion.EngineInputType
import io.clarion.StartFail
import io.clarion.Status
import org.json.JSONArray
import org.json.JSONObject
import java.util.UUID

/**
 * Calls in an app. The state lives here, in the process: a push starts it with no app code alive, and any activity (or
 * Flutter isolate) that comes adopts what is there.
 *
 * Thread: any. [Listener] is called on the main thread. Refusals are codes of `io.clarion.Status`.
 */
object Clarion {
    /** The app's side. An event is acknowledged when [onEvent] returned; one that the process did not survive comes again. */
    interface Listener {
        /** True: the listener says `events_acknowledged` itself, since it hands events on to somebody else. */
        val acknowledges: Boolean get() = false

        /** "Event" in the schema. */
        fun onEvent(event: JSONObject)

        /** "Notice" in the schema: worth nothing later. */
        fun onNotice(notice: JSONObject) = Unit

        /** Get a new access token and say `token_supplied`. */
        fun onTokenWanted(refused: Boolean) = Unit
    }

    private var running: Shell? = null
    @Volatile internal var listener: Listener? = null
        private set
    internal var service: CallService? = null

    /**
     * Who the user of this device is, or [Setup.callScreen]; kept until [signOut]. The public key for the device's
     * registration comes back. The same again changes nothing, another token goes on with it, anything else begins anew.
     * Throws IllegalArgumentException for a setup with which nothing would ring; it names the field, and whoever was signed
     * in before still is.
     */
    @JvmStatic
    @Synchronized
    fun signIn(context: Context, setup: Setup): String {
        setup.check()
        val store = Store(context)
        val kept = store.setup()
        if (kept == null) store.forgetJournal() // It says that nothing may ring.
        store.keep(setup)
        val before = running
        if (kept != null && before != null && before.setup.copy(token = "") == setup.copy(token = "")) {
            if (setup.token.isNotEmpty()) before.tell(EngineInputType.TOKEN_SUPPLIED, "token" to setup.token)
        } else {
            before?.leave()
            running = null
            try {
                shell(context)
            } catch (refused: IllegalArgumentException) {
                store.keep(kept)
                shell(context)
                throw refused
            }
        }
        return if (setup.machine == Machine.ENGINE) Door.publicOf(store.boxKey()) else ""
    }

    /** Who is signed in; null: nobody. */
    @JvmStatic
    fun setup(context: Context): Setup? = Store(context).setup()

    /** Ends every call and rings no more. */
    @JvmStatic
    @Synchronized
    fun signOut(context: Context) {
        shell(context)?.run { tell(calls.leaving) }
        Store(context).keep(null as Setup?)
    }

    /** A push of the app's own messaging service. False: it is none of Clarion's. Rings before it returns. */
    @JvmStatic
    fun push(context: Context, data: Map<String, String>): Boolean =
        shell(context)?.calls?.push(data) ?: data.containsKey(ClarionServer.PUSH)

    /** What is inside a push's `cc_param` ("invite" in the schema); null: it is none for this device. Rings nothing. */
    @JvmStatic
    fun openInvite(context: Context, ccParam: String): JSONObject? =
        (shell(context)?.calls as? ClarionServer)?.opened(ccParam)?.optJSONObject("invite")

    /**
     * The device's token of FCM, as `onNewToken` says it; empty: there is none any more. Kept for whoever signs in later, since
     * FCM says it once. A Clarion server hears it from here, over a connection with an access token, until it has it.
     */
    @JvmStatic
    fun pushToken(context: Context, token: String) {
        Store(context).keepToken(token)
        shell(context)?.tellToken(token)
    }

    /**
     * Every event that nobody acknowledged comes now, then each as it happens; of several listeners the last hears. One that
     * comes before the sign-in, or stays for another one, hears what comes then.
     */
    @JvmStatic
    @Synchronized
    fun attach(context: Context, listener: Listener) {
        this.listener = listener
        running?.tell(EngineInputType.APP_ATTACHED) ?: shell(context)
    }

    @JvmStatic
    @Synchronized
    fun detach(context: Context, listener: Listener) {
        if (this.listener !== listener) return
        this.listener = null
        shell(context)?.tell(EngineInputType.APP_DETACHED)
    }

    /** The id of the new call; null: refused, and [startFail] says why. `more`: further fields of `place_requested`. */
    @JvmStatic
    @JvmOverloads
    fun place(context: Context, toUser: String, more: JSONObject = JSONObject()): String? {
        val id = UUID.randomUUID().toString()
        return id.takeIf { tell(context, placing(it, toUser, more)) == Status.OK }
    }

    /** 0, or LINE Planet's number ("StartFail") for why [place] would refuse. */
    @JvmStatic
    @JvmOverloads
    fun startFail(context: Context, toUser: String, more: JSONObject = JSONObject()): Int =
        shell(context)?.ask { startFail(placing(UUID.randomUUID().toString(), toUser, more).toString()) }
            ?: StartFail.NOT_INITIALIZED.number

    @JvmStatic
    fun answer(context: Context, call: String): Int = tell(context, fact(EngineInputType.USER_ANSWERED, "call_id" to call))

    @JvmStatic
    fun end(context: Context, call: String): Int = tell(context, fact(EngineInputType.USER_ENDED, "call_id" to call))

    @JvmStatic
    fun mute(context: Context, call: String, on: Boolean): Int =
        tell(context, fact(EngineInputType.USER_MUTED, "call_id" to call, "on" to on))

    @JvmStatic
    fun hold(context: Context, call: String, on: Boolean): Int =
        tell(context, fact(EngineInputType.USER_HELD, "call_id" to call, "on" to on))

    /** Any fact of the app: docs/engine.md, "the app"; of an own voice service: docs/callui.md. */
    @JvmStatic
    fun tell(context: Context, fact: JSONObject): Int = shell(context)?.tell(fact) ?: Status.WRONG_STATE

    /** Every call with its present state: "calls" in the schema, or those of "callui_view". */
    @JvmStatic
    fun calls(context: Context): JSONArray = view(context).optJSONArray("calls") ?: JSONArray()

    /** Of an own voice service everything at once: "callui_view" in the schema. */
    @JvmStatic
    fun view(context: Context): JSONObject = JSONObject(shell(context)?.ask { view() } ?: "{}")

    /** What became of the call that the app was opened for: "adoption" in the schema; null: no UUID, or no Clarion server. */
    @JvmStatic
    fun adopt(context: Context, call: String): JSONObject? = shell(context)?.ask { adopt(call) }?.let(::JSONObject)

    /** What keeps this device from ringing as it should, most important first; empty: nothing. */
    @JvmStatic
    fun preflight(context: Context): List<Preflight.Missing> = Preflight.of(context, shell(context))

    /** With the shell of this process to itself; null when there is none. */
    internal fun <T> within(context: Context, work: Shell.() -> T): T? = shell(context)?.let { it.exclusively { it.work() } }

    /** The one of this process; null when nobody is signed in. */
    @Synchronized
    internal fun shell(context: Context): Shell? {
        running?.let { return it }
        val application = context.applicationContext
        val store = Store(application)
        val setup = store.setup() ?: return null
        return Shell(application, setup, store).also {
            running = it
            it.start()
            if (listener != null) it.tell(EngineInputType.APP_ATTACHED)
        }
    }

    private fun placing(id: String, toUser: String, more: JSONObject): JSONObject = JSONObject(more.toString())
        .put("type", EngineInputType.PLACE_REQUESTED).put("call_id", id).put("to_user", toUser)
}
