//! Issue, Issuer templates: the page on which somebody makes one.

use serde_json::json;

use super::{send, user};
use crate::support::{Server, make_identifier};

const NEW: &str = "/issuer-templates/new";

/// The form as a browser sends it, with these claims: label, name, kind.
fn form<'a>(name: &'a str, signer: &'a str, claims: &[(&'a str, &'a str, &'a str)]) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = [
        ("name", name),
        ("identifier_id", signer),
        ("valid_for_days", "30"),
        ("status_list_id", ""),
        ("display.name", ""),
        ("display.description", ""),
        ("display.language", "en"),
        ("display.background_color", "#0c2a35"),
        ("display.text_color", "#ffffff"),
        ("display.logo_url", ""),
        ("vct", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (row, (label, path, kind)) in claims.iter().enumerate() {
        form.push((format!("claims[{row}].label"), (*label).to_owned()));
        form.push((format!("claims[{row}].path"), (*path).to_owned()));
        form.push((format!("claims[{row}].type"), (*kind).to_owned()));
        form.push((format!("claims[{row}].selectively_disclosable"), "yes".to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

store::both_databases! {
    async fn a_claim_is_named_by_its_label_and_blank_rows_are_left_out(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let signer = make_identifier(&*acme.administrator_key().await).await;
        let clerk = user(&acme, &["issuer_templates:change"]).await;
        let filled = form("Diploma", &signer, &[("Légal name", "", "text"), ("", "", "text"), ("Year", "degree.year", "integer")]);
        let done = send(&clerk, NEW, &pairs(&filled)).await.is(303);
        let page = clerk.get(done.header("location")).await.is(200).text;
        assert!(page.contains("The issuer template was added.") && page.contains("<code>degree.year</code>"), "{page}");
        let made = clerk.get("/api/v1/issuer-templates").await.json()["items"][0].clone();
        let claims = json!([
            {"path": ["legal_name"], "label": "Légal name", "type": "text", "mandatory": false, "selectively_disclosable": true},
            {"path": ["degree", "year"], "label": "Year", "type": "integer", "mandatory": false, "selectively_disclosable": true},
        ]);
        assert_eq!((&made["claims"], &made["valid_for_days"]), (&claims, &json!(30)));
    }

    async fn a_row_is_added_and_removed_without_saving_and_without_losing_what_was_typed(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let signer = make_identifier(&*acme.administrator_key().await).await;
        let clerk = user(&acme, &["issuer_templates:change"]).await;
        let mut filled = form("Diploma <b>", &signer, &[("First", "", "date"), ("Second", "", "text")]);
        filled.push(("rows".to_owned(), "add".to_owned()));
        let more = send(&clerk, NEW, &pairs(&filled)).await.is(200).text;
        assert!(more.contains(r#"value="Diploma &#60;b&#62;""#) && more.contains(r#"value="First""#), "{more}");
        assert!(more.contains(r#"name="claims[2].label""#) && more.contains(r#"value="date" selected"#), "{more}");
        filled.pop();
        filled.push(("rows".to_owned(), "remove-0".to_owned()));
        let less = send(&clerk, NEW, &pairs(&filled)).await.is(200).text;
        assert!(!less.contains(r#"value="First""#) && less.contains(r#"id="claims[0].label" name="claims[0].label""#), "{less}");
        assert!(!less.contains("claims[1]"), "{less}");
        assert_eq!(clerk.get("/api/v1/issuer-templates").await.json()["items"], json!([]));
    }

    async fn what_is_refused_is_told_beside_its_row(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let signer = make_identifier(&*acme.administrator_key().await).await;
        let clerk = user(&acme, &["issuer_templates:change"]).await;
        let filled = form("", &signer, &[("Good", "", "text"), ("Bad", "a b", "text"), ("名前", "", "colour")]);
        let refused = send(&clerk, NEW, &pairs(&filled)).await.is(422).text;
        for told in [
            r##"<a href="#name">Name must not be empty.</a>"##,
            r##"<a href="#claims[1].path">Claim 2: Name in the credential must have only letters"##,
            r#"id="claims[2].path-error""#,
            r##"<a href="#claims[2].type">Claim 3: Kind of value must be one of"##,
        ] {
            assert!(refused.contains(told), "{told} in {refused}");
        }
        let none = send(&clerk, NEW, &pairs(&form("Diploma", &signer, &[]))).await.is(422).text;
        assert!(none.contains(r##"<a href="#claims">Claims must have at least one claim.</a>"##), "{none}");
    }

    async fn without_an_identifier_the_page_says_what_to_do_first(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let clerk = user(&acme, &["issuer_templates:change"]).await;
        assert!(clerk.get(NEW).await.is(200).text.contains("Ask somebody who may change identifiers"));
        let owner = user(&acme, &["issuer_templates:change", "identifiers:change"]).await;
        assert!(owner.get(NEW).await.is(200).text.contains(r#"<a href="/identifiers/new">"#));
        let refused = send(&clerk, NEW, &pairs(&form("Diploma", "", &[("A", "", "text")]))).await.is(422).text;
        assert!(refused.contains("Signed by is required."), "{refused}");
        make_identifier(&*acme.administrator_key().await).await;
        let page = clerk.get(NEW).await.is(200).text;
        assert!(page.contains("(did:jwk)</option>") && page.contains(" selected>signer-"), "the only one is chosen: {page}");
    }
}
