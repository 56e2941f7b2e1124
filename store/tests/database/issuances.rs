//! Issuances: what happens once happens once, and what ends leaves nothing personal behind.

use jiff::{SignedDuration, Timestamp};
use model::{
    Actor, CredentialStatus, Issuance, IssuanceFailure, IssuanceId, IssuanceStatus, IssuedCredential, StatusEntry,
};
use store::{IssuanceFilter, NewIssuance};

use crate::fixture::{NOW, Wallet, by, id, serial};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const TOKEN: [u8; 32] = [9; 32];

fn later() -> Timestamp {
    NOW.saturating_add(HOUR).unwrap()
}

/// An offer that holds for an hour, with secrets that no other has.
fn offer() -> NewIssuance {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&serial().to_be_bytes());
    NewIssuance {
        id: id(),
        template_id: id(),
        template_name: "Diploma".to_owned(),
        vct: "urn:example:diploma".to_owned(),
        correlation_id: Some("order-1".to_owned()),
        code: b"sealed code".to_vec(),
        code_digest: digest,
        tx_code: Some(([7; 32], 6)),
        claims: b"sealed claims".to_vec(),
        expires_at: later(),
        valid_until: None,
        contact_id: None,
        created_by: Actor::operator(),
    }
}

fn issued() -> IssuedCredential {
    IssuedCredential {
        issued_at: NOW,
        valid_until: Some(later()),
        holder_key: "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U".to_owned(),
        status_entry: Some(StatusEntry { uri: "https://wallet.example/lists/1".to_owned(), index: 99_999 }),
        status: CredentialStatus::Valid,
    }
}

async fn offered(wallet: &Wallet) -> NewIssuance {
    let new = offer();
    wallet.change(async |tx| tx.insert_issuance(&new).await).await.unwrap();
    new
}

async fn get(wallet: &Wallet, id: IssuanceId) -> Issuance {
    wallet.read().await.issuance(wallet.id, id).await.unwrap().unwrap()
}

fn filter(now: Timestamp) -> IssuanceFilter {
    IssuanceFilter { status: None, correlation_id: None, template_id: None, now }
}

