//! Credential offers and presentations: what is kept of them, and who may answer them.

use jiff::Timestamp;
use model::{Disclosed, HeldStatus, OfferState, OfferedCredential, PresentationState, TxCodeHint, WalletId};
use serde_json::json;
use store::{
    DeferredOffer, List, NewCredentialOffer, NewPresentation, NewTrustedContact, PushedOffer, SettledOffer,
    SettledPresentation, StoreError,
};

use crate::fixture::{NOW, Wallet, after, by, credential, id, identifier, identifier_key, name, notes, serial};

const LATER: Timestamp = Timestamp::constant(1_800_000_060, 0);

fn offer() -> NewCredentialOffer {
    let serial = serial();
    NewCredentialOffer {
        id: id(),
        credential_issuer: format!("https://issuer-{serial}.example"),
        issuer_name: Some("Office".to_owned()),
        credentials: vec![OfferedCredential {
            configuration_id: "membership".to_owned(),
            vct: Some("https://issuer.example/vct".to_owned()),
            name: Some("Membership".to_owned()),
            reason: None,
            received: None,
        }],
        tx_code: Some(TxCodeHint { numeric: true, length: Some(4), description: None }),
        contact_id: Some(id()),
        unconfirmed: false,
        identifier_id: None,
        code: Some(b"sealed".to_vec()),
        code_digest: serial.to_be_bytes().to_vec(),
        expires_at: LATER,
    }
}

fn request() -> NewPresentation {
    let serial = serial();
    NewPresentation {
        id: id(),
        verifier: format!("did:web:verifier-{serial}.example"),
        verifier_name: Some("Door".to_owned()),
        query: json!({"credentials": []}),
        response_uri: "https://verifier.example/r".to_owned(),
        answer: b"sealed".to_vec(),
        nonce_digest: serial.to_be_bytes().to_vec(),
        expires_at: LATER,
    }
}

fn settled(state: OfferState) -> SettledOffer {
    SettledOffer {
        state,
        reason: (state == OfferState::Failed).then(|| "because".to_owned()),
        credentials: offer().credentials,
        credential_ids: Vec::new(),
        identifier_id: None,
        unconfirmed: false,
        deferred: None,
    }
}

fn received() -> SettledOffer {
    SettledOffer { credential_ids: vec![id()], ..settled(OfferState::Received) }
}

fn failed() -> SettledOffer {
    settled(OfferState::Failed)
}

fn newest() -> List<()> {
    List { descending: true, ..by((), 10) }
}

async fn code(wallet: &Wallet, of: &NewCredentialOffer) -> Option<Vec<u8>> {
    wallet.read().await.credential_offer_code(wallet.id, of.id).await.unwrap()
}

async fn state(wallet: &Wallet, of: &NewCredentialOffer) -> OfferState {
    wallet.read().await.credential_offer(wallet.id, of.id).await.unwrap().unwrap().state
}

