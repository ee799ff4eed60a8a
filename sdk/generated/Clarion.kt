// SPDX-License-Identifier: Apache-2.0
// Made by tools/schema from the one description; do not edit. docs/door.md

package io.clarion

object Status {
    const val OK = 0
    const val NOTHING = 1
    const val ARGUMENT = -1
    const val TOO_LARGE = -2
    const val MALFORMED = -3
    const val UNKNOWN_TYPE = -4
    const val FIELD = -5
    const val UNDRAINED = -6
    const val TIME_WENT_BACK = -7
    const val UNKNOWN_CALL = -8
    const val WRONG_STATE = -9
    const val DUPLICATE_CALL = -10
    const val TOO_MANY_CALLS = -11
    const val SNAPSHOT_VERSION = -12
    const val SNAPSHOT_DAMAGED = -13
}

object Limits {
    const val JSON_MAX = 262144
    const val SNAPSHOT_MAX = 4194304
    const val FRAME_LENGTH_MAX = 65536
    const val SDP_LENGTH_MAX = 32768
    const val CANDIDATE_LENGTH_MAX = 512
    const val TOKEN_LENGTH_MAX = 4096
    const val TICKET_LENGTH_MAX = 64
    const val CC_PARAM_LENGTH_MAX = 1024
    const val ID_LENGTH_MAX = 64
    const val NAME_LENGTH_MAX = 128
    const val RELEASE_CODE_LENGTH_MAX = 128
    const val START_MESSAGE_LENGTH_MAX = 200
    const val APP_SERVER_DATA_LENGTH_MAX = 4096
    const val HOLD_REASON_LENGTH_MAX = 256
    const val SHORT_DATA_TYPE_LENGTH_MAX = 100
    const val SHORT_DATA_LENGTH_MAX = 800
    const val EXTRA_LENGTH_MAX = 2048
    const val CALLS_MAX = 8
    const val CALLUI_CALLS_MAX = 16
    const val EVENTS_MAX = 128
    const val PROTOCOL_VERSION = 1
    const val INVITE_VERSION = 1
}

object EngineInputType {
    const val PUSH_RECEIVED = "push_received"
    const val INCOMING_REPORTED = "incoming_reported"
    const val USER_ANSWERED = "user_answered"
    const val USER_ENDED = "user_ended"
    const val USER_MUTED = "user_muted"
    const val USER_HELD = "user_held"
    const val ACTION_TIMED_OUT = "action_timed_out"
    const val PROVIDER_RESET = "provider_reset"
    const val AUDIO_ACTIVATED = "audio_activated"
    const val AUDIO_DEACTIVATED = "audio_deactivated"
    const val PLACE_REQUESTED = "place_requested"
    const val APP_ATTACHED = "app_attached"
    const val EVENTS_ACKNOWLEDGED = "events_acknowledged"
    const val ONLINE_REQUESTED = "online_requested"
    const val SIGNALLING_OPENED = "signalling_opened"
    const val SIGNALLING_CLOSED = "signalling_closed"
    const val FRAME_RECEIVED = "frame_received"
    const val OFFER_PREPARED = "offer_prepared"
    const val ANSWER_PREPARED = "answer_prepared"
    const val CANDIDATE_FOUND = "candidate_found"
    const val MEDIA_CONNECTED = "media_connected"
    const val MEDIA_LOST = "media_lost"
    const val MEDIA_FAILED = "media_failed"
    const val FIRST_AUDIO_HEARD = "first_audio_heard"
    const val ANSWER_REQUESTED = "answer_requested"
    const val PREPARATION_FINISHED = "preparation_finished"
    const val END_REQUESTED = "end_requested"
    const val ALL_CALLS_ENDED = "all_calls_ended"
    const val HOLD_REQUESTED = "hold_requested"
    const val PEER_SILENCE_REQUESTED = "peer_silence_requested"
    const val MUTE_ASKED = "mute_asked"
    const val VIDEO_REQUESTED = "video_requested"
    const val VIDEO_ANSWERED = "video_answered"
    const val VIDEO_PAUSED = "video_paused"
    const val SCREEN_SHARE_CHANGED = "screen_share_changed"
    const val SHORT_DATA_REQUESTED = "short_data_requested"
    const val CALLS_REQUESTED = "calls_requested"
    const val TAKE_REQUESTED = "take_requested"
    const val TOKEN_SUPPLIED = "token_supplied"
    const val SIGNED_OUT = "signed_out"
    const val AUDIO_ROUTE_REQUESTED = "audio_route_requested"
    const val NETWORK_CHANGED = "network_changed"
    const val MICROPHONE_CHANGED = "microphone_changed"
    const val CELLULAR_CALL_CHANGED = "cellular_call_changed"
    const val AUDIO_ROUTE_CHANGED = "audio_route_changed"
    const val NEGOTIATION_FAILED = "negotiation_failed"
    const val STATISTICS_MEASURED = "statistics_measured"
    const val ALL_MUTED = "all_muted"
    const val APP_DETACHED = "app_detached"
    const val CUSTOM_EVENT_REPORTED = "custom_event_reported"
    const val EVENTS_SILENCED = "events_silenced"
    const val HIDE_REQUESTED = "hide_requested"
    const val MISSED_SEEN = "missed_seen"
    const val MISSED_SHOWN = "missed_shown"
    const val PUSH_TOKEN_CHANGED = "push_token_changed"
    const val REDIAL_ASKED = "redial_asked"
    const val RING_SILENCED = "ring_silenced"
    const val RING_TIMED_OUT = "ring_timed_out"
    const val STYLE_CHOSEN = "style_chosen"
    const val USER_CALLED_BACK = "user_called_back"
    const val USER_DIALLED = "user_dialled"
    const val USER_GROUPED = "user_grouped"
    const val OUTGOING_REPORTED = "outgoing_reported"
}

