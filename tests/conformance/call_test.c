/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole call as an app in another language drives it: two engines, Alice's desktop and Bob's iPhone, and a tiny
 * server between them, in C99 and through clarion.h alone. Bob's process dies while it rings and goes on from its
 * snapshot. Exit status 0 when the call was placed, rang, was answered, connected on both sides, was held, and ended.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdk/door/clarion.h"
#include "sdk/generated/clarion_words.h"

#define CALL "6f1f7d5e-0000-4000-8000-000000000001"
#define TEXT_MAX (96 * 1024)
#define FACTS_MAX 256

static int failures = 0;
static int64_t now = 5000;

static void fail(const char* what, const char* detail) {
    ++failures;
    fprintf(stderr, "FAILED: %s: %s\n", what, detail);
}

static void* must(void* memory) {
    if (memory == NULL) abort();
    return memory;
}

static char* copy_of(const char* text, size_t length) {
    char* copy = must(malloc(length + 1));
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* ---- the little JSON that a test needs: what the library writes is compact, its members have one name each ---- */

/* The text member `key` without its escapes; "" when absent. The result is good until the fourth call after this one.
 */
static const char* text_of(const char* json, const char* key) {
    static char results[4][TEXT_MAX];
    static int next = 0;
    char* result = results[next++ % 4];
    char name[64];
    const char* from = NULL;
    size_t used = 0;
    result[0] = '\0';
    snprintf(name, sizeof name, "\"%s\":\"", key);
    from = strstr(json, name);
    if (from == NULL) return result;
    for (from += strlen(name); *from != '"' && *from != '\0' && used + 1 < TEXT_MAX; ++from) {
        char c = *from;
        if (c == '\\') {
            c = *++from;
            if (c == 'n') c = '\n';
            if (c == 'r') c = '\r';
        }
        result[used++] = c;
    }
    result[used] = '\0';
    return result;
}

static uint64_t number_of(const char* json, const char* key) {
    char name[64];
    const char* from = NULL;
    snprintf(name, sizeof name, "\"%s\":", key);
    from = strstr(json, name);
    return from == NULL ? 0 : strtoull(from + strlen(name), NULL, 10);
}

static int is_type(const char* json, const char* type) { return strcmp(text_of(json, "type"), type) == 0; }

/* `text` inside a JSON string. */
static const char* escaped(const char* text) {
    static char result[TEXT_MAX];
    size_t used = 0;
    for (; *text != '\0' && used + 3 < TEXT_MAX; ++text) {
        const char* plain = "\"\\\r\n";
        const char* found = strchr(plain, *text);
        if (found != NULL) result[used++] = '\\';
        result[used++] = found == NULL ? *text : "\"\\rn"[found - plain];
    }
    result[used] = '\0';
    return result;
}

/* ---- one side: an engine, and what its shell does ---- */

struct side {
    const char* name;
    const char* config;
    clarion_engine* engine;
    uint64_t seq;
    int is_open;    /* The connection. */
    int connected;  /* The app was told that the call is connected, */
    int peer_held;  /* that the peer holds it, */
    int ended;      /* that it ended. */
    int on_screen;  /* Reported to the system and not ended there. */
    int reports;    /* How often it was reported. */
    int fulfilled;  /* The answer of the user was fulfilled. */
    int has_media;  /* Between prepare_* and close_media. */
    int is_muzzled; /* Told to stop its voice for the hold. */
    char* snapshot; /* Stored durably. */
    size_t snapshot_length;
};

static struct side alice = {
    .name = "alice",
    .config =
        "{\"service\":\"acme\",\"user\":\"alice\",\"device\":\"alice-desk\",\"platform\":\"desktop\",\"token\":\"jwt\"}"
};
static struct side bob = {
    .name = "bob", .config = "{\"service\":\"acme\",\"user\":\"bob\",\"device\":\"bob-phone\",\"platform\":\"ios\"}"
};

/* Facts that wait for their side: perform() never feeds, so there is one loop and no recursion. */
static struct {
    struct side* side;
    char* fact;
} facts[FACTS_MAX];
static size_t fact_first = 0;
static size_t fact_end = 0;

static void later(struct side* side, const char* fact) {
    if (fact_end == FACTS_MAX) {
        fail("later", "too many facts");
        return;
    }
    facts[fact_end].side = side;
    facts[fact_end++].fact = copy_of(fact, strlen(fact));
}

static void later_for_call(struct side* side, const char* type, const char* more) {
    char fact[1024];
    snprintf(fact, sizeof fact, "{\"type\":\"%s\",\"call_id\":\"" CALL "\"%s}", type, more);
    later(side, fact);
}

/* ---- the tiny server ---- */

static char offer[TEXT_MAX];

/* A message of the server, numbered unless it answers one of the client's. */
static void say(struct side* side, int is_numbered, const char* type, const char* members) {
    static char frame[TEXT_MAX];
    static char fact[TEXT_MAX];
    char seq[48] = "";
    if (!side->is_open) return;
    if (is_numbered) snprintf(seq, sizeof seq, "\"seq\":%" PRIu64 ",", ++side->seq);
    snprintf(frame, sizeof frame, "{\"type\":\"%s\",%s%s}", type, seq, members);
    snprintf(
        fact, sizeof fact, "{\"type\":\"" CLARION_ENGINE_INPUT_FRAME_RECEIVED "\",\"wall_now\":1100,\"text\":\"%s\"}",
        escaped(frame)
    );
    later(side, fact);
}

static void welcome(struct side* side, const char* hello) {
    char members[512];
    snprintf(
        members, sizeof members,
        "\"version\":1,\"service\":\"acme\",\"user\":\"%s\",\"device\":\"%s\",\"server_now\":1100,\"stream\":7,"
        "\"resumed\":%s",
        side->name, text_of(hello, "device"), number_of(hello, "stream") == 7 ? "true" : "false"
    );
    say(side, 0, CLARION_SERVER_MESSAGE_WELCOME, members);
}

static void place(const char* frame) {
    snprintf(offer, sizeof offer, "%s", text_of(frame, "offer"));
    if (strcmp(text_of(frame, "to_user"), "bob") != 0) fail("place", "not to Bob");
    say(&alice, 1, CLARION_SERVER_MESSAGE_NOTIFIED, "\"call_id\":\"" CALL "\",\"devices\":1,\"ring_until\":61000");
    later(
        &bob, "{\"type\":\"" CLARION_ENGINE_INPUT_PUSH_RECEIVED
              "\",\"wall_now\":1000,\"invite\":{\"v\":1,\"kind\":\"ring\",\"svc\":\"acme\",\"call\":\"" CALL
              "\",\"to\":\"bob\",\"dev\":\"bob-phone\",\"from\":\"alice\",\"name\":\"Alice\",\"media\":\"audio\","
              "\"iat\":1000,"
              "\"ring\":61000,\"acc\":66000,\"tkt\":\"ticket\"}}"
    );
}

static void verify(void) {
    static char members[TEXT_MAX];
    snprintf(
        members, sizeof members,
        "\"call_id\":\"" CALL
        "\",\"from_user\":\"alice\",\"from_name\":\"Alice\",\"media\":\"audio\",\"offer\":\"%s\",\"server_now\":1100,"
        "\"ring_until\":61000,\"accept_until\":66000",
        escaped(offer)
    );
    say(&bob, 1, CLARION_SERVER_MESSAGE_VERIFIED, members);
}

static void answer(const char* frame) {
    static char members[TEXT_MAX];
    snprintf(
        members, sizeof members, "\"call_id\":\"" CALL "\",\"device\":\"bob-phone\",\"sdp\":\"%s\"",
        escaped(text_of(frame, "sdp"))
    );
    say(&bob, 1, CLARION_SERVER_MESSAGE_ANSWER_CONFIRMED, "\"call_id\":\"" CALL "\"");
    say(&alice, 1, CLARION_SERVER_MESSAGE_ANSWERED, members);
    later_for_call(&bob, CLARION_ENGINE_INPUT_MEDIA_CONNECTED, "");
}

static void end(struct side* by) {
    say(&alice, 1, CLARION_SERVER_MESSAGE_ENDED,
        by == &alice ? "\"call_id\":\"" CALL "\",\"reason\":\"normal\",\"source\":\"caller\",\"by_remote\":false"
                     : "\"call_id\":\"" CALL "\",\"reason\":\"normal\",\"source\":\"callee\",\"by_remote\":true");
    say(&bob, 1, CLARION_SERVER_MESSAGE_ENDED,
        by == &bob ? "\"call_id\":\"" CALL "\",\"reason\":\"normal\",\"source\":\"callee\",\"by_remote\":false"
                   : "\"call_id\":\"" CALL "\",\"reason\":\"normal\",\"source\":\"caller\",\"by_remote\":true");
}

/* The state of one side is the state that the other is told of. */
static void relay_state(struct side* from, const char* frame) {
    static char members[TEXT_MAX];
    const char* state = strstr(frame, "\"state\":{");
    if (state == NULL) {
        fail("state", frame);
        return;
    }
    snprintf(members, sizeof members, "\"call_id\":\"" CALL "\",%s", state);
    members[strlen(members) - 1] = '\0'; /* The brace that closes the frame. */
    say(from == &alice ? &bob : &alice, 1, CLARION_SERVER_MESSAGE_PEER_STATE, members);
}

static void serve(struct side* side, const char* frame) {
    char id[64];
    if (is_type(frame, CLARION_CLIENT_MESSAGE_HELLO)) {
        welcome(side, frame);
        return;
    }
    snprintf(id, sizeof id, "\"id\":%" PRIu64, number_of(frame, "id"));
    say(side, 0, CLARION_SERVER_MESSAGE_ACK, id);
    if (is_type(frame, CLARION_CLIENT_MESSAGE_PLACE)) place(frame);
    if (is_type(frame, CLARION_CLIENT_MESSAGE_VERIFY)) verify();
    if (is_type(frame, CLARION_CLIENT_MESSAGE_ANSWER)) answer(frame);
    if (is_type(frame, CLARION_CLIENT_MESSAGE_MY_STATE)) relay_state(side, frame);
    if (is_type(frame, CLARION_CLIENT_MESSAGE_END)) end(side);
}

/* ---- the shell ---- */

static void hear_event(struct side* side, const char* command) {
    const char* kind = text_of(command, "kind");
    char seen[64];
    if (strcmp(kind, CLARION_EVENT_KIND_CONNECTED) == 0) ++side->connected;
    if (strcmp(kind, CLARION_EVENT_KIND_PEER_HELD) == 0) ++side->peer_held;
    if (strcmp(kind, CLARION_EVENT_KIND_ENDED) == 0) {
        ++side->ended;
        if (strcmp(text_of(command, "outcome"), CLARION_OUTCOME_ANSWERED) != 0) fail(side->name, command);
    }
    snprintf(
        seen, sizeof seen, "{\"type\":\"" CLARION_ENGINE_INPUT_EVENTS_ACKNOWLEDGED "\",\"up_to\":%" PRIu64 "}",
        number_of(command, "seq")
    );
    later(side, seen);
}

static void store_snapshot(struct side* side) {
    const char* bytes = NULL;
    size_t length = 0;
    if (clarion_snapshot(side->engine, &bytes, &length) != CLARION_OK) {
        fail(side->name, "no snapshot of a drained engine");
        return;
    }
    free(side->snapshot);
    side->snapshot = copy_of(bytes, length);
    side->snapshot_length = length;
}

static void perform_media(struct side* side, const char* command) {
    if (is_type(command, CLARION_ENGINE_OUTPUT_PREPARE_OFFER)) {
        side->has_media = 1;
        later_for_call(side, CLARION_ENGINE_INPUT_OFFER_PREPARED, ",\"sdp\":\"v=0\\r\\ns=\\\"Alice\\\"\\r\\n\"");
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_PREPARE_ANSWER)) {
        side->has_media = 1;
        if (strcmp(text_of(command, "offer"), "v=0\r\ns=\"Alice\"\r\n") != 0) fail("offer", command);
        later_for_call(side, CLARION_ENGINE_INPUT_ANSWER_PREPARED, ",\"sdp\":\"v=0 of Bob\"");
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_APPLY_ANSWER)) {
        if (strcmp(text_of(command, "sdp"), "v=0 of Bob") != 0) fail("answer", command);
        later_for_call(side, CLARION_ENGINE_INPUT_MEDIA_CONNECTED, "");
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_SET_HELD)) {
        side->is_muzzled = strstr(command, "\"on\":true") != NULL;
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_CLOSE_MEDIA)) {
        side->has_media = 0;
    }
}

