-- Times are epoch milliseconds, ids UUIDs as text, sets of permissions names separated by spaces.
-- `revision` is the number of the transaction that last touched the row: the feed reads by it.
-- `*_key` columns hold the case-folded form in which two names are the same.

CREATE TABLE revision (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    value   INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, value) VALUES (1, 0);

CREATE TABLE settings (
    name    TEXT NOT NULL PRIMARY KEY,
    value   BLOB NOT NULL
) STRICT;

CREATE TABLE wallets (
    id          TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX wallets_name ON wallets (name_key);

CREATE TABLE roles (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    deleted_at  INTEGER,
    revision    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (wallet_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX roles_revision ON roles (revision);

CREATE TABLE users (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    password_hash   TEXT,
    created_at      INTEGER NOT NULL,
    last_sign_in_at INTEGER,
    deleted_at      INTEGER,
    revision        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email_key) WHERE deleted_at IS NULL;
CREATE INDEX users_name ON users (wallet_id, name_key);
CREATE INDEX users_revision ON users (revision);

CREATE TABLE user_roles (
    user_id     TEXT NOT NULL REFERENCES users (id),
    role_id     TEXT NOT NULL REFERENCES roles (id),
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    PRIMARY KEY (user_id, role_id)
) STRICT;
CREATE INDEX user_roles_role ON user_roles (role_id);

CREATE TABLE sessions (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    key_id      TEXT NOT NULL UNIQUE,
    digest      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    revision    INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_revision ON sessions (revision);

-- An invitation without a user makes the first administrator.
CREATE TABLE invitations (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT REFERENCES wallets (id),
    user_id     TEXT REFERENCES users (id),
    key_id      TEXT NOT NULL UNIQUE,
    digest      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) STRICT;
CREATE INDEX invitations_user ON invitations (user_id);

CREATE TABLE api_keys (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    permissions     TEXT NOT NULL,
    expires_on      TEXT NOT NULL,
    expires_at      INTEGER NOT NULL,
    notes           TEXT NOT NULL,
    key_id          TEXT NOT NULL UNIQUE,
    digest          BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    created_by_kind TEXT NOT NULL,
    created_by_id   TEXT,
    created_by_name TEXT NOT NULL,
    last_used_at    INTEGER,
    deleted_at      INTEGER,
    revision        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_name ON api_keys (wallet_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX api_keys_revision ON api_keys (revision);

CREATE TABLE identifiers (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    method      TEXT NOT NULL,
    did         TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identifiers_name ON identifiers (wallet_id, name_key);

-- `sealed` is the private key, encrypted under the master key.
CREATE TABLE identifier_keys (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    identifier_id   TEXT NOT NULL REFERENCES identifiers (id),
    public_jwk      TEXT NOT NULL,
    sealed          BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    retired_at      INTEGER
) STRICT;
CREATE INDEX identifier_keys_identifier ON identifier_keys (identifier_id);

CREATE TABLE trusted_contacts (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    did         TEXT NOT NULL,
    notes       TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX trusted_contacts_name ON trusted_contacts (wallet_id, name_key);
CREATE UNIQUE INDEX trusted_contacts_did ON trusted_contacts (wallet_id, did);

CREATE TABLE credentials (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    vct             TEXT NOT NULL,
    vct_key         TEXT NOT NULL,
    issuer          TEXT NOT NULL,
    claims          TEXT NOT NULL,
    disclosures     TEXT NOT NULL,
    compact         TEXT NOT NULL,
    compact_sha256  TEXT NOT NULL,
    issued_at       INTEGER,
    valid_from      INTEGER,
    valid_until     INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX credentials_compact ON credentials (wallet_id, compact_sha256);
CREATE INDEX credentials_created ON credentials (wallet_id, created_at);

CREATE TABLE audit_events (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    at          INTEGER NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT,
    actor_name  TEXT NOT NULL,
    actor_key   TEXT NOT NULL,
    action      TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    target_name TEXT NOT NULL,
    target_key  TEXT NOT NULL,
    detail      TEXT NOT NULL,
    request_id  TEXT,
    revision    INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_events_revision ON audit_events (wallet_id, revision);
