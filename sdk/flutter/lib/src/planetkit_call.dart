// SPDX-License-Identifier: Apache-2.0
import 'client.dart';
import 'planetkit_reasons.dart';
import 'planetkit_types.dart';
import 'words.dart' as words;

/// What an app hears of a call. Nothing has to be there.
class PlanetKitCallEventHandler {
  const PlanetKitCallEventHandler({
    this.onWaitConnected,
    this.onVerified,
    this.onConnected,
    this.onPreparationFinished,
    this.onDisconnected,
    this.onPeerMicMuted,
    this.onPeerMicUnmuted,
    this.onMyAudioMuteRequestedByPeer,
    this.onPeerHold,
    this.onPeerUnhold,
    this.onNetworkUnavailable,
    this.onNetworkReavailable,
    this.onPeerVideoPaused,
    this.onPeerVideoResumed,
    this.onVideoEnabledByPeer,
    this.onVideoDisabledByPeer,
    this.onDetectedMyVideoNoSource,
    this.onPeerScreenShareStarted,
    this.onPeerScreenShareStopped,
    this.onPeerAudioDescriptionUpdated,
    this.onShortDataReceived,
  });

  final void Function(PlanetKitCall call)? onWaitConnected;
  final void Function(PlanetKitCall call, bool peerUseResponderPreparation)? onVerified;
  final void Function(PlanetKitCall call, bool isInResponderPreparation, bool shouldFinishPreparation)? onConnected;
  final void Function(PlanetKitCall call)? onPreparationFinished;
  final void Function(
    PlanetKitCall call,
    PlanetKitDisconnectReason reason,
    PlanetKitDisconnectSource source,
    String? userCode,
    bool byRemote,
  )? onDisconnected;
  final void Function(PlanetKitCall call)? onPeerMicMuted;
  final void Function(PlanetKitCall call)? onPeerMicUnmuted;
  final void Function(PlanetKitCall call, bool mute)? onMyAudioMuteRequestedByPeer;
  final void Function(PlanetKitCall call, String? reason)? onPeerHold;
  final void Function(PlanetKitCall call)? onPeerUnhold;
  final void Function(PlanetKitCall call, bool isPeer, Duration willDisconnect)? onNetworkUnavailable;
  final void Function(PlanetKitCall call, bool isPeer)? onNetworkReavailable;
  final void Function(PlanetKitCall call, PlanetKitVideoPauseReason reason)? onPeerVideoPaused;
  final void Function(PlanetKitCall call)? onPeerVideoResumed;
  final void Function(PlanetKitCall call)? onVideoEnabledByPeer;
  final void Function(PlanetKitCall call, PlanetKitMediaDisableReason reason)? onVideoDisabledByPeer;
  final void Function(PlanetKitCall call)? onDetectedMyVideoNoSource;
  final void Function(PlanetKitCall call)? onPeerScreenShareStarted;
  final void Function(PlanetKitCall call)? onPeerScreenShareStopped;
  final void Function(PlanetKitCall call, int averageVolumeLevel)? onPeerAudioDescriptionUpdated;
  final void Function(PlanetKitCall call, String type, String data)? onShortDataReceived;
}

typedef _Tell = void Function(PlanetKitCallEventHandler handler, PlanetKitCall call, ClarionMessage event);

PlanetKitVideoPauseReason _pauseOf(ClarionMessage change) {
  final word = words.PauseReason.from(change['pause_reason'] as String? ?? '');
  return PlanetKitVideoPauseReason.values[word?.index ?? 0];
}

