//! Who may do what: every operation of the API document, tried by every kind of caller.
//!
//! The statuses stand in `server/tests/access_matrix.txt`, where a change of them can be seen and discussed.
//! `UPDATE_ACCESS_MATRIX=1 cargo test -p claviger --test http access_matrix` writes it anew.

pub(crate) mod operations;
mod principals;

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::support::{Actor, Server, make, sample};
use operations::Operation;
use principals::{COLUMNS, Principals};

/// Operations that need no permission; everything else names one.
const ANY_CALLER: &[&str] = &["viewMe"];
/// What keys and clients are refused although they hold the permission, because it would outlive them (mission D4).
const PEOPLE_ONLY: &str = "/api/v1/users/{id}/invitations";

store::both_databases! {
    async fn every_operation_answers_every_caller_as_it_is_written_down(db: &Database) {
        let server = Server::start(db).await;
        let principals = Principals::new(&server).await;
        let mut table = heading();
        for operation in operations::all() {
            write!(table, "{:<7}{:<40}{:<28}", operation.method, operation.path, operation.needs()).unwrap();
            for (column, caller) in principals.of(operation.permission.as_deref()).await {
                let maker = if column == "other" { &principals.other_owner } else { &principals.owner };
                let answer = attempt(&operation, &caller, &principals.owner, maker).await;
                if answer.status == 403 && operation.path == PEOPLE_ONLY && answer.json()["required_permission"].is_null() {
                    assert_eq!(answer.json()["type"], "/problems/people-only");
                } else if answer.status == 403 {
                    assert_eq!(answer.member("required_permission"), operation.needs(), "{operation:?} {column}");
                }
                write!(table, "{:>width$}", answer.status, width = column.len() + 2).unwrap();
            }
            table.push('\n');
        }
        if std::env::var_os("UPDATE_ACCESS_MATRIX").is_some() {
            std::fs::write(golden(), &table).unwrap();
        }
        let expected = std::fs::read_to_string(golden()).unwrap();
        assert_eq!(table, expected, "access_matrix.txt tells something else; see the head of this module");
    }
}

/// What is written down follows from the permission, whoever wrote it down.
#[test]
fn m7_d9_every_row_follows_from_its_permission() {
    let text = std::fs::read_to_string(golden()).unwrap();
    let rows: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(rows.len(), operations::all().len());
    for (row, operation) in rows.into_iter().zip(operations::all()) {
        let statuses: Vec<u16> = row.split_whitespace().skip(3).map(|status| status.parse().unwrap()).collect();
        let status = |column: &str| statuses[COLUMNS.iter().position(|name| *name == column).unwrap()];
        for column in ["nothing", "malformed", "unknown", "wrong", "expired", "revoked"] {
            assert_eq!(status(column), 401, "{row}: {column}");
        }
        assert_eq!(status("two"), 400, "{row}");
        let passes = |status: u16| matches!(status, 200 | 201 | 204 | 409);
        let is_for_people = operation.path == PEOPLE_ONLY;
        assert!(if is_for_people { status("change") == 403 } else { passes(status("change")) }, "{row}");
        assert!(passes(status("session+")), "{row}");
        let free = operation.permission.is_none();
        for column in ["none", "session"] {
            assert!(if free { passes(status(column)) } else { status(column) == 403 }, "{row}: {column}");
        }
        let viewing = free || operation.needs().ends_with(":view");
        assert!(if viewing { passes(status("view")) } else { status("view") == 403 }, "{row}");
        for (token, key) in [("none", "none"), ("view", "view"), ("change", "change"), ("narrowed", "view")] {
            assert_eq!(status(&format!("token_{token}")), status(key), "M16: {row}");
        }
        for column in ["token_expired", "token_deleted"] {
            assert_eq!(status(column), 401, "M16: {row}");
        }
        let other = status("other");
        assert!(if operation.path.contains("{id}") { other == 404 } else { passes(other) }, "{row}");
    }
}

#[test]
fn every_operation_names_its_permission_or_stands_on_the_short_list() {
    let free: Vec<_> = operations::all().into_iter().filter(|operation| operation.permission.is_none()).collect();
    assert_eq!(free.iter().map(|operation| operation.id.as_str()).collect::<Vec<_>>(), ANY_CALLER);
}

#[test]
fn m9_reading_needs_view_and_everything_else_change() {
    for operation in operations::all().into_iter().filter(|operation| operation.permission.is_some()) {
        let expected = if operation.method == "GET" { ":view" } else { ":change" };
        assert!(operation.needs().ends_with(expected), "{operation:?}");
    }
}

#[test]
fn every_permission_guards_an_operation() {
    let needed: Vec<_> = operations::all().into_iter().filter_map(|operation| operation.permission).collect();
    for permission in model::PermissionSet::ALL.iter() {
        assert!(needed.contains(&permission.to_string()), "{permission} is in the grid and guards nothing");
    }
}

/// Tries the operation on an object of its own, which the owner made. `maker` makes what a new object leans on, in the
/// caller's own wallet.
async fn attempt(operation: &Operation, caller: &Actor, owner: &Actor, maker: &Actor) -> crate::support::Answer {
    let path = match operation.path.split_once("/{id}") {
        Some((collection, rest)) => format!("{}{rest}", make(owner, collection).await),
        None => operation.path.clone(),
    };
    let body = if operation.method == "POST" {
        sample_or_nothing(maker, &operation.path).await
    } else {
        serde_json::json!({})
    };
    let request = caller.request(operation.method.parse().unwrap(), &path);
    let request = if matches!(operation.method.as_str(), "GET" | "DELETE") { request } else { request.json(&body) };
    Actor::send(request).await
}

async fn sample_or_nothing(maker: &Actor, path: &str) -> serde_json::Value {
    match path.split_once("{id}") {
        None => sample(maker, path).await.unwrap(),
        Some((_, "/redeem")) => serde_json::json!({"response_code": "wrong"}),
        Some(_) => serde_json::json!({}),
    }
}

fn heading() -> String {
    format!("{:<47}{:<28}  {}\n", "OPERATION", "NEEDS", COLUMNS.join("  "))
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/access_matrix.txt")
}
