// SPDX-License-Identifier: Apache-2.0
package io.clarion.android.webrtc

import org.webrtc.AudioSource
import org.webrtc.AudioTrack
import org.webrtc.DataChannel
import org.webrtc.IceCandidate
import org.webrtc.MediaConstraints
import org.webrtc.MediaStream
import org.webrtc.MediaStreamTrack
import org.webrtc.PeerConnection
import org.webrtc.PeerConnectionFactory
import org.webrtc.RTCStatsReport
import org.webrtc.RtpReceiver
import org.webrtc.RtpSender
import org.webrtc.RtpTransceiver
import org.webrtc.RtpTransceiver.RtpTransceiverDirection
import org.webrtc.SdpObserver
import org.webrtc.SessionDescription
import org.webrtc.VideoTrack

/** What of the voice may pass. */
internal data class Manner(
    val isOpen: Boolean = false,
    val microphone: Boolean = true,
    val muted: Boolean = false,
    val held: Boolean = false,
    val peerSilenced: Boolean = false,
) {
    val isTalked: Boolean get() = isOpen && !held
}

/**
 * One PeerConnection whose steps are taken one after the other. On the worker: what WebRTC calls on its signalling thread
 * is brought there, since it must neither wait for the engine's monitor nor be called from inside.
 *
 * Its list of transceivers is never asked for: every such call disposes of the objects of the one before, with the tracks
 * that an app may be drawing. Those that WebRTC hands out by itself live as long as the connection.
 */
