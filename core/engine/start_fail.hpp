// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/describe.hpp"

/// Why a call could not even be started: LINE Planet's numbers and meanings (reference: its start-fail reasons), for
/// the reasons that exist here and for those that another SDK may send through an app.
namespace clarion::engine {

enum class StartFail : std::int32_t {
    unknown = -1,  // A number that this version does not know: a failure, never a success.
    none = 0,
    invalid_param = 1,
    already_exist = 2,  // A call with this id lives, or ended a short while ago.
    decode_call_param = 3,
    memory_error = 4,
    id_conflict = 5,  // The user calls themselves.
    reuse = 6,
    invalid_user_id = 7,
    invalid_service_id = 8,
    invalid_api_key = 9,
    invalid_room_id = 10,
    too_long_app_server_data = 11,
    not_initialized = 12,  // Nobody is signed in: no access token.
    internal = 999,
    windows_core_library = 1000,
    windows_audio_input = 1001,
    windows_audio_output = 1002,
    windows_video_capturer = 1003,
    windows_not_ready = 1004,
    windows_invalid_param = 1005,
    windows_other_conference_exists = 1006,
    windows_peer_id_empty = 1007,
    windows_param_null = 1008,
    kit_unknown_media_type = 2001,
    kit_invalid_room_id = 2002,
    kit_invalid_peer_id = 2003,
    kit_invalid_push_message = 2004,
    kit_no_metal_device = 2005,
    kit_invalid_authentication = 2006,
    kit_internal_initialization_error = 2999,  // The app has no media (Config::has_media).
    kit_no_permission_record_audio = 3000,     // No microphone, and the call was not allowed without one.
    kit_call_init_data_invalid_size = 3001,    // The start message or `extra` is too long.
    kit_my_user_id_blank = 3002,
    kit_my_service_id_blank = 3003,
    kit_peer_user_id_blank = 3004,
    kit_peer_service_id_blank = 3005,
    kit_invalid_state_to_make_call = 3006,  // Too many calls, or it lives here already.
    kit_cannot_create_new_session = 3007,   // A cellular call is in progress.
    kit_invalid_state_to_join_conference = 3008,
    kit_room_id_blank = 3009,
    kit_room_service_id_blank = 3010,
    kit_no_permission_read_phone_state = 3011,
    kit_internal_unknown_exception_at_verify_call = 3994,
    kit_internal_jni_env = 3995,
    kit_internal_jni_handle_nullptr = 3996,
    kit_internal_jni_obj_nullptr = 3997,
    kit_internal_jni_class_nullptr = 3998,
    kit_internal_undefined = 3999,
};

/// Total: every number has an answer, and one that is not known is a failure (`unknown`; the caller keeps the number).
[[nodiscard]] StartFail start_fail_from_number(std::int64_t number);

}  // namespace clarion::engine

namespace clarion {

template <>
struct EnumText<engine::StartFail> {
    using E = engine::StartFail;
    static constexpr std::array<EnumWord<E>, 49> values{{
        {E::unknown, "unknown"},
        {E::none, "none"},
        {E::invalid_param, "invalid_param"},
        {E::already_exist, "already_exist"},
        {E::decode_call_param, "decode_call_param"},
        {E::memory_error, "memory_error"},
        {E::id_conflict, "id_conflict"},
        {E::reuse, "reuse"},
        {E::invalid_user_id, "invalid_user_id"},
        {E::invalid_service_id, "invalid_service_id"},
        {E::invalid_api_key, "invalid_api_key"},
        {E::invalid_room_id, "invalid_room_id"},
        {E::too_long_app_server_data, "too_long_app_server_data"},
        {E::not_initialized, "not_initialized"},
        {E::internal, "internal"},
        {E::windows_core_library, "windows_core_library"},
        {E::windows_audio_input, "windows_audio_input"},
        {E::windows_audio_output, "windows_audio_output"},
        {E::windows_video_capturer, "windows_video_capturer"},
        {E::windows_not_ready, "windows_not_ready"},
        {E::windows_invalid_param, "windows_invalid_param"},
        {E::windows_other_conference_exists, "windows_other_conference_exists"},
        {E::windows_peer_id_empty, "windows_peer_id_empty"},
        {E::windows_param_null, "windows_param_null"},
        {E::kit_unknown_media_type, "kit_unknown_media_type"},
        {E::kit_invalid_room_id, "kit_invalid_room_id"},
        {E::kit_invalid_peer_id, "kit_invalid_peer_id"},
        {E::kit_invalid_push_message, "kit_invalid_push_message"},
        {E::kit_no_metal_device, "kit_no_metal_device"},
        {E::kit_invalid_authentication, "kit_invalid_authentication"},
        {E::kit_internal_initialization_error, "kit_internal_initialization_error"},
        {E::kit_no_permission_record_audio, "kit_no_permission_record_audio"},
        {E::kit_call_init_data_invalid_size, "kit_call_init_data_invalid_size"},
        {E::kit_my_user_id_blank, "kit_my_user_id_blank"},
        {E::kit_my_service_id_blank, "kit_my_service_id_blank"},
        {E::kit_peer_user_id_blank, "kit_peer_user_id_blank"},
        {E::kit_peer_service_id_blank, "kit_peer_service_id_blank"},
        {E::kit_invalid_state_to_make_call, "kit_invalid_state_to_make_call"},
        {E::kit_cannot_create_new_session, "kit_cannot_create_new_session"},
        {E::kit_invalid_state_to_join_conference, "kit_invalid_state_to_join_conference"},
        {E::kit_room_id_blank, "kit_room_id_blank"},
        {E::kit_room_service_id_blank, "kit_room_service_id_blank"},
        {E::kit_no_permission_read_phone_state, "kit_no_permission_read_phone_state"},
        {E::kit_internal_unknown_exception_at_verify_call, "kit_internal_unknown_exception_at_verify_call"},
        {E::kit_internal_jni_env, "kit_internal_jni_env"},
        {E::kit_internal_jni_handle_nullptr, "kit_internal_jni_handle_nullptr"},
        {E::kit_internal_jni_obj_nullptr, "kit_internal_jni_obj_nullptr"},
        {E::kit_internal_jni_class_nullptr, "kit_internal_jni_class_nullptr"},
        {E::kit_internal_undefined, "kit_internal_undefined"},
    }};
    static constexpr E fallback = E::unknown;
};

}  // namespace clarion
