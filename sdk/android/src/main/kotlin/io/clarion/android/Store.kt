// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import android.content.Context
import android.provider.Settings
import org.json.JSONObject
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.File
import java.io.FileOutputStream
import java.io.IOException

/** What the process before left. `elapsed`: milliseconds since then, by the wall clock; below 0: elapsedRealtime went on. */
internal class Journal(val snapshot: ByteArray, val elapsed: Long)

/**
 * Files that a push must be able to read: before the first unlock after a boot (AND-PWR-06), never in a backup, since
 * keys and tickets of one device are of no use on another.
 */
internal class Store(context: Context) {
    private val directory =
        File(context.createDeviceProtectedStorageContext().noBackupFilesDir, "clarion").apply { mkdirs() }
    private val boot = Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, 0)

    fun setup(): Setup? = read("setup.json")?.let { Setup.of(JSONObject(String(it))) }

    fun keep(setup: Setup?) {
        if (setup == null) File(directory, "setup.json").delete() else write("setup.json", setup.json().toString().toByteArray())
    }

    /** The device's own key; made when it is asked for the first time. */
    fun boxKey(): String =
        read("box.key")?.let { String(it) } ?: Door.newBoxKey().also { write("box.key", it.toByteArray()) }

    /** Where FCM wakes this device, whoever is signed in; empty: nowhere any more, null: it never said so. */
    fun token(): String? = read("token")?.let { String(it) }

    /** As far as the disk has room: the machine has it too. */
    fun keepToken(token: String) = runCatching { write("token", token.toByteArray()) }

    fun journal(): Journal? {
        val bytes = read("journal") ?: return null
        if (bytes.size < HEAD) return null
        val head = DataInputStream(bytes.inputStream())
        val sameBoot = head.readInt() == boot
        val passed = maxOf(0, System.currentTimeMillis() - head.readLong())
        return Journal(bytes.copyOfRange(HEAD, bytes.size), if (sameBoot) -1 else passed)
    }

    fun keep(snapshot: ByteArray) = write("journal") { out ->
        DataOutputStream(out).run { writeInt(boot); writeLong(System.currentTimeMillis()); write(snapshot) }
    }

    fun forgetJournal() = File(directory, "journal").delete()

    private fun read(name: String): ByteArray? = runCatching { File(directory, name).readBytes() }.getOrNull()

    private fun write(name: String, bytes: ByteArray) = write(name) { it.write(bytes) }

    /** Write, sync, rename: after a crash at any point there is the old file or the new one. */
    private fun write(name: String, content: (FileOutputStream) -> Unit) {
        val next = File(directory, "$name.next")
        FileOutputStream(next).use { out -> content(out); out.fd.sync() }
        if (!next.renameTo(File(directory, name))) throw IOException("$name could not be replaced")
    }

    private companion object {
        const val HEAD = Int.SIZE_BYTES + Long.SIZE_BYTES // The boot, the wall clock.
    }
}
