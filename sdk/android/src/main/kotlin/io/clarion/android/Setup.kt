// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.Context
import org.json.JSONArray
import org.json.JSONObject

/**
 * Who this device is and whom it trusts; or, as [callScreen], that the calls are the app's own. Kept on the device, since a
 * push starts the process with nothing else.
 *
 * @property engine more of the engine's configuration ("config" in the schema), for instance `{"on_video":"ask"}`
 * @property parts name of a class with a constructor without arguments that implements [Parts], or [PushReader]
 * @property activity name of the app's activity for calls; empty: the one that the launcher starts
 * @property icon resource of the small icon of every notification; 0: the app's own icon
 */
data class Setup @JvmOverloads constructor(
    val server: String,
    val service: String,
    val user: String,
    val device: String,
    val verifyKeys: List<String>,
    val token: String = "",
    val engine: String = "{}",
    val parts: String = "",
    val activity: String = "",
    val icon: Int = 0,
    val machine: Machine = Machine.ENGINE,
) {
    internal fun config(): String = JSONObject(engine).put("platform", "android").apply {
        if (machine == Machine.ENGINE) put("service", service).put("user", user).put("device", device).put("has_media", parts.isNotEmpty())
        if (token.isNotEmpty()) put("token", token).put("renews_token", true)
    }.toString()

    /** What the machine does not see. Throws IllegalArgumentException, with the field. */
    internal fun check() {
        require(parsed(engine) != null) { "engine: no JSON object" }
        val isTrusting = verifyKeys.isNotEmpty() && verifyKeys.all(VERIFY_KEY::matches)
        require(isTrusting || machine != Machine.ENGINE) { "verify_keys: none of a server" }
    }

    /** As it is kept. */
    fun json(): JSONObject = JSONObject()
        .put("server", server).put("service", service).put("user", user).put("device", device)
        .put("verify_keys", JSONArray(verifyKeys)).put("token", token).put("engine", engine)
        .put("parts", parts).put("activity", activity).put("icon", icon).put("machine", machine.word)

    companion object {
        /** Ed25519, 32 bytes as base64url. */
        private val VERIFY_KEY = Regex("[A-Za-z0-9_-]{43}")

        /**
         * The call screen alone, for calls of a voice service of the app's own: no Clarion server, no keys.
         *
         * @param reader name of a [PushReader]; empty: a push has the fact as JSON in its member `callui`
         */
        @JvmStatic
        @JvmOverloads
        fun callScreen(reader: String = "", activity: String = "", icon: Int = 0) =
            Setup("", "", "", "", emptyList(), parts = reader, activity = activity, icon = icon, machine = Machine.CALL_UI)

        /** Of [json]; members that have a default may be absent. */
        fun of(json: JSONObject): Setup {
            val (parts, activity) = listOf("parts", "activity").map(json::optString)
            val icon = json.optInt("icon")
            if (json.optString("machine") == Machine.CALL_UI.word) return callScreen(parts, activity, icon)
            val (server, service, user, device) = listOf("server", "service", "user", "device").map(json::getString)
            val keys = json.getJSONArray("verify_keys").let { keys -> List(keys.length(), keys::getString) }
            val engine = json.optString("engine", "{}")
            return Setup(server, service, user, device, keys, json.optString("token"), engine, parts, activity, icon)
        }
    }
}

/** What an app may bring along: its media, and another connection than [OkHttpLink]. */
interface Parts {
    /** `facts` takes what came of the commands, from any thread; docs/engine.md says which. */
    fun media(context: Context, facts: (JSONObject) -> Unit): Media

    fun link(context: Context, server: String, listener: Link.Listener): Link = OkHttpLink(server, listener)
}

/** Reads the pushes of an app's own voice service. */
fun interface PushReader {
    /**
     * The fact of docs/callui.md, "from the backend", that this push brings; null: it is no call. In the stack of the
     * push's handler: it must not wait.
     */
    fun fact(data: Map<String, String>): JSONObject?
}

/** Voice and video: org.webrtc behind the media commands of docs/engine.md. Starts the work and returns. */
fun interface Media {
    fun perform(type: String, command: JSONObject)
}

/** One WebSocket to the server at a time. Calls come one after the other and must not wait. */
interface Link {
    /** Then [Listener.opened] or [Listener.closed]. */
    fun open()

    /** After this nothing of the old connection is told. */
    fun close()

    fun send(text: String)

    /** From any thread. */
    interface Listener {
        fun opened()

        /** `fault`: a word of SignallingFault. */
        fun closed(fault: String)

        fun received(text: String)
    }
}
