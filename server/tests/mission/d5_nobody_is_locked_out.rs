//! D5: the last active user with API Access (Change) and Users (Change) stays.

use serde_json::{Value, json};

use crate::support::Server;

const BOTH: &[&str] = &["api_access:change", "users:change", "roles:change"];

store::both_databases! {
    async fn d5_the_last_administrator_can_be_neither_deleted_nor_stripped(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, last) = (acme.administrator_key().await, acme.session(BOTH).await);
        let (user, role) = (format!("/api/v1/users/{}", last.user), format!("/api/v1/roles/{}", last.role));
        for caller in [&*owner, &*last] {
            caller.delete(&user).await.problem(409, "last-administrator");
            caller.patch(&user, json!({"roles": []})).await.problem(409, "last-administrator");
            for kept in [json!([]), json!(["api_access:change"]), json!(["users:change", "api_access:view"])] {
                caller.patch(&role, json!({"permissions": kept})).await.problem(409, "last-administrator");
            }
            caller.delete(&role).await.problem(409, "role-in-use");
        }
        let both = json!({"permissions": ["api_access:change", "users:change"]});
        owner.patch(&role, both).await.is(200);
        last.get("/api/v1/users").await.is(200);
    }

    async fn d5_with_a_second_administrator_the_first_can_go(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (first, second) = (acme.session(BOTH).await, acme.session(BOTH).await);
        let second_path = format!("/api/v1/users/{}", second.user);
        second.delete(&format!("/api/v1/users/{}", first.user)).await.is(204);
        second.delete(&second_path).await.problem(409, "last-administrator");
    }

    async fn d5_who_never_set_a_password_is_no_administrator(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let last = acme.session(BOTH).await;
        let invited = json!({"name": "u", "email": "u@x", "roles": [last.role]});
        last.post("/api/v1/users", invited).await.is(201);
        last.delete(&format!("/api/v1/users/{}", last.user)).await.problem(409, "last-administrator");
    }

    async fn d5_halves_of_two_users_do_not_make_an_administrator(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let last = acme.session(BOTH).await;
        acme.session(&["api_access:change"]).await;
        acme.session(&["users:change"]).await;
        let owner = acme.administrator_key().await;
        owner.delete(&format!("/api/v1/users/{}", last.user)).await.problem(409, "last-administrator");
    }

    async fn d5_another_wallets_administrator_does_not_count(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let last = acme.session(BOTH).await;
        bolt.session(BOTH).await;
        last.delete(&format!("/api/v1/users/{}", last.user)).await.problem(409, "last-administrator");
    }

    async fn d5_of_two_administrators_deleted_at_once_one_stays(db: &Database) {
        let server = Server::start(db).await;
        for round in 0..5 {
            let wallet = server.wallet(&format!("wallet-{round}")).await;
            let owner = wallet.administrator_key().await;
            let (one, other) = (wallet.session(BOTH).await, wallet.session(BOTH).await);
            let (one_path, other_path) = (format!("/api/v1/users/{}", one.user), format!("/api/v1/users/{}", other.user));
            let (first, second) = tokio::join!(owner.delete(&one_path), owner.delete(&other_path));
            let mut statuses = [first.status, second.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [204, 409]);
            assert_eq!(owner.get("/api/v1/users").await.column("id").len(), 1);
        }
    }

    async fn d5_of_two_administrators_stripped_in_different_ways_at_once_one_stays(db: &Database) {
        let server = Server::start(db).await;
        for round in 0..5 {
            let wallet = server.wallet(&format!("wallet-{round}")).await;
            let owner = wallet.administrator_key().await;
            let (one, other) = (wallet.session(BOTH).await, wallet.session(BOTH).await);
            let (user, role) = (format!("/api/v1/users/{}", one.user), format!("/api/v1/roles/{}", other.role));
            let none: [Value; 2] = [json!({"roles": []}), json!({"permissions": []})];
            let [no_roles, no_permissions] = none;
            let (first, second) = tokio::join!(owner.patch(&user, no_roles), owner.patch(&role, no_permissions));
            let mut statuses = [first.status, second.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409]);
        }
    }
}
