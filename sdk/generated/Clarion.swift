// SPDX-License-Identifier: Apache-2.0
// Made by tools/schema from the one description; do not edit. docs/door.md

public enum ClarionStatus {
    public static let ok = 0
    public static let nothing = 1
    public static let argument = -1
    public static let tooLarge = -2
    public static let malformed = -3
    public static let unknownType = -4
    public static let field = -5
    public static let undrained = -6
    public static let timeWentBack = -7
    public static let unknownCall = -8
    public static let wrongState = -9
    public static let duplicateCall = -10
    public static let tooManyCalls = -11
    public static let snapshotVersion = -12
    public static let snapshotDamaged = -13
}

public enum ClarionLimits {
    public static let jsonMax = 262144
    public static let snapshotMax = 4194304
    public static let frameLengthMax = 65536
    public static let sdpLengthMax = 32768
    public static let candidateLengthMax = 512
    public static let tokenLengthMax = 4096
    public static let ticketLengthMax = 64
    public static let ccParamLengthMax = 1024
    public static let idLengthMax = 64
    public static let nameLengthMax = 128
    public static let releaseCodeLengthMax = 128
    public static let startMessageLengthMax = 200
    public static let appServerDataLengthMax = 4096
    public static let holdReasonLengthMax = 256
    public static let shortDataTypeLengthMax = 100
    public static let shortDataLengthMax = 800
    public static let extraLengthMax = 2048
    public static let callsMax = 8
    public static let calluiCallsMax = 16
    public static let eventsMax = 128
    public static let protocolVersion = 1
    public static let inviteVersion = 1
}

public enum ClarionEngineInputType: String, CaseIterable, Sendable {
    case pushReceived = "push_received"
    case incomingReported = "incoming_reported"
    case userAnswered = "user_answered"
    case userEnded = "user_ended"
    case userMuted = "user_muted"
    case userHeld = "user_held"
    case actionTimedOut = "action_timed_out"
    case providerReset = "provider_reset"
    case audioActivated = "audio_activated"
    case audioDeactivated = "audio_deactivated"
    case placeRequested = "place_requested"
    case appAttached = "app_attached"
    case eventsAcknowledged = "events_acknowledged"
    case onlineRequested = "online_requested"
    case signallingOpened = "signalling_opened"
    case signallingClosed = "signalling_closed"
    case frameReceived = "frame_received"
    case offerPrepared = "offer_prepared"
    case answerPrepared = "answer_prepared"
    case candidateFound = "candidate_found"
    case mediaConnected = "media_connected"
    case mediaLost = "media_lost"
    case mediaFailed = "media_failed"
    case firstAudioHeard = "first_audio_heard"
    case answerRequested = "answer_requested"
    case preparationFinished = "preparation_finished"
    case endRequested = "end_requested"
    case allCallsEnded = "all_calls_ended"
    case holdRequested = "hold_requested"
    case peerSilenceRequested = "peer_silence_requested"
    case muteAsked = "mute_asked"
    case videoRequested = "video_requested"
    case videoAnswered = "video_answered"
    case videoPaused = "video_paused"
    case screenShareChanged = "screen_share_changed"
    case shortDataRequested = "short_data_requested"
    case callsRequested = "calls_requested"
    case takeRequested = "take_requested"
    case tokenSupplied = "token_supplied"
    case signedOut = "signed_out"
    case audioRouteRequested = "audio_route_requested"
    case networkChanged = "network_changed"
    case microphoneChanged = "microphone_changed"
    case cellularCallChanged = "cellular_call_changed"
    case audioRouteChanged = "audio_route_changed"
    case negotiationFailed = "negotiation_failed"
    case statisticsMeasured = "statistics_measured"
    case allMuted = "all_muted"
    case appDetached = "app_detached"
    case customEventReported = "custom_event_reported"
    case eventsSilenced = "events_silenced"
    case hideRequested = "hide_requested"
    case missedSeen = "missed_seen"
    case missedShown = "missed_shown"
    case pushTokenChanged = "push_token_changed"
    case redialAsked = "redial_asked"
    case ringSilenced = "ring_silenced"
    case ringTimedOut = "ring_timed_out"
    case styleChosen = "style_chosen"
    case userCalledBack = "user_called_back"
    case userDialled = "user_dialled"
    case userGrouped = "user_grouped"
    case outgoingReported = "outgoing_reported"
}

