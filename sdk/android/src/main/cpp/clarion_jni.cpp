// SPDX-License-Identifier: Apache-2.0
// io.clarion.android.Door in C++: clarion.h and the opening of pushes, with bytes of UTF-8 on both sides.
#include <jni.h>

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/invite_box.hpp"
#include "crypto/keys.hpp"
#include "sdk/door/clarion.hpp"

namespace {

using clarion::crypto::BoxSecret;
using clarion::crypto::OpenError;
using clarion::crypto::VerifyKey;
using clarion::door::Boot;
using clarion::door::CallUi;
using clarion::door::Engine;
using clarion::door::Error;

constexpr std::size_t kKeyLength = 43;        // 32 bytes as base64url.
constexpr std::int32_t kInvalidParam = 1;     // LINE Planet's numbers for a call that cannot start.
constexpr std::int32_t kNotInitialized = 12;  // No Clarion server behind this app.

/// The machine that the shell asked for, and why it refused last.
struct Machine {
    std::variant<Engine, CallUi> it;
    std::string error;
};

Machine& machine_of(jlong handle) {
    return *reinterpret_cast<Machine*>(handle);  // NOLINT: JNI has no pointers.
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

// ---- the machine ----

/// Why the last one could not be made; a thread asks at once.
thread_local std::string not_made;  // NOLINT: as the door itself keeps it.

template <class Made>
jlong handle_of(Made made) {
    if (!made) {
        not_made = std::move(made.error().text);
        return 0;
    }
    auto machine = std::make_unique<Machine>(std::move(*made), std::string{});
    return reinterpret_cast<jlong>(machine.release());  // The process' own: it ends with it.
}

jint code_of(Machine& machine, std::expected<void, Error> result) {
    if (result) return CLARION_OK;
    machine.error = std::move(result.error().text);
    return result.error().code;
}

jlong create(JNIEnv* env, jclass, jboolean is_alone, jbyteArray config, jlong now, jlong seed) {
    const std::string text = text_of(env, config);
    if (is_alone == JNI_TRUE) return handle_of(CallUi::create(text, now));
    return handle_of(Engine::create(text, now, static_cast<std::uint64_t>(seed)));
}

/// `elapsed`: since the snapshot, by the wall clock; below 0: the same boot.
jlong restore(
    JNIEnv* env, jclass, jboolean is_alone, jbyteArray config, jbyteArray snapshot, jlong now, jlong wall, jlong elapsed
) {
    const std::string text = text_of(env, config);
    const std::string state = text_of(env, snapshot);
    if (is_alone == JNI_TRUE) return handle_of(CallUi::restore(text, state, now, elapsed));
    return handle_of(Engine::restore(text, state, {now, wall}, elapsed < 0 ? Boot::same : Boot::other));
}

jint send(JNIEnv* env, jclass, jlong handle, jlong now, jbyteArray fact) {
    const std::string text = text_of(env, fact);
    Machine& machine = machine_of(handle);
    return code_of(machine, std::visit([&](auto& it) { return it.send(now, text); }, machine.it));
}

jbyteArray receive(JNIEnv* env, jclass, jlong handle) {
    const auto command = std::visit([](auto& it) { return it.receive(); }, machine_of(handle).it);
    return command ? bytes_of(env, *command) : nullptr;
}

jlong next_deadline(JNIEnv*, jclass, jlong handle) {
    return std::visit([](auto& it) { return it.next_deadline().at_ms; }, machine_of(handle).it);
}

jint handle_timeout(JNIEnv*, jclass, jlong handle, jlong now) {
    Machine& machine = machine_of(handle);
    return code_of(machine, std::visit([&](auto& it) { return it.handle_timeout(now); }, machine.it));
}

jbyteArray snapshot(JNIEnv* env, jclass, jlong handle) {
    const auto bytes = std::visit([](auto& it) { return it.snapshot(); }, machine_of(handle).it);
    return bytes_of(env, bytes ? *bytes : std::string_view{});
}

/// Of the engine its calls alone.
jbyteArray view(JNIEnv* env, jclass, jlong handle) {
    auto& machine = machine_of(handle).it;
    if (const auto* screen = std::get_if<CallUi>(&machine)) return bytes_of(env, screen->view());
    return bytes_of(env, R"({"calls":)" + std::string{std::get<Engine>(machine).calls()} + "}");
}

jbyteArray adopt(JNIEnv* env, jclass, jlong handle, jbyteArray call) {
    const auto* engine = std::get_if<Engine>(&machine_of(handle).it);
    if (engine == nullptr) return nullptr;
    const auto adoption = engine->adopt(text_of(env, call));
    return adoption ? bytes_of(env, *adoption) : nullptr;
}

jint start_fail(JNIEnv* env, jclass, jlong handle, jbyteArray place) {
    const auto* engine = std::get_if<Engine>(&machine_of(handle).it);
    const auto number = engine == nullptr ? std::expected<std::int32_t, Error>{kNotInitialized}
                                          : engine->start_fail(text_of(env, place));
    return number.value_or(kInvalidParam);  // Refused: the fields themselves are not what they should be.
}

/// Of a machine; of 0: why the last one was not made.
jbyteArray error_text(JNIEnv* env, jclass, jlong handle) {
    return bytes_of(env, handle == 0 ? not_made : machine_of(handle).error);
}

// ---- pushes ----

std::string_view fault_of(OpenError error) {
    switch (error) {
        case OpenError::unsupported_version: return "unsupported_version";
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
        method("create", "(Z[BJJ)J", &create),
        method("restore", "(Z[B[BJJJ)J", &restore),
        method("send", "(JJ[B)I", &send),
        method("receive", "(J)[B", &receive),
        method("nextDeadline", "(J)J", &next_deadline),
        method("handleTimeout", "(JJ)I", &handle_timeout),
        method("snapshot", "(J)[B", &snapshot),
        method("view", "(J)[B", &view),
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
