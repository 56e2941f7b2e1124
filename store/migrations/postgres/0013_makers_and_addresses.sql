-- Who made a one-time link: it works while its maker may still make it. The setup code has no maker.
ALTER TABLE invitations ADD COLUMN created_by_kind TEXT COLLATE "C";
ALTER TABLE invitations ADD COLUMN created_by_id TEXT COLLATE "C";
-- Of the links that are open now, the audit log knows it: the newest event is of the newest link, and it alone is open.
UPDATE invitations SET
    created_by_kind = (SELECT actor_kind FROM audit_events
        WHERE audit_events.wallet_id = invitations.wallet_id AND target_id = invitations.user_id
            AND action IN ('user.created', 'user.invited') ORDER BY revision DESC LIMIT 1),
    created_by_id = (SELECT actor_id FROM audit_events
        WHERE audit_events.wallet_id = invitations.wallet_id AND target_id = invitations.user_id
            AND action IN ('user.created', 'user.invited') ORDER BY revision DESC LIMIT 1)
WHERE used_at IS NULL AND user_id IS NOT NULL;

-- An e-mail address is unique in its wallet: no answer of one wallet depends on another's users.
DROP INDEX users_email;
CREATE UNIQUE INDEX users_email ON users (wallet_id, email_key) WHERE deleted_at IS NULL;
CREATE INDEX users_email_key ON users (email_key);
-- Nor on what another wallet is called.
DROP INDEX wallets_name;

-- What an external system made, directly and further down.
CREATE INDEX external_systems_created_by ON external_systems (wallet_id, created_by_id);
