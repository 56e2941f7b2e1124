//! Answers that are not believed. Each is wrong in one way, and is rejected by the check of that name alone; what
//! follows from it is told to be unchecked.

use serde_json::{Map, Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::jws;
use vc::keys::SigningKey;
use vc::sd_jwt_vc::Draft;
use vc::status_list::{Bits, Status, StatusList, StatusListToken, StatusReference};

use super::site::Site;
use super::{Desk, credential_query, membership, outcome};
use crate::support::Server;
use crate::support::holder::{Fetched, NOW_SECONDS, VCT, credential, issuer, key, signed};

/// The key binding of a presentation with one claim set otherwise, signed by the holder.
fn rebound(fetched: &Fetched, presentation: &str, name: &str, value: Value, key: &SigningKey) -> String {
    let (sd_jwt, binding) = presentation.rsplit_once('~').unwrap();
    let mut claims = jws::Jws::parse(binding, "kb+jwt").unwrap().claims;
    assert_eq!(claims["nonce"], fetched.text("nonce"));
    if value.is_null() {
        claims.remove(name)
    } else {
        claims.insert(name.to_owned(), value)
    };
    format!("{sd_jwt}~{}", jws::sign(key, "kb+jwt", Map::new(), &claims))
}

store::both_databases! {
    async fn a_response_counts_once(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        let answer = [("membership", presentation.as_str())];
        fetched.answer(&desk.nobody, &answer).await.is(200);
        let before = desk.view(&id).await;
        fetched.answer(&desk.nobody, &answer).await.oauth_error(400, "invalid_request");
        assert_eq!(desk.view(&id).await, before);
        let (other, again) = desk.asked().await;
        again.answer(&desk.nobody, &answer).await.oauth_error(400, "invalid_request");
        assert_eq!(outcome(&desk.view(&other).await, "nonce").0, "failed", "a presentation of another request");
    }

    async fn a_rejected_answer_cannot_be_mended(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let wrong = fetched.answer(&desk.nobody, &[("membership", "garbage~")]).await;
        let said = wrong.oauth_error(400, "invalid_request").member("error_description");
        assert!(said.contains("form"), "{said}");
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        assert_eq!(desk.view(&id).await["status"], "rejected");
    }

    async fn an_answer_with_another_state_changes_nothing(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let path = crate::support::holder::path_of(&fetched.text("response_uri"));
        let token = json!({"membership": [fetched.present(&credential(|_| {}), &["name"])]}).to_string();
        let state = fetched.text("state");
        for form in [
            &[("vp_token", token.as_str())][..],
            &[("vp_token", &token), ("state", "wrong")],
            &[("vp_token", &token), ("state", &state), ("state", &state)],
            &[("vp_token", "garbage")],
            &[("vp_token", "garbage"), ("state", "wrong")],
            &[("vp_token", &token), ("error", "access_denied"), ("state", "wrong")],
            &[("error", "access_denied"), ("state", "wrong")],
            &[("response", "eyJ")],
            &[],
        ] {
            desk.nobody.post_form(&path, form).await.oauth_error(400, "invalid_request");
        }
        desk.nobody.post(&path, json!({"vp_token": token, "state": "wrong"})).await.oauth_error(400, "invalid_request");
        let nowhere = path.replace(&id, &desk.wallet.id.to_string());
        desk.nobody.post_form(&nowhere, &[("vp_token", &token), ("state", &state)]).await.oauth_error(400, "invalid_request");
        assert_eq!(desk.view(&id).await["status"], "retrieved");
        desk.nobody.post_form(&path, &[("vp_token", &token), ("state", &state)]).await.is(200);
    }

    async fn a_malformed_answer_with_the_state_of_the_request_ends_it_with_its_reason(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let token = json!({"membership": ["x~"]}).to_string();
        let forms: [(&[(&str, &str)], &str); 8] = [
            (&[("vp_token", "garbage")], "vp_token"),
            (&[("vp_token", "{}")], "vp_token"),
            (&[("vp_token", "[\"x~\"]")], "vp_token"),
            (&[("vp_token", "{\"membership\": \"x~\"}")], "vp_token"),
            (&[("vp_token", "{\"membership\": [{}]}")], "vp_token"),
            (&[("vp_token", &token), ("error", "access_denied")], "one of"),
            (&[("response", "eyJ")], "direct_post.jwt"),
            (&[], "one of"),
        ];
        for (form, reason) in forms {
            let (id, fetched) = desk.asked().await;
            let refused = fetched.post(&desk.nobody, form).await.oauth_error(400, "invalid_request");
            assert!(refused.member("error_description").contains(reason), "{}", refused.text);
            let verification = desk.rejected_by(db, &id, &["answer"]).await;
            let told = verification["result"]["checks"][0]["reason"].as_str().unwrap().to_owned();
            assert!(told.contains(reason) && !told.contains("line 1"), "{told}");
        }
        let (id, fetched) = desk.asked().await;
        let path = crate::support::holder::path_of(&fetched.text("response_uri"));
        let body = json!({"vp_token": {"membership": ["x~"]}, "state": fetched.text("state")});
        desk.nobody.post(&path, body).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["answer"]).await;
        assert!(verification["result"]["checks"][0]["reason"].as_str().unwrap().contains("x-www-form-urlencoded"));
    }

    async fn a_key_binding_whose_time_is_over_or_has_not_come_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        for (claim, value, reason) in [
            ("exp", json!(NOW_SECONDS - 3600), "expired at 2026-11-23T09:00:00Z"),
            ("nbf", json!(NOW_SECONDS + 3600), "not valid before 2026-11-23T11:00:00Z"),
            ("iat", json!(NOW_SECONDS + 3600), "in the future"),
            ("iat", Value::Null, "does not say when it was made"),
            ("exp", json!("never"), "`exp`"),
        ] {
            let (id, fetched) = desk.asked().await;
            let made = fetched.present(&credential(|_| {}), &["name"]);
            let wrong = rebound(&fetched, &made, claim, value, &key(21));
            fetched.answer(&desk.nobody, &[("membership", &wrong)]).await.oauth_error(400, "invalid_request");
            let verification = desk.rejected_by(db, &id, &["key_binding"]).await;
            let (_, told) = outcome(&verification, "key_binding");
            assert!(told.contains(reason) && !told.contains("Some("), "{told}");
        }
    }

    async fn an_answer_that_comes_too_late_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        server.move_clock_to("2026-11-23T10:10:00Z");
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        assert_eq!(desk.view(&id).await["status"], "expired");
    }

    async fn a_wrong_nonce_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let made = fetched.present(&credential(|_| {}), &["name"]);
        let wrong = rebound(&fetched, &made, "nonce", json!("n-0S6_WzA2Mj"), &key(21));
        fetched.answer(&desk.nobody, &[("membership", &wrong)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["nonce"]).await;
    }

    async fn a_wrong_audience_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let made = fetched.present(&credential(|_| {}), &["name"]);
        let bare = fetched.text("client_id").strip_prefix("decentralized_identifier:").unwrap().to_owned();
        let wrong = rebound(&fetched, &made, "aud", json!(bare), &key(21));
        fetched.answer(&desk.nobody, &[("membership", &wrong)]).await.oauth_error(400, "invalid_request");
        let told = outcome(&desk.rejected_by(db, &id, &["audience"]).await, "audience").1;
        assert_eq!(told, format!("the presentation was made for another verifier: {bare}"));
        for nobody in [json!(null), json!(""), json!([bare])] {
            let (id, fetched) = desk.asked().await;
            let made = fetched.present(&credential(|_| {}), &["name"]);
            let wrong = rebound(&fetched, &made, "aud", nobody, &key(21));
            fetched.answer(&desk.nobody, &[("membership", &wrong)]).await.oauth_error(400, "invalid_request");
            let told = outcome(&desk.rejected_by(db, &id, &["audience"]).await, "audience").1;
            assert_eq!(told, "the presentation does not say for which verifier it was made (`aud`)");
        }
    }

    async fn a_missing_key_binding_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let made = fetched.present(&credential(|_| {}), &["name"]);
        let unbound = format!("{}~", made.rsplit_once('~').unwrap().0);
        fetched.answer(&desk.nobody, &[("membership", &unbound)]).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["key_binding"]).await;
        assert_eq!(outcome(&verification, "holder_binding").0, "skipped");
    }

    async fn a_key_binding_by_another_key_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let made = fetched.present(&credential(|_| {}), &["name"]);
        let stolen = rebound(&fetched, &made, "nonce", json!(fetched.text("nonce")), &key(22));
        fetched.answer(&desk.nobody, &[("membership", &stolen)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["holder_binding"]).await;
    }

    async fn a_key_binding_over_other_disclosures_or_of_another_time_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let credential = credential(|_| {});
        let more = fetched.present(&credential, &["name", "level"]);
        let binding = fetched.present(&credential, &["name"]).rsplit_once('~').unwrap().1.to_owned();
        let mixed = format!("{}~{binding}", more.rsplit_once('~').unwrap().0);
        fetched.answer(&desk.nobody, &[("membership", &mixed)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["key_binding"]).await;
        let (id, fetched) = desk.asked().await;
        let old = fetched.present_at(&credential, &["name"], NOW_SECONDS - 3600);
        fetched.answer(&desk.nobody, &[("membership", &old)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["key_binding"]).await;
    }

    async fn a_claim_that_is_asked_for_and_withheld_is_missed(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let less = fetched.present(&credential(|_| {}), &["level"]);
        fetched.answer(&desk.nobody, &[("membership", &less)]).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["query"]).await;
        assert!(outcome(&verification, "query").1.contains("name"), "{verification:#}");
    }

    async fn a_claim_of_another_value_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let mut query = json!({"credentials": [credential_query("membership", &["level"])]});
        query["credentials"][0]["claims"][0]["values"] = json!(["platinum"]);
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let gold = fetched.present(&credential(|_| {}), &["level"]);
        fetched.answer(&desk.nobody, &[("membership", &gold)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["query"]).await;
    }

    async fn a_disclosure_that_was_added_or_altered_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let encoded = |json: Value| {
            use base64::Engine as _;
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string())
        };
        let altered = |presentation: &str| {
            let mut parts: Vec<String> = presentation.split('~').map(str::to_owned).collect();
            parts[1] = encode_name(&encoded);
            parts.join("~")
        };
        let added = |presentation: &str| {
            let (sd_jwt, binding) = presentation.rsplit_once('~').unwrap();
            format!("{sd_jwt}~{}~{binding}", encoded(json!(["c2FsdA", "admin", true])))
        };
        for forge in [&altered as &dyn Fn(&str) -> String, &added] {
            let (id, fetched) = desk.asked().await;
            let forged = forge(&fetched.present(&credential(|_| {}), &["name"]));
            // The holder itself may forge, so the key binding is made anew.
            let sd_jwt = format!("{}~", forged.rsplit_once('~').unwrap().0);
            let hash = sha256(&sd_jwt);
            let forged = rebound(&fetched, &forged, "sd_hash", json!(hash), &key(21));
            fetched.answer(&desk.nobody, &[("membership", &forged)]).await.oauth_error(400, "invalid_request");
            desk.rejected_by(db, &id, &["form"]).await;
        }
    }

    async fn an_expired_or_not_yet_valid_credential_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let cases: [&dyn Fn(&mut Draft<'_>); 3] = [
            &|draft| draft.valid_until = Some(NOW_SECONDS - 60),
            &|draft| draft.valid_from = Some(NOW_SECONDS + 61),
            &|draft| draft.issued_at = NOW_SECONDS + 61,
        ];
        for change in cases {
            let (id, fetched) = desk.asked().await;
            let presentation = fetched.present(&credential(change), &["name"]);
            fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
            let verification = desk.rejected_by(db, &id, &["dates"]).await;
            assert_eq!(outcome(&verification, "signature").0, "passed");
        }
    }

    async fn a_forged_signature_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let kid = did_jwk_key_id(&issuer().parse().unwrap());
        let forged = signed(&key(8), &issuer(), &kid, |_| {});
        let presentation = fetched.present(&forged, &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["signature"]).await;
    }

    async fn an_issuer_off_the_trusted_list_is_refused_and_not_asked_for_keys(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let site = Site::start().await;
        let (id, fetched) = desk.asked().await;
        let stranger = signed(&key(8), &site.did(), &format!("{}#0", site.did()), |_| {});
        let presentation = fetched.present(&stranger, &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["trusted_issuer"]).await;
        assert_eq!(outcome(&verification, "signature").0, "skipped");
        assert!(site.asked().is_empty(), "a stranger chose where this server goes");
    }

    async fn an_issuer_that_is_trusted_for_another_type_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::asking(&server, &membership_of_any_type()).await;
        let did = did_jwk(&key(9).public());
        desk.trust("Registry", did.as_str(), &["urn:diploma"]).await;
        let (id, fetched) = desk.asked().await;
        let wrong = signed(&key(9), did.as_str(), &did_jwk_key_id(&did), |draft| draft.vct = VCT);
        let presentation = fetched.present(&wrong, &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["trusted_issuer"]).await;
        assert!(outcome(&verification, "trusted_issuer").1.contains("not for this type"));
    }

    async fn a_credential_of_another_type_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let did = did_jwk(&key(9).public());
        desk.trust("Registry", did.as_str(), &["urn:diploma"]).await;
        let (id, fetched) = desk.asked().await;
        let diploma = signed(&key(9), did.as_str(), &did_jwk_key_id(&did), |draft| draft.vct = "urn:diploma");
        let presentation = fetched.present(&diploma, &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["query"]).await;
    }

    async fn an_answer_to_what_was_not_asked_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        let answer = [("membership", presentation.as_str()), ("passport", &presentation)];
        fetched.answer(&desk.nobody, &answer).await.oauth_error(400, "invalid_request");
        let verification = desk.rejected_by(db, &id, &["answer"]).await;
        assert!(verification["result"]["checks"][0]["reason"].as_str().unwrap().contains("passport"));
    }

    async fn an_answer_that_lacks_a_credential_or_has_too_many_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let query = json!({"credentials": [credential_query("person", &["name"]), credential_query("member", &["level"])]});
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let person = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("person", &person)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["answer"]).await;
        let (id, fetched) = desk.asked().await;
        let (person, member) =
            (fetched.present(&credential(|_| {}), &["name"]), fetched.present(&credential(|_| {}), &["level"]));
        let token = json!({"person": [person, person], "member": [member]}).to_string();
        fetched.post(&desk.nobody, &[("vp_token", &token)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["answer"]).await;
    }

    async fn one_wrong_presentation_among_several_rejects_them_all(db: &Database) {
        let server = Server::start(db).await;
        let query = json!({"credentials": [credential_query("person", &["name"]), credential_query("member", &["level"])]});
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let person = fetched.present(&credential(|_| {}), &["name"]);
        let expired = credential(|draft| draft.valid_until = Some(NOW_SECONDS - 60));
        let member = fetched.present(&expired, &["level"]);
        fetched.answer(&desk.nobody, &[("person", &person), ("member", &member)]).await.oauth_error(400, "invalid_request");
        desk.rejected_by(db, &id, &["dates"]).await;
    }

    async fn garbage_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        for garbage in ["", "~", "garbage", "a.b.c~", "eyJhbGciOiJub25lIn0.e30.~", "~~~~", "é~\u{0}"] {
            let (id, fetched) = desk.asked().await;
            fetched.answer(&desk.nobody, &[("membership", garbage)]).await.oauth_error(400, "invalid_request");
            let (_, told) = outcome(&desk.rejected_by(db, &id, &["form"]).await, "form");
            // Who reads this asked for a credential, and has none to import.
            assert!(!told.is_empty() && !["paste", "import", "ask the issuer"].iter().any(|advice| told.contains(advice)), "{told}");
        }
    }

    async fn a_revoked_or_suspended_credential_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let site = Site::start().await;
        let (uri, did) = (site.url("/status"), did_jwk(&key(7).public()));
        let mut list = StatusList::new(Bits::Two, 100);
        list.set(1, Status::Invalid).unwrap();
        list.set(2, Status::Suspended).unwrap();
        site.publish("/status", &token(&did, &uri, list).sign(&key(7), &did_jwk_key_id(&did)));
        for (index, reason) in [(0, None), (1, Some("revoked")), (2, Some("suspended"))] {
            let (id, fetched) = desk.asked().await;
            let status = StatusReference { uri: uri.clone(), index }.claim();
            let credential = credential(|draft| draft.status = Some(status));
            let presentation = fetched.present(&credential, &["name"]);
            let answer = fetched.answer(&desk.nobody, &[("membership", &presentation)]).await;
            let Some(reason) = reason else {
                answer.is(200);
                assert_eq!(outcome(&desk.view(&id).await, "status").0, "passed");
                let kept = desk.view(&id).await["id"].as_str().unwrap().to_owned();
                desk.key.delete(&format!("{}/{kept}", super::VERIFICATIONS)).await.is(204);
                continue;
            };
            answer.oauth_error(400, "invalid_request");
            let verification = desk.rejected_by(db, &id, &["status"]).await;
            assert!(outcome(&verification, "status").1.contains(reason));
        }
    }

    async fn a_status_list_of_somebody_else_or_none_at_all_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let site = Site::start().await;
        let (uri, did) = (site.url("/status"), did_jwk(&key(8).public()));
        let list = StatusList::new(Bits::Two, 100);
        for served in [Some(token(&did, &uri, list).sign(&key(8), &did_jwk_key_id(&did))), Some("garbage".to_owned()), None] {
            if let Some(served) = &served {
                site.publish("/status", served);
            } else {
                site.withdraw("/status");
            }
            let (id, fetched) = desk.asked().await;
            let status = StatusReference { uri: uri.clone(), index: 0 }.claim();
            let presentation = fetched.present(&credential(|draft| draft.status = Some(status)), &["name"]);
            fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.oauth_error(400, "invalid_request");
            desk.rejected_by(db, &id, &["status"]).await;
        }
    }
}

fn membership_of_any_type() -> Value {
    let mut query = membership();
    query["credentials"][0]["meta"] = json!({});
    query
}

fn token(did: &vc::did::Did, uri: &str, list: StatusList) -> StatusListToken {
    StatusListToken {
        issuer: Some(did.to_string()),
        uri: uri.to_owned(),
        issued_at: NOW_SECONDS,
        expires_at: None,
        ttl: None,
        list,
    }
}

fn encode_name(encoded: &dyn Fn(Value) -> String) -> String {
    encoded(json!(["c2FsdA", "name", "Eve"]))
}

fn sha256(text: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(text.as_bytes()))
}
