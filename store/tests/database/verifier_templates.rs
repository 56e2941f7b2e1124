//! Trusted issuers and verifier templates.

use model::{
    AllowedTypes, IdentifierId, RequestUriMethod, TrustPolicy, TrustedIssuer, TrustedIssuerId, VerifierTemplate,
};
use serde_json::json;
use store::testing::Database;
use store::{NewTrustedIssuer, NewVerifierTemplate, StoreError};

use crate::fixture::{NOW, Wallet, by, id, identifier, name, notes, serial};

fn issuer(text: &str) -> NewTrustedIssuer {
    NewTrustedIssuer {
        id: id(),
        name: name(text),
        issuer: format!("https://issuer-{}.example", serial()),
        types: AllowedTypes::Only(vec!["urn:diploma".parse().unwrap()]),
        notes: notes("Registrar"),
    }
}

fn template(text: &str, signer: IdentifierId, trust: TrustPolicy) -> NewVerifierTemplate {
    NewVerifierTemplate {
        id: id(),
        name: name(text),
        purpose: "To open an account".parse().unwrap(),
        identifier_id: signer,
        query: json!({"credentials": [{"id": "pid", "format": "dc+sd-jwt", "meta": {}}], "x": 1}),
        trust,
        retention: 90.try_into().unwrap(),
        request_uri_method: RequestUriMethod::Get,
    }
}

/// A wallet with an identifier that signs.
async fn with_signer(db: &Database) -> (Wallet, IdentifierId) {
    let wallet = Wallet::open(db).await;
    let signer = identifier("Main");
    wallet.change(async |tx| tx.insert_identifier(&signer).await).await.unwrap();
    (wallet, signer.id)
}

async fn add_issuer(wallet: &Wallet, new: &NewTrustedIssuer) -> Result<TrustedIssuer, StoreError> {
    wallet.change(async |tx| tx.insert_trusted_issuer(new).await).await
}

async fn add_template(wallet: &Wallet, new: &NewVerifierTemplate) -> Result<VerifierTemplate, StoreError> {
    wallet.change(async |tx| tx.insert_verifier_template(new).await).await
}

async fn get(wallet: &Wallet, new: &NewVerifierTemplate) -> Option<VerifierTemplate> {
    wallet.read().await.verifier_template(wallet.id, new.id).await.unwrap()
}

fn is_taken<T>(outcome: Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Taken))
}

