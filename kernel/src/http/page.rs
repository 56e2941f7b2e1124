//! Lists on the wire: items and an opaque cursor, which belongs to the list that made it.

use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use http::request::Parts;
use model::WalletId;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Cursor, CursorValue, List, Page};

use super::{Fields, Parameters, RequestContext};
use crate::app::App;
use crate::problem::Problem;

/// Items of a page when the client does not say how many.
const DEFAULT_LIMIT: u32 = 50;
/// The most items of a page.
const MAX_LIMIT: u32 = 200;

/// The parameters that choose a page of a list, and not the list; and what a page of the console says beside it.
const OF_THE_PAGE: [&str; 6] = ["limit", "cursor", "before", "client_cursor", "client_before", "notice"];

/// A list: its wallet, its path, and all its parameters but those that choose a page of it. A cursor bears it, so that the
/// one of another order or filter is refused and does not give a slice that nobody asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListScope([u8; SCOPE]);

/// Enough to tell lists apart. It protects nothing: a cursor holds what its list tells.
const SCOPE: usize = 8;

impl ListScope {
    /// Of the list of a wallet at a path, with the parameters of a query, in whatever order they came.
    pub fn of(wallet: Option<WalletId>, path: &str, query: &str) -> Self {
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, value)| !value.is_empty() && !OF_THE_PAGE.contains(&&**name))
            .collect();
        pairs.sort();
        let mut hash = Sha256::new();
        let wallet = wallet.map(|wallet| wallet.to_string()).unwrap_or_default();
        let parts = pairs.iter().flat_map(|(name, value)| [&**name, &**value]);
        for part in [wallet.as_str(), path].into_iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash: [u8; 32] = hash.finalize().into();
        Self(hash.first_chunk().copied().unwrap_or_default())
    }
}

/// The parameters of a list, read strictly like [`Parameters`], with the scope of its cursors.
#[derive(Debug)]
pub struct Listing<T>(pub T, pub ListScope);

/// Stands behind `Allow` in a handler's signature: the list is the one of the caller's wallet.
impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Listing<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Parameters(asked) = Parameters::from_request_parts(parts, app).await?;
        let caller = parts.extensions.get::<RequestContext>().and_then(RequestContext::caller);
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(asked, ListScope::of(caller.map(|caller| caller.wallet), parts.uri.path(), query)))
    }
}

impl<T: JsonSchema> OperationInput for Listing<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Parameters::<T>::operation_input(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Response)> {
        Parameters::<T>::inferred_early_responses(ctx, operation)
    }
}

/// One page of a list.
#[derive(Serialize, JsonSchema, Debug)]
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
    /// The `cursor` of the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

impl<T> Items<T> {
    /// From a page of the store.
    pub fn from_page<R>(scope: ListScope, page: Page<R>, item: impl FnMut(R) -> T) -> Self {
        let next_cursor = page.next.map(|cursor| cursor_of(scope, &cursor));
        Self { items: page.items.into_iter().map(item).collect(), next_cursor }
    }
}

/// A cursor of this list as opaque text. It holds no more than the list itself tells.
pub fn cursor_of(scope: ListScope, cursor: &Cursor) -> String {
    let value = match &cursor.value {
        CursorValue::Text(text) => format!("t{text}"),
        CursorValue::Number(number) => format!("n{number}"),
    };
    BASE64URL.encode([&scope.0[..], cursor.id.as_bytes(), b"\n", value.as_bytes()].concat())
}

fn read_cursor(scope: ListScope, text: &str) -> Option<Cursor> {
    let bytes = BASE64URL.decode(text).ok()?;
    let text = str::from_utf8(bytes.strip_prefix(&scope.0)?).ok()?;
    let (id, value) = text.split_once('\n')?;
    // What was never made here must not reach the database as text that it cannot hold.
    if text.contains('\0') {
        return None;
    }
    let value = match value.split_at_checked(1)? {
        ("t", text) => CursorValue::Text(text.to_owned()),
        ("n", number) => CursorValue::Number(number.parse().ok()?),
        _ => return None,
    };
    Some(Cursor { value, id: id.to_owned() })
}

