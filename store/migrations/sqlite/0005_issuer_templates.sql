-- What the wallet issues: one row is one type of credential. `claims` and `card` are JSON.
-- Who signs by it and where its credentials can be revoked stays while the template is there.

CREATE TABLE issuer_templates (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    vct             TEXT NOT NULL,
    claims          TEXT NOT NULL,
    card            TEXT NOT NULL,
    valid_for_days  INTEGER,
    identifier_id   TEXT NOT NULL REFERENCES identifiers (id),
    status_list_id  TEXT REFERENCES status_lists (id),
    first_issued_at INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX issuer_templates_name ON issuer_templates (wallet_id, name_key);
CREATE INDEX issuer_templates_identifier ON issuer_templates (identifier_id);
CREATE INDEX issuer_templates_status_list ON issuer_templates (status_list_id);
