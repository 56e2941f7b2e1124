//! Identifiers, trusted contacts and credentials.

use jiff::Timestamp;
use model::{DidMethod, IdentifierKey, TrustedContact};
use store::{CredentialFilter, CredentialSort, List, NewCredential, NewIdentifier, NewTrustedContact};

use crate::fixture::{NOW, Wallet, by, contact, credential, id, identifier, identifier_key, notes};

const LATER: Timestamp = Timestamp::constant(1_800_000_060, 0);

/// What a contact was made of.
fn new_again(contact: &TrustedContact) -> NewTrustedContact {
    NewTrustedContact {
        id: contact.id,
        name: contact.name.clone(),
        did: contact.did.clone(),
        notes: contact.notes.clone(),
        credential_issuer: contact.credential_issuer.clone(),
        credential_offer_endpoint: contact.credential_offer_endpoint.clone(),
    }
}

store::both_databases! {
    async fn a_rotated_identifier_keeps_its_old_keys_and_signs_with_the_newest(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = identifier("Main");
        // In one instant, so that only the retirement tells which of the two signs.
        let (second, third) = (identifier_key(), identifier_key());
        wallet.change(async |tx| tx.insert_identifier(&new).await).await.unwrap();
        assert!(wallet.change_at(LATER, async |tx| tx.add_identifier_key(new.id, &third).await).await.unwrap());
        assert!(wallet.change_at(LATER, async |tx| tx.add_identifier_key(new.id, &second).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.add_identifier_key(id(), &identifier_key()).await).await.unwrap());

        let mut read = wallet.read().await;
        let held = read.identifier(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((held.name, held.method, held.did), (new.name, DidMethod::Web, new.did));
        let ids = |keys: &[IdentifierKey]| keys.iter().map(|key| key.id).collect::<Vec<_>>();
        assert_eq!(ids(&held.keys), [second.id, third.id, new.key.id]);
        assert_eq!(held.keys[0].public_jwk, second.public_jwk);
        let retired: Vec<_> = held.keys.iter().map(|key| key.retired_at).collect();
        assert_eq!(retired, [None, Some(LATER), Some(LATER)]);
        assert_eq!(held.keys[2].created_at, NOW);
        let page = read.identifiers(wallet.id, &by((), 10)).await.unwrap();
        assert_eq!(ids(&page.items[0].keys), ids(&held.keys));
        for key in [&new.key, &second, &third] {
            assert_eq!(read.sealed_key(wallet.id, key.id).await.unwrap().as_ref(), Some(&key.sealed));
        }
    }

    async fn a_deleted_identifier_takes_its_keys_with_it(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (new, other) = (identifier("Main"), identifier("Other"));
        wallet.change(async |tx| {
            tx.insert_identifier(&new).await?;
            tx.insert_identifier(&other).await
        }).await.unwrap();
        assert!(wallet.change(async |tx| tx.delete_identifier(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_identifier(new.id).await).await.unwrap());

        let mut read = wallet.read().await;
        assert_eq!(read.identifier(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.sealed_key(wallet.id, new.key.id).await.unwrap(), None);
        assert_eq!(read.identifier(wallet.id, other.id).await.unwrap().unwrap().keys.len(), 1);
    }

    async fn a_document_is_found_without_its_wallet_for_did_web_only(db: &Database) {
        let wallet = Wallet::open(db).await;
        let web = identifier("Web");
        let jwk = NewIdentifier { method: DidMethod::Jwk, ..identifier("Jwk") };
        wallet.change(async |tx| {
            tx.insert_identifier(&web).await?;
            tx.insert_identifier(&jwk).await
        }).await.unwrap();
        let mut read = wallet.read().await;
        let found = read.identifier_for_document(web.id).await.unwrap().unwrap();
        assert_eq!((found.wallet_id, found.did, found.keys.len()), (wallet.id, web.did, 1));
        assert_eq!(read.identifier_for_document(jwk.id).await.unwrap(), None);
        assert_eq!(read.identifier_for_document(id()).await.unwrap(), None);
    }

    async fn a_contact_can_be_found_changed_and_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = contact("Chamber of Commerce");
        wallet.change(async |tx| tx.insert_trusted_contact(&new).await).await.unwrap();
        let held = wallet.read().await.trusted_contact_with_did(wallet.id, &new.did).await.unwrap().unwrap();
        assert_eq!((new_again(&held), held.created_at), (new.clone(), NOW));

        let other = NewTrustedContact {
            id: new.id,
            notes: notes("since 2027"),
            credential_offer_endpoint: Some("https://kvk.example/offers".to_owned()),
            ..contact("KVK")
        };
        assert!(wallet.change(async |tx| tx.update_trusted_contact(&other).await).await.unwrap().is_some());
        let held = wallet.read().await.trusted_contact(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!(new_again(&held), other);
        assert_eq!(wallet.read().await.trusted_contact_with_did(wallet.id, &new.did).await.unwrap(), None);

        assert!(wallet.change(async |tx| tx.delete_trusted_contact(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_trusted_contact(new.id).await).await.unwrap());
        assert!(wallet.change(async |tx| tx.update_trusted_contact(&other).await).await.unwrap().is_none());
    }

    async fn a_contact_is_found_by_its_credential_issuer(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = contact("Chamber of Commerce");
        let silent = NewTrustedContact { credential_issuer: None, ..contact("Partner") };
        let as_silent = NewTrustedContact { credential_issuer: None, ..contact("Supplier") };
        wallet.change(async |tx| {
            tx.insert_trusted_contact(&new).await?;
            tx.insert_trusted_contact(&silent).await?;
            tx.insert_trusted_contact(&as_silent).await
        }).await.unwrap();
        let issuer = new.credential_issuer.unwrap();
        let found = wallet.read().await.trusted_contact_of_issuer(wallet.id, &issuer).await.unwrap().unwrap();
        assert_eq!(found.id, new.id);
        for other in ["", "https://other.example", &format!("{issuer}/")] {
            assert_eq!(wallet.read().await.trusted_contact_of_issuer(wallet.id, other).await.unwrap(), None, "{other}");
        }
    }

    async fn a_credential_comes_out_as_it_went_in(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = NewCredential {
            valid_from: Some(NOW),
            valid_until: Some(LATER),
            ..credential("https://issuer.example/Diploma")
        };
        wallet.change(async |tx| tx.insert_credential(&new).await).await.unwrap();
        let held = wallet.read().await.credential(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((held.vct, held.issuer, held.claims), (new.vct, new.issuer, new.claims));
        assert_eq!((held.disclosures, held.compact), (new.disclosures, new.compact));
        assert_eq!((held.issued_at, held.valid_from, held.valid_until), (Some(NOW), Some(NOW), Some(LATER)));
        assert!(wallet.change(async |tx| tx.delete_credential(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_credential(new.id).await).await.unwrap());
        assert_eq!(wallet.read().await.credential(wallet.id, new.id).await.unwrap(), None);
    }

    async fn credentials_are_filtered_by_type_and_issuer_and_searched_by_type(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (diploma, licence) = (credential("Diploma"), credential("Licence_Ä"));
        let foreign = NewCredential { issuer: "did:web:other.example".to_owned(), ..credential("Diploma") };
        wallet.change(async |tx| {
            tx.insert_credential(&diploma).await?;
            tx.insert_credential(&licence).await?;
            tx.insert_credential(&foreign).await
        }).await.unwrap();

        let some = |text: &str| Some(text.to_owned());
        let (diplomas, theirs) = (some("Diploma"), some("did:web:other.example"));
        for (vct, issuer, q, expected) in [
            (None, None, None, vec![diploma.id, licence.id, foreign.id]),
            (diplomas.clone(), None, None, vec![diploma.id, foreign.id]),
            (diplomas, theirs.clone(), None, vec![foreign.id]),
            (some("diploma"), None, None, vec![]),
            (None, theirs, some("licence"), vec![]),
            (None, None, some(" LICENCE_ä "), vec![licence.id]),
            (None, None, some("e__"), vec![]),
            (None, None, some("%"), vec![]),
        ] {
            let filter = CredentialFilter { vct, issuer, ..CredentialFilter::default() };
            let list = List { q, ..by(CredentialSort::CreatedAt, 10) };
            let page = wallet.read().await.credentials(wallet.id, &filter, &list).await.unwrap();
            let ids: Vec<_> = page.items.iter().map(|credential| credential.id).collect();
            assert_eq!(ids, expected, "{filter:?} {list:?}");
        }
    }

    async fn a_credential_that_never_ends_is_sorted_after_those_that_do(db: &Database) {
        let wallet = Wallet::open(db).await;
        let forever = credential("Forever");
        let until = |at| NewCredential { valid_until: Some(at), ..credential("Ends") };
        let (late, soon) = (until(LATER), until(NOW));
        wallet.change(async |tx| {
            for new in [&forever, &late, &soon] {
                tx.insert_credential(new).await?;
            }
            Ok(())
        }).await.unwrap();
        let mut expected = vec![soon.id, late.id, forever.id];
        for descending in [false, true] {
            let list = List { descending, ..by(CredentialSort::ValidUntil, 10) };
            let page = wallet.read().await.credentials(wallet.id, &CredentialFilter::default(), &list).await.unwrap();
            assert_eq!(page.items.iter().map(|item| item.id).collect::<Vec<_>>(), expected);
            expected.reverse();
        }
    }
}