static void perform(struct side* side, const char* command) {
    if (is_type(command, CLARION_ENGINE_OUTPUT_PERSIST_SNAPSHOT)) {
        store_snapshot(side);
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_OPEN_SIGNALLING)) {
        side->is_open = 1;
        later(side, "{\"type\":\"" CLARION_ENGINE_INPUT_SIGNALLING_OPENED "\"}");
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_CLOSE_SIGNALLING)) {
        side->is_open = 0;
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_SEND_FRAME)) {
        char* frame = copy_of(text_of(command, "text"), strlen(text_of(command, "text")));
        serve(side, frame);
        free(frame);
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_REPORT_INCOMING)) {
        ++side->reports;
        side->on_screen = 1;
        if (strcmp(text_of(command, "name"), "Alice") != 0) fail("report_incoming", command);
        later_for_call(side, CLARION_ENGINE_INPUT_INCOMING_REPORTED, ",\"result\":\"" CLARION_REPORT_RESULT_SHOWN "\"");
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_END_SYSTEM_CALL)) {
        side->on_screen = 0;
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_FULFIL_ACTION)) {
        side->fulfilled |= number_of(command, "action") == 5;
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_FAIL_ACTION)) {
        fail(side->name, command);
    } else if (is_type(command, CLARION_ENGINE_OUTPUT_EMIT_EVENT)) {
        hear_event(side, command);
    } else {
        perform_media(side, command);
    }
}

