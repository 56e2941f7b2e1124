//! When a key expires (mission M14, D2).

use serde_json::json;

use super::KEYS;
use crate::support::Server;

/// Time zone, last day, and the first instant at which the key is not valid, by the zone's own calendar.
const ENDS: &[(&str, &str, &str)] = &[
    ("UTC", "2026-11-23", "2026-11-24T00:00:00Z"),
    ("UTC", "2028-02-29", "2028-03-01T00:00:00Z"),
    // The day before the clocks go forward, the day itself (23 hours), and the day they go back (25 hours).
    ("Europe/Amsterdam", "2027-03-27", "2027-03-27T23:00:00Z"),
    ("Europe/Amsterdam", "2027-03-28", "2027-03-28T22:00:00Z"),
    ("Europe/Amsterdam", "2027-10-31", "2027-10-31T23:00:00Z"),
    ("Pacific/Kiritimati", "2026-12-31", "2026-12-31T10:00:00Z"),
    ("America/Los_Angeles", "2027-06-30", "2027-07-01T07:00:00Z"),
    ("America/Los_Angeles", "2026-12-31", "2027-01-01T08:00:00Z"),
    // The clocks go forward at midnight: the next day starts at one o'clock.
    ("America/Santiago", "2027-09-04", "2027-09-05T04:00:00Z"),
];

store::both_databases! {
    async fn m14_a_key_is_valid_to_the_last_millisecond_of_its_day_and_rejected_after_it(db: &Database) {
        let server = Server::start(db).await;
        for (at, (zone, on, end)) in ENDS.iter().enumerate() {
            server.move_clock_to("2026-11-23T10:00:00Z");
            let wallet = server.wallet_in(zone, &format!("wallet-{at}")).await;
            let owner = wallet.key_until("2036-11-23", &["api_access:change", "users:view"]).await;
            let asked = json!({"name": "a", "expires_on": on, "permissions": ["users:view"]});
            let made = owner.post(KEYS, asked).await.is(201);
            assert_eq!((made.member("expires_on"), made.member("expires_at")), ((*on).to_owned(), (*end).to_owned()));
            let key = server.anonymous().with("x-api-key", &made.member("key"));
            let end: jiff::Timestamp = end.parse().unwrap();
            server.app.clock.move_to(end - jiff::SignedDuration::from_millis(1));
            key.get("/api/v1/users").await.is(200);
            assert_eq!(owner.get(made.header("location")).await.member("status"), "active");
            server.app.clock.move_to(end);
            let refused = key.get("/api/v1/users").await.problem(401, "expired");
            assert_eq!(refused.header("www-authenticate"), r#"Bearer realm="claviger", error="invalid_token""#);
            assert_eq!(owner.get(made.header("location")).await.member("status"), "expired");
        }
    }

    async fn d2_today_is_the_earliest_date_and_ten_years_from_today_the_latest(db: &Database) {
        let server = Server::start(db).await;
        // At ten o'clock in the morning of the 23rd in UTC it is midnight of the 24th on Kiritimati.
        for (zone, yesterday, today, latest, too_far) in [
            ("UTC", "2026-11-22", "2026-11-23", "2036-11-23", "2036-11-24"),
            ("Pacific/Kiritimati", "2026-11-23", "2026-11-24", "2036-11-24", "2036-11-25"),
            ("Pacific/Pago_Pago", "2026-11-21", "2026-11-22", "2036-11-22", "2036-11-23"),
        ] {
            let owner = server.wallet_in(zone, zone).await.session(&["api_access:change"]).await;
            if zone == "Pacific/Pago_Pago" {
                server.move_clock_to("2026-11-23T10:59:59Z");
            }
            owner.post(KEYS, json!({"name": "a", "expires_on": yesterday})).await.refuses(&[("expires_on", "invalid")]);
            owner.post(KEYS, json!({"name": "b", "expires_on": today})).await.is(201);
            owner.post(KEYS, json!({"name": "c", "expires_on": latest})).await.is(201);
            owner.post(KEYS, json!({"name": "d", "expires_on": too_far})).await.refuses(&[("expires_on", "invalid")]);
        }
    }

    async fn d2_the_preset_is_one_year_from_today_and_29_february_becomes_28(db: &Database) {
        let server = Server::start(db).await;
        server.move_clock_to("2028-02-29T12:00:00Z");
        let owner = server.wallet("Acme").await.session(&["api_access:change"]).await;
        let made = owner.post(KEYS, json!({"name": "a"})).await.is(201);
        assert_eq!(made.member("expires_on"), "2029-02-28");
        let east = server.wallet_in("Pacific/Kiritimati", "East").await.session(&["api_access:change"]).await;
        assert_eq!(east.post(KEYS, json!({"name": "a"})).await.is(201).member("expires_on"), "2029-03-01");
    }

    async fn d2_a_change_of_the_time_zone_moves_no_existing_key(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.session(&["api_access:change", "wallet:change"]).await;
        let made = owner.post(KEYS, json!({"name": "a", "expires_on": "2026-12-31"})).await.is(201);
        owner.patch("/api/v1/wallet", json!({"time_zone": "America/Los_Angeles"})).await.is(200);
        let after = owner.get(made.header("location")).await.is(200);
        assert_eq!(after.member("expires_at"), "2027-01-01T00:00:00Z");
        assert_eq!(after.member("expires_on"), "2026-12-31");
        let later = owner.post(KEYS, json!({"name": "b", "expires_on": "2026-12-31"})).await.is(201);
        assert_eq!(later.member("expires_at"), "2027-01-01T08:00:00Z");
        server.move_clock_to("2027-01-01T00:00:00Z");
        server.anonymous().with("x-api-key", &made.member("key")).get("/api/v1/me").await.problem(401, "expired");
        server.anonymous().with("x-api-key", &later.member("key")).get("/api/v1/me").await.is(200);
    }

    async fn d2_what_is_not_a_date_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.session(&["api_access:change"]).await;
        for on in [
            "", "2027", "2027-02-29", "2027-13-01", "2027-1-1", "01-01-2027", "20270101", "2027-01-01T00:00:00Z",
            "2027-01-01[UTC]", " 2027-01-01", "+002027-01-01", "9999-12-31", "99999-01-01", "tomorrow",
        ] {
            let refused = owner.post(KEYS, json!({"name": "a", "expires_on": on})).await;
            assert_eq!(refused.status, 422, "{on}: {}", refused.text);
            refused.refuses(&[("expires_on", "invalid")]);
        }
    }
}
