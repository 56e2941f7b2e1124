//! Status lists and their entries.

use model::{CredentialStatus, IdentifierId, StatusList, StatusListId};
use store::testing::Database;
use store::{NewStatusList, StoreError};

use crate::fixture::{NOW, Wallet, by, id, identifier, name, status_list};

/// A wallet with a list.
async fn with_list(db: &Database) -> (Wallet, NewStatusList) {
    let wallet = Wallet::open(db).await;
    let new = add_list(&wallet, "Membership").await;
    (wallet, new)
}

async fn add_list(wallet: &Wallet, text: &str) -> NewStatusList {
    let signer = identifier(text);
    let new = status_list(text, signer.id);
    wallet
        .change(async |tx| {
            tx.insert_identifier(&signer).await?;
            tx.insert_status_list(&new).await
        })
        .await
        .unwrap();
    new
}

async fn get(wallet: &Wallet, id: StatusListId) -> Option<StatusList> {
    wallet.read().await.status_list(wallet.id, id).await.unwrap()
}

async fn take(wallet: &Wallet, list: StatusListId, index: u32) -> bool {
    wallet.change(async |tx| tx.take_status_list_entry(list, index).await).await.unwrap()
}

async fn set(wallet: &Wallet, list: StatusListId, index: u32, status: CredentialStatus) -> bool {
    wallet.change(async |tx| tx.set_status_list_entry(list, index, status).await).await.unwrap()
}

async fn revision(wallet: &Wallet, list: StatusListId) -> i64 {
    wallet.read().await.status_list_version(wallet.id, list).await.unwrap().unwrap().revision
}