object EngineOutputType {
    const val REPORT_INCOMING = "report_incoming"
    const val UPDATE_SYSTEM_CALL = "update_system_call"
    const val END_SYSTEM_CALL = "end_system_call"
    const val REPORT_OUTGOING = "report_outgoing"
    const val REPORT_OUTGOING_CONNECTED = "report_outgoing_connected"
    const val FULFIL_ACTION = "fulfil_action"
    const val FAIL_ACTION = "fail_action"
    const val SHOW_MISSED_CALL = "show_missed_call"
    const val START_FOREGROUND_SERVICE = "start_foreground_service"
    const val STOP_FOREGROUND_SERVICE = "stop_foreground_service"
    const val EMIT_EVENT = "emit_event"
    const val PERSIST_SNAPSHOT = "persist_snapshot"
    const val CHANGE_SYSTEM_CALL = "change_system_call"
    const val HIDE_MISSED_CALL = "hide_missed_call"
    const val SHOW_ONGOING_CALL = "show_ongoing_call"
    const val HIDE_ONGOING_CALL = "hide_ongoing_call"
    const val TELL_AUDIO_SESSION = "tell_audio_session"
    const val OPEN_SIGNALLING = "open_signalling"
    const val CLOSE_SIGNALLING = "close_signalling"
    const val SEND_FRAME = "send_frame"
    const val PREPARE_OFFER = "prepare_offer"
    const val PREPARE_ANSWER = "prepare_answer"
    const val APPLY_ANSWER = "apply_answer"
    const val ADD_CANDIDATE = "add_candidate"
    const val OPEN_AUDIO = "open_audio"
    const val CLOSE_AUDIO = "close_audio"
    const val SET_MUTED = "set_muted"
    const val SET_HELD = "set_held"
    const val CLOSE_MEDIA = "close_media"
    const val REQUEST_TOKEN = "request_token"
    const val DROP_OFFER = "drop_offer"
    const val SET_MICROPHONE = "set_microphone"
    const val SET_PEER_SILENCED = "set_peer_silenced"
    const val SET_VIDEO = "set_video"
    const val STOP_SCREEN_SHARE = "stop_screen_share"
    const val SET_AUDIO_ROUTE = "set_audio_route"
    const val PLAY_TONE = "play_tone"
    const val STOP_TONE = "stop_tone"
    const val EMIT_NOTICE = "emit_notice"
    const val OPEN_INVITE = "open_invite"
}

