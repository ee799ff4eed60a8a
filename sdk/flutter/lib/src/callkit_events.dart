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
  const CallEvent({required this.event});

  final Event event;

  /// What the older versions handed out; a map, or null.
  dynamic get body;

  String get eventName => event.eventName;
}

/// One that comes with the whole call.
sealed class _EventOfCall extends CallEvent {
  const _EventOfCall(this.callKitParams, {required super.event});

  final CallKitParams callKitParams;

  @override
  dynamic get body => callKitParams.toJson();
}

/// One that names the call.
sealed class _EventOfId extends CallEvent {
  const _EventOfId(this.id, {required super.event});

  final String id;

  @override
  dynamic get body => {'id': id};
}

class CallEventActionDidUpdateDevicePushTokenVoip extends CallEvent {
  const CallEventActionDidUpdateDevicePushTokenVoip() : super(event: Event.actionDidUpdateDevicePushTokenVoip);

  @override
  dynamic get body => null;
}

class CallEventActionCallIncoming extends _EventOfCall {
  const CallEventActionCallIncoming(super.callKitParams) : super(event: Event.actionCallIncoming);
}

class CallEventActionCallStart extends _EventOfCall {
  const CallEventActionCallStart(super.callKitParams) : super(event: Event.actionCallStart);
}

class CallEventActionCallAccept extends _EventOfCall {
  const CallEventActionCallAccept(super.callKitParams) : super(event: Event.actionCallAccept);
}

class CallEventActionCallDecline extends _EventOfCall {
  const CallEventActionCallDecline(super.callKitParams) : super(event: Event.actionCallDecline);
}

class CallEventActionCallEnded extends _EventOfCall {
  const CallEventActionCallEnded(super.callKitParams) : super(event: Event.actionCallEnded);
}

class CallEventActionCallTimeout extends _EventOfId {
  const CallEventActionCallTimeout(super.id) : super(event: Event.actionCallTimeout);
}

class CallEventActionCallConnected extends _EventOfId {
  const CallEventActionCallConnected(super.id) : super(event: Event.actionCallConnected);
}

class CallEventActionCallCallback extends _EventOfId {
  const CallEventActionCallCallback(super.id) : super(event: Event.actionCallCallback);
}

class CallEventActionCallToggleHold extends _EventOfId {
  const CallEventActionCallToggleHold(super.id, this.isOnHold) : super(event: Event.actionCallToggleHold);

  final bool isOnHold;

  @override
  dynamic get body => {'id': id, 'isOnHold': isOnHold};
}

class CallEventActionCallToggleMute extends _EventOfId {
  const CallEventActionCallToggleMute(super.id, this.isMuted) : super(event: Event.actionCallToggleMute);

  final bool isMuted;

  @override
  dynamic get body => {'id': id, 'isMuted': isMuted};
}

class CallEventActionCallToggleDmtf extends _EventOfId {
  const CallEventActionCallToggleDmtf(super.id, this.digits, this.type) : super(event: Event.actionCallToggleDmtf);

  final String digits;
  final DTMFActionType type;

  @override
  dynamic get body => {'id': id, 'digits': digits, 'type': type.name};
}

class CallEventActionCallToggleGroup extends _EventOfId {
  const CallEventActionCallToggleGroup(super.id, this.callUUIDToGroupWith) : super(event: Event.actionCallToggleGroup);

  final String? callUUIDToGroupWith;

  @override
  dynamic get body => {'id': id, 'callUUIDToGroupWith': callUUIDToGroupWith};
}

class CallEventActionCallToggleAudioSession extends CallEvent {
  const CallEventActionCallToggleAudioSession(this.isActive) : super(event: Event.actionCallToggleAudioSession);

  final bool isActive;

  @override
  dynamic get body => {'isActive': isActive};
}

class CallEventActionCallCustom extends CallEvent {
  const CallEventActionCallCustom(this.body) : super(event: Event.actionCallCustom);

  @override
  final Map<String, dynamic> body;
}
