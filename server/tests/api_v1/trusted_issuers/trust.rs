//! Whose word is taken, and for what.

use model::{TrustPolicy, TrustedIssuerId};
use serde_json::json;
use verify::trusted_issuers::{Trust, trusts};

use super::ISSUERS;
use crate::support::{Server, Wallet};

const UNIVERSITY: &str = "did:web:university.example";
const SCHOOL: &str = "https://school.example";

async fn trust(server: &Server, wallet: &Wallet<'_>, policy: &TrustPolicy, issuer: &str, vct: &str) -> Trust {
    let mut conn = server.app.store.read().await.unwrap();
    trusts(&mut conn, wallet.id, policy, issuer, vct).await.unwrap()
}

/// Trusts the university for diplomas and the school for everything.
async fn list(wallet: &Wallet<'_>) -> [TrustedIssuerId; 2] {
    let maker = wallet.key(&["trusted_issuers:change"]).await;
    let mut ids = Vec::new();
    for body in [
        json!({"name": "University", "issuer": UNIVERSITY, "vcts": ["urn:diploma"]}),
        json!({"name": "School", "issuer": SCHOOL, "any_vct": true}),
    ] {
        ids.push(maker.post(ISSUERS, body).await.is(201).member("id").parse().unwrap());
    }
    ids.try_into().unwrap()
}

store::both_databases! {
    async fn an_empty_list_trusts_nobody(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        for policy in [TrustPolicy::TrustedIssuers, TrustPolicy::ChosenIssuers(Vec::new())] {
            let verdict = trust(&server, &acme, &policy, UNIVERSITY, "urn:diploma").await;
            assert_eq!(verdict, Trust::NotListed);
            assert!(!verdict.is_given());
        }
    }

    async fn an_issuer_is_trusted_for_its_types_and_an_issuer_off_the_list_is_not(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        list(&acme).await;
        let policy = TrustPolicy::TrustedIssuers;
        let given = async |issuer: &str, vct: &str| trust(&server, &acme, &policy, issuer, vct).await.is_given();
        assert!(given(UNIVERSITY, "urn:diploma").await);
        assert!(given(SCHOOL, "urn:anything").await);
        for stranger in ["did:web:other.example", "did:web:university.example.evil", "https://school.example/", ""] {
            assert!(!given(stranger, "urn:diploma").await, "{stranger}");
        }
    }

    async fn an_issuer_that_is_trusted_for_another_type_is_not_trusted_for_this_one(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        list(&acme).await;
        for vct in ["urn:pid", "urn:DIPLOMA", "urn:diploma/", ""] {
            let verdict = trust(&server, &acme, &TrustPolicy::TrustedIssuers, UNIVERSITY, vct).await;
            assert_eq!(verdict.to_string(), "“University” is trusted, but not for this type.");
            assert!(!verdict.is_given());
        }
    }

    async fn of_the_chosen_issuers_no_other_is_trusted(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let [university, _] = list(&acme).await;
        let policy = TrustPolicy::ChosenIssuers(vec![university]);
        assert!(trust(&server, &acme, &policy, UNIVERSITY, "urn:diploma").await.is_given());
        assert!(!trust(&server, &acme, &policy, UNIVERSITY, "urn:pid").await.is_given());
        assert!(!trust(&server, &acme, &policy, SCHOOL, "urn:diploma").await.is_given());
    }

    async fn anybody_is_trusted_only_by_a_policy_that_says_so(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let verdict = trust(&server, &acme, &TrustPolicy::AnyIssuer, "did:web:stranger.example", "urn:pid").await;
        assert!(verdict.is_given());
        assert_eq!(verdict, Trust::AnyIssuer);
    }

    async fn d9_the_list_of_another_wallet_trusts_nobody_here(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let [university, _] = list(&acme).await;
        for policy in [TrustPolicy::TrustedIssuers, TrustPolicy::ChosenIssuers(vec![university])] {
            assert!(!trust(&server, &bolt, &policy, UNIVERSITY, "urn:diploma").await.is_given());
        }
    }

    async fn an_issuer_that_is_deleted_is_trusted_no_longer(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let [university, _] = list(&acme).await;
        let key = acme.key(&["trusted_issuers:change"]).await;
        key.delete(&format!("{ISSUERS}/{university}")).await.is(204);
        for policy in [TrustPolicy::TrustedIssuers, TrustPolicy::ChosenIssuers(vec![university])] {
            assert!(!trust(&server, &acme, &policy, UNIVERSITY, "urn:diploma").await.is_given());
        }
    }
}
