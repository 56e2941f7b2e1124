-- From where a contact may push credentials unattended, and where offers to it are pushed.
ALTER TABLE trusted_contacts ADD COLUMN credential_issuer TEXT COLLATE "C";
ALTER TABLE trusted_contacts ADD COLUMN credential_offer_endpoint TEXT COLLATE "C";
CREATE UNIQUE INDEX trusted_contacts_issuer ON trusted_contacts (wallet_id, credential_issuer);
