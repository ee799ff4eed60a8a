// SPDX-License-Identifier: Apache-2.0
// Made by tools/schema from the one description; do not edit. docs/door.md

abstract final class ClarionStatus {
  static const int ok = 0;
  static const int nothing = 1;
  static const int argument = -1;
  static const int tooLarge = -2;
  static const int malformed = -3;
  static const int unknownType = -4;
  static const int field = -5;
  static const int undrained = -6;
  static const int timeWentBack = -7;
  static const int unknownCall = -8;
  static const int wrongState = -9;
  static const int duplicateCall = -10;
  static const int tooManyCalls = -11;
  static const int snapshotVersion = -12;
  static const int snapshotDamaged = -13;
}

abstract final class ClarionLimits {
  static const int jsonMax = 262144;
  static const int snapshotMax = 4194304;
  static const int frameLengthMax = 65536;
  static const int sdpLengthMax = 32768;
  static const int candidateLengthMax = 512;
  static const int tokenLengthMax = 4096;
  static const int ticketLengthMax = 64;
  static const int ccParamLengthMax = 1024;
  static const int idLengthMax = 64;
  static const int nameLengthMax = 128;
  static const int releaseCodeLengthMax = 128;
  static const int startMessageLengthMax = 200;
  static const int appServerDataLengthMax = 4096;
  static const int holdReasonLengthMax = 256;
  static const int shortDataTypeLengthMax = 100;
  static const int shortDataLengthMax = 800;
  static const int extraLengthMax = 2048;
  static const int callsMax = 8;
  static const int calluiCallsMax = 16;
  static const int eventsMax = 128;
  static const int protocolVersion = 1;
  static const int inviteVersion = 1;
}

abstract final class EngineInputType {
  static const String pushReceived = 'push_received';
  static const String incomingReported = 'incoming_reported';
  static const String userAnswered = 'user_answered';
  static const String userEnded = 'user_ended';
  static const String userMuted = 'user_muted';
  static const String userHeld = 'user_held';
  static const String actionTimedOut = 'action_timed_out';
  static const String providerReset = 'provider_reset';
  static const String audioActivated = 'audio_activated';
  static const String audioDeactivated = 'audio_deactivated';
  static const String placeRequested = 'place_requested';
  static const String appAttached = 'app_attached';
  static const String eventsAcknowledged = 'events_acknowledged';
  static const String onlineRequested = 'online_requested';
  static const String signallingOpened = 'signalling_opened';
  static const String signallingClosed = 'signalling_closed';
  static const String frameReceived = 'frame_received';
  static const String offerPrepared = 'offer_prepared';
  static const String answerPrepared = 'answer_prepared';
  static const String candidateFound = 'candidate_found';
  static const String mediaConnected = 'media_connected';
  static const String mediaLost = 'media_lost';
  static const String mediaFailed = 'media_failed';
  static const String firstAudioHeard = 'first_audio_heard';
  static const String answerRequested = 'answer_requested';
  static const String preparationFinished = 'preparation_finished';
  static const String endRequested = 'end_requested';
  static const String allCallsEnded = 'all_calls_ended';
  static const String holdRequested = 'hold_requested';
  static const String peerSilenceRequested = 'peer_silence_requested';
  static const String muteAsked = 'mute_asked';
  static const String videoRequested = 'video_requested';
  static const String videoAnswered = 'video_answered';
  static const String videoPaused = 'video_paused';
  static const String screenShareChanged = 'screen_share_changed';
  static const String shortDataRequested = 'short_data_requested';
  static const String callsRequested = 'calls_requested';
  static const String takeRequested = 'take_requested';
  static const String tokenSupplied = 'token_supplied';
  static const String signedOut = 'signed_out';
  static const String audioRouteRequested = 'audio_route_requested';
  static const String networkChanged = 'network_changed';
  static const String microphoneChanged = 'microphone_changed';
  static const String cellularCallChanged = 'cellular_call_changed';
  static const String audioRouteChanged = 'audio_route_changed';
  static const String negotiationFailed = 'negotiation_failed';
  static const String statisticsMeasured = 'statistics_measured';
  static const String allMuted = 'all_muted';
  static const String appDetached = 'app_detached';
  static const String customEventReported = 'custom_event_reported';
  static const String eventsSilenced = 'events_silenced';
  static const String hideRequested = 'hide_requested';
  static const String missedSeen = 'missed_seen';
  static const String missedShown = 'missed_shown';
  static const String pushTokenChanged = 'push_token_changed';
  static const String redialAsked = 'redial_asked';
  static const String ringSilenced = 'ring_silenced';
  static const String ringTimedOut = 'ring_timed_out';
  static const String styleChosen = 'style_chosen';
  static const String userCalledBack = 'user_called_back';
  static const String userDialled = 'user_dialled';
  static const String userGrouped = 'user_grouped';
  static const String outgoingReported = 'outgoing_reported';
}