object CalluiInputType {
    const val INCOMING_REPORTED = "incoming_reported"
    const val USER_ANSWERED = "user_answered"
    const val USER_ENDED = "user_ended"
    const val USER_MUTED = "user_muted"
    const val USER_HELD = "user_held"
    const val ACTION_TIMED_OUT = "action_timed_out"
    const val PROVIDER_RESET = "provider_reset"
    const val AUDIO_ACTIVATED = "audio_activated"
    const val AUDIO_DEACTIVATED = "audio_deactivated"
    const val APP_ATTACHED = "app_attached"
    const val EVENTS_ACKNOWLEDGED = "events_acknowledged"
    const val INCOMING_ANNOUNCED = "incoming_announced"
    const val UNUSABLE_PUSH_ARRIVED = "unusable_push_arrived"
    const val MISSED_CALL_LEARNED = "missed_call_learned"
    const val CALL_UPDATED = "call_updated"
    const val OUTGOING_STARTED = "outgoing_started"
    const val OUTGOING_PLACED = "outgoing_placed"
    const val PEER_RANG = "peer_rang"
    const val CALL_CONNECTED = "call_connected"
    const val PEER_HOLD_CHANGED = "peer_hold_changed"
    const val CALL_ENDED = "call_ended"
    const val CALL_CHANGED = "call_changed"
    const val RING_SILENCED = "ring_silenced"
    const val RING_TIMED_OUT = "ring_timed_out"
    const val USER_DIALLED = "user_dialled"
    const val USER_GROUPED = "user_grouped"
    const val ALL_MUTED = "all_muted"
    const val USER_CALLED_BACK = "user_called_back"
    const val REDIAL_ASKED = "redial_asked"
    const val MISSED_SEEN = "missed_seen"
    const val APP_DETACHED = "app_detached"
    const val EVENTS_SILENCED = "events_silenced"
    const val END_REQUESTED = "end_requested"
    const val END_ALL_REQUESTED = "end_all_requested"
    const val HIDE_REQUESTED = "hide_requested"
    const val CONNECTED_SET = "connected_set"
    const val MISSED_SHOWN = "missed_shown"
    const val PUSH_TOKEN_CHANGED = "push_token_changed"
    const val CUSTOM_EVENT_REPORTED = "custom_event_reported"
    const val STYLE_CHOSEN = "style_chosen"
    const val POLICY_CHOSEN = "policy_chosen"
    const val CALL_DISMISSED = "call_dismissed"
    const val OUTGOING_REPORTED = "outgoing_reported"
    const val PUSH_ARRIVED = "push_arrived"
}

object CalluiOutputType {
    const val REPORT_INCOMING = "report_incoming"
    const val UPDATE_SYSTEM_CALL = "update_system_call"
    const val END_SYSTEM_CALL = "end_system_call"
    const val REPORT_OUTGOING = "report_outgoing"
    const val REPORT_OUTGOING_CONNECTED = "report_outgoing_connected"
    const val FULFIL_ACTION = "fulfil_action"
    const val FAIL_ACTION = "fail_action"
    const val SHOW_MISSED_CALL = "show_missed_call"
    const val START_FOREGROUND_SERVICE = "start_foreground_service"
    const val STOP_FOREGROUND_SERVICE = "stop_foreground_service"
    const val EMIT_EVENT = "emit_event"
    const val PERSIST_SNAPSHOT = "persist_snapshot"
    const val CHANGE_SYSTEM_CALL = "change_system_call"
    const val HIDE_MISSED_CALL = "hide_missed_call"
    const val SHOW_ONGOING_CALL = "show_ongoing_call"
    const val HIDE_ONGOING_CALL = "hide_ongoing_call"
    const val TELL_AUDIO_SESSION = "tell_audio_session"
}

object ClientMessageType {
    const val HELLO = "hello"
    const val PLACE = "place"
    const val VERIFY = "verify"
    const val ANSWER = "answer"
    const val DECLINE = "decline"
    const val END = "end"
    const val CANDIDATE = "candidate"
    const val MY_STATE = "my_state"
    const val MEDIA_OFFER = "media_offer"
    const val MEDIA_ANSWER = "media_answer"
    const val MUTE_REQUEST = "mute_request"
    const val SHORT_DATA = "short_data"
    const val TAKE = "take"
    const val LIST_CALLS = "list_calls"
    const val RENEW = "renew"
    const val PUSH_ADDRESS = "push_address"
    const val RECEIPT = "receipt"
}

