// SPDX-License-Identifier: Apache-2.0
import 'dart:async';
import 'dart:convert';
import 'dart:math';

import 'package:flutter/services.dart';

import 'words.dart' as words;

/// A fact, an event, a call: JSON of docs/engine.md.
typedef ClarionMessage = Map<String, Object?>;

/// The native side refused a fact; `code` is one of `ClarionStatus`.
final class ClarionRefused implements Exception {
  const ClarionRefused(this.type, this.code);

  final String type;
  final int code;

  @override
  String toString() => 'ClarionRefused: $type was refused with $code (ClarionStatus; what helps: docs/door.md)';
}

/// Who the user of this device is. Kept on the device until the sign-out: a push starts the app with nothing else.
final class ClarionSetup {
  const ClarionSetup({
    required this.server,
    required this.service,
    required this.user,
    required this.device,
    required this.verifyKeys,
    this.token = '',
    this.engine = const {},
    this.parts = '',
  }) : machine = _engine;

  /// The call screen alone, for calls of a voice service of the app's own: no Clarion server, no keys. A push says the
  /// fact in its member `callui`, or the native class `reader` reads it (`PushReader` on Android, `CLRPushReader` on
  /// iOS).
  const ClarionSetup.callScreen({String reader = ''})
      : server = '',
        service = '',
        user = '',
        device = '',
        verifyKeys = const [],
        token = '',
        engine = const {},
        parts = reader,
        machine = _callScreen;

  ClarionSetup.from(ClarionMessage kept)
      : server = kept['server'] as String,
        service = kept['service'] as String,
        user = kept['user'] as String,
        device = kept['device'] as String,
        verifyKeys = List<String>.from(kept['verify_keys'] as List),
        token = kept['token'] as String? ?? '',
        engine = ClarionMessage.from(jsonDecode(kept['engine'] as String? ?? '{}') as Map),
        parts = kept['parts'] as String? ?? '',
        machine = kept['machine'] as String? ?? _engine;

  static const String _engine = 'engine';
  static const String _callScreen = 'callui';

  /// `https://host`.
  final String server;
  final String service;
  final String user;
  final String device;

  /// Of the server: whose invites make this device ring.
  final List<String> verifyKeys;

  /// Access token: only to place calls and to be online.
  final String token;

  /// More of the engine's configuration ("config" in the schema).
  final ClarionMessage engine;

  /// Name of the native class with the app's media: `Parts` on Android, `CLRMedia` on iOS.
  final String parts;

  /// What is behind the shell: `engine` or `callui`.
  final String machine;

  bool get isCallScreen => machine == _callScreen;

  ClarionMessage toJson() => {
        'server': server,
        'service': service,
        'user': user,
        'device': device,
        'verify_keys': verifyKeys,
        'token': token,
        'engine': jsonEncode(engine),
        'parts': parts,
        'machine': machine,
      };
}

/// The calls of this app. They live in native code, in the process; any isolate that comes adopts what is there.
///
/// Every method is one message to the native half and decides nothing. Thread: the isolate's own.
final class Clarion {
  Clarion._();

  static final Clarion instance = Clarion._();

  static const MethodChannel _methods = MethodChannel('clarion');
  static const EventChannel _stream = EventChannel('clarion/events');

  StreamSubscription<Object?>? _attached;
  late final StreamController<ClarionMessage> _events = StreamController.broadcast(
    sync: true,
    onListen: _attach,
    onCancel: _detach,
  );
  final StreamController<ClarionMessage> _notices = StreamController.broadcast(sync: true);
  final StreamController<bool> _tokens = StreamController.broadcast(sync: true);
  final StreamController<void> _takenOver = StreamController.broadcast(sync: true);

  /// "event" in the schema: every one in order, the missed ones first, however late somebody listens. One counts as
  /// heard when every listener returned; one that the isolate did not live to hear comes again.
  Stream<ClarionMessage> get events => _events.stream;

  /// "notice" in the schema: worth nothing later. Comes while somebody listens to [events].
  Stream<ClarionMessage> get notices => _notices.stream;

  /// Make an access token and give it to [supplyToken]; true: the server did not take the old one.
  Stream<bool> get tokensWanted => _tokens.stream;

  /// Another isolate listens now, and hears what comes; this one hears again when that one is gone.
  Stream<void> get takenOver => _takenOver.stream;

  void _attach() {
    _attached = _stream.receiveBroadcastStream().listen(_hear);
  }

  void _detach() {
    unawaited(_attached?.cancel());
    _attached = null;
  }

  void _hear(Object? text) {
    final message = ClarionMessage.from(jsonDecode(text! as String) as Map);
    switch (message['type']) {
      case 'event':
        final event = ClarionMessage.from(message['event']! as Map);
        _events.add(event); // Synchronous: returns when the listeners returned.
        unawaited(tell(words.EngineInputType.eventsAcknowledged, {'up_to': event['seq']}));
      case 'notice':
        _notices.add(ClarionMessage.from(message['notice']! as Map));
      case 'token_wanted':
        _tokens.add(message['refused'] == true);
      case 'taken_over':
        _takenOver.add(null);
    }
  }

