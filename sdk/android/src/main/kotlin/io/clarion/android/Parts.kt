// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Activity
import android.app.Application
import android.content.Context
import android.media.AudioManager
import android.media.ToneGenerator
import android.net.ConnectivityManager
import android.net.Network
import android.os.Bundle
import io.clarion.Tone

/** The tones of a call in the earpiece. */
internal class Tones {
    private var generator: ToneGenerator? = null

    fun play(tone: String) {
        stop()
        val kind = KINDS[Tone.from(tone)] ?: return
        generator = try {
            ToneGenerator(AudioManager.STREAM_VOICE_CALL, VOLUME).apply { startTone(kind) }
        } catch (busy: RuntimeException) { // Documented: no audio hardware to be had just now. A call goes on without it.
            null
        }
    }

    fun stop() {
        generator?.release()
        generator = null
    }

    private companion object {
        const val VOLUME = 80
        val KINDS = mapOf(
            Tone.RINGBACK to ToneGenerator.TONE_SUP_RINGTONE,
            Tone.HOLD to ToneGenerator.TONE_SUP_CALL_WAITING,
            Tone.END to ToneGenerator.TONE_PROP_PROMPT,
            Tone.BUSY to ToneGenerator.TONE_SUP_BUSY,
        )
    }
}

/** `changed` hears of another network or none; the one that is there already is no news. */
internal fun watchNetwork(context: Context, changed: (available: Boolean) -> Unit) {
    val manager = context.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
    var last: Network? = manager.activeNetwork
    manager.registerDefaultNetworkCallback(object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) {
            if (network == last) return
            last = network
            changed(true)
        }

        override fun onLost(network: Network) {
            last = null
            changed(false)
        }
    })
}

/** `inFront` hears of every activity of the app that the user sees: from then on more is allowed. */
internal fun watchActivities(context: Context, inFront: () -> Unit) {
    (context as? Application)?.registerActivityLifecycleCallbacks(object : Application.ActivityLifecycleCallbacks {
        override fun onActivityResumed(activity: Activity) = inFront()
        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit
        override fun onActivityStarted(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivityStopped(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    })
}
