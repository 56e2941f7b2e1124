-- What a wallet tells everybody about its organisation, once `published_at` is set.
CREATE TABLE profiles (
    wallet_id       TEXT NOT NULL PRIMARY KEY REFERENCES wallets (id),
    display_name    TEXT NOT NULL,
    description     TEXT NOT NULL,
    website         TEXT NOT NULL,
    email           TEXT NOT NULL,
    logo_url        TEXT NOT NULL,
    published_at    INTEGER,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE profile_identifiers (
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    identifier_id   TEXT NOT NULL REFERENCES identifiers (id),
    PRIMARY KEY (wallet_id, identifier_id)
) STRICT;
CREATE INDEX profile_identifiers_identifier ON profile_identifiers (identifier_id);

CREATE TABLE profile_credentials (
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    credential_id   TEXT NOT NULL REFERENCES credentials (id),
    PRIMARY KEY (wallet_id, credential_id)
) STRICT;
CREATE INDEX profile_credentials_credential ON profile_credentials (credential_id);
