// SPDX-License-Identifier: Apache-2.0
// Made by tools/schema from the one description; do not edit. docs/door.md

export const Status = {
  ok: 0,
  nothing: 1,
  argument: -1,
  tooLarge: -2,
  malformed: -3,
  unknownType: -4,
  field: -5,
  undrained: -6,
  timeWentBack: -7,
  unknownCall: -8,
  wrongState: -9,
  duplicateCall: -10,
  tooManyCalls: -11,
  snapshotVersion: -12,
  snapshotDamaged: -13,
} as const;

export const Limits = {
  jsonMax: 262144,
  snapshotMax: 4194304,
  frameLengthMax: 65536,
  sdpLengthMax: 32768,
  candidateLengthMax: 512,
  tokenLengthMax: 4096,
  ticketLengthMax: 64,
  ccParamLengthMax: 1024,
  idLengthMax: 64,
  nameLengthMax: 128,
  releaseCodeLengthMax: 128,
  startMessageLengthMax: 200,
  appServerDataLengthMax: 4096,
  holdReasonLengthMax: 256,
  shortDataTypeLengthMax: 100,
  shortDataLengthMax: 800,
  extraLengthMax: 2048,
  callsMax: 8,
  calluiCallsMax: 16,
  eventsMax: 128,
  protocolVersion: 1,
  inviteVersion: 1,
} as const;

export const EndReasonWords = [
  "unknown",
  "normal",
  "decline",
  "cell_call",
  "internal_error",
  "user_error",
  "internal_kit_error",
  "mic_no_source",
  "cancel",
  "busy",
  "no_answer",
  "already_got_a_call",
  "multi_device_in_use",
  "multi_device_answer",
  "multi_device_decline",
  "max_call_time_exceeded",
  "network_unstable",
  "push_error",
  "auth_error",
  "released_call",
  "server_internal_error",
  "unavailable_network",
  "app_destroy",
  "system_sleep",
  "system_log_off",
  "mtu_exceeded",
  "app_server_data_error",
  "desktop_screen_locked",
  "room_is_full",
  "alone_kick_out",
  "room_not_found",
  "another_instance_try_to_join",
  "service_access_token_error",
  "service_invalid_id",
  "service_maintenance",
  "service_busy",
  "service_internal_error",
  "service_http_error",
  "service_http_connection_time_out",
  "service_http_invalid_peer_cert",
  "service_http_connect_fail",
  "service_http_invalid_url",
  "service_incompatible_version",
  "service_too_many_requests",
] as const;
export type EndReason = (typeof EndReasonWords)[number];
export const EndReasonNumbers: Record<EndReason, number> = {
  unknown: -1,
  normal: 1001,
  decline: 1002,
  cell_call: 1003,
  internal_error: 1109,
  user_error: 1110,
  internal_kit_error: 1111,
  mic_no_source: 1112,
  cancel: 1201,
  busy: 1202,
  no_answer: 1203,
  already_got_a_call: 1204,
  multi_device_in_use: 1205,
  multi_device_answer: 1206,
  multi_device_decline: 1207,
  max_call_time_exceeded: 1208,
  network_unstable: 1301,
  push_error: 1302,
  auth_error: 1303,
  released_call: 1304,
  server_internal_error: 1305,
  unavailable_network: 1308,
  app_destroy: 1309,
  system_sleep: 1310,
  system_log_off: 1311,
  mtu_exceeded: 1312,
  app_server_data_error: 1313,
  desktop_screen_locked: 1314,
  room_is_full: 1401,
  alone_kick_out: 1402,
  room_not_found: 1404,
  another_instance_try_to_join: 1405,
  service_access_token_error: 1501,
  service_invalid_id: 1502,
  service_maintenance: 1503,
  service_busy: 1504,
  service_internal_error: 1505,
  service_http_error: 1506,
  service_http_connection_time_out: 1507,
  service_http_invalid_peer_cert: 1508,
  service_http_connect_fail: 1509,
  service_http_invalid_url: 1510,
  service_incompatible_version: 1511,
  service_too_many_requests: 1512,
};

export const EndSourceWords = [
  "undefined",
  "callee",
  "caller",
  "participant",
  "cloud_server",
  "app_server",
] as const;
export type EndSource = (typeof EndSourceWords)[number];

export const OutcomeWords = [
  "answered",
  "missed",
  "declined",
  "cancelled",
  "failed",
] as const;
export type Outcome = (typeof OutcomeWords)[number];

export const SystemEndReasonWords = [
  "failed",
  "remote_ended",
  "unanswered",
  "answered_elsewhere",
  "declined_elsewhere",
] as const;
export type SystemEndReason = (typeof SystemEndReasonWords)[number];
export const SystemEndReasonNumbers: Record<SystemEndReason, number> = {
  failed: 1,
  remote_ended: 2,
  unanswered: 3,
  answered_elsewhere: 4,
  declined_elsewhere: 5,
};

export const AudioModeWords = [
  "standard",
  "game_chat",
  "measurement",
  "movie_playback",
  "spoken_audio",
  "video_chat",
  "video_recording",
  "voice_chat",
  "voice_prompt",
] as const;
export type AudioMode = (typeof AudioModeWords)[number];

export const ChangeKindWords = [
  "unknown",
  "verified",
  "peer_message",
  "progress",
  "preparing",
  "preparation_finished",
  "peer_muted",
  "peer_unmuted",
  "mute_asked",
  "video_asked",
  "video_enabled",
  "video_disabled",
  "video_refused",
  "peer_video_paused",
  "peer_video_resumed",
  "peer_screen_started",
  "peer_screen_stopped",
  "screen_stopped",
  "network_lost",
  "network_returned",
  "peer_network_lost",
  "peer_network_returned",
  "short_data",
  "silenced_peer",
  "unsilenced_peer",
  "microphone_missing",
  "microphone_present",
  "moved_here",
  "peer_moved",
  "continued",
  "merged",
] as const;
export type ChangeKind = (typeof ChangeKindWords)[number];

export const DismissalWords = [
  "cancelled",
  "answered_elsewhere",
  "declined_elsewhere",
  "timed_out",
  "busy",
  "failed",
] as const;
export type Dismissal = (typeof DismissalWords)[number];

