// SPDX-License-Identifier: Apache-2.0
import 'dart:async';
import 'dart:convert';

import 'callkit_events.dart';
import 'callkit_params.dart';
import 'callkit_style.dart';
import 'client.dart';
import 'words.dart' as words;

typedef BackgroundMessageHandler = Future<void> Function(CallEvent callEvent);
typedef ActionEvent = void Function(Map<dynamic, dynamic> data);
typedef Callback = void Function(dynamic data);

/// The plugin's face over [Clarion]. What rings comes from a push, natively, before any Dart runs; these are names.
abstract final class FlutterCallkitIncoming {
  static Clarion get _clarion => Clarion.instance;

  static final List<StreamSubscription<CallEvent>> _handlers = [];

  // ---- what happened ----

  /// Every event that nobody heard comes first. One counts as heard when the listeners returned.
  static Stream<CallEvent> get onEvent => _all.stream;

  static final StreamController<CallEvent> _all = StreamController.broadcast(
    sync: true,
    onListen: _listen,
    onCancel: _leave,
  );
  static StreamSubscription<ClarionMessage>? _events;
  static StreamSubscription<ClarionMessage>? _notices;

  static void _listen() {
    _notices = _clarion.notices.listen((notice) {
      if (notice['kind'] != 'audio_session') return;
      _all.add(CallEventActionCallToggleAudioSession(notice['active'] == true));
    });
    _events = _clarion.events.listen((event) {
      if (event['token_kind'] == words.TokenKind.apnsVoip.word && event['kind'] == words.EventKind.pushToken.word) {
        _voipToken = event['token'] as String?;
      }
      if (_eventOf(event) case final known?) _all.add(known);
    });
  }

  static void _leave() {
    unawaited(_events?.cancel());
    unawaited(_notices?.cancel());
  }

  /// Null: the plugin has no name for it.
  static CallEvent? _eventOf(ClarionMessage event) {
    final id = _idOf(event);
    return switch (words.EventKind.from(event['kind'] as String)) {
      words.EventKind.incoming => CallEventActionCallIncoming(_paramsOf(event)),
      words.EventKind.placed || words.EventKind.redial => CallEventActionCallStart(_paramsOf(event)),
      words.EventKind.answered => CallEventActionCallAccept(_paramsOf(event)),
      words.EventKind.connected => CallEventActionCallConnected(id),
      words.EventKind.ended => _endOf(event),
      words.EventKind.held => CallEventActionCallToggleHold(id, true),
      words.EventKind.unheld => CallEventActionCallToggleHold(id, false),
      words.EventKind.muted => CallEventActionCallToggleMute(id, true),
      words.EventKind.unmuted => CallEventActionCallToggleMute(id, false),
      words.EventKind.dtmf => CallEventActionCallToggleDmtf(id, event['digits'] as String, _toneOf(event)),
      words.EventKind.grouped => CallEventActionCallToggleGroup(id, event['with'] as String?),
      words.EventKind.ungrouped => CallEventActionCallToggleGroup(id, null),
      words.EventKind.callBack => CallEventActionCallCallback(id),
      words.EventKind.pushToken => const CallEventActionDidUpdateDevicePushTokenVoip(),
      words.EventKind.custom => CallEventActionCallCustom(_object(event['custom'])),
      _ => null,
    };
  }

  static CallEvent _endOf(ClarionMessage event) {
    final isTimeout = event['reason'] == words.EndReason.noAnswer.word;
    return switch (words.Outcome.from(event['outcome'] as String)) {
      words.Outcome.declined => CallEventActionCallDecline(_paramsOf(event)),
      words.Outcome.missed when isTimeout => CallEventActionCallTimeout(_idOf(event)),
      _ => CallEventActionCallEnded(_paramsOf(event)),
    };
  }

  static DTMFActionType _toneOf(ClarionMessage event) => switch (words.ToneKind.from(event['tone'] as String)) {
        words.ToneKind.softPause => DTMFActionType.softPause,
        words.ToneKind.hardPause => DTMFActionType.hardPause,
        _ => DTMFActionType.singleTone,
      };

