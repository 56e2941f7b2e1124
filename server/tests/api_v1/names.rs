//! A name shows something: for every kind of name that the API takes, found in the API document.

use access::roles::RoleDraft;
use access::roles::Roles;
use http::Method;
use kernel::collection::Creatable as _;
use model::{Name, PermissionSet, Stored as _};
use serde_json::{Map, Value, json};

use crate::support::{Actor, Server, make, sample};

/// The members that people read as a name.
const NAMES: [&str; 5] = ["name", "label", "display_name", "purpose", "client_id"];

/// What shows nothing: blanks, joiners, marks without a letter, fillers, and what colours or directs other characters.
const INVISIBLE: [&str; 12] = [
    "\u{200b}",
    "\u{2060}",
    "\u{feff}",
    "\u{200d}",
    "\u{301}\u{308}",
    "\u{fe0f}",
    "\u{3164}",
    "\u{2800}",
    "\u{ad}",
    "\u{200b} \u{2060}\u{200e}",
    "\u{e0041}\u{e0042}",
    "\u{180e}\u{34f}",
];

/// A person at a computer, which is an emoji joined of two, before a name with a joiner that Persian needs.
const JOINED: &str = "\u{1F469}\u{200D}\u{1F4BB} می\u{200c}خواهم";

/// A member of a request that is a name.
#[derive(Debug)]
struct NameMember {
    method: Method,
    path: String,
    pointer: String,
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolved(document, document.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// Adds the names in what a schema describes; an item of a list stands for all of them.
fn collect(document: &Value, schema: &Value, pointer: &str, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    for form in ["anyOf", "oneOf", "allOf"].iter().filter_map(|name| schema[*name].as_array()).flatten() {
        collect(document, form, pointer, found);
    }
    let is_text =
        schema["type"] == "string" || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
    if is_text && NAMES.iter().any(|name| pointer.ends_with(&format!("/{name}"))) {
        found.push(pointer.to_owned());
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        collect(document, member, &format!("{pointer}/{name}"), found);
    }
    if !schema["items"].is_null() {
        collect(document, &schema["items"], &format!("{pointer}/0"), found);
    }
}

fn members() -> Vec<NameMember> {
    let document = serde_json::to_value(claviger::openapi()).unwrap();
    let mut members = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in [Method::POST, Method::PATCH] {
            let body = &item[method.as_str().to_lowercase()]["requestBody"]["content"]["application/json"]["schema"];
            let mut found = Vec::new();
            collect(&document, body, "", &mut found);
            let member = |pointer| NameMember { method: method.clone(), path: path.clone(), pointer };
            members.extend(found.into_iter().map(member));
        }
    }
    members.sort_by(|one: &NameMember, other| (&one.path, &one.pointer).cmp(&(&other.path, &other.pointer)));
    members
}

/// The body with this value in its place, in objects and lists that are made where they are not there.
fn set(body: &mut Value, pointer: &str, value: &str) {
    let mut place = body;
    for step in pointer.split('/').skip(1) {
        place = if step == "0" {
            &mut place.as_array_mut().unwrap()[0]
        } else {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            &mut place[step]
        };
    }
    *place = json!(value);
}

/// The field as errors write it: `claims[0].label`.
fn field(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace("/0", "[0]").replace('/', ".")
}

/// A request with this text as the name, which is refused for nothing else.
async fn send(owner: &Actor, member: &NameMember, text: &str) -> crate::support::Answer {
    let collection = member.path.trim_end_matches("/{id}");
    let (mut body, path) = match member.method {
        Method::POST => (sample(owner, collection).await.unwrap(), collection.to_owned()),
        _ if collection == member.path => (json!({}), collection.to_owned()),
        _ => (json!({}), make(owner, collection).await),
    };
    if member.method == Method::PATCH && member.pointer.starts_with("/claims/") {
        body["claims"] = sample(owner, collection).await.unwrap()["claims"].clone();
    }
    set(&mut body, &member.pointer, text);
    Actor::send(owner.request(member.method.clone(), &path).json(&body)).await
}

store::both_databases! {
    async fn a_name_of_every_kind_shows_something(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let members = members();
        for member in &members {
            for text in INVISIBLE {
                let refused = send(&owner, member, text).await.problem(422, "invalid-request").refused();
                let expected = format!("{}: invalid", field(&member.pointer));
                assert_eq!(refused, [expected], "{member:?} {}", text.escape_unicode());
            }
        }
        let kinds = members.iter().map(|member| format!("{} {} {}", member.method, member.path, field(&member.pointer)));
        assert_eq!(kinds.collect::<Vec<_>>(), [
            "POST /api/v1/api-keys name",
            "POST /api/v1/identifiers name",
            "POST /api/v1/issuer-templates claims[0].label",
            "POST /api/v1/issuer-templates display.name",
            "POST /api/v1/issuer-templates name",
            "PATCH /api/v1/issuer-templates/{id} claims[0].label",
            "PATCH /api/v1/issuer-templates/{id} display.name",
            "PATCH /api/v1/issuer-templates/{id} name",
            "POST /api/v1/oauth-clients client_id",
            "PATCH /api/v1/profile display_name",
            "POST /api/v1/roles name",
            "PATCH /api/v1/roles/{id} name",
            "POST /api/v1/status-lists name",
            "PATCH /api/v1/status-lists/{id} name",
            "POST /api/v1/trusted-contacts name",
            "PATCH /api/v1/trusted-contacts/{id} name",
            "POST /api/v1/trusted-issuers name",
            "PATCH /api/v1/trusted-issuers/{id} name",
            "POST /api/v1/users name",
            "PATCH /api/v1/users/{id} name",
            "POST /api/v1/verifier-templates name",
            "POST /api/v1/verifier-templates purpose",
            "PATCH /api/v1/verifier-templates/{id} name",
            "PATCH /api/v1/verifier-templates/{id} purpose",
            "PATCH /api/v1/wallet name",
        ]);
    }

    async fn what_joins_characters_that_are_seen_stays_in_a_name(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        // A client ID has characters of its own.
        for (number, member) in members().iter().filter(|member| !member.pointer.ends_with("/client_id")).enumerate() {
            let text = format!("{JOINED} {number}");
            let answer = send(&owner, member, &text).await;
            let answer = if member.method == Method::POST { answer.is(201) } else { answer.is(200) };
            assert_eq!(answer.json().pointer(&member.pointer), Some(&json!(text)), "{member:?}");
        }
    }

    async fn what_an_earlier_release_called_so_can_still_be_edited(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let draft = RoleDraft { name: Name::stored("\u{200b}".to_owned()), permissions: PermissionSet::ALL };
        let role = Roles::create(&server.app, &acme.operator(), draft).await.unwrap();
        let path = format!("/api/v1/roles/{}", role.id);
        let narrowed = owner.patch(&path, json!({"permissions": []})).await.is(200);
        assert_eq!((narrowed.member("name"), narrowed.json()["permissions"].clone()), ("\u{200b}".to_owned(), json!([])));
        assert_eq!(owner.patch(&path, json!({"name": "\u{200b}"})).await.refused(), ["name: invalid"]);
        owner.patch(&path, json!({"name": "Readers"})).await.is(200);
    }
}