export const EventKindWords = [
  "incoming",
  "answered",
  "connected",
  "held",
  "unheld",
  "peer_held",
  "peer_unheld",
  "muted",
  "unmuted",
  "placed",
  "peer_ringing",
  "ended",
  "not_shown",
  "silenced",
  "dtmf",
  "grouped",
  "ungrouped",
  "call_back",
  "redial",
  "push_token",
  "custom",
  "changed",
] as const;
export type EventKind = (typeof EventKindWords)[number];

export const CalluiFirstCallWords = [
  "leave",
  "hold",
  "end",
] as const;
export type CalluiFirstCall = (typeof CalluiFirstCallWords)[number];

export const HandleTypeWords = [
  "generic",
  "phone_number",
  "email",
] as const;
export type HandleType = (typeof HandleTypeWords)[number];

export const OngoingStageWords = [
  "calling",
  "connecting",
  "talking",
  "on_hold",
] as const;
export type OngoingStage = (typeof OngoingStageWords)[number];

export const OriginWords = [
  "remote",
  "user",
  "app",
  "system",
] as const;
export type Origin = (typeof OriginWords)[number];

export const CalluiPhaseWords = [
  "waiting",
  "accepted",
  "connected",
] as const;
export type CalluiPhase = (typeof CalluiPhaseWords)[number];

export const ReportResultWords = [
  "shown",
  "already_exists",
  "filtered_by_focus",
  "filtered_by_block_list",
  "limit_reached",
  "not_allowed",
  "failed",
] as const;
export type ReportResult = (typeof ReportResultWords)[number];

export const SecondCallWords = [
  "ring",
  "ring_silently",
  "busy",
] as const;
export type SecondCall = (typeof SecondCallWords)[number];

export const SystemChangeWords = [
  "answer",
  "hide",
  "silence",
  "mute",
  "unmute",
  "hold",
  "unhold",
  "dtmf",
  "group",
  "ungroup",
] as const;
export type SystemChange = (typeof SystemChangeWords)[number];

export const ToneKindWords = [
  "single_tone",
  "soft_pause",
  "hard_pause",
] as const;
export type ToneKind = (typeof ToneKindWords)[number];
export const ToneKindNumbers: Record<ToneKind, number> = {
  single_tone: 1,
  soft_pause: 2,
  hard_pause: 3,
};

export const AdoptResultWords = [
  "live",
  "ended",
  "elsewhere",
  "unknown",
] as const;
export type AdoptResult = (typeof AdoptResultWords)[number];

export const AudioRouteWords = [
  "unknown",
  "earpiece",
  "speaker",
  "wired",
  "bluetooth",
  "car",
] as const;
export type AudioRoute = (typeof AudioRouteWords)[number];

export const CallStateWords = [
  "trying",
  "wait_answer",
  "verified",
  "connected",
  "disconnected",
] as const;
export type CallState = (typeof CallStateWords)[number];

export const DirectionWords = [
  "incoming",
  "outgoing",
] as const;
export type Direction = (typeof DirectionWords)[number];

export const EndMannerWords = [
  "normal",
  "busy",
  "error",
] as const;
export type EndManner = (typeof EndMannerWords)[number];

export const EngineFirstCallWords = [
  "hold",
  "end",
] as const;
export type EngineFirstCall = (typeof EngineFirstCallWords)[number];

export const IntentWords = [
  "none",
  "accepted",
  "ended",
] as const;
export type Intent = (typeof IntentWords)[number];

export const NoticeKindWords = [
  "statistics",
  "quality",
  "audio_route",
  "live_calls",
  "signed_out",
  "push_address_refused",
] as const;
export type NoticeKind = (typeof NoticeKindWords)[number];

export const OnCellularWords = [
  "hold",
  "end",
] as const;
export type OnCellular = (typeof OnCellularWords)[number];

export const OnVideoWords = [
  "pause",
  "send",
  "ask",
  "refuse",
] as const;
export type OnVideo = (typeof OnVideoWords)[number];

export const EnginePhaseWords = [
  "announced",
  "answering",
  "placing",
  "waiting",
  "connecting",
  "connected",
  "ended",
] as const;
export type EnginePhase = (typeof EnginePhaseWords)[number];

export const PushFaultWords = [
  "none",
  "malformed",
  "not_for_this_device",
  "bad_signature",
  "unsupported_version",
] as const;
export type PushFault = (typeof PushFaultWords)[number];

export const QualityWords = [
  "unknown",
  "good",
  "fair",
  "poor",
] as const;
export type Quality = (typeof QualityWords)[number];

export const SignallingFaultWords = [
  "none",
  "unreachable",
  "timed_out",
  "tls_untrusted",
  "closed",
  "protocol_error",
  "replaced",
  "refused",
] as const;
export type SignallingFault = (typeof SignallingFaultWords)[number];

