// SPDX-License-Identifier: Apache-2.0
package io.clarion.android.webrtc

import kotlin.math.max
import kotlin.math.roundToLong
import org.json.JSONObject
import org.webrtc.RTCStatsReport

/** The numbers of one connection, from one report to the next (https://www.w3.org/TR/webrtc-stats/). */
internal class Quality {
    private class Counts(val received: Double, val lost: Double, val sentBytes: Double, val receivedBytes: Double, val at: Double)

    private var last: Counts? = null

    /** "statistics" of docs/engine.md since the report before; null for the first one. */
    fun take(report: RTCStatsReport): JSONObject? {
        val inbound = report.voice("inbound-rtp")
        val outbound = report.voice("outbound-rtp")
        val now = Counts(
            inbound.number("packetsReceived"), inbound.number("packetsLost"),
            outbound.number("bytesSent"), inbound.number("bytesReceived"), report.timestampUs / 1e6,
        )
        val before = last
        last = now
        if (before == null) return null
        val received = max(now.received - before.received, 0.0)
        val lost = max(now.lost - before.lost, 0.0) // Late duplicates make it go back.
        val seconds = max(now.at - before.at, 1e-3)
        val measured = JSONObject()
            .put("loss_permille", if (received + lost > 0) (lost * 1_000 / (received + lost)).roundToLong() else 0L)
            .put("jitter", (inbound.number("jitter") * 1_000).roundToLong())
            .put("sent_bps", (max(now.sentBytes - before.sentBytes, 0.0) * 8 / seconds).roundToLong())
            .put("received_bps", (max(now.receivedBytes - before.receivedBytes, 0.0) * 8 / seconds).roundToLong())
            .put("own_level", percent(report.voice("media-source").number("audioLevel")))
            .put("peer_level", peerLevel(report))
        val roundTrip = report.roundTrip()
        if (roundTrip > 0) measured.put("latency", (roundTrip * 1_000).roundToLong()) // Else not known yet.
        return measured
    }

    companion object {
        /** 0 to 100, of the peer's voice in this report. */
        fun peerLevel(report: RTCStatsReport): Int = percent(report.voice("inbound-rtp").number("audioLevel"))

        private fun percent(level: Double): Int = (level.coerceIn(0.0, 1.0) * 100).toInt()

        private fun RTCStatsReport.voice(type: String): Map<String, Any> =
            statsMap.values.firstOrNull { it.type == type && (it.members["kind"] ?: "audio") == "audio" }?.members ?: emptyMap()

        /** Of the pair that is used: several may have succeeded. */
        private fun RTCStatsReport.roundTrip(): Double = statsMap.values
            .firstOrNull { it.type == "candidate-pair" && it.members["nominated"] == true && it.members["state"] == "succeeded" }
            ?.members?.number("currentRoundTripTime") ?: 0.0

        private fun Map<String, Any>.number(name: String): Double = (this[name] as? Number)?.toDouble() ?: 0.0
    }
}
