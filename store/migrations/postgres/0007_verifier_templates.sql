-- Whose credentials the wallet accepts. `types` is JSON: which credential types each issuer is trusted for.
CREATE TABLE trusted_issuers (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    issuer      TEXT COLLATE "C" NOT NULL,
    types       TEXT COLLATE "C" NOT NULL,
    notes       TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX trusted_issuers_name ON trusted_issuers (wallet_id, name_key);
CREATE UNIQUE INDEX trusted_issuers_issuer ON trusted_issuers (wallet_id, issuer);

-- What the wallet asks others to present. `query` and `trust` are JSON.
CREATE TABLE verifier_templates (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name            TEXT COLLATE "C" NOT NULL,
    name_key        TEXT COLLATE "C" NOT NULL,
    purpose         TEXT COLLATE "C" NOT NULL,
    identifier_id   TEXT COLLATE "C" NOT NULL REFERENCES identifiers (id),
    query           TEXT COLLATE "C" NOT NULL,
    trust           TEXT COLLATE "C" NOT NULL,
    retention_days  BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX verifier_templates_name ON verifier_templates (wallet_id, name_key);
CREATE INDEX verifier_templates_identifier ON verifier_templates (identifier_id);
