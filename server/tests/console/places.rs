//! What holds for every place of the console: nobody sees or does what they may not, and nobody is offered it.

use super::{send, user};
use crate::support::{Server, make};

/// A list with its dialogs.
struct List {
    path: &'static str,
    /// Where the API has the same.
    collection: &'static str,
    /// The dialog that adds an object.
    add: &'static str,
    /// The dialogs of one object.
    dialogs: &'static [&'static str],
    resource: &'static str,
    /// The resource as a refusal calls it.
    label: &'static str,
}

#[rustfmt::skip]
const LISTS: &[List] = &[
    List {
        path: "/settings/team/users", collection: "/api/v1/users", add: "new",
        dialogs: &["edit", "invite", "delete"], resource: "users", label: "Users",
    },
    List {
        path: "/settings/team/roles", collection: "/api/v1/roles", add: "new",
        dialogs: &["edit", "delete"], resource: "roles", label: "Roles",
    },
    List {
        path: "/credentials", collection: "/api/v1/credentials", add: "import",
        dialogs: &["delete"], resource: "holder_credentials", label: "Holder credentials",
    },
    List {
        path: "/credential-offers", collection: "/api/v1/credential-offers", add: "new",
        dialogs: &["accept", "delete"], resource: "holder_credentials", label: "Holder credentials",
    },
    List {
        path: "/presentations", collection: "/api/v1/presentations", add: "new",
        dialogs: &["delete"], resource: "holder_credentials", label: "Holder credentials",
    },
    List {
        path: "/identifiers", collection: "/api/v1/identifiers", add: "new",
        dialogs: &["rotate", "delete"], resource: "identifiers", label: "Identifier",
    },
    List {
        path: "/status-lists", collection: "/api/v1/status-lists", add: "new",
        dialogs: &["edit", "delete"], resource: "status_lists", label: "Status list",
    },
    List {
        path: "/trusted-contacts", collection: "/api/v1/trusted-contacts", add: "new",
        dialogs: &["edit", "delete"], resource: "trusted_contacts", label: "Trusted contacts",
    },
    List {
        path: "/issuer-templates", collection: "/api/v1/issuer-templates", add: "new",
        dialogs: &["edit", "delete"], resource: "issuer_templates", label: "Issuer templates",
    },
    List {
        path: "/trusted-issuers", collection: "/api/v1/trusted-issuers", add: "new",
        dialogs: &["edit", "delete"], resource: "trusted_issuers", label: "Trusted issuers",
    },
    List {
        path: "/verifier-templates", collection: "/api/v1/verifier-templates", add: "new",
        dialogs: &["edit", "delete"], resource: "verifier_templates", label: "Verifier templates",
    },
];

store::both_databases! {
    async fn m7_without_view_no_list_is_shown_or_offered(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let nobody = user(&acme, &["api_access:view"]).await;
        let offered = nobody.get("/settings/iam/api-access").await.is(200).text;
        for List { path, label, .. } in LISTS {
            let page = nobody.get(path).await.is(403).text;
            assert!(page.contains(&format!("{label}: View")), "{page}");
            assert!(!offered.contains(&format!(r#"href="{path}""#)), "{path}");
        }
        for path in ["/settings/wallet", "/audit-log"] {
            nobody.get(path).await.is(403);
            assert!(!offered.contains(path), "{path}");
        }
    }

    async fn m7_with_view_alone_nothing_is_offered_and_nothing_is_done(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        for List { path, collection, add, dialogs, resource, .. } in LISTS {
            let object = make(&admin, collection).await;
            let id = object.rsplit('/').next().unwrap();
            let auditor = user(&acme, &[&format!("{resource}:view")]).await;
            let list = auditor.get(path).await.is(200).text;
            let dialogs = dialogs.iter().map(|dialog| format!("{path}/{id}/{dialog}"));
            for dialog in dialogs.chain([format!("{path}/{add}")]) {
                assert!(!list.contains(&dialog), "{dialog} is offered");
                auditor.get(&dialog).await.is(403);
                send(&auditor, &dialog, &[("name", "sneaked")]).await.is(403);
            }
            admin.get(&object).await.is(200);
            assert!(!admin.get(collection).await.text.contains("sneaked"), "{collection}");
        }
        let auditor = user(&acme, &["wallet:view"]).await;
        assert!(!auditor.get("/settings/wallet").await.is(200).text.contains("<form method=\"post\" action=\"/settings/w"));
        send(&auditor, "/settings/wallet", &[("name", "sneaked"), ("time_zone", "UTC")]).await.is(403);
        assert_eq!(admin.get("/api/v1/wallet").await.member("name"), "Acme");
    }

    async fn with_change_every_dialog_opens_and_a_delete_is_asked_before_it_is_done(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        for List { path, collection, add, dialogs, resource, .. } in LISTS {
            let object = make(&admin, collection).await;
            let id = object.rsplit('/').next().unwrap();
            let clerk = user(&acme, &[&format!("{resource}:change")]).await;
            let list = clerk.get(path).await.is(200).text;
            for dialog in dialogs.iter().map(|dialog| format!("{path}/{id}/{dialog}")).chain([format!("{path}/{add}")]) {
                assert!(list.contains(&format!(r#"href="{dialog}""#)), "{dialog} is not offered");
                let page = clerk.get(&dialog).await.is(200).text;
                let over = page.contains("<dialog open") && page.contains("<div class=\"shell\" inert>");
                assert!(over || page.contains("<form class=\"form-page\""), "{dialog}");
            }
            admin.get(&object).await.is(200);
            let done = send(&clerk, &format!("{path}/{id}/delete"), &[]).await.is(303);
            assert_eq!(done.header("location"), format!("{path}?notice=deleted"));
            clerk.get(done.header("location")).await.is(200);
            admin.get(&object).await.is(404);
            clerk.get(&format!("{path}/{id}/delete")).await.is(404);
        }
    }

    async fn d9_no_dialog_reaches_another_wallet(db: &Database) {
        let server = Server::start(db).await;
        let (acme, globex) = (server.wallet("Acme").await, server.wallet("Globex").await);
        let admin = acme.administrator_key().await;
        for List { path, collection, dialogs, resource, .. } in LISTS {
            let object = make(&admin, collection).await;
            let id = object.rsplit('/').next().unwrap();
            let stranger = user(&globex, &[&format!("{resource}:change")]).await;
            for dialog in *dialogs {
                stranger.get(&format!("{path}/{id}/{dialog}")).await.is(404);
                send(&stranger, &format!("{path}/{id}/{dialog}"), &[("name", "taken over")]).await.is(404);
            }
            admin.get(&object).await.is(200);
        }
    }

    async fn a_list_is_turned_forwards_and_back(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        for number in 0..51 {
            admin.post("/api/v1/roles", serde_json::json!({"name": format!("role {number:02}")})).await.is(201);
        }
        let clerk = user(&acme, &["roles:view"]).await;
        let first = clerk.get("/settings/team/roles?q=role+").await.is(200).text;
        assert!(first.contains("role 49") && !first.contains("role 50"));
        let second = clerk.get(&link(&first, "next")).await.is(200).text;
        assert!(second.contains("role 50") && !second.contains("role 49"));
        let back = clerk.get(&link(&second, "prev")).await.is(200).text;
        assert!(back.contains("role 00") && back.contains("role 49") && !back.contains("role 50"));
    }
}

/// Where the link of this relation leads.
fn link(page: &str, relation: &str) -> String {
    let (before, _) = page.split_once(&format!(r#"" rel="{relation}""#)).unwrap();
    before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&")
}
