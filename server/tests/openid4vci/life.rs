//! From the offer to the credential, as a holder's wallet goes.

use serde_json::{Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::openid4vci::OfferLink;
use vc::sd_jwt_vc::HolderKey;

use crate::support::{Issuer, Server, follow};

store::both_databases! {
    async fn a_wallet_takes_a_credential_from_an_offer(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({"correlation_id": "student-7"})).await;
        let id = offered["id"].as_str().unwrap();
        assert_eq!((&offered["status"], &offered["correlation_id"]), (&json!("offered"), &json!("student-7")));
        assert_eq!(offered["offer"]["credential_issuer"], acme.url());
        let holder = acme.holder(&offered);

        let token = holder.token(&[]).await;
        assert_eq!(acme.status(id).await, "accepted");
        let request = holder.request(&holder.proof(&holder.nonce().await));
        let answer = holder.ask(&token, request).await.is(200).json();
        let compact = answer["credentials"][0]["credential"].as_str().unwrap();
        let credential = acme.verify(compact);
        assert_eq!(credential.vct, "urn:example:diploma");
        assert_eq!((&credential.claims["given_name"], &credential.claims["degree"]["year"]), (&json!("Ada Lovelace"), &json!(1843)));
        let paths: Vec<String> = credential.disclosed.iter().map(ToString::to_string).collect();
        assert_eq!(paths, ["degree.name", "given_name"]);
        assert_eq!(credential.holder_key, Some(HolderKey::Thumbprint(holder.key.public().thumbprint())));
        assert_eq!(credential.valid_until.unwrap() - credential.issued_at.unwrap(), 365 * 24 * 60 * 60);

        let now = acme.look(id).await;
        assert_eq!((&now["status"], &now["offer"], &now["qr"]), (&json!("issued"), &Value::Null, &Value::Null));
        assert_eq!(now["credential"]["holder_key"], holder.key.public().thumbprint());
        assert_eq!(now["credential"]["status"], "valid");
        let place = &now["credential"]["status_list"];
        assert_eq!(credential.status.unwrap()["status_list"], json!({"idx": place["idx"], "uri": place["uri"]}));
    }

    async fn an_offer_is_the_same_by_value_and_by_reference(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let origin = server.app.settings.public_url.origin().to_owned();
        let (link, by_value) = (offered["credential_offer_uri"].as_str().unwrap(), offered["credential_offer_by_value"].as_str().unwrap());
        assert!(matches!(OfferLink::parse(link), Ok(OfferLink::ByReference(_))));
        assert!(matches!(OfferLink::parse(by_value), Ok(OfferLink::ByValue(_))));
        let nobody = server.anonymous();
        let holder = acme.holder(&offered);
        assert_eq!(follow(&nobody, &origin, link).await, holder.offer);
        assert_eq!(follow(&nobody, &origin, by_value).await, holder.offer);
        assert!(offered["qr"].as_str().unwrap().starts_with("<svg"));

        // Once it is taken up there is nothing behind the address any more, and nobody can guess another one.
        let OfferLink::ByReference(url) = OfferLink::parse(link).unwrap() else { unreachable!() };
        let path = url.strip_prefix(&origin).unwrap();
        holder.take().await;
        nobody.get(path).await.problem(404, "not-found");
        let other = acme.offer(json!({})).await;
        let OfferLink::ByReference(other) = OfferLink::parse(other["credential_offer_uri"].as_str().unwrap()).unwrap() else { unreachable!() };
        let other = other.strip_prefix(&origin).unwrap();
        nobody.get(other).await.is(200);
        let last = if other.ends_with('A') { 'B' } else { 'A' };
        nobody.get(&format!("{}{last}", &other[..other.len() - 1])).await.problem(404, "not-found");
    }

    async fn an_offer_that_asks_for_a_transaction_code_is_taken_up_with_it(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let chosen = acme.offer(json!({"tx_code": "4711"})).await;
        assert_eq!(chosen["offer"]["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]["tx_code"],
            json!({"input_mode": "numeric", "length": 4}));
        assert_eq!((&chosen["tx_code_required"], &chosen["tx_code"]), (&json!(true), &Value::Null));
        acme.holder(&chosen).token(&[("tx_code", "4711")]).await;

        let made = acme.offer(json!({"tx_code": true})).await;
        let code = made["tx_code"].as_str().unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert_eq!(acme.look(made["id"].as_str().unwrap()).await["tx_code"], Value::Null);
        acme.holder(&made).token(&[("tx_code", code)]).await;
    }

    async fn a_wallet_can_bind_the_credential_to_its_did(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let offered = acme.offer(json!({})).await;
        let holder = acme.holder(&offered);
        let token = holder.token(&[]).await;
        let request = holder.request(&holder.proof_by_did(&holder.nonce().await));
        let answer = holder.ask(&token, request).await.is(200).json();
        let credential = acme.verify(answer["credentials"][0]["credential"].as_str().unwrap());
        assert_eq!(credential.holder_key, Some(HolderKey::Thumbprint(holder.key.public().thumbprint())));
        let kid = did_jwk_key_id(&did_jwk(&holder.key.public()));
        assert_eq!(credential.claims["cnf"], json!({"jwk": holder.key.public(), "kid": kid}));
    }

    async fn the_claims_leave_the_database_with_the_credential(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let (issued, expired) = (acme.offer(json!({})).await, acme.offer(json!({})).await);
        // They are sealed while they wait, and there is nothing sealed afterwards.
        assert!(!contains(&db.contents().await, "Lovelace"));
        let waiting = async || db.execute("UPDATE issuances SET wrong_tries = wrong_tries WHERE claims IS NOT NULL").await;
        assert_eq!(waiting().await, 2);
        acme.holder(&issued).take().await;
        assert_eq!(waiting().await, 1);
        server.move_clock_to("2026-11-24T10:00:00Z");
        assert_eq!(acme.status(expired["id"].as_str().unwrap()).await, "expired");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(waiting().await, 0);
        assert_eq!(acme.status(expired["id"].as_str().unwrap()).await, "expired");
        assert!(!contains(&db.contents().await, "Lovelace"));
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