object ServerMessageType {
    const val WELCOME = "welcome"
    const val ACK = "ack"
    const val ERROR = "error"
    const val INCOMING = "incoming"
    const val NOTIFIED = "notified"
    const val PROGRESS = "progress"
    const val VERIFIED = "verified"
    const val ANSWERED = "answered"
    const val ANSWER_CONFIRMED = "answer_confirmed"
    const val CANDIDATE = "candidate"
    const val PEER_STATE = "peer_state"
    const val MEDIA_OFFER = "media_offer"
    const val MEDIA_ANSWER = "media_answer"
    const val MUTE_REQUEST = "mute_request"
    const val SHORT_DATA = "short_data"
    const val MERGED = "merged"
    const val TAKEN = "taken"
    const val LIVE_CALLS = "live_calls"
    const val ENDED = "ended"
}

enum class EndReason(val word: String, val number: Int) {
    UNKNOWN("unknown", -1),
    NORMAL("normal", 1001),
    DECLINE("decline", 1002),
    CELL_CALL("cell_call", 1003),
    INTERNAL_ERROR("internal_error", 1109),
    USER_ERROR("user_error", 1110),
    INTERNAL_KIT_ERROR("internal_kit_error", 1111),
    MIC_NO_SOURCE("mic_no_source", 1112),
    CANCEL("cancel", 1201),
    BUSY("busy", 1202),
    NO_ANSWER("no_answer", 1203),
    ALREADY_GOT_A_CALL("already_got_a_call", 1204),
    MULTI_DEVICE_IN_USE("multi_device_in_use", 1205),
    MULTI_DEVICE_ANSWER("multi_device_answer", 1206),
    MULTI_DEVICE_DECLINE("multi_device_decline", 1207),
    MAX_CALL_TIME_EXCEEDED("max_call_time_exceeded", 1208),
    NETWORK_UNSTABLE("network_unstable", 1301),
    PUSH_ERROR("push_error", 1302),
    AUTH_ERROR("auth_error", 1303),
    RELEASED_CALL("released_call", 1304),
    SERVER_INTERNAL_ERROR("server_internal_error", 1305),
    UNAVAILABLE_NETWORK("unavailable_network", 1308),
    APP_DESTROY("app_destroy", 1309),
    SYSTEM_SLEEP("system_sleep", 1310),
    SYSTEM_LOG_OFF("system_log_off", 1311),
    MTU_EXCEEDED("mtu_exceeded", 1312),
    APP_SERVER_DATA_ERROR("app_server_data_error", 1313),
    DESKTOP_SCREEN_LOCKED("desktop_screen_locked", 1314),
    ROOM_IS_FULL("room_is_full", 1401),
    ALONE_KICK_OUT("alone_kick_out", 1402),
    ROOM_NOT_FOUND("room_not_found", 1404),
    ANOTHER_INSTANCE_TRY_TO_JOIN("another_instance_try_to_join", 1405),
    SERVICE_ACCESS_TOKEN_ERROR("service_access_token_error", 1501),
    SERVICE_INVALID_ID("service_invalid_id", 1502),
    SERVICE_MAINTENANCE("service_maintenance", 1503),
    SERVICE_BUSY("service_busy", 1504),
    SERVICE_INTERNAL_ERROR("service_internal_error", 1505),
    SERVICE_HTTP_ERROR("service_http_error", 1506),
    SERVICE_HTTP_CONNECTION_TIME_OUT("service_http_connection_time_out", 1507),
    SERVICE_HTTP_INVALID_PEER_CERT("service_http_invalid_peer_cert", 1508),
    SERVICE_HTTP_CONNECT_FAIL("service_http_connect_fail", 1509),
    SERVICE_HTTP_INVALID_URL("service_http_invalid_url", 1510),
    SERVICE_INCOMPATIBLE_VERSION("service_incompatible_version", 1511),
    SERVICE_TOO_MANY_REQUESTS("service_too_many_requests", 1512),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EndReason? = entries.firstOrNull { it.word == word }
    }
}

enum class EndSource(val word: String) {
    UNDEFINED("undefined"),
    CALLEE("callee"),
    CALLER("caller"),
    PARTICIPANT("participant"),
    CLOUD_SERVER("cloud_server"),
    APP_SERVER("app_server"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EndSource? = entries.firstOrNull { it.word == word }
    }
}

enum class Outcome(val word: String) {
    ANSWERED("answered"),
    MISSED("missed"),
    DECLINED("declined"),
    CANCELLED("cancelled"),
    FAILED("failed"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Outcome? = entries.firstOrNull { it.word == word }
    }
}

