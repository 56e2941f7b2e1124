//! A change is in force for the next request (invariant 4), and uses are noted as they happen.

use model::in_force::{Role, Session, System, User};
use model::{Actor, ActorKind, PermissionSet, RoleId, SystemKind};
use uuid::Uuid;

use super::support::{House, KEY, NOW, OTHER_WALLET, ROLE, USER, permissions, text};
use crate::{Denial, Entry, InvalidReason, KeyKind, KeyText, UnreadableKeyId};

const USER_REMOVED: Denial = Denial::Invalid(InvalidReason::UserRemoved);

#[test]
fn m12_an_edit_of_a_key_is_in_force_for_the_next_request() {
    let house = House::new();
    let before = house.with_key(NOW).unwrap();
    let change = "wallet:change".parse().unwrap();
    assert!(!before.may(change));
    house.apply(Entry::System(System { permissions: permissions("wallet:change"), ..house.key_entry() }));
    let after = house.with_key(NOW).unwrap();
    assert!(after.may(change) && !after.may("holder_credentials:view".parse().unwrap()));
}

#[test]
fn d7_a_key_without_permissions_is_admitted_and_may_nothing() {
    let house = House::new();
    house.apply(Entry::System(System { permissions: PermissionSet::EMPTY, ..house.key_entry() }));
    let caller = house.with_key(NOW).unwrap();
    assert!(PermissionSet::ALL.iter().all(|permission| !caller.may(permission)));
}

#[test]
fn a_sessions_permissions_are_the_live_union_of_the_users_roles() {
    let house = House::new();
    let second = RoleId(Uuid::from_u128(50));
    house.apply(Entry::User(User { roles: vec![ROLE, second], ..house.user_entry() }));
    assert_eq!(house.with_session(NOW).unwrap().permissions, permissions("users:change"));

    let role = Role { id: second, permissions: permissions("roles:view"), ..house.role_entry() };
    house.apply(Entry::Role(role.clone()));
    assert_eq!(house.with_session(NOW).unwrap().permissions, permissions("users:change roles:view"));

    house.apply(Entry::Role(Role { permissions: permissions("audit_log:view"), ..role.clone() }));
    assert_eq!(house.with_session(NOW).unwrap().permissions, permissions("users:change audit_log:view"));

    house.apply(Entry::Role(Role { deleted: true, ..role }));
    assert_eq!(house.with_session(NOW).unwrap().permissions, permissions("users:change"));

    house.apply(Entry::User(User { roles: Vec::new(), ..house.user_entry() }));
    assert_eq!(house.with_session(NOW).unwrap().permissions, PermissionSet::EMPTY);
}

#[test]
fn a_session_of_a_removed_user_opens_nothing_and_does_not_say_why() {
    let house = House::new();
    house.apply(Entry::User(User { deleted: true, ..house.user_entry() }));
    assert_eq!(house.with_session(NOW), Err(USER_REMOVED));
    assert_eq!(house.with_session(i64::MAX), Err(USER_REMOVED));
    assert_eq!(USER_REMOVED.reason(), "user removed");
}

#[test]
fn d9_wallets_never_mix() {
    let house = House::new();
    house.apply(Entry::Role(Role { wallet_id: OTHER_WALLET, ..house.role_entry() }));
    assert_eq!(house.with_session(NOW).unwrap().permissions, PermissionSet::EMPTY);
    house.apply(Entry::Session(Session { wallet_id: OTHER_WALLET, ..house.session_entry() }));
    assert_eq!(house.with_session(NOW), Err(USER_REMOVED));
}

#[test]
fn the_actor_bears_the_name_that_it_has_now() {
    let house = House::new();
    let actor = |kind, id, name: &str| Actor { kind, id: Some(id), name: name.to_owned() };
    let (key, user) = (house.with_key(NOW).unwrap(), house.with_session(NOW).unwrap());
    assert_eq!(house.gate.actor(&key), actor(ActorKind::ApiKey, KEY.0, "acme-backend"));
    house.apply(Entry::User(User { name: "Ada L.".to_owned(), ..house.user_entry() }));
    assert_eq!(house.gate.actor(&user), actor(ActorKind::User, USER.0, "Ada L."));
    house.apply(Entry::User(User { deleted: true, ..house.user_entry() }));
    assert_eq!(house.gate.actor(&user), actor(ActorKind::User, USER.0, &USER.to_string()));
}