abstract final class EngineOutputType {
  static const String reportIncoming = 'report_incoming';
  static const String updateSystemCall = 'update_system_call';
  static const String endSystemCall = 'end_system_call';
  static const String reportOutgoing = 'report_outgoing';
  static const String reportOutgoingConnected = 'report_outgoing_connected';
  static const String fulfilAction = 'fulfil_action';
  static const String failAction = 'fail_action';
  static const String showMissedCall = 'show_missed_call';
  static const String startForegroundService = 'start_foreground_service';
  static const String stopForegroundService = 'stop_foreground_service';
  static const String emitEvent = 'emit_event';
  static const String persistSnapshot = 'persist_snapshot';
  static const String changeSystemCall = 'change_system_call';
  static const String hideMissedCall = 'hide_missed_call';
  static const String showOngoingCall = 'show_ongoing_call';
  static const String hideOngoingCall = 'hide_ongoing_call';
  static const String tellAudioSession = 'tell_audio_session';
  static const String openSignalling = 'open_signalling';
  static const String closeSignalling = 'close_signalling';
  static const String sendFrame = 'send_frame';
  static const String prepareOffer = 'prepare_offer';
  static const String prepareAnswer = 'prepare_answer';
  static const String applyAnswer = 'apply_answer';
  static const String addCandidate = 'add_candidate';
  static const String openAudio = 'open_audio';
  static const String closeAudio = 'close_audio';
  static const String setMuted = 'set_muted';
  static const String setHeld = 'set_held';
  static const String closeMedia = 'close_media';
  static const String requestToken = 'request_token';
  static const String dropOffer = 'drop_offer';
  static const String setMicrophone = 'set_microphone';
  static const String setPeerSilenced = 'set_peer_silenced';
  static const String setVideo = 'set_video';
  static const String stopScreenShare = 'stop_screen_share';
  static const String setAudioRoute = 'set_audio_route';
  static const String playTone = 'play_tone';
  static const String stopTone = 'stop_tone';
  static const String emitNotice = 'emit_notice';
  static const String openInvite = 'open_invite';
}

abstract final class CalluiInputType {
  static const String incomingReported = 'incoming_reported';
  static const String userAnswered = 'user_answered';
  static const String userEnded = 'user_ended';
  static const String userMuted = 'user_muted';
  static const String userHeld = 'user_held';
  static const String actionTimedOut = 'action_timed_out';
  static const String providerReset = 'provider_reset';
  static const String audioActivated = 'audio_activated';
  static const String audioDeactivated = 'audio_deactivated';
  static const String appAttached = 'app_attached';
  static const String eventsAcknowledged = 'events_acknowledged';
  static const String incomingAnnounced = 'incoming_announced';
  static const String unusablePushArrived = 'unusable_push_arrived';
  static const String missedCallLearned = 'missed_call_learned';
  static const String callUpdated = 'call_updated';
  static const String outgoingStarted = 'outgoing_started';
  static const String outgoingPlaced = 'outgoing_placed';
  static const String peerRang = 'peer_rang';
  static const String callConnected = 'call_connected';
  static const String peerHoldChanged = 'peer_hold_changed';
  static const String callEnded = 'call_ended';
  static const String callChanged = 'call_changed';
  static const String ringSilenced = 'ring_silenced';
  static const String ringTimedOut = 'ring_timed_out';
  static const String userDialled = 'user_dialled';
  static const String userGrouped = 'user_grouped';
  static const String allMuted = 'all_muted';
  static const String userCalledBack = 'user_called_back';
  static const String redialAsked = 'redial_asked';
  static const String missedSeen = 'missed_seen';
  static const String appDetached = 'app_detached';
  static const String eventsSilenced = 'events_silenced';
  static const String endRequested = 'end_requested';
  static const String endAllRequested = 'end_all_requested';
  static const String hideRequested = 'hide_requested';
  static const String connectedSet = 'connected_set';
  static const String missedShown = 'missed_shown';
  static const String pushTokenChanged = 'push_token_changed';
  static const String customEventReported = 'custom_event_reported';
  static const String styleChosen = 'style_chosen';
  static const String policyChosen = 'policy_chosen';
  static const String callDismissed = 'call_dismissed';
  static const String outgoingReported = 'outgoing_reported';
  static const String pushArrived = 'push_arrived';
}