public enum ClarionEngineOutputType: String, CaseIterable, Sendable {
    case reportIncoming = "report_incoming"
    case updateSystemCall = "update_system_call"
    case endSystemCall = "end_system_call"
    case reportOutgoing = "report_outgoing"
    case reportOutgoingConnected = "report_outgoing_connected"
    case fulfilAction = "fulfil_action"
    case failAction = "fail_action"
    case showMissedCall = "show_missed_call"
    case startForegroundService = "start_foreground_service"
    case stopForegroundService = "stop_foreground_service"
    case emitEvent = "emit_event"
    case persistSnapshot = "persist_snapshot"
    case changeSystemCall = "change_system_call"
    case hideMissedCall = "hide_missed_call"
    case showOngoingCall = "show_ongoing_call"
    case hideOngoingCall = "hide_ongoing_call"
    case tellAudioSession = "tell_audio_session"
    case openSignalling = "open_signalling"
    case closeSignalling = "close_signalling"
    case sendFrame = "send_frame"
    case prepareOffer = "prepare_offer"
    case prepareAnswer = "prepare_answer"
    case applyAnswer = "apply_answer"
    case addCandidate = "add_candidate"
    case openAudio = "open_audio"
    case closeAudio = "close_audio"
    case setMuted = "set_muted"
    case setHeld = "set_held"
    case closeMedia = "close_media"
    case requestToken = "request_token"
    case dropOffer = "drop_offer"
    case setMicrophone = "set_microphone"
    case setPeerSilenced = "set_peer_silenced"
    case setVideo = "set_video"
    case stopScreenShare = "stop_screen_share"
    case setAudioRoute = "set_audio_route"
    case playTone = "play_tone"
    case stopTone = "stop_tone"
    case emitNotice = "emit_notice"
    case openInvite = "open_invite"
}

public enum ClarionCalluiInputType: String, CaseIterable, Sendable {
    case incomingReported = "incoming_reported"
    case userAnswered = "user_answered"
    case userEnded = "user_ended"
    case userMuted = "user_muted"
    case userHeld = "user_held"
    case actionTimedOut = "action_timed_out"
    case providerReset = "provider_reset"
    case audioActivated = "audio_activated"
    case audioDeactivated = "audio_deactivated"
    case appAttached = "app_attached"
    case eventsAcknowledged = "events_acknowledged"
    case incomingAnnounced = "incoming_announced"
    case unusablePushArrived = "unusable_push_arrived"
    case missedCallLearned = "missed_call_learned"
    case callUpdated = "call_updated"
    case outgoingStarted = "outgoing_started"
    case outgoingPlaced = "outgoing_placed"
    case peerRang = "peer_rang"
    case callConnected = "call_connected"
    case peerHoldChanged = "peer_hold_changed"
    case callEnded = "call_ended"
    case callChanged = "call_changed"
    case ringSilenced = "ring_silenced"
    case ringTimedOut = "ring_timed_out"
    case userDialled = "user_dialled"
    case userGrouped = "user_grouped"
    case allMuted = "all_muted"
    case userCalledBack = "user_called_back"
    case redialAsked = "redial_asked"
    case missedSeen = "missed_seen"
    case appDetached = "app_detached"
    case eventsSilenced = "events_silenced"
    case endRequested = "end_requested"
    case endAllRequested = "end_all_requested"
    case hideRequested = "hide_requested"
    case connectedSet = "connected_set"
    case missedShown = "missed_shown"
    case pushTokenChanged = "push_token_changed"
    case customEventReported = "custom_event_reported"
    case styleChosen = "style_chosen"
    case policyChosen = "policy_chosen"
    case callDismissed = "call_dismissed"
    case outgoingReported = "outgoing_reported"
    case pushArrived = "push_arrived"
}

public enum ClarionCalluiOutputType: String, CaseIterable, Sendable {
    case reportIncoming = "report_incoming"
    case updateSystemCall = "update_system_call"
    case endSystemCall = "end_system_call"
    case reportOutgoing = "report_outgoing"
    case reportOutgoingConnected = "report_outgoing_connected"
    case fulfilAction = "fulfil_action"
    case failAction = "fail_action"
    case showMissedCall = "show_missed_call"
    case startForegroundService = "start_foreground_service"
    case stopForegroundService = "stop_foreground_service"
    case emitEvent = "emit_event"
    case persistSnapshot = "persist_snapshot"
    case changeSystemCall = "change_system_call"
    case hideMissedCall = "hide_missed_call"
    case showOngoingCall = "show_ongoing_call"
    case hideOngoingCall = "hide_ongoing_call"
    case tellAudioSession = "tell_audio_session"
}

