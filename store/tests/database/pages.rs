//! Lists in pages: every row once, in order, whatever the page size and whatever is added meanwhile.

use std::fmt::Debug;
use std::hash::Hash;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use model::{SystemKind, UserId};
use store::{
    AuditFilter, CredentialFilter, CredentialSort, Cursor, List, NewCredential, NewExternalSystem, NewUser, Page, Read,
    StoreError, SystemFilter, SystemSort, Tx,
};

use crate::fixture::{
    NOW, Wallet, after, api_key, by, contact, credential, email, event, id, identifier, role, serial, usage, user,
};

const ROWS: i64 = 230;
const LIMIT: u32 = 50;

/// An instant that several rows share.
fn shared(row: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(row * 7919 % 23)
}

/// A text that several rows share, not in the order in which they are made.
fn shared_text(row: i64) -> String {
    format!("Type {}", row * 7919 % 23)
}

/// Every item of a list, page by page; between two pages a row is added.
async fn walk<T, A>(
    wallet: &Wallet,
    page: impl AsyncFn(&mut Read, Option<Cursor>) -> Result<Page<T>, StoreError>,
    add: impl AsyncFn(&mut Tx) -> Result<A, StoreError>,
) -> Vec<T> {
    let (mut items, mut place) = (Vec::new(), None);
    loop {
        let next = page(&mut wallet.read().await, place).await.unwrap();
        assert!(next.items.len() <= LIMIT as usize);
        items.extend(next.items);
        match next.next {
            Some(cursor) => place = Some(cursor),
            None => return items,
        }
        wallet.change(async |tx| add(tx).await).await.unwrap();
    }
}

/// That the walk saw each of the rows that were there from the start, none twice, and all in order.
fn assert_whole<T, I: Copy + Eq + Hash + Debug, K: Ord + Debug>(
    items: &[T],
    rows: &[I],
    descending: bool,
    id: impl Fn(&T) -> I,
    key: impl Fn(&T) -> K,
) {
    let seen: std::collections::HashSet<I> = items.iter().map(&id).collect();
    assert_eq!(seen.len(), items.len(), "a row was seen twice");
    assert!(rows.len() >= 200);
    for row in rows {
        assert!(seen.contains(row), "{row:?} was not seen");
    }
    let keys: Vec<K> = items.iter().map(key).collect();
    assert!(keys.windows(2).all(|pair| if descending { pair[0] >= pair[1] } else { pair[0] <= pair[1] }), "{keys:?}");
}

