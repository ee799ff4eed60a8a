// SPDX-License-Identifier: Apache-2.0
package io.clarion.android.webrtc

import android.content.Context
import io.clarion.android.Media
import io.clarion.android.Parts
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import org.json.JSONObject
import org.webrtc.EglBase
import org.webrtc.PeerConnection
import org.webrtc.VideoTrack

/**
 * The media of calls over Google's `org.webrtc`, in one line of the app's setup:
 *
 *     parts = "io.clarion.android.webrtc.WebRtcParts"
 *
 * An app with TURN servers names a class of its own that overrides [iceServers].
 */
open class WebRtcParts : Parts {
    override fun media(context: Context, facts: (JSONObject) -> Unit): Media =
        WebRtcMedia(context, facts, WorkerThread(), this::iceServers)

    /** STUN and TURN, asked for each connection on the thread of the media. Must not wait. */
    open fun iceServers(): List<PeerConnection.IceServer> = emptyList()
}

/** What the app's screen and the media of the calls have in common. Any thread. */
object WebRtc {
    /** Where the app draws; null: nowhere. What was said before is not repeated. */
    @Volatile
    var video: Video? = null

    /** From the next start of the camera on. */
    @Volatile
    var usesBackCamera: Boolean = false

    /** For the `init` of an `org.webrtc.SurfaceViewRenderer`. */
    val egl: EglBase.Context get() = base.eglBaseContext

    private val base by lazy { EglBase.create() }
}

/**
 * Where the app draws pictures. On the main thread. A track is good until the next call of the same method returned: it
 * takes its renderer from the track before.
 */
interface Video {
    fun showsPeer(call: String, track: VideoTrack?)

    fun showsOwn(call: String, track: VideoTrack?)

    /** There is no camera, it is not allowed, or it did not start: the call goes on without own pictures. */
    fun cameraFailed(call: String, why: String) {}

    /** The app captures the screen itself: it has to stop. */
    fun stopsScreenShare(call: String) {}
}

/** One thread, one thing after the other. The engine's monitor is never held on it, and it never waits for the engine. */
internal interface Worker {
    fun post(work: () -> Unit)

    fun postAfter(milliseconds: Long, work: () -> Unit)
}

internal class WorkerThread : Worker {
    private val executor = ScheduledThreadPoolExecutor(1) { work ->
        Thread(work, "clarion-webrtc").apply { isDaemon = true }
    }

    override fun post(work: () -> Unit) = executor.execute(work)

    override fun postAfter(milliseconds: Long, work: () -> Unit) {
        executor.schedule(work, milliseconds, TimeUnit.MILLISECONDS)
    }
}