store::both_databases! {
    async fn an_issuer_is_found_changed_and_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = issuer("University");
        add_issuer(&wallet, &new).await.unwrap();
        let held = wallet.read().await.trusted_issuer_called(wallet.id, &new.issuer).await.unwrap().unwrap();
        assert_eq!((held.id, held.name, held.types, held.notes), (new.id, new.name.clone(), new.types.clone(), new.notes.clone()));
        assert_eq!(held.created_at, NOW);

        let changed = NewTrustedIssuer { issuer: "did:web:u.example".to_owned(), types: AllowedTypes::Any, ..new.clone() };
        assert!(wallet.change(async |tx| tx.update_trusted_issuer(&changed).await).await.unwrap().is_some());
        let held = wallet.read().await.trusted_issuer(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((held.issuer.as_str(), held.types), ("did:web:u.example", AllowedTypes::Any));
        assert_eq!(wallet.read().await.trusted_issuer_called(wallet.id, &new.issuer).await.unwrap(), None);

        assert!(wallet.change(async |tx| tx.delete_trusted_issuer(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_trusted_issuer(new.id).await).await.unwrap());
        assert!(wallet.change(async |tx| tx.update_trusted_issuer(&changed).await).await.unwrap().is_none());
    }

    async fn d3_name_and_issuer_are_both_taken(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (issuer("Straße"), issuer("School"));
        add_issuer(&wallet, &first).await.unwrap();
        add_issuer(&wallet, &second).await.unwrap();
        assert!(is_taken(add_issuer(&wallet, &issuer("STRASSE")).await));
        assert!(is_taken(add_issuer(&wallet, &NewTrustedIssuer { issuer: first.issuer.clone(), ..issuer("C") }).await));
        let clash = NewTrustedIssuer { issuer: first.issuer.clone(), ..second };
        assert!(is_taken(wallet.change(async |tx| tx.update_trusted_issuer(&clash).await).await));
        let other = Wallet::named(&wallet.store, "Other").await;
        add_issuer(&other, &first_of_another(&first)).await.unwrap();
    }

    async fn a_template_comes_out_as_it_went_in_and_is_changed_and_deleted(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let new = template("Account", signer, TrustPolicy::ChosenIssuers(vec![id(), id()]));
        add_template(&wallet, &new).await.unwrap();
        let held = get(&wallet, &new).await.unwrap();
        assert_eq!((&held.name, &held.purpose, &held.query), (&new.name, &new.purpose, &new.query));
        assert_eq!((held.identifier_id, &held.trust, held.retention), (signer, &new.trust, new.retention));
        assert_eq!(held.created_at, NOW);
        let found = wallet.read().await.verifier_template_signed_by(wallet.id, signer).await.unwrap();
        assert_eq!(found, Some(held));

        let changed = NewVerifierTemplate {
            trust: TrustPolicy::AnyIssuer, retention: 0.try_into().unwrap(), query: json!({}),
            request_uri_method: RequestUriMethod::Post, ..new.clone()
        };
        assert!(wallet.change(async |tx| tx.update_verifier_template(&changed).await).await.unwrap().is_some());
        let held = get(&wallet, &new).await.unwrap();
        assert_eq!((held.trust, held.retention.days(), held.query), (TrustPolicy::AnyIssuer, 0, json!({})));
        assert_eq!(held.request_uri_method, RequestUriMethod::Post);

        assert!(wallet.change(async |tx| tx.delete_verifier_template(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_verifier_template(new.id).await).await.unwrap());
        assert!(wallet.change(async |tx| tx.update_verifier_template(&changed).await).await.unwrap().is_none());
        assert_eq!(wallet.read().await.verifier_template_signed_by(wallet.id, signer).await.unwrap(), None);
    }

    async fn d3_the_name_of_a_template_is_taken_until_it_is_deleted(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let (first, second) = (template("Straße", signer, TrustPolicy::AnyIssuer), template("B", signer, TrustPolicy::AnyIssuer));
        add_template(&wallet, &first).await.unwrap();
        add_template(&wallet, &second).await.unwrap();
        let clash = NewVerifierTemplate { name: name("STRASSE"), ..second };
        assert!(is_taken(wallet.change(async |tx| tx.update_verifier_template(&clash).await).await));
        wallet.change(async |tx| tx.delete_verifier_template(first.id).await).await.unwrap();
        assert!(wallet.change(async |tx| tx.update_verifier_template(&clash).await).await.unwrap().is_some());
    }

    async fn an_issuer_that_is_deleted_leaves_every_choice_and_no_choice_becomes_any(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let (university, school) = (issuer("University"), issuer("School"));
        add_issuer(&wallet, &university).await.unwrap();
        add_issuer(&wallet, &school).await.unwrap();
        let chosen = |ids: &[TrustedIssuerId]| TrustPolicy::ChosenIssuers(ids.to_vec());
        let both = template("Both", signer, chosen(&[university.id, school.id]));
        let one = template("One", signer, chosen(&[university.id]));
        let all = template("All", signer, TrustPolicy::TrustedIssuers);
        for new in [&both, &one, &all] {
            add_template(&wallet, new).await.unwrap();
        }
        wallet.change(async |tx| tx.delete_trusted_issuer(university.id).await).await.unwrap();
        assert_eq!(get(&wallet, &both).await.unwrap().trust, chosen(&[school.id]));
        assert_eq!(get(&wallet, &one).await.unwrap().trust, chosen(&[]), "trusts nobody");
        assert_eq!(get(&wallet, &all).await.unwrap().trust, TrustPolicy::TrustedIssuers);
    }

    async fn d9_the_issuers_and_templates_of_another_wallet_are_out_of_reach(db: &Database) {
        let (acme, signer) = with_signer(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let trusted = issuer("University");
        add_issuer(&acme, &trusted).await.unwrap();
        let new = template("Account", signer, TrustPolicy::ChosenIssuers(vec![trusted.id]));
        add_template(&acme, &new).await.unwrap();
        let before = get(&acme, &new).await;

        let mut read = other.read().await;
        assert_eq!(read.trusted_issuer(other.id, trusted.id).await.unwrap(), None);
        assert_eq!(read.trusted_issuer_called(other.id, &trusted.issuer).await.unwrap(), None);
        assert!(read.trusted_issuers(other.id, &by((), 10)).await.unwrap().items.is_empty());
        assert_eq!(read.verifier_template(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.verifier_template_signed_by(other.id, signer).await.unwrap(), None);
        assert!(read.verifier_templates(other.id, &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        assert!(other.change(async |tx| tx.update_trusted_issuer(&trusted).await).await.unwrap().is_none());
        assert!(!other.change(async |tx| tx.delete_trusted_issuer(trusted.id).await).await.unwrap());
        assert!(other.change(async |tx| tx.update_verifier_template(&new).await).await.unwrap().is_none());
        assert!(!other.change(async |tx| tx.delete_verifier_template(new.id).await).await.unwrap());
        assert!(acme.read().await.trusted_issuer(acme.id, trusted.id).await.unwrap().is_some());
        assert_eq!(get(&acme, &new).await, before);
    }
}

/// The same name and issuer under another id.
fn first_of_another(first: &NewTrustedIssuer) -> NewTrustedIssuer {
    NewTrustedIssuer { id: id(), ..first.clone() }
}
