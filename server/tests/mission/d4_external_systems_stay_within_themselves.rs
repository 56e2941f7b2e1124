//! D4: what an external system does ends with it, and it does nothing to what holds more than itself.

use serde_json::{Value, json};

use crate::support::{Actor, Server, Wallet};

const KEYS: &str = "/api/v1/api-keys";
const CLIENTS: &str = "/api/v1/oauth-clients";
const ROLES: &str = "/api/v1/roles";
const USERS: &str = "/api/v1/users";

/// An API key and the bearer of a client's token, each with these permissions, and where they stand.
async fn systems(acme: &Wallet<'_>, names: &[&str]) -> [(Actor, String); 2] {
    let (key, client) = (acme.key(names).await, acme.client(names).await);
    let bearer = client.bearer(&client.token().await);
    [(Actor::clone(&key), key.path()), (bearer, client.path())]
}

/// Sets the limit of one.
async fn limit(owner: &Actor, path: &str, limit: impl Into<Value>) {
    owner.patch(path, json!({"requests_per_minute": limit.into()})).await.is(200);
}

/// The answer refuses the limit of requests.
#[track_caller]
fn exceeds(answer: crate::support::Answer) {
    assert_eq!(
        answer.problem(403, "permission-exceeds-own").refused(),
        ["requests_per_minute: permission-exceeds-own"]
    );
}

async fn keeps_its_own_limit(server: &Server) {
    let acme = server.wallet("Acme").await;
    let owner = acme.session(&["api_access:change"]).await;
    for (system, path) in systems(&acme, &["api_access:change"]).await {
        limit(&owner, &path, 60).await;
        for more in [json!(null), json!(61), json!(1_000_000)] {
            exceeds(system.patch(&path, json!({"requests_per_minute": more})).await);
        }
        assert_eq!(owner.get(&path).await.json()["requests_per_minute"], 60);
        system.patch(&path, json!({"requests_per_minute": 60, "notes": "same"})).await.is(200);
        system.patch(&path, json!({"requests_per_minute": 59})).await.is(200);
        exceeds(system.patch(&path, json!({"requests_per_minute": 60})).await);
    }
}

async fn makes_no_larger_limit(server: &Server) {
    let acme = server.wallet("Acme").await;
    let owner = acme.session(&["api_access:change"]).await;
    for (at, (system, path)) in systems(&acme, &["api_access:change"]).await.into_iter().enumerate() {
        limit(&owner, &path, 60).await;
        for (collection, name) in [(KEYS, "name"), (CLIENTS, "client_id")] {
            exceeds(system.post(collection, json!({name: "more", "requests_per_minute": 61})).await);
            for (asked, sent) in [("none", json!({})), ("null", json!({"requests_per_minute": null}))] {
                let mut body = sent;
                body[name] = json!(format!("{asked}-{at}"));
                let made = system.post(collection, body).await.is(201);
                assert_eq!(made.json()["requests_per_minute"], 60, "its maker's is the preset");
                for more in [json!(null), json!(61)] {
                    exceeds(system.patch(made.header("location"), json!({"requests_per_minute": more})).await);
                }
                limit(&system, made.header("location"), 1).await;
                limit(&system, made.header("location"), 60).await;
            }
        }
    }
}

