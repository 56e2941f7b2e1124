-- How the link of a request asks wallets to fetch it: a choice of the verifier template, which each of its verifications
-- takes over. Until this release every link asked for POST.
ALTER TABLE verifier_templates ADD COLUMN request_uri_method TEXT COLLATE "C" NOT NULL DEFAULT 'get';
ALTER TABLE verifications ADD COLUMN request_uri_method TEXT COLLATE "C" NOT NULL DEFAULT 'get';

-- A wallet that does not present has a status of its own. What such a wallet answered was one failed check until now,
-- of the answer as a whole and of no credential.
UPDATE verifications SET status = 'declined'
 WHERE status = 'rejected' AND result LIKE '{"checks":[{"check":"answer","outcome":"failed","reason":"the wallet answered %';
