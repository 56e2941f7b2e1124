//! The headers `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).

use std::cell::RefCell;
use std::io::Write as _;
use std::num::NonZeroU32;

use gate::Rate;
use http::{HeaderMap, HeaderName, HeaderValue};

static RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Whose requests are limited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// Those of an API key or OAuth client.
    Key,
    /// Those of an address, without a key that is in force.
    Address,
}

/// Writes the quota of a window in seconds, the rest of it, and the seconds until it is full again.
pub(super) fn write(policy: Policy, rate: Rate, headers: &mut HeaderMap) {
    for (name, value) in [(&RATE_LIMIT_POLICY, policy.with(rate.quota)), (&RATE_LIMIT, policy.left(rate))] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
}

thread_local! {
    /// The last result of [`Policy::with`], cached because most answers have the same.
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