enum class SystemEndReason(val word: String, val number: Int) {
    FAILED("failed", 1),
    REMOTE_ENDED("remote_ended", 2),
    UNANSWERED("unanswered", 3),
    ANSWERED_ELSEWHERE("answered_elsewhere", 4),
    DECLINED_ELSEWHERE("declined_elsewhere", 5),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): SystemEndReason? = entries.firstOrNull { it.word == word }
    }
}

enum class AudioMode(val word: String) {
    STANDARD("standard"),
    GAME_CHAT("game_chat"),
    MEASUREMENT("measurement"),
    MOVIE_PLAYBACK("movie_playback"),
    SPOKEN_AUDIO("spoken_audio"),
    VIDEO_CHAT("video_chat"),
    VIDEO_RECORDING("video_recording"),
    VOICE_CHAT("voice_chat"),
    VOICE_PROMPT("voice_prompt"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): AudioMode? = entries.firstOrNull { it.word == word }
    }
}

enum class ChangeKind(val word: String) {
    UNKNOWN("unknown"),
    VERIFIED("verified"),
    PEER_MESSAGE("peer_message"),
    PROGRESS("progress"),
    PREPARING("preparing"),
    PREPARATION_FINISHED("preparation_finished"),
    PEER_MUTED("peer_muted"),
    PEER_UNMUTED("peer_unmuted"),
    MUTE_ASKED("mute_asked"),
    VIDEO_ASKED("video_asked"),
    VIDEO_ENABLED("video_enabled"),
    VIDEO_DISABLED("video_disabled"),
    VIDEO_REFUSED("video_refused"),
    PEER_VIDEO_PAUSED("peer_video_paused"),
    PEER_VIDEO_RESUMED("peer_video_resumed"),
    PEER_SCREEN_STARTED("peer_screen_started"),
    PEER_SCREEN_STOPPED("peer_screen_stopped"),
    SCREEN_STOPPED("screen_stopped"),
    NETWORK_LOST("network_lost"),
    NETWORK_RETURNED("network_returned"),
    PEER_NETWORK_LOST("peer_network_lost"),
    PEER_NETWORK_RETURNED("peer_network_returned"),
    SHORT_DATA("short_data"),
    SILENCED_PEER("silenced_peer"),
    UNSILENCED_PEER("unsilenced_peer"),
    MICROPHONE_MISSING("microphone_missing"),
    MICROPHONE_PRESENT("microphone_present"),
    MOVED_HERE("moved_here"),
    PEER_MOVED("peer_moved"),
    CONTINUED("continued"),
    MERGED("merged"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): ChangeKind? = entries.firstOrNull { it.word == word }
    }
}

enum class Dismissal(val word: String) {
    CANCELLED("cancelled"),
    ANSWERED_ELSEWHERE("answered_elsewhere"),
    DECLINED_ELSEWHERE("declined_elsewhere"),
    TIMED_OUT("timed_out"),
    BUSY("busy"),
    FAILED("failed"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Dismissal? = entries.firstOrNull { it.word == word }
    }
}

enum class EventKind(val word: String) {
    INCOMING("incoming"),
    ANSWERED("answered"),
    CONNECTED("connected"),
    HELD("held"),
    UNHELD("unheld"),
    PEER_HELD("peer_held"),
    PEER_UNHELD("peer_unheld"),
    MUTED("muted"),
    UNMUTED("unmuted"),
    PLACED("placed"),
    PEER_RINGING("peer_ringing"),
    ENDED("ended"),
    NOT_SHOWN("not_shown"),
    SILENCED("silenced"),
    DTMF("dtmf"),
    GROUPED("grouped"),
    UNGROUPED("ungrouped"),
    CALL_BACK("call_back"),
    REDIAL("redial"),
    PUSH_TOKEN("push_token"),
    CUSTOM("custom"),
    CHANGED("changed"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EventKind? = entries.firstOrNull { it.word == word }
    }
}

enum class CalluiFirstCall(val word: String) {
    LEAVE("leave"),
    HOLD("hold"),
    END("end"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): CalluiFirstCall? = entries.firstOrNull { it.word == word }
    }
}

enum class HandleType(val word: String) {
    GENERIC("generic"),
    PHONE_NUMBER("phone_number"),
    EMAIL("email"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): HandleType? = entries.firstOrNull { it.word == word }
    }
}

enum class OngoingStage(val word: String) {
    CALLING("calling"),
    CONNECTING("connecting"),
    TALKING("talking"),
    ON_HOLD("on_hold"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): OngoingStage? = entries.firstOrNull { it.word == word }
    }
}