/// EventKind -> what the handler hears.
final Map<words.EventKind, _Tell> _events = {
  words.EventKind.peerRinging: (handler, call, event) => handler.onWaitConnected?.call(call),
  words.EventKind.connected: (handler, call, event) =>
      handler.onConnected?.call(call, call.isPreparing, call.isPreparing && call.isIncoming),
  words.EventKind.ended: (handler, call, event) => handler.onDisconnected?.call(
        call,
        PlanetKitDisconnectReason.from(event['reason']),
        PlanetKitDisconnectSource.from(event['source']),
        event['text'] as String?,
        event['by_remote'] == true,
      ),
  words.EventKind.peerHeld: (handler, call, event) => handler.onPeerHold?.call(call, event['text'] as String?),
  words.EventKind.peerUnheld: (handler, call, event) => handler.onPeerUnhold?.call(call),
  words.EventKind.muted: (handler, call, event) => call.myMediaStatus.handler?.onMicMute?.call(call.myMediaStatus),
  words.EventKind.unmuted: (handler, call, event) => call.myMediaStatus.handler?.onMicUnmute?.call(call.myMediaStatus),
  words.EventKind.changed: (handler, call, event) {
    final change = ClarionMessage.from(event['change'] as Map? ?? const {});
    _changes[words.ChangeKind.from(change['what'] as String? ?? '')]?.call(handler, call, change);
  },
};

/// ChangeKind of an event `changed` -> what the handler hears.
final Map<words.ChangeKind, _Tell> _changes = {
  words.ChangeKind.verified: (handler, call, change) => handler.onVerified?.call(call, change['on'] == true),
  words.ChangeKind.preparing: (handler, call, change) => call.isPreparing = true,
  words.ChangeKind.preparationFinished: (handler, call, change) {
    call.isPreparing = false;
    handler.onPreparationFinished?.call(call);
  },
  words.ChangeKind.peerMuted: (handler, call, change) => handler.onPeerMicMuted?.call(call),
  words.ChangeKind.peerUnmuted: (handler, call, change) => handler.onPeerMicUnmuted?.call(call),
  words.ChangeKind.muteAsked: (handler, call, change) =>
      handler.onMyAudioMuteRequestedByPeer?.call(call, change['on'] == true),
  words.ChangeKind.networkLost: (handler, call, change) => handler.onNetworkUnavailable
      ?.call(call, false, Duration(milliseconds: (change['lost_for'] as num? ?? 0).toInt())),
  words.ChangeKind.peerNetworkLost: (handler, call, change) => handler.onNetworkUnavailable
      ?.call(call, true, Duration(milliseconds: (change['lost_for'] as num? ?? 0).toInt())),
  words.ChangeKind.networkReturned: (handler, call, change) => handler.onNetworkReavailable?.call(call, false),
  words.ChangeKind.peerNetworkReturned: (handler, call, change) => handler.onNetworkReavailable?.call(call, true),
  words.ChangeKind.peerVideoPaused: (handler, call, change) => handler.onPeerVideoPaused?.call(call, _pauseOf(change)),
  words.ChangeKind.peerVideoResumed: (handler, call, change) => handler.onPeerVideoResumed?.call(call),
  words.ChangeKind.videoEnabled: (handler, call, change) {
    if (change['by_peer'] == true) handler.onVideoEnabledByPeer?.call(call);
  },
  words.ChangeKind.videoDisabled: (handler, call, change) {
    if (change['by_peer'] == true) handler.onVideoDisabledByPeer?.call(call, PlanetKitMediaDisableReason.user);
  },
  words.ChangeKind.videoRefused: (handler, call, change) =>
      handler.onVideoDisabledByPeer?.call(call, PlanetKitMediaDisableReason.decline),
  words.ChangeKind.peerScreenStarted: (handler, call, change) => handler.onPeerScreenShareStarted?.call(call),
  words.ChangeKind.peerScreenStopped: (handler, call, change) => handler.onPeerScreenShareStopped?.call(call),
  words.ChangeKind.shortData: (handler, call, change) => handler.onShortDataReceived
      ?.call(call, change['data_type'] as String? ?? '', change['text'] as String? ?? ''),
};

/// A call. Every method is a fact for the native shell; true: it was taken.
class PlanetKitCall {
  PlanetKitCall(this.callId, this._handler, {required this.isIncoming});

