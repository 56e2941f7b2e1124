-- Whether an offer only says that it is of a contact: until the contact's own server has confirmed it.
ALTER TABLE credential_offers ADD COLUMN unconfirmed BIGINT NOT NULL DEFAULT 0;
UPDATE credential_offers SET unconfirmed = 1 WHERE contact_id IS NOT NULL AND state = 'pending';
CREATE INDEX credential_offers_contact ON credential_offers (contact_id);

-- What asking again takes of an offer whose credentials the issuer gives later, encrypted under the master key, and when
-- the issuer is asked next.
ALTER TABLE credential_offers ADD COLUMN deferred BYTEA;
ALTER TABLE credential_offers ADD COLUMN asked_again_at BIGINT;
CREATE INDEX credential_offers_deferred ON credential_offers (asked_again_at);