export const StartFailWords = [
  "unknown",
  "none",
  "invalid_param",
  "already_exist",
  "decode_call_param",
  "memory_error",
  "id_conflict",
  "reuse",
  "invalid_user_id",
  "invalid_service_id",
  "invalid_api_key",
  "invalid_room_id",
  "too_long_app_server_data",
  "not_initialized",
  "internal",
  "windows_core_library",
  "windows_audio_input",
  "windows_audio_output",
  "windows_video_capturer",
  "windows_not_ready",
  "windows_invalid_param",
  "windows_other_conference_exists",
  "windows_peer_id_empty",
  "windows_param_null",
  "kit_unknown_media_type",
  "kit_invalid_room_id",
  "kit_invalid_peer_id",
  "kit_invalid_push_message",
  "kit_no_metal_device",
  "kit_invalid_authentication",
  "kit_internal_initialization_error",
  "kit_no_permission_record_audio",
  "kit_call_init_data_invalid_size",
  "kit_my_user_id_blank",
  "kit_my_service_id_blank",
  "kit_peer_user_id_blank",
  "kit_peer_service_id_blank",
  "kit_invalid_state_to_make_call",
  "kit_cannot_create_new_session",
  "kit_invalid_state_to_join_conference",
  "kit_room_id_blank",
  "kit_room_service_id_blank",
  "kit_no_permission_read_phone_state",
  "kit_internal_unknown_exception_at_verify_call",
  "kit_internal_jni_env",
  "kit_internal_jni_handle_nullptr",
  "kit_internal_jni_obj_nullptr",
  "kit_internal_jni_class_nullptr",
  "kit_internal_undefined",
] as const;
export type StartFail = (typeof StartFailWords)[number];
export const StartFailNumbers: Record<StartFail, number> = {
  unknown: -1,
  none: 0,
  invalid_param: 1,
  already_exist: 2,
  decode_call_param: 3,
  memory_error: 4,
  id_conflict: 5,
  reuse: 6,
  invalid_user_id: 7,
  invalid_service_id: 8,
  invalid_api_key: 9,
  invalid_room_id: 10,
  too_long_app_server_data: 11,
  not_initialized: 12,
  internal: 999,
  windows_core_library: 1000,
  windows_audio_input: 1001,
  windows_audio_output: 1002,
  windows_video_capturer: 1003,
  windows_not_ready: 1004,
  windows_invalid_param: 1005,
  windows_other_conference_exists: 1006,
  windows_peer_id_empty: 1007,
  windows_param_null: 1008,
  kit_unknown_media_type: 2001,
  kit_invalid_room_id: 2002,
  kit_invalid_peer_id: 2003,
  kit_invalid_push_message: 2004,
  kit_no_metal_device: 2005,
  kit_invalid_authentication: 2006,
  kit_internal_initialization_error: 2999,
  kit_no_permission_record_audio: 3000,
  kit_call_init_data_invalid_size: 3001,
  kit_my_user_id_blank: 3002,
  kit_my_service_id_blank: 3003,
  kit_peer_user_id_blank: 3004,
  kit_peer_service_id_blank: 3005,
  kit_invalid_state_to_make_call: 3006,
  kit_cannot_create_new_session: 3007,
  kit_invalid_state_to_join_conference: 3008,
  kit_room_id_blank: 3009,
  kit_room_service_id_blank: 3010,
  kit_no_permission_read_phone_state: 3011,
  kit_internal_unknown_exception_at_verify_call: 3994,
  kit_internal_jni_env: 3995,
  kit_internal_jni_handle_nullptr: 3996,
  kit_internal_jni_obj_nullptr: 3997,
  kit_internal_jni_class_nullptr: 3998,
  kit_internal_undefined: 3999,
};

export const ToneWords = [
  "ring",
  "ringback",
  "hold",
  "end",
  "busy",
] as const;
export type Tone = (typeof ToneWords)[number];

export const ErrorCodeWords = [
  "malformed",
  "too_large",
  "wrong_version",
  "unknown_type",
  "not_authorized",
  "not_for_device",
  "unknown_call",
  "wrong_state",
  "already_answered",
  "id_conflict",
  "too_many",
  "unavailable",
] as const;
export type ErrorCode = (typeof ErrorCodeWords)[number];

export const MediaWords = [
  "audio",
  "video",
] as const;
export type Media = (typeof MediaWords)[number];

export const NegotiationWords = [
  "ice_restart",
  "media",
  "transfer",
] as const;
export type Negotiation = (typeof NegotiationWords)[number];

export const PauseReasonWords = [
  "unknown",
  "user",
  "interrupt",
  "undefined",
  "internal",
  "enable_video_response",
  "camera_inactive",
  "hold",
] as const;
export type PauseReason = (typeof PauseReasonWords)[number];

export const PlatformWords = [
  "ios",
  "android",
  "desktop",
  "web",
] as const;
export type Platform = (typeof PlatformWords)[number];

export const PushKindWords = [
  "ring",
  "cancel",
] as const;
export type PushKind = (typeof PushKindWords)[number];

export const ReceiptStepWords = [
  "woke",
  "invite_opened",
  "invite_refused",
  "reported",
  "ringing",
  "not_shown",
  "tapped_accept",
  "tapped_decline",
  "media_connected",
  "first_audio",
] as const;
export type ReceiptStep = (typeof ReceiptStepWords)[number];

export const TokenKindWords = [
  "apns_voip",
  "apns_alert",
  "fcm",
  "web_push",
  "unified_push",
] as const;
export type TokenKind = (typeof TokenKindWords)[number];

export const VideoWords = [
  "off",
  "on",
  "paused",
] as const;
export type Video = (typeof VideoWords)[number];

export interface ActionTimedOut {
  type: "action_timed_out";
  call_id: string;
  action: number;
}

export interface ActiveCall {
  call_id: string;
  backend_id: string;  // at most 1024 bytes
  outgoing: boolean;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  phase: CalluiPhase;
  accepted: boolean;
  on_screen: boolean;
  silenced: boolean;
  held: boolean;
  peer_held: boolean;
  muted: boolean;
  ring_left: number;  // ms
  talked_for: number;  // ms
  grouped_with?: string;
  extra: string;  // at most 2048 bytes
  headers: Record<string, string>;
}

export interface AllMuted {
  type: "all_muted";
  on: boolean;
}

export interface AndroidStyle {
  custom_notification?: boolean;
  small_notification?: boolean;
  show_logo?: boolean;
  logo_url?: string;  // at most 512 bytes
  show_handle?: boolean;
  ringtone?: string;  // at most 512 bytes
  background_color?: string;  // at most 9 bytes
  background_url?: string;  // at most 512 bytes
  action_color?: string;  // at most 9 bytes
  text_color?: string;  // at most 9 bytes
  accept_color?: string;  // at most 9 bytes
  decline_color?: string;  // at most 9 bytes
  accept_text?: string;  // at most 128 bytes
  decline_text?: string;  // at most 128 bytes
  incoming_channel?: string;  // at most 128 bytes
  missed_channel?: string;  // at most 128 bytes
  ongoing_channel?: string;  // at most 128 bytes
  over_lock_screen?: boolean;
  important?: boolean;
  bot?: boolean;
  full_screen?: boolean;
}

export interface AppAttached {
  type: "app_attached";
}

export interface AppDetached {
  type: "app_detached";
}

export interface AudioActivated {
  type: "audio_activated";
}

export interface AudioDeactivated {
  type: "audio_deactivated";
}

export interface CallChanged {
  type: "call_changed";
  call_id: string;
  change: Change;
}

export interface CallConnected {
  type: "call_connected";
  call_id: string;
}

