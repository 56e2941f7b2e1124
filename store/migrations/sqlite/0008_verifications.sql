-- Requests to present credentials. `reference`, by which a wallet fetches the request, is kept for the one who asks and
-- sealed under the master key, as is the nonce that is waited for; what is only compared is a digest. `result` tells
-- what was checked and holds no claims.
CREATE TABLE verifications (
    id                      TEXT NOT NULL PRIMARY KEY,
    wallet_id               TEXT NOT NULL REFERENCES wallets (id),
    template_id             TEXT NOT NULL,
    template_name           TEXT NOT NULL,
    correlation_id          TEXT,
    search_key              TEXT NOT NULL,
    identifier_id           TEXT NOT NULL,
    verifier                TEXT NOT NULL,
    purpose                 TEXT NOT NULL,
    query                   TEXT NOT NULL,
    trust                   TEXT NOT NULL,
    retention_days          INTEGER NOT NULL,
    status                  TEXT NOT NULL,
    redirect_uri            TEXT,
    reference               BLOB,
    reference_digest        BLOB,
    nonce                   BLOB,
    state_digest            BLOB,
    response_code_digest    BLOB,
    result                  TEXT,
    created_at              INTEGER NOT NULL,
    created_by_kind         TEXT NOT NULL,
    created_by_id           TEXT,
    created_by_name         TEXT NOT NULL,
    expires_at              INTEGER NOT NULL,
    retrieved_at            INTEGER,
    finished_at             INTEGER,
    kept_until              INTEGER
) STRICT;
CREATE UNIQUE INDEX verifications_reference ON verifications (wallet_id, reference_digest);
CREATE INDEX verifications_created ON verifications (wallet_id, created_at);
CREATE INDEX verifications_correlation ON verifications (wallet_id, correlation_id);
CREATE INDEX verifications_open ON verifications (status, expires_at);
CREATE INDEX verifications_kept ON verifications (kept_until);

-- What was disclosed of credentials that were verified; a rejected presentation leaves no row here.
CREATE TABLE verified_credentials (
    id                      TEXT NOT NULL PRIMARY KEY,
    wallet_id               TEXT NOT NULL REFERENCES wallets (id),
    verification_id         TEXT NOT NULL REFERENCES verifications (id),
    template_name           TEXT NOT NULL,
    correlation_id          TEXT,
    place                   INTEGER NOT NULL,
    query_id                TEXT NOT NULL,
    vct                     TEXT NOT NULL,
    vct_key                 TEXT NOT NULL,
    issuer                  TEXT NOT NULL,
    claims                  TEXT NOT NULL,
    checks                  TEXT NOT NULL,
    verified_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX verified_credentials_verified ON verified_credentials (wallet_id, verified_at);
CREATE UNIQUE INDEX verified_credentials_place ON verified_credentials (verification_id, place);
