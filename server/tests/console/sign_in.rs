//! Sign-in: who is held up by failed attempts and who is not, one address in several wallets, and what the audit log
//! tells of it.

use serde_json::json;

use super::{browser, send};
use crate::support::{Actor, Answer, PASSWORD, Server, Wallet};

/// A server that believes `x-forwarded-for`, so that attempts come from many addresses.
async fn start(db: &store::testing::Database) -> Server {
    Server::start_with(db, |settings| settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await
}

/// A browser at this address.
fn at(server: &Server, address: &str) -> Actor {
    browser(&server.anonymous()).with("sec-fetch-site", "same-origin").with("x-forwarded-for", address)
}

async fn attempt(browser: &Actor, email: &str, password: &str) -> Answer {
    send(browser, "/sign-in", &[("email", email), ("password", password)]).await
}

/// The device cookie that an answer sets, as a browser sends it back.
fn device(entered: &Answer) -> String {
    let cookies: Vec<&str> =
        entered.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let [session, device] = cookies.as_slice() else { panic!("{cookies:?}") };
    assert!(session.starts_with("claviger=clvc_"), "{session}");
    assert!(device.ends_with("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Strict"), "{device}");
    device.split(';').next().unwrap().to_owned()
}

/// Adds a user of this wallet with a password, as a person does with the link.
async fn join(server: &Server, wallet: &Wallet<'_>, email: &str, password: &str) {
    let draft =
        access::users::UserDraft { name: "Ada".parse().unwrap(), email: email.parse().unwrap(), roles: Vec::new() };
    let (_, link) = access::users::create(&server.app, &wallet.operator(), draft).await.unwrap();
    let url = link.unwrap().url;
    let form = [("code", url.split_once('#').unwrap().1), ("password", password)];
    send(&at(server, "192.0.2.1"), "/invitation", &form).await.is(303);
}

store::both_databases! {
    async fn strangers_from_many_addresses_hold_nobody_up(db: &Database) {
        let server = start(db).await;
        let email = server.wallet("Acme").await.session(&[]).await.email;
        for number in 0..60 {
            attempt(&at(&server, &format!("203.0.113.{number}")), &email, "wrong password").await.is(422);
        }
        attempt(&at(&server, "198.51.100.1"), &email, PASSWORD).await.is(303);
        let guesser = at(&server, "198.51.100.2");
        attempt(&guesser, &email, "wrong password").await.is(422);
        let held = attempt(&guesser, &email, PASSWORD).await.is(429);
        assert_eq!(held.header("retry-after"), "31", "one attempt while the account is under attack");
        attempt(&at(&server, "198.51.100.3"), &email, PASSWORD).await.is(303);
    }

    async fn a_browser_that_signed_in_before_is_not_held_up_by_strangers(db: &Database) {
        let server = start(db).await;
        let acme = server.wallet("Acme").await;
        let (ada, eve) = (acme.session(&[]).await.email, acme.session(&[]).await.email);
        let home = at(&server, "192.0.2.1");
        let known = home.with("cookie", &device(&attempt(&home, &ada, PASSWORD).await.is(303)));
        for _ in 0..6 {
            attempt(&home, &ada, "wrong password").await;
        }
        attempt(&home, &ada, PASSWORD).await.is(429);
        attempt(&known, &ada, PASSWORD).await.is(303);
        for number in 0..40 {
            attempt(&home, &format!("stranger-{number}@example.org"), "wrong password").await;
        }
        attempt(&home, &eve, PASSWORD).await.is(429);
        attempt(&known, &ada, PASSWORD).await.is(303);
        attempt(&known, &eve, PASSWORD).await.is(429);
    }

    async fn a_device_cookie_opens_nothing_and_has_a_limit_of_its_own(db: &Database) {
        let server = start(db).await;
        let ada = server.wallet("Acme").await.session(&[]).await.email;
        let entered = attempt(&at(&server, "192.0.2.1"), &ada, PASSWORD).await.is(303);
        let other = attempt(&at(&server, "192.0.2.1"), &ada, PASSWORD).await.is(303);
        let stolen = at(&server, "203.0.113.1").with("cookie", &device(&entered));
        stolen.get("/settings/team/users").await.is(303);
        server.anonymous().with("cookie", &device(&entered)).get("/api/v1/me").await.problem(401, "unauthenticated");
        let mut passed = 0;
        while attempt(&stolen, &ada, "wrong password").await.status == 422 {
            passed += 1;
        }
        assert_eq!(passed, 15, "ten for the cookie and five for the address");
        attempt(&stolen, &ada, PASSWORD).await.is(429);
        attempt(&at(&server, "203.0.113.1").with("cookie", &device(&other)), &ada, PASSWORD).await.is(303);
        attempt(&at(&server, "192.0.2.1"), &ada, PASSWORD).await.is(303);
    }

    async fn a_device_cookie_that_the_server_has_not_given_out_counts_for_nothing(db: &Database) {
        let server = start(db).await;
        let acme = server.wallet("Acme").await;
        let ada = acme.session(&[]).await.email;
        let home = at(&server, "192.0.2.1");
        let genuine = device(&attempt(&home, &ada, PASSWORD).await.is(303));
        let (name, value) = genuine.split_once('=').unwrap();
        let swapped = |at: usize| {
            let mut value = value.to_owned();
            let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
            value.replace_range(at..=at, other);
            format!("{name}={value}")
        };
        for _ in 0..6 {
            attempt(&home, &ada, "wrong password").await;
        }
        for forged in [swapped(0), swapped(25), swapped(45), swapped(60), format!("{name}="), format!("{name}=x"), format!("{genuine}; {genuine}")] {
            attempt(&home.with("cookie", &forged), &ada, PASSWORD).await.is(429);
        }
        attempt(&home.with("cookie", &genuine), &ada, PASSWORD).await.is(303);
        // Half a year later it is over.
        server.move_clock_to("2027-05-22T10:00:00Z");
        for _ in 0..6 {
            attempt(&home, &ada, "wrong password").await;
        }
        attempt(&home.with("cookie", &genuine), &ada, PASSWORD).await.is(429);
    }

    async fn a_link_makes_its_browser_known_as_well(db: &Database) {
        let server = start(db).await;
        let acme = server.wallet("Acme").await;
        let draft = access::users::UserDraft { name: "Ada".parse().unwrap(), email: "ada@example.org".parse().unwrap(), roles: Vec::new() };
        let (_, link) = access::users::create(&server.app, &acme.operator(), draft).await.unwrap();
        let code = link.unwrap().url.split_once('#').unwrap().1.to_owned();
        let joined = send(&at(&server, "192.0.2.1"), "/invitation", &[("code", &code), ("password", PASSWORD)]).await;
        device(&joined.is(303));
    }

    async fn d9_one_address_signs_in_to_each_wallet_with_the_password_of_that_wallet(db: &Database) {
        let server = start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        join(&server, &acme, "ada@example.org", "a tall blue boat on dry land").await;
        join(&server, &bolt, "Ada@Example.org", "correct horse battery staple").await;
        for (wallet, password) in [("Acme", "a tall blue boat on dry land"), ("Bolt", "correct horse battery staple")] {
            let entered = attempt(&at(&server, "192.0.2.1"), "ada@example.org", password).await.is(303);
            let cookie = entered.first_cookie().split(';').next().unwrap().to_owned();
            let me = server.anonymous().with("cookie", &cookie).get("/api/v1/me").await.is(200);
            assert_eq!(me.json()["wallet"]["name"], wallet);
        }
        attempt(&at(&server, "192.0.2.1"), "ada@example.org", "neither of the two").await.is(422);
    }

    async fn a_password_of_several_wallets_asks_which_one_and_names_none_before(db: &Database) {
        let server = start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        for wallet in [&acme, &bolt] {
            join(&server, wallet, "ada@example.org", PASSWORD).await;
        }
        let home = at(&server, "192.0.2.1");
        let wrong = attempt(&home, "ada@example.org", "wrong password").await.is(422);
        assert!(!wrong.text.contains("Acme") && !wrong.text.contains("Bolt"), "{}", wrong.text);
        let asked = attempt(&home, "ada@example.org", PASSWORD).await.is(422);
        assert_eq!(asked.header("set-cookie"), "");
        for wallet in [&acme, &bolt] {
            assert!(asked.text.contains(&format!(r#"<option value="{}">"#, wallet.id)), "{}", asked.text);
            let form = [("email", "ada@example.org"), ("password", PASSWORD), ("wallet", &wallet.id.to_string())];
            let entered = send(&home, "/sign-in", &form).await.is(303);
            let cookie = entered.first_cookie().split(';').next().unwrap().to_owned();
            let me = server.anonymous().with("cookie", &cookie).get("/api/v1/me").await.is(200);
            assert_eq!(me.json()["wallet"]["id"], json!(wallet.id));
        }
        let unknown = server.wallet("Third").await.id.to_string();
        let form = [("email", "ada@example.org"), ("password", PASSWORD), ("wallet", &unknown)];
        assert_eq!(send(&home, "/sign-in", &form).await.is(422).header("set-cookie"), "");
    }

    async fn refused_sign_ins_are_counted_in_the_log_of_each_wallet_that_has_the_account(db: &Database) {
        let server = start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        for wallet in [&acme, &bolt] {
            join(&server, wallet, "ada@example.org", PASSWORD).await;
        }
        let readers = [acme.key(&["audit_log:view"]).await, bolt.key(&["audit_log:view"]).await];
        let other = server.wallet("Third").await.key(&["audit_log:view"]).await;
        for address in ["203.0.113.1", "203.0.113.2", "203.0.113.2"] {
            attempt(&at(&server, address), "ADA@example.org", "my secret guess").await.is(422);
            attempt(&at(&server, address), "nobody@example.org", "my secret guess").await.is(422);
        }
        for _ in 0..2 {
            server.app.flush_refusals().await.unwrap();
        }
        for reader in &readers {
            let events = reader.get("/api/v1/audit-events?action=user.sign_in_refused").await.is(200);
            let event = events.json()["items"][0].clone();
            assert_eq!(events.column("id").len(), 1, "one event, however many attempts");
            assert_eq!((&event["actor"]["kind"], &event["target"]["name"]), (&json!("server"), &json!("Ada")));
            assert_eq!(event["detail"], json!({"count": 3, "addresses": 2}));
            assert!(!events.text.contains("guess") && !events.text.contains("nobody"), "{}", events.text);
        }
        assert!(other.get("/api/v1/audit-events?action=user.sign_in_refused").await.column("id").is_empty());
    }

    async fn sign_ins_that_have_to_wait_are_counted_as_well(db: &Database) {
        let server = start(db).await;
        let acme = server.wallet("Acme").await;
        for email in ["ada@example.org", "grace@example.org"] {
            join(&server, &acme, email, PASSWORD).await;
        }
        let reader = acme.key(&["audit_log:view"]).await;
        let stranger = at(&server, "203.0.113.1");
        let count = async || {
            server.app.flush_refusals().await.unwrap();
            let events = reader.get("/api/v1/audit-events?action=user.sign_in_refused").await.is(200).json();
            let events = events["items"].as_array().unwrap().clone();
            events.iter().map(|event| event["detail"]["count"].as_u64().unwrap()).collect::<Vec<_>>()
        };
        for status in [422, 422, 422, 422, 422, 429, 429, 429] {
            attempt(&stranger, "ada@example.org", "my secret guess").await.is(status);
        }
        assert_eq!(count().await, [8]);
        // Whoever guesses on is counted on, though each of it has to wait.
        attempt(&stranger, "ADA@example.org", "my secret guess").await.is(429);
        assert_eq!(count().await, [1, 8]);
        // So is whoever has to wait for what they guessed of others.
        for number in 0..30 {
            attempt(&stranger, &format!("made-up-{number}@example.org"), "my secret guess").await;
        }
        attempt(&stranger, "grace@example.org", "my secret guess").await.is(429);
        assert_eq!(count().await, [1, 1, 8], "and nothing of what no wallet knows");
    }
}