export interface CallDismissed {
  type: "call_dismissed";
  call_id?: string;
  why: Dismissal;
  backend_id?: string;  // at most 1024 bytes
}

export interface CallEnded {
  type: "call_ended";
  call_id: string;
  reason: EndReason;
  source?: EndSource;
  by_remote?: boolean;
  outcome?: Outcome;
  by_user?: number;
  release_code?: string;  // at most 128 bytes
}

export interface CallPolicy {
  second?: SecondCall;
  first?: CalluiFirstCall;
  resume_held?: boolean;
  notice_if_busy?: boolean;
  notice_if_failed?: boolean;
  connect_within?: number;  // ms
}

export interface CallStyle {
  app_name?: string;  // at most 128 bytes
  avatar?: string;  // at most 512 bytes
  missed?: NoticeStyle;
  calling?: NoticeStyle;
  android?: AndroidStyle;
  ios?: IosStyle;
}

export interface CallUpdated {
  type: "call_updated";
  call_id: string;
  name: string;  // at most 128 bytes
  media?: Media;
  ring_for?: number;  // ms
  extra?: string;  // at most 2048 bytes
  style?: CallStyle;
  handle?: string;  // at most 128 bytes
}

export interface Change {
  what: ChangeKind;
  on?: boolean;
  by_peer?: boolean;
  pause_reason?: PauseReason;
  lost_for?: number;  // ms
  text?: string;  // at most 800 bytes
  data_type?: string;  // at most 100 bytes
  progress?: Progress;
  into?: string;
}

export interface ChangeSystemCall {
  type: "change_system_call";
  call_id: string;
  change: SystemChange;
  digits: string;  // at most 64 bytes
  tone: ToneKind;
  with?: string;
}

export interface ConnectedSet {
  type: "connected_set";
  call_id: string;
}

export interface CustomEventReported {
  type: "custom_event_reported";
  call_id?: string;
  body: string;  // at most 2048 bytes
}

export interface EmitEvent {
  type: "emit_event";
  event: Event;
}

export interface EndAllRequested {
  type: "end_all_requested";
}

export interface CalluiEndRequested {
  type: "end_requested";
  call_id: string;
}

export interface EndSystemCall {
  type: "end_system_call";
  call_id: string;
  reason: SystemEndReason;
}

export interface Event {
  seq: number;
  kind: EventKind;
  call_id: string;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  reason: EndReason;
  source: EndSource;
  by_remote: boolean;
  outcome: Outcome;
  devices: number;
  text: string;  // at most 800 bytes
  change?: Change;
  origin: Origin;
  was: CalluiPhase;
  result: ReportResult;
  digits: string;  // at most 64 bytes
  tone: ToneKind;
  with?: string;
  token_kind: TokenKind;
  token: string;  // at most 4096 bytes
  custom: string;  // at most 2048 bytes
  extra: string;  // at most 2048 bytes
  headers: Record<string, string>;
  backend_id: string;  // at most 1024 bytes
}

export interface EventsAcknowledged {
  type: "events_acknowledged";
  up_to: number;
}

export interface EventsSilenced {
  type: "events_silenced";
  on: boolean;
}

export interface FailAction {
  type: "fail_action";
  call_id: string;
  action: number;
}

export interface FulfilAction {
  type: "fulfil_action";
  call_id: string;
  action: number;
}

export interface HideMissedCall {
  type: "hide_missed_call";
  call_id: string;
}

export interface HideOngoingCall {
  type: "hide_ongoing_call";
  call_id: string;
}

export interface HideRequested {
  type: "hide_requested";
  call_id: string;
}

export interface IncomingAnnounced {
  type: "incoming_announced";
  call_id?: string;
  name?: string;  // at most 128 bytes
  handle?: string;  // at most 128 bytes
  media?: Media;
  ring_for: number;  // ms
  must_report?: boolean;
  style?: CallStyle;
  extra?: string;  // at most 2048 bytes
  headers?: Record<string, string>;
  backend_id?: string;  // at most 1024 bytes
}

export interface IncomingReported {
  type: "incoming_reported";
  call_id: string;
  result: ReportResult;
}

export interface IosStyle {
  icon?: string;  // at most 128 bytes
  handle_type?: HandleType;
  video?: boolean;
  call_groups?: number;
  calls_per_group?: number;
  dtmf?: boolean;
  holding?: boolean;
  grouping?: boolean;
  ungrouping?: boolean;
  in_recents?: boolean;
  ringtone?: string;  // at most 512 bytes
  configure_audio?: boolean;
  audio_mode?: AudioMode;
  sample_rate_hz?: number;
  io_buffer_us?: number;
}

export interface MissedCallLearned {
  type: "missed_call_learned";
  call_id: string;
  name?: string;  // at most 128 bytes
  handle?: string;  // at most 128 bytes
  media?: Media;
  style?: CallStyle;
  extra?: string;  // at most 2048 bytes
  headers?: Record<string, string>;
  backend_id?: string;  // at most 1024 bytes
}

export interface MissedSeen {
  type: "missed_seen";
  call_id: string;
}

export interface MissedShown {
  type: "missed_shown";
  call_id?: string;
  name?: string;  // at most 128 bytes
  handle?: string;  // at most 128 bytes
  media?: Media;
  style?: CallStyle;
  extra?: string;  // at most 2048 bytes
  headers?: Record<string, string>;
  backend_id?: string;  // at most 1024 bytes
}

export interface NoticeStyle {
  show?: boolean;
  text?: string;  // at most 128 bytes
  action_text?: string;  // at most 128 bytes
  action?: boolean;
  notice_id?: number;
  count?: number;
}

export interface OutgoingPlaced {
  type: "outgoing_placed";
  call_id: string;
}

export interface OutgoingReported {
  type: "outgoing_reported";
  call_id: string;
  result: ReportResult;
}

export interface OutgoingStarted {
  type: "outgoing_started";
  call_id?: string;
  name?: string;  // at most 128 bytes
  handle?: string;  // at most 128 bytes
  media?: Media;
  style?: CallStyle;
  extra?: string;  // at most 2048 bytes
  headers?: Record<string, string>;
  backend_id?: string;  // at most 1024 bytes
}

export interface PeerHoldChanged {
  type: "peer_hold_changed";
  call_id: string;
  on: boolean;
  reason?: string;  // at most 256 bytes
}

