//! D4: nobody assigns a permission that they do not hold, and what a key makes cannot outlive it.

use serde_json::{Value, json};

use crate::support::{Actor, Answer, Server};

const KEYS: &str = "/api/v1/api-keys";
const ROLES: &str = "/api/v1/roles";
const USERS: &str = "/api/v1/users";

/// The answer refuses to assign exactly these permissions.
#[track_caller]
fn exceeds(answer: Answer, permissions: &[&str]) {
    let answer = answer.problem(403, "permission-exceeds-own");
    let messages: Vec<_> = permissions.iter().map(|name| format!("{name} is not yours to assign")).collect();
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.iter().map(|error| error["message"].clone()).collect::<Vec<_>>(), messages);
}

async fn made(maker: &Actor, path: &str, body: Value) -> String {
    maker.post(path, body).await.is(201).header("location").to_owned()
}

store::both_databases! {
    async fn d4_a_new_key_gets_nothing_that_its_maker_lacks(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let names = &["api_access:change", "users:view"];
        let (key, user) = (acme.key(names).await, acme.session(names).await);
        for maker in [&*key, &*user] {
            let asked = json!({"name": "a", "permissions": ["users:change", "wallet:view", "api_access:change"]});
            exceeds(maker.post(KEYS, asked).await, &["users:change", "wallet:view"]);
        }
        let asked = json!({"name": "a", "permissions": ["users:view", "api_access:change"]});
        key.post(KEYS, asked).await.is(201);
    }

    async fn d4_an_edited_key_gets_nothing_that_its_editor_lacks_and_may_keep_what_it_has(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let names = &["api_access:change", "users:view"];
        let (key, user) = (acme.key(names).await, acme.session(names).await);
        let target = acme.key(&["wallet:change"]).await.path();
        key.patch(&target, json!({"permissions": []})).await.problem(403, "holds-more");
        let weak = acme.key(&["users:view"]).await.path();
        for editor in [&*key, &*user] {
            exceeds(editor.patch(&weak, json!({"permissions": ["users:change"]})).await, &["users:change"]);
        }
        let kept = json!({"permissions": ["wallet:change", "users:view"], "notes": "n"});
        user.patch(&target, kept).await.is(200);
        user.patch(&target, json!({"permissions": ["wallet:view"]})).await.is(200);
        exceeds(user.patch(&target, json!({"permissions": ["wallet:change"]})).await, &["wallet:change"]);
    }

    async fn d4_a_key_can_never_change_its_own_permissions(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["api_access:change", "users:view"]).await;
        for permissions in [json!([]), json!(["api_access:change"]), json!(["users:change", "api_access:change"])] {
            key.patch(&key.path(), json!({"permissions": permissions})).await.problem(403, "own-permissions");
        }
        let same = json!({"permissions": ["users:view", "api_access:change"], "notes": "mine"});
        assert_eq!(key.patch(&key.path(), same).await.is(200).member("notes"), "mine");
        key.get(USERS).await.is(200);
    }

    async fn d4_a_key_made_by_a_key_cannot_outlive_its_maker(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key_until("2026-12-31", &["api_access:change"]).await;
        let outlives = json!({"name": "a", "expires_on": "2027-01-01"});
        maker.post(KEYS, outlives).await.refuses(&[("expires_on", "outlives-maker")]);
        let made = maker.post(KEYS, json!({"name": "a", "expires_on": "2026-12-31"})).await.is(201);
        assert_eq!(made.member("expires_at"), "2027-01-01T00:00:00Z");
        let preset = maker.post(KEYS, json!({"name": "b"})).await.is(201);
        assert_eq!(preset.member("expires_on"), "2026-12-31", "the preset ends with the maker");
        let grandchild = server.anonymous().with("x-api-key", &made.member("key"));
        grandchild.get(KEYS).await.is(403);
    }

    async fn d4_a_key_does_not_outlive_its_maker_in_another_time_zone_either(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key_until("2026-12-31", &["api_access:change", "wallet:change"]).await;
        for zone in ["America/Los_Angeles", "Pacific/Kiritimati"] {
            maker.patch("/api/v1/wallet", json!({"time_zone": zone})).await.is(200);
            let made = maker.post(KEYS, json!({"name": zone})).await.is(201);
            assert!(made.member("expires_at").as_str() <= "2027-01-01T00:00:00Z", "{}", made.text);
        }
    }

    async fn d4_a_key_made_by_a_user_has_its_own_lifetime(db: &Database) {
        let server = Server::start(db).await;
        let user = server.wallet("Acme").await.session(&["api_access:change"]).await;
        user.post(KEYS, json!({"name": "a", "expires_on": "2036-11-23"})).await.is(201);
    }

    async fn d4_a_role_gets_nothing_that_its_maker_or_editor_lacks(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let names = &["roles:change", "users:view"];
        let (key, user) = (acme.key(names).await, acme.session(names).await);
        for (maker, name) in [(&*key, "a"), (&*user, "b")] {
            exceeds(maker.post(ROLES, json!({"name": name, "permissions": ["users:change"]})).await, &["users:change"]);
            let role = made(maker, ROLES, json!({"name": name, "permissions": ["users:view"]})).await;
            exceeds(maker.patch(&role, json!({"permissions": ["audit_log:view"]})).await, &["audit_log:view"]);
        }
        let own = format!("{ROLES}/{}", user.role);
        exceeds(user.patch(&own, json!({"permissions": ["roles:change", "users:change"]})).await, &["users:change"]);
    }

    async fn d4_a_user_gets_no_role_that_exceeds_its_maker_or_editor(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let strong = owner.post(ROLES, json!({"name": "s", "permissions": ["wallet:change"]})).await.member("id");
        let weak = owner.post(ROLES, json!({"name": "w", "permissions": ["users:view"]})).await.member("id");
        let (key, user) = (acme.key(&["users:change"]).await, acme.session(&["users:change"]).await);
        for (maker, email) in [(&*key, "a@x"), (&*user, "b@x")] {
            let refused = maker.post(USERS, json!({"name": "u", "email": email, "roles": [weak, strong]})).await;
            exceeds(refused, &["wallet:change", "wallet:view"]);
            let made = made(maker, USERS, json!({"name": "u", "email": email, "roles": [weak]})).await;
            exceeds(maker.patch(&made, json!({"roles": [strong]})).await, &["wallet:change", "wallet:view"]);
            owner.patch(&made, json!({"roles": [strong]})).await.is(200);
            maker.patch(&made, json!({"roles": [strong, weak]})).await.is(200);
        }
        let own = format!("{USERS}/{}", user.user);
        exceeds(user.patch(&own, json!({"roles": [user.role, strong]})).await, &["wallet:change", "wallet:view"]);
    }

    async fn d4_nobody_gets_a_link_to_become_somebody_who_may_more(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let target = format!("{USERS}/{}/invitations", acme.session(&["wallet:change", "users:view"]).await.user);
        let names = &["users:change", "wallet:view"];
        let (key, user) = (acme.key(names).await, acme.session(names).await);
        exceeds(user.post(&target, json!({})).await, &["wallet:change"]);
        key.post(&target, json!({})).await.problem(403, "people-only");
        acme.session(&["users:change", "wallet:change"]).await.post(&target, json!({})).await.is(201);
    }
}
