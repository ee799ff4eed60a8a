// SPDX-License-Identifier: Apache-2.0
import 'dart:async';

import 'client.dart';
import 'planetkit_call.dart';
import 'planetkit_params.dart';
import 'planetkit_reasons.dart';
import 'planetkit_types.dart';
import 'words.dart' as words;

class PlanetKitMakeCallResult {
  const PlanetKitMakeCallResult({required this.call, required this.reason});

  final PlanetKitCall? call;
  final PlanetKitStartFailReason reason;
}

class PlanetKitVerifyCallResult {
  const PlanetKitVerifyCallResult({required this.call, required this.reason});

  final PlanetKitCall? call;
  final PlanetKitStartFailReason reason;
}

class PlanetKitVerifyBackgroundCallResult {
  const PlanetKitVerifyBackgroundCallResult({required this.call, required this.reason});

  final PlanetKitBackgroundCall? call;
  final PlanetKitStartFailReason reason;
}

/// A call as an isolate without an interface sees it.
class PlanetKitBackgroundCall {
  const PlanetKitBackgroundCall({required this.backgroundCallId, required this.eventHandler});

  final String backgroundCallId;
  final PlanetKitBackgroundCallEventHandler eventHandler;
}

class PlanetKitBackgroundCallEventHandler {
  const PlanetKitBackgroundCallEventHandler({
    this.onVerified,
    this.onDisconnected,
    this.onError,
    this.onBackgroundCallAdopted,
  });

  final void Function(PlanetKitBackgroundCall call, bool peerUseResponderPreparation)? onVerified;
  final void Function(
    PlanetKitBackgroundCall call,
    PlanetKitDisconnectReason reason,
    PlanetKitDisconnectSource source,
    String? userCode,
    bool byRemote,
  )? onDisconnected;

  /// Never called: whatever goes wrong with a call ends it, with a reason.
  final void Function(PlanetKitBackgroundCall call)? onError;
  final void Function(PlanetKitBackgroundCall call)? onBackgroundCallAdopted;
}

/// PlanetKit's face over [Clarion]. Sign in first (`Clarion.instance.signIn`): a push rings with nothing else alive.
class PlanetKitManager {
  PlanetKitManager._();

  static final PlanetKitManager instance = PlanetKitManager._();

  Clarion get _clarion => Clarion.instance;

  final Map<String, PlanetKitCall> _calls = {};
  bool _isListening = false;

  /// False: nobody is signed in. Another server than that of the sign-in becomes the one.
  Future<bool> initializePlanetKit(PlanetKitInitParam initParam) => setServerUrl(initParam.serverUrl);

  Future<bool> setServerUrl(String serverURL) async {
    final kept = await _clarion.setup();
    if (kept == null) return false;
    if (kept.server != serverURL) {
      await _clarion.signIn(ClarionSetup.from({...kept.toJson(), 'server': serverURL}));
    }
    return true;
  }

  Future<String?> getPlatformVersion() async => 'clarion protocol ${words.ClarionLimits.protocolVersion}';

  Future<PlanetKitMakeCallResult> makeCall(PlanetKitMakeCallParam param, PlanetKitCallEventHandler handler) async {
    await _clarion.tell(words.EngineInputType.tokenSupplied, {'token': param.accessToken});
    final isVideo = const [PlanetKitMediaType.video, PlanetKitMediaType.audiovideo].contains(param.mediaType);
    final place = <String, Object?>{
      'call_id': Clarion.newCallId(),
      'to_user': param.peerUserId,
      'media': (isVideo ? words.Media.video : words.Media.audio).word,
      if (param.appServerData case final data?) 'app_server_data': data,
      'responder_preparation': param.useResponderPreparation ?? false,
      'video_paused': param.initialMyVideoState == PlanetKitInitialMyVideoState.pause,
      'allow_without_microphone': param.allowCallWithoutMic ?? false,
    };
    final fail = PlanetKitStartFailReason.fromInt(await _clarion.startFail(place));
    if (fail != PlanetKitStartFailReason.none) return PlanetKitMakeCallResult(call: null, reason: fail);
    final call = PlanetKitCall(place['call_id']! as String, handler, isIncoming: false);
    await _take(call);
    if (await _clarion.tell(words.EngineInputType.placeRequested, place) != words.ClarionStatus.ok) {
      _calls.remove(call.callId);
      return const PlanetKitMakeCallResult(call: null, reason: PlanetKitStartFailReason.unknown);
    }
    return PlanetKitMakeCallResult(call: call, reason: PlanetKitStartFailReason.none);
  }

