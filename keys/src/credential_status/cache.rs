//! Lists that were believed, for as long as their `ttl` allows (draft-ietf-oauth-status-list §13.7), within bounds:
//! strangers choose how many there are and how long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use vc::status_list::StatusListToken;

/// For how many seconds a list without a `ttl` is kept.
const TTL: i64 = 60;
/// The longest that any list is kept, whatever it allows: a revocation should not go unnoticed for a day.
const MAX_TTL: i64 = 60 * 60;
/// The most lists that are kept, and their most bytes.
const MAX_LISTS: usize = 256;
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The lists of others, under their issuer and address.
#[derive(Default, Debug)]
pub(crate) struct Cache(Mutex<HashMap<(String, String), Kept>>);

#[derive(Debug)]
struct Kept {
    list: Arc<StatusListToken>,
    since: i64,
    until: i64,
}

impl Cache {
    /// The list that this issuer was believed for under this address, while its time lasts.
    pub(super) fn get(&self, issuer: &str, uri: &str, now: i64) -> Option<Arc<StatusListToken>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lists.get(&(issuer.to_owned(), uri.to_owned()))?;
        (kept.since..kept.until).contains(&now).then(|| Arc::clone(&kept.list))
    }

    /// Keeps a list. Those that end first make room.
    pub(super) fn keep(&self, issuer: &str, list: &Arc<StatusListToken>, now: i64) {
        let until = now.saturating_add(list.ttl.unwrap_or(TTL).min(MAX_TTL)).min(list.expires_at.unwrap_or(i64::MAX));
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.retain(|_, kept| (kept.since..kept.until).contains(&now));
        let kept = Kept { list: Arc::clone(list), since: now, until };
        lists.insert((issuer.to_owned(), list.uri.clone()), kept);
        while lists.len() > MAX_LISTS || lists.values().map(|kept| kept.list.list.bytes()).sum::<usize>() > MAX_BYTES {
            let first = lists.iter().min_by_key(|(_, kept)| kept.until).map(|(key, _)| key.clone());
            let Some(first) = first else { return };
            lists.remove(&first);
        }
    }
}

#[cfg(test)]
mod tests {
    use vc::status_list::{Bits, StatusList};

    use super::*;

    fn list(uri: &str, ttl: Option<i64>, bytes: usize) -> Arc<StatusListToken> {
        let list = StatusList::new(Bits::Eight, bytes.try_into().unwrap());
        let uri = uri.to_owned();
        Arc::new(StatusListToken { issuer: None, uri, issued_at: 0, expires_at: Some(5000), ttl, list })
    }

    fn is_kept(cache: &Cache, uri: &str, now: i64) -> bool {
        cache.get("issuer", uri, now).is_some()
    }

    #[test]
    fn a_list_is_kept_for_its_ttl_and_never_longer_than_an_hour_or_its_own_time() {
        let cache = Cache::default();
        for (uri, ttl, last) in [("a", None, 1059), ("b", Some(300), 1299), ("c", Some(i64::MAX), 4599)] {
            cache.keep("issuer", &list(uri, ttl, 1), 1000);
            assert!(
                is_kept(&cache, uri, 1000) && is_kept(&cache, uri, last) && !is_kept(&cache, uri, last + 1),
                "{uri}"
            );
            assert!(!is_kept(&cache, uri, 999), "a clock that went back");
        }
        cache.keep("issuer", &list("d", Some(3600), 1), 4000);
        assert!(is_kept(&cache, "d", 4999) && !is_kept(&cache, "d", 5000));
    }

    #[test]
    fn a_list_is_kept_for_its_issuer_alone() {
        let cache = Cache::default();
        cache.keep("issuer", &list("a", None, 1), 0);
        assert!(cache.get("another", "a", 0).is_none() && !is_kept(&cache, "b", 0));
    }

    #[test]
    fn those_that_end_first_make_room() {
        let cache = Cache::default();
        for number in 0..300 {
            cache.keep("issuer", &list(&number.to_string(), Some(1000 + number), 1), 0);
        }
        assert!(!is_kept(&cache, "43", 0) && is_kept(&cache, "44", 0) && is_kept(&cache, "299", 0));
        for number in 0..20 {
            cache.keep("issuer", &list(&format!("long {number}"), Some(3000 + number), 2 * 1024 * 1024), 0);
        }
        assert!(!is_kept(&cache, "299", 0) && !is_kept(&cache, "long 3", 0));
        assert!(is_kept(&cache, "long 4", 0) && is_kept(&cache, "long 19", 0));
    }
}
