// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import android.os.PowerManager
import io.clarion.EngineInputType

/** Keeps the process alive while a call rings or lives (I11). Everything else is [ServiceHold]'s. */
class CallService : Service() {
    override fun onCreate() {
        // First of all: this may be the system that starts the service again in a new process.
        Clarion.service = this
        arrived()
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        arrived()
        return START_STICKY
    }

    private fun arrived() = Clarion.within(this) { service.arrived(this@CallService) } ?: stopSelf()

    override fun onDestroy() {
        if (Clarion.service === this) Clarion.service = null
        Clarion.within(this) { service.left(this@CallService) }
    }

    override fun onBind(intent: Intent?): IBinder? = null
}

/** The foreground service as the engine wants it, with the fall-backs of each level. Thread: inside the shell's monitor. */
internal class ServiceHold(private val shell: Shell) {
    private val context = shell.context
    private var wanted = NONE
    private var isComing = false // Started and not there yet: it must reach startForeground whatever happens (AND-FGS-01).
    private var service: CallService? = Clarion.service
    private var standsOn: Int? = null
    private var listens = false
    private val awake = (context.getSystemService(Context.POWER_SERVICE) as PowerManager)
        .newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "clarion:call")

    fun start(microphone: Boolean) = start(if (microphone) WITH_MICROPHONE else CALL)

    private fun start(types: Int) {
        wanted = types
        // The timers of a call have to fire while the screen is off.
        if (!awake.isHeld) awake.acquire()
        if (service != null) return foreground()
        // AND-FGS-02: not now, perhaps. The notification rings by itself, and the answer, an activity, tries again.
        isComing = isComing || shell.isAllowed("a foreground service") {
            context.startForegroundService(Intent(context, CallService::class.java))
        }
    }

    fun stop() {
        wanted = NONE
        handOver()
        if (!isComing) leave()
    }

    /** After the start of the shell: a service that the one before left, and nobody wants. */
    fun settle() {
        if (wanted == NONE) leave()
    }

    /** Another shell takes over, with the service. */
    fun handOver() {
        if (awake.isHeld) awake.release()
    }

    fun arrived(its: CallService) {
        service = its
        if (isComing || wanted != NONE) foreground()
        isComing = false
        settle()
    }

    /** The system took it; one that is on its way is another. */
    fun left(its: CallService) {
        if (service !== its) return
        service = null
        standsOn = null
    }

    fun standsOn(id: Int): Boolean = standsOn == id

    /** The first call changed. */
    fun stand() {
        if (standsOn != null && wanted != NONE) foreground()
    }

    /** The app is in front: what was refused in the background is allowed now (AND-FGS-04). */
    fun appVisible() {
        // Below 34 a refusal is silent: nobody knows whether it was one (AND-FGS-10).
        val isSure = wanted == CALL || (listens && Build.VERSION.SDK_INT >= 34)
        if (wanted != NONE && (service == null || !isSure)) start(wanted)
    }

    private fun foreground() {
        val its = service ?: return
        val (id, notification) = shell.screen.front()
        fun stands(types: Int) = shell.isAllowed("types $types") {
            when {
                Build.VERSION.SDK_INT >= 30 -> its.startForeground(id, notification, types)
                Build.VERSION.SDK_INT >= 29 -> its.startForeground(id, notification, CALL)
                else -> its.startForeground(id, notification)
            }
        }
        listens = wanted == WITH_MICROPHONE && context.mayListen() && stands(WITH_MICROPHONE)
        if (wanted == WITH_MICROPHONE) shell.deviceChanged(EngineInputType.MICROPHONE_CHANGED, "available" to listens)
        if (listens || stands(CALL)) standsOn = id else leave()
    }

    private fun leave() {
        standsOn = null
        service?.stopForeground(Service.STOP_FOREGROUND_REMOVE)
        service?.stopSelf()
        service = null
    }

    private companion object {
        const val NONE = 0
        const val CALL = ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL
        const val WITH_MICROPHONE = CALL or ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE
    }
}