public enum ClarionClientMessageType: String, CaseIterable, Sendable {
    case hello = "hello"
    case place = "place"
    case verify = "verify"
    case answer = "answer"
    case decline = "decline"
    case end = "end"
    case candidate = "candidate"
    case myState = "my_state"
    case mediaOffer = "media_offer"
    case mediaAnswer = "media_answer"
    case muteRequest = "mute_request"
    case shortData = "short_data"
    case take = "take"
    case listCalls = "list_calls"
    case renew = "renew"
    case pushAddress = "push_address"
    case receipt = "receipt"
}

public enum ClarionServerMessageType: String, CaseIterable, Sendable {
    case welcome = "welcome"
    case ack = "ack"
    case error = "error"
    case incoming = "incoming"
    case notified = "notified"
    case progress = "progress"
    case verified = "verified"
    case answered = "answered"
    case answerConfirmed = "answer_confirmed"
    case candidate = "candidate"
    case peerState = "peer_state"
    case mediaOffer = "media_offer"
    case mediaAnswer = "media_answer"
    case muteRequest = "mute_request"
    case shortData = "short_data"
    case merged = "merged"
    case taken = "taken"
    case liveCalls = "live_calls"
    case ended = "ended"
}

public enum ClarionEndReason: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case normal = "normal"
    case decline = "decline"
    case cellCall = "cell_call"
    case internalError = "internal_error"
    case userError = "user_error"
    case internalKitError = "internal_kit_error"
    case micNoSource = "mic_no_source"
    case cancel = "cancel"
    case busy = "busy"
    case noAnswer = "no_answer"
    case alreadyGotACall = "already_got_a_call"
    case multiDeviceInUse = "multi_device_in_use"
    case multiDeviceAnswer = "multi_device_answer"
    case multiDeviceDecline = "multi_device_decline"
    case maxCallTimeExceeded = "max_call_time_exceeded"
    case networkUnstable = "network_unstable"
    case pushError = "push_error"
    case authError = "auth_error"
    case releasedCall = "released_call"
    case serverInternalError = "server_internal_error"
    case unavailableNetwork = "unavailable_network"
    case appDestroy = "app_destroy"
    case systemSleep = "system_sleep"
    case systemLogOff = "system_log_off"
    case mtuExceeded = "mtu_exceeded"
    case appServerDataError = "app_server_data_error"
    case desktopScreenLocked = "desktop_screen_locked"
    case roomIsFull = "room_is_full"
    case aloneKickOut = "alone_kick_out"
    case roomNotFound = "room_not_found"
    case anotherInstanceTryToJoin = "another_instance_try_to_join"
    case serviceAccessTokenError = "service_access_token_error"
    case serviceInvalidId = "service_invalid_id"
    case serviceMaintenance = "service_maintenance"
    case serviceBusy = "service_busy"
    case serviceInternalError = "service_internal_error"
    case serviceHttpError = "service_http_error"
    case serviceHttpConnectionTimeOut = "service_http_connection_time_out"
    case serviceHttpInvalidPeerCert = "service_http_invalid_peer_cert"
    case serviceHttpConnectFail = "service_http_connect_fail"
    case serviceHttpInvalidUrl = "service_http_invalid_url"
    case serviceIncompatibleVersion = "service_incompatible_version"
    case serviceTooManyRequests = "service_too_many_requests"

    public var number: Int {
        switch self {
        case .unknown: return -1
        case .normal: return 1001
        case .decline: return 1002
        case .cellCall: return 1003
        case .internalError: return 1109
        case .userError: return 1110
        case .internalKitError: return 1111
        case .micNoSource: return 1112
        case .cancel: return 1201
        case .busy: return 1202
        case .noAnswer: return 1203
        case .alreadyGotACall: return 1204
        case .multiDeviceInUse: return 1205
        case .multiDeviceAnswer: return 1206
        case .multiDeviceDecline: return 1207
        case .maxCallTimeExceeded: return 1208
        case .networkUnstable: return 1301
        case .pushError: return 1302
        case .authError: return 1303
        case .releasedCall: return 1304
        case .serverInternalError: return 1305
        case .unavailableNetwork: return 1308
        case .appDestroy: return 1309
        case .systemSleep: return 1310
        case .systemLogOff: return 1311
        case .mtuExceeded: return 1312
        case .appServerDataError: return 1313
        case .desktopScreenLocked: return 1314
        case .roomIsFull: return 1401
        case .aloneKickOut: return 1402
        case .roomNotFound: return 1404
        case .anotherInstanceTryToJoin: return 1405
        case .serviceAccessTokenError: return 1501
        case .serviceInvalidId: return 1502
        case .serviceMaintenance: return 1503
        case .serviceBusy: return 1504
        case .serviceInternalError: return 1505
        case .serviceHttpError: return 1506
        case .serviceHttpConnectionTimeOut: return 1507
        case .serviceHttpInvalidPeerCert: return 1508
        case .serviceHttpConnectFail: return 1509
        case .serviceHttpInvalidUrl: return 1510
        case .serviceIncompatibleVersion: return 1511
        case .serviceTooManyRequests: return 1512
        }
    }
}

