-- What a wallet tells everybody about its organisation, once `published_at` is set.
CREATE TABLE profiles (
    wallet_id       TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES wallets (id),
    display_name    TEXT COLLATE "C" NOT NULL,
    description     TEXT COLLATE "C" NOT NULL,
    website         TEXT COLLATE "C" NOT NULL,
    email           TEXT COLLATE "C" NOT NULL,
    logo_url        TEXT COLLATE "C" NOT NULL,
    published_at    BIGINT,
    updated_at      BIGINT NOT NULL
);

CREATE TABLE profile_identifiers (
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    identifier_id   TEXT COLLATE "C" NOT NULL REFERENCES identifiers (id),
    PRIMARY KEY (wallet_id, identifier_id)
);
CREATE INDEX profile_identifiers_identifier ON profile_identifiers (identifier_id);

CREATE TABLE profile_credentials (
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    credential_id   TEXT COLLATE "C" NOT NULL REFERENCES credentials (id),
    PRIMARY KEY (wallet_id, credential_id)
);
CREATE INDEX profile_credentials_credential ON profile_credentials (credential_id);
