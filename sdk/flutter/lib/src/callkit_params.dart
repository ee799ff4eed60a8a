// SPDX-License-Identifier: Apache-2.0

/// The kinds of keypad tones.
enum DTMFActionType { singleTone, softPause, hardPause }

/// Null members stay out: what is not said keeps its default.
Map<String, dynamic> _said(Map<String, dynamic> all) => {
      for (final MapEntry(:key, :value) in all.entries)
        if (value != null) key: value,
    };

Map<String, dynamic>? _map(Object? json) => json == null ? null : Map<String, dynamic>.from(json as Map);

/// A call as an app describes it. `duration` is in milliseconds, `type` 0 is audio and 1 video.
class CallKitParams {
  const CallKitParams({
    required this.id,
    this.nameCaller,
    this.appName,
    this.avatar,
    this.handle,
    this.type,
    this.duration,
    this.isAccepted = false,
    this.missedCallNotification,
    this.callingNotification,
    this.extra,
    this.headers,
    this.android,
    this.ios,
  });

  CallKitParams.fromJson(Map<String, dynamic> json)
      : id = json['id'] as String,
        nameCaller = json['nameCaller'] as String?,
        appName = json['appName'] as String?,
        avatar = json['avatar'] as String?,
        handle = json['handle'] as String?,
        type = (json['type'] as num?)?.toInt(),
        duration = (json['duration'] as num?)?.toInt(),
        isAccepted = json['isAccepted'] == true,
        missedCallNotification = switch (_map(json['missedCallNotification'])) {
          final inner? => NotificationParams.fromJson(inner),
          null => null,
        },
        callingNotification = switch (_map(json['callingNotification'])) {
          final inner? => NotificationParams.fromJson(inner),
          null => null,
        },
        extra = _map(json['extra']),
        headers = _map(json['headers']),
        android = switch (_map(json['android'])) {
          final inner? => AndroidParams.fromJson(inner),
          null => null,
        },
        ios = switch (_map(json['ios'])) {
          final inner? => IOSParams.fromJson(inner),
          null => null,
        };

  final String id;
  final String? nameCaller;
  final String? appName;
  final String? avatar;
  final String? handle;
  final int? type;
  final int? duration;
  final bool isAccepted;
  final NotificationParams? missedCallNotification;
  final NotificationParams? callingNotification;
  final Map<String, dynamic>? extra;
  final Map<String, dynamic>? headers;
  final AndroidParams? android;
  final IOSParams? ios;

  Map<String, dynamic> toJson() => _said({
        'id': id,
        'nameCaller': nameCaller,
        'appName': appName,
        'avatar': avatar,
        'handle': handle,
        'type': type,
        'duration': duration,
        'isAccepted': isAccepted,
        'missedCallNotification': missedCallNotification?.toJson(),
        'callingNotification': callingNotification?.toJson(),
        'extra': extra,
        'headers': headers,
        'android': android?.toJson(),
        'ios': ios?.toJson(),
      });
}

/// The missed-call notice, or the one that stands while a call is placed and talked.
class NotificationParams {
  const NotificationParams({
    this.id,
    this.showNotification,
    this.subtitle,
    this.callbackText,
    this.isShowCallback,
    this.count,
  });

  NotificationParams.fromJson(Map<String, dynamic> json)
      : id = (json['id'] as num?)?.toInt(),
        showNotification = json['showNotification'] as bool?,
        subtitle = json['subtitle'] as String?,
        callbackText = json['callbackText'] as String?,
        isShowCallback = json['isShowCallback'] as bool?,
        count = (json['count'] as num?)?.toInt();

  final int? id;
  final bool? showNotification;
  final String? subtitle;
  final String? callbackText;
  final bool? isShowCallback;
  final int? count;

  Map<String, dynamic> toJson() => _said({
        'id': id,
        'showNotification': showNotification,
        'subtitle': subtitle,
        'callbackText': callbackText,
        'isShowCallback': isShowCallback,
        'count': count,
      });
}

/// How calls look on Android.
class AndroidParams {
  const AndroidParams({
    this.isCustomNotification,
    this.isCustomSmallExNotification,
    this.isShowLogo,
    this.logoUrl,
    this.isShowCallID,
    this.ringtonePath,
    this.backgroundColor,
    this.backgroundUrl,
    this.actionColor,
    this.textColor,
    this.incomingCallNotificationChannelName,
    this.missedCallNotificationChannelName,
    this.isShowFullLockedScreen,
    this.isImportant,
    this.isBot,
    this.isFullScreen,
    this.from,
    this.textAccept,
    this.textDecline,
    this.acceptColor,
    this.declineColor,
  });

  AndroidParams.fromJson(Map<String, dynamic> json)
      : isCustomNotification = json['isCustomNotification'] as bool?,
        isCustomSmallExNotification = json['isCustomSmallExNotification'] as bool?,
        isShowLogo = json['isShowLogo'] as bool?,
        logoUrl = json['logoUrl'] as String?,
        isShowCallID = json['isShowCallID'] as bool?,
        ringtonePath = json['ringtonePath'] as String?,
        backgroundColor = json['backgroundColor'] as String?,
        backgroundUrl = json['backgroundUrl'] as String?,
        actionColor = json['actionColor'] as String?,
        textColor = json['textColor'] as String?,
        incomingCallNotificationChannelName = json['incomingCallNotificationChannelName'] as String?,
        missedCallNotificationChannelName = json['missedCallNotificationChannelName'] as String?,
        isShowFullLockedScreen = json['isShowFullLockedScreen'] as bool?,
        isImportant = json['isImportant'] as bool?,
        isBot = json['isBot'] as bool?,
        isFullScreen = json['isFullScreen'] as bool?,
        from = json['from'] as String?,
        textAccept = json['textAccept'] as String?,
        textDecline = json['textDecline'] as String?,
        acceptColor = json['acceptColor'] as String?,
        declineColor = json['declineColor'] as String?;

