//! One-time links: what they give is asked when they are used, not only when they are made.

use serde_json::json;

use super::{browser, send};
use crate::support::{Actor, Answer, Server};

const USERS: &str = "/api/v1/users";
const ROLES: &str = "/api/v1/roles";

/// Opens the link and sets a password.
async fn open(server: &Server, link: &str) -> Answer {
    let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
    let code = link.split_once('#').unwrap().1;
    send(&visitor, "/invitation", &[("code", code), ("password", "a tall blue boat on dry land")]).await
}

/// Adds a user with these roles: its path and its link.
async fn invite(maker: &Actor, email: &str, roles: &[&str]) -> (String, String) {
    let made = maker.post(USERS, json!({"name": "Ivo", "email": email, "roles": roles})).await.is(201);
    let link = made.json()["invitation"]["url"].as_str().unwrap().to_owned();
    (made.header("location").to_owned(), link)
}

/// A new link for a user.
async fn link_for(maker: &Actor, user: &str) -> String {
    let made = maker.post(&format!("{user}/invitations"), json!({})).await.is(201);
    made.json()["invitation"]["url"].as_str().unwrap().to_owned()
}

async fn role(maker: &Actor, name: &str, permissions: &[&str]) -> String {
    maker.post(ROLES, json!({"name": name, "permissions": permissions})).await.is(201).member("id")
}

store::both_databases! {
    async fn a_link_gives_nothing_that_its_user_got_after_it_was_made(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = acme.session(&["users:change"]).await;
        let owner = acme.administrator_key().await;
        let (user, kept) = invite(&clerk, "ivo@example.org", &[]).await;
        let auditor = role(&owner, "Auditor", &["audit_log:view"]).await;
        owner.patch(&user, json!({"roles": [auditor]})).await.is(200);
        let refused = open(&server, &kept).await.is(422);
        assert!(refused.text.contains("the user was given more since it was made"), "{}", refused.text);
        assert_eq!(refused.header("set-cookie"), "");
        assert_eq!(owner.get(&user).await.json()["status"], "invited");
        owner.patch(&user, json!({"roles": []})).await.is(200);
        open(&server, &kept).await.is(422);
        open(&server, &link_for(&clerk, &user).await).await.is(303);
    }

    async fn a_link_is_void_when_a_role_of_its_user_gains_a_permission(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let clerk = acme.session(&["users:change", "audit_log:view"]).await;
        let auditor = role(&owner, "Auditor", &["audit_log:view"]).await;
        let (_, kept) = invite(&clerk, "ivo@example.org", &[&auditor]).await;
        let (_, of_another) = invite(&clerk, "ada@example.org", &[]).await;
        owner.patch(&format!("{ROLES}/{auditor}"), json!({"permissions": ["audit_log:view", "wallet:view"]})).await.is(200);
        open(&server, &kept).await.is(422);
        open(&server, &of_another).await.is(303);
    }

    async fn a_link_stays_when_its_user_is_renamed_or_loses_something(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let clerk = acme.session(&["users:change", "audit_log:view"]).await;
        let (auditor, empty) = (role(&owner, "Auditor", &["audit_log:view"]).await, role(&owner, "Empty", &[]).await);
        let (user, kept) = invite(&clerk, "ivo@example.org", &[&auditor, &empty]).await;
        owner.patch(&user, json!({"name": "Ivo B.", "roles": [auditor]})).await.is(200);
        owner.patch(&format!("{ROLES}/{auditor}"), json!({"name": "Reader", "permissions": []})).await.is(200);
        open(&server, &kept).await.is(303);
    }

    async fn a_link_works_only_while_its_maker_may_still_make_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["users:change", "roles:change", "audit_log:view", "wallet:view"]).await;
        let auditor = role(&owner, "Auditor", &["audit_log:view"]).await;
        for (at, lost) in [json!({"permissions": ["audit_log:view", "users:view"]}), json!({"permissions": ["users:change"]})].into_iter().enumerate() {
            let maker = acme.session(&["users:change", "audit_log:view"]).await;
            let (user, kept) = invite(&maker, &format!("ivo-{at}@example.org"), &[&auditor]).await;
            owner.patch(&format!("{ROLES}/{}", maker.role), lost).await.is(200);
            let refused = open(&server, &kept).await.is(422);
            assert!(refused.text.contains("the one who made it may not make it any more"), "{}", refused.text);
            assert_eq!(owner.get(&user).await.json()["status"], "invited");
            open(&server, &link_for(&owner, &user).await).await.is(303);
        }
        let maker = acme.session(&["users:change", "audit_log:view"]).await;
        let (_, kept) = invite(&maker, "eve@example.org", &[&auditor]).await;
        owner.delete(&format!("{USERS}/{}", maker.user)).await.is(204);
        open(&server, &kept).await.is(422);
    }

    async fn a_users_own_link_and_the_operators_work_and_end_after_seven_days(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let own = acme.session(&["users:change"]).await;
        open(&server, &link_for(&own, &format!("{USERS}/{}", own.user)).await).await.is(303);
        let draft = |email: &str| access::users::UserDraft { name: "Ivo".parse().unwrap(), email: email.parse().unwrap(), roles: Vec::new() };
        let mut links = Vec::new();
        for email in ["ivo@example.org", "ada@example.org"] {
            links.push(access::users::create(&server.app, &acme.operator(), draft(email)).await.unwrap().1.unwrap().url);
        }
        server.move_clock_to("2026-11-30T09:59:59Z");
        open(&server, &links[0]).await.is(303);
        server.move_clock_to("2026-11-30T10:00:00Z");
        assert!(open(&server, &links[1]).await.is(422).text.contains("This link has expired."));
    }

    async fn the_setup_code_is_worth_nothing_once_there_is_a_wallet(db: &Database) {
        let server = Server::start(db).await;
        let link = access::sign_in::setup_link(&server.app).await.unwrap().unwrap();
        server.wallet("Acme").await;
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let form = [("code", link.split_once('#').unwrap().1), ("wallet", "Mine"), ("time_zone", "UTC"), ("name", "Eve"),
            ("email", "eve@example.org"), ("password", "a tall blue boat on dry land")];
        let refused = send(&visitor, "/setup", &form).await.is(422);
        assert_eq!(refused.header("set-cookie"), "");
        assert_eq!(server.app.store.read().await.unwrap().wallets().await.unwrap().len(), 1);
    }
}
