// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"
#include "core/protocol/reasons.hpp"
#include "core/routing/routing.hpp"
#include "server/ports/policy.hpp"

/// What the server remembers: services, keys, users, devices, calls and their traces.
namespace clarion::server {

/// Why the store did not do it. Nothing was changed. The comment says what the caller does.
enum class StoreFault : std::uint8_t {
    exists,       ///< the row is there already: answer "conflict"
    crossed,      ///< a call of the same two users the other way round rings: find_crossing() has it
    conflict,     ///< somebody else wrote this call since it was read: read again and decide again
    full,         ///< no space: answer "unavailable", tell the operator
    locked,       ///< another process holds the database too long: answer "unavailable"
    corrupt,      ///< the file is damaged or not ours: stop and restore a backup
    newer,        ///< written by a newer version of the program: install that one
    unavailable,  ///< any other failure of disk or file: answer "unavailable", tell the operator
};

[[nodiscard]] std::string_view name_of(StoreFault fault);

/// `text` is one line for the operator's log; it names file and operation and holds no data of users.
struct StoreError {
    StoreFault fault = StoreFault::unavailable;
    std::string text;
};

template <class T>
using Stored = std::expected<T, StoreError>;

struct ServiceRecord {
    ServiceId id;
    std::string name;
    WallTime created_at;
    ServicePolicy policy = {};  ///< what it decides itself
};

/// An app server's credentials. The secret also signs users' access tokens (HS256), so it is kept as it is.
struct ApiKeyRecord {
    std::string key;
    ServiceId service;
    Redacted<std::string> secret;
    WallTime created_at;
    std::optional<WallTime> revoked_at;
};

struct UserRecord {
    ServiceId service;
    UserId user;
    Redacted<std::string> name;  ///< empty: none; the user id is shown
    WallTime updated_at;
};

/// What a user wants of the calls that come.
struct UserSettings {
    std::optional<WallTime> do_not_disturb_until;
    std::vector<UserId> blocked;  ///< whose calls never ring
};

/// One way to wake a device.
struct PushEndpoint {
    std::string provider;         ///< "apns", "fcm", "webpush" or "unifiedpush"
    Redacted<std::string> token;  ///< of webpush and unifiedpush the endpoint, an https URL
    std::string topic;            ///< APNs topic; empty: the server's
    std::string environment;      ///< "production", "sandbox" or empty
    std::string p256dh;           ///< of webpush and unifiedpush
    Redacted<std::string> auth;   ///< of webpush and unifiedpush
    bool is_alert = false;        ///< an APNs token for alerts, not for VoIP pushes
    bool is_proven = false;       ///< the provider took a push: the environment is right
    std::uint32_t suspects = 0;   ///< refusals in a row that may be the token's fault
    WallTime registered_at;       ///< written by the store: when the device was put
};

inline constexpr std::size_t kPushEndpointsMax = 4;

/// An installation of an app. Its id is unique within the service.
struct DeviceRecord {
    ServiceId service;
    UserId user;
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    std::string public_key;            ///< base64url X25519; empty: invites are signed, not sealed
    std::optional<PushEndpoint> push;  ///< the first way; empty: no push reaches it
    WallTime created_at;
    WallTime updated_at;
    std::vector<PushEndpoint> push_more;  ///< further ways, in the order in which they are tried
};

/// All of them, in order.
[[nodiscard]] std::vector<const PushEndpoint*> endpoints_of(const DeviceRecord& device);

/// One line of a call's trace; words in docs/operate.md.
struct TraceStep {
    CallId call_id;
    std::optional<DeviceId> device;
    WallTime at;
    std::string what;
    std::string detail;
};

struct Outcomes {
    Outcome caller = Outcome::cancelled;
    Outcome callee = Outcome::missed;
};

/// A call as stored. The version counts its writes from 1.
struct CallRecord {
    routing::CallDocument document;
    std::uint64_t version = 0;
    std::optional<Outcomes> outcomes;  ///< once it ended
    ServicePolicy policy = {};         ///< under which it was placed; what is open is the server's
};

/// What a start resumes.
struct UnendedCalls {
    std::vector<CallRecord> calls;
    std::vector<std::string> unreadable;  ///< a line for the operator for each call that was left out
};

/// One atomic write: the document, the trace lines that wait, and the outcome when it ended.
struct CallWrite {
    const routing::CallDocument* document = nullptr;
    std::uint64_t expected_version = 0;  ///< 0: it must not exist yet (else `exists`); otherwise compare-and-set
    std::span<const TraceStep> steps;    ///< may belong to other calls
    std::optional<Outcomes> outcomes;
    /// With expected_version 0: `crossed` instead of writing while a call the other way round rings between the same
    /// two users. Test and write are one transaction: of two that cross, one is written.
    bool refuse_crossing = false;
    ServicePolicy policy = {};  ///< with expected_version 0; later writes keep it
};

/// Which calls of a user.
struct HistoryQuery {
    std::optional<Outcome> outcome;  ///< the user's own
    std::optional<WallTime> before;  ///< placed before
    std::size_t limit = 20;
};

/// Thread: one owner; calls block for the time of the disk. Durability: when a call returns, the write survives the
/// death of the process; account data also survives the loss of power (docs/operate.md, "storage").
/// Errors: see StoreFault; a failed call changes nothing.
class Store {
  public:
    virtual ~Store() = default;

