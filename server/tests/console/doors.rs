//! Sign-in, set-up, invitation, and what happens to whoever must sign in first.

use super::{browser, send};
use crate::support::Server;

const COOKIE: &str = "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict";

store::both_databases! {
    async fn whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(db: &Database) {
        let server = Server::start(db).await;
        let email = server.wallet("Acme").await.session(&["api_access:view"]).await.email;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let led = visitor.get("/settings/iam/api-access?q=a&sort=-name").await.is(303);
        let sign_in = led.header("location").to_owned();
        assert_eq!(sign_in, "/sign-in?next=%2Fsettings%2Fiam%2Fapi-access%3Fq%3Da%26sort%3D-name");
        assert_eq!(led.header("set-cookie"), "");
        let form = visitor.get(&sign_in).await.is(200);
        assert!(form.text.contains(&sign_in), "{}", form.text);
        let wrong = send(&visitor, &sign_in, &[("email", &email), ("password", "wrong")]).await.is(422);
        assert!(wrong.text.contains(&email) && wrong.header("set-cookie").is_empty());
        let right = [("email", email.as_str()), ("password", "correct horse battery staple")];
        let entered = send(&visitor, &sign_in, &right).await.is(303);
        assert_eq!(entered.header("location"), "/settings/iam/api-access?q=a&sort=-name");
        let cookie = entered.first_cookie();
        assert!(cookie.starts_with("claviger=clvc_") && cookie.ends_with(COOKIE), "{cookie}");
        let session = visitor.with("cookie", cookie.split(';').next().unwrap());
        session.get("/settings/iam/api-access").await.is(200);
        assert_eq!(session.get("/sign-in").await.is(303).header("location"), "/");
        let out = send(&session, "/sign-out", &[]).await.is(303);
        assert!(out.header("set-cookie").starts_with("claviger=; Path=/; Max-Age=0;"));
        let refused = session.get("/settings/iam/api-access").await.is(303);
        assert!(refused.header("set-cookie").starts_with("claviger=;"), "a dead cookie is cleared");
    }

    async fn a_sign_in_never_leads_to_another_server(db: &Database) {
        let server = Server::start(db).await;
        let email = server.wallet("Acme").await.session(&[]).await.email;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        for next in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil.example"] {
            let right = [("email", email.as_str()), ("password", "correct horse battery staple")];
            let entered = send(&visitor, &format!("/sign-in?next={next}"), &right).await.is(303);
            assert_eq!(entered.header("location"), "/", "{next}");
        }
    }

    async fn no_other_site_can_sign_anybody_in(db: &Database) {
        let server = Server::start(db).await;
        let email = server.wallet("Acme").await.session(&[]).await.email;
        let visitor = browser(&server.anonymous());
        let right = [("email", email.as_str()), ("password", "correct horse battery staple")];
        for site in ["cross-site", "same-site", "none"] {
            let refused = send(&visitor.with("sec-fetch-site", site), "/sign-in", &right).await.is(403);
            assert_eq!(refused.header("set-cookie"), "", "{site}");
        }
        for path in ["/sign-in", "/setup", "/invitation"] {
            send(&visitor, path, &right).await.is(403);
        }
    }

    async fn failed_sign_ins_are_slowed_down(db: &Database) {
        let server = Server::start(db).await;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let wrong = [("email", "ada@example.org"), ("password", "wrong")];
        for _ in 0..5 {
            send(&visitor, "/sign-in", &wrong).await.is(422);
        }
        let slowed = send(&visitor, "/sign-in", &wrong).await.is(429);
        assert_eq!(slowed.header("retry-after"), "2");
        assert!(slowed.text.contains("Try again in 2 seconds."), "{}", slowed.text);
    }

    async fn the_first_administrator_sets_the_wallet_up_once(db: &Database) {
        let server = Server::start(db).await;
        let link = access::sign_in::setup_link(&server.app).await.unwrap().unwrap();
        let code = link.split_once('#').unwrap().1;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let form = |email| [("code", code), ("wallet", "Acme"), ("time_zone", "Europe/Oslo"), ("name", "Ada"),
            ("email", email), ("password", "a tall blue boat on dry land")];
        let refused = send(&visitor, "/setup", &form("not an address")).await.is(422).text;
        assert!(refused.contains(r#"value="not an address" aria-describedby="email-error" aria-invalid="true""#), "{refused}");
        assert!(!refused.contains("tall blue boat"), "a password is not sent back");
        let entered = send(&visitor, "/setup", &form("ada@example.org")).await.is(303);
        let session = visitor.with("cookie", entered.first_cookie().split(';').next().unwrap());
        let page = session.get("/settings/iam/api-access").await.is(200).text;
        assert!(page.contains("ada@example.org") && page.contains("Acme"), "{page}");
        let again = send(&visitor, "/setup", &form("eve@example.org")).await.is(422);
        assert!(again.text.contains("it was used"), "{}", again.text);
    }

    async fn an_invited_user_chooses_a_password(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let draft = access::users::UserDraft { name: "Grace".parse().unwrap(), email: "grace@example.org".parse().unwrap(), roles: Vec::new() };
        let (_, link) = access::users::create(&server.app, &acme.operator(), draft).await.unwrap();
        let url = link.unwrap().url;
        let code = url.split_once('#').unwrap().1;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let short = send(&visitor, "/invitation", &[("code", code), ("password", "short")]).await.is(422).text;
        assert!(short.contains("Password must have at least 12 characters."), "{short}");
        let joined = [("code", code), ("password", "a tall blue boat on dry land")];
        let entered = send(&visitor, "/invitation", &joined).await.is(303);
        assert!(entered.first_cookie().starts_with("claviger=clvc_"));
        send(&visitor, "/invitation", &joined).await.is(422);
    }

    async fn assets_may_be_kept_for_good_because_their_address_changes_with_them(db: &Database) {
        let server = Server::start(db).await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let page = browser(&server.anonymous()).get("/sign-in").await.is(200).text;
        let path = page.split("href=\"").find(|part| part.starts_with("/assets/console.css")).unwrap();
        let url = format!("{}{}", server.origin(), path.split('"').next().unwrap());
        let asset = client.get(&url).send().await.unwrap();
        assert_eq!(asset.headers()["content-type"], "text/css; charset=utf-8");
        assert_eq!(asset.headers()["cache-control"], "public, max-age=31536000, immutable");
        let tag = asset.headers()["etag"].clone();
        let again = client.get(&url).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        server.anonymous().get("/assets/other.css").await.problem(404, "not-found");
    }
}