store::both_databases! {
    async fn a_list_is_read_as_it_was_made_and_renamed(db: &Database) {
        let (wallet, new) = with_list(db).await;
        let held = get(&wallet, new.id).await.unwrap();
        assert_eq!((&held.name, held.identifier_id, held.size), (&new.name, new.identifier_id, new.size));
        assert_eq!((held.identifier_name.as_str(), held.used(), held.created_at), ("Membership", 0, NOW));
        assert!(wallet.change(async |tx| tx.rename_status_list(new.id, &name("Staff")).await).await.unwrap());
        assert_eq!(get(&wallet, new.id).await, Some(StatusList { name: name("Staff"), ..held.clone() }));
        let page = wallet.read().await.status_lists(wallet.id, &by((), 10)).await.unwrap();
        assert_eq!(page.items, [StatusList { name: name("Staff"), ..held }]);
        assert!(wallet.change(async |tx| tx.delete_status_list(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_status_list(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.rename_status_list(new.id, &name("Gone")).await).await.unwrap());
        assert_eq!(get(&wallet, new.id).await, None);
    }

    async fn d3_the_name_of_a_list_is_taken_in_its_wallet_until_it_is_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, other) = (add_list(&wallet, "Straße").await, add_list(&wallet, "Other").await);
        let second = status_list("STRASSE", first.identifier_id);
        let taken = wallet.change(async |tx| tx.insert_status_list(&second).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));
        let taken = wallet.change(async |tx| tx.rename_status_list(other.id, &name("strasse")).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));
        wallet.change(async |tx| tx.delete_status_list(first.id).await).await.unwrap();
        wallet.change(async |tx| tx.insert_status_list(&second).await).await.unwrap();
    }

    async fn an_entry_is_given_once(db: &Database) {
        let (wallet, new) = with_list(db).await;
        assert!(take(&wallet, new.id, 7).await);
        assert!(!take(&wallet, new.id, 7).await);
        assert!(take(&wallet, new.id, new.size - 1).await);
        assert!(!take(&wallet, new.id, new.size).await, "beyond the end");
        assert!(!take(&wallet, id(), 7).await, "of no list");
        let mut read = wallet.read().await;
        assert_eq!(read.status_list_indices(wallet.id, new.id).await.unwrap(), [7, new.size - 1]);
        assert_eq!(read.status_list_entry(wallet.id, new.id, 7).await.unwrap(), Some(CredentialStatus::Valid));
        assert_eq!(read.status_list_entry(wallet.id, new.id, 8).await.unwrap(), None);
    }

    async fn of_many_who_want_one_entry_at_once_one_gets_it(db: &Database) {
        let (wallet, new) = with_list(db).await;
        let takers: Vec<_> = (0..8)
            .map(|_| {
                let (wallet, list) = (Wallet { store: wallet.store.clone(), id: wallet.id }, new.id);
                tokio::spawn(async move { take(&wallet, list, 3).await })
            })
            .collect();
        let mut got = 0;
        for taker in takers {
            got += usize::from(taker.await.unwrap());
        }
        assert_eq!(got, 1);
    }

    async fn an_entry_changes_and_the_list_tells_it(db: &Database) {
        let (wallet, new) = with_list(db).await;
        for index in [1, 2, 3, 4] {
            take(&wallet, new.id, index).await;
        }
        let made = revision(&wallet, new.id).await;
        assert!(set(&wallet, new.id, 3, CredentialStatus::Revoked).await);
        assert!(set(&wallet, new.id, 1, CredentialStatus::Suspended).await);
        let changed = revision(&wallet, new.id).await;
        assert!(changed > made);
        let held = get(&wallet, new.id).await.unwrap();
        assert_eq!((held.used(), held.valid, held.suspended, held.revoked), (4, 2, 1, 1));
        let exceptions = wallet.read().await.status_list_exceptions(wallet.id, new.id).await.unwrap();
        assert_eq!(exceptions, [(1, CredentialStatus::Suspended), (3, CredentialStatus::Revoked)]);
        assert!(set(&wallet, new.id, 1, CredentialStatus::Valid).await);
        assert!(!set(&wallet, new.id, 5, CredentialStatus::Revoked).await, "it belongs to no credential");
    }

    async fn giving_an_entry_or_another_name_changes_nothing_that_is_signed(db: &Database) {
        let (wallet, new) = with_list(db).await;
        let made = revision(&wallet, new.id).await;
        take(&wallet, new.id, 1).await;
        wallet.change(async |tx| tx.rename_status_list(new.id, &name("Staff")).await).await.unwrap();
        assert_eq!(revision(&wallet, new.id).await, made);
    }

    async fn a_list_that_is_used_stays(db: &Database) {
        let (wallet, new) = with_list(db).await;
        take(&wallet, new.id, 1).await;
        assert!(!wallet.change(async |tx| tx.delete_status_list(new.id).await).await.unwrap());
        assert!(get(&wallet, new.id).await.is_some());
    }

    async fn who_signs_lists_is_known(db: &Database) {
        let (wallet, new) = with_list(db).await;
        let mut read = wallet.read().await;
        let list = read.status_list_signed_by(wallet.id, new.identifier_id).await.unwrap();
        assert_eq!(list.as_deref(), Some("Membership"));
        assert_eq!(read.status_list_signed_by(wallet.id, id::<IdentifierId>()).await.unwrap(), None);
    }

    async fn d9_the_lists_of_another_wallet_are_out_of_reach(db: &Database) {
        let (acme, new) = with_list(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        take(&acme, new.id, 1).await;
        let before = get(&acme, new.id).await;
        let mut read = other.read().await;
        assert_eq!(read.status_list(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.status_list_version(other.id, new.id).await.unwrap(), None);
        assert_eq!(read.status_list_entry(other.id, new.id, 1).await.unwrap(), None);
        assert_eq!(read.status_list_signed_by(other.id, new.identifier_id).await.unwrap(), None);
        assert!(read.status_list_indices(other.id, new.id).await.unwrap().is_empty());
        assert!(read.status_list_exceptions(other.id, new.id).await.unwrap().is_empty());
        assert!(read.status_lists(other.id, &by((), 10)).await.unwrap().items.is_empty());
        drop(read);
        assert!(!other.change(async |tx| tx.rename_status_list(new.id, &name("Mine")).await).await.unwrap());
        assert!(!other.change(async |tx| tx.delete_status_list(new.id).await).await.unwrap());
        assert!(!take(&other, new.id, 2).await);
        assert!(!set(&other, new.id, 1, CredentialStatus::Revoked).await);
        assert_eq!(get(&acme, new.id).await, before);
    }
}
