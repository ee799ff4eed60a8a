-- SPDX-License-Identifier: Apache-2.0
-- policy: what a service decides itself, and under what a call was placed; JSON, what is absent is the server's.
ALTER TABLE services ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE calls ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
