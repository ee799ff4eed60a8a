-- SPDX-License-Identifier: Apache-2.0
-- A device has several ways to be woken: an iPhone a VoIP and an alert token, a phone a second service. `place` is their
-- order. `proven`: the provider took a push, so the environment is right. `suspects`: refusals in a row that may be the
-- token's fault.
CREATE TABLE push_endpoints (
    service       TEXT NOT NULL,
    device        TEXT NOT NULL,
    place         INTEGER NOT NULL,
    provider      TEXT NOT NULL,
    token         TEXT NOT NULL,
    topic         TEXT NOT NULL,
    environment   TEXT NOT NULL,
    p256dh        TEXT NOT NULL,
    auth          TEXT NOT NULL,
    is_alert      INTEGER NOT NULL,
    proven        INTEGER NOT NULL,
    suspects      INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    PRIMARY KEY (service, device, place),
    FOREIGN KEY (service, device) REFERENCES devices (service, device) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
CREATE INDEX push_endpoints_by_token ON push_endpoints (service, token);

INSERT INTO push_endpoints
SELECT service, device, 0, push_provider, push_token, push_topic, push_environment, '', '', 0, 0, 0, updated_at
FROM devices WHERE push_provider IS NOT NULL;

ALTER TABLE devices DROP COLUMN push_provider;
ALTER TABLE devices DROP COLUMN push_token;
ALTER TABLE devices DROP COLUMN push_topic;
ALTER TABLE devices DROP COLUMN push_environment;
