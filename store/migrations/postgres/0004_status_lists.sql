-- Where issued credentials are revoked and suspended. `revision` is that of the change after which the signed list
-- says something else.
CREATE TABLE status_lists (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    name            TEXT COLLATE "C" NOT NULL,
    name_key        TEXT COLLATE "C" NOT NULL,
    identifier_id   TEXT COLLATE "C" NOT NULL REFERENCES identifiers (id),
    size            BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    revision        BIGINT NOT NULL
);
CREATE UNIQUE INDEX status_lists_name ON status_lists (wallet_id, name_key);
CREATE INDEX status_lists_identifier ON status_lists (identifier_id);

-- The entries that belong to a credential. They stay when the credential is forgotten: an entry is never given to a
-- second one.
CREATE TABLE status_list_entries (
    status_list_id  TEXT COLLATE "C" NOT NULL REFERENCES status_lists (id),
    idx             BIGINT NOT NULL,
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    status          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (status_list_id, idx)
);
CREATE INDEX status_list_entries_status ON status_list_entries (status_list_id, status);
