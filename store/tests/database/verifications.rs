//! Verifications, and what was verified.

use jiff::{SignedDuration, Timestamp};
use model::{
    Actor, Check, CheckName, PresentedCredential, RequestUriMethod, Terms, TrustPolicy, VerificationId,
    VerificationResult, VerificationStatus, VerifiedCredential,
};
use serde_json::json;
use store::{Challenge, NewVerification, VerificationEnd, VerificationFilter, VerifiedCredentialFilter};

use crate::fixture::{NOW, Wallet, by, id, serial};

const EXPIRES: Timestamp = Timestamp::constant(1_800_000_600, 0);

fn verification(name: &str) -> NewVerification {
    let mut reference_digest = [0; 32];
    reference_digest[..8].copy_from_slice(&serial().to_be_bytes());
    NewVerification {
        id: id(),
        template_id: id(),
        template_name: name.to_owned(),
        correlation_id: Some(format!("order of {name}")),
        identifier_id: id(),
        verifier: "did:web:verifier.example".to_owned(),
        terms: Terms {
            purpose: "To open the door".to_owned(),
            query: json!({"credentials": [{"id": "pid"}]}),
            trust: TrustPolicy::AnyIssuer,
            retention: 30.try_into().unwrap(),
            request_uri_method: RequestUriMethod::Get,
        },
        redirect_uri: Some("https://shop.example/done".to_owned()),
        reference: b"reference".to_vec(),
        reference_digest,
        expires_at: EXPIRES,
        created_by: Actor::operator(),
    }
}

fn challenge() -> Challenge {
    Challenge { nonce: b"nonce".to_vec(), state_digest: [4; 32] }
}

fn verified() -> VerificationEnd {
    let checks = vec![Check::passed(CheckName::Signature), Check::skipped(CheckName::Status, "none")];
    let presented = PresentedCredential { query_id: "pid".to_owned(), vct: None, issuer: None, checks };
    VerificationEnd {
        status: VerificationStatus::Verified,
        result: Some(VerificationResult { checks: Vec::new(), credentials: vec![presented] }),
        response_code_digest: Some([5; 32]),
        kept_until: Some(EXPIRES),
    }
}

fn credential(wallet: &Wallet, verification: &NewVerification, position: u32, vct: &str) -> VerifiedCredential {
    VerifiedCredential {
        id: id(),
        wallet_id: wallet.id,
        verification_id: verification.id,
        template_name: verification.template_name.clone(),
        correlation_id: verification.correlation_id.clone(),
        position,
        query_id: "pid".to_owned(),
        vct: vct.to_owned(),
        issuer: "did:web:issuer.example".to_owned(),
        claims: json!({"name": "Ada"}),
        checks: vec![Check::passed(CheckName::Signature)],
        verified_at: NOW,
    }
}

async fn ask(wallet: &Wallet, new: &NewVerification) {
    wallet.change(async |tx| tx.insert_verification(new).await).await.unwrap();
}

async fn retrieve(wallet: &Wallet, id: VerificationId) -> bool {
    wallet.change(async |tx| tx.retrieve_verification(id, &challenge()).await).await.unwrap()
}

fn all() -> VerificationFilter {
    VerificationFilter { status: None, correlation_id: None, template_id: None, now: NOW }
}