/* First all commands, then what they ask for: a snapshot is of a drained engine. */
static void drain(struct side* side) {
    char* commands[FACTS_MAX];
    size_t count = 0;
    size_t i = 0;
    const char* json = NULL;
    size_t length = 0;
    while (count < FACTS_MAX && clarion_receive(side->engine, &json, &length) == CLARION_OK) {
        commands[count++] = copy_of(json, length);
    }
    for (i = 0; i < count; ++i) {
        perform(side, commands[i]);
        free(commands[i]);
    }
}

/* Until nobody has anything to say. */
static void run(void) {
    while (fact_first < fact_end) {
        struct side* side = facts[fact_first].side;
        char* fact = facts[fact_first++].fact;
        const int32_t code = clarion_send(side->engine, ++now, fact, strlen(fact));
        if (code != CLARION_OK) {
            const char* text = NULL;
            size_t length = 0;
            (void)clarion_error_text(side->engine, &text, &length);
            fprintf(stderr, "%s: code %" PRId32 ", %.*s\n", side->name, code, (int)length, text);
            fail("refused", fact);
        }
        free(fact);
        drain(side);
    }
    fact_first = fact_end = 0;
}

static void expect(int is_true, const char* what) {
    if (!is_true) fail("expected", what);
}

static void start(struct side* side) {
    if (clarion_create(side->config, strlen(side->config), now, 1, &side->engine) != CLARION_OK) {
        fail("create", side->name);
        exit(1);
    }
    later(side, "{\"type\":\"" CLARION_ENGINE_INPUT_APP_ATTACHED "\"}");
}