abstract final class CalluiOutputType {
  static const String reportIncoming = 'report_incoming';
  static const String updateSystemCall = 'update_system_call';
  static const String endSystemCall = 'end_system_call';
  static const String reportOutgoing = 'report_outgoing';
  static const String reportOutgoingConnected = 'report_outgoing_connected';
  static const String fulfilAction = 'fulfil_action';
  static const String failAction = 'fail_action';
  static const String showMissedCall = 'show_missed_call';
  static const String startForegroundService = 'start_foreground_service';
  static const String stopForegroundService = 'stop_foreground_service';
  static const String emitEvent = 'emit_event';
  static const String persistSnapshot = 'persist_snapshot';
  static const String changeSystemCall = 'change_system_call';
  static const String hideMissedCall = 'hide_missed_call';
  static const String showOngoingCall = 'show_ongoing_call';
  static const String hideOngoingCall = 'hide_ongoing_call';
  static const String tellAudioSession = 'tell_audio_session';
}

abstract final class ClientMessageType {
  static const String hello = 'hello';
  static const String place = 'place';
  static const String verify = 'verify';
  static const String answer = 'answer';
  static const String decline = 'decline';
  static const String end = 'end';
  static const String candidate = 'candidate';
  static const String myState = 'my_state';
  static const String mediaOffer = 'media_offer';
  static const String mediaAnswer = 'media_answer';
  static const String muteRequest = 'mute_request';
  static const String shortData = 'short_data';
  static const String take = 'take';
  static const String listCalls = 'list_calls';
  static const String renew = 'renew';
  static const String pushAddress = 'push_address';
  static const String receipt = 'receipt';
}

abstract final class ServerMessageType {
  static const String welcome = 'welcome';
  static const String ack = 'ack';
  static const String error = 'error';
  static const String incoming = 'incoming';
  static const String notified = 'notified';
  static const String progress = 'progress';
  static const String verified = 'verified';
  static const String answered = 'answered';
  static const String answerConfirmed = 'answer_confirmed';
  static const String candidate = 'candidate';
  static const String peerState = 'peer_state';
  static const String mediaOffer = 'media_offer';
  static const String mediaAnswer = 'media_answer';
  static const String muteRequest = 'mute_request';
  static const String shortData = 'short_data';
  static const String merged = 'merged';
  static const String taken = 'taken';
  static const String liveCalls = 'live_calls';
  static const String ended = 'ended';
}

