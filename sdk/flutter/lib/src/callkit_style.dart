// SPDX-License-Identifier: Apache-2.0
import 'callkit_params.dart';
import 'client.dart';

/// A name of the plugin, its name in the schema, and how its value is written there.
typedef Rename = ({String theirs, String ours, Object? Function(Object value) write});

Object? _same(Object value) => value;

/// "videoChat" -> "video_chat"; the plugin's "default" and "number" have other words here.
Object? _word(Object value) =>
    const {'default': 'standard', 'number': 'phone_number'}[value] ??
    '$value'.replaceAllMapped(RegExp('[A-Z]'), (letter) => '_${letter[0]!.toLowerCase()}');

Object? _whole(Object value) => (value as num).round();

Object? _microseconds(Object value) => ((value as num) * 1000000).round();

Rename _to(String theirs, String ours, [Object? Function(Object value) write = _same]) =>
    (theirs: theirs, ours: ours, write: write);

/// NotificationParams -> NoticeStyle.
final List<Rename> noticeNames = [
  _to('id', 'notice_id'),
  _to('showNotification', 'show'),
  _to('subtitle', 'text'),
  _to('callbackText', 'action_text'),
  _to('isShowCallback', 'action'),
  _to('count', 'count'),
];

/// AndroidParams -> AndroidStyle.
final List<Rename> androidNames = [
  _to('isCustomNotification', 'custom_notification'),
  _to('isCustomSmallExNotification', 'small_notification'),
  _to('isShowLogo', 'show_logo'),
  _to('logoUrl', 'logo_url'),
  _to('isShowCallID', 'show_handle'),
  _to('ringtonePath', 'ringtone'),
  _to('backgroundColor', 'background_color'),
  _to('backgroundUrl', 'background_url'),
  _to('actionColor', 'action_color'),
  _to('textColor', 'text_color'),
  _to('incomingCallNotificationChannelName', 'incoming_channel'),
  _to('missedCallNotificationChannelName', 'missed_channel'),
  _to('isShowFullLockedScreen', 'over_lock_screen'),
  _to('isImportant', 'important'),
  _to('isBot', 'bot'),
  _to('isFullScreen', 'full_screen'),
  _to('textAccept', 'accept_text'),
  _to('textDecline', 'decline_text'),
  _to('acceptColor', 'accept_color'),
  _to('declineColor', 'decline_color'),
];

/// IOSParams -> IosStyle.
final List<Rename> iosNames = [
  _to('iconName', 'icon'),
  _to('handleType', 'handle_type', _word),
  _to('supportsVideo', 'video'),
  _to('maximumCallGroups', 'call_groups'),
  _to('maximumCallsPerCallGroup', 'calls_per_group'),
  _to('supportsDTMF', 'dtmf'),
  _to('supportsHolding', 'holding'),
  _to('supportsGrouping', 'grouping'),
  _to('supportsUngrouping', 'ungrouping'),
  _to('includesCallsInRecents', 'in_recents'),
  _to('ringtonePath', 'ringtone'),
  _to('configureAudioSession', 'configure_audio'),
  _to('audioSessionMode', 'audio_mode', _word),
  _to('audioSessionPreferredSampleRate', 'sample_rate_hz', _whole),
  _to('audioSessionPreferredIOBufferDuration', 'io_buffer_us', _microseconds),
];

ClarionMessage renamed(List<Rename> names, Map<String, dynamic> theirs) => {
      for (final name in names)
        if (theirs[name.theirs] case final Object value) name.ours: name.write(value),
    };

/// The "CallStyle" of the schema.
ClarionMessage styleOf(CallKitParams params) => {
      if (params.appName case final name?) 'app_name': name,
      if (params.avatar case final avatar?) 'avatar': avatar,
      if (params.missedCallNotification case final notice?) 'missed': renamed(noticeNames, notice.toJson()),
      if (params.callingNotification case final notice?) 'calling': renamed(noticeNames, notice.toJson()),
      if (params.android case final android?) 'android': renamed(androidNames, android.toJson()),
      if (params.ios case final ios?) 'ios': renamed(iosNames, ios.toJson()),
    };