export interface PeerRang {
  type: "peer_rang";
  call_id: string;
  devices: number;
}

export interface PersistSnapshot {
  type: "persist_snapshot";
}

export interface PolicyChosen {
  type: "policy_chosen";
  policy: CallPolicy;
}

export interface ProviderReset {
  type: "provider_reset";
}

export interface PushArrived {
  type: "push_arrived";
  call_id?: string;
  fact?: PushFact;
  must_report?: boolean;
}

export interface PushToken {
  kind: TokenKind;
  token: string;  // at most 4096 bytes
}

export interface PushTokenChanged {
  type: "push_token_changed";
  kind: TokenKind;
  token: string;  // at most 4096 bytes
}

export interface RedialAsked {
  type: "redial_asked";
  handle: string;  // at most 128 bytes
  media?: Media;
}

export interface ReportIncoming {
  type: "report_incoming";
  call_id: string;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  ring_for: number;  // ms
  placeholder: boolean;
  silent: boolean;
  style?: CallStyle;
  headers: Record<string, string>;
  backend_id: string;  // at most 1024 bytes
}

export interface ReportOutgoing {
  type: "report_outgoing";
  call_id: string;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  style?: CallStyle;
  headers: Record<string, string>;
  backend_id: string;  // at most 1024 bytes
}

export interface ReportOutgoingConnected {
  type: "report_outgoing_connected";
  call_id: string;
}

export interface RingSilenced {
  type: "ring_silenced";
  call_id: string;
}

export interface RingTimedOut {
  type: "ring_timed_out";
  call_id: string;
}

export interface ShowMissedCall {
  type: "show_missed_call";
  call_id: string;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  style?: CallStyle;
  headers: Record<string, string>;
  backend_id: string;  // at most 1024 bytes
}

export interface ShowOngoingCall {
  type: "show_ongoing_call";
  call_id: string;
  stage: OngoingStage;
  name: string;  // at most 128 bytes
  handle: string;  // at most 128 bytes
  media: Media;
  talked_for: number;  // ms
  style?: CallStyle;
  headers: Record<string, string>;
}

export interface StartForegroundService {
  type: "start_foreground_service";
  microphone: boolean;
}

export interface StopForegroundService {
  type: "stop_foreground_service";
}

export interface StyleChosen {
  type: "style_chosen";
  style: CallStyle;
}

export interface TellAudioSession {
  type: "tell_audio_session";
  active: boolean;
}

export interface UnusablePushArrived {
  type: "unusable_push_arrived";
  call_id: string;
  name?: string;  // at most 128 bytes
  media?: Media;
  reason?: SystemEndReason;
}

export interface UpdateSystemCall {
  type: "update_system_call";
  call_id: string;
  name: string;  // at most 128 bytes
  media: Media;
  handle: string;  // at most 128 bytes
  style?: CallStyle;
}

export interface UserAnswered {
  type: "user_answered";
  call_id: string;
  action?: number;
}

export interface UserCalledBack {
  type: "user_called_back";
  call_id: string;
}

export interface UserDialled {
  type: "user_dialled";
  call_id: string;
  digits: string;  // at most 64 bytes
  tone?: ToneKind;
  action?: number;
}

export interface UserEnded {
  type: "user_ended";
  call_id: string;
  action?: number;
}

export interface UserGrouped {
  type: "user_grouped";
  call_id: string;
  with?: string;
  action?: number;
}

export interface UserHeld {
  type: "user_held";
  call_id: string;
  on: boolean;
  action?: number;
}

export interface UserMuted {
  type: "user_muted";
  call_id: string;
  on: boolean;
  action?: number;
}

export interface View {
  calls: ActiveCall[];  // at most 16
  tokens: PushToken[];  // at most 5
  events_waiting: number;
  attached: boolean;
  events_silenced: boolean;
  audio_active: boolean;
  missed_notices: number;
}

export interface CallUiConfig {
  platform: Platform;
}

export interface FrameReceived {
  type: "frame_received";
  text: string;  // at most 131072 bytes
  wall_now: number;  // ms since 1970
}

export interface SendFrame {
  type: "send_frame";
  text: string;  // at most 65536 bytes
}

export interface AddCandidate {
  type: "add_candidate";
  call_id: string;
  candidate: string;  // at most 512 bytes
  mid: string;  // at most 256 bytes
  line: number;
}

export interface Adoption {
  result: AdoptResult;
  call?: CallView;
  reason: EndReason;
  source: EndSource;
  by_remote: boolean;
  outcome?: Outcome;
}

export interface AllCallsEnded {
  type: "all_calls_ended";
}

export interface AnswerPrepared {
  type: "answer_prepared";
  call_id: string;
  sdp: string;  // at most 32768 bytes
  revision?: number;
}

export interface AnswerRequested {
  type: "answer_requested";
  call_id: string;
  action?: number;
  start_message?: string;  // at most 200 bytes
  responder_preparation?: boolean;
  video_paused?: boolean;
}

export interface ApplyAnswer {
  type: "apply_answer";
  call_id: string;
  sdp: string;  // at most 32768 bytes
  revision: number;
}

export interface AudioRouteChanged {
  type: "audio_route_changed";
  route: AudioRoute;
}

export interface AudioRouteRequested {
  type: "audio_route_requested";
  route: AudioRoute;
}

export interface CallView {
  call_id: string;
  direction: Direction;
  media: Media;
  peer: string;
  name: string;  // at most 128 bytes
  state: CallState;
  phase: EnginePhase;
  intent: Intent;
  on_screen: boolean;
  held: boolean;
  peer_held: boolean;
  muted: boolean;
  live: boolean;
  mine: PartyState;
  peer_state: PartyState;
  peer_silenced: boolean;
  network_lost: boolean;
  video_asked: boolean;
  taking: boolean;
  quality: Quality;
  progress?: Progress;
  start_message?: string;  // at most 200 bytes
  extra?: string;  // at most 2048 bytes
  connected_at: number;  // ms of the monotonic clock
}

export interface CallsRequested {
  type: "calls_requested";
}

export interface CandidateFound {
  type: "candidate_found";
  call_id: string;
  candidate: string;  // at most 512 bytes
  mid: string;  // at most 256 bytes
  line: number;
}

