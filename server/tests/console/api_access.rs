//! Settings, IAM, API Access.

use serde_json::json;

use super::{browser, send, user};
use crate::support::Server;

const LIST: &str = "/settings/iam/api-access";
const NEW: &str = "/settings/iam/api-access/api-keys/new";

store::both_databases! {
    async fn m7_without_view_the_screen_is_refused_with_the_permission_that_it_needs(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["wallet:change", "users:change"]).await;
        let page = clerk.get(LIST).await.is(403);
        assert!(page.text.contains("API Access: View"), "{}", page.text);
        assert!(!clerk.get("/settings/wallet").await.text.contains(LIST), "offered in the navigation");
    }

    async fn m7_with_view_alone_nothing_can_be_changed_and_nothing_is_offered(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&[]).await;
        let auditor = user(&acme, &["api_access:view"]).await;
        let (edit, delete) = (format!("{LIST}/api-keys/{}/edit", key.id), format!("{LIST}/api-keys/{}/delete", key.id));
        let list = auditor.get(LIST).await.is(200);
        for path in [NEW, &edit, &delete] {
            assert!(!list.text.contains(path), "{path} is offered");
            auditor.get(path).await.is(403);
            send(&auditor, path, &[("name", "sneaked"), ("expires_on", "2026-11-30")]).await.is(403);
        }
        key.get("/api/v1/me").await.is(200);
        assert!(!auditor.get(LIST).await.text.contains("sneaked"));
    }

    async fn m10_the_key_is_in_the_answer_that_makes_it_and_nowhere_else(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change", "audit_log:view", "users:view"]).await;
        let typed = [("name", "acme-backend"), ("expires_on", "2027-01-31"), ("permissions", "users:view")];
        let created = send(&admin, NEW, &typed).await.is(200);
        let at = created.text.find("clvk_").unwrap();
        let text = &created.text[at..at + 59];
        let me = server.anonymous().with("x-api-key", text).get("/api/v1/me").await.is(200).json();
        assert_eq!((&me["name"], &me["permissions"]), (&json!("acme-backend"), &json!(["users:view"])));
        for path in [LIST, NEW, "/api/v1/api-keys", "/api/v1/audit-events"] {
            assert!(!admin.get(path).await.is(200).text.contains(&text[21..53]), "{path}");
        }
    }

    async fn m8_a_refused_form_marks_the_field_and_keeps_what_was_typed(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change"]).await;
        let first = [("name", "acme"), ("expires_on", "2027-01-31")];
        send(&admin, NEW, &first).await.is(200);
        let typed = [("name", "ACME"), ("expires_on", "2026-11-22"), ("notes", "<b>&"), ("permissions", "api_access:view")];
        let again = send(&admin, NEW, &typed).await.is(422).text;
        for kept in [
            r#"value="2026-11-22" aria-describedby="expires_on-help expires_on-error" aria-invalid="true""#,
            r#"value="ACME""#,
            "\n&#60;b&#62;&#38;</textarea>",
            r#"aria-label="API Access: View" checked"#,
        ] {
            assert!(again.contains(kept), "{kept} in {again}");
        }
        let clash = send(&admin, NEW, &[("name", "ACME"), ("expires_on", "2027-01-31")]).await.is(422).text;
        assert!(clash.contains(r#"aria-describedby="name-help name-error" aria-invalid="true""#), "{clash}");
    }

    async fn a_form_with_an_unknown_field_or_permission_makes_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change"]).await;
        for (field, value) in [("colour", "red"), ("permissions", "users:delete"), ("name", "twice")] {
            send(&admin, NEW, &[("name", "acme"), ("expires_on", "2027-01-31"), (field, value)]).await.is(422);
        }
        let none = admin.get("/api/v1/api-keys").await.json();
        assert_eq!(none["items"], json!([]));
    }

    async fn d4_what_the_editor_does_not_hold_is_kept_and_cannot_be_added(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:change", "api_access:view"]).await;
        let keeper = user(&acme, &["api_access:change"]).await;
        let edit = format!("{LIST}/api-keys/{}/edit", key.id);
        let dialog = keeper.get(&edit).await.is(200).text;
        assert!(dialog.contains(r#"data-implies="p-users-view" checked disabled aria-describedby="p-users-not-held""#));
        let sent = send(&keeper, &edit, &[("notes", "kept"), ("permissions", "api_access:change")]).await.is(303);
        assert_eq!(sent.header("location"), "/settings/iam/api-access?notice=edited");
        let after = keeper.get(&key.path()).await.json();
        assert_eq!(after["permissions"], json!(["api_access:change", "api_access:view", "users:change", "users:view"]));
        assert_eq!(after["notes"], "kept");
        let more = send(&keeper, &edit, &[("notes", ""), ("permissions", "roles:view")]).await.is(422);
        assert!(more.text.contains("roles:view is not yours to assign"), "{}", more.text);
    }

    async fn m13_yes_revokes_the_key_at_once(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["api_access:change"]).await;
        let admin = user(&acme, &["api_access:change"]).await;
        let delete = format!("{LIST}/api-keys/{}/delete?status=active", key.id);
        assert!(admin.get(&delete).await.is(200).text.contains(">Yes</button>"));
        key.get("/api/v1/me").await.is(200);
        let done = send(&admin, &delete, &[]).await.is(303);
        assert_eq!(done.header("location"), "/settings/iam/api-access?status=active&notice=deleted");
        key.get("/api/v1/me").await.problem(401, "revoked");
        admin.get(&delete).await.is(404);
    }

    async fn the_delete_dialog_names_what_a_key_made_and_ends_it_when_ticked(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (kept, root) = (acme.key(&["api_access:change"]).await, acme.key(&["api_access:change"]).await);
        let admin = user(&acme, &["api_access:change"]).await;
        let made = root.post("/api/v1/api-keys", serde_json::json!({"name": "child"})).await.is(201);
        let child = server.anonymous().with("x-api-key", &made.member("key"));
        root.post("/api/v1/oauth-clients", serde_json::json!({"client_id": "client"})).await.is(201);
        let delete = |id: &str| format!("{LIST}/api-keys/{id}/delete");
        let dialog = admin.get(&delete(&root.id)).await.is(200).text;
        for told in ["It made 2 others, which still exist", "API key child", "API client client", r#"name="with_descendants""#] {
            assert!(dialog.contains(told), "{told} in {dialog}");
        }
        assert!(!admin.get(&delete(&kept.id)).await.is(200).text.contains("with_descendants"), "it made none");
        let odd = [("with_descendants", "on"), ("colour", "red")];
        assert!(send(&admin, &delete(&root.id), &odd).await.is(422).text.contains("<dialog open"));
        child.get("/api/v1/me").await.is(200);
        let done = send(&admin, &delete(&root.id), &[("with_descendants", "on")]).await.is(303);
        assert!(admin.get(done.header("location")).await.is(200).text.contains("It was deleted with all that it made."));
        child.get("/api/v1/me").await.problem(401, "revoked");
        root.get("/api/v1/me").await.problem(401, "revoked");
    }

    async fn d2_dates_are_those_of_the_wallets_calendar(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet_in("Pacific/Kiritimati", "Acme").await;
        acme.key_until("2026-12-06", &[]).await;
        let admin = user(&acme, &["api_access:change"]).await;
        let dialog = admin.get(NEW).await.is(200).text;
        assert!(dialog.contains(r#"min="2026-11-24" max="2036-11-24" value="2027-11-24""#), "{dialog}");
        assert!(dialog.contains("Valid until 7 Dec 2026, 00:00 (+14:00, Pacific/Kiritimati)"), "{dialog}");
        assert!(dialog.contains("Expires in 12 days"), "{dialog}");
    }

    async fn m6_an_expired_key_is_flagged(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key_until("2026-11-23", &[]).await;
        let admin = user(&acme, &["api_access:view"]).await;
        let list = admin.get(LIST).await.is(200).text;
        assert!(list.contains("Expires today") && !list.contains(r#"<tr class="expired">"#), "{list}");
        server.move_clock_to("2026-11-23T22:00:00Z");
        let last = acme.session(&["api_access:view"]).await;
        server.move_clock_to("2026-11-24T00:00:00Z");
        key.get("/api/v1/me").await.problem(401, "expired");
        let list = browser(&last).get(LIST).await.is(200).text;
        assert!(list.contains(r#"<tr class="expired">"#) && list.contains("#warning"), "{list}");
    }

    async fn the_list_is_turned_forwards_and_back(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        for _ in 0..52 {
            acme.key(&[]).await;
        }
        let admin = user(&acme, &["api_access:view"]).await;
        let link = |page: &str, rel: &str| {
            let (before, _) = page.split_once(&format!(r#"" rel="{rel}""#))?;
            Some(before.rsplit_once("href=\"")?.1.replace("&#38;", "&"))
        };
        let rows = |page: &str| page.matches(r#"<th scope="row">"#).count();
        let first = admin.get(&format!("{LIST}?q=key")).await.is(200).text;
        assert_eq!((rows(&first), link(&first, "prev")), (50, None));
        let second = admin.get(&link(&first, "next").unwrap()).await.is(200).text;
        assert_eq!((rows(&second), link(&second, "next")), (2, None));
        let back = admin.get(&link(&second, "prev").unwrap()).await.is(200).text;
        assert_eq!((rows(&back), link(&back, "prev")), (50, None));
        assert_eq!(link(&back, "next"), link(&first, "next"));
    }

    async fn another_wallets_key_does_not_exist(db: &Database) {
        let server = Server::start(db).await;
        let theirs = server.wallet("Theirs").await.key(&[]).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change"]).await;
        for what in ["edit", "delete"] {
            let path = format!("{LIST}/api-keys/{}/{what}", theirs.id);
            admin.get(&path).await.is(404);
            send(&admin, &path, &[]).await.is(404);
        }
        theirs.get("/api/v1/me").await.is(200);
    }

    async fn the_table_stays_usable_with_10_000_keys(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change"]).await;
        send(&admin, NEW, &[("name", "seed"), ("expires_on", "2027-01-31")]).await.is(200);
        // Copies of one key, each with an id, a key id and a name of its own.
        let copied = db
            .execute(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
                 INSERT INTO external_systems
                    (id, wallet_id, name, name_key, permissions, expires_on, expires_at, notes, key_id, digest, created_at,
                     created_by_kind, created_by_id, created_by_name, revision)
                 SELECT '00000000-0000-7000-8000-' || CAST(100000000000 + n AS TEXT), wallet_id,
                    'system-' || CAST(100000 + n AS TEXT), 'system-' || CAST(100000 + n AS TEXT), permissions, expires_on,
                    expires_at, notes, 'copy' || CAST(100000000000 + n AS TEXT), digest, created_at, created_by_kind,
                    created_by_id, created_by_name, revision
                 FROM external_systems, numbers WHERE name = 'seed'",
            )
            .await;
        assert_eq!(copied, 10_000);
        let rows = |text: &str| text.matches(r#"th scope="row""#).count();
        assert_eq!(rows(&admin.get(LIST).await.is(200).text), 50);
        let found = admin.get(&format!("{LIST}?q=10999")).await.is(200);
        assert!(rows(&found.text) == 10 && found.text.contains("system-109999"), "{}", rows(&found.text));
        let (mut cursor, mut seen) = (String::new(), 0);
        loop {
            let page = acme_keys(&admin, &cursor).await;
            seen += page["items"].as_array().unwrap().len();
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, 10_001);
    }

    async fn the_details_tell_what_a_key_is_and_what_it_was_used_for(db: &Database) {
        let server = Server::start_with(db, |settings| settings.key_rate = 60_000).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key_until("2026-12-01", &["users:view"]).await;
        let auditor = user(&acme, &["api_access:view"]).await;
        let path = format!("{LIST}/api-keys/{}", key.id);
        assert!(auditor.get(LIST).await.text.contains(&format!(r#"<a href="{path}">key-1</a>"#)));
        let dialog = auditor.get(&path).await.is(200).text;
        for told in [
            "API key key-1</h2>",
            ">Active</span>",
            "Valid until 2 Dec 2026, 00:00 (+00:00, UTC)",
            "Expires in 8 days",
            "60,000, the server&#39;s limit",
            &key.text[5..21],
            "23 Nov 2026, 10:00 (+00:00, UTC), by command line",
            "Nothing was sent in the last 30 days.",
        ] {
            assert!(dialog.contains(told), "{told} in {dialog}");
        }
        assert!(!dialog.contains(r#"role="img""#) && !dialog.contains("/edit"), "{dialog}");

        key.get("/api/v1/users").await.is(200);
        key.get("/api/v1/roles").await.is(403);
        access::api_access::flush_usage(&server.app).await.unwrap();
        server.move_clock_to("2026-11-24T10:00:00Z");
        let admin = user(&acme, &["api_access:change"]).await;
        admin.patch(&key.path(), json!({"requests_per_minute": 1500})).await.is(200);
        let dialog = admin.get(&format!("{path}?q=key&status=active")).await.is(200).text;
        for told in [
            "1,500, a limit of its own",
            "From 26 Oct 2026 to today 2 requests came, 1 of them refused. The busiest day was 23 Nov 2026 with 2.",
            "<title>23 Nov 2026: 2 requests, 1 refused</title>",
            "<dd>Yesterday, 10:00</dd>",
            r#"<tr><th scope="row">23 Nov 2026</th><td>2</td><td>1</td></tr>"#,
            &format!(r#"href="{path}/edit?q=key&#38;status=active""#),
            &format!(r#"href="{path}/delete?q=key&#38;status=active""#),
        ] {
            assert!(dialog.contains(told), "{told} in {dialog}");
        }
    }

    async fn the_details_of_a_client_are_told_in_its_own_words_and_those_of_others_not_at_all(db: &Database) {
        let server = Server::start(db).await;
        let (acme, other) = (server.wallet("Acme").await, server.wallet("Other").await);
        let client = acme.client_named("backend", &[], Some("2026-11-23")).await;
        server.move_clock_to("2026-11-23T22:00:00Z");
        let auditor = user(&acme, &["api_access:view"]).await;
        let dialog = auditor.get(&format!("{LIST}/oauth-clients/{}", client.id)).await.is(200).text;
        assert!(dialog.contains("API client backend</h2>") && dialog.contains("No limit"), "{dialog}");
        assert!(dialog.contains("Expires today"), "{dialog}");
        let strange = other.key(&[]).await;
        for path in [&format!("api-keys/{}", strange.id), &format!("api-keys/{}", client.id), "api-keys/x"] {
            auditor.get(&format!("{LIST}/{path}")).await.is(404);
        }
        let clerk = user(&acme, &["users:change"]).await;
        clerk.get(&format!("{LIST}/oauth-clients/{}", client.id)).await.is(403);
    }

    async fn a_limit_is_typed_kept_and_refused_beside_its_field(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = user(&acme, &["api_access:change"]).await;
        let typed = |limit| [("name", "acme"), ("expires_on", "2027-01-31"), ("requests_per_minute", limit)];
        for refused in ["0", "1000001", "many", "1.5"] {
            let again = send(&admin, NEW, &typed(refused)).await.is(422).text;
            let kept = format!(
                r#"value="{refused}" aria-describedby="requests_per_minute-help requests_per_minute-error" aria-invalid="true""#
            );
            assert!(again.contains(&kept), "{again}");
        }
        send(&admin, NEW, &typed(" 600 ")).await.is(200);
        let key = admin.get("/api/v1/api-keys").await.json()["items"][0].clone();
        assert_eq!(key["requests_per_minute"], 600);
        let edit = format!("{LIST}/api-keys/{}/edit", key["id"].as_str().unwrap());
        assert!(admin.get(&edit).await.is(200).text.contains(r#"autocomplete="off" value="600""#));
        send(&admin, &edit, &[("requests_per_minute", "")]).await.is(303);
        assert_eq!(admin.get("/api/v1/api-keys").await.json()["items"][0]["requests_per_minute"], json!(null));
    }
}

async fn acme_keys(admin: &crate::support::Actor, cursor: &str) -> serde_json::Value {
    admin.get(&format!("/api/v1/api-keys?limit=200{cursor}")).await.is(200).json()
}
