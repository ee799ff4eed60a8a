// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

/** What is behind the door: the client of a Clarion server, or the call screen alone, for a voice service of the app's own. */
enum class Machine(val word: String) { ENGINE("engine"), CALL_UI("callui") }

/**
 * The machine behind `clarion.h`, and the opening of pushes, which needs the device's key. Bytes of UTF-8 cross the border:
 * JNI's own strings are another encoding, and names have emoji.
 *
 * Thread: one at a time; [Shell] sees to it.
 */
internal class Door private constructor(private val handle: Long) {
    fun send(now: Long, fact: String): Int = send(handle, now, fact.toByteArray())

    fun receive(): String? = receive(handle)?.let { String(it) }

    /** Long.MAX_VALUE: no timer is needed. */
    fun nextDeadline(): Long = nextDeadline(handle)

    fun handleTimeout(now: Long): Int = handleTimeout(handle, now)

    fun snapshot(): ByteArray = snapshot(handle)

    /** "callui_view" in the schema; of the engine `calls` alone. */
    fun view(): String = String(view(handle))

    /** Null: the id is not a UUID, or the machine is not the engine. */
    fun adopt(call: String): String? = adopt(handle, call.toByteArray())?.let { String(it) }

    /** 0, or LINE Planet's number for why this `place_requested` would be refused. */
    fun startFail(place: String): Int = startFail(handle, place.toByteArray())

    /** One sentence about the last refusal, for a log; it repeats no value. */
    fun error(): String = String(errorText(handle))

    companion object {
        init {
            System.loadLibrary("clarion_android")
        }

        /**
         * The machine of the process before, or a new one where there was none or its snapshot cannot be read. Throws
         * IllegalArgumentException for a configuration that it does not take.
         */
        fun open(
            machine: Machine, config: String, journal: Journal?, now: Long, wallNow: Long, seed: Long, log: (String) -> Unit,
        ): Door {
            val bytes = config.toByteArray()
            val alone = machine == Machine.CALL_UI
            if (journal != null) {
                val restored = restore(alone, bytes, journal.snapshot, now, wallNow, journal.elapsed)
                if (restored != 0L) return Door(restored)
                log("the journal was dropped: " + String(errorText(0)))
            }
            val created = create(alone, bytes, now, seed)
            require(created != 0L) { String(errorText(0)) }
            return Door(created)
        }

        /**
         * The fact `push_received` of this `cc_param`. `boxKey`: the device's secret, `verifyKeys`: those of the server, one
         * after the other, 43 characters of base64url each.
         */
        fun openPush(ccParam: String, boxKey: String, verifyKeys: String, wallNow: Long): String =
            String(openPush(ccParam.toByteArray(), boxKey.toByteArray(), verifyKeys.toByteArray(), wallNow))

        /** A new secret for the device's pushes, as text. */
        fun newBoxKey(): String = String(makeBoxKey())

        /** What the server is given of it; empty when it is no key. */
        fun publicOf(boxKey: String): String = String(publicKey(boxKey.toByteArray()))

        @JvmStatic private external fun create(alone: Boolean, config: ByteArray, now: Long, seed: Long): Long

        @JvmStatic
        private external fun restore(
            alone: Boolean, config: ByteArray, snapshot: ByteArray, now: Long, wall: Long, elapsed: Long,
        ): Long

        @JvmStatic private external fun send(handle: Long, now: Long, fact: ByteArray): Int

        @JvmStatic private external fun receive(handle: Long): ByteArray?

        @JvmStatic private external fun nextDeadline(handle: Long): Long

        @JvmStatic private external fun handleTimeout(handle: Long, now: Long): Int

        @JvmStatic private external fun snapshot(handle: Long): ByteArray

        @JvmStatic private external fun view(handle: Long): ByteArray

        @JvmStatic private external fun adopt(handle: Long, call: ByteArray): ByteArray?

        @JvmStatic private external fun startFail(handle: Long, place: ByteArray): Int

        @JvmStatic private external fun errorText(handle: Long): ByteArray

        @JvmStatic
        private external fun openPush(ccParam: ByteArray, boxKey: ByteArray, verifyKeys: ByteArray, wall: Long): ByteArray

        @JvmStatic private external fun makeBoxKey(): ByteArray

        @JvmStatic private external fun publicKey(boxKey: ByteArray): ByteArray
    }
}
