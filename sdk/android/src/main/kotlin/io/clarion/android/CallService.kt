// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.Manifest
import android.app.Notification
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
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
        Clarion.shell(this)?.let { shell -> shell.exclusively { shell.service.arrived(this) } } ?: stopSelf()
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        Clarion.shell(this)?.let { shell -> shell.exclusively { shell.service.arrived(this) } } ?: stopSelf()
        return START_STICKY
    }

    override fun onDestroy() {
        if (Clarion.service === this) Clarion.service = null
        Clarion.shell(this)?.let { shell -> shell.exclusively { shell.service.left(this) } }
    }

    override fun onBind(intent: Intent?): IBinder? = null
}

/** The foreground service as the engine wants it, with the fall-backs of each level. Thread: inside the shell's monitor. */
internal class ServiceHold(private val shell: Shell) {
    private val context = shell.context
    private var wanted = false
    private var microphone = false
    private var isComing = false // Started and not there yet: it must reach startForeground whatever happens (AND-FGS-01).
    private var service: CallService? = Clarion.service
    private var standsOn: Int? = null
    private var listens = false
    private val awake = (context.getSystemService(Context.POWER_SERVICE) as PowerManager)
        .newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "clarion:call")

    fun start(withMicrophone: Boolean) {
        wanted = true
        microphone = withMicrophone
        // The timers of a call have to fire while the screen is off.
        if (!awake.isHeld) awake.acquire()
        if (service != null) return foreground()
        if (isComing) return
        try {
            context.startForegroundService(Intent(context, CallService::class.java))
            isComing = true
        } catch (refused: IllegalStateException) {
            // AND-FGS-02: not now. The notification rings by itself, and the answer, an activity, tries again.
            shell.log("no foreground service: $refused")
        }
    }

    fun stop() {
        wanted = false
        microphone = false
        if (awake.isHeld) awake.release()
        if (!isComing) leave()
    }

    /** After the start of the shell: a service that the one before left, and nobody wants. */
    fun settle() {
        if (!wanted) leave()
    }

    /** Another shell takes over, with the service. */
    fun handOver() {
        if (awake.isHeld) awake.release()
    }

    fun arrived(its: CallService) {
        service = its
        if (isComing || wanted) foreground()
        isComing = false
        if (!wanted) leave()
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
        if (standsOn != null && wanted) foreground()
    }

    /** The app is in front: a microphone that was refused in the background is allowed now (AND-FGS-04). */
    fun appVisible() {
        // Below 34 a refusal is silent: nobody knows whether it was one (AND-FGS-10).
        val isSure = listens && Build.VERSION.SDK_INT >= 34
        if (wanted && microphone && !isSure && service != null) foreground()
        if (wanted && service == null) start(microphone)
    }

    private fun foreground() {
        val its = service ?: return
        val (id, notification) = shell.screen.front()
        val mayListen = context.checkSelfPermission(Manifest.permission.RECORD_AUDIO) == PackageManager.PERMISSION_GRANTED
        listens = microphone && mayListen && foreground(its, id, notification, CALL or MICROPHONE)
        if (microphone) shell.deviceChanged(EngineInputType.MICROPHONE_CHANGED, "available" to listens)
        if (listens || foreground(its, id, notification, CALL)) {
            standsOn = id
        } else {
            leave()
        }
    }

    /** False: the system refuses these types, or a start at this moment. */
    private fun foreground(its: CallService, id: Int, notification: Notification, types: Int): Boolean = try {
        when {
            Build.VERSION.SDK_INT >= 30 -> its.startForeground(id, notification, types)
            Build.VERSION.SDK_INT >= 29 -> its.startForeground(id, notification, CALL)
            else -> its.startForeground(id, notification)
        }
        true
    } catch (refused: SecurityException) {
        shell.log("types $types: $refused")
        false
    } catch (refused: IllegalStateException) {
        shell.log("types $types: $refused")
        false
    }

    private fun leave() {
        standsOn = null
        service?.stopForeground(Service.STOP_FOREGROUND_REMOVE)
        service?.stopSelf()
        service = null
    }

    private companion object {
        const val CALL = ServiceInfo.FOREGROUND_SERVICE_TYPE_PHONE_CALL
        const val MICROPHONE = ServiceInfo.FOREGROUND_SERVICE_TYPE_MICROPHONE
    }
}