export interface CellularCallChanged {
  type: "cellular_call_changed";
  active?: boolean;
}

export interface CloseAudio {
  type: "close_audio";
  call_id: string;
}

export interface CloseMedia {
  type: "close_media";
  call_id: string;
}

export interface CloseSignalling {
  type: "close_signalling";
}

export interface Config {
  service: string;
  user: string;
  device: string;
  platform: Platform;
  token?: string;  // at most 4096 bytes
  verify_timeout?: number;  // ms
  connect_timeout?: number;  // ms
  place_timeout?: number;  // ms
  reconnect_min?: number;  // ms
  reconnect_max?: number;  // ms
  renews_token?: boolean;
  reconnect_timeout?: number;  // ms
  handshake_timeout?: number;  // ms
  restart_after?: number;  // ms
  negotiate_timeout?: number;  // ms
  consent_time?: number;  // ms
  renew_before?: number;  // ms
  end_tone?: number;  // ms
  allow_waiting?: boolean;
  first_call?: EngineFirstCall;
  on_cellular?: OnCellular;
  on_video?: OnVideo;
  has_media?: boolean;
  answer_without_microphone?: boolean;
  ring_tone?: boolean;
}

export interface DropOffer {
  type: "drop_offer";
  call_id: string;
  revision: number;
}

export interface EmitNotice {
  type: "emit_notice";
  notice: Notice;
}

export interface EngineEndRequested {
  type: "end_requested";
  call_id: string;
  manner?: EndManner;
  everywhere?: boolean;
  release_code?: string;  // at most 128 bytes
}

export interface FirstAudioHeard {
  type: "first_audio_heard";
  call_id: string;
}

export interface HoldRequested {
  type: "hold_requested";
  call_id: string;
  on?: boolean;
  reason?: string;  // at most 256 bytes
}

export interface MediaConnected {
  type: "media_connected";
  call_id: string;
}

export interface MediaFailed {
  type: "media_failed";
  call_id: string;
  detail?: string;  // at most 256 bytes
}

export interface MediaLost {
  type: "media_lost";
  call_id: string;
}

export interface MicrophoneChanged {
  type: "microphone_changed";
  available?: boolean;
}

export interface MuteAsked {
  type: "mute_asked";
  call_id: string;
  on?: boolean;
}

export interface NegotiationFailed {
  type: "negotiation_failed";
  call_id: string;
  revision?: number;
  detail?: string;  // at most 256 bytes
}

export interface NetworkChanged {
  type: "network_changed";
  available?: boolean;
}

export interface Notice {
  kind: NoticeKind;
  call_id?: string;
  statistics: Statistics;
  quality: Quality;
  route: AudioRoute;
  calls: LiveCall[];  // at most 16
  push_kind?: TokenKind;
  error?: ErrorCode;
}

export interface OfferPrepared {
  type: "offer_prepared";
  call_id: string;
  sdp: string;  // at most 32768 bytes
  revision?: number;
}

export interface OnlineRequested {
  type: "online_requested";
  on: boolean;
}

export interface OpenAudio {
  type: "open_audio";
  call_id: string;
  microphone: boolean;
}

export interface OpenInvite {
  type: "open_invite";
  cc_param: string;  // at most 1024 bytes
}

export interface OpenSignalling {
  type: "open_signalling";
}

export interface PeerSilenceRequested {
  type: "peer_silence_requested";
  call_id: string;
  on?: boolean;
}

export interface PlaceRequested {
  type: "place_requested";
  call_id: string;
  to_user: string;
  to_name?: string;  // at most 128 bytes
  from_name?: string;  // at most 128 bytes
  media?: Media;
  start_message?: string;  // at most 200 bytes
  app_server_data?: string;  // at most 4096 bytes
  extra?: string;  // at most 2048 bytes
  responder_preparation?: boolean;
  video_paused?: boolean;
  allow_without_microphone?: boolean;
}

export interface PlayTone {
  type: "play_tone";
  tone: Tone;
  call_id: string;
}

export interface PreparationFinished {
  type: "preparation_finished";
  call_id: string;
}

export interface PrepareAnswer {
  type: "prepare_answer";
  call_id: string;
  media: Media;
  offer: string;  // at most 32768 bytes
  revision: number;
  purpose: Negotiation;
}

export interface PrepareOffer {
  type: "prepare_offer";
  call_id: string;
  media: Media;
  revision: number;
  purpose: Negotiation;
}

export interface PushReceived {
  type: "push_received";
  invite?: Invite;
  fault?: PushFault;
  wall_now: number;  // ms since 1970
  must_report?: boolean;
}

export interface RequestToken {
  type: "request_token";
  refused: boolean;
}

export interface ScreenShareChanged {
  type: "screen_share_changed";
  call_id: string;
  on?: boolean;
}

export interface SetAudioRoute {
  type: "set_audio_route";
  route: AudioRoute;
}

export interface SetHeld {
  type: "set_held";
  call_id: string;
  on: boolean;
}

export interface SetMicrophone {
  type: "set_microphone";
  call_id: string;
  on: boolean;
}

export interface SetMuted {
  type: "set_muted";
  call_id: string;
  on: boolean;
}

export interface SetPeerSilenced {
  type: "set_peer_silenced";
  call_id: string;
  on: boolean;
}

export interface SetVideo {
  type: "set_video";
  call_id: string;
  video: Video;
}

export interface ShortDataRequested {
  type: "short_data_requested";
  call_id: string;
  data_type?: string;  // at most 100 bytes
  data: string;  // at most 800 bytes
}

export interface SignallingClosed {
  type: "signalling_closed";
  fault?: SignallingFault;
}

export interface SignallingOpened {
  type: "signalling_opened";
}

export interface SignedOut {
  type: "signed_out";
}

export interface Statistics {
  loss_permille?: number;
  jitter?: number;  // ms
  latency?: number;  // ms
  sent_bps?: number;
  received_bps?: number;
  own_level?: number;
  peer_level?: number;
}

export interface StatisticsMeasured {
  type: "statistics_measured";
  call_id: string;
  statistics: Statistics;
}

export interface StopScreenShare {
  type: "stop_screen_share";
  call_id: string;
}

export interface StopTone {
  type: "stop_tone";
}

