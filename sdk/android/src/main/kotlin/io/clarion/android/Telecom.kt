// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.ComponentName
import android.content.Context
import android.net.Uri
import android.os.Bundle
import android.telecom.CallAudioState
import android.telecom.Connection
import android.telecom.ConnectionRequest
import android.telecom.ConnectionService
import android.telecom.DisconnectCause
import android.telecom.PhoneAccount
import android.telecom.PhoneAccountHandle
import android.telecom.TelecomManager
import io.clarion.AudioRoute
import io.clarion.EngineInputType
import io.clarion.SystemEndReason
import org.json.JSONObject

/**
 * Self-managed calls: headsets, cars and watches answer and end them, and other calls of the phone hold them. A device
 * without Telecom, or one that refuses, still rings. Thread: inside the shell's monitor.
 */
internal class Telecom(private val shell: Shell) {
    private class Wanted(val name: String, val handle: String, val isVideo: Boolean)

    private val context = shell.context
    private val manager = context.getSystemService(Context.TELECOM_SERVICE) as TelecomManager?
    private val account = PhoneAccountHandle(ComponentName(context, CallConnections::class.java), "clarion")
    private val wanted = HashMap<String, Wanted>() // Until the system made a line of them.
    private val lines = HashMap<String, Line>()
    val isRegistered = register()

    private fun register(): Boolean {
        val label = context.applicationInfo.loadLabel(context.packageManager)
        val mine = PhoneAccount.builder(account, label).setCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED).build()
        return asked("no account") { manager?.registerPhoneAccount(mine) } && manager != null
    }

    fun ring(call: String, report: JSONObject) {
        if (lines.containsKey(call) || wanted.containsKey(call)) return
        if (!isRegistered) return
        asked("not added") {
            wanted[call] = wantedOf(report)
            val extras = Bundle()
            extras.putParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS, addressOf(call))
            manager?.addNewIncomingCall(account, extras)
        }
    }

    fun place(call: String, report: JSONObject) {
        if (!isRegistered || lines.containsKey(call)) return
        asked("not placed") {
            wanted[call] = wantedOf(report)
            val extras = Bundle()
            extras.putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE, account)
            manager?.placeCall(addressOf(call), extras)
        }
    }

    /** What the system made of it; a call that ended meanwhile is none any more. */
    fun connect(call: String, incoming: Boolean): Connection {
        val its = wanted.remove(call) ?: return Connection.createFailedConnection(DisconnectCause(DisconnectCause.CANCELED))
        val line = Line(shell, call)
        lines[call] = line
        line.connectionProperties = Connection.PROPERTY_SELF_MANAGED
        line.connectionCapabilities = Connection.CAPABILITY_HOLD or Connection.CAPABILITY_SUPPORT_HOLD
        line.audioModeIsVoip = true
        line.setAddress(Uri.fromParts("clarion", its.handle.ifEmpty { its.name }, null), TelecomManager.PRESENTATION_ALLOWED)
        line.setCallerDisplayName(its.name, TelecomManager.PRESENTATION_ALLOWED)
        if (its.isVideo) line.setVideoState(VIDEO)
        if (incoming) line.setRinging() else line.setDialing()
        return line
    }

    /** AND-TEL-09: an emergency call, or too many. This one stays on the screen, without a sound. */
    fun refused(call: String, incoming: Boolean) {
        if (wanted.remove(call) != null && incoming) shell.tell(EngineInputType.RING_SILENCED, "call_id" to call)
    }

    fun activate(call: String) {
        lines[call]?.setActive()
    }

    fun hold(call: String) {
        lines[call]?.setOnHold()
    }

    fun end(call: String, reason: String) {
        wanted.remove(call)
        val line = lines.remove(call) ?: return
        line.setDisconnected(DisconnectCause(causeOf(reason)))
        line.destroy()
    }

    fun leave() = lines.keys.toList().forEach { end(it, "local") }

    fun route(route: String) {
        val way = ROUTES.entries.firstOrNull { it.value.word == route }?.key ?: return
        lines.values.firstOrNull { it.state == Connection.STATE_ACTIVE }?.setAudioRoute(way)
    }

    /** False: there is no Telecom here, or it does not want to. */
    private fun asked(what: String, ask: () -> Unit): Boolean = try {
        ask()
        true
    } catch (refused: SecurityException) {
        shell.log("$what: $refused")
        false
    } catch (absent: UnsupportedOperationException) {
        shell.log("$what: $absent")
        false
    }

    companion object {
        private const val VIDEO = 3 // VideoProfile.STATE_BIDIRECTIONAL

        /** The call's id is its address: it comes back in every request of the system. */
        private fun addressOf(call: String): Uri = Uri.fromParts("clarion", call, null)

        private fun wantedOf(report: JSONObject) =
            Wanted(report.getString("name"), report.getString("handle"), report.getString("media") == "video")

        private fun causeOf(reason: String): Int = when (reason) {
            "local" -> DisconnectCause.LOCAL
            SystemEndReason.REMOTE_ENDED.word -> DisconnectCause.REMOTE
            SystemEndReason.UNANSWERED.word -> DisconnectCause.MISSED
            SystemEndReason.ANSWERED_ELSEWHERE.word -> DisconnectCause.ANSWERED_ELSEWHERE
            SystemEndReason.DECLINED_ELSEWHERE.word -> DisconnectCause.REJECTED
            else -> DisconnectCause.ERROR
        }

        val ROUTES = mapOf(
            CallAudioState.ROUTE_EARPIECE to AudioRoute.EARPIECE,
            CallAudioState.ROUTE_SPEAKER to AudioRoute.SPEAKER,
            CallAudioState.ROUTE_WIRED_HEADSET to AudioRoute.WIRED,
            CallAudioState.ROUTE_BLUETOOTH to AudioRoute.BLUETOOTH,
        )
    }
}

