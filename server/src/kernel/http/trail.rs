//! What is learnt of a request on its way in, for its way out.

use std::cell::RefCell;
use std::fmt;
use std::io::Write as _;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use gate::{Caller, Rate};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::kernel::app::App;
use crate::kernel::problem::{Code, Problem};

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The id of a request, in `x-request-id`, in problems, in the audit log and in the server's log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId(Uuid);

/// Shared by the outermost layer and whoever admits or counts the request.
#[derive(Clone, Debug)]
pub(crate) struct Trail(Arc<Learnt>);

#[derive(Debug)]
struct Learnt {
    id: RequestId,
    /// When it came, in epoch milliseconds.
    at: i64,
    caller: OnceLock<Caller>,
    limit: OnceLock<(Policy, Rate)>,
}

/// Whose requests are limited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Policy {
    /// Those of an API key or OAuth client.
    Key,
    /// Those of an address, without a key that is in force.
    Address,
}

impl RequestId {
    /// The id of the request with these extensions; none of a request that did not come through the outermost layer.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().map(Trail::id)
    }

    /// Tells the client.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        let mut buffer = Uuid::encode_buffer();
        if let Ok(id) = HeaderValue::from_str(self.0.hyphenated().encode_lower(&mut buffer)) {
            headers.insert(&X_REQUEST_ID, id);
        }
    }
}

impl From<Uuid> for RequestId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.extensions).ok_or_else(|| Code::Internal.into())
    }
}

impl Trail {
    /// Of a request that came at this instant, in epoch milliseconds, and of which no more than its id is known.
    pub(crate) fn new(id: RequestId, at: i64) -> Self {
        Self(Arc::new(Learnt { id, at, caller: OnceLock::new(), limit: OnceLock::new() }))
    }

    /// The id of the request.
    pub(crate) fn id(&self) -> RequestId {
        self.0.id
    }

    /// Notes who was admitted, and what is left to it.
    pub(crate) fn admitted(&self, caller: Caller) {
        let _ = self.0.caller.set(caller);
    }

    /// Notes under which limit the request was counted; the first one is told.
    pub(crate) fn limited(&self, policy: Policy, rate: Rate) {
        let _ = self.0.limit.set((policy, rate));
    }

    /// Whether the request was counted under this limit.
    pub(crate) fn is_limited(&self, policy: Policy) -> bool {
        self.0.limit.get().is_some_and(|(counted, _)| *counted == policy)
    }

    /// Who was admitted.
    pub(crate) fn caller(&self) -> Option<&Caller> {
        self.0.caller.get()
    }

    /// Tells the client of its limit (draft-ietf-httpapi-ratelimit-headers-10): the quota of a window in seconds, what
    /// remains of it, and after how many seconds it is whole again.
    pub(crate) fn write_limit(&self, headers: &mut HeaderMap) {
        let of_caller = || self.caller().and_then(|caller| Some((Policy::Key, caller.rate?)));
        let Some((policy, rate)) = self.0.limit.get().copied().or_else(of_caller) else { return };
        let told = [(&RATE_LIMIT_POLICY, policy.with(rate.quota)), (&RATE_LIMIT, policy.left(rate))];
        for (header, value) in told {
            if let Some(value) = value {
                headers.insert(header, value);
            }
        }
    }
}

impl App {
    /// When the request with these extensions came, in epoch milliseconds: the clock is read once for each.
    pub(crate) fn came_at(&self, extensions: &Extensions) -> i64 {
        extensions.get::<Trail>().map_or_else(|| self.clock.millis(), |trail| trail.0.at)
    }
}

thread_local! {
    /// What [`Policy::with`] gave last: most answers have the same.
    static LAST_POLICY: RefCell<Option<(Policy, NonZeroU32, HeaderValue)>> = const { RefCell::new(None) };
}

impl Policy {
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Address => "address",
        }
    }

    fn with(self, quota: NonZeroU32) -> Option<HeaderValue> {
        LAST_POLICY.with_borrow_mut(|last| match last {
            Some((policy, of, value)) if (*policy, *of) == (self, quota) => Some(value.clone()),
            _ => {
                let value = self.item("\";q=", quota.get(), ";w=", gate::RATE_WINDOW)?;
                *last = Some((self, quota, value.clone()));
                Some(value)
            }
        })
    }

    fn left(self, rate: Rate) -> Option<HeaderValue> {
        self.item("\";r=", rate.remaining(), ";t=", rate.reset())
    }

    /// Its name with two parameters, such as `"key";q=60000;w=60` (RFC 9651 §3.3). Every answer to a key has one, so it is
    /// written without the machinery of `format!`.
    fn item(self, before: &str, one: u32, between: &str, other: u32) -> Option<HeaderValue> {
        let (mut one_digits, mut other_digits) = (itoa::Buffer::new(), itoa::Buffer::new());
        let mut text = [0; 48];
        let length = text.len();
        let mut rest = text.as_mut_slice();
        for part in ["\"", self.name(), before, one_digits.format(one), between, other_digits.format(other)] {
            rest.write_all(part.as_bytes()).ok()?;
        }
        let written = length - rest.len();
        HeaderValue::from_bytes(text.get(..written)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_limit_can_be_told() {
        let longest = Policy::Address.item("\";q=", u32::MAX, ";w=", u32::MAX);
        assert_eq!(longest.unwrap(), r#""address";q=4294967295;w=4294967295"#);
    }

    #[test]
    fn each_policy_is_told_as_it_is_whichever_was_told_before() {
        let told = |policy: Policy, quota| policy.with(NonZeroU32::new(quota).unwrap()).unwrap();
        for _ in 0..2 {
            assert_eq!(told(Policy::Key, 5), r#""key";q=5;w=60"#);
            assert_eq!(told(Policy::Key, 5), r#""key";q=5;w=60"#);
            assert_eq!(told(Policy::Key, 6), r#""key";q=6;w=60"#);
            assert_eq!(told(Policy::Address, 6), r#""address";q=6;w=60"#);
        }
    }
}