/* The system kills the process; the next one goes on from what was stored. */
static void die(struct side* side) {
    clarion_destroy(side->engine);
    side->is_open = side->on_screen = side->has_media = 0; /* CallKit ends the calls of a dead process. */
    now += 500;
    if (clarion_restore(
            side->config, strlen(side->config), side->snapshot, side->snapshot_length, now, 1600, 1, &side->engine
        ) != CLARION_OK) {
        fail("restore", side->name);
        exit(1);
    }
    drain(side);
    later(side, "{\"type\":\"" CLARION_ENGINE_INPUT_APP_ATTACHED "\"}");
}

static const char* calls_of(struct side* side) {
    const char* json = "";
    size_t length = 0;
    (void)clarion_calls(side->engine, &json, &length);
    return json;
}

static void ring(void) {
    later_for_call(
        &alice, CLARION_ENGINE_INPUT_PLACE_REQUESTED, ",\"to_user\":\"bob\",\"to_name\":\"Bob\",\"from_name\":\"Alice\""
    );
    run();
    expect(bob.on_screen && bob.reports == 1, "Bob's phone rings once");
    expect(strcmp(text_of(calls_of(&alice), "state"), CLARION_CALL_STATE_WAIT_ANSWER) == 0, "Alice waits");
    die(&bob);
    run();
    expect(bob.on_screen && bob.reports == 2, "it rings in the next process as well");
    expect(strcmp(text_of(calls_of(&bob), "state"), CLARION_CALL_STATE_VERIFIED) == 0, "Bob's phone verified the call");
}

static void talk(void) {
    later_for_call(&bob, CLARION_ENGINE_INPUT_USER_ANSWERED, ",\"action\":5");
    later(&bob, "{\"type\":\"" CLARION_ENGINE_INPUT_AUDIO_ACTIVATED "\"}");
    run();
    expect(alice.connected == 1 && bob.connected == 1, "both sides are told that they are connected");
    expect(bob.fulfilled, "the system is told that the answer worked");
    expect(strcmp(text_of(calls_of(&alice), "state"), CLARION_CALL_STATE_CONNECTED) == 0, "Alice's call is connected");

    later_for_call(&alice, CLARION_ENGINE_INPUT_USER_HELD, ",\"on\":true");
    run();
    expect(alice.is_muzzled, "Alice's voice rests while she holds");
    expect(bob.peer_held == 1, "Bob is told that he is on hold");
}

static void hang_up(void) {
    later_for_call(&alice, CLARION_ENGINE_INPUT_USER_ENDED, "");
    run();
    expect(alice.ended == 1 && bob.ended == 1, "both sides are told of the end, once");
    expect(!bob.on_screen, "Bob's screen is free");
    expect(!alice.has_media && !bob.has_media, "no media is left");
    expect(strcmp(calls_of(&alice), "[]") == 0 && strcmp(calls_of(&bob), "[]") == 0, "no call is left");
}

int main(void) {
    start(&alice);
    start(&bob);
    run();
    ring();
    talk();
    hang_up();
    clarion_destroy(alice.engine);
    clarion_destroy(bob.engine);
    free(alice.snapshot);
    free(bob.snapshot);
    if (failures == 0) puts("a whole call between two engines went through the door");
    return failures == 0 ? 0 : 1;
}
