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
import io.clarion.ReportResult
import io.clarion.SystemEndReason
import org.json.JSONObject

/**
 * Self-managed calls: headsets, cars and watches answer and end them, and other calls of the phone hold them. A device
 * without Telecom, or one that refuses, still rings. Thread: inside the shell's monitor.
 */
internal class Telecom(private val shell: Shell) {
    private val context = shell.context
    private val manager = context.getSystemService(Context.TELECOM_SERVICE) as TelecomManager?
    private val account = PhoneAccountHandle(ComponentName(context, CallConnections::class.java), "clarion")
    private val lines = HashMap<String, Line>() // From when the system is asked for one.
    val isRegistered = register()

    private fun register(): Boolean {
        val mine = PhoneAccount.builder(account, context.appName).setCapabilities(PhoneAccount.CAPABILITY_SELF_MANAGED).build()
        return manager != null && shell.isAllowed("an account") { manager.registerPhoneAccount(mine) }
    }

    fun ring(call: String, report: JSONObject) = ask(call, report, isIncoming = true) {
        it.putParcelable(TelecomManager.EXTRA_INCOMING_CALL_ADDRESS, addressOf(call))
        manager?.addNewIncomingCall(account, it)
    }

    fun place(call: String, report: JSONObject) = ask(call, report, isIncoming = false) {
        it.putParcelable(TelecomManager.EXTRA_PHONE_ACCOUNT_HANDLE, account)
        manager?.placeCall(addressOf(call), it)
    }

    private fun ask(call: String, report: JSONObject, isIncoming: Boolean, how: (Bundle) -> Unit) {
        if (!isRegistered || lines.containsKey(call)) return
        lines[call] = Line(shell, call, report, isIncoming)
        if (!shell.isAllowed("a line") { how(Bundle()) }) lines.remove(call)
    }

    /** What the system made of it; a call that ended meanwhile is none any more. */
    fun connect(call: String): Connection? = lines[call]?.also { shell.later { shell.exclusively(it::arrived) } }

    /** AND-TEL-09: an emergency call, or too many. One that rings stays on the screen, without a sound. */
    fun refused(call: String) {
        val line = lines.remove(call) ?: return
        if (line.isIncoming) return run { shell.tell(EngineInputType.RING_SILENCED, "call_id" to call) }
        shell.tell(EngineInputType.OUTGOING_REPORTED, "call_id" to call, "result" to ReportResult.LIMIT_REACHED.word)
    }

    fun activate(call: String) = lines[call]?.become(Connection::setActive)

    fun hold(call: String) = lines[call]?.become(Connection::setOnHold)

    fun end(call: String, reason: String) {
        val line = lines.remove(call) ?: return
        line.setDisconnected(DisconnectCause(CAUSES[reason] ?: DisconnectCause.ERROR))
        line.destroy()
    }

    fun leave() = lines.keys.toList().forEach { end(it, "local") }

    fun route(route: String) {
        val way = ROUTES.entries.firstOrNull { it.value.word == route }?.key ?: return
        lines.values.firstOrNull { it.state == Connection.STATE_ACTIVE }?.setAudioRoute(way)
    }

    companion object {
        /** The call's id is its address: it comes back in every request of the system. */
        private fun addressOf(call: String): Uri = Uri.fromParts("clarion", call, null)

        private val CAUSES = mapOf(
            "local" to DisconnectCause.LOCAL,
            SystemEndReason.REMOTE_ENDED.word to DisconnectCause.REMOTE,
            SystemEndReason.UNANSWERED.word to DisconnectCause.MISSED,
            SystemEndReason.ANSWERED_ELSEWHERE.word to DisconnectCause.ANSWERED_ELSEWHERE,
            SystemEndReason.DECLINED_ELSEWHERE.word to DisconnectCause.REJECTED,
        )

        val ROUTES = mapOf(
            CallAudioState.ROUTE_EARPIECE to AudioRoute.EARPIECE,
            CallAudioState.ROUTE_SPEAKER to AudioRoute.SPEAKER,
            CallAudioState.ROUTE_WIRED_HEADSET to AudioRoute.WIRED,
            CallAudioState.ROUTE_BLUETOOTH to AudioRoute.BLUETOOTH,
        )
    }
}

/** One call as Telecom sees it; its callbacks come on the main thread. */
internal class Line(private val shell: Shell, private val call: String, report: JSONObject, val isIncoming: Boolean) : Connection() {
    private var isThere = false
    private var due: (Connection.() -> Unit)? = null

    init {
        val name = report.getString("name")
        connectionProperties = PROPERTY_SELF_MANAGED
        connectionCapabilities = CAPABILITY_HOLD or CAPABILITY_SUPPORT_HOLD
        audioModeIsVoip = true
        setAddress(Uri.fromParts("clarion", report.getString("handle").ifEmpty { name }, null), TelecomManager.PRESENTATION_ALLOWED)
        setCallerDisplayName(name, TelecomManager.PRESENTATION_ALLOWED)
        if (report.getString("media") == "video") setVideoState(VIDEO)
        if (isIncoming) setRinging() else setDialing()
    }

    /** Telecom takes a line as it was asked for; what became of it in the meantime it hears when it has it. */
    fun become(state: Connection.() -> Unit) = if (isThere) state() else due = state

    fun arrived() {
        isThere = true
        if (getState() != STATE_DISCONNECTED) due?.invoke(this)
    }

    override fun onAnswer(videoState: Int) = shell.answer(call)

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

    private companion object {
        const val VIDEO = 3 // VideoProfile.STATE_BIDIRECTIONAL
    }
}

/** Not reachable for other apps: only the system holds BIND_TELECOM_CONNECTION_SERVICE. */
class CallConnections : ConnectionService() {
    override fun onCreateIncomingConnection(account: PhoneAccountHandle?, request: ConnectionRequest) = connect(request)

    override fun onCreateOutgoingConnection(account: PhoneAccountHandle?, request: ConnectionRequest) = connect(request)

    override fun onCreateIncomingConnectionFailed(account: PhoneAccountHandle?, request: ConnectionRequest) = refused(request)

    override fun onCreateOutgoingConnectionFailed(account: PhoneAccountHandle?, request: ConnectionRequest) = refused(request)

    private fun connect(request: ConnectionRequest): Connection =
        Clarion.within(this) { telecom.connect(request.address.schemeSpecificPart) }
            ?: Connection.createFailedConnection(DisconnectCause(DisconnectCause.CANCELED))

    private fun refused(request: ConnectionRequest) {
        Clarion.within(this) { telecom.refused(request.address.schemeSpecificPart) }
    }
}
