-- Credentials that the wallet offers or has issued. The code is kept for the one who offers; `claims` are personal
-- and go when the credential is issued. Both are encrypted under the master key; what is only compared is a digest.
CREATE TABLE issuances (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id           TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    template_id         TEXT COLLATE "C" NOT NULL,
    template_name       TEXT COLLATE "C" NOT NULL,
    vct                 TEXT COLLATE "C" NOT NULL,
    correlation_id      TEXT COLLATE "C",
    search_key          TEXT COLLATE "C" NOT NULL,
    status              TEXT COLLATE "C" NOT NULL,
    failure             TEXT COLLATE "C",
    code                BYTEA,
    code_digest         BYTEA,
    tx_code_digest      BYTEA,
    tx_code_length      BIGINT,
    wrong_tries         BIGINT NOT NULL,
    token_digest        BYTEA,
    claims              BYTEA,
    expires_at          BIGINT NOT NULL,
    valid_until         BIGINT,
    contact_id          TEXT COLLATE "C",
    pushed_at           BIGINT,
    created_at          BIGINT NOT NULL,
    created_by_kind     TEXT COLLATE "C" NOT NULL,
    created_by_id       TEXT COLLATE "C",
    created_by_name     TEXT COLLATE "C" NOT NULL,
    accepted_at         BIGINT,
    issued_at           BIGINT,
    issued_valid_until  BIGINT,
    holder_key          TEXT COLLATE "C",
    status_uri          TEXT COLLATE "C",
    status_index        BIGINT,
    credential_status   TEXT COLLATE "C"
);
CREATE UNIQUE INDEX issuances_code ON issuances (wallet_id, code_digest);
CREATE UNIQUE INDEX issuances_token ON issuances (wallet_id, token_digest);
CREATE INDEX issuances_created ON issuances (wallet_id, created_at);
CREATE INDEX issuances_correlation ON issuances (wallet_id, correlation_id);
CREATE INDEX issuances_open ON issuances (status, expires_at);

-- Nonces of key proofs that were used, until they would be too old anyway.
CREATE TABLE used_nonces (
    wallet_id   TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    digest      BYTEA NOT NULL,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (wallet_id, digest)
);
CREATE INDEX used_nonces_expires ON used_nonces (expires_at);