store::both_databases! {
    async fn d4_no_external_system_makes_a_link_to_become_a_user(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let person = acme.session(&["users:change"]).await;
        for (at, (system, _)) in systems(&acme, &["users:change"]).await.into_iter().enumerate() {
            let made = system.post(USERS, json!({"name": "u", "email": format!("u{at}@x")})).await.is(201);
            assert_eq!(made.json()["invitation"], Value::Null);
            let links = format!("{}/invitations", made.header("location"));
            let refused = system.post(&links, json!({})).await.problem(403, "people-only");
            assert_eq!(refused.member("detail"), "A link with which a user sets a password is made by a person.");
            person.post(&links, json!({})).await.is(201);
        }
    }

    async fn d4_no_external_system_gives_people_the_power_to_hand_out_access(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let all = &["api_access:change", "roles:change", "users:change", "wallet:view"];
        let (owner, ada) = (acme.session(all).await, acme.session(&[]).await);
        let user = format!("{USERS}/{}", ada.user);
        let harmless = owner.post(ROLES, json!({"name": "h", "permissions": ["wallet:view", "users:view"]})).await.member("id");
        for (system, _) in systems(&acme, all).await {
            for power in ["api_access:change", "roles:change", "users:change"] {
                let name = format!("role {power} of {}", system.get("/api/v1/me").await.member("name"));
                let role = system.post(ROLES, json!({"name": name, "permissions": [power]})).await.is(201).member("id");
                system.patch(&user, json!({"roles": [role]})).await.problem(403, "people-only");
                let held = format!("{ROLES}/{}", ada.role);
                system.patch(&held, json!({"permissions": [power]})).await.problem(403, "people-only");
                // Nobody can sign in as this one before a person has made the link.
                let email = format!("{role}@x");
                system.post(USERS, json!({"name": "u", "email": email, "roles": [role]})).await.is(201);
            }
            system.patch(&user, json!({"roles": [harmless]})).await.is(200);
            system.patch(&user, json!({"roles": []})).await.is(200);
            owner.patch(&user, json!({"roles": [ada.role]})).await.is(200);
        }
        owner.patch(&format!("{ROLES}/{}", ada.role), json!({"permissions": ["users:change"]})).await.is(200);
    }

    async fn d4_an_external_system_takes_nothing_from_people_who_hold_more(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        for (system, _) in systems(&acme, &["users:change", "roles:change"]).await {
            let (strong, weak) = (acme.session(&["wallet:change"]).await, acme.session(&["users:view"]).await);
            let (user, role) = (format!("{USERS}/{}", strong.user), format!("{ROLES}/{}", strong.role));
            system.patch(&user, json!({"roles": []})).await.problem(403, "holds-more");
            system.delete(&user).await.problem(403, "holds-more");
            system.patch(&role, json!({"permissions": []})).await.problem(403, "holds-more");
            system.delete(&role).await.problem(403, "holds-more");
            strong.get("/api/v1/wallet").await.is(200);
            system.patch(&user, json!({"name": "renamed"})).await.is(200);
            system.delete(&format!("{USERS}/{}", weak.user)).await.is(204);
            system.delete(&format!("{ROLES}/{}", weak.role)).await.is(204);
        }
    }

    async fn d4_a_key_lifts_its_own_limit_by_no_way(db: &Database) {
        keeps_its_own_limit(&Server::start(db).await).await;
    }

    async fn d4_a_key_lifts_its_own_limit_by_no_way_where_the_server_has_one_for_everybody(db: &Database) {
        keeps_its_own_limit(&Server::start_with(db, |settings| settings.key_rate = 100).await).await;
    }

    async fn d4_what_a_key_makes_has_no_larger_limit_than_the_key(db: &Database) {
        makes_no_larger_limit(&Server::start(db).await).await;
    }

    async fn d4_what_a_key_makes_has_no_larger_limit_where_the_server_has_one_for_everybody(db: &Database) {
        let server = Server::start_with(db, |settings| settings.key_rate = 100).await;
        makes_no_larger_limit(&server).await;
        let acme = server.wallet("Bolt").await;
        let (owner, key) = (acme.session(&["api_access:change"]).await, acme.key(&["api_access:change"]).await);
        limit(&owner, &key.path(), 600).await;
        let made = key.post(KEYS, json!({"name": "child"})).await.is(201);
        assert_eq!(made.json()["requests_per_minute"], Value::Null, "the server's, which is lower than its maker's");
        limit(&key, made.header("location"), 600).await;
        exceeds(key.patch(made.header("location"), json!({"requests_per_minute": 601})).await);
    }

    async fn d4_an_external_system_edits_and_ends_only_what_holds_no_more(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.session(&["api_access:change", "wallet:view"]).await;
        for (system, path) in systems(&acme, &["api_access:change", "users:view"]).await {
            for (_, strong) in systems(&acme, &["wallet:view"]).await {
                for edit in [json!({"permissions": []}), json!({"notes": "mine"}), json!({"requests_per_minute": 1})] {
                    system.patch(&strong, edit).await.problem(403, "holds-more");
                }
                let refused = system.delete(&strong).await.problem(403, "holds-more");
                assert!(refused.member("detail").ends_with("holds permissions that the caller does not hold."));
                owner.patch(&strong, json!({"notes": "People may."})).await.is(200);
                owner.delete(&strong).await.is(204);
            }
            limit(&owner, &path, 60).await;
            for (_, fast) in systems(&acme, &["users:view"]).await {
                let refused = system.delete(&fast).await.problem(403, "holds-more");
                assert!(refused.member("detail").ends_with("holds a larger limit of requests than the caller."));
                limit(&owner, &fast, 60).await;
                system.patch(&fast, json!({"permissions": [], "notes": "narrowed"})).await.is(200);
                system.delete(&fast).await.is(204);
            }
            system.delete(&path).await.is(204);
        }
    }

    async fn d4_an_external_system_adds_nothing_to_what_outlives_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let names = &["api_access:change", "users:view"];
        let short = acme.key_until("2026-12-31", names).await;
        for (_, long) in systems(&acme, &[]).await {
            let refused = short.patch(&long, json!({"permissions": ["users:view"]})).await.problem(403, "holds-more");
            assert!(refused.member("detail").contains("ends later than the caller"));
            short.patch(&long, json!({"notes": "noted"})).await.is(200);
        }
        let equal = acme.key_until("2026-12-31", &[]).await;
        short.patch(&equal.path(), json!({"permissions": ["users:view"]})).await.is(200);
        let person = acme.session(names).await;
        for (_, long) in systems(&acme, &[]).await {
            person.patch(&long, json!({"permissions": ["users:view"]})).await.is(200);
        }
    }

    async fn d4_a_token_with_a_narrow_scope_ends_no_more_than_it_holds(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["api_access:change", "users:view"]).await;
        let narrow = client.ask(&[("scope", "api_access:change")]).await.is(200).member("access_token");
        let target = acme.key(&["users:view"]).await.path();
        client.bearer(&narrow).delete(&target).await.problem(403, "holds-more");
        client.bearer(&client.token().await).delete(&target).await.is(204);
        client.bearer(&narrow).delete(&client.path()).await.is(204);
    }
}