internal class Connection(
    factory: PeerConnectionFactory,
    configuration: PeerConnection.RTCConfiguration,
    private val worker: Worker,
    private val listener: Listener,
) {
    interface Listener {
        fun found(connection: Connection, candidate: IceCandidate)

        fun changed(connection: Connection, state: PeerConnection.PeerConnectionState)

        /** The pictures of the peer may be others than before. */
        fun negotiated(connection: Connection)
    }

    private val steps = ArrayDeque<() -> Unit>() // The first one is under way.
    private val own = ArrayList<IceCandidate>() // Found before the description that they belong to was told.
    private val theirs = ArrayList<IceCandidate>()
    private var isDescribing = false
    private var isClosed = false
    private var videoSender: RtpTransceiver? = null
    private var videoReceiver: RtpTransceiver? = null
    private var voiceReceiver: RtpTransceiver? = null

    private val peer: PeerConnection =
        factory.createPeerConnection(configuration, Events()) ?: error("WebRTC makes no connection")
    private val source: AudioSource = factory.createAudioSource(MediaConstraints())
    private val voice: AudioTrack = factory.createAudioTrack("voice", source).apply { setEnabled(false) }
    private val voiceSender: RtpSender = peer.addTrack(voice, STREAMS)

    var manner = Manner()
        set(value) {
            field = value
            apply()
        }

    var ownVideo: VideoTrack? = null
        set(value) {
            field = value
            if (!isClosed) video()?.sender?.setTrack(value, false)
        }

    val peerVideo: VideoTrack?
        get() = videoReceiver?.takeIf { !isClosed && it.currentDirection in RECEIVING }?.receiver?.track() as? VideoTrack

    // ---- steps ----

    /** A step ends with [endStep]. One that WebRTC never ends holds up the others: the engine's deadlines are over it. */
    private fun step(work: () -> Unit) {
        if (isClosed) return
        steps.addLast(work)
        if (steps.size == 1) work()
    }

    private fun endStep() {
        steps.removeFirstOrNull()
        steps.firstOrNull()?.invoke()
    }

    private fun later(work: () -> Unit) = worker.post { if (!isClosed) work() }

    /** `done` gets the own description, or why there is none. Candidates are told after it. */
    fun offer(hasVideo: Boolean, restart: Boolean, done: (sdp: String?, why: String) -> Unit) = step {
        beginToDescribe()
        wantVideo(hasVideo, isOffer = true)
        val wishes = MediaConstraints()
        if (restart) wishes.mandatory.add(MediaConstraints.KeyValuePair("IceRestart", "true"))
        peer.createOffer(Made({ keep(it, done) }, { tell(null, it, done) }), wishes)
    }

    fun answer(offer: String, hasVideo: Boolean, done: (sdp: String?, why: String) -> Unit) = step {
        beginToDescribe()
        val taken = {
            wantVideo(hasVideo, isOffer = false)
            peer.createAnswer(Made({ keep(it, done) }, { tell(null, it, done) }), MediaConstraints())
        }
        peer.setRemoteDescription(Taken(taken) { tell(null, it, done) }, SessionDescription(SessionDescription.Type.OFFER, offer))
    }

    /** What was made becomes the own description. */
    private fun keep(made: SessionDescription, done: (String?, String) -> Unit) =
        peer.setLocalDescription(Taken({ tell(made.description, "", done) }, { tell(null, it, done) }), made)

    /** An offer of the peer that cannot be answered must not stay: everything is as it was. */
    private fun tell(sdp: String?, why: String, done: (String?, String) -> Unit) {
        if (sdp == null && peer.signalingState() == PeerConnection.SignalingState.HAVE_REMOTE_OFFER) {
            peer.setRemoteDescription(Taken({}, {}), SessionDescription(SessionDescription.Type.ROLLBACK, ""))
        }
        done(sdp, why)
        isDescribing = false
        own.forEach { listener.found(this, it) }
        own.clear()
        negotiated()
        endStep()
    }

    fun takeAnswer(answer: String, failed: (String) -> Unit) = step {
        val ended = {
            negotiated()
            endStep()
        }
        if (peer.signalingState() != PeerConnection.SignalingState.HAVE_LOCAL_OFFER) {
            endStep() // A second answer, or one to an offer that was taken back.
        } else {
            val refused = { why: String ->
                failed(why)
                ended()
            }
            peer.setRemoteDescription(Taken(ended, refused), SessionDescription(SessionDescription.Type.ANSWER, answer))
        }
    }

    /** The own offer that is not answered, if there is one. */
    fun rollBack() = step {
        if (peer.signalingState() != PeerConnection.SignalingState.HAVE_LOCAL_OFFER) {
            endStep()
        } else {
            peer.setLocalDescription(Taken(::endStep) { endStep() }, SessionDescription(SessionDescription.Type.ROLLBACK, ""))
        }
    }

    private fun beginToDescribe() {
        isDescribing = true
        own.clear()
    }

    /** WebRTC makes senders and receivers as it negotiates; they know nothing of what this call was told. */
    private fun negotiated() {
        if (isClosed) return
        if (peer.remoteDescription != null) {
            theirs.forEach { peer.addIceCandidate(it) }
            theirs.clear()
        }
        apply()
        listener.negotiated(this)
    }

    // ---- candidates ----

    /** One that is no good only takes from the peer a way to itself. */
    fun addCandidate(candidate: IceCandidate) = step {
        if (peer.remoteDescription != null) {
            peer.addIceCandidate(candidate)
        } else if (theirs.size < WAITING_CANDIDATES_MAX) {
            theirs.add(candidate)
        }
        endStep()
    }

    /** Whether this offer comes from the connection at the other end, not from a new one (RFC 8829, 5.2.1: "o="). */
    fun isOfPresentPeer(offer: String): Boolean =
        !isClosed && peer.remoteDescription?.description?.let { originOf(it) == originOf(offer) } ?: false

    // ---- voice and pictures ----

    private fun video(): RtpTransceiver? = videoSender ?: videoReceiver

    private fun wantVideo(isWanted: Boolean, isOffer: Boolean) {
        if (video() == null && isWanted && isOffer) {
            val both = RtpTransceiver.RtpTransceiverInit(RtpTransceiverDirection.SEND_RECV, STREAMS)
            videoSender = peer.addTransceiver(MediaStreamTrack.MediaType.MEDIA_TYPE_VIDEO, both)
        }
        val video = video() ?: return
        video.setDirection(if (isWanted) RtpTransceiverDirection.SEND_RECV else RtpTransceiverDirection.INACTIVE)
        video.sender.setTrack(if (isWanted) ownVideo else null, false)
    }

    /** A track that is off is heard as silence; an encoding that is off sends nothing at all. */
    private fun apply() {
        if (isClosed) return
        voice.setEnabled(manner.isTalked && manner.microphone && !manner.muted)
        voiceReceiver?.receiver?.track()?.setEnabled(manner.isTalked && !manner.peerSilenced)
        val parameters = voiceSender.parameters
        parameters.encodings.forEach { it.active = manner.isTalked }
        voiceSender.setParameters(parameters)
        peerVideo?.setEnabled(!manner.held)
    }

    /** The devices of all connections of a factory. */
    fun useDevices(on: Boolean) {
        if (isClosed) return
        peer.setAudioPlayout(on)
        peer.setAudioRecording(on)
    }

    fun measure(done: (RTCStatsReport) -> Unit) {
        if (!isClosed) peer.getStats { report -> later { done(report) } }
    }

    fun close() {
        if (isClosed) return
        isClosed = true
        steps.clear()
        peer.close()
    }

    /** Once, after [close] and when nobody draws [peerVideo] any more. */
    fun dispose() {
        peer.dispose() // With its senders and transceivers.
        voice.dispose()
        source.dispose()
    }

    private inner class Made(val done: (SessionDescription) -> Unit, val failed: (String) -> Unit) : SdpObserver {
        override fun onCreateSuccess(description: SessionDescription) = later { done(description) }

        override fun onCreateFailure(error: String?) = later { failed(error ?: "no description was made") }

        override fun onSetSuccess() = Unit

        override fun onSetFailure(error: String?) = Unit
    }

    private inner class Taken(val done: () -> Unit, val failed: (String) -> Unit) : SdpObserver {
        override fun onSetSuccess() = later(done)

        override fun onSetFailure(error: String?) = later { failed(error ?: "the description was refused") }

        override fun onCreateSuccess(description: SessionDescription) = Unit

        override fun onCreateFailure(error: String?) = Unit
    }

    private inner class Events : PeerConnection.Observer {
        override fun onIceCandidate(candidate: IceCandidate) = later {
            if (isDescribing) own.add(candidate) else listener.found(this@Connection, candidate)
        }

        override fun onConnectionChange(newState: PeerConnection.PeerConnectionState) = later {
            listener.changed(this@Connection, newState)
        }

        override fun onTrack(transceiver: RtpTransceiver) = later {
            if (transceiver.mediaType == MediaStreamTrack.MediaType.MEDIA_TYPE_VIDEO) {
                videoReceiver = transceiver
            } else {
                voiceReceiver = transceiver
            }
        }

        override fun onSignalingChange(newState: PeerConnection.SignalingState) = Unit

        override fun onIceConnectionChange(newState: PeerConnection.IceConnectionState) = Unit

        override fun onIceConnectionReceivingChange(receiving: Boolean) = Unit

        override fun onIceGatheringChange(newState: PeerConnection.IceGatheringState) = Unit

        override fun onIceCandidatesRemoved(candidates: Array<IceCandidate>) = Unit

        override fun onAddStream(stream: MediaStream) = Unit

        override fun onRemoveStream(stream: MediaStream) = Unit

        override fun onDataChannel(channel: DataChannel) = Unit

        override fun onRenegotiationNeeded() = Unit // The engine says when there is something to negotiate.

        override fun onAddTrack(receiver: RtpReceiver, streams: Array<MediaStream>) = Unit
    }

    private companion object {
        const val WAITING_CANDIDATES_MAX = 100
        val STREAMS = listOf("clarion")
        val RECEIVING = listOf(RtpTransceiverDirection.SEND_RECV, RtpTransceiverDirection.RECV_ONLY)

        /** The part of "o=" that stays the same as long as a connection lives: user and session. */
        fun originOf(sdp: String): String =
            sdp.lineSequence().firstOrNull { it.startsWith("o=") }?.split(' ')?.take(2)?.joinToString(" ") ?: ""
    }
}
