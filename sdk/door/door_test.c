/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A C99 program on the other side of the door: one incoming call on an iPhone from push to end, in nothing but
 * clarion.h. Exit status 0 when every step gave the commands that it must give.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sdk/door/clarion.h"

#define CALL "6f1f7d5e-0000-4000-8000-000000000001"

static const char kConfig[] = "{\"service\":\"acme\",\"user\":\"bob\",\"device\":\"bob-phone\",\"platform\":\"ios\"}";

static const char kPush[] =
    "{\"type\":\"push_received\",\"fault\":\"none\",\"wall_now\":1000,\"invite\":{\"v\":1,\"kind\":\"ring\","
    "\"svc\":\"acme\",\"call\":\"" CALL
    "\",\"to\":\"bob\",\"dev\":\"bob-phone\",\"from\":\"alice\","
    "\"name\":\"Alice\",\"media\":\"audio\",\"iat\":1000,\"ring\":61000,\"acc\":66000,\"tkt\":\"ticket\"}}";

static int failures = 0;
static int64_t now = 5000;
static char seen[256 * 1024]; /* Every command since the last step, one after the other. */

static void fail(const char* what, const char* detail) {
    ++failures;
    fprintf(stderr, "FAILED: %s: %s\n", what, detail);
}

static void drain(clarion_engine* engine) {
    const char* json = NULL;
    size_t length = 0;
    size_t used = 0;
    seen[0] = '\0';
    while (clarion_receive(engine, &json, &length) == CLARION_OK) {
        if (used + length + 2 > sizeof seen) {
            fail("drain", "more commands than expected");
            return;
        }
        memcpy(seen + used, json, length);
        used += length;
        seen[used++] = '\n';
        seen[used] = '\0';
    }
}

/* Sends one fact and expects these words among the commands, in this order; words end with NULL. */
static void step(clarion_engine* engine, const char* fact, const char* const* words) {
    const char* from = seen;
    const int32_t code = clarion_send(engine, ++now, fact, strlen(fact));
    if (code != CLARION_OK) {
        const char* text = NULL;
        size_t length = 0;
        (void)clarion_error_text(engine, &text, &length);
        fprintf(stderr, "code %" PRId32 ", %.*s\n", code, (int)length, text);
        fail("refused", fact);
        return;
    }
    drain(engine);
    for (; *words != NULL; ++words) {
        const char* found = strstr(from, *words);
        if (found == NULL) {
            fprintf(stderr, "after %s\nthe commands were\n%s", fact, seen);
            fail("missing", *words);
            return;
        }
        from = found;
    }
}

#define STEP(fact, ...)                                         \
    do {                                                        \
        static const char* const words[] = {__VA_ARGS__, NULL}; \
        step(engine, fact, words);                              \
    } while (0)

static void incoming_call(clarion_engine* engine) {
    STEP(kPush, "\"type\":\"report_incoming\"", "\"name\":\"Alice\"");
    if (strstr(seen, "\"type\":\"open_signalling\"") == NULL) fail("after the push", "no open_signalling");
    if (strstr(seen, "\"type\":\"persist_snapshot\"") == NULL) fail("after the push", "no persist_snapshot");

    STEP("{\"type\":\"incoming_reported\",\"call_id\":\"" CALL "\",\"result\":\"shown\"}", "");
    STEP(
        "{\"type\":\"signalling_opened\"}", "\"type\":\"send_frame\"", "\\\"type\\\":\\\"hello\\\"",
        "\\\"ticket\\\":\\\"ticket\\\""
    );
    STEP(
        "{\"type\":\"frame_received\",\"wall_now\":1100,\"text\":\"{\\\"type\\\":\\\"welcome\\\",\\\"version\\\":1,"
        "\\\"service\\\":\\\"acme\\\",\\\"user\\\":\\\"bob\\\",\\\"device\\\":\\\"bob-phone\\\",\\\"server_now\\\":"
        "1100,"
        "\\\"stream\\\":7,\\\"resumed\\\":false}\"}",
        "\"type\":\"send_frame\"", "\\\"type\\\":\\\"verify\\\""
    );
    STEP(
        "{\"type\":\"frame_received\",\"wall_now\":1110,\"text\":\"{\\\"type\\\":\\\"verified\\\",\\\"seq\\\":1,"
        "\\\"call_id\\\":\\\"" CALL
        "\\\",\\\"from_user\\\":\\\"alice\\\",\\\"from_name\\\":\\\"Alice\\\","
        "\\\"media\\\":\\\"audio\\\",\\\"offer\\\":\\\"v=0 offer\\\",\\\"server_now\\\":1110,\\\"ring_until\\\":61000,"
        "\\\"accept_until\\\":66000}\"}",
        "\"type\":\"prepare_answer\"", "v=0 offer"
    );
    STEP("{\"type\":\"answer_prepared\",\"call_id\":\"" CALL "\",\"sdp\":\"v=0 answer\"}", "");
    STEP("{\"type\":\"user_answered\",\"call_id\":\"" CALL "\",\"action\":5}", "\"type\":\"send_frame\"", "v=0 answer");
    STEP("{\"type\":\"audio_activated\"}", "");
    STEP(
        "{\"type\":\"frame_received\",\"wall_now\":1120,\"text\":\"{\\\"type\\\":\\\"answer_confirmed\\\",\\\"seq\\\":"
        "2,"
        "\\\"call_id\\\":\\\"" CALL "\\\"}\"}",
        ""
    );
    STEP("{\"type\":\"media_connected\",\"call_id\":\"" CALL "\"}", "\"type\":\"fulfil_action\"", "\"action\":5");
    STEP(
        "{\"type\":\"frame_received\",\"wall_now\":1130,\"text\":\"{\\\"type\\\":\\\"ended\\\",\\\"seq\\\":3,"
        "\\\"call_id\\\":\\\"" CALL
        "\\\",\\\"reason\\\":\\\"normal\\\",\\\"source\\\":\\\"caller\\\",\\\"by_remote\\\":true}\"}",
        "\"type\":\"end_system_call\"", "\"reason\":\"remote_ended\""
    );
    if (strstr(seen, "\"type\":\"close_media\"") == NULL) fail("after the end", "no close_media");
}

int main(void) {
    clarion_engine* engine = NULL;
    int64_t at = 0;
    const char* timer = NULL;

    if (clarion_version() >> 16 != CLARION_VERSION_MAJOR) fail("version", "another major");
    if (clarion_create(kConfig, sizeof kConfig - 1, now, 1, &engine) != CLARION_OK || engine == NULL) {
        fail("create", "refused");
        return 1;
    }
    if (clarion_next_deadline(engine, &at, &timer) != CLARION_OK || at != INT64_MAX || strcmp(timer, "none") != 0) {
        fail("next_deadline", "a new engine waits for something");
    }
    incoming_call(engine);
    clarion_destroy(engine);
    clarion_destroy(NULL);
    if (failures == 0) puts("the whole call went through the door");
    return failures == 0 ? 0 : 1;
}
