//! Holders that a credential names by the key of a DID (`cnf.kid`, RFC 7800 §3.4).

use serde_json::{Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::jws;

use super::site::Site;
use super::{Desk, failing, outcome};
use crate::support::Server;
use crate::support::holder::{NOW_SECONDS, VCT, issuer, key};

/// A credential of the trusted issuer that names its holder so, with a name that cannot be withheld.
fn bound_to(cnf: &Value) -> String {
    let Value::Object(claims) =
        json!({"iss": issuer(), "vct": VCT, "iat": NOW_SECONDS - 60, "cnf": cnf, "name": "Ada Lovelace"})
    else {
        unreachable!()
    };
    let kid = did_jwk_key_id(&issuer().parse().unwrap());
    format!("{}~", jws::sign(&key(7), "dc+sd-jwt", jws::kid(&kid), &claims))
}

/// Shows it with a key binding by `key(21)`; how that went.
async fn shown(desk: &Desk<'_>, cnf: &Value) -> Value {
    let (id, fetched) = desk.asked().await;
    let presentation = fetched.present(&bound_to(cnf), &["name"]);
    fetched.answer(&desk.nobody, &[("membership", &presentation)]).await;
    desk.view(&id).await
}

store::both_databases! {
    async fn a_holder_is_known_by_the_keys_with_which_its_did_web_authenticates(db: &Database) {
        let server = Server::start(db).await;
        let (desk, site) = (Desk::open(&server).await, Site::start().await);
        let did = site.did();
        let methods = json!([
            {"id": "#logs-in", "type": "JsonWebKey2020", "publicKeyJwk": key(21).public()},
            {"id": format!("{did}#asserts"), "type": "JsonWebKey2020", "publicKeyJwk": key(21).public()},
            {"id": "#other", "type": "JsonWebKey2020", "publicKeyJwk": key(22).public()},
        ]);
        let document = json!({
            "id": did,
            "verificationMethod": methods,
            "authentication": [format!("{did}#logs-in"), "#other"],
            "assertionMethod": ["#asserts"],
        });
        site.publish("/.well-known/did.json", &document.to_string());
        let good = shown(&desk, &json!({"kid": format!("{did}#logs-in")})).await;
        assert_eq!((good["status"].as_str(), outcome(&good, "holder_binding").0.as_str()), (Some("verified"), "passed"), "{good:#}");
        // A key that does not authenticate, one of somebody else, and none.
        for fragment in ["#asserts", "#other", "#none", ""] {
            let wrong = shown(&desk, &json!({"kid": format!("{did}{fragment}")})).await;
            assert_eq!(wrong["status"], "rejected", "{fragment}");
            assert_eq!(failing(&wrong), ["holder_binding"], "{fragment}: {wrong:#}");
        }
        site.withdraw("/.well-known/did.json");
        let gone = shown(&desk, &json!({"kid": format!("{did}#logs-in")})).await;
        assert_eq!(failing(&gone), ["holder_binding"], "{gone:#}");
    }

    async fn a_holder_is_known_by_its_did_jwk_and_by_no_other_method(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let own = did_jwk_key_id(&did_jwk(&key(21).public()));
        assert_eq!(shown(&desk, &json!({"kid": own})).await["status"], "verified");
        assert_eq!(shown(&desk, &json!({"jwk": key(21).public(), "kid": own})).await["status"], "verified");
        for kid in ["did:example:1#key", "key-1"] {
            let wrong = shown(&desk, &json!({"kid": kid})).await;
            assert!(failing(&wrong).contains(&"holder_binding".to_owned()), "{kid}: {wrong:#}");
        }
    }

    async fn the_did_of_a_holder_is_asked_only_when_a_trusted_issuer_has_signed_it(db: &Database) {
        let server = Server::start(db).await;
        let (desk, site) = (Desk::open(&server).await, Site::start().await);
        let (id, fetched) = desk.asked().await;
        let cnf = json!({"kid": format!("{}#key", site.did())});
        // Somebody else signed in the issuer's name.
        let forged = bound_to(&cnf);
        let (signed, _) = forged.trim_end_matches('~').rsplit_once('.').unwrap();
        let presentation = fetched.present(&format!("{signed}.{}~", "A".repeat(86)), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        let verification = desk.view(&id).await;
        assert_eq!(failing(&verification), ["signature"]);
        assert_eq!(outcome(&verification, "holder_binding").0, "skipped");
        assert!(site.asked().is_empty(), "a stranger chose where this server goes");
    }
}