    /// Service and first key in one transaction. Fault: exists.
    [[nodiscard]] virtual Stored<void> add_service(const ServiceRecord& service, const ApiKeyRecord& key) = 0;
    [[nodiscard]] virtual Stored<std::optional<ServiceRecord>> find_service(const ServiceId& id) = 0;
    /// Name and policy. False: there is no such service.
    [[nodiscard]] virtual Stored<bool> change_service(const ServiceRecord& service) = 0;
    [[nodiscard]] virtual Stored<void> add_api_key(const ApiKeyRecord& key) = 0;
    [[nodiscard]] virtual Stored<std::optional<ApiKeyRecord>> find_api_key(std::string_view key) = 0;
    /// False: no such key, or it was revoked before.
    [[nodiscard]] virtual Stored<bool> revoke_api_key(const ServiceId& service, std::string_view key, WallTime at) = 0;

    /// Adds or replaces.
    [[nodiscard]] virtual Stored<void> put_user(const UserRecord& user) = 0;
    [[nodiscard]] virtual Stored<std::optional<UserRecord>> find_user(const ServiceId& service, const UserId& user) = 0;

    [[nodiscard]] virtual Stored<void> put_settings(
        const ServiceId& service, const UserId& user, const UserSettings& settings, WallTime at
    ) = 0;
    /// The defaults for a user who has none.
    [[nodiscard]] virtual Stored<UserSettings> find_settings(const ServiceId& service, const UserId& user) = 0;

    /// Adds or replaces a device of the same user; it counts as deleted no more. A push token that another device of
    /// the service had is this one's now. Fault: exists, when it is registered for another user.
    [[nodiscard]] virtual Stored<void> put_device(const DeviceRecord& device) = 0;
    [[nodiscard]] virtual Stored<std::optional<DeviceRecord>> find_device(
        const ServiceId& service, const DeviceId& device
    ) = 0;
    /// In the order of registration.
    [[nodiscard]] virtual Stored<std::vector<DeviceRecord>> list_devices(
        const ServiceId& service, const UserId& user
    ) = 0;
    /// False: there was none.
    [[nodiscard]] virtual Stored<bool> remove_device(
        const ServiceId& service, const UserId& user, const DeviceId& device, WallTime at
    ) = 0;
    /// When it was deleted; nullopt: never, or it was registered again.
    [[nodiscard]] virtual Stored<std::optional<WallTime>> removed_at(
        const ServiceId& service, const DeviceId& device
    ) = 0;

    /// Access tokens of the user that were issued until `at`; with a `jti` only that one.
    [[nodiscard]] virtual Stored<void> revoke_tokens(
        const ServiceId& service, const UserId& user, std::string_view jti, WallTime at
    ) = 0;
    [[nodiscard]] virtual Stored<bool> is_revoked(
        const ServiceId& service, const UserId& user, std::string_view jti, WallTime issued_at
    ) = 0;
    /// Forgets deleted devices and revoked tokens of before; no token lives that long.
    [[nodiscard]] virtual Stored<void> forget_marks(WallTime before) = 0;

    /// Adds this way to wake the device, or replaces the one of the same provider and use in its place; the others
    /// stay. A token that another device of the service had is this one's now. The device must be there.
    [[nodiscard]] virtual Stored<void> put_endpoint(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
    ) = 0;
    /// Removes the way with this token.
    [[nodiscard]] virtual Stored<void> remove_endpoint(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint, WallTime at
    ) = 0;
    /// It was the last token of this device at that provider that retire_push() forgot.
    [[nodiscard]] virtual Stored<bool> was_retired(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint
    ) = 0;
    /// Forgets a push token that the provider called dead, unless it was replaced meanwhile.
    [[nodiscard]] virtual Stored<void> retire_push(
        const ServiceId& service, const DeviceId& device, std::string_view token
    ) = 0;
    /// Environment, is_proven and suspects of the endpoint with this token, unless it was replaced meanwhile.
    [[nodiscard]] virtual Stored<void> learn_push(
        const ServiceId& service, const DeviceId& device, const PushEndpoint& endpoint
    ) = 0;

    /// The new version. Ids of the document's crossings become names of the call in the same transaction.
    [[nodiscard]] virtual Stored<std::uint64_t> write_call(const CallWrite& write) = 0;
    /// By its id, or by the id of a call that was merged into it.
    [[nodiscard]] virtual Stored<std::optional<CallRecord>> find_call(const CallId& id) = 0;
    /// A call of `from` to `to` that rings.
    [[nodiscard]] virtual Stored<std::optional<CallRecord>> find_crossing(
        const ServiceId& service, const UserId& from, const UserId& to
    ) = 0;
    /// Every call that has not ended. One that cannot be read is left out, so that the others go on.
    [[nodiscard]] virtual Stored<UnendedCalls> unended_calls() = 0;
    /// Newest first, with `user` on either side; nullopt: of everybody. Leaves out what cannot be read.
    [[nodiscard]] virtual Stored<std::vector<CallRecord>> list_calls(
        const ServiceId& service, const std::optional<UserId>& user, std::size_t limit
    ) = 0;

    /// The ended calls of a user, newest first.
    [[nodiscard]] virtual Stored<std::vector<CallRecord>> history_of(
        const ServiceId& service, const UserId& user, const HistoryQuery& query
    ) = 0;

    [[nodiscard]] virtual Stored<void> append_trace(std::span<const TraceStep> steps) = 0;
    /// In the order of time; steps of the same millisecond in the order of writing.
    [[nodiscard]] virtual Stored<std::vector<TraceStep>> trace_of(const CallId& id) = 0;

    /// A small real write, to learn whether the store takes writes again.
    [[nodiscard]] virtual Stored<void> probe_write() = 0;

    /// Deletes ended calls that were placed before, with their traces; at most `limit` of them. How many it were.
    [[nodiscard]] virtual Stored<std::size_t> forget_calls(WallTime placed_before, std::size_t limit) = 0;
};

}  // namespace clarion::server