/// The parameters of a list that is sorted by name and has no filters.
#[derive(Default, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct ListByName {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Searches the names.
    pub q: Option<String>,
    /// With `-` before it for descending.
    #[serde(default)]
    pub sort: ByName,
}

/// The order of a list that can be sorted by name only.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
pub enum ByName {
    /// Upwards.
    #[default]
    #[serde(rename = "name")]
    Up,
    /// Downwards.
    #[serde(rename = "-name")]
    Down,
}

/// The order of a list that can be sorted by the time of creation only.
#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
#[expect(missing_docs, reason = "the API document would show it as a description")]
pub enum ByTime {
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    #[serde(rename = "created_at")]
    Oldest,
}

impl ByTime {
    /// As the store sorts.
    pub fn order(self) -> ((), bool) {
        ((), self == Self::Newest)
    }
}

impl ListByName {
    /// The page that is asked for.
    pub fn page(&self, scope: ListScope, fields: &mut Fields) -> List<()> {
        let descending = self.sort == ByName::Down;
        fields.list(scope, self.limit, self.cursor.as_deref(), self.q.as_deref(), ((), descending), true)
    }
}

impl Fields {
    /// Refuses a text that no column can hold, so that nothing is compared with it.
    pub fn check_comparable(&mut self, field: &str, text: Option<&str>) {
        if text.is_some_and(|text| text.contains('\0')) {
            self.refuse(field, "invalid", "must not contain control characters");
        }
    }

    /// The page that is asked for; `text` tells whether the list is sorted by a text column.
    pub fn list<S>(
        &mut self,
        scope: ListScope,
        limit: Option<u32>,
        cursor: Option<&str>,
        q: Option<&str>,
        (sort, descending): (S, bool),
        text: bool,
    ) -> List<S> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.refuse("limit", "invalid", format!("must be between 1 and {MAX_LIMIT}"));
        }
        let after = cursor.and_then(|cursor| {
            let read = read_cursor(scope, cursor).filter(|read| matches!(read.value, CursorValue::Text(_)) == text);
            if read.is_none() {
                self.refuse("cursor", "invalid", "must be the next_cursor of the same list, with the same parameters");
            }
            read
        });
        self.check_comparable("q", q);
        List { limit, after, q: q.map(ToOwned::to_owned), sort, descending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(path: &str, query: &str) -> ListScope {
        ListScope::of(None, path, query)
    }

    #[test]
    fn a_cursor_survives_its_text_and_nothing_else_is_one() {
        let list = scope("/users", "");
        for value in [CursorValue::Text("a\nb é".to_owned()), CursorValue::Number(-5)] {
            let cursor = Cursor { value, id: "id".to_owned() };
            assert_eq!(read_cursor(list, &cursor_of(list, &cursor)), Some(cursor));
        }
        let text = |rest: &[u8]| BASE64URL.encode([&list.0[..], rest].concat());
        for text in
            ["", "x", "!!", &text(b""), &text(b"id\n"), &text(b"id\nnx"), &text(b"id\nt\0"), &text(b"id\nt\xff")]
        {
            assert_eq!(read_cursor(list, text), None, "{text}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_one_list() {
        let cursor = Cursor { value: CursorValue::Text("a".to_owned()), id: "id".to_owned() };
        let list = scope("/users", "sort=name&q=a&limit=5&cursor=x");
        let text = cursor_of(list, &cursor);
        // How many items a page has, and in which order the parameters stand, makes no other list.
        assert_eq!(read_cursor(scope("/users", "q=a&sort=name&limit=9"), &text), Some(cursor));
        let others = [
            ("/users", "sort=-name&q=a"),
            ("/users", "sort=name"),
            ("/users", "sort=name&q=b"),
            ("/roles", "sort=name&q=a"),
        ];
        for (path, query) in others {
            assert_eq!(read_cursor(scope(path, query), &text), None, "{path}?{query}");
        }
        let other_wallet = ListScope::of(Some(uuid::Uuid::nil().into()), "/users", "sort=name&q=a");
        assert_eq!(read_cursor(other_wallet, &text), None);
    }
}
