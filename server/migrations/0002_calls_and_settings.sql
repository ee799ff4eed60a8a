-- SPDX-License-Identifier: Apache-2.0
-- What a new call looks for: one the other way round that still rings.
CREATE INDEX calls_crossing ON calls (service, from_user, to_user) WHERE ended_at IS NULL;

-- Ids of calls that were merged into another one: further names of that call.
CREATE TABLE call_names (
    name    TEXT PRIMARY KEY,
    call_id TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX call_names_by_call ON call_names (call_id);

-- blocked: user ids, separated by a space.
CREATE TABLE user_settings (
    service              TEXT NOT NULL REFERENCES services (service),
    user                 TEXT NOT NULL,
    do_not_disturb_until INTEGER,
    blocked              TEXT NOT NULL,
    updated_at           INTEGER NOT NULL,
    PRIMARY KEY (service, user)
) WITHOUT ROWID, STRICT;

-- A device that was deleted is not registered again by a token from before.
CREATE TABLE removed_devices (
    service    TEXT NOT NULL,
    device     TEXT NOT NULL,
    removed_at INTEGER NOT NULL,
    PRIMARY KEY (service, device)
) WITHOUT ROWID, STRICT;

-- Tokens that are good no more: all of a user that were issued until then (jti is empty), or one.
CREATE TABLE revoked_tokens (
    service    TEXT NOT NULL,
    user       TEXT NOT NULL,
    jti        TEXT NOT NULL,
    revoked_at INTEGER NOT NULL,
    PRIMARY KEY (service, user, jti)
) WITHOUT ROWID, STRICT;