enum class Origin(val word: String) {
    REMOTE("remote"),
    USER("user"),
    APP("app"),
    SYSTEM("system"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Origin? = entries.firstOrNull { it.word == word }
    }
}

enum class CalluiPhase(val word: String) {
    WAITING("waiting"),
    ACCEPTED("accepted"),
    CONNECTED("connected"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): CalluiPhase? = entries.firstOrNull { it.word == word }
    }
}

enum class ReportResult(val word: String) {
    SHOWN("shown"),
    ALREADY_EXISTS("already_exists"),
    FILTERED_BY_FOCUS("filtered_by_focus"),
    FILTERED_BY_BLOCK_LIST("filtered_by_block_list"),
    LIMIT_REACHED("limit_reached"),
    NOT_ALLOWED("not_allowed"),
    FAILED("failed"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): ReportResult? = entries.firstOrNull { it.word == word }
    }
}

enum class SecondCall(val word: String) {
    RING("ring"),
    RING_SILENTLY("ring_silently"),
    BUSY("busy"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): SecondCall? = entries.firstOrNull { it.word == word }
    }
}

enum class SystemChange(val word: String) {
    ANSWER("answer"),
    HIDE("hide"),
    SILENCE("silence"),
    MUTE("mute"),
    UNMUTE("unmute"),
    HOLD("hold"),
    UNHOLD("unhold"),
    DTMF("dtmf"),
    GROUP("group"),
    UNGROUP("ungroup"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): SystemChange? = entries.firstOrNull { it.word == word }
    }
}

enum class ToneKind(val word: String, val number: Int) {
    SINGLE_TONE("single_tone", 1),
    SOFT_PAUSE("soft_pause", 2),
    HARD_PAUSE("hard_pause", 3),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): ToneKind? = entries.firstOrNull { it.word == word }
    }
}

enum class AdoptResult(val word: String) {
    LIVE("live"),
    ENDED("ended"),
    ELSEWHERE("elsewhere"),
    UNKNOWN("unknown"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): AdoptResult? = entries.firstOrNull { it.word == word }
    }
}

enum class AudioRoute(val word: String) {
    UNKNOWN("unknown"),
    EARPIECE("earpiece"),
    SPEAKER("speaker"),
    WIRED("wired"),
    BLUETOOTH("bluetooth"),
    CAR("car"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): AudioRoute? = entries.firstOrNull { it.word == word }
    }
}

enum class CallState(val word: String) {
    TRYING("trying"),
    WAIT_ANSWER("wait_answer"),
    VERIFIED("verified"),
    CONNECTED("connected"),
    DISCONNECTED("disconnected"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): CallState? = entries.firstOrNull { it.word == word }
    }
}

enum class Direction(val word: String) {
    INCOMING("incoming"),
    OUTGOING("outgoing"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Direction? = entries.firstOrNull { it.word == word }
    }
}

enum class EndManner(val word: String) {
    NORMAL("normal"),
    BUSY("busy"),
    ERROR("error"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EndManner? = entries.firstOrNull { it.word == word }
    }
}

enum class EngineFirstCall(val word: String) {
    HOLD("hold"),
    END("end"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EngineFirstCall? = entries.firstOrNull { it.word == word }
    }
}

enum class Intent(val word: String) {
    NONE("none"),
    ACCEPTED("accepted"),
    ENDED("ended"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Intent? = entries.firstOrNull { it.word == word }
    }
}

enum class NoticeKind(val word: String) {
    STATISTICS("statistics"),
    QUALITY("quality"),
    AUDIO_ROUTE("audio_route"),
    LIVE_CALLS("live_calls"),
    SIGNED_OUT("signed_out"),
    PUSH_ADDRESS_REFUSED("push_address_refused"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): NoticeKind? = entries.firstOrNull { it.word == word }
    }
}

enum class OnCellular(val word: String) {
    HOLD("hold"),
    END("end"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): OnCellular? = entries.firstOrNull { it.word == word }
    }
}

enum class OnVideo(val word: String) {
    PAUSE("pause"),
    SEND("send"),
    ASK("ask"),
    REFUSE("refuse"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): OnVideo? = entries.firstOrNull { it.word == word }
    }
}

enum class EnginePhase(val word: String) {
    ANNOUNCED("announced"),
    ANSWERING("answering"),
    PLACING("placing"),
    WAITING("waiting"),
    CONNECTING("connecting"),
    CONNECTED("connected"),
    ENDED("ended"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): EnginePhase? = entries.firstOrNull { it.word == word }
    }
}

