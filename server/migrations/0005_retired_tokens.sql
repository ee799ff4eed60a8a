-- SPDX-License-Identifier: Apache-2.0
-- The last token of a device at a push service that this one called dead: the device may not know it yet.
CREATE TABLE retired_tokens (
    service  TEXT NOT NULL,
    device   TEXT NOT NULL,
    provider TEXT NOT NULL,
    token    TEXT NOT NULL,
    PRIMARY KEY (service, device, provider),
    FOREIGN KEY (service, device) REFERENCES devices (service, device) ON DELETE CASCADE
) WITHOUT ROWID, STRICT;
