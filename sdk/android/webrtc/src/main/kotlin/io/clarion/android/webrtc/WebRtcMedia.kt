// SPDX-License-Identifier: Apache-2.0
package io.clarion.android.webrtc

import android.content.Context
import android.os.Handler
import android.os.Looper
import io.clarion.EngineInputType
import io.clarion.EngineOutputType
import io.clarion.android.Media
import org.json.JSONObject
import org.webrtc.DefaultVideoDecoderFactory
import org.webrtc.DefaultVideoEncoderFactory
import org.webrtc.IceCandidate
import org.webrtc.PeerConnection
import org.webrtc.PeerConnectionFactory
import org.webrtc.RTCStatsReport
import org.webrtc.VideoTrack
import org.webrtc.audio.JavaAudioDeviceModule

/** Every media command of docs/engine.md over [Connection]s, and what came of it. Everything happens on the worker. */
internal class WebRtcMedia(
    private val context: Context,
    private val facts: (JSONObject) -> Unit,
    private val worker: Worker,
    private val iceServers: () -> List<PeerConnection.IceServer>,
) : Media, Connection.Listener {
    /** The media of one call. */
    private class Call(val id: String, var connection: Connection) {
        /** To another peer, or by another way: it takes over when it is connected. */
        var next: Connection? = null
        var nextRevision = 0L
        var manner = Manner()
        var isConnected = false
        var heardSound = false
        var camera: Camera? = null
        var shownPeer: VideoTrack? = null
        var quality = Quality()
    }

    private val main = Handler(Looper.getMainLooper())
    private val calls = LinkedHashMap<String, Call>()
    private val factory: PeerConnectionFactory by lazy(::makeFactory)
    private var isTicking = false
    private var ticks = 0

    override fun perform(type: String, command: JSONObject) = worker.post { take(type, command) }

    private fun take(type: String, command: JSONObject) {
        val id = command.optString("call_id")
        val on = command.optBoolean("on")
        when (type) {
            EngineOutputType.PREPARE_OFFER -> prepareOffer(id, command)
            EngineOutputType.PREPARE_ANSWER -> prepareAnswer(id, command)
            EngineOutputType.APPLY_ANSWER -> applyAnswer(id, command)
            EngineOutputType.DROP_OFFER -> dropOffer(id, command)
            EngineOutputType.ADD_CANDIDATE -> addCandidate(id, command)
            EngineOutputType.OPEN_AUDIO -> {
                change(id) { it.copy(isOpen = true, microphone = command.optBoolean("microphone")) }
                tickLater()
            }
            EngineOutputType.CLOSE_AUDIO -> change(id) { it.copy(isOpen = false) }
            EngineOutputType.SET_MICROPHONE -> change(id) { it.copy(microphone = on) }
            EngineOutputType.SET_MUTED -> change(id) { it.copy(muted = on) }
            EngineOutputType.SET_HELD -> change(id) { it.copy(held = on) }
            EngineOutputType.SET_PEER_SILENCED -> change(id) { it.copy(peerSilenced = on) }
            EngineOutputType.SET_VIDEO -> setVideo(id, command.optString("video"))
            EngineOutputType.STOP_SCREEN_SHARE -> show { it.stopsScreenShare(id) }
            EngineOutputType.CLOSE_MEDIA -> close(id)
        }
    }

    private fun tell(type: String, call: String, vararg members: Pair<String, Any>) {
        val fact = JSONObject().put("type", type).put("call_id", call)
        members.forEach { (name, value) -> fact.put(name, value) }
        facts(fact)
    }

    /** How a failure is told depends on whether there is something that goes on. */
    private fun tellFailed(call: String, revision: Long, why: String) {
        val detail = "detail" to why.take(DETAIL_MAX)
        if (revision == 0L) {
            tell(EngineInputType.MEDIA_FAILED, call, detail)
        } else {
            tell(EngineInputType.NEGOTIATION_FAILED, call, "revision" to revision, detail)
        }
    }

    // ---- connections ----

    private fun makeFactory(): PeerConnectionFactory {
        PeerConnectionFactory.initialize(
            PeerConnectionFactory.InitializationOptions.builder(context).createInitializationOptions(),
        )
        val devices = JavaAudioDeviceModule.builder(context).createAudioDeviceModule()
        val made = PeerConnectionFactory.builder()
            .setAudioDeviceModule(devices)
            .setVideoEncoderFactory(DefaultVideoEncoderFactory(WebRtc.egl, true, true))
            .setVideoDecoderFactory(DefaultVideoDecoderFactory(WebRtc.egl))
            .createPeerConnectionFactory()
        devices.release() // The factory has it now.
        return made
    }

    private fun makeConnection(): Connection {
        val configuration = PeerConnection.RTCConfiguration(iceServers())
        configuration.sdpSemantics = PeerConnection.SdpSemantics.UNIFIED_PLAN
        configuration.bundlePolicy = PeerConnection.BundlePolicy.MAXBUNDLE
        configuration.continualGatheringPolicy = PeerConnection.ContinualGatheringPolicy.GATHER_CONTINUALLY
        return Connection(factory, configuration, worker, this)
    }

    /** The connection that this description is for; null was told. A first one throws away what there was. */
    private fun connectionFor(id: String, revision: Long, isNew: Boolean): Connection? {
        try {
            if (revision == 0L) {
                close(id)
                val call = Call(id, makeConnection())
                calls[id] = call
                settleDevices()
                return call.connection
            }
            val call = calls[id] ?: error("no media of this call")
            if (!isNew) return call.connection
            call.next?.let { dropNext(call, it) }
            return makeConnection().also {
                call.next = it
                call.nextRevision = revision
            }
        } catch (refused: IllegalStateException) {
            tellFailed(id, revision, refused.message ?: "WebRTC refuses")
            return null
        }
    }

    /** What comes of a description. The call may be gone by then, or another one by the same id. */
    private fun describer(type: String, id: String, revision: Long, connection: Connection) = { sdp: String?, why: String ->
        if (sdp != null) {
            tell(type, id, "sdp" to sdp, "revision" to revision)
        } else {
            calls[id]?.let { dropNext(it, connection) }
            tellFailed(id, revision, why)
        }
    }

    private fun dropNext(call: Call, connection: Connection) {
        if (call.next !== connection) return
        connection.close()
        connection.dispose() // Nobody saw its pictures.
        call.next = null
    }

    private fun prepareOffer(id: String, command: JSONObject) {
        val revision = command.optLong("revision")
        val purpose = command.optString("purpose")
        val connection = connectionFor(id, revision, isNew = purpose == "transfer") ?: return
        connection.offer(
            command.optString("media") == "video", purpose == "ice_restart",
            describer(EngineInputType.OFFER_PREPARED, id, revision, connection),
        )
    }

    /** An offer of a connection that the peer made anew needs a new one here as well. */
    private fun prepareAnswer(id: String, command: JSONObject) {
        val revision = command.optLong("revision")
        val offer = command.optString("offer")
        val isNew = command.optString("purpose") == "transfer" || calls[id]?.connection?.isOfPresentPeer(offer) != true
        val connection = connectionFor(id, revision, isNew) ?: return
        connection.answer(
            offer, command.optString("media") == "video",
            describer(EngineInputType.ANSWER_PREPARED, id, revision, connection),
        )
    }

    private fun applyAnswer(id: String, command: JSONObject) {
        val call = calls[id] ?: return
        val revision = command.optLong("revision")
        val connection = call.next?.takeIf { call.nextRevision == revision } ?: call.connection
        connection.takeAnswer(command.optString("sdp")) { why ->
            dropNext(call, connection)
            tellFailed(id, revision, why)
        }
    }

    private fun dropOffer(id: String, command: JSONObject) {
        val call = calls[id] ?: return
        val next = call.next
        if (next != null && call.nextRevision == command.optLong("revision")) {
            dropNext(call, next)
        } else {
            call.connection.rollBack()
        }
    }

    /** The peer speaks of the way that is looked for. */
    private fun addCandidate(id: String, command: JSONObject) {
        val call = calls[id] ?: return
        val candidate = IceCandidate(command.optString("mid"), command.optInt("line"), command.optString("candidate"))
        (call.next ?: call.connection).addCandidate(candidate)
    }

    private fun close(id: String) {
        val call = calls.remove(id) ?: return
        call.next?.let { dropNext(call, it) }
        val connection = call.connection
        val camera = call.camera
        camera?.stop()
        connection.close()
        settleDevices()
        show { it.showsPeer(id, null) }
        val letGo = {
            connection.dispose()
            camera?.dispose()
            Unit
        }
        show(letGo) { it.showsOwn(id, null) }
    }

    // ---- voice ----

    private fun change(id: String, change: (Manner) -> Manner) {
        val call = calls[id] ?: return
        call.manner = change(call.manner)
        call.connection.manner = call.manner
        settleDevices()
    }

    /** Microphone and speaker are the factory's, not a connection's: on while somebody talks. */
    private fun settleDevices() {
        val on = calls.values.any { it.manner.isTalked }
        calls.values.forEach { it.connection.useDevices(on) }
    }

    // ---- pictures ----

    private fun setVideo(id: String, video: String) {
        val call = calls[id] ?: return
        when (video) {
            "on" -> {
                val camera = call.camera ?: newCamera(call)
                camera.start(WebRtc.usesBackCamera)
            }
            "paused" -> call.camera?.stop()
            "off" -> dropCamera(call)
        }
    }

    private fun newCamera(call: Call): Camera {
        val camera = Camera(context, factory) { why -> show { it.cameraFailed(call.id, why) } }
        call.camera = camera
        call.connection.ownVideo = camera.track
        show { it.showsOwn(call.id, camera.track) }
        return camera
    }

    private fun dropCamera(call: Call) {
        val camera = call.camera ?: return
        call.camera = null
        call.connection.ownVideo = null
        camera.stop()
        show(camera::dispose) { it.showsOwn(call.id, null) }
    }

    private fun showPeer(call: Call, track: VideoTrack?) {
        if (track === call.shownPeer) return
        call.shownPeer = track
        show { it.showsPeer(call.id, track) }
    }

    /** `then` on the worker, when the app has let go of what it was told to. */
    private fun show(then: (() -> Unit)? = null, what: (Video) -> Unit) {
        main.post {
            WebRtc.video?.let(what)
            if (then != null) worker.post(then)
        }
    }

    // ---- what connections say ----

    private fun callWith(connection: Connection): Call? =
        calls.values.firstOrNull { it.connection === connection || it.next === connection }

    override fun found(connection: Connection, candidate: IceCandidate) {
        val call = callWith(connection) ?: return
        tell(
            EngineInputType.CANDIDATE_FOUND, call.id,
            "candidate" to candidate.sdp, "mid" to (candidate.sdpMid ?: ""), "line" to candidate.sdpMLineIndex,
        )
    }

    /**
     * A way that was never found is the engine's to give up: a callee's waits through the whole ring time, for a caller
     * who begins when the answer comes.
     */
    override fun changed(connection: Connection, state: PeerConnection.PeerConnectionState) {
        val call = callWith(connection) ?: return
        when (state) {
            PeerConnection.PeerConnectionState.CONNECTED -> {
                if (connection === call.next) takeOver(call, connection)
                call.isConnected = true
                tell(EngineInputType.MEDIA_CONNECTED, call.id)
                tickLater()
            }
            PeerConnection.PeerConnectionState.DISCONNECTED -> lost(call, connection)
            PeerConnection.PeerConnectionState.FAILED -> if (connection === call.next) {
                dropNext(call, connection)
                tellFailed(call.id, call.nextRevision, "no way to the peer")
            } else {
                lost(call, connection)
            }
            else -> Unit
        }
    }

    private fun lost(call: Call, connection: Connection) {
        if (connection !== call.connection || !call.isConnected) return
        call.isConnected = false
        tell(EngineInputType.MEDIA_LOST, call.id)
    }

    private fun takeOver(call: Call, connection: Connection) {
        val before = call.connection
        before.close()
        call.shownPeer = null
        show(before::dispose) { it.showsPeer(call.id, null) }
        call.connection = connection
        call.next = null
        call.quality = Quality()
        connection.ownVideo = call.camera?.track
        connection.manner = call.manner
        settleDevices()
        negotiated(connection)
    }

    override fun negotiated(connection: Connection) {
        val call = callWith(connection) ?: return
        if (call.connection === connection) showPeer(call, connection.peerVideo)
    }

    // ---- numbers ----

    private fun tickLater() {
        if (isTicking) return
        isTicking = true
        worker.postAfter(TICK_MS, ::tick)
    }

    /** As long as somebody talks. */
    private fun tick() {
        isTicking = false
        ticks += 1
        val isMeasured = ticks % TICKS_PER_STATISTICS == 0
        for (call in calls.values.filter { it.isConnected && it.manner.isOpen }) {
            tickLater()
            if (isMeasured || !call.heardSound) call.connection.measure { take(it, call, isMeasured) }
        }
    }

    private fun take(report: RTCStatsReport, call: Call, isMeasured: Boolean) {
        if (!call.heardSound && Quality.peerLevel(report) >= SOUND_PERCENT) {
            call.heardSound = true
            tell(EngineInputType.FIRST_AUDIO_HEARD, call.id)
        }
        if (isMeasured) call.quality.take(report)?.let { tell(EngineInputType.STATISTICS_MEASURED, call.id, "statistics" to it) }
    }

    private companion object {
        const val TICK_MS = 500L
        const val TICKS_PER_STATISTICS = 4 // Between, only the first sound is looked for.
        const val SOUND_PERCENT = 1 // About -40 dBFS.
        const val DETAIL_MAX = 64 // Characters; the engine takes 256 bytes.
    }
}
