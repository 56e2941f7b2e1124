//! What is learnt of a request on its way in, for its way out.

use std::sync::{Arc, OnceLock};

use gate::{Caller, Rate};
use http::{HeaderMap, HeaderName, HeaderValue};

static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Shared by the outermost layer and whoever admits or counts the request.
#[derive(Clone, Default, Debug)]
pub(crate) struct Trail(Arc<Learnt>);

#[derive(Default, Debug)]
struct Learnt {
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

impl Trail {
    /// Notes who was admitted, and what is left to it.
    pub(crate) fn admitted(&self, caller: Caller) {
        if let Some(rate) = caller.rate {
            self.limited(Policy::Key, rate);
        }
        let _ = self.0.caller.set(caller);
    }

    /// Notes under which limit the request was counted; the first one is told.
    pub(crate) fn limited(&self, policy: Policy, rate: Rate) {
        let _ = self.0.limit.set((policy, rate));
    }

    /// Who was admitted.
    pub(crate) fn caller(&self) -> Option<&Caller> {
        self.0.caller.get()
    }

    /// Tells the client of its limit (draft-ietf-httpapi-ratelimit-headers-10): the quota of a window in seconds, what
    /// remains of it, and after how many seconds it is whole again.
    pub(crate) fn write_limit(&self, headers: &mut HeaderMap) {
        let Some((policy, rate)) = self.0.limit.get() else { return };
        let name = policy.name();
        let quota = format!(r#""{name}";q={};w={}"#, rate.quota, gate::RATE_WINDOW);
        let left = format!(r#""{name}";r={};t={}"#, rate.remaining(), rate.reset());
        for (header, text) in [(&RATE_LIMIT_POLICY, quota), (&RATE_LIMIT, left)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(header, value);
            }
        }
    }
}

impl Policy {
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Address => "address",
        }
    }
}