public enum ClarionEndSource: String, CaseIterable, Sendable {
    case undefined = "undefined"
    case callee = "callee"
    case caller = "caller"
    case participant = "participant"
    case cloudServer = "cloud_server"
    case appServer = "app_server"
}

public enum ClarionOutcome: String, CaseIterable, Sendable {
    case answered = "answered"
    case missed = "missed"
    case declined = "declined"
    case cancelled = "cancelled"
    case failed = "failed"
}

public enum ClarionSystemEndReason: String, CaseIterable, Sendable {
    case failed = "failed"
    case remoteEnded = "remote_ended"
    case unanswered = "unanswered"
    case answeredElsewhere = "answered_elsewhere"
    case declinedElsewhere = "declined_elsewhere"

    public var number: Int {
        switch self {
        case .failed: return 1
        case .remoteEnded: return 2
        case .unanswered: return 3
        case .answeredElsewhere: return 4
        case .declinedElsewhere: return 5
        }
    }
}

public enum ClarionAudioMode: String, CaseIterable, Sendable {
    case standard = "standard"
    case gameChat = "game_chat"
    case measurement = "measurement"
    case moviePlayback = "movie_playback"
    case spokenAudio = "spoken_audio"
    case videoChat = "video_chat"
    case videoRecording = "video_recording"
    case voiceChat = "voice_chat"
    case voicePrompt = "voice_prompt"
}

public enum ClarionChangeKind: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case verified = "verified"
    case peerMessage = "peer_message"
    case progress = "progress"
    case preparing = "preparing"
    case preparationFinished = "preparation_finished"
    case peerMuted = "peer_muted"
    case peerUnmuted = "peer_unmuted"
    case muteAsked = "mute_asked"
    case videoAsked = "video_asked"
    case videoEnabled = "video_enabled"
    case videoDisabled = "video_disabled"
    case videoRefused = "video_refused"
    case peerVideoPaused = "peer_video_paused"
    case peerVideoResumed = "peer_video_resumed"
    case peerScreenStarted = "peer_screen_started"
    case peerScreenStopped = "peer_screen_stopped"
    case screenStopped = "screen_stopped"
    case networkLost = "network_lost"
    case networkReturned = "network_returned"
    case peerNetworkLost = "peer_network_lost"
    case peerNetworkReturned = "peer_network_returned"
    case shortData = "short_data"
    case silencedPeer = "silenced_peer"
    case unsilencedPeer = "unsilenced_peer"
    case microphoneMissing = "microphone_missing"
    case microphonePresent = "microphone_present"
    case movedHere = "moved_here"
    case peerMoved = "peer_moved"
    case continued = "continued"
    case merged = "merged"
}

public enum ClarionDismissal: String, CaseIterable, Sendable {
    case cancelled = "cancelled"
    case answeredElsewhere = "answered_elsewhere"
    case declinedElsewhere = "declined_elsewhere"
    case timedOut = "timed_out"
    case busy = "busy"
    case failed = "failed"
}

