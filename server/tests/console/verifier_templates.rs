//! Verify: trusted issuers and verifier templates, as a browser without a script sends them.

use serde_json::{Value, json};

use super::{send, user};
use crate::support::{Actor, Server, make, make_identifier};

const TEMPLATES: &str = "/verifier-templates";

/// The form as it is filled in, with what a test changes in the place of it.
fn form<'a>(identifier: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let filled = [
        ("name", "Account"),
        ("purpose", "To open an account"),
        ("identifier_id", identifier),
        ("retention_days", "30"),
        ("vct", "urn:pid"),
        ("query", ""),
        ("trust", "trusted_issuers"),
    ];
    let kept = filled.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

async fn only(admin: &Actor) -> Value {
    let list = admin.get("/api/v1/verifier-templates").await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    list["items"][0].clone()
}

store::both_databases! {
    async fn what_is_typed_as_type_and_claims_becomes_the_query(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let clerk = user(&acme, &["verifier_templates:change"]).await;
        let identifier = make_identifier(&admin).await;
        assert!(clerk.get(TEMPLATES).await.is(200).text.contains("No verifier templates yet"));
        let claims = [("claims", "given_name"), ("claims", ""), ("claims", " address.locality "), ("claims", "given_name")];
        let saved = send(&clerk, "/verifier-templates/new", &form(&identifier, &claims)).await.is(303);
        assert_eq!(saved.header("location"), "/verifier-templates?notice=created");
        let made = only(&admin).await;
        assert_eq!(made["query"], json!({"credentials": [{
            "id": "credential", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]},
            "claims": [{"path": ["given_name"]}, {"path": ["address", "locality"]}],
        }]}));
        let id = made["id"].as_str().unwrap();
        let edit = clerk.get(&format!("{TEMPLATES}/{id}/edit")).await.is(200).text;
        assert!(edit.contains(r#"value="address.locality""#) && edit.contains(r#"value="urn:pid""#), "{edit}");
        assert!(!edit.contains("vct_values"), "DCQL only where the form cannot say it");
        let page = clerk.get(&format!("{TEMPLATES}/{id}")).await.is(200).text;
        assert!(page.contains("given_name, address.locality") && page.contains("30 days"), "{page}");
    }

    async fn dcql_takes_the_place_of_type_and_claims_and_comes_back_as_dcql(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let clerk = user(&acme, &["verifier_templates:change"]).await;
        let identifier = make_identifier(&admin).await;
        let query = json!({"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {}, "claims": [{"path": ["age"], "values": [18]}]}]});
        let text = query.to_string();
        send(&clerk, "/verifier-templates/new", &form(&identifier, &[("query", &text)])).await.is(303);
        let made = only(&admin).await;
        assert_eq!(made["query"], query);
        let edit = format!("{TEMPLATES}/{}/edit", made["id"].as_str().unwrap());
        let page = clerk.get(&edit).await.is(200).text;
        assert!(page.contains("&quot;values&quot;") || page.contains("&#34;values&#34;"), "{page}");
        assert!(!page.contains(r#"value="age""#));
        let renamed = form(&identifier, &[("query", &text), ("name", "Age"), ("vct", "")]);
        send(&clerk, &edit, &renamed).await.is(303);
        assert_eq!(only(&admin).await["name"], "Age");
    }

    async fn what_is_refused_is_told_in_the_words_of_the_form(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let clerk = user(&acme, &["verifier_templates:change"]).await;
        let identifier = make_identifier(&admin).await;
        for (typed, told) in [
            (("name", ""), "Name must not be empty."),
            (("purpose", ""), "Purpose must not be empty."),
            (("vct", ""), "Credential type must not be empty."),
            (("claims", "a..b"), "Claim `a..b` must be a name such as"),
            (("retention_days", "a month"), "Days to keep must be a whole number of days"),
            (("retention_days", ""), "Days to keep must be a whole number of days"),
            (("identifier_id", ""), "Signed by is required."),
            (("query", "{"), "DCQL query must be JSON"),
            (("query", r#"{"credentials": []}"#), "DCQL query `credentials` must not be empty."),
            (("trust", "chosen_issuers"), "Chosen issuers must name at least one trusted issuer."),
        ] {
            let page = send(&clerk, "/verifier-templates/new", &form(&identifier, &[typed])).await.is(422).text;
            assert!(page.contains(told), "{typed:?} {page}");
            assert!(page.contains("To open an account") || typed.0 == "purpose", "what was typed stays");
        }
        assert_eq!(admin.get("/api/v1/verifier-templates").await.is(200).json()["items"], json!([]));
    }

    async fn more_rows_keep_what_was_typed_and_save_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let clerk = user(&acme, &["verifier_templates:change"]).await;
        let identifier = make_identifier(&admin).await;
        let typed = form(&identifier, &[("claims", "a"), ("claims", "b"), ("claims", "c"), ("more", "rows")]);
        let page = send(&clerk, "/verifier-templates/new", &typed).await.is(200).text;
        assert_eq!(page.matches(r#"name="claims""#).count(), 6);
        assert!(page.contains("To open an account"));
        assert_eq!(admin.get("/api/v1/verifier-templates").await.is(200).json()["items"], json!([]));
    }

    async fn ticked_issuers_count_only_where_issuers_are_chosen(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let clerk = user(&acme, &["verifier_templates:change"]).await;
        let identifier = make_identifier(&admin).await;
        let issuer = make(&admin, "/api/v1/trusted-issuers").await;
        let issuer = issuer.rsplit('/').next().unwrap();
        let any = form(&identifier, &[("trust", "any_issuer"), ("trusted_issuers", issuer)]);
        send(&clerk, "/verifier-templates/new", &any).await.is(303);
        let made = only(&admin).await;
        assert_eq!((&made["trust"], &made["trusted_issuers"]), (&json!("any_issuer"), &json!([])));
        let edit = format!("{TEMPLATES}/{}/edit", made["id"].as_str().unwrap());
        let chosen = form(&identifier, &[("trust", "chosen_issuers"), ("trusted_issuers", issuer)]);
        send(&clerk, &edit, &chosen).await.is(303);
        assert_eq!(only(&admin).await["trusted_issuers"], json!([issuer]));
    }

    async fn an_issuer_is_trusted_for_the_types_on_the_lines_or_for_any(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["trusted_issuers:change"]).await;
        let add = "/trusted-issuers/new";
        let fields = |types, vcts| [("name", "School"), ("issuer", "https://a.example"), ("types", types), ("vcts", vcts)];
        let refused = send(&clerk, add, &fields("only", " \r\n ")).await.is(422).text;
        assert!(refused.contains("Credential types must list at least one type"), "{refused}");
        send(&clerk, add, &fields("only", "urn:a\r\n\r\n urn:b \r\n")).await.is(303);
        let list = clerk.get("/trusted-issuers").await.is(200).text;
        assert!(list.contains("<code>urn:a</code>") && list.contains("<code>urn:b</code>"), "{list}");
        let id = clerk.get("/api/v1/trusted-issuers").await.is(200).column("id")[0].as_str().unwrap().to_owned();
        send(&clerk, &format!("/trusted-issuers/{id}/edit"), &fields("any", "urn:a")).await.is(303);
        assert!(clerk.get("/trusted-issuers").await.is(200).text.contains("Any type"));
    }
}
