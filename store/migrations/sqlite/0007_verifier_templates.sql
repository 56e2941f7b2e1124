-- Whose credentials the wallet accepts. `types` is JSON: which credential types each issuer is trusted for.
CREATE TABLE trusted_issuers (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    types       TEXT NOT NULL,
    notes       TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX trusted_issuers_name ON trusted_issuers (wallet_id, name_key);
CREATE UNIQUE INDEX trusted_issuers_issuer ON trusted_issuers (wallet_id, issuer);

-- What the wallet asks others to present. `query` and `trust` are JSON.
CREATE TABLE verifier_templates (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    identifier_id   TEXT NOT NULL REFERENCES identifiers (id),
    query           TEXT NOT NULL,
    trust           TEXT NOT NULL,
    retention_days  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX verifier_templates_name ON verifier_templates (wallet_id, name_key);
CREATE INDEX verifier_templates_identifier ON verifier_templates (identifier_id);