public enum ClarionEventKind: String, CaseIterable, Sendable {
    case incoming = "incoming"
    case answered = "answered"
    case connected = "connected"
    case held = "held"
    case unheld = "unheld"
    case peerHeld = "peer_held"
    case peerUnheld = "peer_unheld"
    case muted = "muted"
    case unmuted = "unmuted"
    case placed = "placed"
    case peerRinging = "peer_ringing"
    case ended = "ended"
    case notShown = "not_shown"
    case silenced = "silenced"
    case dtmf = "dtmf"
    case grouped = "grouped"
    case ungrouped = "ungrouped"
    case callBack = "call_back"
    case redial = "redial"
    case pushToken = "push_token"
    case custom = "custom"
    case changed = "changed"
}

public enum ClarionCalluiFirstCall: String, CaseIterable, Sendable {
    case leave = "leave"
    case hold = "hold"
    case end = "end"
}

public enum ClarionHandleType: String, CaseIterable, Sendable {
    case generic = "generic"
    case phoneNumber = "phone_number"
    case email = "email"
}

public enum ClarionOngoingStage: String, CaseIterable, Sendable {
    case calling = "calling"
    case connecting = "connecting"
    case talking = "talking"
    case onHold = "on_hold"
}

public enum ClarionOrigin: String, CaseIterable, Sendable {
    case remote = "remote"
    case user = "user"
    case app = "app"
    case system = "system"
}

public enum ClarionCalluiPhase: String, CaseIterable, Sendable {
    case waiting = "waiting"
    case accepted = "accepted"
    case connected = "connected"
}

public enum ClarionReportResult: String, CaseIterable, Sendable {
    case shown = "shown"
    case alreadyExists = "already_exists"
    case filteredByFocus = "filtered_by_focus"
    case filteredByBlockList = "filtered_by_block_list"
    case limitReached = "limit_reached"
    case notAllowed = "not_allowed"
    case failed = "failed"
}

public enum ClarionSecondCall: String, CaseIterable, Sendable {
    case ring = "ring"
    case ringSilently = "ring_silently"
    case busy = "busy"
}

public enum ClarionSystemChange: String, CaseIterable, Sendable {
    case answer = "answer"
    case hide = "hide"
    case silence = "silence"
    case mute = "mute"
    case unmute = "unmute"
    case hold = "hold"
    case unhold = "unhold"
    case dtmf = "dtmf"
    case group = "group"
    case ungroup = "ungroup"
}

public enum ClarionToneKind: String, CaseIterable, Sendable {
    case singleTone = "single_tone"
    case softPause = "soft_pause"
    case hardPause = "hard_pause"

    public var number: Int {
        switch self {
        case .singleTone: return 1
        case .softPause: return 2
        case .hardPause: return 3
        }
    }
}

public enum ClarionAdoptResult: String, CaseIterable, Sendable {
    case live = "live"
    case ended = "ended"
    case elsewhere = "elsewhere"
    case unknown = "unknown"
}

public enum ClarionAudioRoute: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case earpiece = "earpiece"
    case speaker = "speaker"
    case wired = "wired"
    case bluetooth = "bluetooth"
    case car = "car"
}

public enum ClarionCallState: String, CaseIterable, Sendable {
    case trying = "trying"
    case waitAnswer = "wait_answer"
    case verified = "verified"
    case connected = "connected"
    case disconnected = "disconnected"
}

public enum ClarionDirection: String, CaseIterable, Sendable {
    case incoming = "incoming"
    case outgoing = "outgoing"
}

public enum ClarionEndManner: String, CaseIterable, Sendable {
    case normal = "normal"
    case busy = "busy"
    case error = "error"
}

public enum ClarionEngineFirstCall: String, CaseIterable, Sendable {
    case hold = "hold"
    case end = "end"
}

public enum ClarionIntent: String, CaseIterable, Sendable {
    case none = "none"
    case accepted = "accepted"
    case ended = "ended"
}

public enum ClarionNoticeKind: String, CaseIterable, Sendable {
    case statistics = "statistics"
    case quality = "quality"
    case audioRoute = "audio_route"
    case liveCalls = "live_calls"
    case signedOut = "signed_out"
    case pushAddressRefused = "push_address_refused"
}

public enum ClarionOnCellular: String, CaseIterable, Sendable {
    case hold = "hold"
    case end = "end"
}

public enum ClarionOnVideo: String, CaseIterable, Sendable {
    case pause = "pause"
    case send = "send"
    case ask = "ask"
    case refuse = "refuse"
}

