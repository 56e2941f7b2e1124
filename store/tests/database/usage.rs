//! What external systems sent, day by day.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use model::{DailyUsage, SystemKind};
use store::{NewExternalSystem, NewUsage};

use crate::fixture::{Wallet, api_key, usage};

fn day(day: i8, requests: u64, refusals: u64, last_used_at: Option<i64>) -> DailyUsage {
    let last_used_at = last_used_at.map(|at| Timestamp::from_millisecond(at).unwrap());
    DailyUsage { day: date(2027, 3, day), requests, refusals, last_used_at }
}

store::both_databases! {
    async fn usage_adds_up_within_a_day_and_is_no_change(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, other) = (api_key("acme-backend"), api_key("other"));
        wallet.change(async |tx| {
            tx.insert_external_system(&key).await?;
            tx.insert_external_system(&other).await
        }).await.unwrap();
        let before = wallet.read().await.revision().await.unwrap();
        let add = async |on: i8, requests, refusals, at: Option<i64>| {
            let one = usage(&wallet, key.id, 0);
            let last_used_at = at.map(|at| Timestamp::from_millisecond(at).unwrap());
            let new = NewUsage { day: date(2027, 3, on), requests, refusals, last_used_at, ..one };
            wallet.store.add_usage(&[new]).await.unwrap();
        };
        add(2, 5, 1, Some(5000)).await;
        add(1, 3, 3, None).await;
        add(2, 2, 0, Some(4000)).await;
        add(2, 1, 1, None).await;
        add(4, 1, 0, Some(9000)).await;
        wallet.store.add_usage(&[usage(&wallet, other.id, 1)]).await.unwrap();

        let read = async |from: Date| wallet.read().await.usage(wallet.id, key.id, from).await.unwrap();
        let all = [day(1, 3, 3, None), day(2, 8, 2, Some(5000)), day(4, 1, 0, Some(9000))];
        assert_eq!(read(date(2027, 3, 1)).await, all);
        assert_eq!(read(date(2027, 3, 2)).await, all[1..]);
        assert_eq!(wallet.read().await.revision().await.unwrap(), before);

        assert_eq!(wallet.store.forget_usage(date(2027, 3, 2)).await.unwrap(), 2, "one of each key");
        assert_eq!(read(Date::MIN).await, all[1..]);
    }

    async fn many_are_written_at_once_and_the_latest_use_counts(db: &Database) {
        let wallet = Wallet::open(db).await;
        let keys: Vec<_> = (0..1500).map(|number| api_key(&format!("key-{number}"))).collect();
        wallet.change(async |tx| {
            for key in &keys {
                tx.insert_external_system(key).await?;
            }
            Ok(())
        }).await.unwrap();
        let on = |key: &NewExternalSystem, on: i8, at| NewUsage { day: date(2027, 3, on), ..usage(&wallet, key.id, at) };
        let days: Vec<_> = keys.iter().flat_map(|key| [on(key, 1, 9000), on(key, 2, 7000)]).collect();
        for written in 1..=2 {
            wallet.store.add_usage(&days).await.unwrap();
            let mut read = wallet.read().await;
            for key in [&keys[0], &keys[999], &keys[1000], &keys[1499]] {
                let expected = [day(1, written, 0, Some(9000)), day(2, written, 0, Some(7000))];
                assert_eq!(read.usage(wallet.id, key.id, Date::MIN).await.unwrap(), expected);
                let stored = read.external_system(wallet.id, SystemKind::ApiKey, key.id).await.unwrap().unwrap();
                assert_eq!(stored.last_used_at, Some(Timestamp::from_millisecond(9000).unwrap()));
            }
        }
        wallet.store.add_usage(&[]).await.unwrap();
    }

    async fn d9_usage_is_of_one_wallet(db: &Database) {
        let wallet = Wallet::open(db).await;
        let other = Wallet::named(&wallet.store, "Other").await;
        let key = api_key("acme-backend");
        wallet.change(async |tx| tx.insert_external_system(&key).await).await.unwrap();
        wallet.store.add_usage(&[usage(&wallet, key.id, 1)]).await.unwrap();
        assert_eq!(wallet.read().await.usage(wallet.id, key.id, Date::MIN).await.unwrap().len(), 1);
        assert!(wallet.read().await.usage(other.id, key.id, Date::MIN).await.unwrap().is_empty());
    }
}
