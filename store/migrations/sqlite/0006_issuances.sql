-- Credentials that the wallet offers or has issued. The code is kept for the one who offers; `claims` are personal
-- and go when the credential is issued. Both are encrypted under the master key; what is only compared is a digest.
CREATE TABLE issuances (
    id                  TEXT NOT NULL PRIMARY KEY,
    wallet_id           TEXT NOT NULL REFERENCES wallets (id),
    template_id         TEXT NOT NULL,
    template_name       TEXT NOT NULL,
    vct                 TEXT NOT NULL,
    correlation_id      TEXT,
    search_key          TEXT NOT NULL,
    status              TEXT NOT NULL,
    failure             TEXT,
    code                BLOB,
    code_digest         BLOB,
    tx_code_digest      BLOB,
    tx_code_length      INTEGER,
    wrong_tries         INTEGER NOT NULL,
    token_digest        BLOB,
    claims              BLOB,
    expires_at          INTEGER NOT NULL,
    valid_until         INTEGER,
    contact_id          TEXT,
    pushed_at           INTEGER,
    created_at          INTEGER NOT NULL,
    created_by_kind     TEXT NOT NULL,
    created_by_id       TEXT,
    created_by_name     TEXT NOT NULL,
    accepted_at         INTEGER,
    issued_at           INTEGER,
    issued_valid_until  INTEGER,
    holder_key          TEXT,
    status_uri          TEXT,
    status_index        INTEGER,
    credential_status   TEXT
) STRICT;
CREATE UNIQUE INDEX issuances_code ON issuances (wallet_id, code_digest);
CREATE UNIQUE INDEX issuances_token ON issuances (wallet_id, token_digest);
CREATE INDEX issuances_created ON issuances (wallet_id, created_at);
CREATE INDEX issuances_correlation ON issuances (wallet_id, correlation_id);
CREATE INDEX issuances_open ON issuances (status, expires_at);

-- Nonces of key proofs that were used, until they would be too old anyway.
CREATE TABLE used_nonces (
    wallet_id   TEXT NOT NULL REFERENCES wallets (id),
    digest      BLOB NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (wallet_id, digest)
) STRICT;
CREATE INDEX used_nonces_expires ON used_nonces (expires_at);