public enum ClarionEnginePhase: String, CaseIterable, Sendable {
    case announced = "announced"
    case answering = "answering"
    case placing = "placing"
    case waiting = "waiting"
    case connecting = "connecting"
    case connected = "connected"
    case ended = "ended"
}

public enum ClarionPushFault: String, CaseIterable, Sendable {
    case none = "none"
    case malformed = "malformed"
    case notForThisDevice = "not_for_this_device"
    case badSignature = "bad_signature"
    case unsupportedVersion = "unsupported_version"
}

public enum ClarionQuality: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case good = "good"
    case fair = "fair"
    case poor = "poor"
}

public enum ClarionSignallingFault: String, CaseIterable, Sendable {
    case none = "none"
    case unreachable = "unreachable"
    case timedOut = "timed_out"
    case tlsUntrusted = "tls_untrusted"
    case closed = "closed"
    case protocolError = "protocol_error"
    case replaced = "replaced"
    case refused = "refused"
}

public enum ClarionStartFail: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case none = "none"
    case invalidParam = "invalid_param"
    case alreadyExist = "already_exist"
    case decodeCallParam = "decode_call_param"
    case memoryError = "memory_error"
    case idConflict = "id_conflict"
    case reuse = "reuse"
    case invalidUserId = "invalid_user_id"
    case invalidServiceId = "invalid_service_id"
    case invalidApiKey = "invalid_api_key"
    case invalidRoomId = "invalid_room_id"
    case tooLongAppServerData = "too_long_app_server_data"
    case notInitialized = "not_initialized"
    case `internal` = "internal"
    case windowsCoreLibrary = "windows_core_library"
    case windowsAudioInput = "windows_audio_input"
    case windowsAudioOutput = "windows_audio_output"
    case windowsVideoCapturer = "windows_video_capturer"
    case windowsNotReady = "windows_not_ready"
    case windowsInvalidParam = "windows_invalid_param"
    case windowsOtherConferenceExists = "windows_other_conference_exists"
    case windowsPeerIdEmpty = "windows_peer_id_empty"
    case windowsParamNull = "windows_param_null"
    case kitUnknownMediaType = "kit_unknown_media_type"
    case kitInvalidRoomId = "kit_invalid_room_id"
    case kitInvalidPeerId = "kit_invalid_peer_id"
    case kitInvalidPushMessage = "kit_invalid_push_message"
    case kitNoMetalDevice = "kit_no_metal_device"
    case kitInvalidAuthentication = "kit_invalid_authentication"
    case kitInternalInitializationError = "kit_internal_initialization_error"
    case kitNoPermissionRecordAudio = "kit_no_permission_record_audio"
    case kitCallInitDataInvalidSize = "kit_call_init_data_invalid_size"
    case kitMyUserIdBlank = "kit_my_user_id_blank"
    case kitMyServiceIdBlank = "kit_my_service_id_blank"
    case kitPeerUserIdBlank = "kit_peer_user_id_blank"
    case kitPeerServiceIdBlank = "kit_peer_service_id_blank"
    case kitInvalidStateToMakeCall = "kit_invalid_state_to_make_call"
    case kitCannotCreateNewSession = "kit_cannot_create_new_session"
    case kitInvalidStateToJoinConference = "kit_invalid_state_to_join_conference"
    case kitRoomIdBlank = "kit_room_id_blank"
    case kitRoomServiceIdBlank = "kit_room_service_id_blank"
    case kitNoPermissionReadPhoneState = "kit_no_permission_read_phone_state"
    case kitInternalUnknownExceptionAtVerifyCall = "kit_internal_unknown_exception_at_verify_call"
    case kitInternalJniEnv = "kit_internal_jni_env"
    case kitInternalJniHandleNullptr = "kit_internal_jni_handle_nullptr"
    case kitInternalJniObjNullptr = "kit_internal_jni_obj_nullptr"
    case kitInternalJniClassNullptr = "kit_internal_jni_class_nullptr"
    case kitInternalUndefined = "kit_internal_undefined"

    public var number: Int {
        switch self {
        case .unknown: return -1
        case .none: return 0
        case .invalidParam: return 1
        case .alreadyExist: return 2
        case .decodeCallParam: return 3
        case .memoryError: return 4
        case .idConflict: return 5
        case .reuse: return 6
        case .invalidUserId: return 7
        case .invalidServiceId: return 8
        case .invalidApiKey: return 9
        case .invalidRoomId: return 10
        case .tooLongAppServerData: return 11
        case .notInitialized: return 12
        case .`internal`: return 999
        case .windowsCoreLibrary: return 1000
        case .windowsAudioInput: return 1001
        case .windowsAudioOutput: return 1002
        case .windowsVideoCapturer: return 1003
        case .windowsNotReady: return 1004
        case .windowsInvalidParam: return 1005
        case .windowsOtherConferenceExists: return 1006
        case .windowsPeerIdEmpty: return 1007
        case .windowsParamNull: return 1008
        case .kitUnknownMediaType: return 2001
        case .kitInvalidRoomId: return 2002
        case .kitInvalidPeerId: return 2003
        case .kitInvalidPushMessage: return 2004
        case .kitNoMetalDevice: return 2005
        case .kitInvalidAuthentication: return 2006
        case .kitInternalInitializationError: return 2999
        case .kitNoPermissionRecordAudio: return 3000
        case .kitCallInitDataInvalidSize: return 3001
        case .kitMyUserIdBlank: return 3002
        case .kitMyServiceIdBlank: return 3003
        case .kitPeerUserIdBlank: return 3004
        case .kitPeerServiceIdBlank: return 3005
        case .kitInvalidStateToMakeCall: return 3006
        case .kitCannotCreateNewSession: return 3007
        case .kitInvalidStateToJoinConference: return 3008
        case .kitRoomIdBlank: return 3009
        case .kitRoomServiceIdBlank: return 3010
        case .kitNoPermissionReadPhoneState: return 3011
        case .kitInternalUnknownExceptionAtVerifyCall: return 3994
        case .kitInternalJniEnv: return 3995
        case .kitInternalJniHandleNullptr: return 3996
        case .kitInternalJniObjNullptr: return 3997
        case .kitInternalJniClassNullptr: return 3998
        case .kitInternalUndefined: return 3999
        }
    }
}

