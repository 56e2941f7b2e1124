-- Requests to present credentials. `reference`, by which a wallet fetches the request, is kept for the one who asks and
-- sealed under the master key, as is the nonce that is waited for; what is only compared is a digest. `result` tells
-- what was checked and holds no claims.
CREATE TABLE verifications (
    id                      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id               TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    template_id             TEXT COLLATE "C" NOT NULL,
    template_name           TEXT COLLATE "C" NOT NULL,
    correlation_id          TEXT COLLATE "C",
    search_key              TEXT COLLATE "C" NOT NULL,
    identifier_id           TEXT COLLATE "C" NOT NULL,
    verifier                TEXT COLLATE "C" NOT NULL,
    purpose                 TEXT COLLATE "C" NOT NULL,
    query                   TEXT COLLATE "C" NOT NULL,
    trust                   TEXT COLLATE "C" NOT NULL,
    retention_days          BIGINT NOT NULL,
    status                  TEXT COLLATE "C" NOT NULL,
    redirect_uri            TEXT COLLATE "C",
    reference               BYTEA,
    reference_digest        BYTEA,
    nonce                   BYTEA,
    state_digest            BYTEA,
    response_code_digest    BYTEA,
    result                  TEXT COLLATE "C",
    created_at              BIGINT NOT NULL,
    created_by_kind         TEXT COLLATE "C" NOT NULL,
    created_by_id           TEXT COLLATE "C",
    created_by_name         TEXT COLLATE "C" NOT NULL,
    expires_at              BIGINT NOT NULL,
    retrieved_at            BIGINT,
    finished_at             BIGINT,
    kept_until              BIGINT
);
CREATE UNIQUE INDEX verifications_reference ON verifications (wallet_id, reference_digest);
CREATE INDEX verifications_created ON verifications (wallet_id, created_at);
CREATE INDEX verifications_correlation ON verifications (wallet_id, correlation_id);
CREATE INDEX verifications_open ON verifications (status, expires_at);
CREATE INDEX verifications_kept ON verifications (kept_until);

-- What was disclosed of credentials that were verified; a rejected presentation leaves no row here.
CREATE TABLE verified_credentials (
    id                      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id               TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    verification_id         TEXT COLLATE "C" NOT NULL REFERENCES verifications (id),
    template_name           TEXT COLLATE "C" NOT NULL,
    correlation_id          TEXT COLLATE "C",
    place                   BIGINT NOT NULL,
    query_id                TEXT COLLATE "C" NOT NULL,
    vct                     TEXT COLLATE "C" NOT NULL,
    vct_key                 TEXT COLLATE "C" NOT NULL,
    issuer                  TEXT COLLATE "C" NOT NULL,
    claims                  TEXT COLLATE "C" NOT NULL,
    checks                  TEXT COLLATE "C" NOT NULL,
    verified_at             BIGINT NOT NULL
);
CREATE INDEX verified_credentials_verified ON verified_credentials (wallet_id, verified_at);
CREATE UNIQUE INDEX verified_credentials_place ON verified_credentials (verification_id, place);