  final bool? isCustomNotification;
  final bool? isCustomSmallExNotification;
  final bool? isShowLogo;
  final String? logoUrl;
  final bool? isShowCallID;
  final String? ringtonePath;
  final String? backgroundColor;
  final String? backgroundUrl;
  final String? actionColor;
  final String? textColor;
  final String? incomingCallNotificationChannelName;
  final String? missedCallNotificationChannelName;
  final bool? isShowFullLockedScreen;
  final bool? isImportant;
  final bool? isBot;
  final bool? isFullScreen;
  final String? from;
  final String? textAccept;
  final String? textDecline;
  final String? acceptColor;
  final String? declineColor;

  Map<String, dynamic> toJson() => _said({
        'isCustomNotification': isCustomNotification,
        'isCustomSmallExNotification': isCustomSmallExNotification,
        'isShowLogo': isShowLogo,
        'logoUrl': logoUrl,
        'isShowCallID': isShowCallID,
        'ringtonePath': ringtonePath,
        'backgroundColor': backgroundColor,
        'backgroundUrl': backgroundUrl,
        'actionColor': actionColor,
        'textColor': textColor,
        'incomingCallNotificationChannelName': incomingCallNotificationChannelName,
        'missedCallNotificationChannelName': missedCallNotificationChannelName,
        'isShowFullLockedScreen': isShowFullLockedScreen,
        'isImportant': isImportant,
        'isBot': isBot,
        'isFullScreen': isFullScreen,
        'from': from,
        'textAccept': textAccept,
        'textDecline': textDecline,
        'acceptColor': acceptColor,
        'declineColor': declineColor,
      });
}

/// How calls look on iOS. `normalHandle` and `audioSessionActive` do nothing here: docs/platforms/flutter.md.
class IOSParams {
  const IOSParams({
    this.iconName,
    this.handleType,
    this.normalHandle,
    this.supportsVideo,
    this.maximumCallGroups,
    this.maximumCallsPerCallGroup,
    this.supportsDTMF,
    this.supportsHolding,
    this.supportsGrouping,
    this.supportsUngrouping,
    this.includesCallsInRecents,
    this.ringtonePath,
    this.configureAudioSession,
    this.audioSessionMode,
    this.audioSessionActive,
    this.audioSessionPreferredSampleRate,
    this.audioSessionPreferredIOBufferDuration,
  });

  IOSParams.fromJson(Map<String, dynamic> json)
      : iconName = json['iconName'] as String?,
        handleType = json['handleType'] as String?,
        normalHandle = (json['normalHandle'] as num?)?.toInt(),
        supportsVideo = json['supportsVideo'] as bool?,
        maximumCallGroups = (json['maximumCallGroups'] as num?)?.toInt(),
        maximumCallsPerCallGroup = (json['maximumCallsPerCallGroup'] as num?)?.toInt(),
        supportsDTMF = json['supportsDTMF'] as bool?,
        supportsHolding = json['supportsHolding'] as bool?,
        supportsGrouping = json['supportsGrouping'] as bool?,
        supportsUngrouping = json['supportsUngrouping'] as bool?,
        includesCallsInRecents = json['includesCallsInRecents'] as bool?,
        ringtonePath = json['ringtonePath'] as String?,
        configureAudioSession = json['configureAudioSession'] as bool?,
        audioSessionMode = json['audioSessionMode'] as String?,
        audioSessionActive = json['audioSessionActive'] as bool?,
        audioSessionPreferredSampleRate = (json['audioSessionPreferredSampleRate'] as num?)?.toDouble(),
        audioSessionPreferredIOBufferDuration = (json['audioSessionPreferredIOBufferDuration'] as num?)?.toDouble();

  final String? iconName;
  final String? handleType;
  final int? normalHandle;
  final bool? supportsVideo;
  final int? maximumCallGroups;
  final int? maximumCallsPerCallGroup;
  final bool? supportsDTMF;
  final bool? supportsHolding;
  final bool? supportsGrouping;
  final bool? supportsUngrouping;
  final bool? includesCallsInRecents;
  final String? ringtonePath;
  final bool? configureAudioSession;
  final String? audioSessionMode;
  final bool? audioSessionActive;
  final double? audioSessionPreferredSampleRate;
  final double? audioSessionPreferredIOBufferDuration;

  Map<String, dynamic> toJson() => _said({
        'iconName': iconName,
        'handleType': handleType,
        'normalHandle': normalHandle,
        'supportsVideo': supportsVideo,
        'maximumCallGroups': maximumCallGroups,
        'maximumCallsPerCallGroup': maximumCallsPerCallGroup,
        'supportsDTMF': supportsDTMF,
        'supportsHolding': supportsHolding,
        'supportsGrouping': supportsGrouping,
        'supportsUngrouping': supportsUngrouping,
        'includesCallsInRecents': includesCallsInRecents,
        'ringtonePath': ringtonePath,
        'configureAudioSession': configureAudioSession,
        'audioSessionMode': audioSessionMode,
        'audioSessionActive': audioSessionActive,
        'audioSessionPreferredSampleRate': audioSessionPreferredSampleRate,
        'audioSessionPreferredIOBufferDuration': audioSessionPreferredIOBufferDuration,
      });
}
