//! `/api/v1/users…`

use serde_json::{Value, json};

use crate::support::Server;

const USERS: &str = "/api/v1/users";

store::both_databases! {
    async fn a_new_user_is_invited_with_a_link_shown_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.session(&["users:change", "roles:change"]).await;
        let role = maker.post("/api/v1/roles", json!({"name": "Auditor"})).await.is(201).member("id");
        let asked = json!({"name": "Ada", "email": " Ada@Example.org ", "roles": [role]});
        let made = maker.post(USERS, asked).await.is(201);
        let id = made.member("id");
        assert_eq!(made.header("location"), format!("{USERS}/{id}"));
        let link = made.json()["invitation"].clone();
        let start = format!("{}/invitation#clvi_", server.app.settings.public_url.origin());
        assert!(link["url"].as_str().unwrap().starts_with(&start), "{link}");
        assert_eq!(link["expires_at"], "2026-11-30T10:00:00Z");
        let user = json!({
            "id": id,
            "name": "Ada",
            "email": "Ada@Example.org",
            "roles": [{"id": role, "name": "Auditor"}],
            "status": "invited",
            "created_at": "2026-11-23T10:00:00Z",
            "last_sign_in_at": null,
        });
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), user);
        assert_eq!(maker.get(USERS).await.is(200).json()["items"][0], user);
    }

    async fn an_address_is_unique_in_the_wallet_without_regard_to_case(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["users:change"]).await;
        maker.post(USERS, json!({"name": "Ada", "email": "ada@example.org"})).await.is(201);
        let taken = maker.post(USERS, json!({"name": "Eve", "email": "ADA@example.ORG"})).await;
        assert_eq!(taken.problem(409, "email-in-use").refused(), ["email: email-in-use"]);
    }

    async fn d9_an_address_is_answered_alike_whether_another_wallet_has_it_or_not(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["users:change"]).await;
        maker.post(USERS, json!({"name": "Ada", "email": "ada@example.org"})).await.is(201);
        let other = server.wallet("Bolt").await.key(&["users:change"]).await;
        let free = other.post(USERS, json!({"name": "Eve", "email": "eve@example.org"})).await.is(201);
        let taken = other.post(USERS, json!({"name": "Ada", "email": "ADA@example.org"})).await.is(201);
        let members = |answer: &crate::support::Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&free), members(&taken));
        assert_eq!(other.get(USERS).await.is(200).column("email"), ["ADA@example.org", "eve@example.org"]);
        assert_eq!(maker.get(USERS).await.is(200).column("email"), ["ada@example.org"]);
    }

    async fn a_deleted_users_address_is_free_again(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["users:change"]).await;
        let asked = json!({"name": "Ada", "email": "ada@example.org"});
        let made = maker.post(USERS, asked.clone()).await.is(201);
        maker.delete(made.header("location")).await.is(204);
        maker.get(made.header("location")).await.problem(404, "not-found");
        maker.delete(made.header("location")).await.problem(404, "not-found");
        maker.patch(made.header("location"), json!({"name": "Eve"})).await.problem(404, "not-found");
        maker.post(&format!("{}/invitations", made.header("location")), json!({})).await.problem(404, "not-found");
        maker.post(USERS, asked).await.is(201);
    }

    async fn refused_members_are_named(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["users:change"]).await;
        let unknown_role = "01900000-0000-7000-8000-000000000000";
        for (body, field, code) in [
            (json!({"email": "a@b"}), "name", "required"),
            (json!({"name": "Ada"}), "email", "required"),
            (json!({"name": "Ada", "email": "ada"}), "email", "invalid"),
            (json!({"name": "", "email": "a@b"}), "name", "invalid"),
            (json!({"name": "Ada", "email": null}), "email", "invalid"),
            (json!({"name": "Ada", "email": "a@b", "roles": null}), "roles", "invalid"),
            (json!({"name": "Ada", "email": "a@b", "roles": ["x"]}), "roles[0]", "invalid"),
            (json!({"name": "Ada", "email": "a@b", "roles": [unknown_role]}), "roles[0]", "unknown"),
            (json!({"name": "Ada", "email": "a@b", "password": "x"}), "password", "unknown"),
        ] {
            maker.post(USERS, body).await.refuses(&[(field, code)]);
        }
        assert!(maker.get(USERS).await.column("id").is_empty(), "nobody was added");
    }

    async fn name_and_roles_change_and_the_address_never_does(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.administrator_key().await;
        let role = maker.post("/api/v1/roles", json!({"name": "Auditor"})).await.is(201).member("id");
        let made = maker.post(USERS, json!({"name": "Ada", "email": "ada@example.org"})).await.is(201);
        let path = made.header("location");
        let edited = maker.patch(path, json!({"name": "Ada L.", "roles": [role, role]})).await.is(200);
        assert_eq!(edited.member("name"), "Ada L.");
        assert_eq!(edited.json()["roles"], json!([{"id": role, "name": "Auditor"}]));
        assert_eq!(maker.get(path).await.json(), edited.json());
        assert_eq!(maker.patch(path, json!({})).await.is(200).json(), edited.json());
        assert_eq!(maker.patch(path, json!({"roles": []})).await.is(200).json()["roles"], json!([]));
        for email in [json!("eve@example.org"), json!("ada@example.org"), Value::Null] {
            maker.patch(path, json!({"email": email})).await.refuses(&[("email", "immutable")]);
        }
        for member in ["name", "roles"] {
            maker.patch(path, json!({member: null})).await.refuses(&[(member, "invalid")]);
        }
        maker.patch(path, json!({"status": "active"})).await.refuses(&[("status", "unknown")]);
    }

    async fn a_new_invitation_stands_in_the_answer(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.session(&["users:change"]).await;
        let made = maker.post(USERS, json!({"name": "Ada", "email": "ada@example.org"})).await.is(201);
        let again = maker.post(&format!("{}/invitations", made.header("location")), json!({})).await.is(201);
        assert_eq!(again.member("id"), made.member("id"));
        assert_ne!(again.json()["invitation"]["url"], made.json()["invitation"]["url"]);
    }

    async fn an_edited_user_has_its_new_permissions_in_its_next_request(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, user) = (acme.administrator_key().await, acme.session(&["roles:view"]).await);
        let role = owner.post("/api/v1/roles", json!({"name": "Other", "permissions": ["users:view"]})).await;
        let (path, role) = (format!("{USERS}/{}", user.user), role.is(201).member("id"));
        user.get("/api/v1/roles").await.is(200);
        owner.patch(&path, json!({"roles": [role]})).await.is(200);
        user.get("/api/v1/roles").await.problem(403, "permission-missing");
        user.get(USERS).await.is(200);
    }

    async fn a_deleted_users_session_ends_at_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, user) = (acme.administrator_key().await, acme.session(&["users:view"]).await);
        user.get(USERS).await.is(200);
        owner.delete(&format!("{USERS}/{}", user.user)).await.is(204);
        user.get(USERS).await.problem(401, "invalid-secret");
    }

    async fn users_are_listed_by_name_in_pages(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["users:change"]).await;
        for (name, email) in [("bob", "1@x"), ("Ada", "2@x"), ("Zoë", "3@x"), ("adam", "4@x")] {
            maker.post(USERS, json!({"name": name, "email": email})).await.is(201);
        }
        assert_eq!(maker.get(USERS).await.is(200).column("email"), ["2@x", "4@x", "1@x", "3@x"]);
        assert_eq!(maker.get(&format!("{USERS}?sort=-name&limit=1")).await.column("email"), ["3@x"]);
        assert_eq!(maker.get(&format!("{USERS}?q=ZO%C3%8B")).await.column("email"), ["3@x"]);
        let first = maker.get(&format!("{USERS}?limit=1")).await.is(200);
        let next = maker.get(&format!("{USERS}?limit=3&cursor={}", first.member("next_cursor"))).await.is(200);
        assert_eq!(next.column("email"), ["4@x", "1@x", "3@x"]);
        for (query, field, code) in
            [("sort=email", "sort", "invalid"), ("status=active", "status", "unknown"), ("limit=0", "limit", "invalid")]
        {
            maker.get(&format!("{USERS}?{query}")).await.refuses(&[(field, code)]);
        }
    }
}
