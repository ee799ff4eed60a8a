/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door: Clarion's call engine for every language. C99, self-contained; JSON in, JSON out.
 *
 * The engine is one device's view of its calls. It has no clock, no socket and no thread: you tell it facts
 * ("a push came", "the user tapped Accept") and perform the commands that it gives back ("report this call to the
 * system", "send this text to the server"). Facts and commands are JSON objects with a "type"; docs/engine.md lists
 * them all, sdk/generated/clarion.schema.json describes every field, and sdk/generated/ holds their words as constants.
 *
 * Two handles, one loop. clarion_engine is the whole client of a Clarion server. clarion_callui is the system call
 * screen alone, for an app with a voice service of its own (docs/callui.md); an engine has one inside, so no app needs
 * both.
 *
 * The one loop of every shell, on one serial queue:
 *
 *     feed(fact):  clarion_send(engine, now, fact);
 *                  while (clarion_receive(engine, &json, &length) == CLARION_OK)  perform(json);
 *                  clarion_next_deadline(engine, &at, ...);  arm one timer for `at`
 *     timer:       clarion_handle_timeout(engine, now);  then drain and arm as above
 *
 * perform() starts work and returns; what came of it is a later fact. It never calls clarion_send itself.
 *
 * Threads: a handle belongs to one thread at a time; handles are independent of each other.
 * Time: `now_ms` is milliseconds of a monotonic clock that keeps counting while the device sleeps (Linux
 *     CLOCK_BOOTTIME, Apple continuous time, Android elapsedRealtime, performance.now() in a browser). It never goes
 *     back. Wall-clock fields inside facts ("wall_now") are milliseconds since 1970 UTC.
 * Text: UTF-8, pointer and length in bytes, need not end with a zero byte. What a function hands out belongs to the
 *     handle and is valid until the next call on that handle.
 * Limits: CLARION_JSON_MAX bytes for each JSON text that goes in; every field has its own limit.
 * Errors: negative int32_t codes below, and clarion_error_text for a log. A refused call changed nothing: the engine is
 *     as it was before. Memory that cannot be had ends the process.
 *
 * Versions. clarion_version() is major << 16 | minor of the library. Same major, your minor or a later one: everything
 * in this header works as it says. A later minor may add functions, status codes, input types, output types, optional
 * fields of inputs, fields of outputs, and words of enumerations in outputs. So: skip an output whose "type" you do not
 * know, ignore members that you do not know, take an unknown word as "something newer", and any unknown negative code
 * as an error. Only a new major removes, renames, or changes what is there; then the shared library has another soname
 * and another symbol version (CLARION_0 of the major 0). A snapshot is read by every later library of the same major.
 *     sdk/door/symbols.txt lists every exported symbol; a test compares it with the shared library.
 *
 * The connection. Frames of the WebSocket go through as they are: send the "text" of a "send_frame" command as one
 * message; hand each message of the server in as {"type":"frame_received","text":"...","wall_now":...}. When that is
 * refused with CLARION_ERR_FIELD the server is broken: close the connection and say
 * {"type":"signalling_closed","fault":"protocol_error"}. A command {"type":"open_invite","cc_param":...} has an invite
 * that came over the connection: open it as that of a push, and hand in "push_received" with "must_report":false.
 *
 * Pushes. There is no clarion_open_push, on purpose: the door holds no cryptography and no key. A browser has WebCrypto
 * with keys that no script can read, iOS and Android have key stores, and a second libsodium in a 150 kB module would
 * serve nobody. Natively, crypto/invite_box opens `cc_param` (seal and signature; format in that header); in a browser
 * the service worker does the same with WebCrypto. What goes in here is the opened invite:
 *
 *     {"type":"push_received","invite":{...the JSON that was inside cc_param...},"fault":"none","wall_now":...}
 *
 * or, when it did not open, no "invite" and "fault" saying why: "malformed", "not_for_this_device", "bad_signature",
 * "unsupported_version". Feed that as well: iOS demands a report for every push, and the engine makes it.
 */
#ifndef CLARION_DOOR_CLARION_H
#define CLARION_DOOR_CLARION_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CLARION_API __attribute__((visibility("default")))
#else
#define CLARION_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Major << 16 | minor. A library of the same major and at least your minor does what this header says. */
#define CLARION_VERSION_MAJOR 0
#define CLARION_VERSION_MINOR 2

/* Longest JSON text that the create and send functions take. */
#define CLARION_JSON_MAX (256u * 1024u)
/* Longest snapshot that the restore functions take. */
#define CLARION_SNAPSHOT_MAX (4u * 1024u * 1024u)

/* ---- status codes ---- */

#define CLARION_OK 0
/* Not an error: there is nothing (left) to receive. */
#define CLARION_NOTHING 1

/* A null handle or pointer, or a time below 0 or above 2^53. A bug of the caller. */
#define CLARION_ERR_ARGUMENT (-1)
/* The text is longer than its limit. Do not repeat. */
#define CLARION_ERR_TOO_LARGE (-2)
/* Not JSON, or not UTF-8. A bug of the caller; do not repeat. */
#define CLARION_ERR_MALFORMED (-3)
/* No such "type": the caller is newer than this library. Skip it. */
#define CLARION_ERR_UNKNOWN_TYPE (-4)
/* A field is missing, of the wrong kind, or out of its limits; clarion_error_text names it. Do not repeat. */
#define CLARION_ERR_FIELD (-5)
/* Outputs wait: receive until CLARION_NOTHING first. A bug of the caller. */
#define CLARION_ERR_UNDRAINED (-6)
/* now_ms is before that of an earlier call: use a clock that never goes back. */
#define CLARION_ERR_TIME_WENT_BACK (-7)
/* No such call: normal for a tap or message that comes late. Do nothing. */
#define CLARION_ERR_UNKNOWN_CALL (-8)
/* The call cannot do that now. Do nothing. */
#define CLARION_ERR_WRONG_STATE (-9)
/* Another call of this device has that id: make a new one. */
#define CLARION_ERR_DUPLICATE_CALL (-10)
/* Too many calls at once: tell the user. */
#define CLARION_ERR_TOO_MANY_CALLS (-11)
/* The snapshot is of a later version: start with clarion_create instead. */
#define CLARION_ERR_SNAPSHOT_VERSION (-12)
/* The snapshot is damaged: start with clarion_create instead. */
#define CLARION_ERR_SNAPSHOT_DAMAGED (-13)

typedef struct clarion_engine clarion_engine;
typedef struct clarion_callui clarion_callui;

/* The library's version, as CLARION_VERSION_MAJOR << 16 | CLARION_VERSION_MINOR. */
CLARION_API uint32_t clarion_version(void);

/* ---- the engine ---- */

/*
 * A new engine. `config_json`:
 *     {"service":"...", "user":"...", "device":"...", "platform":"ios|android|desktop|web", "token":"..." (optional)}
 * `seed` is any random number: it spreads reconnects; the same seed and facts give the same commands.
 * On error *out is NULL and clarion_error_text(NULL, ...) says why.
 */
CLARION_API int32_t
clarion_create(const char* config_json, size_t config_length, int64_t now_ms, uint64_t seed, clarion_engine** out);

/*
 * The engine of an earlier process: live calls go on, expired ones end with a reason. `wall_now_ms` is the device's
 * wall clock; `same_boot` is 0 when the monotonic clock started anew since the snapshot (another boot), otherwise 1.
 * Then drain: outputs wait. On error *out is NULL; use clarion_create.
 */
CLARION_API int32_t clarion_restore(
    const char* config_json,
    size_t config_length,
    const char* snapshot,
    size_t snapshot_length,
    int64_t now_ms,
    int64_t wall_now_ms,
    int32_t same_boot,
    clarion_engine** out
);

/* NULL is allowed. */
CLARION_API void clarion_destroy(clarion_engine* engine);

/* One fact. Then drain. */
CLARION_API int32_t clarion_send(clarion_engine* engine, int64_t now_ms, const char* input_json, size_t input_length);

/*
 * The oldest command, or CLARION_NOTHING when drained. A command whose "type" you do not know comes from a newer
 * library: log it and go on.
 */
CLARION_API int32_t clarion_receive(clarion_engine* engine, const char** json, size_t* length);

/*
 * When to call clarion_handle_timeout; INT64_MAX: no timer is needed. Meaningful only when drained. `timer`, if not
 * NULL, gets the name of the timer that asked ("ring", "reconnect", ...), for logs; it ends with a zero byte and stays
 * valid.
 */
CLARION_API int32_t clarion_next_deadline(clarion_engine* engine, int64_t* at_ms, const char** timer);

/* May come early, late or twice. Then drain. */
CLARION_API int32_t clarion_handle_timeout(clarion_engine* engine, int64_t now_ms);

/*
 * Every call with its present state, as a JSON array ("call" in the schema), for an app that opens late. Ended calls
 * that the server has still to be told of are in it, with "phase":"ended". Allowed at any time.
 */
CLARION_API int32_t clarion_calls(clarion_engine* engine, const char** json, size_t* length);

/*
 * What became of the call that the app was opened for ("adoption" in the schema): live, with its state; ended, with its
 * reason; elsewhere; unknown. Asking changes nothing; what happens from now on comes as events. CLARION_ERR_FIELD: the
 * id is not a UUID.
 */
CLARION_API int32_t
clarion_adopt(clarion_engine* engine, const char* call_id, size_t call_id_length, const char** json, size_t* length);

/*
 * Whether this "place_requested" would be taken now: *number is 0, or LINE Planet's start-fail number ("StartFail"
 * among the constants). clarion_send refuses exactly what this refuses.
 */
CLARION_API int32_t
clarion_start_fail(clarion_engine* engine, const char* place_json, size_t place_length, int32_t* number);

/*
 * Everything that must survive the process, as opaque bytes. Only when drained. On a "persist_snapshot" command: drain
 * into a list, take the snapshot, store it durably (write, sync, rename), then perform what came after that command.
 */
CLARION_API int32_t clarion_snapshot(clarion_engine* engine, const char** bytes, size_t* length);

/*
 * One sentence about the last error of this handle, for a log; empty when there was none. It names the field and
 * repeats no value: `"invite.name" is longer than allowed`. With NULL: about the last create or restore of this thread
 * that was refused, valid until the next one.
 */
CLARION_API int32_t clarion_error_text(clarion_engine* engine, const char** text, size_t* length);

/*
 * ---- the system call screen alone ----
 *
 * The same functions and the same loop over core/callui: no server, no push, no media. The app tells what its own voice
 * service knows ("incoming_announced", "call_connected", "call_ended", ...) and what the system said ("user_answered",
 * "audio_activated", ...); it performs the commands ("report_incoming", "start_foreground_service", ...) and hears in
 * "emit_event" what happened. Types: "callui_input" and "callui_output" in the schema.
 */

/* `config_json`: {"platform":"ios|android|desktop|web"} and what "callui_config" in the schema says. */
CLARION_API int32_t
clarion_callui_create(const char* config_json, size_t config_length, int64_t now_ms, clarion_callui** out);

/*
 * The calls of an earlier process. `elapsed_ms` is the time since the snapshot, from wall clocks that the shell stored
 * beside it; -1 when the monotonic clock went on since then (the same boot), so that now_ms tells. Then drain.
 */
CLARION_API int32_t clarion_callui_restore(
    const char* config_json,
    size_t config_length,
    const char* snapshot,
    size_t snapshot_length,
    int64_t now_ms,
    int64_t elapsed_ms,
    clarion_callui** out
);

CLARION_API void clarion_callui_destroy(clarion_callui* callui);
CLARION_API int32_t
clarion_callui_send(clarion_callui* callui, int64_t now_ms, const char* input_json, size_t input_length);
CLARION_API int32_t clarion_callui_receive(clarion_callui* callui, const char** json, size_t* length);
CLARION_API int32_t clarion_callui_next_deadline(clarion_callui* callui, int64_t* at_ms, const char** timer);
CLARION_API int32_t clarion_callui_handle_timeout(clarion_callui* callui, int64_t now_ms);

/* The calls on screen, the push tokens, and what waits, at the time of the last fact ("callui_view" in the schema). */
CLARION_API int32_t clarion_callui_view(clarion_callui* callui, const char** json, size_t* length);

CLARION_API int32_t clarion_callui_snapshot(clarion_callui* callui, const char** bytes, size_t* length);
CLARION_API int32_t clarion_callui_error_text(clarion_callui* callui, const char** text, size_t* length);

#ifdef __cplusplus
}
#endif

#endif /* CLARION_DOOR_CLARION_H */