#[test]
fn a_use_is_noted_and_taken_once() {
    let house = House::new();
    assert_eq!((house.last_used(), house.take_used()), (None, vec![]));
    house.with_key(NOW).unwrap();
    house.with_key(NOW + 5).unwrap();
    assert_eq!(house.last_used(), Some(NOW + 5));
    assert_eq!(house.take_used(), [(Some(NOW + 5), 2, 0)]);
    assert_eq!(house.take_used(), []);
    house.with_key(NOW + 6).unwrap();
    assert_eq!(house.take_used(), [(Some(NOW + 6), 1, 0)]);
}

#[test]
fn a_refused_request_is_counted_and_is_no_use() {
    let house = House::new();
    house.apply(Entry::System(System { revoked: true, ..house.key_entry() }));
    house.with_key(NOW).unwrap_err();
    house.apply(Entry::System(System { expires_at: NOW, ..house.key_entry() }));
    house.with_key(NOW).unwrap_err();
    assert_eq!((house.last_used(), house.take_used()), (None, vec![(None, 1, 1)]));
}

#[test]
fn a_few_are_taken_at_a_time_and_whoever_waits_longest_comes_first() {
    let house = House::new();
    let client = System { kind: SystemKind::OauthClient, ..house.key_entry() };
    house.apply(Entry::System(client.clone()));
    let secret = text(KeyKind::ClientSecret, 1, 2);
    house.apply(Entry::System(System { digest: house.gate.digest_key().digest(&secret), ..client }));
    house.with_key(NOW).unwrap();
    let secret = KeyText::parse(KeyKind::ClientSecret, secret.reveal().as_bytes()).unwrap();
    house.gate.prove_client(&house.key_entry().name, &secret, NOW + 1).unwrap();
    let take = |most| {
        let (used, are_left) = house.gate.take_used(most);
        (used.iter().map(|used| used.last_used_at).collect::<Vec<_>>(), are_left)
    };
    assert_eq!(take(0), (vec![], true));
    assert_eq!(take(1), (vec![Some(NOW)], true));
    assert_eq!(take(1), (vec![Some(NOW + 1)], false));
    assert_eq!(take(1), (vec![], false));
}

#[test]
fn what_was_taken_of_one_key_is_not_taken_again() {
    let house = House::new();
    let take = || house.gate.take_used_of(SystemKind::ApiKey, &house.key.key_id()).map(|used| used.counts.requests);
    assert_eq!(take(), None);
    house.with_key(NOW).unwrap();
    assert_eq!((take(), take()), (Some(1), None));
    assert_eq!(house.take_used(), []);
    house.with_key(NOW).unwrap();
    assert_eq!(house.take_used(), [(Some(NOW), 1, 0)]);
}

#[test]
fn applying_an_entry_keeps_the_later_last_use() {
    let house = House::new();
    house.with_key(NOW).unwrap();
    house.apply(Entry::System(System { last_used_at: Some(NOW - 9), ..house.key_entry() }));
    assert_eq!(house.last_used(), Some(NOW));
    house.with_key(NOW + 1).unwrap();
    assert_eq!(house.take_used(), [(Some(NOW + 1), 2, 0)], "counted before and after the edit, told once");
    house.apply(Entry::System(System { last_used_at: Some(NOW + 9), ..house.key_entry() }));
    assert_eq!(house.last_used(), Some(NOW + 9), "another node saw it later");
}

#[test]
fn an_entry_whose_key_id_is_unreadable_is_not_taken_in() {
    let house = House::new();
    let key_id = "0123456789abcde".to_owned();
    let system = System { key_id: key_id.clone(), ..house.key_entry() };
    assert_eq!(house.gate.apply(Entry::System(system)), Err(UnreadableKeyId));
    let session = Session { key_id, ended: true, ..house.session_entry() };
    assert_eq!(house.gate.apply(Entry::Session(session)), Err(UnreadableKeyId));
    assert!(house.with_key(NOW).is_ok() && house.with_session(NOW).is_ok());
}
