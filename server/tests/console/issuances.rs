//! Issue, Issued credentials.

use serde_json::json;

use super::{browser, send, user};
use crate::support::{ISSUANCES, Issuer, Server};

const LIST: &str = "/issued-credentials";

/// The sample claims as somebody types them.
const TYPED: [(&str, &str); 5] = [
    ("claim.given_name", "Ada Lovelace"),
    ("claim.degree.name", "Mathematics"),
    ("claim.degree.year", "1843"),
    ("correlation_id", "student-7"),
    ("expires_in", "86400"),
];

store::both_databases! {
    async fn a_credential_is_offered_with_a_form_and_its_page_follows_the_wallet(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let clerk = user(&acme.wallet, &["issue_credentials:change"]).await;
        let form = format!("{LIST}/new/{}", acme.template);
        assert!(clerk.get(LIST).await.is(200).text.contains("Nothing issued yet"));
        assert_eq!(clerk.get(&format!("{LIST}/new")).await.is(303).header("location"), form);
        let page = clerk.get(&form).await.is(200).text;
        for shown in ["Given name</label>", "name=\"claim.degree.year\"", "inputmode=\"numeric\"", "Year <span class=\"optional\">"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        let offered = send(&clerk, &form, &TYPED).await.is(303);
        let page = clerk.get(offered.header("location")).await.is(200).text;
        let id = acme.key.get(ISSUANCES).await.column("id")[0].as_str().unwrap().to_owned();
        let path = format!("{LIST}/{id}");
        for shown in ["The offer is ready.", "<svg xmlns", "openid-credential-offer://", &format!("data-live=\"{path}\""), "student-7"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        assert!(!page.contains("Lovelace"), "what it says is for its holder alone");

        acme.holder(&acme.look(&id).await).take().await;
        let page = clerk.get(&path).await.is(200).text;
        assert!(page.contains("The credential is with its holder.") && !page.contains("data-live") && !page.contains("<svg xmlns"), "{page}");
        assert!(clerk.get(LIST).await.is(200).text.contains("student-7"));
        assert!(clerk.get(&format!("{LIST}?status=offered")).await.is(200).text.contains("No credential matches"));
    }

    async fn what_was_refused_stands_beside_its_field_under_its_label(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let clerk = user(&acme.wallet, &["issue_credentials:change"]).await;
        let form = format!("{LIST}/new/{}", acme.template);
        let typed = [("claim.given_name", ""), ("claim.degree.name", "<b>"), ("claim.degree.year", "long ago"), ("expires_in", "86400")];
        let page = send(&clerk, &form, &typed).await.is(422).text;
        assert!(page.contains("Year must be a whole number."), "{page}");
        assert!(page.contains("&#60;b&#62;") && page.contains("value=\"long ago\""), "{page}");
        let typed = [("claim.degree.name", "Mathematics"), ("expires_in", "86400")];
        let page = send(&clerk, &form, &typed).await.is(422).text;
        assert!(page.contains("id=\"claim.given_name-error\"") && page.contains("Given name is required."), "{page}");
        let page = send(&clerk, &form, &[&TYPED[..], &[("colour", "red")]].concat()).await.is(422).text;
        assert!(page.contains("is not known here"), "{page}");
        assert!(acme.key.get(ISSUANCES).await.column("id").is_empty());
    }

    async fn a_transaction_code_is_shown_once_and_is_the_right_one(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let clerk = user(&acme.wallet, &["issue_credentials:change"]).await;
        let form = format!("{LIST}/new/{}", acme.template);
        let page = send(&clerk, &form, &[&TYPED[..], &[("tx_code", "on")]].concat()).await.is(200).text;
        let shown = page.split("autofocus>").nth(1).unwrap().split('<').next().unwrap();
        let id = acme.key.get(ISSUANCES).await.column("id")[0].as_str().unwrap().to_owned();
        assert!(!clerk.get(&format!("{LIST}/{id}")).await.text.contains(shown));
        acme.holder(&acme.look(&id).await).token(&[("tx_code", shown)]).await;
    }

    async fn an_offer_is_taken_back_and_a_credential_revoked_after_a_question(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let clerk = user(&acme.wallet, &["issue_credentials:change"]).await;
        let (open, issued) = (acme.offer(json!({})).await, acme.offer(json!({})).await);
        acme.holder(&issued).take().await;
        let path = |issuance: &serde_json::Value| format!("{LIST}/{}", issuance["id"].as_str().unwrap());
        for (object, verb, status) in [(&open, "cancel", "cancelled"), (&issued, "suspend", "issued"), (&issued, "restore", "issued"), (&issued, "revoke", "issued")] {
            let dialog = format!("{}/{verb}", path(object));
            assert!(clerk.get(&path(object)).await.text.contains(&format!("href=\"{dialog}\"")), "{verb} is not offered");
            assert!(clerk.get(&dialog).await.is(200).text.contains("<dialog open"));
            send(&clerk, &dialog, &[]).await.is(303);
            assert_eq!(acme.status(object["id"].as_str().unwrap()).await, status);
        }
        assert_eq!(acme.look(issued["id"].as_str().unwrap()).await["credential"]["status"], "revoked");
        // What cannot be done any more is refused in the dialog.
        let again = send(&clerk, &format!("{}/cancel", path(&open)), &[]).await.is(422).text;
        assert!(again.contains("The offer is not open any more"), "{again}");
        clerk.get(&format!("{}/unknown", path(&open))).await.is(404);
    }

    async fn m7_with_view_alone_nothing_is_offered_and_nothing_is_done(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let path = format!("{LIST}/{}", offered["id"].as_str().unwrap());
        let auditor = user(&acme.wallet, &["issue_credentials:view"]).await;
        let page = auditor.get(&path).await.is(200).text;
        assert!(!page.contains("/cancel") && !auditor.get(LIST).await.text.contains(&format!("{LIST}/new")), "{page}");
        for dialog in [format!("{path}/cancel"), format!("{LIST}/new/{}", acme.template)] {
            auditor.get(&dialog).await.is(403);
            send(&auditor, &dialog, &TYPED).await.is(403);
        }
        let stranger = browser(&*server.wallet("Bolt").await.session(&["issue_credentials:change"]).await);
        stranger.get(&path).await.is(404);
        stranger.get(&format!("{path}/cancel")).await.is(404);
        assert_eq!(acme.status(offered["id"].as_str().unwrap()).await, "offered");
    }
}