store::both_databases! {
    async fn an_offer_comes_out_as_it_went_in(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = offer();
        wallet.change(async |tx| tx.insert_credential_offer(&new).await).await.unwrap();
        let kept = wallet.read().await.credential_offer(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((kept.credential_issuer, kept.issuer_name), (new.credential_issuer.clone(), new.issuer_name.clone()));
        assert_eq!((kept.credentials, kept.tx_code), (new.credentials.clone(), new.tx_code.clone()));
        assert_eq!((kept.contact_id, kept.identifier_id, kept.credential_ids), (new.contact_id, None, Vec::new()));
        assert_eq!((kept.state, kept.reason), (OfferState::Pending, None));
        assert_eq!((kept.created_at, kept.expires_at), (NOW, LATER));
        assert_eq!(code(&wallet, &new).await, Some(b"sealed".to_vec()));
        let again = NewCredentialOffer { id: id(), ..new.clone() };
        let taken = wallet.change(async |tx| tx.insert_credential_offer(&again).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));
        let known = async |digest: &[u8]| {
            wallet.read().await.credential_offer_with_code(wallet.id, digest).await.unwrap().map(|offer| offer.id)
        };
        assert_eq!((known(&new.code_digest).await, known(b"other").await), (Some(new.id), None));
    }

    async fn an_offer_is_claimed_once_until_it_is_given_back_or_abandoned(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = offer();
        wallet.change(async |tx| tx.insert_credential_offer(&new).await).await.unwrap();
        let claim = async |at: Timestamp, abandoned: Timestamp| {
            wallet.change_at(at, async |tx| tx.claim_credential_offer(new.id, None, abandoned).await).await.unwrap().is_some()
        };
        let second = |n: i64| NOW.saturating_add(jiff::SignedDuration::from_secs(n)).unwrap();
        assert!(wallet.change(async |tx| tx.release_credential_offer(new.id, "not now", None).await).await.unwrap().is_none());
        assert!(claim(NOW, Timestamp::MIN).await);
        assert!(!claim(second(1), second(-1)).await);
        assert!(claim(second(2), NOW).await, "it was abandoned");
        assert!(wallet.change(async |tx| tx.release_credential_offer(new.id, "not now", None).await).await.unwrap().is_some());
        assert!(claim(second(3), Timestamp::MIN).await);
        wallet.change(async |tx| tx.release_credential_offer(new.id, "not now", None).await).await.unwrap();
        assert!(!claim(LATER, Timestamp::MIN).await, "it is over");
    }

    async fn a_settled_offer_has_no_code_and_one_that_failed_may_come_again(db: &Database) {
        let wallet = Wallet::open(db).await;
        for (settled, again) in [(received(), false), (failed(), true)] {
            let new = offer();
            wallet.change(async |tx| {
                tx.insert_credential_offer(&new).await?;
                tx.claim_credential_offer(new.id, None, Timestamp::MIN).await
            }).await.unwrap();
            let settle = async |from| {
                wallet.change(async |tx| tx.settle_credential_offer(new.id, from, &settled).await).await.unwrap().is_some()
            };
            assert!(!settle(OfferState::Pending).await);
            assert!(settle(OfferState::Accepting).await);
            assert!(!settle(OfferState::Accepting).await);
            let kept = wallet.read().await.credential_offer(wallet.id, new.id).await.unwrap().unwrap();
            assert_eq!((kept.state, kept.reason, kept.credential_ids), (settled.state, settled.reason, settled.credential_ids));
            assert_eq!(code(&wallet, &new).await, None);
            let copy = NewCredentialOffer { id: id(), ..new };
            assert_eq!(wallet.change(async |tx| tx.insert_credential_offer(&copy).await).await.is_ok(), again);
        }
    }

    async fn few_pushed_offers_wait_under_a_contacts_name_and_what_is_unconfirmed_goes_with_its_time(db: &Database) {
        let wallet = Wallet::open(db).await;
        let contact = NewTrustedContact {
            id: id(),
            name: name("Office"),
            did: "did:web:office.example".to_owned(),
            notes: notes(""),
            credential_issuer: None,
            credential_offer_endpoint: None,
        };
        wallet.change(async |tx| tx.insert_trusted_contact(&contact).await).await.unwrap();
        let pushed = |unconfirmed| NewCredentialOffer {
            contact_id: Some(contact.id),
            unconfirmed,
            tx_code: Some(TxCodeHint { description: Some("Call me".to_owned()), ..TxCodeHint::default() }),
            ..offer()
        };
        let keep = async |new: &NewCredentialOffer| {
            wallet.store.keep_pushed_offer(wallet.id, contact.id, new, 2, NOW).await
        };
        let first = pushed(true);
        assert_eq!(keep(&first).await.unwrap(), PushedOffer::Kept);
        assert!(matches!(keep(&NewCredentialOffer { id: id(), ..first.clone() }).await, Err(StoreError::Taken)));
        assert_eq!(keep(&pushed(true)).await.unwrap(), PushedOffer::Kept);
        assert_eq!(keep(&pushed(true)).await.unwrap(), PushedOffer::Full);
        let confirmed = pushed(false);
        assert_eq!(keep(&confirmed).await.unwrap(), PushedOffer::Kept);
        let nobody = wallet.store.keep_pushed_offer(wallet.id, id(), &pushed(true), 2, NOW).await.unwrap();
        assert_eq!(nobody, PushedOffer::NoContact);
        let said = async |of: &NewCredentialOffer| {
            let kept = wallet.read().await.credential_offer(wallet.id, of.id).await.unwrap();
            kept.map(|kept| (kept.unconfirmed, kept.tx_code.unwrap().description))
        };
        assert_eq!(said(&first).await, Some((true, None)), "a stranger's words are not shown");
        assert_eq!(said(&confirmed).await, Some((false, Some("Call me".to_owned()))));
        assert_eq!(wallet.store.delete_expired_pushed_offers(NOW).await.unwrap(), 0);
        assert_eq!(wallet.store.delete_expired_pushed_offers(LATER).await.unwrap(), 2);
        assert!(said(&first).await.is_none() && said(&confirmed).await.is_some());
    }

    async fn a_deferred_offer_is_taken_by_one_server_at_a_time_when_its_time_has_come(db: &Database) {
        let wallet = Wallet::open(db).await;
        let second = |n: i64| NOW.saturating_add(jiff::SignedDuration::from_secs(n)).unwrap();
        let new = offer();
        let deferred = DeferredOffer { sealed: b"token".to_vec(), asked_again_at: second(120), expires_at: second(9000) };
        let waiting = SettledOffer { deferred: Some(deferred), ..settled(OfferState::Deferred) };
        wallet.change(async |tx| {
            tx.insert_credential_offer(&new).await?;
            tx.claim_credential_offer(new.id, None, Timestamp::MIN).await?;
            tx.settle_credential_offer(new.id, OfferState::Accepting, &waiting).await
        }).await.unwrap();
        let take = async |now: Timestamp| wallet.store.take_deferred_offers(now, now.saturating_add(jiff::SignedDuration::from_secs(300)).unwrap(), 10).await.unwrap();
        assert!(take(second(119)).await.is_empty());
        assert_eq!(take(second(120)).await, [(wallet.id, new.id)]);
        assert!(take(second(121)).await.is_empty(), "another has it");
        assert_eq!(take(second(420)).await, [(wallet.id, new.id)], "that one stopped");
        wallet.store.postpone_deferred_offer(wallet.id, new.id, second(500)).await.unwrap();
        assert!(take(second(499)).await.is_empty());
        assert_eq!(take(second(500)).await, [(wallet.id, new.id)]);
        let sealed = async || wallet.read().await.deferred_credential_offer(wallet.id, new.id).await.unwrap();
        assert_eq!(sealed().await, Some(b"token".to_vec()));
        let kept = wallet.read().await.credential_offer(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.expires_at), (OfferState::Deferred, second(9000)));
        wallet.change(async |tx| tx.settle_credential_offer(new.id, OfferState::Deferred, &received()).await).await.unwrap();
        assert_eq!(sealed().await, None);
        assert!(take(second(9999)).await.is_empty());
    }

    async fn the_code_of_an_offer_that_is_over_is_forgotten(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (over, young) = (offer(), NewCredentialOffer { expires_at: Timestamp::constant(1_800_000_120, 0), ..offer() });
        wallet.change(async |tx| {
            tx.insert_credential_offer(&over).await?;
            tx.insert_credential_offer(&young).await
        }).await.unwrap();
        assert_eq!(wallet.store.forget_codes_of_expired_offers(NOW).await.unwrap(), 0);
        assert_eq!(wallet.store.forget_codes_of_expired_offers(LATER).await.unwrap(), 1);
        assert_eq!((code(&wallet, &over).await, code(&wallet, &young).await.is_some()), (None, true));
        assert_eq!(wallet.store.forget_codes_of_expired_offers(LATER).await.unwrap(), 0);
    }

    async fn offers_are_listed_by_state_and_searched_by_name(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (offer(), NewCredentialOffer { issuer_name: Some("Harbour".to_owned()), ..offer() });
        wallet.change(async |tx| tx.insert_credential_offer(&first).await).await.unwrap();
        wallet.change_at(Timestamp::constant(1_800_000_001, 0), async |tx| tx.insert_credential_offer(&second).await).await.unwrap();
        let ids = async |filter, now, list: List<()>| {
            let page = wallet.read().await.credential_offers(wallet.id, filter, now, &list).await.unwrap();
            page.items.into_iter().map(|offer| offer.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(None, NOW, newest()).await, [second.id, first.id]);
        let page = wallet.read().await.credential_offers(wallet.id, None, NOW, &List { limit: 1, ..newest() }).await.unwrap();
        assert_eq!(ids(None, NOW, after(newest(), page.next)).await, [first.id]);
        assert_eq!(ids(None, NOW, List { q: Some("HARB".to_owned()), ..newest() }).await, [second.id]);
        assert_eq!(ids(None, NOW, List { q: Some("member".to_owned()), ..newest() }).await.len(), 2);
        assert_eq!(ids(Some(OfferState::Pending), NOW, newest()).await.len(), 2);
        assert_eq!(ids(Some(OfferState::Pending), LATER, newest()).await.len(), 0);
        assert_eq!(ids(Some(OfferState::Expired), LATER, newest()).await.len(), 2);
        assert_eq!(ids(Some(OfferState::Received), NOW, newest()).await.len(), 0);
        let mut read = wallet.read().await;
        assert_eq!(read.pending_credential_offers(wallet.id, NOW).await.unwrap(), 2);
        assert_eq!(read.pending_credential_offers(wallet.id, LATER).await.unwrap(), 0);
    }

    async fn a_request_is_claimed_once_and_forgets_its_nonce_when_it_is_settled(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = request();
        wallet.change(async |tx| tx.insert_presentation(&new).await).await.unwrap();
        let kept = wallet.read().await.presentation(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((kept.verifier, kept.verifier_name, kept.query), (new.verifier.clone(), new.verifier_name.clone(), new.query.clone()));
        assert_eq!((kept.state, kept.disclosed, kept.expires_at), (PresentationState::Pending, Vec::new(), LATER));
        let again = NewPresentation { id: id(), ..new.clone() };
        let taken = wallet.change(async |tx| tx.insert_presentation(&again).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));

        let claim = async |at| wallet.change_at(at, async |tx| tx.claim_presentation(new.id, &[]).await).await.unwrap();
        assert!(!claim(LATER).await, "it is over");
        assert!(claim(NOW).await && !claim(NOW).await);
        let answer = async || wallet.read().await.presentation_answer(wallet.id, new.id).await.unwrap();
        assert_eq!(answer().await, Some(b"sealed".to_vec()));
        let settled = SettledPresentation {
            state: PresentationState::Sent,
            reason: None,
            disclosed: vec![Disclosed {
                query: "q".to_owned(),
                credential_id: id(),
                vct: "v".to_owned(),
                claims: vec!["name".to_owned()],
            }],
            redirect_uri: Some("https://verifier.example/thanks".to_owned()),
        };
        let settle = async || wallet.change(async |tx| tx.settle_presentation(new.id, &settled).await).await.unwrap().is_some();
        assert!(settle().await && !settle().await);
        let kept = wallet.read().await.presentation(wallet.id, new.id).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.disclosed, kept.redirect_uri), (settled.state, settled.disclosed, settled.redirect_uri));
        assert_eq!(answer().await, None);
        let taken = wallet.change(async |tx| tx.insert_presentation(&again).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)), "it stays answered");
    }

    async fn the_nonce_of_a_request_that_is_over_is_forgotten(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = request();
        wallet.change(async |tx| tx.insert_presentation(&new).await).await.unwrap();
        assert_eq!(wallet.store.forget_answers_of_expired_presentations(NOW).await.unwrap(), 0);
        assert_eq!(wallet.store.forget_answers_of_expired_presentations(LATER).await.unwrap(), 1);
        assert_eq!(wallet.read().await.presentation_answer(wallet.id, new.id).await.unwrap(), None);
        let page = wallet.read().await.presentations(wallet.id, Some(PresentationState::Expired), LATER, &newest()).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }

    async fn a_claimed_request_is_abandoned_after_a_while_with_what_it_disclosed(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (claimed, pending) = (request(), request());
        let disclosed =
            [Disclosed { query: "q".to_owned(), credential_id: id(), vct: "v".to_owned(), claims: vec!["name".to_owned()] }];
        wallet.change(async |tx| {
            tx.insert_presentation(&claimed).await?;
            tx.insert_presentation(&pending).await?;
            tx.claim_presentation(claimed.id, &disclosed).await
        }).await.unwrap();
        let before = NOW.saturating_sub(jiff::SignedDuration::from_millis(1)).unwrap();
        assert!(wallet.read().await.abandoned_presentations(before, 9).await.unwrap().is_empty());
        let [found] = wallet.read().await.abandoned_presentations(NOW, 9).await.unwrap().try_into().unwrap();
        assert_eq!((found.id, found.wallet_id, found.disclosed.as_slice()), (claimed.id, wallet.id, disclosed.as_slice()));
        assert!(wallet.read().await.abandoned_presentations(NOW, 0).await.unwrap().is_empty());
        let failed = SettledPresentation {
            state: PresentationState::Failed, reason: None, disclosed: found.disclosed, redirect_uri: None,
        };
        wallet.change(async |tx| tx.settle_presentation(claimed.id, &failed).await).await.unwrap();
        assert!(wallet.read().await.abandoned_presentations(NOW, 9).await.unwrap().is_empty());
    }

    async fn d9_the_offers_and_requests_of_another_wallet_are_out_of_reach(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let (offer, request) = (offer(), request());
        acme.change(async |tx| {
            tx.insert_credential_offer(&offer).await?;
            tx.insert_presentation(&request).await
        }).await.unwrap();
        let mut read = other.read().await;
        assert_eq!(read.credential_offer(other.id, offer.id).await.unwrap(), None);
        assert_eq!(read.credential_offer_code(other.id, offer.id).await.unwrap(), None);
        assert!(read.credential_offer_with_code(other.id, &offer.code_digest).await.unwrap().is_none());
        assert_eq!(read.pending_credential_offers(other.id, NOW).await.unwrap(), 0);
        assert!(read.credential_offers(other.id, None, NOW, &newest()).await.unwrap().items.is_empty());
        assert_eq!(read.presentation(other.id, request.id).await.unwrap(), None);
        assert_eq!(read.presentation_answer(other.id, request.id).await.unwrap(), None);
        assert!(read.presentations(other.id, None, NOW, &newest()).await.unwrap().items.is_empty());
        drop(read);
        let sent = SettledPresentation { state: PresentationState::Sent, reason: None, disclosed: Vec::new(), redirect_uri: None };
        other.change(async |tx| {
            assert!(tx.claim_credential_offer(offer.id, None, Timestamp::MIN).await?.is_none());
            assert!(tx.settle_credential_offer(offer.id, OfferState::Pending, &failed()).await?.is_none());
            assert!(!tx.delete_credential_offer(offer.id).await?);
            assert!(!tx.claim_presentation(request.id, &[]).await?);
            assert!(tx.settle_presentation(request.id, &sent).await?.is_none());
            assert!(!tx.delete_presentation(request.id).await?);
            Ok(())
        }).await.unwrap();
        assert_eq!(state(&acme, &offer).await, OfferState::Pending);
        acme.change(async |tx| {
            assert!(tx.delete_credential_offer(offer.id).await? && !tx.delete_credential_offer(offer.id).await?);
            assert!(tx.delete_presentation(request.id).await? && !tx.delete_presentation(request.id).await?);
            Ok(())
        }).await.unwrap();
    }

    async fn the_live_status_of_a_credential_is_remembered_with_its_time(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = credential("Diploma");
        wallet.change(async |tx| tx.insert_credential(&new).await).await.unwrap();
        let live = async || {
            let held = wallet.read().await.credential(wallet.id, new.id).await.unwrap().unwrap();
            (held.live_status, held.live_status_at)
        };
        assert_eq!(live().await, (None, None));
        for status in HeldStatus::ALL {
            assert!(wallet.change_at(LATER, async |tx| tx.set_live_status(new.id, *status).await).await.unwrap().is_some());
            assert_eq!(live().await, (Some(*status), Some(LATER)));
        }
        let mut read = wallet.read().await;
        assert!(read.holds_credential(wallet.id, &new.compact_sha256).await.unwrap());
        assert!(!read.holds_credential(id::<WalletId>(), &new.compact_sha256).await.unwrap());
    }

    async fn the_keys_of_a_wallet_are_those_of_its_identifiers_the_oldest_first(db: &Database) {
        let wallet = Wallet::open(db).await;
        let other = Wallet::named(&wallet.store, "Other").await;
        let (first, second, rotated) = (identifier("B"), identifier("A"), identifier_key());
        wallet.change(async |tx| tx.insert_identifier(&first).await).await.unwrap();
        wallet.change_at(LATER, async |tx| tx.insert_identifier(&second).await).await.unwrap();
        wallet.change_at(LATER, async |tx| tx.add_identifier_key(first.id, &rotated).await).await.unwrap();
        other.change(async |tx| tx.insert_identifier(&identifier("C")).await).await.unwrap();
        let keys = wallet.read().await.owned_keys(wallet.id).await.unwrap();
        assert_eq!(keys.iter().map(|key| key.key.id).collect::<Vec<_>>(), [rotated.id, first.key.id, second.key.id]);
        assert_eq!(keys.iter().map(|key| key.identifier_id).collect::<Vec<_>>(), [first.id, first.id, second.id]);
        assert_eq!((keys[0].did.as_str(), keys[0].key.retired_at, keys[1].key.retired_at), (first.did.as_str(), None, Some(LATER)));
    }
}
