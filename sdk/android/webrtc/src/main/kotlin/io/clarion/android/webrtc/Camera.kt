// SPDX-License-Identifier: Apache-2.0
package io.clarion.android.webrtc

import android.content.Context
import org.webrtc.Camera2Enumerator
import org.webrtc.CameraVideoCapturer
import org.webrtc.PeerConnectionFactory
import org.webrtc.SurfaceTextureHelper
import org.webrtc.VideoSource
import org.webrtc.VideoTrack

/** The camera as a track. On the worker. */
internal class Camera(private val context: Context, factory: PeerConnectionFactory, private val failed: (String) -> Unit) {
    private val source: VideoSource = factory.createVideoSource(false)
    private var capturer: CameraVideoCapturer? = null
    private var surface: SurfaceTextureHelper? = null

    val track: VideoTrack = factory.createVideoTrack("pictures", source)

    fun start(atBack: Boolean) {
        if (capturer != null) return
        val cameras = Camera2Enumerator(context)
        val names = cameras.deviceNames
        val name = names.firstOrNull { cameras.isBackFacing(it) == atBack } ?: names.firstOrNull()
        val made = name?.let { cameras.createCapturer(it, Events()) } ?: return failed("there is no camera")
        val helper = SurfaceTextureHelper.create("clarion-camera", WebRtc.egl)
        made.initialize(helper, context, source.capturerObserver)
        made.startCapture(WIDTH, HEIGHT, FRAMES_PER_SECOND)
        capturer = made
        surface = helper
        track.setEnabled(true)
    }

    /** The camera is let go; the track goes on, dark. */
    fun stop() {
        val made = capturer ?: return
        capturer = null
        track.setEnabled(false)
        made.stopCapture()
        made.dispose()
        surface?.dispose()
        surface = null
    }

    /** Once, after the connection that sends the track. */
    fun dispose() {
        stop()
        track.dispose()
        source.dispose()
    }

    private inner class Events : CameraVideoCapturer.CameraEventsHandler {
        override fun onCameraError(description: String?) = failed(description ?: "the camera failed")

        override fun onCameraDisconnected() = failed("another app took the camera")

        override fun onCameraFreezed(description: String?) = failed(description ?: "the camera froze")

        override fun onCameraOpening(name: String?) = Unit

        override fun onFirstFrameAvailable() = Unit

        override fun onCameraClosed() = Unit
    }

    private companion object {
        const val WIDTH = 1280
        const val HEIGHT = 720
        const val FRAMES_PER_SECOND = 30
    }
}