/** One call as Telecom sees it; its callbacks come on the main thread. */
internal class Line(private val shell: Shell, private val call: String) : Connection() {
    override fun onAnswer(videoState: Int) = shell.answer(call)

    override fun onAnswer() = shell.answer(call)

    override fun onReject() = shell.end(call)

    override fun onDisconnect() = shell.end(call)

    override fun onAbort() = shell.end(call)

    override fun onHold() = shell.act(EngineInputType.USER_HELD, call, "on" to true) { setOnHold() }

    override fun onUnhold() = shell.act(EngineInputType.USER_HELD, call, "on" to false) { setActive() }

    override fun onPlayDtmfTone(c: Char) = shell.act(EngineInputType.USER_DIALLED, call, "digits" to c.toString()) {}

    override fun onSilence() {
        shell.tell(EngineInputType.RING_SILENCED, "call_id" to call)
    }

    override fun onCallAudioStateChanged(state: CallAudioState) {
        val route = Telecom.ROUTES[state.route] ?: AudioRoute.UNKNOWN
        shell.deviceChanged(EngineInputType.AUDIO_ROUTE_CHANGED, "route" to route.word)
        shell.act(EngineInputType.USER_MUTED, call, "on" to state.isMuted) {}
    }
}

/** Not reachable for other apps: only the system holds BIND_TELECOM_CONNECTION_SERVICE. */
class CallConnections : ConnectionService() {
    override fun onCreateIncomingConnection(account: PhoneAccountHandle?, request: ConnectionRequest): Connection =
        connect(request, incoming = true)

    override fun onCreateOutgoingConnection(account: PhoneAccountHandle?, request: ConnectionRequest): Connection =
        connect(request, incoming = false)

    override fun onCreateIncomingConnectionFailed(account: PhoneAccountHandle?, request: ConnectionRequest) =
        refused(request, incoming = true)

    override fun onCreateOutgoingConnectionFailed(account: PhoneAccountHandle?, request: ConnectionRequest) =
        refused(request, incoming = false)

    private fun connect(request: ConnectionRequest, incoming: Boolean): Connection {
        var made = Connection.createFailedConnection(DisconnectCause(DisconnectCause.CANCELED))
        Clarion.shell(this)?.let { it.exclusively { made = it.telecom.connect(callOf(request), incoming) } }
        return made
    }

    private fun refused(request: ConnectionRequest, incoming: Boolean) {
        Clarion.shell(this)?.let { it.exclusively { it.telecom.refused(callOf(request), incoming) } }
    }

    private fun callOf(request: ConnectionRequest): String = request.address.schemeSpecificPart
}