  /// Null stands for nothing to say; a failure is thrown, as Flutter's PlatformException.
  Future<Object?> _ask(String method, [Object? argument]) async {
    final answer = await _methods.invokeMethod<String>(method, jsonEncode(argument));
    return answer == null ? null : jsonDecode(answer);
  }

  /// Returns the public key for the device's registration. The same again changes nothing. Throws for a setup with
  /// which nothing would ring; the message names the field.
  Future<String> signIn(ClarionSetup setup) async => await _ask('sign_in', setup.toJson()) as String;

  /// Ends every call and rings no more.
  Future<void> signOut() => _ask('sign_out');

  /// Who is signed in; null: nobody.
  Future<ClarionSetup?> setup() async {
    final kept = await _ask('setup');
    return kept == null ? null : ClarionSetup.from(ClarionMessage.from(kept as Map));
  }

  /// Any fact of docs/engine.md, or docs/callui.md, that an app may tell; a code of `ClarionStatus`.
  Future<int> tell(String type, [ClarionMessage fields = const {}]) async =>
      await _ask('tell', {'type': type, ...fields}) as int? ?? words.ClarionStatus.wrongState;

  /// [tell], and a refusal is thrown.
  Future<void> say(String type, [ClarionMessage fields = const {}]) async {
    final code = await tell(type, fields);
    if (code != words.ClarionStatus.ok) throw ClarionRefused(type, code);
  }

  /// 0, or LINE Planet's number ("StartFail") for why these fields of `place_requested` would be refused.
  Future<int> startFail(ClarionMessage place) async =>
      await _ask('start_fail', {'type': words.EngineInputType.placeRequested, ...place}) as int? ??
      words.StartFail.notInitialized.number;

  /// Places a call and says its id. `more`: further fields of `place_requested`.
  Future<String> place(String toUser, {ClarionMessage more = const {}}) async {
    final call = newCallId();
    await say(words.EngineInputType.placeRequested, {...more, 'call_id': call, 'to_user': toUser});
    return call;
  }

  Future<void> answer(String call) => say(words.EngineInputType.userAnswered, {'call_id': call});

  /// Declines, cancels or hangs up.
  Future<void> end(String call) => say(words.EngineInputType.userEnded, {'call_id': call});

  Future<void> mute(String call, {bool on = true}) =>
      say(words.EngineInputType.userMuted, {'call_id': call, 'on': on});

  Future<void> hold(String call, {bool on = true}) =>
      say(words.EngineInputType.userHeld, {'call_id': call, 'on': on});

  Future<void> supplyToken(String token) => say(words.EngineInputType.tokenSupplied, {'token': token});

  /// Every call with its present state ("call" in the schema).
  Future<List<ClarionMessage>> calls() async =>
      [for (final call in await _ask('calls') as List? ?? const []) ClarionMessage.from(call as Map)];

  /// The one of this id, or of the app's own, with its present state; null: there is none, or it is over.
  Future<ClarionMessage?> call(String id) async {
    for (final one in await calls()) {
      if (one['call_id'] == id.toLowerCase() || one['backend_id'] == id) return one;
    }
    return null;
  }

  /// Of the call screen alone everything at once: calls, tokens, what waits ("callui_view" in the schema).
  Future<ClarionMessage> view() async => ClarionMessage.from(await _ask('view') as Map? ?? const {});

  /// What became of the call that the app was opened for ("adoption" in the schema); null: no UUID, or not signed in.
  Future<ClarionMessage?> adopt(String call) async {
    final adoption = await _ask('adopt', {'call_id': call});
    return adoption == null ? null : ClarionMessage.from(adoption as Map);
  }

  /// A push of the app's own messaging service. False: it is none of Clarion's. On iOS pushes come natively only.
  Future<bool> push(Map<String, String> data) async => await _ask('push', data) == true;

  /// What is inside a `cc_param` ("invite" in the schema); null: it is none for this device. Rings nothing.
  Future<ClarionMessage?> openInvite(String ccParam) async {
    final invite = await _ask('open_invite', {'cc_param': ccParam});
    return invite == null ? null : ClarionMessage.from(invite as Map);
  }

  /// What keeps this device from ringing as it should, most important first: words of [ask].
  Future<List<String>> preflight() async => List<String>.from(await _ask('preflight') as List? ?? const []);

  /// Asks the user for what [preflight] misses. True: granted. False: refused, or the user was sent to the settings.
  Future<bool> ask(String what) async => await _ask('ask', {'what': what}) == true;

  /// A UUID of version 4, as the engine writes it.
  static String newCallId() {
    final random = Random.secure();
    final bytes = List<int>.generate(16, (_) => random.nextInt(256));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    final hex = [for (final byte in bytes) byte.toRadixString(16).padLeft(2, '0')].join();
    return [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map((part) => hex.substring(part.$1, part.$2)).join('-');
  }
}