store::both_databases! {
    async fn a_verification_goes_its_way_once(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = verification("Door");
        ask(&wallet, &new).await;
        let mut read = wallet.read().await;
        let found = read.verification_with_reference(wallet.id, &new.reference_digest).await.unwrap().unwrap();
        assert_eq!((found.id, found.status, found.terms.clone()), (new.id, VerificationStatus::Requested, new.terms.clone()));
        assert_eq!((found.created_at, found.expires_at, found.finished_at), (NOW, EXPIRES, None));
        let sealed = read.sealed_verification_reference(wallet.id, new.id).await.unwrap();
        assert_eq!(sealed.as_deref(), Some(&b"reference"[..]));
        assert!(read.verification_challenge(wallet.id, new.id).await.unwrap().is_none());
        drop(read);

        let answer = async || wallet.change(async |tx| tx.answer_verification(new.id, &verified()).await).await.unwrap();
        assert!(!answer().await, "nobody has the request yet");
        assert!(retrieve(&wallet, new.id).await);
        assert!(!retrieve(&wallet, new.id).await);
        let mut read = wallet.read().await;
        let again = read.verification_with_reference(wallet.id, &new.reference_digest).await.unwrap().unwrap();
        assert_eq!((again.id, again.status), (new.id, VerificationStatus::Retrieved), "it can be handed out again");
        let waiting = read.verification_challenge(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((waiting.nonce, waiting.state_digest), (challenge().nonce, challenge().state_digest));
        drop(read);

        assert!(answer().await);
        assert!(!answer().await);
        let found = wallet.read().await.verification(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((found.status, found.finished_at, found.result), (VerificationStatus::Verified, Some(NOW), verified().result));
        let mut read = wallet.read().await;
        assert!(read.verification_challenge(wallet.id, new.id).await.unwrap().is_none());
        assert_eq!(read.verification_with_reference(wallet.id, &new.reference_digest).await.unwrap(), None);
        assert_eq!(read.sealed_verification_reference(wallet.id, new.id).await.unwrap(), None);
        drop(read);

        let redeem = async |digest: [u8; 32]| wallet.change(async |tx| tx.use_response_code(new.id, &digest).await).await.unwrap();
        assert!(!redeem([6; 32]).await);
        assert!(redeem([5; 32]).await);
        assert!(!redeem([5; 32]).await);
    }

    async fn what_has_expired_is_neither_handed_out_nor_answered(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (waiting, retrieved) = (verification("A"), verification("B"));
        ask(&wallet, &waiting).await;
        ask(&wallet, &retrieved).await;
        retrieve(&wallet, retrieved.id).await;
        let end = VerificationEnd { status: VerificationStatus::Expired, result: None, response_code_digest: None, kept_until: Some(EXPIRES) };
        let expire = async |at, id| wallet.change_at(at, async |tx| tx.expire_verification(id, &end).await).await.unwrap();
        let early = EXPIRES - SignedDuration::from_millis(1);
        assert!(!expire(early, waiting.id).await);
        let mut read = wallet.read().await;
        assert!(read.overdue_verifications(early, 10).await.unwrap().is_empty());
        let ids: Vec<_> = read.overdue_verifications(EXPIRES, 10).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(read.overdue_verifications(EXPIRES, 1).await.unwrap().len(), 1);
        drop(read);
        let late = async |id| wallet.change_at(EXPIRES, async |tx| tx.retrieve_verification(id, &challenge()).await).await.unwrap();
        assert!(!late(waiting.id).await);
        let answered = wallet.change_at(EXPIRES, async |tx| tx.answer_verification(retrieved.id, &verified()).await).await;
        assert!(!answered.unwrap());
        for id in [waiting.id, retrieved.id] {
            assert!(expire(EXPIRES, id).await);
            assert!(!expire(EXPIRES, id).await);
        }
        let mut read = wallet.read().await;
        assert!(read.overdue_verifications(EXPIRES, 10).await.unwrap().is_empty());
        assert_eq!(read.outlived_verifications(EXPIRES, 10).await.unwrap().len(), 2);
        assert!(read.outlived_verifications(early, 10).await.unwrap().is_empty());
    }

    async fn verifications_are_found_by_what_they_are(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (door, shop) = (verification("Door"), verification("Shop"));
        ask(&wallet, &door).await;
        ask(&wallet, &shop).await;
        retrieve(&wallet, shop.id).await;
        let mut read = wallet.read().await;
        let mut found = async |filter: VerificationFilter, q: Option<&str>| {
            let list = store::List { q: q.map(str::to_owned), ..by((), 10) };
            let page = read.verifications(wallet.id, &filter, &list).await.unwrap();
            page.items.into_iter().map(|one| one.template_name).collect::<Vec<_>>()
        };
        assert_eq!(found(all(), None).await, ["Door", "Shop"]);
        assert_eq!(found(all(), Some("ORDER OF sh")).await, ["Shop"]);
        let status = |status| VerificationFilter { status: Some(status), ..all() };
        assert_eq!(found(status(VerificationStatus::Requested), None).await, ["Door"]);
        assert_eq!(found(status(VerificationStatus::Retrieved), None).await, ["Shop"]);
        let expired = VerificationFilter { now: EXPIRES, ..status(VerificationStatus::Expired) };
        assert_eq!(found(expired, None).await, ["Door", "Shop"]);
        let template = VerificationFilter { template_id: Some(door.template_id), ..all() };
        assert_eq!(found(template, None).await, ["Door"]);
        let reference = VerificationFilter { correlation_id: shop.correlation_id.clone(), ..all() };
        assert_eq!(found(reference, None).await, ["Shop"]);
    }

    async fn verified_credentials_go_with_their_verification_or_alone(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = verification("Door");
        ask(&wallet, &new).await;
        let kept = [credential(&wallet, &new, 0, "urn:b"), credential(&wallet, &new, 1, "urn:a")];
        wallet.change(async |tx| {
            tx.insert_verified_credential(&kept[1]).await?;
            tx.insert_verified_credential(&kept[0]).await
        }).await.unwrap();
        let mut read = wallet.read().await;
        assert_eq!(read.verified_credentials_of(wallet.id, new.id).await.unwrap(), kept);
        assert_eq!(read.verified_credential(wallet.id, kept[0].id).await.unwrap().as_ref(), Some(&kept[0]));
        let mut count = async |filter: VerifiedCredentialFilter| {
            read.verified_credentials(wallet.id, &filter, &by((), 10)).await.unwrap().items.len()
        };
        let none = VerifiedCredentialFilter::default;
        assert_eq!(count(none()).await, 2);
        assert_eq!(count(VerifiedCredentialFilter { vct: Some("urn:a".to_owned()), ..none() }).await, 1);
        assert_eq!(count(VerifiedCredentialFilter { issuer: Some("x".to_owned()), ..none() }).await, 0);
        assert_eq!(count(VerifiedCredentialFilter { verification_id: Some(id()), ..none() }).await, 0);
        assert_eq!(count(VerifiedCredentialFilter { correlation_id: new.correlation_id.clone(), ..none() }).await, 2);
        drop(read);
        let delete = async |id| wallet.change(async |tx| tx.delete_verified_credential(id).await).await.unwrap();
        assert!(delete(kept[0].id).await);
        assert!(!delete(kept[0].id).await);
        let delete = async || wallet.change(async |tx| tx.delete_verification(new.id).await).await.unwrap();
        assert!(delete().await);
        assert!(!delete().await);
        assert_eq!(wallet.read().await.verified_credential(wallet.id, kept[1].id).await.unwrap(), None);
    }

    async fn d9_the_verifications_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = verification("Door");
        ask(&acme, &new).await;
        let kept = credential(&acme, &new, 0, "urn:a");
        acme.change(async |tx| tx.insert_verified_credential(&kept).await).await.unwrap();
        let mut read = other.read().await;
        assert_eq!(read.verification(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.verification_with_reference(other.id, &new.reference_digest).await.unwrap(), None);
        assert_eq!(read.sealed_verification_reference(other.id, new.id).await.unwrap(), None);
        assert!(read.verifications(other.id, &all(), &by((), 10)).await.unwrap().items.is_empty());
        assert_eq!(read.verified_credential(other.id, kept.id).await.unwrap(), None);
        assert!(read.verified_credentials_of(other.id, new.id).await.unwrap().is_empty());
        assert!(read.verified_credentials(other.id, &VerifiedCredentialFilter::default(), &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        assert!(!retrieve(&other, new.id).await);
        assert!(!other.change(async |tx| tx.delete_verified_credential(kept.id).await).await.unwrap());
        assert!(!other.change(async |tx| tx.delete_verification(new.id).await).await.unwrap());
        assert!(retrieve(&acme, new.id).await);
        assert!(!other.change(async |tx| tx.answer_verification(new.id, &verified()).await).await.unwrap());
        assert!(acme.change(async |tx| tx.answer_verification(new.id, &verified()).await).await.unwrap());
        assert!(!other.change(async |tx| tx.use_response_code(new.id, &[5; 32]).await).await.unwrap());
        assert_eq!(acme.read().await.verified_credentials_of(acme.id, new.id).await.unwrap(), [kept]);
    }
}