store::both_databases! {
    async fn an_issuance_goes_from_offer_to_credential_and_keeps_no_claims(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = offered(&wallet).await;
        let held = get(&wallet, new.id).await;
        assert_eq!((held.status, held.tx_code_length, held.wrong_tries), (IssuanceStatus::Offered, Some(6), 0));
        assert_eq!((held.correlation_id.as_deref(), held.created_by), (Some("order-1"), Actor::operator()));
        let mut read = wallet.read().await;
        assert_eq!(read.issuance_with_code(wallet.id, &new.code_digest).await.unwrap().unwrap().id, new.id);
        assert_eq!(read.sealed_issuance_code(wallet.id, new.id).await.unwrap(), Some(new.code.clone()));
        assert_eq!(read.issuance_tx_code_digest(wallet.id, new.id).await.unwrap(), Some([7; 32].to_vec()));
        drop(read);

        assert!(wallet.change(async |tx| tx.accept_issuance(new.id, &TOKEN, later()).await).await.unwrap().is_some());
        assert!(wallet.change(async |tx| tx.accept_issuance(new.id, &[8; 32], later()).await).await.unwrap().is_none());
        let held = get(&wallet, new.id).await;
        assert_eq!((held.status, held.accepted_at), (IssuanceStatus::Accepted, Some(NOW)));
        let mut read = wallet.read().await;
        assert_eq!(read.issuance_with_code(wallet.id, &new.code_digest).await.unwrap(), None);
        assert_eq!(read.sealed_issuance_code(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.issuance_with_token(wallet.id, &TOKEN).await.unwrap().unwrap().id, new.id);
        assert_eq!(read.sealed_issuance_claims(wallet.id, new.id).await.unwrap(), Some(new.claims.clone()));
        drop(read);

        assert!(wallet.change(async |tx| tx.finish_issuance(new.id, &[8; 32], &issued()).await).await.unwrap().is_none());
        assert!(wallet.change(async |tx| tx.finish_issuance(new.id, &TOKEN, &issued()).await).await.unwrap().is_some());
        assert!(wallet.change(async |tx| tx.finish_issuance(new.id, &TOKEN, &issued()).await).await.unwrap().is_none());
        let held = get(&wallet, new.id).await;
        assert_eq!((held.status, held.credential), (IssuanceStatus::Issued, Some(issued())));
        let mut read = wallet.read().await;
        assert_eq!(read.sealed_issuance_claims(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.issuance_with_token(wallet.id, &TOKEN).await.unwrap(), None);
        drop(read);

        let suspended = CredentialStatus::Suspended;
        assert!(wallet.change(async |tx| tx.set_credential_status(new.id, suspended).await).await.unwrap().is_some());
        assert_eq!(get(&wallet, new.id).await.credential.unwrap().status, suspended);
        let ended = wallet.change(async |tx| tx.end_issuance(new.id, IssuanceStatus::Cancelled, None).await).await;
        assert!(ended.unwrap().is_none());
    }

    async fn what_ends_otherwise_leaves_nothing_to_take_up(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = offered(&wallet).await;
        for tries in 1..=2 {
            let counted = wallet.change(async |tx| tx.count_wrong_tx_code(new.id).await).await.unwrap();
            assert_eq!(counted, Some(tries));
        }
        let failure = Some(IssuanceFailure::TxCodeTries);
        assert!(wallet.change(async |tx| tx.end_issuance(new.id, IssuanceStatus::Error, failure).await).await.unwrap().is_some());
        let held = get(&wallet, new.id).await;
        assert_eq!((held.status, held.failure, held.wrong_tries), (IssuanceStatus::Error, failure, 2));
        let mut read = wallet.read().await;
        assert_eq!(read.issuance_with_code(wallet.id, &new.code_digest).await.unwrap(), None);
        assert_eq!(read.sealed_issuance_code(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.sealed_issuance_claims(wallet.id, new.id).await.unwrap(), None);
        assert_eq!(read.issuance_tx_code_digest(wallet.id, new.id).await.unwrap(), None);
        drop(read);
        assert_eq!(wallet.change(async |tx| tx.count_wrong_tx_code(new.id).await).await.unwrap(), None);
        assert!(wallet.change(async |tx| tx.accept_issuance(new.id, &TOKEN, later()).await).await.unwrap().is_none());
        assert!(wallet.change(async |tx| tx.set_credential_status(new.id, CredentialStatus::Revoked).await).await.unwrap().is_none());
    }

    async fn an_offer_cannot_be_taken_up_after_its_time(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = offered(&wallet).await;
        let end = later();
        assert!(wallet.change_at(end, async |tx| tx.accept_issuance(new.id, &TOKEN, end).await).await.unwrap().is_none());
        let held = get(&wallet, new.id).await;
        assert_eq!((held.status_at(NOW), held.status_at(end)), (IssuanceStatus::Offered, IssuanceStatus::Expired));
        let mut read = wallet.read().await;
        assert!(read.overdue_issuances(NOW, 10).await.unwrap().is_empty());
        assert_eq!(read.overdue_issuances(end, 10).await.unwrap(), [held]);
        for (now, status) in [(NOW, IssuanceStatus::Offered), (end, IssuanceStatus::Expired)] {
            let filter = IssuanceFilter { status: Some(status), ..filter(now) };
            assert_eq!(read.issuances(wallet.id, &filter, &by((), 10)).await.unwrap().items.len(), 1);
            let filter = IssuanceFilter { status: Some(IssuanceStatus::Issued), ..filter };
            assert!(read.issuances(wallet.id, &filter, &by((), 10)).await.unwrap().items.is_empty());
        }
    }

    async fn issuances_are_found_by_what_people_know_of_them(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (offered(&wallet).await, offered(&wallet).await);
        let mut read = wallet.read().await;
        let mut found = async |filter: IssuanceFilter, q: Option<&str>| {
            let list = store::List { q: q.map(str::to_owned), ..by((), 10) };
            let page = read.issuances(wallet.id, &filter, &list).await.unwrap();
            page.items.into_iter().map(|issuance| issuance.id).collect::<Vec<_>>()
        };
        assert_eq!(found(filter(NOW), None).await.len(), 2);
        let of = |template| IssuanceFilter { template_id: Some(template), ..filter(NOW) };
        assert_eq!(found(of(first.template_id), None).await, [first.id]);
        assert_eq!(found(of(second.template_id), None).await, [second.id]);
        let called = |text: &str| IssuanceFilter { correlation_id: Some(text.to_owned()), ..filter(NOW) };
        assert_eq!(found(called("order-1"), None).await.len(), 2);
        assert!(found(called("order"), None).await.is_empty());
        assert_eq!(found(filter(NOW), Some("DIPLOMA order")).await.len(), 2);
        assert!(found(filter(NOW), Some("degree")).await.is_empty());
    }

    async fn a_nonce_is_used_once_in_each_wallet(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let nonce = [5; 32];
        assert!(acme.change(async |tx| tx.use_nonce(&nonce, later()).await).await.unwrap());
        assert!(!acme.change(async |tx| tx.use_nonce(&nonce, later()).await).await.unwrap());
        assert!(other.change(async |tx| tx.use_nonce(&nonce, later()).await).await.unwrap());
        assert_eq!(acme.store.forget_nonces(NOW).await.unwrap(), 0);
        assert_eq!(acme.store.forget_nonces(later().saturating_add(HOUR).unwrap()).await.unwrap(), 2);
        assert!(acme.change(async |tx| tx.use_nonce(&nonce, later()).await).await.unwrap());
    }

    async fn d9_the_issuances_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = offered(&acme).await;
        let before = get(&acme, new.id).await;

        let mut read = other.read().await;
        assert_eq!(read.issuance(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.issuance_with_code(other.id, &new.code_digest).await.unwrap(), None);
        assert_eq!(read.sealed_issuance_code(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.sealed_issuance_claims(other.id, new.id).await.unwrap(), None);
        assert!(read.issuances(other.id, &filter(NOW), &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        assert!(other.change(async |tx| tx.accept_issuance(new.id, &TOKEN, later()).await).await.unwrap().is_none());
        assert_eq!(other.change(async |tx| tx.count_wrong_tx_code(new.id).await).await.unwrap(), None);
        let ended = other.change(async |tx| tx.end_issuance(new.id, IssuanceStatus::Cancelled, None).await).await;
        assert!(ended.unwrap().is_none());
        assert!(other.change(async |tx| tx.set_issuance_pushed(new.id).await).await.unwrap().is_none());
        assert_eq!(get(&acme, new.id).await, before);
    }
}
