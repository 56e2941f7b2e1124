-- Times are epoch milliseconds, ids UUIDs as text, sets of permissions names separated by spaces.
-- `revision` is the number of the transaction that last touched the row: the feed reads by it.
-- `*_key` columns hold the case-folded form in which two names are the same.

CREATE TABLE revision (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    value   BIGINT NOT NULL
);
INSERT INTO revision (id, value) VALUES (1, 0);

CREATE TABLE settings (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value   BYTEA NOT NULL
);

CREATE TABLE wallets (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    time_zone   TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX wallets_name ON wallets (name_key);

CREATE TABLE roles (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    deleted_at  BIGINT,
    revision    BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (wallet_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX roles_revision ON roles (revision);

CREATE TABLE users (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name            TEXT COLLATE "C" NOT NULL,
    name_key        TEXT COLLATE "C" NOT NULL,
    email           TEXT COLLATE "C" NOT NULL,
    email_key       TEXT COLLATE "C" NOT NULL,
    password_hash   TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    deleted_at      BIGINT,
    revision        BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key) WHERE deleted_at IS NULL;
CREATE INDEX users_name ON users (wallet_id, name_key);
CREATE INDEX users_revision ON users (revision);

CREATE TABLE user_roles (
    user_id     TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    role_id     TEXT COLLATE "C" NOT NULL REFERENCES roles (id),
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_role ON user_roles (role_id);

CREATE TABLE sessions (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    user_id     TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    key_id      TEXT COLLATE "C" NOT NULL UNIQUE,
    digest      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    ended_at    BIGINT,
    revision    BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_revision ON sessions (revision);

-- An invitation without a user makes the first administrator.
CREATE TABLE invitations (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" REFERENCES wallets (id),
    user_id     TEXT COLLATE "C" REFERENCES users (id),
    key_id      TEXT COLLATE "C" NOT NULL UNIQUE,
    digest      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT
);
CREATE INDEX invitations_user ON invitations (user_id);

CREATE TABLE api_keys (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name            TEXT COLLATE "C" NOT NULL,
    name_key        TEXT COLLATE "C" NOT NULL,
    permissions     TEXT COLLATE "C" NOT NULL,
    expires_on      TEXT COLLATE "C" NOT NULL,
    expires_at      BIGINT NOT NULL,
    notes           TEXT COLLATE "C" NOT NULL,
    key_id          TEXT COLLATE "C" NOT NULL UNIQUE,
    digest          BYTEA NOT NULL,
    created_at      BIGINT NOT NULL,
    created_by_kind TEXT COLLATE "C" NOT NULL,
    created_by_id   TEXT COLLATE "C",
    created_by_name TEXT COLLATE "C" NOT NULL,
    last_used_at    BIGINT,
    deleted_at      BIGINT,
    revision        BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (wallet_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX api_keys_revision ON api_keys (revision);

CREATE TABLE identifiers (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    method      TEXT COLLATE "C" NOT NULL,
    did         TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX identifiers_name ON identifiers (wallet_id, name_key);

-- `sealed` is the private key, encrypted under the master key.
CREATE TABLE identifier_keys (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    identifier_id   TEXT COLLATE "C" NOT NULL REFERENCES identifiers (id),
    public_jwk      TEXT COLLATE "C" NOT NULL,
    sealed          BYTEA NOT NULL,
    created_at      BIGINT NOT NULL,
    retired_at      BIGINT
);
CREATE INDEX identifier_keys_identifier ON identifier_keys (identifier_id);

CREATE TABLE trusted_contacts (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    did         TEXT COLLATE "C" NOT NULL,
    notes       TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX trusted_contacts_name ON trusted_contacts (wallet_id, name_key);
CREATE UNIQUE INDEX trusted_contacts_did ON trusted_contacts (wallet_id, did);

CREATE TABLE credentials (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    vct             TEXT COLLATE "C" NOT NULL,
    vct_key         TEXT COLLATE "C" NOT NULL,
    issuer          TEXT COLLATE "C" NOT NULL,
    claims          TEXT COLLATE "C" NOT NULL,
    disclosures     TEXT COLLATE "C" NOT NULL,
    compact         TEXT COLLATE "C" NOT NULL,
    compact_sha256  TEXT COLLATE "C" NOT NULL,
    issued_at       BIGINT,
    valid_from      BIGINT,
    valid_until     BIGINT,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX credentials_compact ON credentials (wallet_id, compact_sha256);
CREATE INDEX credentials_created ON credentials (wallet_id, created_at);

CREATE TABLE audit_events (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    at          BIGINT NOT NULL,
    actor_kind  TEXT COLLATE "C" NOT NULL,
    actor_id    TEXT COLLATE "C",
    actor_name  TEXT COLLATE "C" NOT NULL,
    actor_key   TEXT COLLATE "C" NOT NULL,
    action      TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    target_name TEXT COLLATE "C" NOT NULL,
    target_key  TEXT COLLATE "C" NOT NULL,
    detail      TEXT COLLATE "C" NOT NULL,
    request_id  TEXT COLLATE "C",
    revision    BIGINT NOT NULL
);
CREATE INDEX audit_events_revision ON audit_events (wallet_id, revision);
