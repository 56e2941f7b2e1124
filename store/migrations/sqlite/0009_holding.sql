-- From where a contact may push credentials unattended, and where offers to it are pushed.
ALTER TABLE trusted_contacts ADD COLUMN credential_issuer TEXT;
ALTER TABLE trusted_contacts ADD COLUMN credential_offer_endpoint TEXT;
CREATE UNIQUE INDEX trusted_contacts_issuer ON trusted_contacts (wallet_id, credential_issuer);

-- What the issuer's status list said when it was last asked.
ALTER TABLE credentials ADD COLUMN live_status TEXT;
ALTER TABLE credentials ADD COLUMN live_status_at INTEGER;

-- The inbox of credential offers. `code` is the pre-authorized code, encrypted under the master key and gone when it
-- is of no more use; by its digest an offer is known again.
CREATE TABLE credential_offers (
    id                  TEXT NOT NULL PRIMARY KEY,
    wallet_id           TEXT NOT NULL REFERENCES wallets (id),
    credential_issuer   TEXT NOT NULL,
    issuer_name         TEXT,
    label_key           TEXT NOT NULL,
    credentials         TEXT NOT NULL,
    tx_code             TEXT,
    contact_id          TEXT,
    identifier_id       TEXT,
    code                BLOB,
    code_digest         BLOB,
    state               TEXT NOT NULL,
    reason              TEXT,
    credential_ids      TEXT NOT NULL,
    claimed_at          INTEGER,
    created_at          INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX credential_offers_code ON credential_offers (wallet_id, code_digest);
CREATE INDEX credential_offers_created ON credential_offers (wallet_id, created_at);
CREATE INDEX credential_offers_expires ON credential_offers (expires_at);

-- Requests of verifiers. `answer` is what the answer needs of the request, its nonce among it, encrypted under the
-- master key and gone when it is of no more use; by the digest of the nonce a request is known again.
CREATE TABLE presentations (
    id                  TEXT NOT NULL PRIMARY KEY,
    wallet_id           TEXT NOT NULL REFERENCES wallets (id),
    verifier            TEXT NOT NULL,
    verifier_name       TEXT,
    label_key           TEXT NOT NULL,
    query               TEXT NOT NULL,
    response_uri        TEXT NOT NULL,
    answer              BLOB,
    nonce_digest        BLOB NOT NULL,
    state               TEXT NOT NULL,
    reason              TEXT,
    disclosed           TEXT NOT NULL,
    redirect_uri        TEXT,
    claimed_at          INTEGER,
    created_at          INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX presentations_nonce ON presentations (wallet_id, nonce_digest);
CREATE INDEX presentations_created ON presentations (wallet_id, created_at);
CREATE INDEX presentations_expires ON presentations (expires_at);
CREATE INDEX presentations_claimed ON presentations (claimed_at);