  /// The same on every device, on the server, and for CallKit.
  final String callId;
  final bool isIncoming;
  final PlanetKitCallEventHandler _handler;
  late final PlanetKitMyMediaStatus myMediaStatus = PlanetKitMyMediaStatus(this);

  /// Responder preparation, as it was told last.
  bool isPreparing = false;
  ClarionMessage? _statistics;

  /// What a call that is taken late would have heard: `view` is its [state].
  void catchUp(ClarionMessage view) {
    isPreparing = [view['mine'], view['peer_state']].any((party) => party is Map && party['preparing'] == true);
    final now = _now[words.CallState.from(view['state'] as String? ?? '')];
    if (now != null) hear(now);
  }

  static final Map<words.CallState, ClarionMessage> _now = {
    words.CallState.verified: {
      'kind': words.EventKind.changed.word,
      'change': {'what': words.ChangeKind.verified.word},
    },
    words.CallState.connected: {'kind': words.EventKind.connected.word},
  };

  /// One event of this call. A call that is taken late was told its state; the event of it may still come.
  void hear(ClarionMessage event) {
    final kind = event['kind'] as String? ?? '';
    final change = event['change'];
    final what = change is Map ? change['what'] : kind;
    if (_once.contains(what) && !_told.add(what)) return;
    _events[words.EventKind.from(kind)]?.call(_handler, this, event);
  }

  static final Set<Object?> _once = {
    words.ChangeKind.verified.word,
    words.EventKind.connected.word,
    words.EventKind.ended.word,
  };
  final Set<Object?> _told = {};

  /// One notice of this call.
  void notice(ClarionMessage notice) {
    if (notice['kind'] != words.NoticeKind.statistics.word) return;
    final measured = _statistics = ClarionMessage.from(notice['statistics'] as Map);
    _handler.onPeerAudioDescriptionUpdated?.call(this, (measured['peer_level'] as num? ?? 0).toInt());
    myMediaStatus.handler?.onAudioDescriptionUpdate
        ?.call(myMediaStatus, (measured['own_level'] as num? ?? 0).toInt());
  }

  Future<bool> _tell(String type, [ClarionMessage fields = const {}]) async =>
      await Clarion.instance.tell(type, {'call_id': callId, ...fields}) == words.ClarionStatus.ok;

  /// "call" in the schema; null: it is over.
  Future<ClarionMessage?> state() => Clarion.instance.call(callId);

  Future<bool> acceptCall({
    bool useResponderPreparation = false,
    PlanetKitInitialMyVideoState initialMyVideoState = PlanetKitInitialMyVideoState.resume,
  }) =>
      _tell(words.EngineInputType.answerRequested, {
        'responder_preparation': useResponderPreparation,
        'video_paused': initialMyVideoState == PlanetKitInitialMyVideoState.pause,
      });

  Future<bool> endCall({String? userReleasePhrase}) =>
      _tell(words.EngineInputType.endRequested, {if (userReleasePhrase != null) 'release_code': userReleasePhrase});

  Future<bool> endCallWithError(String userReleasePhrase) => _tell(
        words.EngineInputType.endRequested,
        {'manner': words.EndManner.error.word, 'release_code': userReleasePhrase},
      );

  Future<bool> finishPreparation() => _tell(words.EngineInputType.preparationFinished);

  Future<bool> muteMyAudio(bool mute) => _tell(words.EngineInputType.userMuted, {'on': mute});

  Future<bool> get isMyAudioMuted async => (await state())?['muted'] == true;

  Future<bool> requestPeerMute(bool mute) => _tell(words.EngineInputType.muteAsked, {'on': mute});

  Future<bool> silencePeerAudio(bool silent) => _tell(words.EngineInputType.peerSilenceRequested, {'on': silent});