enum class PushFault(val word: String) {
    NONE("none"),
    MALFORMED("malformed"),
    NOT_FOR_THIS_DEVICE("not_for_this_device"),
    BAD_SIGNATURE("bad_signature"),
    UNSUPPORTED_VERSION("unsupported_version"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): PushFault? = entries.firstOrNull { it.word == word }
    }
}

enum class Quality(val word: String) {
    UNKNOWN("unknown"),
    GOOD("good"),
    FAIR("fair"),
    POOR("poor"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Quality? = entries.firstOrNull { it.word == word }
    }
}

enum class SignallingFault(val word: String) {
    NONE("none"),
    UNREACHABLE("unreachable"),
    TIMED_OUT("timed_out"),
    TLS_UNTRUSTED("tls_untrusted"),
    CLOSED("closed"),
    PROTOCOL_ERROR("protocol_error"),
    REPLACED("replaced"),
    REFUSED("refused"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): SignallingFault? = entries.firstOrNull { it.word == word }
    }
}

enum class StartFail(val word: String, val number: Int) {
    UNKNOWN("unknown", -1),
    NONE("none", 0),
    INVALID_PARAM("invalid_param", 1),
    ALREADY_EXIST("already_exist", 2),
    DECODE_CALL_PARAM("decode_call_param", 3),
    MEMORY_ERROR("memory_error", 4),
    ID_CONFLICT("id_conflict", 5),
    REUSE("reuse", 6),
    INVALID_USER_ID("invalid_user_id", 7),
    INVALID_SERVICE_ID("invalid_service_id", 8),
    INVALID_API_KEY("invalid_api_key", 9),
    INVALID_ROOM_ID("invalid_room_id", 10),
    TOO_LONG_APP_SERVER_DATA("too_long_app_server_data", 11),
    NOT_INITIALIZED("not_initialized", 12),
    INTERNAL("internal", 999),
    WINDOWS_CORE_LIBRARY("windows_core_library", 1000),
    WINDOWS_AUDIO_INPUT("windows_audio_input", 1001),
    WINDOWS_AUDIO_OUTPUT("windows_audio_output", 1002),
    WINDOWS_VIDEO_CAPTURER("windows_video_capturer", 1003),
    WINDOWS_NOT_READY("windows_not_ready", 1004),
    WINDOWS_INVALID_PARAM("windows_invalid_param", 1005),
    WINDOWS_OTHER_CONFERENCE_EXISTS("windows_other_conference_exists", 1006),
    WINDOWS_PEER_ID_EMPTY("windows_peer_id_empty", 1007),
    WINDOWS_PARAM_NULL("windows_param_null", 1008),
    KIT_UNKNOWN_MEDIA_TYPE("kit_unknown_media_type", 2001),
    KIT_INVALID_ROOM_ID("kit_invalid_room_id", 2002),
    KIT_INVALID_PEER_ID("kit_invalid_peer_id", 2003),
    KIT_INVALID_PUSH_MESSAGE("kit_invalid_push_message", 2004),
    KIT_NO_METAL_DEVICE("kit_no_metal_device", 2005),
    KIT_INVALID_AUTHENTICATION("kit_invalid_authentication", 2006),
    KIT_INTERNAL_INITIALIZATION_ERROR("kit_internal_initialization_error", 2999),
    KIT_NO_PERMISSION_RECORD_AUDIO("kit_no_permission_record_audio", 3000),
    KIT_CALL_INIT_DATA_INVALID_SIZE("kit_call_init_data_invalid_size", 3001),
    KIT_MY_USER_ID_BLANK("kit_my_user_id_blank", 3002),
    KIT_MY_SERVICE_ID_BLANK("kit_my_service_id_blank", 3003),
    KIT_PEER_USER_ID_BLANK("kit_peer_user_id_blank", 3004),
    KIT_PEER_SERVICE_ID_BLANK("kit_peer_service_id_blank", 3005),
    KIT_INVALID_STATE_TO_MAKE_CALL("kit_invalid_state_to_make_call", 3006),
    KIT_CANNOT_CREATE_NEW_SESSION("kit_cannot_create_new_session", 3007),
    KIT_INVALID_STATE_TO_JOIN_CONFERENCE("kit_invalid_state_to_join_conference", 3008),
    KIT_ROOM_ID_BLANK("kit_room_id_blank", 3009),
    KIT_ROOM_SERVICE_ID_BLANK("kit_room_service_id_blank", 3010),
    KIT_NO_PERMISSION_READ_PHONE_STATE("kit_no_permission_read_phone_state", 3011),
    KIT_INTERNAL_UNKNOWN_EXCEPTION_AT_VERIFY_CALL("kit_internal_unknown_exception_at_verify_call", 3994),
    KIT_INTERNAL_JNI_ENV("kit_internal_jni_env", 3995),
    KIT_INTERNAL_JNI_HANDLE_NULLPTR("kit_internal_jni_handle_nullptr", 3996),
    KIT_INTERNAL_JNI_OBJ_NULLPTR("kit_internal_jni_obj_nullptr", 3997),
    KIT_INTERNAL_JNI_CLASS_NULLPTR("kit_internal_jni_class_nullptr", 3998),
    KIT_INTERNAL_UNDEFINED("kit_internal_undefined", 3999),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): StartFail? = entries.firstOrNull { it.word == word }
    }
}