enum EndReason {
  unknown('unknown', -1),
  normal('normal', 1001),
  decline('decline', 1002),
  cellCall('cell_call', 1003),
  internalError('internal_error', 1109),
  userError('user_error', 1110),
  internalKitError('internal_kit_error', 1111),
  micNoSource('mic_no_source', 1112),
  cancel('cancel', 1201),
  busy('busy', 1202),
  noAnswer('no_answer', 1203),
  alreadyGotACall('already_got_a_call', 1204),
  multiDeviceInUse('multi_device_in_use', 1205),
  multiDeviceAnswer('multi_device_answer', 1206),
  multiDeviceDecline('multi_device_decline', 1207),
  maxCallTimeExceeded('max_call_time_exceeded', 1208),
  networkUnstable('network_unstable', 1301),
  pushError('push_error', 1302),
  authError('auth_error', 1303),
  releasedCall('released_call', 1304),
  serverInternalError('server_internal_error', 1305),
  unavailableNetwork('unavailable_network', 1308),
  appDestroy('app_destroy', 1309),
  systemSleep('system_sleep', 1310),
  systemLogOff('system_log_off', 1311),
  mtuExceeded('mtu_exceeded', 1312),
  appServerDataError('app_server_data_error', 1313),
  desktopScreenLocked('desktop_screen_locked', 1314),
  roomIsFull('room_is_full', 1401),
  aloneKickOut('alone_kick_out', 1402),
  roomNotFound('room_not_found', 1404),
  anotherInstanceTryToJoin('another_instance_try_to_join', 1405),
  serviceAccessTokenError('service_access_token_error', 1501),
  serviceInvalidId('service_invalid_id', 1502),
  serviceMaintenance('service_maintenance', 1503),
  serviceBusy('service_busy', 1504),
  serviceInternalError('service_internal_error', 1505),
  serviceHttpError('service_http_error', 1506),
  serviceHttpConnectionTimeOut('service_http_connection_time_out', 1507),
  serviceHttpInvalidPeerCert('service_http_invalid_peer_cert', 1508),
  serviceHttpConnectFail('service_http_connect_fail', 1509),
  serviceHttpInvalidUrl('service_http_invalid_url', 1510),
  serviceIncompatibleVersion('service_incompatible_version', 1511),
  serviceTooManyRequests('service_too_many_requests', 1512);

  const EndReason(this.word, this.number);

  final String word;
  final int number;