export interface TakeRequested {
  type: "take_requested";
  call_id: string;
  allow_without_microphone?: boolean;
}

export interface TokenSupplied {
  type: "token_supplied";
  token: string;  // at most 4096 bytes
}

export interface VideoAnswered {
  type: "video_answered";
  call_id: string;
  accepted?: boolean;
  paused?: boolean;
}

export interface VideoPaused {
  type: "video_paused";
  call_id: string;
  on?: boolean;
  reason?: PauseReason;
}

export interface VideoRequested {
  type: "video_requested";
  call_id: string;
  on?: boolean;
  paused?: boolean;
}

export interface Ack {
  type: "ack";
  id: number;
}

export interface Answer {
  type: "answer";
  call_id: string;
  sdp: string;  // at most 32768 bytes
  responder_preparation?: boolean;
  start_message?: string;  // at most 200 bytes
}

export interface AnswerConfirmed {
  type: "answer_confirmed";
  call_id: string;
  peer_state?: PartyState;
}

export interface Answered {
  type: "answered";
  call_id: string;
  device: string;
  sdp: string;  // at most 32768 bytes
  responder_preparation: boolean;
  start_message?: string;  // at most 200 bytes
  peer_state?: PartyState;
}

export interface Candidate {
  type: "candidate";
  call_id: string;
  candidate: string;  // at most 512 bytes
  mid?: string;  // at most 64 bytes
  line?: number;
}

export interface Decline {
  type: "decline";
  call_id: string;
  ticket?: string;  // at most 64 bytes
  reason?: EndReason;
  everywhere?: boolean;
  release_code?: string;  // at most 128 bytes
}

export interface End {
  type: "end";
  call_id: string;
  reason?: EndReason;
  release_code?: string;  // at most 128 bytes
}

export interface Ended {
  type: "ended";
  call_id: string;
  reason: EndReason;
  source: EndSource;
  by_remote: boolean;
  release_code?: string;  // at most 128 bytes
}

export interface Error {
  type: "error";
  id: number;
  code: ErrorCode;
  message: string;  // at most 512 bytes
}

export interface Hello {
  type: "hello";
  version: number;
  device: string;
  platform?: Platform;
  token?: string;  // at most 4096 bytes
  call_id?: string;
  ticket?: string;  // at most 64 bytes
  seen_seq?: number;
  stream?: number;
}

export interface Incoming {
  type: "incoming";
  call_id: string;
  cc_param: string;  // at most 1024 bytes
}

export interface Invite {
  v: number;
  kind: PushKind;
  svc: string;
  call: string;
  to: string;
  dev: string;
  from: string;
  name: string;  // at most 128 bytes
  media: Media;
  iat: number;  // ms since 1970
  ring: number;  // ms since 1970
  acc: number;  // ms since 1970
  tkt: string;  // at most 64 bytes
  end?: EndReason;
  src?: EndSource;
}

export interface ListCalls {
  type: "list_calls";
}

export interface LiveCall {
  call_id: string;
  peer: string;
  peer_name: string;  // at most 128 bytes
  media: Media;
  device: string;
  answered_at: number;  // ms since 1970
}

export interface LiveCalls {
  type: "live_calls";
  calls: LiveCall[];  // at most 16
}

export interface MediaAnswer {
  type: "media_answer";
  call_id: string;
  revision: number;
  accepted: boolean;
  media?: Media;
  sdp?: string;  // at most 32768 bytes
}

export interface MediaOffer {
  type: "media_offer";
  call_id: string;
  revision: number;
  purpose: Negotiation;
  media: Media;
  sdp: string;  // at most 32768 bytes
}

export interface Merged {
  type: "merged";
  call_id: string;
  into: string;
  peer: string;
  peer_name: string;  // at most 128 bytes
}

export interface MuteRequest {
  type: "mute_request";
  call_id: string;
  on: boolean;
}

export interface MyState {
  type: "my_state";
  call_id: string;
  state: PartyState;
}

export interface Notified {
  type: "notified";
  call_id: string;
  devices: number;
  ring_until: number;  // ms since 1970
}

export interface PartyState {
  held?: boolean;
  hold_reason?: string;  // at most 256 bytes
  muted?: boolean;
  video?: Video;
  pause_reason?: PauseReason;
  screen_shared?: boolean;
  preparing?: boolean;
  network_lost?: boolean;
}

export interface PeerState {
  type: "peer_state";
  call_id: string;
  state: PartyState;
}

export interface Place {
  type: "place";
  call_id: string;
  to_user: string;
  media?: Media;
  from_name?: string;  // at most 128 bytes
  offer: string;  // at most 32768 bytes
  responder_preparation?: boolean;
  start_message?: string;  // at most 200 bytes
  app_server_data?: string;  // at most 4096 bytes
  extra?: string;  // at most 2048 bytes
}

export interface Progress {
  type: "progress";
  call_id: string;
  searching?: number;
  woke?: number;
  verified?: number;
  ringing?: number;
  silenced?: number;
  unreachable?: number;
}

export interface PushAddress {
  type: "push_address";
  kind: TokenKind;
  token?: string;  // at most 4096 bytes
  topic?: string;  // at most 255 bytes
  environment?: string;  // at most 16 bytes
}

export interface Receipt {
  type: "receipt";
  call_id: string;
  step: ReceiptStep;
  age_ms?: number;  // ms
  detail?: string;  // at most 128 bytes
}

export interface Renew {
  type: "renew";
  token: string;  // at most 4096 bytes
}

export interface ShortData {
  type: "short_data";
  call_id: string;
  number: number;
  data_type: string;  // at most 100 bytes
  data: string;  // at most 800 bytes
}

export interface Take {
  type: "take";
  call_id: string;
  offer: string;  // at most 32768 bytes
}

export interface Taken {
  type: "taken";
  call_id: string;
  peer: string;
  peer_name: string;  // at most 128 bytes
  media: Media;
  sdp: string;  // at most 32768 bytes
  peer_state: PartyState;
  revision: number;
}

export interface Verified {
  type: "verified";
  call_id: string;
  from_user: string;
  from_name: string;  // at most 128 bytes
  media: Media;
  offer: string;  // at most 32768 bytes
  server_now: number;  // ms since 1970
  ring_until: number;  // ms since 1970
  accept_until: number;  // ms since 1970
  responder_preparation: boolean;
  start_message?: string;  // at most 200 bytes
  extra?: string;  // at most 2048 bytes
}

