//! The page Verified credentials, as a browser asks for it.

use super::Desk;
use crate::console::{send, user};
use crate::support::Server;
use crate::support::holder::{VCT, credential, fetch, issuer};

store::both_databases! {
    async fn a_clerk_asks_shows_the_code_and_sees_the_result(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let clerk = user(&desk.wallet, &["verified_credentials:change"]).await;
        let empty = clerk.get("/verified-credentials").await.is(200).text;
        assert!(empty.contains("Nothing verified yet") && empty.contains("/verified-credentials/new"), "{empty}");
        let dialog = clerk.get("/verified-credentials/new").await.is(200).text;
        assert!(dialog.contains(&format!(r#"<option value="{}""#, desk.template)), "{dialog}");
        let form = [("template", desk.template.as_str()), ("correlation_id", " order-17 ")];
        let made = send(&clerk, "/verified-credentials/new", &form).await.is(303);
        let path = made.header("location").to_owned();
        let page = clerk.get(&path).await.is(200).text;
        for shown in ["order-17", "The request waits for a wallet.", "<svg ", "openid4vp://?client_id=", "To open the door"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        assert!(page.contains(&format!(r#" data-live="{path}""#)), "{page}");

        let id = path.rsplit_once('/').unwrap().1;
        let link = desk.view(id).await["request_uri"].as_str().unwrap().to_owned();
        let fetched = fetch(&desk.nobody, &link).await;
        let page = clerk.get(&path).await.is(200).text;
        assert!(page.contains("Its holder is deciding") && page.contains("data-live"), "{page}");
        assert!(page.contains("openid4vp://?client_id="), "it can be fetched again: {page}");
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        let page = clerk.get(&path).await.is(200).text;
        for shown in ["Ada Lovelace", VCT, &issuer(), "Signed by its issuer", "Passed", "Not checked", "Kept until"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        assert!(!page.contains("data-live"), "there is nothing left to wait for");
        assert!(clerk.get("/verified-credentials?status=verified").await.is(200).text.contains(&path));
        assert!(clerk.get("/verified-credentials?q=nothing").await.is(200).text.contains("No verification matches"));

        let question = clerk.get(&format!("{path}/delete")).await.is(200).text;
        assert!(question.contains("leaves the wallet and its disk"), "{question}");
        let done = send(&clerk, &format!("{path}/delete"), &[]).await.is(303);
        assert!(clerk.get(done.header("location")).await.is(200).text.contains("was deleted"));
        clerk.get(&path).await.is(404);
    }

    async fn a_rejected_presentation_says_which_check_failed_and_why(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let clerk = user(&desk.wallet, &["verified_credentials:view"]).await;
        let (id, fetched) = desk.asked().await;
        let stranger = crate::support::holder::signed(&crate::support::holder::key(7), &issuer(), "#0", |draft| draft.vct = "urn:<b>other");
        let presentation = fetched.present(&stranger, &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(400);
        let page = clerk.get(&format!("/verified-credentials/{id}")).await.is(200).text;
        for shown in ["Rejected", "is trusted, but not for this type", "Failed", "Not kept: the presentation was rejected.", "urn:&#60;b&#62;other"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        assert!(!page.contains("Ada") && !page.contains("/delete"), "{page}");
    }

    async fn what_was_typed_wrong_is_told_in_the_dialog(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let clerk = user(&desk.wallet, &["verified_credentials:change"]).await;
        let form = [("template", ""), ("correlation_id", "order")];
        let refused = send(&clerk, "/verified-credentials/new", &form).await.is(422).text;
        assert!(refused.contains(r#"id="template-error""#) && refused.contains(r#"value="order""#), "{refused}");
        let none = desk.server.wallet("Bolt").await;
        let clerk = user(&none, &["verified_credentials:change"]).await;
        let dialog = clerk.get("/verified-credentials/new").await.is(200).text;
        assert!(dialog.contains("There is no verifier template yet."), "{dialog}");
    }

    async fn who_may_not_sees_nothing_and_asks_for_nothing(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let path = format!("/verified-credentials/{}", desk.ask().await["id"].as_str().unwrap());
        let nobody = user(&desk.wallet, &["trusted_issuers:view"]).await;
        for page in ["/verified-credentials", "/verified-credentials/new", &path] {
            assert!(nobody.get(page).await.is(403).text.contains("Verified credentials: "), "{page}");
        }
        let auditor = user(&desk.wallet, &["verified_credentials:view"]).await;
        let list = auditor.get("/verified-credentials").await.is(200).text;
        assert!(list.contains(&path) && !list.contains("/verified-credentials/new"), "{list}");
        for page in ["/verified-credentials/new".to_owned(), format!("{path}/delete")] {
            auditor.get(&page).await.is(403);
            send(&auditor, &page, &[]).await.is(403);
        }
        let stranger = user(&server.wallet("Bolt").await, &["verified_credentials:change"]).await;
        for page in [path.clone(), format!("{path}/delete")] {
            stranger.get(&page).await.is(404);
        }
        send(&stranger, &format!("{path}/delete"), &[]).await.is(404);
    }
}
