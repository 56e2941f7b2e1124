//! Wallet, Public profile.

use super::{send, user};
use crate::support::{Server, make};

const PATH: &str = "/public-profile";

fn fields<'a>(name: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let empty = ["description", "website", "email", "logo_url"].map(|field| (field, ""));
    [&[("display_name", name)], &empty[..], more].concat()
}

store::both_databases! {
    async fn a_profile_is_filled_in_published_and_withdrawn(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let credential = make(&owner, "/api/v1/credentials").await;
        let credential = credential.rsplit('/').next().unwrap();
        let editor = user(&acme, &["public_profile:change", "holder_credentials:view", "identifiers:view"]).await;
        let page = editor.get(PATH).await.is(200).text;
        assert!(page.contains("Not published") && page.contains(r#"value="Acme""#), "{page}");
        assert!(page.contains(&format!(r#"value="{credential}""#)), "{page}");

        let form = fields("Acme Shipping", &[("published", "true"), ("credentials", credential)]);
        let done = send(&editor, PATH, &form).await.is(303);
        let page = editor.get(done.header("location")).await.is(200).text;
        let link = format!("{}/profile", server.app.wallet_url(acme.id));
        assert!(page.contains("The profile was saved.") && page.contains(&format!(r#"href="{link}""#)), "{page}");
        assert!(page.contains("<h3>Acme Shipping</h3>") && page.contains("<dt>member</dt><dd>sample-"), "a preview");
        assert!(page.contains(&format!(r#"value="{credential}" checked"#)), "{page}");

        // A box that is not ticked is not sent.
        send(&editor, PATH, &fields("Acme Shipping", &[])).await.is(303);
        let profile = owner.get("/api/v1/profile").await.is(200).json();
        assert_eq!((&profile["published"], profile["credentials"].as_array().unwrap().len()), (&false.into(), 0));
    }

    async fn a_refused_form_keeps_what_was_typed(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let editor = user(&acme, &["public_profile:change"]).await;
        let mut form = fields("Acme", &[]);
        form.retain(|(name, _)| *name != "website");
        form.push(("website", "acme.example"));
        let refused = send(&editor, PATH, &form).await.is(422).text;
        assert!(refused.contains(r#"value="acme.example""#) && refused.contains(r#"id="website-error""#), "{refused}");
        send(&editor, PATH, &fields("Acme", &[("colour", "red")])).await.is(422);
    }

    async fn who_may_not_view_credentials_is_offered_none_and_loses_none(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let credential = make(&owner, "/api/v1/credentials").await;
        let credential = credential.rsplit('/').next().unwrap();
        owner.patch("/api/v1/profile", serde_json::json!({"credentials": [credential]})).await.is(200);
        let editor = user(&acme, &["public_profile:change"]).await;
        let page = editor.get(PATH).await.is(200).text;
        assert!(!page.contains(credential) && page.contains("you need the permission"), "{page}");
        send(&editor, PATH, &fields("Renamed", &[])).await.is(303);
        let profile = owner.get("/api/v1/profile").await.is(200).json();
        assert_eq!(profile["display_name"], "Renamed");
        assert_eq!(profile["credentials"].as_array().unwrap().len(), 1);
    }

    async fn m7_with_view_alone_nothing_can_be_saved(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let auditor = user(&acme, &["public_profile:view"]).await;
        let page = auditor.get(PATH).await.is(200).text;
        assert!(page.contains("<h3>Acme</h3>") && !page.contains("<button class=\"button primary\">"), "{page}");
        send(&auditor, PATH, &fields("Renamed", &[])).await.is(403);
        let nobody = user(&acme, &["api_access:view"]).await;
        nobody.get(PATH).await.is(403);
    }
}
