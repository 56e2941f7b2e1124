-- From where a contact may push credentials unattended, and where offers to it are pushed.
ALTER TABLE trusted_contacts ADD COLUMN credential_issuer TEXT COLLATE "C";
ALTER TABLE trusted_contacts ADD COLUMN credential_offer_endpoint TEXT COLLATE "C";
CREATE UNIQUE INDEX trusted_contacts_issuer ON trusted_contacts (wallet_id, credential_issuer);

-- What the issuer's status list said when it was last asked.
ALTER TABLE credentials ADD COLUMN live_status TEXT COLLATE "C";
ALTER TABLE credentials ADD COLUMN live_status_at BIGINT;

-- The inbox of credential offers. `code` is the pre-authorized code, encrypted under the master key and gone when it
-- is of no more use; by its digest an offer is known again.
CREATE TABLE credential_offers (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id           TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    credential_issuer   TEXT COLLATE "C" NOT NULL,
    issuer_name         TEXT COLLATE "C",
    label_key           TEXT COLLATE "C" NOT NULL,
    credentials         TEXT COLLATE "C" NOT NULL,
    tx_code             TEXT COLLATE "C",
    contact_id          TEXT COLLATE "C",
    identifier_id       TEXT COLLATE "C",
    code                BYTEA,
    code_digest         BYTEA,
    state               TEXT COLLATE "C" NOT NULL,
    reason              TEXT COLLATE "C",
    credential_ids      TEXT COLLATE "C" NOT NULL,
    claimed_at          BIGINT,
    created_at          BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX credential_offers_code ON credential_offers (wallet_id, code_digest);
CREATE INDEX credential_offers_created ON credential_offers (wallet_id, created_at);
CREATE INDEX credential_offers_expires ON credential_offers (expires_at);

-- Requests of verifiers. `answer` is what the answer needs of the request, its nonce among it, encrypted under the
-- master key and gone when it is of no more use; by the digest of the nonce a request is known again.
CREATE TABLE presentations (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id           TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    verifier            TEXT COLLATE "C" NOT NULL,
    verifier_name       TEXT COLLATE "C",
    label_key           TEXT COLLATE "C" NOT NULL,
    query               TEXT COLLATE "C" NOT NULL,
    response_uri        TEXT COLLATE "C" NOT NULL,
    answer              BYTEA,
    nonce_digest        BYTEA NOT NULL,
    state               TEXT COLLATE "C" NOT NULL,
    reason              TEXT COLLATE "C",
    disclosed           TEXT COLLATE "C" NOT NULL,
    redirect_uri        TEXT COLLATE "C",
    claimed_at          BIGINT,
    created_at          BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX presentations_nonce ON presentations (wallet_id, nonce_digest);
CREATE INDEX presentations_created ON presentations (wallet_id, created_at);
CREATE INDEX presentations_expires ON presentations (expires_at);
CREATE INDEX presentations_claimed ON presentations (claimed_at);