export interface Verify {
  type: "verify";
  call_id: string;
  ticket?: string;  // at most 64 bytes
}

export interface Welcome {
  type: "welcome";
  version: number;
  service: string;
  user: string;
  device: string;
  server_now: number;  // ms since 1970
  stream: number;
  resumed: boolean;
  token_expires_at?: number;  // ms since 1970
}

export type PushFact =
  | IncomingAnnounced
  | CallDismissed
  | CallUpdated
  | CallEnded
  | MissedCallLearned;

/** clarion_create, clarion_restore. */
export type Config = Config;

/** A fact for clarion_send. */
export type EngineInput =
  | PushReceived
  | IncomingReported
  | UserAnswered
  | UserEnded
  | UserMuted
  | UserHeld
  | ActionTimedOut
  | ProviderReset
  | AudioActivated
  | AudioDeactivated
  | PlaceRequested
  | AppAttached
  | EventsAcknowledged
  | OnlineRequested
  | SignallingOpened
  | SignallingClosed
  | FrameReceived
  | OfferPrepared
  | AnswerPrepared
  | CandidateFound
  | MediaConnected
  | MediaLost
  | MediaFailed
  | FirstAudioHeard
  | AnswerRequested
  | PreparationFinished
  | EngineEndRequested
  | AllCallsEnded
  | HoldRequested
  | PeerSilenceRequested
  | MuteAsked
  | VideoRequested
  | VideoAnswered
  | VideoPaused
  | ScreenShareChanged
  | ShortDataRequested
  | CallsRequested
  | TakeRequested
  | TokenSupplied
  | SignedOut
  | AudioRouteRequested
  | NetworkChanged
  | MicrophoneChanged
  | CellularCallChanged
  | AudioRouteChanged
  | NegotiationFailed
  | StatisticsMeasured
  | AllMuted
  | AppDetached
  | CustomEventReported
  | EventsSilenced
  | HideRequested
  | MissedSeen
  | MissedShown
  | PushTokenChanged
  | RedialAsked
  | RingSilenced
  | RingTimedOut
  | StyleChosen
  | UserCalledBack
  | UserDialled
  | UserGrouped
  | OutgoingReported;

/** A command of clarion_receive. */
export type EngineOutput =
  | ReportIncoming
  | UpdateSystemCall
  | EndSystemCall
  | ReportOutgoing
  | ReportOutgoingConnected
  | FulfilAction
  | FailAction
  | ShowMissedCall
  | StartForegroundService
  | StopForegroundService
  | EmitEvent
  | PersistSnapshot
  | ChangeSystemCall
  | HideMissedCall
  | ShowOngoingCall
  | HideOngoingCall
  | TellAudioSession
  | OpenSignalling
  | CloseSignalling
  | SendFrame
  | PrepareOffer
  | PrepareAnswer
  | ApplyAnswer
  | AddCandidate
  | OpenAudio
  | CloseAudio
  | SetMuted
  | SetHeld
  | CloseMedia
  | RequestToken
  | DropOffer
  | SetMicrophone
  | SetPeerSilenced
  | SetVideo
  | StopScreenShare
  | SetAudioRoute
  | PlayTone
  | StopTone
  | EmitNotice
  | OpenInvite;

/** What clarion_calls gives. */
export type Calls = CallView[];

/** What clarion_adopt gives. */
export type Adoption = Adoption;

/** clarion_callui_create, clarion_callui_restore. */
export type CalluiConfig = CallUiConfig;

/** A fact for clarion_callui_send. */
export type CalluiInput =
  | IncomingReported
  | UserAnswered
  | UserEnded
  | UserMuted
  | UserHeld
  | ActionTimedOut
  | ProviderReset
  | AudioActivated
  | AudioDeactivated
  | AppAttached
  | EventsAcknowledged
  | IncomingAnnounced
  | UnusablePushArrived
  | MissedCallLearned
  | CallUpdated
  | OutgoingStarted
  | OutgoingPlaced
  | PeerRang
  | CallConnected
  | PeerHoldChanged
  | CallEnded
  | CallChanged
  | RingSilenced
  | RingTimedOut
  | UserDialled
  | UserGrouped
  | AllMuted
  | UserCalledBack
  | RedialAsked
  | MissedSeen
  | AppDetached
  | EventsSilenced
  | CalluiEndRequested
  | EndAllRequested
  | HideRequested
  | ConnectedSet
  | MissedShown
  | PushTokenChanged
  | CustomEventReported
  | StyleChosen
  | PolicyChosen
  | CallDismissed
  | OutgoingReported
  | PushArrived;

/** A command of clarion_callui_receive. */
export type CalluiOutput =
  | ReportIncoming
  | UpdateSystemCall
  | EndSystemCall
  | ReportOutgoing
  | ReportOutgoingConnected
  | FulfilAction
  | FailAction
  | ShowMissedCall
  | StartForegroundService
  | StopForegroundService
  | EmitEvent
  | PersistSnapshot
  | ChangeSystemCall
  | HideMissedCall
  | ShowOngoingCall
  | HideOngoingCall
  | TellAudioSession;

/** What clarion_callui_view gives. */
export type CalluiView = View;

/** A WebSocket message of a client. */
export type ClientMessage = {
  id: number;
} & (
  | Hello
  | Place
  | Verify
  | Answer
  | Decline
  | End
  | Candidate
  | MyState
  | MediaOffer
  | MediaAnswer
  | MuteRequest
  | ShortData
  | Take
  | ListCalls
  | Renew
  | PushAddress
  | Receipt
);

/** A WebSocket message of the server. */
export type ServerMessage = {
  seq?: number;
} & (
  | Welcome
  | Ack
  | Error
  | Incoming
  | Notified
  | Progress
  | Verified
  | Answered
  | AnswerConfirmed
  | Candidate
  | PeerState
  | MediaOffer
  | MediaAnswer
  | MuteRequest
  | ShortData
  | Merged
  | Taken
  | LiveCalls
  | Ended
);

/** The JSON inside cc_param. */
export type Invite = Invite;