  Future<bool> hold({String? reason}) =>
      _tell(words.EngineInputType.holdRequested, {'on': true, if (reason != null) 'reason': reason});

  Future<bool> unhold() => _tell(words.EngineInputType.holdRequested, {'on': false});

  Future<bool> get isOnHold async => (await state())?['held'] == true;

  Future<bool> speakerOut(bool speakerOut) => _tell(words.EngineInputType.audioRouteRequested, {
        'route': (speakerOut ? words.AudioRoute.speaker : words.AudioRoute.earpiece).word,
      });

  /// By the route that was told last.
  bool isSpeaker = false;

  Future<bool> get isSpeakerOut async => isSpeaker;

  /// Nothing to do: the shell hears of the activation itself, and remembers it.
  Future<bool> notifyCallKitAudioActivation() async => true;

  Future<bool> enableVideo({
    PlanetKitInitialMyVideoState initialMyVideoState = PlanetKitInitialMyVideoState.resume,
  }) =>
      _tell(words.EngineInputType.videoRequested, {
        'on': true,
        'paused': initialMyVideoState == PlanetKitInitialMyVideoState.pause,
      });

  /// With `decline`: refuses the video that the peer asks for.
  Future<bool> disableVideo({PlanetKitMediaDisableReason reason = PlanetKitMediaDisableReason.user}) =>
      reason == PlanetKitMediaDisableReason.decline
          ? _tell(words.EngineInputType.videoAnswered, {'accepted': false})
          : _tell(words.EngineInputType.videoRequested, {'on': false});

  Future<bool> pauseMyVideo() => _tell(words.EngineInputType.videoPaused, {'on': true});

  Future<bool> resumeMyVideo() => _tell(words.EngineInputType.videoPaused, {'on': false});

  Future<bool> sendShortData(String type, String data) =>
      _tell(words.EngineInputType.shortDataRequested, {'data_type': type, 'data': data});

  /// The last measurement; null: none yet.
  Future<PlanetKitStatistics?> getStatistics() async {
    final measured = _statistics;
    if (measured == null) return null;
    int? number(String name) => (measured[name] as num?)?.toInt();
    return PlanetKitStatistics(
      myAudio: MyAudio(network: Network(bps: number('sent_bps') ?? 0)),
      peersAudio: PeersAudio(
        network: Network(
          bps: number('received_bps') ?? 0,
          lossRate: (number('loss_permille') ?? 0) / 1000,
          jitterMs: number('jitter'),
          latencyMs: number('latency'),
        ),
      ),
    );
  }
}

/// What an app hears of its own sound.
class PlanetKitMyMediaStatusHandler {
  const PlanetKitMyMediaStatusHandler({this.onMicMute, this.onMicUnmute, this.onAudioDescriptionUpdate});

  final void Function(PlanetKitMyMediaStatus status)? onMicMute;
  final void Function(PlanetKitMyMediaStatus status)? onMicUnmute;
  final void Function(PlanetKitMyMediaStatus status, int averageVolumeLevel)? onAudioDescriptionUpdate;
}

class PlanetKitMyMediaStatus {
  PlanetKitMyMediaStatus(this._call);

  final PlanetKitCall _call;
  PlanetKitMyMediaStatusHandler? handler;

  String get myMediaStatusId => _call.callId;

  void setHandler(PlanetKitMyMediaStatusHandler? handler) => this.handler = handler;

  Future<bool> get isMyAudioMuted => _call.isMyAudioMuted;

  Future<PlanetKitVideoStatus?> get myVideoStatus async {
    final mine = (await _call.state())?['mine'];
    if (mine is! Map) return null;
    return PlanetKitVideoStatus(
      PlanetKitVideoState.values[words.Video.from(mine['video'] as String? ?? '')?.index ?? 0],
      PlanetKitVideoPauseReason.values[words.PauseReason.from(mine['pause_reason'] as String? ?? '')?.index ?? 0],
    );
  }

  void dispose() => handler = null;
}