  static Map<String, dynamic> _object(Object? text) {
    if (text is! String || text.isEmpty) return {};
    final json = jsonDecode(text);
    return json is Map ? Map<String, dynamic>.from(json) : {'value': json};
  }

  static String _idOf(ClarionMessage message) {
    final backend = message['backend_id'] as String? ?? '';
    return backend.isEmpty ? message['call_id'] as String? ?? '' : backend; // Neither: a redial, a push token.
  }

  /// Of an event or of a call.
  static CallKitParams _paramsOf(ClarionMessage message) => CallKitParams(
        id: _idOf(message),
        nameCaller: message['name'] as String?,
        handle: (message['handle'] ?? message['peer']) as String?,
        type: message['media'] == words.Media.video.word ? 1 : 0,
        isAccepted: _isAccepted(message),
        extra: _object(message['extra']),
        headers: switch (message['headers']) {
          final Map<Object?, Object?> headers => Map<String, dynamic>.from(headers),
          _ => null,
        },
      );

  /// The call says it itself; an event, by what the call was when it happened.
  static bool _isAccepted(ClarionMessage message) =>
      message['intent'] == words.Intent.accepted.word ||
      message['accepted'] == true ||
      message['kind'] == words.EventKind.answered.word ||
      [words.CalluiPhase.accepted.word, words.CalluiPhase.connected.word].contains(message['was']);

  // ---- calls ----

  /// Whether the calls are those of a voice service of the app's own ([ClarionSetup.callScreen]).
  static Future<bool> get _isOwn async => (await _clarion.setup())?.isCallScreen ?? false;

  /// A call by the names of the call screen alone.
  static ClarionMessage _own(CallKitParams params) => {
        'backend_id': params.id,
        'name': params.nameCaller ?? '',
        'handle': params.handle ?? '',
        'media': _media(params),
        'style': styleOf(params),
        'extra': jsonEncode(params.extra ?? const {}),
        'headers': {for (final MapEntry(:key, :value) in (params.headers ?? const {}).entries) key: '$value'},
      };

  /// The id that facts name a call by; the app's own id may be any text.
  static Future<String> _callId(String id) async => (await _clarion.call(id))?['call_id'] as String? ?? id;

  /// Of a Clarion server the engine makes the call of the push in `extra['cc_param']`, and only of that: nothing else
  /// proves that somebody calls; without one: [ClarionRefused]. With [ClarionSetup.callScreen] it is the call, and rings
  /// for `duration`. A push that was rung natively already changes nothing.
  static Future<void> showCallkitIncoming(CallKitParams params) async {
    if (await _isOwn) {
      return _clarion.say(
        words.CalluiInputType.incomingAnnounced,
        {..._own(params), 'ring_for': params.duration ?? _ringFor},
      );
    }
    await _style(params);
    final ccParam = params.extra?['cc_param'];
    final isRinging = ccParam is String && await _clarion.push({'cc_param': ccParam});
    if (isRinging || await _clarion.call(params.id) != null) return;
    throw const ClarionRefused(words.EngineInputType.pushReceived, words.ClarionStatus.unknownCall);
  }

  static const int _ringFor = 30000; // Milliseconds, as the plugin's.

  /// How calls look that ring from now on, in the next process too.
  static Future<void> _style(CallKitParams params) async {
    final style = styleOf(params);
    if (style.isNotEmpty) await _clarion.say(words.EngineInputType.styleChosen, {'style': style});
  }

  static Future<void> hideCallkitIncoming(CallKitParams params) async =>
      _clarion.say(words.EngineInputType.hideRequested, {'call_id': await _callId(params.id)});

  static Future<void> showMissCallNotification(CallKitParams params) =>
      _clarion.say(words.EngineInputType.missedShown, _own(params));

  /// Calls the user whose id is `handle`; with [ClarionSetup.callScreen] it shows the call, which the app places.
  static Future<void> startCall(CallKitParams params) async {
    if (await _isOwn) {
      await _clarion.say(words.CalluiInputType.outgoingStarted, _own(params));
      return _clarion.say(words.CalluiInputType.outgoingPlaced, {'call_id': await _callId(params.id)});
    }
    await _style(params);
    await _clarion.say(words.EngineInputType.placeRequested, {
      'call_id': params.id,
      'to_user': params.handle ?? '',
      'to_name': params.nameCaller ?? '',
      'media': _media(params),
      'extra': jsonEncode(params.extra ?? const {}),
    });
  }

