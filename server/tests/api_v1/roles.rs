//! `/api/v1/roles…`

use serde_json::json;

use crate::support::Server;

const ROLES: &str = "/api/v1/roles";

store::both_databases! {
    async fn a_wallet_starts_with_an_administrator_who_holds_everything(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.administrator_key().await;
        let roles = key.get(ROLES).await.is(200);
        assert_eq!(roles.column("name"), ["Administrator"]);
        assert_eq!(roles.column("permissions")[0], key.get("/api/v1/me").await.json()["permissions"]);
    }

    async fn a_role_is_made_viewed_edited_and_deleted(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["roles:change", "users:view"]).await;
        let made = key.post(ROLES, json!({"name": " Auditor ", "permissions": ["users:view"]})).await.is(201);
        let (id, path) = (made.member("id"), made.header("location"));
        assert_eq!(path, format!("{ROLES}/{id}"));
        let mut expected = json!({
            "id": id,
            "name": "Auditor",
            "permissions": ["users:view"],
            "users": 0,
            "created_at": "2026-11-23T10:00:00Z",
        });
        assert_eq!((&made.json(), &key.get(path).await.is(200).json()), (&expected, &expected));
        expected["name"] = json!("Reader");
        assert_eq!(key.patch(path, json!({"name": "Reader"})).await.is(200).json(), expected);
        expected["permissions"] = json!(["roles:change", "roles:view"]);
        assert_eq!(key.patch(path, json!({"permissions": ["roles:change"]})).await.is(200).json(), expected);
        assert_eq!(key.patch(path, json!({})).await.is(200).json(), expected);
        assert_eq!(key.get(path).await.json(), expected);
        key.delete(path).await.is(204);
        key.get(path).await.problem(404, "not-found");
        key.patch(path, json!({})).await.problem(404, "not-found");
        key.delete(path).await.problem(404, "not-found");
    }

    async fn a_name_is_unique_in_the_wallet_without_regard_to_case(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["roles:change"]).await;
        let taken = key.post(ROLES, json!({"name": "ADMINISTRATOR"})).await.problem(409, "name-in-use");
        assert_eq!(taken.refused(), ["name: name-in-use"]);
        let path = key.post(ROLES, json!({"name": "a"})).await.is(201).header("location").to_owned();
        key.patch(&path, json!({"name": "administrator"})).await.problem(409, "name-in-use");
        key.patch(&path, json!({"name": "A"})).await.is(200);
        key.delete(&path).await.is(204);
        key.post(ROLES, json!({"name": "a"})).await.is(201);
    }

    async fn refused_members_are_named(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["roles:change"]).await;
        let path = key.post(ROLES, json!({"name": "a"})).await.is(201).header("location").to_owned();
        for (body, field, code) in [
            (json!({"name": ""}), "name", "invalid"),
            (json!({"name": null}), "name", "invalid"),
            (json!({"name": "b", "permissions": null}), "permissions", "invalid"),
            (json!({"name": "b", "users": 1}), "users", "unknown"),
        ] {
            key.post(ROLES, body.clone()).await.refuses(&[(field, code)]);
            key.patch(&path, body).await.refuses(&[(field, code)]);
        }
        key.post(ROLES, json!({})).await.refuses(&[("name", "required")]);
        let unknown = key.post(ROLES, json!({"name": "b", "permissions": ["audit_log:change"]})).await;
        assert_eq!(unknown.problem(422, "invalid-request").refused(), ["permissions[0]: invalid"]);
    }

    async fn a_role_that_users_have_cannot_be_deleted(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, user) = (acme.administrator_key().await, acme.session(&[]).await);
        let path = format!("{ROLES}/{}", user.role);
        assert_eq!(owner.get(&path).await.is(200).json()["users"], 1);
        owner.delete(&path).await.problem(409, "role-in-use");
        owner.delete(&format!("/api/v1/users/{}", user.user)).await.is(204);
        assert_eq!(owner.get(&path).await.is(200).json()["users"], 0);
        owner.delete(&path).await.is(204);
    }

    async fn an_edited_role_is_in_force_for_the_next_request_of_who_has_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, user) = (acme.administrator_key().await, acme.session(&["users:view"]).await);
        let path = format!("{ROLES}/{}", user.role);
        for _ in 0..10 {
            user.get("/api/v1/users").await.is(200);
            owner.patch(&path, json!({"permissions": []})).await.is(200);
            user.get("/api/v1/users").await.problem(403, "permission-missing");
            owner.patch(&path, json!({"permissions": ["users:view"]})).await.is(200);
        }
    }
}
