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

/// A call that is to be placed. docs/platforms/flutter.md says which members have a meaning here.
class PlanetKitMakeCallParam {
  const PlanetKitMakeCallParam._(this._values);

  final Map<String, Object?> _values;

  String get myUserId => _values['myUserId'] as String;
  String get myServiceId => _values['myServiceId'] as String;
  String? get myCountryCode => _values['myCountryCode'] as String?;
  String get peerUserId => _values['peerUserId'] as String;
  String get peerServiceId => _values['peerServiceId'] as String;
  String? get peerCountryCode => _values['peerCountryCode'] as String?;
  String get accessToken => _values['accessToken'] as String;
  bool? get useResponderPreparation => _values['useResponderPreparation'] as bool?;
  PlanetKitMediaType? get mediaType => _values['mediaType'] as PlanetKitMediaType?;
  PlanetKitInitialMyVideoState? get initialMyVideoState => _values['initialMyVideoState'] as PlanetKitInitialMyVideoState?;
  PlanetKitResponseOnEnableVideo? get responseOnEnableVideo => _values['responseOnEnableVideo'] as PlanetKitResponseOnEnableVideo?;
  PlanetKitCallKitType? get callKitType => _values['callKitType'] as PlanetKitCallKitType?;
  String? get ringbackTonePath => _values['ringbackTonePath'] as String?;
  String? get holdTonePath => _values['holdTonePath'] as String?;
  String? get endTonePath => _values['endTonePath'] as String?;
  bool? get allowCallWithoutMic => _values['allowCallWithoutMic'] as bool?;
  bool? get allowCallWithoutMicPermission => _values['allowCallWithoutMicPermission'] as bool?;
  bool? get enableAudioDescription => _values['enableAudioDescription'] as bool?;
  int? get audioDescriptionUpdateIntervalMs => _values['audioDescriptionUpdateIntervalMs'] as int?;
  bool? get enableStatistics => _values['enableStatistics'] as bool?;
  String? get appServerData => _values['appServerData'] as String?;
}

class PlanetKitMakeCallParamBuilder {
  final Map<String, Object?> _values = {};

  PlanetKitMakeCallParamBuilder _set(String name, Object value) {
    _values[name] = value;
    return this;
  }

  PlanetKitMakeCallParamBuilder setMyUserId(String value) => _set('myUserId', value);
  PlanetKitMakeCallParamBuilder setMyServiceId(String value) => _set('myServiceId', value);
  PlanetKitMakeCallParamBuilder setMyCountryCode(String value) => _set('myCountryCode', value);
  PlanetKitMakeCallParamBuilder setPeerUserId(String value) => _set('peerUserId', value);
  PlanetKitMakeCallParamBuilder setPeerServiceId(String value) => _set('peerServiceId', value);
  PlanetKitMakeCallParamBuilder setPeerCountryCode(String value) => _set('peerCountryCode', value);
  PlanetKitMakeCallParamBuilder setAccessToken(String value) => _set('accessToken', value);
  PlanetKitMakeCallParamBuilder setUseResponderPreparation(bool value) => _set('useResponderPreparation', value);
  PlanetKitMakeCallParamBuilder setMediaType(PlanetKitMediaType value) => _set('mediaType', value);
  PlanetKitMakeCallParamBuilder setInitialMyVideoState(PlanetKitInitialMyVideoState value) => _set('initialMyVideoState', value);
  PlanetKitMakeCallParamBuilder setResponseOnEnableVideo(PlanetKitResponseOnEnableVideo value) => _set('responseOnEnableVideo', value);
  PlanetKitMakeCallParamBuilder setCallKitType(PlanetKitCallKitType value) => _set('callKitType', value);
  PlanetKitMakeCallParamBuilder setRingbackTonePath(String value) => _set('ringbackTonePath', value);
  PlanetKitMakeCallParamBuilder setHoldTonePath(String value) => _set('holdTonePath', value);
  PlanetKitMakeCallParamBuilder setEndTonePath(String value) => _set('endTonePath', value);
  PlanetKitMakeCallParamBuilder setAllowCallWithoutMic(bool value) => _set('allowCallWithoutMic', value);
  PlanetKitMakeCallParamBuilder setAllowCallWithoutMicPermission(bool value) => _set('allowCallWithoutMicPermission', value);
  PlanetKitMakeCallParamBuilder setEnableAudioDescription(bool value) => _set('enableAudioDescription', value);
  PlanetKitMakeCallParamBuilder setAudioDescriptionUpdateIntervalMs(int value) => _set('audioDescriptionUpdateIntervalMs', value);
  PlanetKitMakeCallParamBuilder setEnableStatistics(bool value) => _set('enableStatistics', value);
  PlanetKitMakeCallParamBuilder setAppServerData(String value) => _set('appServerData', value);

