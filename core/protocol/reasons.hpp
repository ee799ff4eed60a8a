// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/describe.hpp"

namespace clarion {

/// Why a call ended. Numbers and names are LINE Planet's disconnect reasons, so that an app that knows them knows ours.
/// A number or word that this version does not know decodes to `unknown`, never to something that looks like success.
enum class EndReason : std::int16_t {
    unknown = -1,
    normal = 1001,
    decline = 1002,
    cell_call = 1003,
    internal_error = 1109,
    user_error = 1110,
    internal_kit_error = 1111,
    mic_no_source = 1112,
    cancel = 1201,
    busy = 1202,
    no_answer = 1203,
    already_got_a_call = 1204,
    multi_device_in_use = 1205,
    multi_device_answer = 1206,
    multi_device_decline = 1207,
    max_call_time_exceeded = 1208,
    network_unstable = 1301,
    push_error = 1302,
    auth_error = 1303,
    released_call = 1304,
    server_internal_error = 1305,
    unavailable_network = 1308,
    app_destroy = 1309,
    system_sleep = 1310,
    system_log_off = 1311,
    mtu_exceeded = 1312,
    app_server_data_error = 1313,
    desktop_screen_locked = 1314,
    room_is_full = 1401,
    alone_kick_out = 1402,
    room_not_found = 1404,
    another_instance_try_to_join = 1405,
    service_access_token_error = 1501,
    service_invalid_id = 1502,
    service_maintenance = 1503,
    service_busy = 1504,
    service_internal_error = 1505,
    service_http_error = 1506,
    service_http_connection_time_out = 1507,
    service_http_invalid_peer_cert = 1508,
    service_http_connect_fail = 1509,
    service_http_invalid_url = 1510,
    service_incompatible_version = 1511,
    service_too_many_requests = 1512,
};

/// What the system call UI is told (CXCallEndedReason numbers; IOS-CK-05).
enum class SystemEndReason : std::uint8_t {
    failed = 1,
    remote_ended = 2,
    unanswered = 3,
    answered_elsewhere = 4,
    declined_elsewhere = 5,
};

/// Who produced the end (LINE Planet's disconnect source and `releaser_type`).
enum class EndSource : std::uint8_t {
    undefined = 0,
    callee = 1,
    caller = 2,
    participant = 3,
    cloud_server = 4,
    app_server = 5,
};

/// Where a call stands in a person's call history: exactly one of these for each side (invariant I8).
enum class Outcome : std::uint8_t { answered, missed, declined, cancelled, failed };

struct ReasonRow {
    EndReason reason;
    std::string_view word;
    SystemEndReason system;  // For an end that the local user did not ask for through the system UI.
};

/// The whole table, ordered by number.
[[nodiscard]] std::span<const ReasonRow> reason_table();

/// Total: every number has an answer, unknown ones are `unknown` (defect-15).
[[nodiscard]] EndReason reason_from_number(std::int64_t number);

/// What to report to the system UI. Total and decided by number, never by text (defect-15). `by_remote` is false when
/// this device produced the end: then a cellular call or an app-defined error is a failure, not a remote hang-up.
[[nodiscard]] SystemEndReason system_end_reason(EndReason reason, bool by_remote);

template <>
struct EnumText<SystemEndReason> {
    static constexpr std::array<EnumWord<SystemEndReason>, 5> values{{
        {SystemEndReason::failed, "failed"},
        {SystemEndReason::remote_ended, "remote_ended"},
        {SystemEndReason::unanswered, "unanswered"},
        {SystemEndReason::answered_elsewhere, "answered_elsewhere"},
        {SystemEndReason::declined_elsewhere, "declined_elsewhere"},
    }};
};

template <>
struct EnumText<EndSource> {
    static constexpr std::array<EnumWord<EndSource>, 6> values{{
        {EndSource::undefined, "undefined"},
        {EndSource::callee, "callee"},
        {EndSource::caller, "caller"},
        {EndSource::participant, "participant"},
        {EndSource::cloud_server, "cloud_server"},
        {EndSource::app_server, "app_server"},
    }};
};

template <>
struct EnumText<Outcome> {
    static constexpr std::array<EnumWord<Outcome>, 5> values{{
        {Outcome::answered, "answered"},
        {Outcome::missed, "missed"},
        {Outcome::declined, "declined"},
        {Outcome::cancelled, "cancelled"},
        {Outcome::failed, "failed"},
    }};
};

namespace detail {
using enum EndReason;
inline constexpr auto kFailed = SystemEndReason::failed;
inline constexpr auto kRemoteEnded = SystemEndReason::remote_ended;

inline constexpr std::array<ReasonRow, 44> kReasons{{
    {unknown, "unknown", kFailed},
    {normal, "normal", kRemoteEnded},
    {decline, "decline", kRemoteEnded},
    {cell_call, "cell_call", kRemoteEnded},
    {internal_error, "internal_error", kFailed},
    {user_error, "user_error", kRemoteEnded},
    {internal_kit_error, "internal_kit_error", kFailed},
    {mic_no_source, "mic_no_source", kFailed},
    {cancel, "cancel", kRemoteEnded},
    {busy, "busy", kRemoteEnded},
    {no_answer, "no_answer", SystemEndReason::unanswered},
    {already_got_a_call, "already_got_a_call", kFailed},
    {multi_device_in_use, "multi_device_in_use", kFailed},
    {multi_device_answer, "multi_device_answer", SystemEndReason::answered_elsewhere},
    {multi_device_decline, "multi_device_decline", SystemEndReason::declined_elsewhere},
    {max_call_time_exceeded, "max_call_time_exceeded", kRemoteEnded},
    {network_unstable, "network_unstable", kFailed},
    {push_error, "push_error", kFailed},
    {auth_error, "auth_error", kFailed},
    {released_call, "released_call", kRemoteEnded},
    {server_internal_error, "server_internal_error", kFailed},
    {unavailable_network, "unavailable_network", kFailed},
    {app_destroy, "app_destroy", kFailed},
    {system_sleep, "system_sleep", kFailed},
    {system_log_off, "system_log_off", kFailed},
    {mtu_exceeded, "mtu_exceeded", kFailed},
    {app_server_data_error, "app_server_data_error", kFailed},
    {desktop_screen_locked, "desktop_screen_locked", kFailed},
    {room_is_full, "room_is_full", kFailed},
    {alone_kick_out, "alone_kick_out", kFailed},
    {room_not_found, "room_not_found", kFailed},
    {another_instance_try_to_join, "another_instance_try_to_join", kFailed},
    {service_access_token_error, "service_access_token_error", kFailed},
    {service_invalid_id, "service_invalid_id", kFailed},
    {service_maintenance, "service_maintenance", kFailed},
    {service_busy, "service_busy", kFailed},
    {service_internal_error, "service_internal_error", kFailed},
    {service_http_error, "service_http_error", kFailed},
    {service_http_connection_time_out, "service_http_connection_time_out", kFailed},
    {service_http_invalid_peer_cert, "service_http_invalid_peer_cert", kFailed},
    {service_http_connect_fail, "service_http_connect_fail", kFailed},
    {service_http_invalid_url, "service_http_invalid_url", kFailed},
    {service_incompatible_version, "service_incompatible_version", kFailed},
    {service_too_many_requests, "service_too_many_requests", kFailed},
}};

consteval std::array<EnumWord<EndReason>, kReasons.size()> reason_words() {
    std::array<EnumWord<EndReason>, kReasons.size()> words{};
    for (std::size_t i = 0; i < kReasons.size(); ++i) words[i] = {kReasons[i].reason, kReasons[i].word};
    return words;
}
}  // namespace detail

template <>
struct EnumText<EndReason> {
    static constexpr auto values = detail::reason_words();
    static constexpr EndReason fallback = EndReason::unknown;
};

}  // namespace clarion
