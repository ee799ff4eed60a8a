// SPDX-License-Identifier: Apache-2.0
// io.clarion.android.Door in C++: clarion.h and the opening of pushes, with bytes of UTF-8 on both sides.
#include <jni.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/invite_box.hpp"
#include "crypto/keys.hpp"
#include "sdk/door/clarion.h"

namespace {

using clarion::crypto::BoxSecret;
using clarion::crypto::OpenError;
using clarion::crypto::VerifyKey;

constexpr std::size_t kKeyLength = 43;  // 32 bytes as base64url.

clarion_engine* engine_of(jlong handle) {
    return reinterpret_cast<clarion_engine*>(handle);  // NOLINT: JNI has no pointers.
}

/// A copy of a Java array; the door has its own limits for what is inside.
std::string text_of(JNIEnv* env, jbyteArray bytes) {
    if (bytes == nullptr) return {};
    std::string text(static_cast<std::size_t>(env->GetArrayLength(bytes)), '\0');
    env->GetByteArrayRegion(bytes, 0, static_cast<jsize>(text.size()), reinterpret_cast<jbyte*>(text.data()));
    return text;
}

/// Null when the Java heap is full; the exception is pending then.
jbyteArray bytes_of(JNIEnv* env, std::string_view text) {
    const auto size = static_cast<jsize>(text.size());
    jbyteArray bytes = env->NewByteArray(size);
    if (bytes != nullptr) env->SetByteArrayRegion(bytes, 0, size, reinterpret_cast<const jbyte*>(text.data()));
    return bytes;
}

/// What a function of the door hands out, or nothing.
template <class Ask>
jbyteArray asked(JNIEnv* env, Ask ask) {
    const char* text = nullptr;
    std::size_t length = 0;
    if (ask(&text, &length) != CLARION_OK) return nullptr;
    return bytes_of(env, {text, length});
}

jbyteArray or_empty(JNIEnv* env, jbyteArray bytes) { return bytes != nullptr ? bytes : env->NewByteArray(0); }

// ---- the engine ----

jlong create(JNIEnv* env, jclass, jbyteArray config, jlong now, jlong seed) {
    const std::string text = text_of(env, config);
    clarion_engine* engine = nullptr;
    (void)clarion_create(text.data(), text.size(), now, static_cast<std::uint64_t>(seed), &engine);
    return reinterpret_cast<jlong>(engine);
}

jlong restore(JNIEnv* env, jclass, jbyteArray config, jbyteArray snapshot, jlong now, jlong wall, jboolean same_boot) {
    const std::string text = text_of(env, config);
    const std::string state = text_of(env, snapshot);
    clarion_engine* engine = nullptr;
    (void)clarion_restore(
        text.data(), text.size(), state.data(), state.size(), now, wall, same_boot == JNI_TRUE ? 1 : 0, &engine
    );
    return reinterpret_cast<jlong>(engine);
}

jint send(JNIEnv* env, jclass, jlong handle, jlong now, jbyteArray fact) {
    const std::string text = text_of(env, fact);
    return clarion_send(engine_of(handle), now, text.data(), text.size());
}

jbyteArray receive(JNIEnv* env, jclass, jlong handle) {
    return asked(env, [&](auto* text, auto* length) { return clarion_receive(engine_of(handle), text, length); });
}

jlong next_deadline(JNIEnv*, jclass, jlong handle) {
    std::int64_t at = std::numeric_limits<std::int64_t>::max();
    (void)clarion_next_deadline(engine_of(handle), &at, nullptr);
    return at;
}

jint handle_timeout(JNIEnv*, jclass, jlong handle, jlong now) { return clarion_handle_timeout(engine_of(handle), now); }

jbyteArray snapshot(JNIEnv* env, jclass, jlong handle) {
    return or_empty(env, asked(env, [&](auto* bytes, auto* length) {
                        return clarion_snapshot(engine_of(handle), bytes, length);
                    }));
}

jbyteArray calls(JNIEnv* env, jclass, jlong handle) {
    return or_empty(env, asked(env, [&](auto* text, auto* length) {
                        return clarion_calls(engine_of(handle), text, length);
                    }));
}

jbyteArray adopt(JNIEnv* env, jclass, jlong handle, jbyteArray call) {
    const std::string id = text_of(env, call);
    return asked(env, [&](auto* text, auto* length) {
        return clarion_adopt(engine_of(handle), id.data(), id.size(), text, length);
    });
}

jint start_fail(JNIEnv* env, jclass, jlong handle, jbyteArray place) {
    const std::string text = text_of(env, place);
    std::int32_t number = 0;
    const std::int32_t code = clarion_start_fail(engine_of(handle), text.data(), text.size(), &number);
    return code == CLARION_OK ? number : 1;  // invalid_param: the fields themselves are not what they should be.
}

jbyteArray error_text(JNIEnv* env, jclass, jlong handle) {
    return or_empty(env, asked(env, [&](auto* text, auto* length) {
                        return clarion_error_text(engine_of(handle), text, length);
                    }));
}

// ---- pushes ----

std::string_view fault_of(OpenError error) {
    switch (error) {
        case OpenError::malformed:
        case OpenError::too_large: return "malformed";
        case OpenError::not_for_this_device:
        case OpenError::no_key: return "not_for_this_device";
        case OpenError::bad_signature: return "bad_signature";
    }
    return "malformed";
}

std::vector<VerifyKey> keys_of(std::string_view text) {
    std::vector<VerifyKey> keys;
    for (; text.size() >= kKeyLength; text.remove_prefix(kKeyLength)) {
        if (const auto key = VerifyKey::parse(text.substr(0, kKeyLength))) keys.push_back(*key);
    }
    return keys;
}

/// A fact in any case: also a push that does not open is one.
jbyteArray open_push(JNIEnv* env, jclass, jbyteArray cc_param, jbyteArray box_key, jbyteArray verify_keys, jlong wall) {
    const std::optional<BoxSecret> box = BoxSecret::parse(text_of(env, box_key));
    const auto keys = keys_of(text_of(env, verify_keys));
    const auto invite = clarion::crypto::open_invite(text_of(env, cc_param), box ? &*box : nullptr, keys);
    std::string fact = R"({"type":"push_received","must_report":false,"wall_now":)" + std::to_string(wall);
    // The server's own JSON: its signature was good, and the engine checks every field.
    if (invite) fact += R"(,"fault":"none","invite":)" + *invite + "}";
    if (!invite) fact += R"(,"fault":")" + std::string{fault_of(invite.error())} + "\"}";
    return bytes_of(env, fact);
}