public enum ClarionTone: String, CaseIterable, Sendable {
    case ring = "ring"
    case ringback = "ringback"
    case hold = "hold"
    case end = "end"
    case busy = "busy"
}

public enum ClarionErrorCode: String, CaseIterable, Sendable {
    case malformed = "malformed"
    case tooLarge = "too_large"
    case wrongVersion = "wrong_version"
    case unknownType = "unknown_type"
    case notAuthorized = "not_authorized"
    case notForDevice = "not_for_device"
    case unknownCall = "unknown_call"
    case wrongState = "wrong_state"
    case alreadyAnswered = "already_answered"
    case idConflict = "id_conflict"
    case tooMany = "too_many"
    case unavailable = "unavailable"
}

public enum ClarionMedia: String, CaseIterable, Sendable {
    case audio = "audio"
    case video = "video"
}

public enum ClarionNegotiation: String, CaseIterable, Sendable {
    case iceRestart = "ice_restart"
    case media = "media"
    case transfer = "transfer"
}

public enum ClarionPauseReason: String, CaseIterable, Sendable {
    case unknown = "unknown"
    case user = "user"
    case interrupt = "interrupt"
    case undefined = "undefined"
    case `internal` = "internal"
    case enableVideoResponse = "enable_video_response"
    case cameraInactive = "camera_inactive"
    case hold = "hold"
}

public enum ClarionPlatform: String, CaseIterable, Sendable {
    case ios = "ios"
    case android = "android"
    case desktop = "desktop"
    case web = "web"
}

public enum ClarionPushKind: String, CaseIterable, Sendable {
    case ring = "ring"
    case cancel = "cancel"
}

public enum ClarionReceiptStep: String, CaseIterable, Sendable {
    case woke = "woke"
    case inviteOpened = "invite_opened"
    case inviteRefused = "invite_refused"
    case reported = "reported"
    case ringing = "ringing"
    case notShown = "not_shown"
    case tappedAccept = "tapped_accept"
    case tappedDecline = "tapped_decline"
    case mediaConnected = "media_connected"
    case firstAudio = "first_audio"
}

public enum ClarionTokenKind: String, CaseIterable, Sendable {
    case apnsVoip = "apns_voip"
    case apnsAlert = "apns_alert"
    case fcm = "fcm"
    case webPush = "web_push"
    case unifiedPush = "unified_push"
}

public enum ClarionVideo: String, CaseIterable, Sendable {
    case off = "off"
    case on = "on"
    case paused = "paused"
}
