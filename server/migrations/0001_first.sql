-- SPDX-License-Identifier: Apache-2.0
-- Times are milliseconds since 1970 UTC. Migrations are never changed after a release; a change is a new file.
CREATE TABLE services (
    service    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE api_keys (
    key        TEXT PRIMARY KEY,
    service    TEXT NOT NULL REFERENCES services (service),
    secret     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) WITHOUT ROWID, STRICT;

CREATE TABLE users (
    service    TEXT NOT NULL REFERENCES services (service),
    user       TEXT NOT NULL,
    name       TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (service, user)
) WITHOUT ROWID, STRICT;

-- A device id is unique within its service: tickets and routing name devices without their user.
CREATE TABLE devices (
    service          TEXT NOT NULL REFERENCES services (service),
    device           TEXT NOT NULL,
    user             TEXT NOT NULL,
    platform         TEXT NOT NULL,
    public_key       TEXT NOT NULL,
    push_provider    TEXT,
    push_token       TEXT,
    push_topic       TEXT,
    push_environment TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (service, device)
) WITHOUT ROWID, STRICT;
CREATE INDEX devices_by_user ON devices (service, user, created_at);

-- The document is what core/routing decides on; the columns beside it are for finding it.
CREATE TABLE calls (
    call_id        TEXT PRIMARY KEY,
    service        TEXT NOT NULL,
    from_user      TEXT NOT NULL,
    to_user        TEXT NOT NULL,
    placed_at      INTEGER NOT NULL,
    ended_at       INTEGER,
    version        INTEGER NOT NULL,
    document       TEXT NOT NULL,
    caller_outcome TEXT,
    callee_outcome TEXT
) STRICT;
CREATE INDEX calls_unended ON calls (placed_at) WHERE ended_at IS NULL;
CREATE INDEX calls_by_caller ON calls (service, from_user, placed_at);
CREATE INDEX calls_by_callee ON calls (service, to_user, placed_at);
CREATE INDEX calls_by_time ON calls (placed_at);

CREATE TABLE trace (
    id      INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL,
    device  TEXT,
    at      INTEGER NOT NULL,
    what    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE INDEX trace_by_call ON trace (call_id, at);
