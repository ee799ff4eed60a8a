// SPDX-License-Identifier: Apache-2.0
package io.clarion.android

import io.clarion.SignallingFault
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import java.io.InterruptedIOException
import java.net.ProtocolException
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLException

/** The connection of docs/protocol.md over OkHttp. */
class OkHttpLink(server: String, private val listener: Link.Listener) : Link {
    private val request = Request.Builder().url(server.trimEnd('/') + "/v1/connect").build()
    private val client = OkHttpClient.Builder()
        .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
        .readTimeout(0, TimeUnit.SECONDS) // The server pings; a silent one is found by ours.
        .pingInterval(PING_SECONDS, TimeUnit.SECONDS)
        .retryOnConnectionFailure(false) // The engine decides when to try again.
        .build()
    private var open: Connection? = null

    @Synchronized
    override fun open() {
        if (open != null) return
        val connection = Connection()
        open = connection
        connection.socket = client.newWebSocket(request, connection)
    }

    @Synchronized
    override fun close() {
        open?.socket?.close(NORMAL, null)
        open = null
    }

    @Synchronized
    override fun send(text: String) {
        open?.socket?.send(text)
    }

    /** Whether this connection is the one that counts; its end makes room for the next. */
    @Synchronized
    private fun counts(connection: Connection, ends: Boolean): Boolean {
        if (open !== connection) return false
        if (ends) open = null
        return true
    }

    private inner class Connection : WebSocketListener() {
        var socket: WebSocket? = null
        private var wasOpen = false

        override fun onOpen(webSocket: WebSocket, response: Response) {
            wasOpen = true
            if (counts(this, ends = false)) listener.opened()
        }

        override fun onMessage(webSocket: WebSocket, text: String) {
            if (counts(this, ends = false)) listener.received(text)
        }

        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
            webSocket.close(NORMAL, null)
            if (counts(this, ends = true)) listener.closed(faultOf(code).word)
        }

        override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
            if (counts(this, ends = true)) listener.closed(faultOf(t, wasOpen).word)
        }
    }

    private companion object {
        const val CONNECT_SECONDS = 10L
        const val PING_SECONDS = 30L
        const val NORMAL = 1000

        fun faultOf(code: Int): SignallingFault = when (code) {
            1002, 1007, 1009 -> SignallingFault.PROTOCOL_ERROR
            4001 -> SignallingFault.REPLACED
            4003 -> SignallingFault.REFUSED
            else -> SignallingFault.CLOSED
        }

        fun faultOf(error: Throwable, wasOpen: Boolean): SignallingFault = when (error) {
            is InterruptedIOException -> SignallingFault.TIMED_OUT
            is SSLException -> SignallingFault.TLS_UNTRUSTED
            is ProtocolException -> SignallingFault.PROTOCOL_ERROR
            else -> if (wasOpen) SignallingFault.CLOSED else SignallingFault.UNREACHABLE
        }
    }
}
