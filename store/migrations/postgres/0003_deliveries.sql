-- What requests with an Idempotency-Key made, kept for a day. `fingerprint` is a keyed hash of the body.
CREATE TABLE idempotency_keys (
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    caller      TEXT COLLATE "C" NOT NULL,
    operation   TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    object_id   TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (wallet_id, caller, operation, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- Where the owner of a session (an issuance, a verification) wants to be told of it, and how that went.
-- `sealed` is the secret that signs, encrypted under the master key.
CREATE TABLE callbacks (
    session_id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    url             TEXT COLLATE "C" NOT NULL,
    sealed          BYTEA NOT NULL,
    created_at      BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    last_error      TEXT COLLATE "C",
    delivered_at    BIGINT,
    ended_at        BIGINT
);
CREATE INDEX callbacks_created ON callbacks (created_at);

-- Webhooks that are not delivered yet. `due_at` moves into the future with each attempt.
CREATE TABLE webhooks (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    session_id  TEXT COLLATE "C" NOT NULL REFERENCES callbacks (session_id),
    body        TEXT COLLATE "C" NOT NULL,
    attempts    BIGINT NOT NULL,
    due_at      BIGINT NOT NULL
);
CREATE INDEX webhooks_due ON webhooks (due_at);
CREATE INDEX webhooks_session ON webhooks (session_id);
