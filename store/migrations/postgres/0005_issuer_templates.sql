-- What the wallet issues: one row is one type of credential. `claims` and `card` are JSON.
-- Who signs by it and where its credentials can be revoked stays while the template is there.

CREATE TABLE issuer_templates (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name            TEXT COLLATE "C" NOT NULL,
    name_key        TEXT COLLATE "C" NOT NULL,
    vct             TEXT COLLATE "C" NOT NULL,
    claims          TEXT COLLATE "C" NOT NULL,
    card            TEXT COLLATE "C" NOT NULL,
    valid_for_days  BIGINT,
    identifier_id   TEXT COLLATE "C" NOT NULL REFERENCES identifiers (id),
    status_list_id  TEXT COLLATE "C" REFERENCES status_lists (id),
    first_issued_at BIGINT,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX issuer_templates_name ON issuer_templates (wallet_id, name_key);
CREATE INDEX issuer_templates_identifier ON issuer_templates (identifier_id);
CREATE INDEX issuer_templates_status_list ON issuer_templates (status_list_id);
