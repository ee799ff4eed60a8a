// SPDX-License-Identifier: Apache-2.0
import 'client.dart';
import 'planetkit_types.dart';
import 'words.dart' as words;

/// The invite of a push, opened and its signature checked.
class PlanetKitCcParam {
  const PlanetKitCcParam._(this.text, this._invite);

  /// Null: it is none for this device.
  static Future<PlanetKitCcParam?> createCcParam(String ccParam) async {
    final invite = await Clarion.instance.openInvite(ccParam);
    return invite == null ? null : PlanetKitCcParam._(ccParam, invite);
  }

  final String text;
  final ClarionMessage _invite;

  /// The id of its call, the same on every device and on the server.
  String get id => _invite['call'] as String? ?? '';

  String get peerId => _invite['from'] as String? ?? '';

  String get peerServiceId => _invite['svc'] as String? ?? '';

  PlanetKitMediaType get mediaType =>
      _invite['media'] == words.Media.video.word ? PlanetKitMediaType.audiovideo : PlanetKitMediaType.audio;
}

/// What both kinds of calls are given.
abstract class _CallParam {
  const _CallParam(this._values);

  final Map<String, Object?> _values;

  String get myUserId => _values['myUserId'] as String;
  String get myServiceId => _values['myServiceId'] as String;
  PlanetKitResponseOnEnableVideo? get responseOnEnableVideo => _values['responseOnEnableVideo'] as PlanetKitResponseOnEnableVideo?;
  PlanetKitCallKitType? get callKitType => _values['callKitType'] as PlanetKitCallKitType?;
  String? get holdTonePath => _values['holdTonePath'] as String?;
  String? get endTonePath => _values['endTonePath'] as String?;
  bool? get allowCallWithoutMic => _values['allowCallWithoutMic'] as bool?;
  bool? get allowCallWithoutMicPermission => _values['allowCallWithoutMicPermission'] as bool?;
  bool? get enableAudioDescription => _values['enableAudioDescription'] as bool?;
  int? get audioDescriptionUpdateIntervalMs => _values['audioDescriptionUpdateIntervalMs'] as int?;
  bool? get enableStatistics => _values['enableStatistics'] as bool?;
}

abstract class _CallParamBuilder<B extends _CallParamBuilder<B>> {
  final Map<String, Object?> _values = {};

  B _set(String name, Object value) {
    _values[name] = value;
    return this as B;
  }

  /// Throws when a member is missing that must be there.
  Map<String, Object?> _complete(List<String> required) {
    for (final name in required) {
      if (_values[name] == null) throw ArgumentError.notNull(name);
    }
    return Map.unmodifiable(_values);
  }

  B setMyUserId(String value) => _set('myUserId', value);
  B setMyServiceId(String value) => _set('myServiceId', value);
  B setResponseOnEnableVideo(PlanetKitResponseOnEnableVideo value) => _set('responseOnEnableVideo', value);
  B setCallKitType(PlanetKitCallKitType value) => _set('callKitType', value);
  B setHoldTonePath(String value) => _set('holdTonePath', value);
  B setEndTonePath(String value) => _set('endTonePath', value);
  B setAllowCallWithoutMic(bool value) => _set('allowCallWithoutMic', value);
  B setAllowCallWithoutMicPermission(bool value) => _set('allowCallWithoutMicPermission', value);
  B setEnableAudioDescription(bool value) => _set('enableAudioDescription', value);
  B setAudioDescriptionUpdateIntervalMs(int value) => _set('audioDescriptionUpdateIntervalMs', value);
  B setEnableStatistics(bool value) => _set('enableStatistics', value);
}

/// A call that is to be placed. docs/platforms/flutter.md says which members have a meaning here.
class PlanetKitMakeCallParam extends _CallParam {
  const PlanetKitMakeCallParam._(super._values);

  String? get myCountryCode => _values['myCountryCode'] as String?;
  String get peerUserId => _values['peerUserId'] as String;
  String get peerServiceId => _values['peerServiceId'] as String;
  String? get peerCountryCode => _values['peerCountryCode'] as String?;
  String get accessToken => _values['accessToken'] as String;
  bool? get useResponderPreparation => _values['useResponderPreparation'] as bool?;
  PlanetKitMediaType? get mediaType => _values['mediaType'] as PlanetKitMediaType?;
  PlanetKitInitialMyVideoState? get initialMyVideoState => _values['initialMyVideoState'] as PlanetKitInitialMyVideoState?;
  String? get ringbackTonePath => _values['ringbackTonePath'] as String?;
  String? get appServerData => _values['appServerData'] as String?;
}

class PlanetKitMakeCallParamBuilder extends _CallParamBuilder<PlanetKitMakeCallParamBuilder> {
  PlanetKitMakeCallParamBuilder setMyCountryCode(String value) => _set('myCountryCode', value);
  PlanetKitMakeCallParamBuilder setPeerUserId(String value) => _set('peerUserId', value);
  PlanetKitMakeCallParamBuilder setPeerServiceId(String value) => _set('peerServiceId', value);
  PlanetKitMakeCallParamBuilder setPeerCountryCode(String value) => _set('peerCountryCode', value);
  PlanetKitMakeCallParamBuilder setAccessToken(String value) => _set('accessToken', value);
  PlanetKitMakeCallParamBuilder setUseResponderPreparation(bool value) => _set('useResponderPreparation', value);
  PlanetKitMakeCallParamBuilder setMediaType(PlanetKitMediaType value) => _set('mediaType', value);
  PlanetKitMakeCallParamBuilder setInitialMyVideoState(PlanetKitInitialMyVideoState value) => _set('initialMyVideoState', value);
  PlanetKitMakeCallParamBuilder setRingbackTonePath(String value) => _set('ringbackTonePath', value);
  PlanetKitMakeCallParamBuilder setAppServerData(String value) => _set('appServerData', value);

  PlanetKitMakeCallParam build() => PlanetKitMakeCallParam._(
        _complete(const ['myUserId', 'myServiceId', 'peerUserId', 'peerServiceId', 'accessToken']),
      );
}

/// A call that came by push.
class PlanetKitVerifyCallParam extends _CallParam {
  const PlanetKitVerifyCallParam._(super._values);

  PlanetKitCcParam get ccParam => _values['ccParam'] as PlanetKitCcParam;
  String? get ringtonePath => _values['ringtonePath'] as String?;
}

class PlanetKitVerifyCallParamBuilder extends _CallParamBuilder<PlanetKitVerifyCallParamBuilder> {
  PlanetKitVerifyCallParamBuilder setCcParam(PlanetKitCcParam value) => _set('ccParam', value);
  PlanetKitVerifyCallParamBuilder setRingtonePath(String value) => _set('ringtonePath', value);

  PlanetKitVerifyCallParam build() =>
      PlanetKitVerifyCallParam._(_complete(const ['myUserId', 'myServiceId', 'ccParam']));
}
