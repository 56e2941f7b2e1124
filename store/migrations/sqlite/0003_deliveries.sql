-- What requests with an Idempotency-Key made, kept for a day. `fingerprint` is a keyed hash of the body.
CREATE TABLE idempotency_keys (
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    caller      TEXT NOT NULL,
    operation   TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    object_id   TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (wallet_id, caller, operation, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- Where the owner of a session (an issuance, a verification) wants to be told of it, and how that went.
-- `sealed` is the secret that signs, encrypted under the master key.
CREATE TABLE callbacks (
    session_id      TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    url             TEXT NOT NULL,
    sealed          BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    last_error      TEXT,
    delivered_at    INTEGER,
    ended_at        INTEGER
) STRICT;
CREATE INDEX callbacks_created ON callbacks (created_at);

-- Webhooks that are not delivered yet. `due_at` moves into the future with each attempt.
CREATE TABLE webhooks (
    id          TEXT NOT NULL PRIMARY KEY,
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    session_id  TEXT NOT NULL REFERENCES callbacks (session_id),
    body        TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_due ON webhooks (due_at);
CREATE INDEX webhooks_session ON webhooks (session_id);
