//! Verifier templates: the query, the purpose and the trusted issuers of a kind of verification.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{IdentifierId, Name, Purpose, TrustedIssuerId, VerifierTemplateId, WalletId};

/// The longest retention, in days: ten years.
const DAYS_MAX: u32 = 3650;
/// How long an outcome is kept with a retention of 0 days.
const MIN_RETENTION: SignedDuration = SignedDuration::from_hours(1);

/// A kind of verification: what is asked, why, and which issuers are accepted.
#[derive(Clone, PartialEq, Debug)]
pub struct VerifierTemplate {
    /// Its id.
    pub id: VerifierTemplateId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name.
    pub name: Name,
    /// Why the wallet asks, in words for the holder.
    pub purpose: Purpose,
    /// The identifier that signs the requests.
    pub identifier_id: IdentifierId,
    /// The query, in DCQL (OpenID4VP 1.0 §6), as its author wrote it.
    pub query: Value,
    /// The issuers whose credentials are accepted.
    pub trust: TrustPolicy,
    /// How long outcomes are kept.
    pub retention: Retention,
    /// How its links ask wallets to fetch the request.
    pub request_uri_method: RequestUriMethod,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whose credentials are accepted. "Any" is explicit, and an empty list of trusted issuers trusts nobody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustPolicy {
    /// Those of the trusted issuers, for the types that each is trusted for.
    TrustedIssuers,
    /// Those of these among the trusted issuers. One that is deleted is no longer among them.
    ChosenIssuers(Vec<TrustedIssuerId>),
    /// Those of anybody.
    AnyIssuer,
}

names! {
    /// Whose credentials are accepted.
    #[derive(Default, JsonSchema)]
    #[schemars(inline)]
    pub enum TrustChoice {
        /// Those of every trusted issuer of the wallet, for the types that it is trusted for. An empty list trusts nobody.
        #[default]
        TrustedIssuers = "trusted_issuers",
        /// Those of the issuers in `trusted_issuers`.
        ChosenIssuers = "chosen_issuers",
        /// Those of anybody.
        AnyIssuer = "any_issuer",
    }

    /// How the link of a request asks wallets to fetch it (OpenID4VP 1.0 §5.1). Either way is answered, whatever it asks.
    #[derive(Default, JsonSchema)]
    #[schemars(inline)]
    pub enum RequestUriMethod {
        /// With GET, as every wallet can. The link does not say so: it is the default.
        #[default]
        Get = "get",
        /// With POST, so that a wallet can send a nonce of its own, which the signed request repeats.
        Post = "post",
    }
}

/// How many days the outcome of a verification is kept with what was disclosed; then it is deleted. With 0 it is kept
/// for an hour, in which the system that asked can fetch it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Retention(u32);

/// The days are out of range, or no number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be a whole number of days from 0 to {DAYS_MAX}")]
pub struct RetentionError;

impl TrustPolicy {
    /// The choice that it comes from.
    pub const fn choice(&self) -> TrustChoice {
        match self {
            Self::TrustedIssuers => TrustChoice::TrustedIssuers,
            Self::ChosenIssuers(_) => TrustChoice::ChosenIssuers,
            Self::AnyIssuer => TrustChoice::AnyIssuer,
        }
    }

    /// The chosen issuers; empty unless the policy is a choice.
    pub fn chosen(&self) -> &[TrustedIssuerId] {
        match self {
            Self::ChosenIssuers(chosen) => chosen,
            Self::TrustedIssuers | Self::AnyIssuer => &[],
        }
    }
}

impl Retention {
    /// The longest, in days.
    pub const DAYS_MAX: u32 = DAYS_MAX;

    /// The number of days.
    pub const fn days(self) -> u32 {
        self.0
    }

    /// When an outcome of this instant is deleted.
    pub fn until(self, finished_at: Timestamp) -> Timestamp {
        let kept = SignedDuration::from_hours(24 * i64::from(self.0)).max(MIN_RETENTION);
        finished_at.saturating_add(kept).unwrap_or(Timestamp::MAX)
    }
}

impl Default for Retention {
    /// A month: long enough to answer a question about it, short enough to be forgotten.
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<i64> for Retention {
    type Error = RetentionError;

    fn try_from(days: i64) -> Result<Self, RetentionError> {
        u32::try_from(days).ok().filter(|days| *days <= DAYS_MAX).map(Self).ok_or(RetentionError)
    }
}

impl FromStr for Retention {
    type Err = RetentionError;

    fn from_str(text: &str) -> Result<Self, RetentionError> {
        text.trim().parse::<i64>().map_err(|_| RetentionError)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_kept_for_its_days_and_an_hour_at_least() {
        let finished: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let until = |days: i64| Retention::try_from(days).unwrap().until(finished).to_string();
        assert_eq!(until(0), "2026-11-24T11:00:00Z");
        assert_eq!(until(1), "2026-11-25T10:00:00Z");
        assert_eq!(until(30), "2026-12-24T10:00:00Z");
        assert_eq!(Retention::try_from(3650).unwrap().until(Timestamp::MAX), Timestamp::MAX);
    }

    #[test]
    fn days_are_a_number_in_range() {
        assert_eq!(" 90 ".parse::<Retention>().map(Retention::days), Ok(90));
        for bad in ["", "-1", "3651", "1.5", "month", "99999999999999999999"] {
            assert_eq!(bad.parse::<Retention>(), Err(RetentionError), "{bad}");
        }
    }

    #[test]
    fn a_policy_is_stored_by_name() {
        let id = TrustedIssuerId::from(uuid::Uuid::nil());
        for (policy, json) in [
            (TrustPolicy::TrustedIssuers, serde_json::json!("trusted_issuers")),
            (TrustPolicy::AnyIssuer, serde_json::json!("any_issuer")),
            (TrustPolicy::ChosenIssuers(vec![id]), serde_json::json!({"chosen_issuers": [id]})),
        ] {
            assert_eq!(serde_json::to_value(&policy).unwrap(), json);
            assert_eq!(serde_json::from_value::<TrustPolicy>(json).unwrap(), policy);
        }
    }
}