  /// The call rings already, and is verified natively; this one hears what becomes of it.
  Future<PlanetKitVerifyCallResult> verifyCall(PlanetKitVerifyCallParam param, PlanetKitCallEventHandler handler) async {
    final fail = await _verify(param);
    if (fail != PlanetKitStartFailReason.none) return PlanetKitVerifyCallResult(call: null, reason: fail);
    final call = PlanetKitCall(param.ccParam.id, handler, isIncoming: true);
    await _take(call);
    return PlanetKitVerifyCallResult(call: call, reason: fail);
  }

  Future<PlanetKitStartFailReason> _verify(PlanetKitVerifyCallParam param) async {
    final isTaken = await _clarion.push({'cc_param': param.ccParam.text});
    return isTaken ? PlanetKitStartFailReason.none : PlanetKitStartFailReason.decodeCallParam;
  }

  /// For an isolate without an interface; nothing has to be started or kept for the next one.
  Future<PlanetKitVerifyBackgroundCallResult> verifyBackgroundCall(
    PlanetKitVerifyCallParam param,
    PlanetKitBackgroundCallEventHandler handler,
  ) async {
    final fail = await _verify(param);
    if (fail != PlanetKitStartFailReason.none) return PlanetKitVerifyBackgroundCallResult(call: null, reason: fail);
    final background = PlanetKitBackgroundCall(backgroundCallId: param.ccParam.id, eventHandler: handler);
    final adopted = _clarion.takenOver.listen((_) => handler.onBackgroundCallAdopted?.call(background));
    await _take(
      PlanetKitCall(
        background.backgroundCallId,
        PlanetKitCallEventHandler(
          onVerified: (call, isPrepared) => handler.onVerified?.call(background, isPrepared),
          onDisconnected: (call, reason, source, code, byRemote) {
            unawaited(adopted.cancel());
            handler.onDisconnected?.call(background, reason, source, code, byRemote);
          },
        ),
        isIncoming: true,
      ),
    );
    return PlanetKitVerifyBackgroundCallResult(call: background, reason: fail);
  }

  /// Null: it is over, or lives on another device; `Clarion.instance.adopt` says which, and why.
  Future<PlanetKitCall?> adoptBackgroundCall(String backgroundCallId, PlanetKitCallEventHandler handler) async {
    final adoption = await _clarion.adopt(backgroundCallId);
    if (adoption?['result'] != words.AdoptResult.live.word) return null;
    final view = ClarionMessage.from(adoption!['call'] as Map);
    final isIncoming = view['direction'] == words.Direction.incoming.word;
    final call = PlanetKitCall(view['call_id']! as String, handler, isIncoming: isIncoming); // As the engine writes it.
    await _take(call);
    return call;
  }

  /// The ids of the calls that live, for [adoptBackgroundCall]: the native side keeps them, no service of the app's.
  Future<List<String>> liveCalls() async => [
        for (final call in await _clarion.calls())
          if (call['phase'] != words.EnginePhase.ended.word) call['call_id']! as String,
      ];

  /// Tells the call what it is now, then each event as it comes.
  Future<void> _take(PlanetKitCall call) async {
    _calls[call.callId] = call;
    _listen(); // First: what comes while the state is asked is not heard again.
    if (await call.state() case final view?) call.catchUp(view);
  }

  void _listen() {
    if (_isListening) return;
    _isListening = true;
    _clarion.events.listen((event) {
      final its = _calls[event['call_id']];
      its?.hear(event);
      if (event['kind'] == words.EventKind.ended.word) _calls.remove(event['call_id']);
    });
    _clarion.notices.listen((notice) {
      final isSpeaker = notice['route'] == words.AudioRoute.speaker.word;
      for (final its in _calls.values) {
        if (notice['kind'] == words.NoticeKind.audioRoute.word) its.isSpeaker = isSpeaker;
        if (notice['call_id'] == its.callId) its.notice(notice);
      }
    });
  }
}
