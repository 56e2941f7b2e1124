-- Where issued credentials are revoked and suspended. `revision` is that of the change after which the signed list
-- says something else.
CREATE TABLE status_lists (
    id              TEXT NOT NULL PRIMARY KEY,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    identifier_id   TEXT NOT NULL REFERENCES identifiers (id),
    size            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    revision        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX status_lists_name ON status_lists (wallet_id, name_key);
CREATE INDEX status_lists_identifier ON status_lists (identifier_id);

-- The entries that belong to a credential. They stay when the credential is forgotten: an entry is never given to a
-- second one.
CREATE TABLE status_list_entries (
    status_list_id  TEXT NOT NULL REFERENCES status_lists (id),
    idx             INTEGER NOT NULL,
    wallet_id       TEXT NOT NULL REFERENCES wallets (id),
    status          TEXT NOT NULL,
    PRIMARY KEY (status_list_id, idx)
) STRICT;
CREATE INDEX status_list_entries_status ON status_list_entries (status_list_id, status);
