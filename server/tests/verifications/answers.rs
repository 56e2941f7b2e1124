//! Presentations that are as they must be.

use serde_json::json;

use super::{Desk, VERIFICATIONS, VERIFIED, credential_query, failing, membership, outcome};
use crate::support::Server;
use crate::support::holder::{Fetched, NOW_SECONDS, VCT, credential, fetch, issuer};

/// Makes the form that a wallet sends.
type Form<'a> = &'a dyn Fn(&Fetched) -> Vec<(&'static str, String)>;

store::both_databases! {
    async fn a_presentation_is_verified_and_what_it_disclosed_is_kept(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        server.move_clock_to("2026-11-23T10:01:00Z");
        let answer = fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        assert_eq!(answer.json(), json!({}));
        assert_eq!(answer.header("content-type"), "application/json");

        let verification = desk.view(&id).await;
        assert_eq!(verification["status"], "verified");
        assert_eq!(verification["finished_at"], "2026-11-23T10:01:00Z");
        assert_eq!(verification["kept_until"], "2026-12-23T10:01:00Z");
        let presented = &verification["result"]["credentials"][0];
        assert_eq!((&presented["query_id"], &presented["vct"]), (&json!("membership"), &json!(VCT)));
        assert_eq!(presented["issuer"], issuer());
        assert_eq!(presented["claims"]["name"], "Ada Lovelace");
        assert_eq!(presented["claims"].get("level"), None, "what was withheld is not known");
        let checks = presented["checks"].as_array().unwrap().iter();
        let passed: Vec<_> = checks.filter(|check| check["outcome"] == "passed").map(|check| &check["check"]).collect();
        let expected = [
            "form", "key_binding", "holder_binding", "audience", "nonce", "trusted_issuer", "signature", "dates", "query", "disclosure",
        ];
        assert_eq!(passed, expected);
        let unkept = ("skipped".to_owned(), "its issuer keeps no status of it".to_owned());
        assert_eq!(outcome(&verification, "status"), unkept);

        let kept = presented["verified_credential"].as_str().unwrap();
        let kept = desk.key.get(&format!("{VERIFIED}/{kept}")).await.is(200).json();
        assert_eq!(kept["claims"], presented["claims"]);
        assert_eq!(kept["checks"], presented["checks"]);
        assert_eq!((&kept["verification"], &kept["verified_at"]), (&json!(id), &json!("2026-11-23T10:01:00Z")));
    }

    async fn several_credentials_answer_one_query(db: &Database) {
        let server = Server::start(db).await;
        let mut several = credential_query("memberships", &["level"]);
        several["multiple"] = json!(true);
        let query = json!({"credentials": [credential_query("person", &["name", "city"]), several]});
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let person = fetched.present(&credential(|_| {}), &["name", "city"]);
        let level = |level: &str| {
            let credential = credential(|draft| { draft.claims.insert("level".to_owned(), json!(level)); });
            fetched.present(&credential, &["level"])
        };
        let token = json!({"person": [person], "memberships": [level("gold"), level("silver")]}).to_string();
        fetched.post(&desk.nobody, &[("vp_token", &token)]).await.is(200);
        let verification = desk.view(&id).await;
        assert_eq!(verification["status"], "verified", "{verification:#}");
        let credentials = verification["result"]["credentials"].as_array().unwrap();
        let claims: Vec<_> = credentials.iter().map(|one| (&one["query_id"], &one["claims"]["level"])).collect();
        let (person, members) = (json!("person"), json!("memberships"));
        assert_eq!(claims, [(&person, &json!(null)), (&members, &json!("gold")), (&members, &json!("silver"))]);
        assert_eq!(credentials[0]["claims"]["city"], "London");
        assert_eq!(desk.key.get(&format!("{VERIFIED}?verification={id}")).await.is(200).column("id").len(), 3);
    }

    async fn one_of_several_options_is_enough(db: &Database) {
        let server = Server::start(db).await;
        let other = json!({"id": "diploma", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:diploma"]}});
        let sets = json!([{"options": [["diploma"], ["membership"]]}]);
        let query = json!({"credentials": [credential_query("membership", &["name"]), other], "credential_sets": sets});
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        assert_eq!(desk.view(&id).await["status"], "verified");
    }

    async fn where_no_key_binding_is_asked_for_none_is_needed(db: &Database) {
        let server = Server::start(db).await;
        let mut query = membership();
        query["credentials"][0]["require_cryptographic_holder_binding"] = json!(false);
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let bound = fetched.present(&credential(|_| {}), &["name"]);
        let unbound = format!("{}~", bound.rsplit_once('~').unwrap().0);
        fetched.answer(&desk.nobody, &[("membership", &unbound)]).await.is(200);
        let verification = desk.view(&id).await;
        assert_eq!(verification["status"], "verified");
        assert_eq!(outcome(&verification, "nonce").0, "skipped");
    }

    async fn any_issuer_is_trusted_where_the_template_says_so(db: &Database) {
        let server = Server::start(db).await;
        let mut desk = Desk::empty(&server).await;
        desk.template = desk.template("did:jwk", &membership(), "any_issuer", 30).await;
        let (id, fetched) = desk.asked().await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        let (outcome, reason) = outcome(&desk.view(&id).await, "trusted_issuer");
        assert_eq!((outcome.as_str(), reason.as_str()), ("passed", "The template accepts any issuer."));
    }

    async fn the_holder_comes_back_with_a_code_that_is_redeemed_once(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask_with(json!({"redirect_uri": "https://shop.example/done?order=17#end"})).await;
        let id = made["id"].as_str().unwrap();
        let fetched = fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await;
        let presentation = fetched.present(&credential(|_| {}), &["name"]);
        let answer = fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        let redirect = answer.member("redirect_uri");
        let (before, code) = redirect.strip_suffix("#end").unwrap().split_once("&response_code=").unwrap();
        assert_eq!(before, "https://shop.example/done?order=17");
        assert!(code.len() >= 43);

        let path = format!("{VERIFICATIONS}/{id}/redeem");
        let redeem = async |code: &str| desk.key.post(&path, json!({"response_code": code})).await;
        redeem("wrong").await.problem(409, "response-code-invalid");
        assert_eq!(redeem(code).await.is(200).json()["result"]["credentials"][0]["claims"]["name"], "Ada Lovelace");
        redeem(code).await.problem(409, "response-code-invalid");
    }

    async fn a_wallet_may_say_that_it_does_not_present(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let form = [("error", "access_denied"), ("error_description", "not today")];
        assert_eq!(fetched.post(&desk.nobody, &form).await.is(200).json(), json!({}));
        let verification = desk.view(&id).await;
        assert_eq!((verification["status"].as_str(), failing(&verification)), (Some("declined"), vec!["answer".to_owned()]));
        let listed = async |status: &str| desk.key.get(&format!("{VERIFICATIONS}?status={status}")).await.is(200).column("id");
        assert_eq!((listed("declined").await, listed("rejected").await), (vec![json!(id)], Vec::new()));
        let reason = verification["result"]["checks"][0]["reason"].as_str().unwrap();
        assert_eq!(reason, "the wallet answered access_denied: not today");
    }

    async fn the_browser_comes_back_however_it_went_and_its_code_leads_to_the_result(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let expired = credential(|draft| draft.valid_until = Some(NOW_SECONDS - 60));
        let cases: [(&str, Form<'_>); 4] = [
            ("declined", &|_| vec![("error", "access_denied".to_owned())]),
            ("rejected", &|fetched| {
                vec![("vp_token", json!({"membership": [fetched.present(&expired, &["name"])]}).to_string())]
            }),
            ("rejected", &|_| vec![("vp_token", "garbage".to_owned())]),
            ("rejected", &|_| vec![("vp_token", "{}".to_owned()), ("error", "access_denied".to_owned())]),
        ];
        for (status, form) in cases {
            let made = desk.ask_with(json!({"redirect_uri": "https://shop.example/done"})).await;
            let id = made["id"].as_str().unwrap();
            let fetched = fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await;
            let form = form(&fetched);
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = fetched.post(&desk.nobody, &form).await.is(200);
            let redirect = answer.member("redirect_uri");
            let code = redirect.strip_prefix("https://shop.example/done?response_code=").unwrap();
            assert_eq!(desk.view(id).await["status"], status);
            let path = format!("{VERIFICATIONS}/{id}/redeem");
            let redeemed = desk.key.post(&path, json!({"response_code": code})).await.is(200).json();
            assert_eq!(redeemed["status"], status);
            assert!(!redeemed["result"]["checks"][0]["check"].is_null(), "{redeemed:#}");
            desk.key.post(&path, json!({"response_code": code})).await.problem(409, "response-code-invalid");
        }
    }

    async fn only_what_was_asked_for_is_kept_and_what_was_shown_beyond_is_told(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        let visible = credential(|draft| {
            draft.claims.insert("member_since".to_owned(), json!(1843));
        });
        let presentation = fetched.present(&visible, &["name", "level", "city"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        let verification = desk.view(&id).await;
        assert_eq!(verification["status"], "verified", "{verification:#}");
        assert_eq!(verification["result"]["credentials"][0]["claims"], json!({"name": "Ada Lovelace"}));
        let (outcome, reason) = outcome(&verification, "disclosure");
        assert_eq!(outcome, "noted");
        assert!(reason.contains("level") && reason.contains("city"), "{reason}");
        assert!(!reason.contains("member_since"), "it cannot be withheld: {reason}");
        let contents = db.contents().await;
        assert!(!contents.windows(4).any(|bytes| bytes == b"gold"), "what was not asked for is in the database");
    }

    async fn a_query_that_names_no_claims_keeps_what_cannot_be_withheld(db: &Database) {
        let server = Server::start(db).await;
        let mut query = membership();
        query["credentials"][0].as_object_mut().unwrap().remove("claims");
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let visible = credential(|draft| {
            draft.claims.insert("member_since".to_owned(), json!(1843));
        });
        let presentation = fetched.present(&visible, &["level"]);
        fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        let verification = desk.view(&id).await;
        let claims = &verification["result"]["credentials"][0]["claims"];
        assert_eq!((&claims["member_since"], &claims["vct"], claims.get("level")), (&json!(1843), &json!(VCT), None));
        assert_eq!(outcome(&verification, "disclosure").0, "noted");
    }

    async fn of_a_list_only_the_elements_that_were_asked_for_are_kept(db: &Database) {
        let server = Server::start(db).await;
        let mut query = membership();
        query["credentials"][0]["claims"] = json!([{"path": ["clubs", 1]}]);
        let desk = Desk::asking(&server, &query).await;
        let listing = credential(|draft| {
            draft.claims.insert("clubs".to_owned(), json!(["chess", "go", "bridge"]));
            draft.selectively_disclosable = (0..3).map(|at| ["clubs".into(), at.into()].into()).collect();
        });
        let (id, fetched) = desk.asked().await;
        fetched.answer(&desk.nobody, &[("membership", &fetched.present(&listing, &["clubs"]))]).await.is(200);
        let verification = desk.view(&id).await;
        assert_eq!(verification["result"]["credentials"][0]["claims"], json!({"clubs": ["go"]}));
        let (outcome, reason) = outcome(&verification, "disclosure");
        assert_eq!(outcome, "noted");
        assert!(reason.contains("clubs[0]") && reason.contains("clubs[2]") && !reason.contains("clubs[1]"), "{reason}");
    }

    async fn a_position_beyond_the_end_of_a_list_is_not_answered_by_another(db: &Database) {
        let server = Server::start(db).await;
        let mut query = membership();
        query["credentials"][0]["claims"] = json!([{"path": ["n", 5]}]);
        let desk = Desk::asking(&server, &query).await;
        let (id, fetched) = desk.asked().await;
        let short = credential(|draft| drop(draft.claims.insert("n".to_owned(), json!([1, 2]))));
        fetched.answer(&desk.nobody, &[("membership", &fetched.present(&short, &[]))]).await.oauth_error(400, "invalid_request");
        assert_eq!(failing(&desk.view(&id).await), ["query"]);
    }

    async fn verified_credentials_are_listed_by_type_issuer_and_reference(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        for (reference, at) in [("order-1", "2026-11-23T10:00:00Z"), ("order-2", "2026-11-23T10:01:00Z")] {
            server.move_clock_to(at);
            let made = desk.ask_with(json!({"correlation_id": reference})).await;
            let fetched = fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await;
            let presentation = fetched.present(&credential(|_| {}), &["name"]);
            fetched.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        }
        let list = async |query: &str| desk.key.get(&format!("{VERIFIED}?{query}")).await.is(200).column("correlation_id");
        assert_eq!(list("").await, ["order-2", "order-1"]);
        assert_eq!(list("sort=verified_at&limit=1").await, ["order-1"]);
        assert_eq!(list("correlation_id=order-1").await, ["order-1"]);
        assert_eq!(list(&format!("vct={VCT}&issuer={}", issuer())).await.len(), 2);
        assert!(list("vct=other").await.is_empty() && list("issuer=other").await.is_empty());
        assert_eq!(list("q=MEMBER").await.len(), 2);
        assert_eq!(desk.key.get(VERIFIED).await.json()["items"][0].get("claims"), None);
        desk.key.get(&format!("{VERIFIED}?vct=%00")).await.refuses(&[("vct", "invalid")]);
    }
}