  /// Throws when a member is missing that must be there.
  PlanetKitMakeCallParam build() {
    for (final name in const ['myUserId', 'myServiceId', 'peerUserId', 'peerServiceId', 'accessToken']) {
      if (_values[name] == null) throw ArgumentError.notNull(name);
    }
    return PlanetKitMakeCallParam._(Map.unmodifiable(_values));
  }
}

/// A call that came by push.
class PlanetKitVerifyCallParam {
  const PlanetKitVerifyCallParam._(this._values);

  final Map<String, Object?> _values;

  String get myUserId => _values['myUserId'] as String;
  String get myServiceId => _values['myServiceId'] as String;
  PlanetKitCcParam get ccParam => _values['ccParam'] as PlanetKitCcParam;
  PlanetKitResponseOnEnableVideo? get responseOnEnableVideo => _values['responseOnEnableVideo'] as PlanetKitResponseOnEnableVideo?;
  PlanetKitCallKitType? get callKitType => _values['callKitType'] as PlanetKitCallKitType?;
  String? get ringtonePath => _values['ringtonePath'] as String?;
  String? get holdTonePath => _values['holdTonePath'] as String?;
  String? get endTonePath => _values['endTonePath'] as String?;
  bool? get allowCallWithoutMic => _values['allowCallWithoutMic'] as bool?;
  bool? get allowCallWithoutMicPermission => _values['allowCallWithoutMicPermission'] as bool?;
  bool? get enableAudioDescription => _values['enableAudioDescription'] as bool?;
  int? get audioDescriptionUpdateIntervalMs => _values['audioDescriptionUpdateIntervalMs'] as int?;
  bool? get enableStatistics => _values['enableStatistics'] as bool?;
}

class PlanetKitVerifyCallParamBuilder {
  final Map<String, Object?> _values = {};

  PlanetKitVerifyCallParamBuilder _set(String name, Object value) {
    _values[name] = value;
    return this;
  }

  PlanetKitVerifyCallParamBuilder setMyUserId(String value) => _set('myUserId', value);
  PlanetKitVerifyCallParamBuilder setMyServiceId(String value) => _set('myServiceId', value);
  PlanetKitVerifyCallParamBuilder setCcParam(PlanetKitCcParam value) => _set('ccParam', value);
  PlanetKitVerifyCallParamBuilder setResponseOnEnableVideo(PlanetKitResponseOnEnableVideo value) => _set('responseOnEnableVideo', value);
  PlanetKitVerifyCallParamBuilder setCallKitType(PlanetKitCallKitType value) => _set('callKitType', value);
  PlanetKitVerifyCallParamBuilder setRingtonePath(String value) => _set('ringtonePath', value);
  PlanetKitVerifyCallParamBuilder setHoldTonePath(String value) => _set('holdTonePath', value);
  PlanetKitVerifyCallParamBuilder setEndTonePath(String value) => _set('endTonePath', value);
  PlanetKitVerifyCallParamBuilder setAllowCallWithoutMic(bool value) => _set('allowCallWithoutMic', value);
  PlanetKitVerifyCallParamBuilder setAllowCallWithoutMicPermission(bool value) => _set('allowCallWithoutMicPermission', value);
  PlanetKitVerifyCallParamBuilder setEnableAudioDescription(bool value) => _set('enableAudioDescription', value);
  PlanetKitVerifyCallParamBuilder setAudioDescriptionUpdateIntervalMs(int value) => _set('audioDescriptionUpdateIntervalMs', value);
  PlanetKitVerifyCallParamBuilder setEnableStatistics(bool value) => _set('enableStatistics', value);

  /// Throws when a member is missing that must be there.
  PlanetKitVerifyCallParam build() {
    for (final name in const ['myUserId', 'myServiceId', 'ccParam']) {
      if (_values[name] == null) throw ArgumentError.notNull(name);
    }
    return PlanetKitVerifyCallParam._(Map.unmodifiable(_values));
  }
}
