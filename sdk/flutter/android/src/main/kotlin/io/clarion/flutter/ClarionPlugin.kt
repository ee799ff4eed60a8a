// SPDX-License-Identifier: Apache-2.0
package io.clarion.flutter

import android.app.Activity
import android.content.Context
import android.content.pm.PackageManager
import io.clarion.android.Clarion
import io.clarion.android.Setup
import io.flutter.embedding.engine.plugins.FlutterPlugin
import io.flutter.embedding.engine.plugins.activity.ActivityAware
import io.flutter.embedding.engine.plugins.activity.ActivityPluginBinding
import io.flutter.plugin.common.EventChannel
import io.flutter.plugin.common.MethodCall
import io.flutter.plugin.common.MethodChannel
import io.flutter.plugin.common.PluginRegistry
import org.json.JSONArray
import org.json.JSONObject

/**
 * Flutter's messages to the shell and back: one JSON text each way. One object for each engine (isolate); the calls are the
 * process's. Of the isolates that listen the last one hears, and when it goes the one before.
 *
 * Thread: the main thread, as Flutter and the shell call.
 */
class ClarionPlugin :
    FlutterPlugin, ActivityAware, MethodChannel.MethodCallHandler, EventChannel.StreamHandler, Clarion.Listener,
    PluginRegistry.RequestPermissionsResultListener {
    private lateinit var context: Context
    private lateinit var methods: MethodChannel
    private lateinit var events: EventChannel
    private var sink: EventChannel.EventSink? = null
    private var screen: ActivityPluginBinding? = null
    private val asked = HashMap<Int, MethodChannel.Result>()

    override fun onAttachedToEngine(binding: FlutterPlugin.FlutterPluginBinding) {
        context = binding.applicationContext
        methods = MethodChannel(binding.binaryMessenger, METHODS).also { it.setMethodCallHandler(this) }
        events = EventChannel(binding.binaryMessenger, EVENTS).also { it.setStreamHandler(this) }
    }

    override fun onDetachedFromEngine(binding: FlutterPlugin.FlutterPluginBinding) {
        onCancel(null)
        methods.setMethodCallHandler(null)
        events.setStreamHandler(null)
    }

    // ---- methods ----

    override fun onMethodCall(call: MethodCall, result: MethodChannel.Result) {
        val text = call.arguments as? String ?: "null"
        val it = if (text == "null") JSONObject() else JSONObject(text)
        val answer: Any? = when (call.method) {
            "sign_in" -> signIn(it)
            "sign_out" -> null.also { Clarion.signOut(context) }
            "setup" -> Clarion.setup(context)?.json()
            "tell" -> Clarion.tell(context, it)
            "start_fail" -> Clarion.startFail(context, it.optString("to_user"), it)
            "calls" -> Clarion.calls(context)
            "adopt" -> Clarion.adopt(context, it.getString("call_id"))
            "push" -> Clarion.push(context, it.keys().asSequence().associateWith(it::getString))
            "open_invite" -> Clarion.openInvite(context, it.getString("cc_param"))
            "preflight" -> JSONArray(Clarion.preflight(context).map { missing -> missing.what.name })
            "ask" -> return ask(it.getString("what"), result)
            else -> return result.notImplemented()
        }
        result.success(if (answer is String) JSONObject.quote(answer) else answer?.toString())
    }

    private fun signIn(setup: JSONObject): String {
        val key = Clarion.signIn(context, Setup.of(setup))
        listening.lastOrNull()?.let { Clarion.attach(context, it) } // It may be another shell.
        return key
    }

    /** A permission has an answer; a settings page has none. */
    private fun ask(what: String, result: MethodChannel.Result) {
        val missing = Clarion.preflight(context).firstOrNull { it.what.name == what }
        val activity: Activity? = screen?.activity
        val permission = missing?.permission
        if (missing != null && activity != null && permission != null) {
            asked.put(FIRST + missing.what.ordinal, result)?.success("false") // Asked again: the newer one hears it.
            activity.requestPermissions(arrayOf(permission), FIRST + missing.what.ordinal)
            return
        }
        missing?.settings?.let { activity?.startActivity(it) }
        result.success((missing == null).toString())
    }

    override fun onRequestPermissionsResult(request: Int, permissions: Array<out String>, results: IntArray): Boolean {
        val waiting = asked.remove(request) ?: return false
        waiting.success(results.contains(PackageManager.PERMISSION_GRANTED).toString())
        return true
    }

    override fun onAttachedToActivity(binding: ActivityPluginBinding) {
        screen = binding
        binding.addRequestPermissionsResultListener(this)
    }

    override fun onDetachedFromActivity() {
        screen?.removeRequestPermissionsResultListener(this)
        screen = null
        asked.values.forEach { it.success("false") } // Nobody will answer these.
        asked.clear()
    }

    override fun onReattachedToActivityForConfigChanges(binding: ActivityPluginBinding) = onAttachedToActivity(binding)

    override fun onDetachedFromActivityForConfigChanges() = onDetachedFromActivity()

    // ---- events ----

    override fun onListen(arguments: Any?, events: EventChannel.EventSink) {
        listening.lastOrNull { it !== this }?.send("taken_over")
        sink = events
        listening.remove(this)
        listening.add(this)
        Clarion.attach(context, this)
    }

    override fun onCancel(arguments: Any?) {
        sink = null
        val wasHeard = listening.lastOrNull() === this
        if (!listening.remove(this) || !wasHeard) return
        Clarion.detach(context, this)
        listening.lastOrNull()?.let { Clarion.attach(context, it) }
    }

    private fun send(type: String, vararg fields: Pair<String, Any>) {
        val message = JSONObject().put("type", type)
        fields.forEach { (name, value) -> message.put(name, value) }
        sink?.success(message.toString())
    }

    /** Dart says `events_acknowledged` itself, when its listeners returned. */
    override val acknowledges = true

    override fun onEvent(event: JSONObject) = send("event", "event" to event)

    override fun onNotice(notice: JSONObject) = send("notice", "notice" to notice)

    override fun onTokenWanted(refused: Boolean) = send("token_wanted", "refused" to refused)

    private companion object {
        const val METHODS = "clarion"
        const val EVENTS = "clarion/events"
        const val FIRST = 0x5c1a

        /** Those that listen, in the order in which they came. */
        val listening = ArrayList<ClarionPlugin>()
    }
}