  static String _media(CallKitParams params) =>
      (params.type ?? 0) > 0 ? words.Media.video.word : words.Media.audio.word;

  /// One that is over already is no error.
  static Future<void> endCall(String id) async =>
      _clarion.tell(words.EngineInputType.endRequested, {'call_id': await _callId(id)});

  static Future<void> endAllCalls() async =>
      _clarion.say(await _isOwn ? words.CalluiInputType.endAllRequested : words.EngineInputType.allCallsEnded);

  /// With [ClarionSetup.callScreen] the app's service has joined the call. Else nothing to do: the engine connects it.
  static Future<void> setCallConnected(String id) async {
    if (await _isOwn) await _clarion.say(words.CalluiInputType.connectedSet, {'call_id': await _callId(id)});
  }

  static Future<void> muteCall(String id, {bool isMuted = true}) async =>
      _clarion.mute(await _callId(id), on: isMuted);

  static Future<void> holdCall(String id, {bool isOnHold = true}) async =>
      _clarion.hold(await _callId(id), on: isOnHold);

  static Future<bool> isMuted(String id) async => (await _clarion.call(id))?['muted'] == true;

  /// Every call that is not over.
  static Future<List<CallKitParams>> activeCalls() async => [
        for (final call in await _clarion.calls())
          if (call['phase'] != words.EnginePhase.ended.word) _paramsOf(call),
      ];

  /// The one of the last `push_token` event that this isolate heard, which a Clarion server gets natively; with
  /// [ClarionSetup.callScreen] the one that the device has.
  static Future<String?> getDevicePushTokenVoIP() async {
    for (final Map<Object?, Object?> one in (await _clarion.view())['tokens'] as List? ?? const []) {
      if (one['kind'] == words.TokenKind.apnsVoip.word) return one['token'] as String?;
    }
    return _voipToken;
  }

  static String? _voipToken;

  /// Events wait, and come in order afterwards.
  static Future<bool> silenceEvents() => _silence(true);

  static Future<bool> unsilenceEvents() => _silence(false);

  static Future<bool> _silence(bool on) async =>
      await _clarion.tell(words.EngineInputType.eventsSilenced, {'on': on}) == words.ClarionStatus.ok;

  // ---- permissions: the real answer ----

  /// `data` holds texts of dialogs that are not shown here.
  static Future<bool> requestNotificationPermission(dynamic data) => _clarion.ask('NOTIFICATIONS');

  /// Sends the user to the settings page where there is one.
  static Future<bool> requestFullIntentPermission() => _clarion.ask('FULL_SCREEN');

  static Future<bool> canUseFullScreenIntent() async => !(await _clarion.preflight()).contains('FULL_SCREEN');

  // ---- handlers that were needed because nobody waited ----

  /// A listener like any other: what happens while no Dart runs waits for the first one.
  static Future<void> onBackgroundMessage(BackgroundMessageHandler handler) async =>
      _handlers.add(onEvent.listen((event) => unawaited(handler(event))));

  /// Gets `extra` of each accepted call.
  static void acceptCallHandle(ActionEvent handler) => _handlers.add(onEvent.listen((event) {
        if (event is CallEventActionCallAccept) handler(event.callKitParams.extra ?? const {});
      }));

  /// Gets the body of each custom event of native code.
  static void invokeFlutter(Callback callback) => _handlers.add(onEvent.listen((event) {
        if (event is CallEventActionCallCustom) callback(event.body);
      }));

  static Map<dynamic, dynamic> callActionBody(dynamic value) => value is Map ? value : const {};

  static CallKitParams? toCallkitParams(Map<dynamic, dynamic> data) => switch (data['body'] ?? data['data']) {
        final Map<Object?, Object?> body => CallKitParams.fromJson(_object(jsonEncode(body))),
        _ => null,
      };

  static DTMFActionType? toDTMFActionType(Map<dynamic, dynamic> data) {
    for (final type in DTMFActionType.values) {
      if (type.name == data['type']) return type;
    }
    return null;
  }
}
