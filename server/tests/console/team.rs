//! Settings, Team: users and roles.

use serde_json::json;

use super::{browser, send, user};
use crate::support::Server;

const USERS: &str = "/settings/team/users";
const ROLES: &str = "/settings/team/roles";

store::both_databases! {
    async fn an_invitation_link_is_shown_once_and_sets_a_password(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["users:change", "audit_log:view"]).await;
        let typed = [("name", "Wei Zhang"), ("email", "wei@example.org")];
        let added = send(&admin, &format!("{USERS}/new"), &typed).await.is(200);
        assert_eq!(added.header("cache-control"), "no-store");
        let at = added.text.find("clvi_").unwrap();
        let code = &added.text[at..at + 59];
        assert!(added.text.contains(&format!("{}/invitation#{code}", server.app.settings.public_url.origin())), "{}", added.text);
        for path in [USERS, "/audit-log", "/api/v1/users"] {
            assert!(!admin.get(path).await.is(200).text.contains(&code[21..53]), "{path}");
        }
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let chosen = [("code", code), ("password", "correct horse battery staple")];
        send(&visitor, "/invitation", &chosen).await.is(303);
        send(&visitor, "/invitation", &chosen).await.is(422);
    }

    async fn a_new_link_voids_the_one_before(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["users:change"]).await;
        let typed = [("name", "Wei Zhang"), ("email", "wei@example.org")];
        let code = |text: &str| text[text.find("clvi_").unwrap()..][..59].to_owned();
        let first = code(&send(&admin, &format!("{USERS}/new"), &typed).await.is(200).text);
        let id = admin.get("/api/v1/users?q=wei").await.column("id")[0].as_str().unwrap().to_owned();
        let second = code(&send(&admin, &format!("{USERS}/{id}/invite"), &[]).await.is(200).text);
        let visitor = browser(&server.anonymous()).with("sec-fetch-site", "same-origin");
        let chosen = |code: &str| [("code", code.to_owned()), ("password", "correct horse battery staple".to_owned())];
        for (code, status) in [(first, 422), (second, 303)] {
            let form = chosen(&code);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(&visitor, "/invitation", &form).await.is(status);
        }
    }

    async fn a_refused_user_form_marks_the_fields_and_keeps_what_was_typed(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["users:change"]).await;
        let typed = [("name", ""), ("email", "nobody<at>example")];
        let again = send(&admin, &format!("{USERS}/new"), &typed).await.is(422).text;
        for kept in [
            r#"value="nobody&#60;at&#62;example" aria-describedby="email-help email-error" aria-invalid="true""#,
            r##"<a href="#name">Name must not be empty.</a>"##,
            "<dialog open",
        ] {
            assert!(again.contains(kept), "{kept} in {again}");
        }
    }

    async fn d4_a_role_that_gives_more_than_the_caller_holds_is_not_offered_and_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let strong = acme.administrator_key().await;
        let role = strong.post("/api/v1/roles", json!({"name": "Keys", "permissions": ["api_access:change"]})).await;
        let role = role.is(201).member("id");
        let clerk = user(&acme, &["users:change"]).await;
        let dialog = clerk.get(&format!("{USERS}/new")).await.is(200).text;
        assert!(dialog.contains(&format!(r#"value="{role}" disabled aria-describedby="role-{role}-not-held""#)), "{dialog}");
        let typed = [("name", "Eve"), ("email", "eve@example.org"), ("roles", role.as_str())];
        let refused = send(&clerk, &format!("{USERS}/new"), &typed).await.is(422).text;
        assert!(refused.contains("api_access:change"), "{refused}");
        assert!(!clerk.get(USERS).await.text.contains("Eve"));
    }

    async fn d4_what_the_editor_of_a_role_does_not_hold_stays_in_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let strong = acme.administrator_key().await;
        let body = json!({"name": "Mixed", "permissions": ["api_access:change", "wallet:view"]});
        let role = strong.post("/api/v1/roles", body).await.is(201).member("id");
        let clerk = user(&acme, &["roles:change", "wallet:view"]).await;
        let edit = format!("{ROLES}/{role}/edit");
        send(&clerk, &edit, &[("name", "Mixed"), ("permissions", "roles:view")]).await.is(303);
        let after = strong.get(&format!("/api/v1/roles/{role}")).await.json();
        assert_eq!(after["permissions"], json!(["api_access:change", "api_access:view", "roles:view"]));
        let typed = [("name", "Mixed"), ("permissions", "users:change")];
        let refused = send(&clerk, &edit, &typed).await.is(422).text;
        assert!(refused.contains("<dialog open") && refused.contains("users:change"), "{refused}");
    }

    async fn d5_the_last_administrator_stays_and_the_dialog_says_why(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let last = acme.session(&["api_access:change", "users:change", "roles:change"]).await;
        let console = browser(&last);
        let why = "Nobody could administer the wallet any more";
        let delete = format!("{USERS}/{}/delete", last.user);
        assert!(!console.get(USERS).await.is(200).text.contains(&delete), "nobody is offered to delete themselves");
        assert!(send(&console, &delete, &[]).await.is(422).text.contains(why));
        let strip = send(&console, &format!("{USERS}/{}/edit", last.user), &[("name", "Last")]).await;
        assert!(strip.is(422).text.contains(why));
        let empty = send(&console, &format!("{ROLES}/{}/edit", last.role), &[("name", "Nothing")]).await;
        assert!(empty.is(422).text.contains(why));
        console.get(USERS).await.is(200);
    }

    async fn a_role_that_users_have_is_not_deleted(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let session = acme.session(&["roles:change"]).await;
        let console = browser(&session);
        let delete = format!("{ROLES}/{}/delete", session.role);
        assert!(console.get(&delete).await.is(200).text.contains("One user has it. Take it from them first."));
        assert!(send(&console, &delete, &[]).await.is(422).text.contains("The role is in use."));
        console.get(ROLES).await.is(200);
    }
}
