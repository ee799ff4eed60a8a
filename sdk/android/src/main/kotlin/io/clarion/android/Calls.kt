// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import io.clarion.CalluiInputType
import io.clarion.EngineInputType
import io.clarion.EngineOutputType
import io.clarion.SignallingFault
import io.clarion.Status
import org.json.JSONObject

/** Where the calls come from: what one machine needs beside the call screen, and the other does not. */
internal interface Calls {
    /** The fact that ends every call. */
    val leaving: String

    /** Somebody far away has still to hear of something. */
    val isTelling: Boolean get() = false

    /** Rings before it returns. False: it is none of ours. */
    fun push(data: Map<String, String>): Boolean

    /** False: there is no such command. */
    fun perform(type: String, command: JSONObject): Boolean = false

    fun leave() = Unit
}

/** A voice service of the app's own, behind the call screen alone. */
internal class OwnService(private val shell: Shell, private val store: Store) : Calls {
    private val reader: PushReader = made(shell.setup.parts) ?: PushReader { data -> data[PUSH]?.let { JSONObject(it) } }

    override val leaving = CalluiInputType.END_ALL_REQUESTED

    override fun push(data: Map<String, String>): Boolean {
        if (store.setup() == null) return false // Signed out, in this process.
        // Whatever a reader makes of bytes from anywhere: it must not end the process.
        val fact = runCatching { reader.fact(data) }.onFailure { shell.log("a push that cannot be read: $it") }.getOrNull()
        return fact != null && shell.tell(CalluiInputType.PUSH_ARRIVED, "fact" to fact) !in listOf(Status.UNKNOWN_TYPE, Status.FIELD)
    }

    private companion object {
        const val PUSH = "callui"
    }
}

/** A Clarion server, behind the engine: one connection, media, signed and sealed pushes. */
internal class ClarionServer(private val shell: Shell, private val store: Store) : Calls, Link.Listener {
    private val parts: Parts? = made(shell.setup.parts)
    private val link = parts?.link(shell.context, shell.setup.server, this) ?: OkHttpLink(shell.setup.server, this)
    private val media = parts?.media(shell.context) { shell.tell(it) } 

    override val leaving = EngineInputType.SIGNED_OUT

    override var isTelling = false
        private set

    override fun push(data: Map<String, String>): Boolean {
        push(data[PUSH] ?: return false)
        return true
    }

    private fun push(ccParam: String) {
        val now = System.currentTimeMillis()
        if (shell.tell(opened(ccParam, now)) != Status.FIELD) return
        // The signature was good: our server wrote it, in a form that this version does not know.
        shell.tell(
            EngineInputType.PUSH_RECEIVED, "fault" to "unsupported_version", "wall_now" to now, "must_report" to false,
        )
    }

    /** The fact of a push, not told yet. */
    fun opened(ccParam: String, now: Long = System.currentTimeMillis()): JSONObject =
        JSONObject(Door.openPush(ccParam, store.boxKey(), shell.setup.verifyKeys.joinToString(""), now))

    override fun perform(type: String, command: JSONObject): Boolean {
        when (type) {
            EngineOutputType.OPEN_SIGNALLING -> connect(true)
            EngineOutputType.CLOSE_SIGNALLING -> connect(false)
            EngineOutputType.SEND_FRAME -> link.send(command.getString("text"))
            EngineOutputType.OPEN_INVITE -> push(command.getString(PUSH))
            in MEDIA -> media?.perform(type, command)
            else -> return false
        }
        return true
    }

    private fun connect(on: Boolean) {
        isTelling = on
        if (on) link.open() else link.close()
    }

    override fun leave() = link.close()

    override fun opened() {
        shell.tell(EngineInputType.SIGNALLING_OPENED)
    }

    override fun closed(fault: String) {
        shell.tell(EngineInputType.SIGNALLING_CLOSED, "fault" to fault)
    }

    override fun received(text: String) {
        val now = System.currentTimeMillis()
        val code = shell.tell(EngineInputType.FRAME_RECEIVED, "text" to text, "wall_now" to now)
        if (code != Status.FIELD) return
        link.close()
        closed(SignallingFault.PROTOCOL_ERROR.word)
    }

    companion object {
        const val PUSH = "cc_param"

        private val MEDIA = setOf(
            EngineOutputType.PREPARE_OFFER, EngineOutputType.PREPARE_ANSWER, EngineOutputType.APPLY_ANSWER,
            EngineOutputType.ADD_CANDIDATE, EngineOutputType.OPEN_AUDIO, EngineOutputType.CLOSE_AUDIO,
            EngineOutputType.SET_MUTED, EngineOutputType.SET_HELD, EngineOutputType.CLOSE_MEDIA,
            EngineOutputType.DROP_OFFER, EngineOutputType.SET_MICROPHONE, EngineOutputType.SET_PEER_SILENCED,
            EngineOutputType.SET_VIDEO, EngineOutputType.STOP_SCREEN_SHARE,
        )
    }
}

/** What the app brings along under this name; null: nothing. Throws IllegalArgumentException where there is none such. */
private inline fun <reified T> made(name: String): T? {
    if (name.isEmpty()) return null
    val one = runCatching { Class.forName(name).getDeclaredConstructor().newInstance() }.getOrNull()
    return requireNotNull(one as? T) { "parts: the app has no class $name that is ${T::class.java.simpleName}" }
}
