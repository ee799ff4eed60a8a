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
    private var socket: WebSocket? = null
    private var wasOpen = false

    @Synchronized
    override fun open() {
        if (socket != null) return
        wasOpen = false
        socket = client.newWebSocket(request, Events())
    }

    @Synchronized
    override fun close() {
        socket?.close(NORMAL, null)
        socket = null
    }

    @Synchronized
    override fun send(text: String) {
        socket?.send(text)
    }

    /** `tell` hears of the connection that counts, and not of one before; `isEnd` makes room for the next. */
    private fun heard(its: WebSocket, isEnd: Boolean, tell: Link.Listener.() -> Unit) {
        synchronized(this) {
            if (socket !== its) return
            wasOpen = true
            if (isEnd) socket = null
        }
        listener.tell()
    }

    private inner class Events : WebSocketListener() {
        override fun onOpen(webSocket: WebSocket, response: Response) = heard(webSocket, isEnd = false) { opened() }

        override fun onMessage(webSocket: WebSocket, text: String) = heard(webSocket, isEnd = false) { received(text) }

        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
            webSocket.close(NORMAL, null)
            heard(webSocket, isEnd = true) { closed(faultOf(code).word) }
        }

        override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
            val fault = faultOf(t, wasOpen)
            heard(webSocket, isEnd = true) { closed(fault.word) }
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
