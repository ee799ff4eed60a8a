// SPDX-License-Identifier: Apache-2.0
import 'callkit_params.dart';

/// The plugin's names on the wire.
abstract final class CallEventConstants {
  static const String _prefix = 'com.hiennv.flutter_callkit_incoming.';
  static const String actionDidUpdateDevicePushTokenVoip = '${_prefix}DID_UPDATE_DEVICE_PUSH_TOKEN_VOIP';
  static const String actionCallIncoming = '${_prefix}ACTION_CALL_INCOMING';
  static const String actionCallStart = '${_prefix}ACTION_CALL_START';
  static const String actionCallAccept = '${_prefix}ACTION_CALL_ACCEPT';
  static const String actionCallDecline = '${_prefix}ACTION_CALL_DECLINE';
  static const String actionCallEnded = '${_prefix}ACTION_CALL_ENDED';
  static const String actionCallTimeout = '${_prefix}ACTION_CALL_TIMEOUT';
  static const String actionCallConnected = '${_prefix}ACTION_CALL_CONNECTED';
  static const String actionCallCallback = '${_prefix}ACTION_CALL_CALLBACK';
  static const String actionCallToggleHold = '${_prefix}ACTION_CALL_TOGGLE_HOLD';
  static const String actionCallToggleMute = '${_prefix}ACTION_CALL_TOGGLE_MUTE';
  static const String actionCallToggleDmtf = '${_prefix}ACTION_CALL_TOGGLE_DMTF';
  static const String actionCallToggleGroup = '${_prefix}ACTION_CALL_TOGGLE_GROUP';
  static const String actionCallToggleAudioSession = '${_prefix}ACTION_CALL_TOGGLE_AUDIO_SESSION';
  static const String actionCallCustom = '${_prefix}ACTION_CALL_CUSTOM';
}

/// The names of version 3.0 and older: `event.event` and `event.body`.
enum Event {
  actionDidUpdateDevicePushTokenVoip(CallEventConstants.actionDidUpdateDevicePushTokenVoip),
  actionCallIncoming(CallEventConstants.actionCallIncoming),
  actionCallStart(CallEventConstants.actionCallStart),
  actionCallAccept(CallEventConstants.actionCallAccept),
  actionCallDecline(CallEventConstants.actionCallDecline),
  actionCallEnded(CallEventConstants.actionCallEnded),
  actionCallTimeout(CallEventConstants.actionCallTimeout),
  actionCallConnected(CallEventConstants.actionCallConnected),
  actionCallCallback(CallEventConstants.actionCallCallback),
  actionCallToggleHold(CallEventConstants.actionCallToggleHold),
  actionCallToggleMute(CallEventConstants.actionCallToggleMute),
  actionCallToggleDmtf(CallEventConstants.actionCallToggleDmtf),
  actionCallToggleGroup(CallEventConstants.actionCallToggleGroup),
  actionCallToggleAudioSession(CallEventConstants.actionCallToggleAudioSession),
  actionCallCustom(CallEventConstants.actionCallCustom);

  const Event(this.eventName);

  final String eventName;
}

/// Something that happened to a call: the classes of version 3.1, with the names of the older ones.
sealed class CallEvent {
  const CallEvent();

  Event get event;

  /// What the older versions handed out; a map, or null.
  dynamic get body;

  String get eventName => event.eventName;
}

class CallEventActionDidUpdateDevicePushTokenVoip extends CallEvent {
  const CallEventActionDidUpdateDevicePushTokenVoip();

  @override
  dynamic get body => null;

  @override
  Event get event => Event.actionDidUpdateDevicePushTokenVoip;
}

class CallEventActionCallIncoming extends CallEvent {
  const CallEventActionCallIncoming(this.callKitParams);

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();

  @override
  Event get event => Event.actionCallIncoming;
}

class CallEventActionCallStart extends CallEvent {
  const CallEventActionCallStart(this.callKitParams);

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();

  @override
  Event get event => Event.actionCallStart;
}

class CallEventActionCallAccept extends CallEvent {
  const CallEventActionCallAccept(this.callKitParams);

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();

  @override
  Event get event => Event.actionCallAccept;
}

class CallEventActionCallDecline extends CallEvent {
  const CallEventActionCallDecline(this.callKitParams);

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();

  @override
  Event get event => Event.actionCallDecline;
}

class CallEventActionCallEnded extends CallEvent {
  const CallEventActionCallEnded(this.callKitParams);

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();

  @override
  Event get event => Event.actionCallEnded;
}

class CallEventActionCallTimeout extends CallEvent {
  const CallEventActionCallTimeout(this.id);

  final String id;

  @override
  dynamic get body => {'id': id};

  @override
  Event get event => Event.actionCallTimeout;
}

class CallEventActionCallConnected extends CallEvent {
  const CallEventActionCallConnected(this.id);

  final String id;

  @override
  dynamic get body => {'id': id};

  @override
  Event get event => Event.actionCallConnected;
}

class CallEventActionCallCallback extends CallEvent {
  const CallEventActionCallCallback(this.id);

  final String id;

  @override
  dynamic get body => {'id': id};

  @override
  Event get event => Event.actionCallCallback;
}

class CallEventActionCallToggleHold extends CallEvent {
  const CallEventActionCallToggleHold(this.id, this.isOnHold);

  final String id;
  final bool isOnHold;

  @override
  dynamic get body => {'id': id, 'isOnHold': isOnHold};

  @override
  Event get event => Event.actionCallToggleHold;
}

class CallEventActionCallToggleMute extends CallEvent {
  const CallEventActionCallToggleMute(this.id, this.isMuted);

  final String id;
  final bool isMuted;

  @override
  dynamic get body => {'id': id, 'isMuted': isMuted};

  @override
  Event get event => Event.actionCallToggleMute;
}

class CallEventActionCallToggleDmtf extends CallEvent {
  const CallEventActionCallToggleDmtf(this.id, this.digits, this.type);

  final String id;
  final String digits;
  final DTMFActionType type;

  @override
  dynamic get body => {'id': id, 'digits': digits, 'type': type.name};

  @override
  Event get event => Event.actionCallToggleDmtf;
}

class CallEventActionCallToggleGroup extends CallEvent {
  const CallEventActionCallToggleGroup(this.id, this.callUUIDToGroupWith);

  final String id;
  final String? callUUIDToGroupWith;

  @override
  dynamic get body => {'id': id, 'callUUIDToGroupWith': callUUIDToGroupWith};

  @override
  Event get event => Event.actionCallToggleGroup;
}

class CallEventActionCallToggleAudioSession extends CallEvent {
  const CallEventActionCallToggleAudioSession(this.isActive);

  final bool isActive;

  @override
  dynamic get body => {'isActive': isActive};

  @override
  Event get event => Event.actionCallToggleAudioSession;
}

class CallEventActionCallCustom extends CallEvent {
  const CallEventActionCallCustom(this.body);

  @override
  final Map<String, dynamic> body;

  @override
  Event get event => Event.actionCallCustom;
}
