-- How many requests a minute an external system may send; what the server allows everybody where it is absent.
ALTER TABLE external_systems ADD COLUMN requests_per_minute BIGINT;

-- The feed brings wallets too.
ALTER TABLE wallets ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE INDEX wallets_revision ON wallets (revision);

-- What an external system sent on a day of its wallet's calendar. Refusals are among the requests.
CREATE TABLE daily_usage (
    system_id       TEXT COLLATE "C" NOT NULL REFERENCES external_systems (id),
    wallet_id       TEXT COLLATE "C" NOT NULL REFERENCES wallets (id),
    day             TEXT COLLATE "C" NOT NULL,
    requests        BIGINT NOT NULL,
    refusals        BIGINT NOT NULL,
    last_used_at    BIGINT,
    PRIMARY KEY (system_id, day)
);
CREATE INDEX daily_usage_day ON daily_usage (day);