  /// Null: a word of a newer library.
  static EndReason? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum EndSource {
  undefined('undefined'),
  callee('callee'),
  caller('caller'),
  participant('participant'),
  cloudServer('cloud_server'),
  appServer('app_server');

  const EndSource(this.word);

  final String word;

  /// Null: a word of a newer library.
  static EndSource? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Outcome {
  answered('answered'),
  missed('missed'),
  declined('declined'),
  cancelled('cancelled'),
  failed('failed');

  const Outcome(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Outcome? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum SystemEndReason {
  failed('failed', 1),
  remoteEnded('remote_ended', 2),
  unanswered('unanswered', 3),
  answeredElsewhere('answered_elsewhere', 4),
  declinedElsewhere('declined_elsewhere', 5);

  const SystemEndReason(this.word, this.number);

  final String word;
  final int number;

  /// Null: a word of a newer library.
  static SystemEndReason? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum AudioMode {
  standard('standard'),
  gameChat('game_chat'),
  measurement('measurement'),
  moviePlayback('movie_playback'),
  spokenAudio('spoken_audio'),
  videoChat('video_chat'),
  videoRecording('video_recording'),
  voiceChat('voice_chat'),
  voicePrompt('voice_prompt');

  const AudioMode(this.word);

  final String word;

  /// Null: a word of a newer library.
  static AudioMode? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum ChangeKind {
  unknown('unknown'),
  verified('verified'),
  peerMessage('peer_message'),
  progress('progress'),
  preparing('preparing'),
  preparationFinished('preparation_finished'),
  peerMuted('peer_muted'),
  peerUnmuted('peer_unmuted'),
  muteAsked('mute_asked'),
  videoAsked('video_asked'),
  videoEnabled('video_enabled'),
  videoDisabled('video_disabled'),
  videoRefused('video_refused'),
  peerVideoPaused('peer_video_paused'),
  peerVideoResumed('peer_video_resumed'),
  peerScreenStarted('peer_screen_started'),
  peerScreenStopped('peer_screen_stopped'),
  screenStopped('screen_stopped'),
  networkLost('network_lost'),
  networkReturned('network_returned'),
  peerNetworkLost('peer_network_lost'),
  peerNetworkReturned('peer_network_returned'),
  shortData('short_data'),
  silencedPeer('silenced_peer'),
  unsilencedPeer('unsilenced_peer'),
  microphoneMissing('microphone_missing'),
  microphonePresent('microphone_present'),
  movedHere('moved_here'),
  peerMoved('peer_moved'),
  continued('continued'),
  merged('merged');

  const ChangeKind(this.word);

  final String word;

  /// Null: a word of a newer library.
  static ChangeKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Dismissal {
  cancelled('cancelled'),
  answeredElsewhere('answered_elsewhere'),
  declinedElsewhere('declined_elsewhere'),
  timedOut('timed_out'),
  busy('busy'),
  failed('failed');

  const Dismissal(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Dismissal? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum EventKind {
  incoming('incoming'),
  answered('answered'),
  connected('connected'),
  held('held'),
  unheld('unheld'),
  peerHeld('peer_held'),
  peerUnheld('peer_unheld'),
  muted('muted'),
  unmuted('unmuted'),
  placed('placed'),
  peerRinging('peer_ringing'),
  ended('ended'),
  notShown('not_shown'),
  silenced('silenced'),
  dtmf('dtmf'),
  grouped('grouped'),
  ungrouped('ungrouped'),
  callBack('call_back'),
  redial('redial'),
  pushToken('push_token'),
  custom('custom'),
  changed('changed');

  const EventKind(this.word);

  final String word;

  /// Null: a word of a newer library.
  static EventKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum CalluiFirstCall {
  leave('leave'),
  hold('hold'),
  end('end');

  const CalluiFirstCall(this.word);

  final String word;

  /// Null: a word of a newer library.
  static CalluiFirstCall? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum HandleType {
  generic('generic'),
  phoneNumber('phone_number'),
  email('email');

  const HandleType(this.word);

  final String word;

  /// Null: a word of a newer library.
  static HandleType? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum OngoingStage {
  calling('calling'),
  connecting('connecting'),
  talking('talking'),
  onHold('on_hold');

  const OngoingStage(this.word);

  final String word;

  /// Null: a word of a newer library.
  static OngoingStage? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Origin {
  remote('remote'),
  user('user'),
  app('app'),
  system('system');

  const Origin(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Origin? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum CalluiPhase {
  waiting('waiting'),
  accepted('accepted'),
  connected('connected');

  const CalluiPhase(this.word);

  final String word;

  /// Null: a word of a newer library.
  static CalluiPhase? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum ReportResult {
  shown('shown'),
  alreadyExists('already_exists'),
  filteredByFocus('filtered_by_focus'),
  filteredByBlockList('filtered_by_block_list'),
  limitReached('limit_reached'),
  notAllowed('not_allowed'),
  failed('failed');

  const ReportResult(this.word);

  final String word;

  /// Null: a word of a newer library.
  static ReportResult? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum SecondCall {
  ring('ring'),
  ringSilently('ring_silently'),
  busy('busy');

  const SecondCall(this.word);

  final String word;

  /// Null: a word of a newer library.
  static SecondCall? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum SystemChange {
  answer('answer'),
  hide('hide'),
  silence('silence'),
  mute('mute'),
  unmute('unmute'),
  hold('hold'),
  unhold('unhold'),
  dtmf('dtmf'),
  group('group'),
  ungroup('ungroup');

  const SystemChange(this.word);

  final String word;

  /// Null: a word of a newer library.
  static SystemChange? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum ToneKind {
  singleTone('single_tone', 1),
  softPause('soft_pause', 2),
  hardPause('hard_pause', 3);

  const ToneKind(this.word, this.number);

  final String word;
  final int number;

  /// Null: a word of a newer library.
  static ToneKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum AdoptResult {
  live('live'),
  ended('ended'),
  elsewhere('elsewhere'),
  unknown('unknown');

  const AdoptResult(this.word);

  final String word;

  /// Null: a word of a newer library.
  static AdoptResult? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum AudioRoute {
  unknown('unknown'),
  earpiece('earpiece'),
  speaker('speaker'),
  wired('wired'),
  bluetooth('bluetooth'),
  car('car');

  const AudioRoute(this.word);

  final String word;

  /// Null: a word of a newer library.
  static AudioRoute? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum CallState {
  trying('trying'),
  waitAnswer('wait_answer'),
  verified('verified'),
  connected('connected'),
  disconnected('disconnected');

  const CallState(this.word);

  final String word;

  /// Null: a word of a newer library.
  static CallState? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Direction {
  incoming('incoming'),
  outgoing('outgoing');

  const Direction(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Direction? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum EndManner {
  normal('normal'),
  busy('busy'),
  error('error');

  const EndManner(this.word);

  final String word;

  /// Null: a word of a newer library.
  static EndManner? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum EngineFirstCall {
  hold('hold'),
  end('end');

  const EngineFirstCall(this.word);

  final String word;

  /// Null: a word of a newer library.
  static EngineFirstCall? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Intent {
  none('none'),
  accepted('accepted'),
  ended('ended');

  const Intent(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Intent? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum NoticeKind {
  statistics('statistics'),
  quality('quality'),
  audioRoute('audio_route'),
  liveCalls('live_calls'),
  signedOut('signed_out'),
  pushAddressRefused('push_address_refused');

  const NoticeKind(this.word);

  final String word;

  /// Null: a word of a newer library.
  static NoticeKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum OnCellular {
  hold('hold'),
  end('end');

  const OnCellular(this.word);

  final String word;

  /// Null: a word of a newer library.
  static OnCellular? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum OnVideo {
  pause('pause'),
  send('send'),
  ask('ask'),
  refuse('refuse');

  const OnVideo(this.word);

  final String word;

  /// Null: a word of a newer library.
  static OnVideo? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum EnginePhase {
  announced('announced'),
  answering('answering'),
  placing('placing'),
  waiting('waiting'),
  connecting('connecting'),
  connected('connected'),
  ended('ended');

  const EnginePhase(this.word);

  final String word;

  /// Null: a word of a newer library.
  static EnginePhase? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum PushFault {
  none('none'),
  malformed('malformed'),
  notForThisDevice('not_for_this_device'),
  badSignature('bad_signature'),
  unsupportedVersion('unsupported_version');

  const PushFault(this.word);

  final String word;

  /// Null: a word of a newer library.
  static PushFault? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Quality {
  unknown('unknown'),
  good('good'),
  fair('fair'),
  poor('poor');

  const Quality(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Quality? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum SignallingFault {
  none('none'),
  unreachable('unreachable'),
  timedOut('timed_out'),
  tlsUntrusted('tls_untrusted'),
  closed('closed'),
  protocolError('protocol_error'),
  replaced('replaced'),
  refused('refused');

  const SignallingFault(this.word);

  final String word;

  /// Null: a word of a newer library.
  static SignallingFault? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum StartFail {
  unknown('unknown', -1),
  none('none', 0),
  invalidParam('invalid_param', 1),
  alreadyExist('already_exist', 2),
  decodeCallParam('decode_call_param', 3),
  memoryError('memory_error', 4),
  idConflict('id_conflict', 5),
  reuse('reuse', 6),
  invalidUserId('invalid_user_id', 7),
  invalidServiceId('invalid_service_id', 8),
  invalidApiKey('invalid_api_key', 9),
  invalidRoomId('invalid_room_id', 10),
  tooLongAppServerData('too_long_app_server_data', 11),
  notInitialized('not_initialized', 12),
  internal('internal', 999),
  windowsCoreLibrary('windows_core_library', 1000),
  windowsAudioInput('windows_audio_input', 1001),
  windowsAudioOutput('windows_audio_output', 1002),
  windowsVideoCapturer('windows_video_capturer', 1003),
  windowsNotReady('windows_not_ready', 1004),
  windowsInvalidParam('windows_invalid_param', 1005),
  windowsOtherConferenceExists('windows_other_conference_exists', 1006),
  windowsPeerIdEmpty('windows_peer_id_empty', 1007),
  windowsParamNull('windows_param_null', 1008),
  kitUnknownMediaType('kit_unknown_media_type', 2001),
  kitInvalidRoomId('kit_invalid_room_id', 2002),
  kitInvalidPeerId('kit_invalid_peer_id', 2003),
  kitInvalidPushMessage('kit_invalid_push_message', 2004),
  kitNoMetalDevice('kit_no_metal_device', 2005),
  kitInvalidAuthentication('kit_invalid_authentication', 2006),
  kitInternalInitializationError('kit_internal_initialization_error', 2999),
  kitNoPermissionRecordAudio('kit_no_permission_record_audio', 3000),
  kitCallInitDataInvalidSize('kit_call_init_data_invalid_size', 3001),
  kitMyUserIdBlank('kit_my_user_id_blank', 3002),
  kitMyServiceIdBlank('kit_my_service_id_blank', 3003),
  kitPeerUserIdBlank('kit_peer_user_id_blank', 3004),
  kitPeerServiceIdBlank('kit_peer_service_id_blank', 3005),
  kitInvalidStateToMakeCall('kit_invalid_state_to_make_call', 3006),
  kitCannotCreateNewSession('kit_cannot_create_new_session', 3007),
  kitInvalidStateToJoinConference('kit_invalid_state_to_join_conference', 3008),
  kitRoomIdBlank('kit_room_id_blank', 3009),
  kitRoomServiceIdBlank('kit_room_service_id_blank', 3010),
  kitNoPermissionReadPhoneState('kit_no_permission_read_phone_state', 3011),
  kitInternalUnknownExceptionAtVerifyCall('kit_internal_unknown_exception_at_verify_call', 3994),
  kitInternalJniEnv('kit_internal_jni_env', 3995),
  kitInternalJniHandleNullptr('kit_internal_jni_handle_nullptr', 3996),
  kitInternalJniObjNullptr('kit_internal_jni_obj_nullptr', 3997),
  kitInternalJniClassNullptr('kit_internal_jni_class_nullptr', 3998),
  kitInternalUndefined('kit_internal_undefined', 3999);

  const StartFail(this.word, this.number);

  final String word;
  final int number;

  /// Null: a word of a newer library.
  static StartFail? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Tone {
  ring('ring'),
  ringback('ringback'),
  hold('hold'),
  end('end'),
  busy('busy');

  const Tone(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Tone? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum ErrorCode {
  malformed('malformed'),
  tooLarge('too_large'),
  wrongVersion('wrong_version'),
  unknownType('unknown_type'),
  notAuthorized('not_authorized'),
  notForDevice('not_for_device'),
  unknownCall('unknown_call'),
  wrongState('wrong_state'),
  alreadyAnswered('already_answered'),
  idConflict('id_conflict'),
  tooMany('too_many'),
  unavailable('unavailable');

  const ErrorCode(this.word);

  final String word;

  /// Null: a word of a newer library.
  static ErrorCode? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Media {
  audio('audio'),
  video('video');

  const Media(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Media? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Negotiation {
  iceRestart('ice_restart'),
  media('media'),
  transfer('transfer');

  const Negotiation(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Negotiation? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum PauseReason {
  unknown('unknown'),
  user('user'),
  interrupt('interrupt'),
  undefined('undefined'),
  internal('internal'),
  enableVideoResponse('enable_video_response'),
  cameraInactive('camera_inactive'),
  hold('hold');

  const PauseReason(this.word);

  final String word;

  /// Null: a word of a newer library.
  static PauseReason? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Platform {
  ios('ios'),
  android('android'),
  desktop('desktop'),
  web('web');

  const Platform(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Platform? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum PushKind {
  ring('ring'),
  cancel('cancel');

  const PushKind(this.word);

  final String word;

  /// Null: a word of a newer library.
  static PushKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum ReceiptStep {
  woke('woke'),
  inviteOpened('invite_opened'),
  inviteRefused('invite_refused'),
  reported('reported'),
  ringing('ringing'),
  notShown('not_shown'),
  tappedAccept('tapped_accept'),
  tappedDecline('tapped_decline'),
  mediaConnected('media_connected'),
  firstAudio('first_audio');

  const ReceiptStep(this.word);

  final String word;

  /// Null: a word of a newer library.
  static ReceiptStep? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum TokenKind {
  apnsVoip('apns_voip'),
  apnsAlert('apns_alert'),
  fcm('fcm'),
  webPush('web_push'),
  unifiedPush('unified_push');

  const TokenKind(this.word);

  final String word;

  /// Null: a word of a newer library.
  static TokenKind? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}

enum Video {
  off('off'),
  on('on'),
  paused('paused');

  const Video(this.word);

  final String word;

  /// Null: a word of a newer library.
  static Video? from(String word) {
    for (final one in values) {
      if (one.word == word) return one;
    }
    return null;
  }
}
