// SPDX-License-Identifier: Apache-2.0

/// Audio, or audio with video.
enum PlanetKitMediaType {
  unknown,
  audio,
  video,
  audiovideo;

  int get intValue => index;

  static PlanetKitMediaType fromInt(int value) => values[value];
}

/// Who shows the call. Here the shell always does: `user` and `none` are the same.
enum PlanetKitCallKitType {
  none,
  user;

  int get intValue => index;

  static PlanetKitCallKitType fromInt(int value) => values[value];
}

/// Why pictures pause.
enum PlanetKitVideoPauseReason {
  unknown,
  user,
  interrupt,
  undefined,
  internal,
  enableVideoResponse,
  cameraInactive,
  hold;

  int get intValue => index;

  static PlanetKitVideoPauseReason fromInt(int value) => values[value];
}

/// Why video was switched off.
enum PlanetKitMediaDisableReason {
  undefined,
  user,
  decline;

  int get intValue => index;

  static PlanetKitMediaDisableReason fromInt(int value) => values[value];
}

/// What happens when the peer switches video on: `on_video` of the setup decides here.
enum PlanetKitResponseOnEnableVideo {
  pause,
  send;

  int get intValue => index;

  static PlanetKitResponseOnEnableVideo fromInt(int value) => values[value];
}

/// Whether own pictures flow from the start.
enum PlanetKitInitialMyVideoState {
  resume,
  pause;

  int get intValue => index;

  static PlanetKitInitialMyVideoState fromInt(int value) => values[value];
}

/// Own pictures.
enum PlanetKitVideoState {
  disabled,
  enabled,
  paused;

  int get intValue => index;

  static PlanetKitVideoState fromInt(int value) => values[value];
}

/// The screen that is shared.
enum PlanetKitScreenShareState {
  disabled,
  enabled;

  int get intValue => index;

  static PlanetKitScreenShareState fromInt(int value) => values[value];
}

/// Accepted; the shells log no names, tokens or keys, to the system only.
enum PlanetKitLogLevel {
  silent(0),
  simple(4),
  detailed(5);

  const PlanetKitLogLevel(this.intValue);

  final int intValue;

  static PlanetKitLogLevel fromInt(int value) => values.firstWhere((one) => one.intValue == value);
}

/// Accepted; there is no log file.
enum PlanetKitLogSizeLimit {
  small(16),
  medium(64),
  large(256),
  unlimited(0);

  const PlanetKitLogSizeLimit(this.intValue);

  final int intValue;

  static PlanetKitLogSizeLimit fromInt(int value) => values.firstWhere((one) => one.intValue == value);
}

class PlanetKitLogSetting {
  const PlanetKitLogSetting({required this.enabled, required this.logLevel, required this.logSizeLimit});

  final bool enabled;
  final PlanetKitLogLevel logLevel;
  final PlanetKitLogSizeLimit logSizeLimit;
}

class PlanetKitInitParam {
  const PlanetKitInitParam({required this.logSetting, required this.serverUrl});

  final PlanetKitLogSetting logSetting;
  final String serverUrl;
}

class PlanetKitUserId {
  const PlanetKitUserId({required this.userId, required this.serviceId});

  final String userId;
  final String serviceId;
}

class PlanetKitVideoStatus {
  const PlanetKitVideoStatus(this.state, this.pauseReason);

  final PlanetKitVideoState state;
  final PlanetKitVideoPauseReason pauseReason;
}

/// Of the call's sound; null where nothing was measured.
class PlanetKitStatistics {
  const PlanetKitStatistics({required this.myAudio, required this.peersAudio});

  final MyAudio myAudio;
  final PeersAudio peersAudio;
}

class MyAudio {
  const MyAudio({required this.network});

  final Network network;
}

class PeersAudio {
  const PeersAudio({required this.network});

  final Network network;
}

class Network {
  const Network({required this.bps, this.lossRate, this.jitterMs, this.latencyMs});

  final double? lossRate;
  final int? jitterMs;
  final int? latencyMs;
  final int bps;
}
