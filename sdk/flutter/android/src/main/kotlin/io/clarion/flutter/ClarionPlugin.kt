// SPDX-License-Identifier: Apache-2.0
package io.clarion.flutter

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
import org.json.JSONException
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
    private val asked = HashMap<Int, MutableList<MethodChannel.Result>>()

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
        val answer: Any? = try {
            val text = call.arguments as? String ?: "null"
            val it = if (text == "null") JSONObject() else JSONObject(text)
            when (call.method) {
                "sign_in" -> Clarion.signIn(context, Setup.of(it))
                "sign_out" -> null.also { Clarion.signOut(context) }
                "setup" -> Clarion.setup(context)?.json()
                "tell" -> Clarion.tell(context, it)
                "start_fail" -> Clarion.startFail(context, it.optString("to_user"), it)
                "calls" -> Clarion.calls(context)
                "view" -> Clarion.view(context)
                "adopt" -> Clarion.adopt(context, it.getString("call_id"))
                "push" -> Clarion.push(context, it.keys().asSequence().associateWith(it::getString))
                "open_invite" -> Clarion.openInvite(context, it.getString("cc_param"))
                "preflight" -> JSONArray(Clarion.preflight(context).map { missing -> missing.what.name })
                "ask" -> return ask(it.getString("what"), result)
                else -> return result.notImplemented()
            }
        } catch (refused: JSONException) { // A checked one, which Flutter would tell Dart as a plugin that is not there.
            return result.error(call.method, refused.message, null)
        } catch (refused: IllegalArgumentException) {
            return result.error(call.method, refused.message, null)
        }
        result.success(if (answer is String) JSONObject.quote(answer) else answer?.toString())
    }

    /** A permission has an answer; a settings page has none. */
    private fun ask(what: String, result: MethodChannel.Result) {
        val missing = Clarion.preflight(context).firstOrNull { it.what.name == what } ?: return result.success("true")
        val activity = screen?.activity ?: return result.success("false")
        val permission = missing.permission
        if (permission == null) {
            missing.settings?.let(activity::startActivity)
            return result.success("false")
        }
        val request = FIRST + missing.what.ordinal
        val waiting = asked.getOrPut(request) { ArrayList() }
        waiting.add(result)
        if (waiting.size == 1) activity.requestPermissions(arrayOf(permission), request)
    }

    override fun onRequestPermissionsResult(request: Int, permissions: Array<out String>, results: IntArray): Boolean {
        val waiting = asked.remove(request) ?: return false
        waiting.forEach { it.success(results.contains(PackageManager.PERMISSION_GRANTED).toString()) }
        return true
    }

    override fun onAttachedToActivity(binding: ActivityPluginBinding) {
        screen = binding
        binding.addRequestPermissionsResultListener(this)
    }

    override fun onDetachedFromActivity() {
        onDetachedFromActivityForConfigChanges()
        asked.values.flatten().forEach { it.success("false") } // Nobody will answer these.
        asked.clear()
    }

    override fun onReattachedToActivityForConfigChanges(binding: ActivityPluginBinding) = onAttachedToActivity(binding)

    /** The question stays on the screen; its answer comes to the next activity. */
    override fun onDetachedFromActivityForConfigChanges() {
        screen?.removeRequestPermissionsResultListener(this)
        screen = null
    }

    // ---- events ----

    override fun onListen(arguments: Any?, events: EventChannel.EventSink) {
        listening.lastOrNull()?.takeIf { it !== this }?.send("taken_over")
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