jbyteArray make_box_key(JNIEnv* env, jclass) { return bytes_of(env, BoxSecret::generate().reveal_text()); }

jbyteArray public_key(JNIEnv* env, jclass, jbyteArray box_key) {
    const auto box = BoxSecret::parse(text_of(env, box_key));
    return bytes_of(env, box ? box->box_public().text() : std::string{});
}

template <class Function>
JNINativeMethod method(const char* name, const char* signature, Function function) {
    // JNI's table wants char* and void*, and writes to neither.
    return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

}  // namespace

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
    JNIEnv* env = nullptr;
    if (vm->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_1_6) != JNI_OK) return JNI_ERR;
    const jclass door = env->FindClass("io/clarion/android/Door");
    if (door == nullptr) return JNI_ERR;
    const std::array methods{
        method("create", "([BJJ)J", &create),
        method("restore", "([B[BJJZ)J", &restore),
        method("send", "(JJ[B)I", &send),
        method("receive", "(J)[B", &receive),
        method("nextDeadline", "(J)J", &next_deadline),
        method("handleTimeout", "(JJ)I", &handle_timeout),
        method("snapshot", "(J)[B", &snapshot),
        method("calls", "(J)[B", &calls),
        method("adopt", "(J[B)[B", &adopt),
        method("startFail", "(J[B)I", &start_fail),
        method("errorText", "(J)[B", &error_text),
        method("openPush", "([B[B[BJ)[B", &open_push),
        method("makeBoxKey", "()[B", &make_box_key),
        method("publicKey", "([B)[B", &public_key),
    };
    const jint code = env->RegisterNatives(door, methods.data(), static_cast<jint>(methods.size()));
    return code == JNI_OK ? JNI_VERSION_1_6 : JNI_ERR;
}