store::both_databases! {
    async fn m5_every_key_is_listed_once_in_each_order(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = |row: i64| {
            let expires_on = date(2028, 1, 1 + i8::try_from(row * 7919 % 23).unwrap());
            NewExternalSystem { expires_on, ..api_key(&format!("Key {}", serial())) }
        };
        let mut rows = Vec::new();
        for row in 0..ROWS {
            let key = new(row);
            wallet.change_at(shared(row), async |tx| tx.insert_external_system(&key).await).await.unwrap();
            if row % 3 != 0 {
                wallet.store.add_usage(&[usage(&wallet, key.id, shared(row).as_millisecond())]).await.unwrap();
            }
            rows.push(key.id);
        }
        for sort in [SystemSort::Name, SystemSort::ExpiresOn, SystemSort::CreatedAt, SystemSort::LastUsedAt] {
            for descending in [false, true] {
                let list = List { descending, ..by(sort, LIMIT) };
                let keys = walk(
                    &wallet,
                    async |read, place| {
                        read.external_systems(wallet.id, SystemKind::ApiKey, SystemFilter::default(), &after(list.clone(), place)).await
                    },
                    async |tx| tx.insert_external_system(&new(3)).await,
                ).await;
                assert_whole(&keys, &rows, descending, |key| key.id, |key| match sort {
                    SystemSort::Name => key.name.key(),
                    SystemSort::ExpiresOn => key.expires_on.to_string(),
                    SystemSort::CreatedAt => key.created_at.to_string(),
                    SystemSort::LastUsedAt => key.last_used_at.map(|at| at.to_string()).unwrap_or_default(),
                });
            }
        }
    }

    async fn every_credential_is_listed_once_in_each_order(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = |row: i64| {
            let valid_until = (row % 3 != 0).then(|| shared(row));
            NewCredential { valid_until, ..credential(&shared_text(row)) }
        };
        let mut rows = Vec::new();
        for row in 0..ROWS {
            let credential = new(row);
            wallet.change_at(shared(row), async |tx| tx.insert_credential(&credential).await).await.unwrap();
            rows.push(credential.id);
        }
        for sort in [CredentialSort::CreatedAt, CredentialSort::ValidUntil, CredentialSort::Vct] {
            for descending in [false, true] {
                let list = List { descending, ..by(sort, LIMIT) };
                let credentials = walk(
                    &wallet,
                    async |read, place| {
                        read.credentials(wallet.id, &CredentialFilter::default(), &after(list.clone(), place)).await
                    },
                    async |tx| tx.insert_credential(&new(5)).await,
                ).await;
                assert_whole(&credentials, &rows, descending, |row| row.id, |row| match sort {
                    CredentialSort::CreatedAt => row.created_at.to_string(),
                    CredentialSort::ValidUntil => row.valid_until.unwrap_or(Timestamp::MAX).to_string(),
                    CredentialSort::Vct => model::fold(&row.vct),
                });
            }
        }
    }

    async fn every_user_is_listed_once_though_names_are_shared(db: &Database) {
        let wallet = Wallet::open(db).await;
        let new = |row: i64| {
            let email = email(&format!("{}@example.org", serial()));
            NewUser { email, ..user(&format!("User {}", row % 23), &[]) }
        };
        let users: Vec<NewUser> = (0..ROWS).map(new).collect();
        wallet.change(async |tx| {
            for user in &users {
                tx.insert_user(user).await?;
            }
            Ok(())
        }).await.unwrap();
        let rows: Vec<UserId> = users.iter().map(|user| user.id).collect();
        for descending in [false, true] {
            let list = List { descending, ..by((), LIMIT) };
            let users = walk(
                &wallet,
                async |read, place| read.users(wallet.id, &after(list.clone(), place)).await,
                async |tx| tx.insert_user(&new(5)).await,
            ).await;
            assert_whole(&users, &rows, descending, |user| user.id, |user| user.name.key());
        }
    }

    async fn every_role_identifier_and_contact_is_listed_once(db: &Database) {
        let wallet = Wallet::open(db).await;
        let text = || format!("Name {}", serial());
        let (mut roles, mut identifiers, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
        wallet.change(async |tx| {
            for _ in 0..ROWS {
                let (role, identifier, contact) = (role(&text()), identifier(&text()), contact(&text()));
                tx.insert_role(&role).await?;
                tx.insert_identifier(&identifier).await?;
                tx.insert_trusted_contact(&contact).await?;
                roles.push(role.id);
                identifiers.push(identifier.id);
                contacts.push(contact.id);
            }
            Ok(())
        }).await.unwrap();
        for descending in [false, true] {
            let list = List { descending, ..by((), LIMIT) };
            let seen = walk(
                &wallet,
                async |read, place| read.roles(wallet.id, &after(list.clone(), place)).await,
                async |tx| tx.insert_role(&role(&text())).await,
            ).await;
            assert_whole(&seen, &roles, descending, |role| role.id, |role| role.name.key());
            let seen = walk(
                &wallet,
                async |read, place| read.identifiers(wallet.id, &after(list.clone(), place)).await,
                async |tx| tx.insert_identifier(&identifier(&text())).await,
            ).await;
            assert!(seen.iter().all(|identifier| identifier.keys.len() == 1));
            assert_whole(&seen, &identifiers, descending, |identifier| identifier.id, |identifier| identifier.name.key());
            let seen = walk(
                &wallet,
                async |read, place| read.trusted_contacts(wallet.id, &after(list.clone(), place)).await,
                async |tx| tx.insert_trusted_contact(&contact(&text())).await,
            ).await;
            assert_whole(&seen, &contacts, descending, |contact| contact.id, |contact| contact.name.key());
        }
    }

    async fn every_event_is_listed_once_though_revisions_are_shared(db: &Database) {
        let wallet = Wallet::open(db).await;
        let mut rows = Vec::new();
        for _ in 0..ROWS / 10 {
            wallet.change(async |tx| {
                for _ in 0..10 {
                    rows.push(id());
                    tx.record(rows[rows.len() - 1], event(wallet.id.0)).await?;
                }
                Ok(())
            }).await.unwrap();
        }
        for descending in [false, true] {
            let list = List { descending, ..by((), LIMIT) };
            let events = walk(
                &wallet,
                async |read, place| {
                    read.audit_events(wallet.id, &AuditFilter::default(), &after(list.clone(), place)).await
                },
                async |tx| tx.record(id(), event(wallet.id.0)).await,
            ).await;
            assert_whole(&events, &rows, descending, |event| event.id, |event| event.id);
        }
    }

    async fn a_page_that_ends_with_the_list_has_no_next(db: &Database) {
        let wallet = Wallet::open(db).await;
        wallet.change(async |tx| {
            tx.insert_role(&role("A")).await?;
            tx.insert_role(&role("B")).await
        }).await.unwrap();
        let mut read = wallet.read().await;
        let whole = read.roles(wallet.id, &by((), 2)).await.unwrap();
        assert_eq!((whole.items.len(), whole.next), (2, None));
        let first = read.roles(wallet.id, &by((), 1)).await.unwrap();
        assert!(first.next.is_some());
        let last = read.roles(wallet.id, &after(by((), 1), first.next)).await.unwrap();
        assert_eq!((last.items[0].name.as_str(), last.next), ("B", None));
    }

    async fn names_are_searched_without_regard_to_case_and_literally(db: &Database) {
        let wallet = Wallet::open(db).await;
        wallet.change(async |tx| {
            for text in ["Ärger", "100%", "under_score", "back\\slash"] {
                tx.insert_role(&role(text)).await?;
                tx.insert_external_system(&api_key(text)).await?;
                tx.insert_identifier(&identifier(text)).await?;
                tx.insert_trusted_contact(&contact(text)).await?;
            }
            Ok(())
        }).await.unwrap();
        let mut read = wallet.read().await;
        for (q, expected) in [
            ("ÄRG", vec!["Ärger"]),
            ("%", vec!["100%"]),
            ("_", vec!["under_score"]),
            ("k\\s", vec!["back\\slash"]),
            ("  ", vec!["100%", "back\\slash", "under_score", "Ärger"]),
            ("nobody", vec![]),
        ] {
            let list = List { q: Some(q.to_owned()), ..by((), 10) };
            let names: Vec<_> = read.roles(wallet.id, &list).await.unwrap().items.into_iter().map(|role| role.name).collect();
            assert_eq!(names.iter().map(model::Name::as_str).collect::<Vec<_>>(), expected, "{q}");
            let identifiers = read.identifiers(wallet.id, &list).await.unwrap().items;
            assert_eq!(identifiers.into_iter().map(|identifier| identifier.name).collect::<Vec<_>>(), names);
            let contacts = read.trusted_contacts(wallet.id, &list).await.unwrap().items;
            assert_eq!(contacts.into_iter().map(|contact| contact.name).collect::<Vec<_>>(), names);
            let list = List { q: Some(q.to_owned()), ..by(SystemSort::Name, 10) };
            let keys = read.external_systems(wallet.id, SystemKind::ApiKey, SystemFilter::default(), &list).await.unwrap().items;
            assert_eq!(keys.into_iter().map(|key| key.name).collect::<Vec<_>>(), names);
        }
    }
}
