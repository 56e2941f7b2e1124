-- API keys and OAuth clients are the two kinds of external system: one table, one set of rules.
ALTER TABLE api_keys RENAME TO external_systems;
ALTER TABLE external_systems ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'api_key';
DROP INDEX api_keys_name;
DROP INDEX api_keys_revision;
CREATE UNIQUE INDEX external_systems_name ON external_systems (wallet_id, kind, name_key) WHERE deleted_at IS NULL;
CREATE INDEX external_systems_revision ON external_systems (revision);

-- The keys that sign a wallet's access tokens; `sealed` is the private key, encrypted under the master key.
CREATE TABLE token_keys (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    public_jwk  TEXT COLLATE "C" NOT NULL,
    sealed      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT,
    revision    BIGINT NOT NULL
);
CREATE UNIQUE INDEX token_keys_current ON token_keys (wallet_id) WHERE retired_at IS NULL;
CREATE INDEX token_keys_revision ON token_keys (revision);

-- Access tokens that were revoked before their time; a row goes when the token would be over anyway.
CREATE TABLE revoked_tokens (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    expires_at  BIGINT NOT NULL,
    revision    BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_revision ON revoked_tokens (revision);