enum class Tone(val word: String) {
    RING("ring"),
    RINGBACK("ringback"),
    HOLD("hold"),
    END("end"),
    BUSY("busy"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Tone? = entries.firstOrNull { it.word == word }
    }
}

enum class ErrorCode(val word: String) {
    MALFORMED("malformed"),
    TOO_LARGE("too_large"),
    WRONG_VERSION("wrong_version"),
    UNKNOWN_TYPE("unknown_type"),
    NOT_AUTHORIZED("not_authorized"),
    NOT_FOR_DEVICE("not_for_device"),
    UNKNOWN_CALL("unknown_call"),
    WRONG_STATE("wrong_state"),
    ALREADY_ANSWERED("already_answered"),
    ID_CONFLICT("id_conflict"),
    TOO_MANY("too_many"),
    UNAVAILABLE("unavailable"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): ErrorCode? = entries.firstOrNull { it.word == word }
    }
}

enum class Media(val word: String) {
    AUDIO("audio"),
    VIDEO("video"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Media? = entries.firstOrNull { it.word == word }
    }
}

enum class Negotiation(val word: String) {
    ICE_RESTART("ice_restart"),
    MEDIA("media"),
    TRANSFER("transfer"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Negotiation? = entries.firstOrNull { it.word == word }
    }
}

enum class PauseReason(val word: String) {
    UNKNOWN("unknown"),
    USER("user"),
    INTERRUPT("interrupt"),
    UNDEFINED("undefined"),
    INTERNAL("internal"),
    ENABLE_VIDEO_RESPONSE("enable_video_response"),
    CAMERA_INACTIVE("camera_inactive"),
    HOLD("hold"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): PauseReason? = entries.firstOrNull { it.word == word }
    }
}

enum class Platform(val word: String) {
    IOS("ios"),
    ANDROID("android"),
    DESKTOP("desktop"),
    WEB("web"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Platform? = entries.firstOrNull { it.word == word }
    }
}

enum class PushKind(val word: String) {
    RING("ring"),
    CANCEL("cancel"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): PushKind? = entries.firstOrNull { it.word == word }
    }
}

enum class ReceiptStep(val word: String) {
    WOKE("woke"),
    INVITE_OPENED("invite_opened"),
    INVITE_REFUSED("invite_refused"),
    REPORTED("reported"),
    RINGING("ringing"),
    NOT_SHOWN("not_shown"),
    TAPPED_ACCEPT("tapped_accept"),
    TAPPED_DECLINE("tapped_decline"),
    MEDIA_CONNECTED("media_connected"),
    FIRST_AUDIO("first_audio"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): ReceiptStep? = entries.firstOrNull { it.word == word }
    }
}

enum class TokenKind(val word: String) {
    APNS_VOIP("apns_voip"),
    APNS_ALERT("apns_alert"),
    FCM("fcm"),
    WEB_PUSH("web_push"),
    UNIFIED_PUSH("unified_push"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): TokenKind? = entries.firstOrNull { it.word == word }
    }
}

enum class Video(val word: String) {
    OFF("off"),
    ON("on"),
    PAUSED("paused"),
    ;

    companion object {
        /** Null: a word of a newer library. */
        fun from(word: String): Video? = entries.firstOrNull { it.word == word }
    }
}
