//! Verifications: requests to present credentials, and their outcomes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Actor, Did, IdentifierId, RequestUriMethod, Retention, TrustPolicy, VerificationId, VerifiedCredentialId,
    VerifierTemplateId, WalletId,
};

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

names! {
    /// The status of a verification.
    pub enum VerificationStatus {
        /// The request was not fetched yet.
        Requested = "requested",
        /// A wallet has fetched the request and may answer it, once.
        Retrieved = "retrieved",
        /// It was answered, and every check passed.
        Verified = "verified",
        /// It was answered, and a check failed.
        Rejected = "rejected",
        /// The wallet answered that it does not present anything.
        Declined = "declined",
        /// Its time passed before it was answered.
        Expired = "expired",
    }
}

/// A request to present credentials, and its outcome. What was disclosed is in [`VerifiedCredential`]s.
#[derive(Clone, PartialEq, Debug)]
pub struct Verification {
    /// Its id.
    pub id: VerificationId,
    /// The verifying wallet.
    pub wallet_id: WalletId,
    /// The template.
    pub template_id: VerifierTemplateId,
    /// The template's name when the verification was created.
    pub template_name: String,
    /// The external system's own id for it.
    pub correlation_id: Option<String>,
    /// The identifier that signs the request.
    pub identifier_id: IdentifierId,
    /// Its DID.
    pub verifier: Did,
    /// What is asked, as it stood in the template then.
    pub terms: Terms,
    /// The stored status, which does not know of expiry: see [`Verification::status_at`].
    pub status: VerificationStatus,
    /// The redirect URI to which the holder's browser is sent after any answer.
    pub redirect_uri: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The principal that created it.
    pub created_by: Actor,
    /// The first instant at which it cannot be answered any more.
    pub expires_at: Timestamp,
    /// When a wallet fetched the request.
    pub retrieved_at: Option<Timestamp>,
    /// When it was answered, or found to be expired.
    pub finished_at: Option<Timestamp>,
    /// When its retention is over and it is deleted; `None` before it is finished.
    pub kept_until: Option<Timestamp>,
    /// What was checked, when it was answered.
    pub result: Option<VerificationResult>,
}

/// The terms of a verification, copied from its template, so that a later edit does not change an open request.
#[derive(Clone, PartialEq, Debug)]
pub struct Terms {
    /// Why the wallet asks, in words for the holder.
    pub purpose: String,
    /// The query, in DCQL.
    pub query: Value,
    /// The issuers whose credentials are accepted.
    pub trust: TrustPolicy,
    /// How long the outcome is kept.
    pub retention: Retention,
    /// How the link asks wallets to fetch the request.
    pub request_uri_method: RequestUriMethod,
}

/// What was checked of an answer. It holds no claims.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct VerificationResult {
    /// What was checked of the answer as a whole.
    pub checks: Vec<Check>,
    /// What was checked of each presentation, in the order of the query.
    pub credentials: Vec<PresentedCredential>,
}

/// What was checked of one presentation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PresentedCredential {
    /// The id of the credential query that it answers.
    pub query_id: String,
    /// The type that it claims to be of; `null` when it cannot be read.
    pub vct: Option<String>,
    /// Who it says issued it; `null` when it cannot be read.
    pub issuer: Option<String>,
    /// What was checked.
    pub checks: Vec<Check>,
}

/// One thing that was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What.
    pub check: CheckName,
    /// How it went.
    pub outcome: Outcome,
    /// Why, for people.
    pub reason: Option<String>,
}

/// What is checked. `answer` is checked of the answer as a whole, the others of each presentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// The wallet presented, and what it presented is all that the query asks for, and nothing else.
    Answer,
    /// It is an SD-JWT VC, and every disclosure belongs to it.
    Form,
    /// A key of the issuer signed it.
    Signature,
    /// It is valid at this time.
    Dates,
    /// A key binding stands over exactly what was sent.
    KeyBinding,
    /// The key that the credential is bound to signed the key binding.
    HolderBinding,
    /// It was made for this verifier.
    Audience,
    /// It was made for this request.
    Nonce,
    /// It shows what its credential query asks for.
    Query,
    /// The issuer is trusted for credentials of this type.
    TrustedIssuer,
    /// Its issuer has neither revoked nor suspended it.
    Status,
    /// It shows nothing beyond what is asked for that could be withheld. What is shown beyond that is not kept.
    Disclosure,
}

/// How a check went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    Passed,
    /// It makes the verification rejected.
    Failed,
    /// It was not needed, or could not be made because another one failed.
    Skipped,
    /// It found something that is worth knowing, and rejects nothing.
    Noted,
}

/// A credential that was presented and verified, with what was disclosed of it.
#[derive(Clone, PartialEq, Debug)]
pub struct VerifiedCredential {
    /// Its id.
    pub id: VerifiedCredentialId,
    /// The verifying wallet.
    pub wallet_id: WalletId,
    /// The verification that it answered.
    pub verification_id: VerificationId,
    /// The name of the verification's template.
    pub template_name: String,
    /// The external system's own id for the verification.
    pub correlation_id: Option<String>,
    /// Its position in the result of the verification.
    pub position: u32,
    /// The id of the credential query that it answers.
    pub query_id: String,
    /// Its type.
    pub vct: String,
    /// Its issuer.
    pub issuer: String,
    /// The requested claims; where the query names none, those that are always visible.
    pub claims: Value,
    /// What was checked.
    pub checks: Vec<Check>,
    /// When it was verified.
    pub verified_at: Timestamp,
}

impl VerificationStatus {
    /// Whether a wallet can still fetch or answer the request.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Retrieved)
    }
}

impl Verification {
    /// The status at this instant.
    pub fn status_at(&self, now: Timestamp) -> VerificationStatus {
        if self.status.is_open() && now >= self.expires_at { VerificationStatus::Expired } else { self.status }
    }
}

impl VerificationResult {
    /// Every check, those of the whole answer first.
    pub fn all_checks(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().chain(self.credentials.iter().flat_map(|credential| &credential.checks))
    }

    /// Whether nothing failed.
    pub fn is_verified(&self) -> bool {
        self.all_checks().all(|check| check.outcome != Outcome::Failed)
    }
}

impl Check {
    /// A check that passed.
    pub const fn passed(check: CheckName) -> Self {
        Self { check, outcome: Outcome::Passed, reason: None }
    }

    /// A check that failed. The reason may repeat what a stranger sent, so it is cut.
    pub fn failed(check: CheckName, reason: impl ToString) -> Self {
        let reason = reason.to_string().chars().take(REASON_MAX).collect();
        Self { check, outcome: Outcome::Failed, reason: Some(reason) }
    }

    /// A check that was not made.
    pub fn skipped(check: CheckName, reason: impl ToString) -> Self {
        Self { check, outcome: Outcome::Skipped, reason: Some(reason.to_string()) }
    }

    /// A check with a warning. The reason may repeat what a stranger sent, so it is cut.
    pub fn noted(check: CheckName, reason: impl ToString) -> Self {
        Self { outcome: Outcome::Noted, ..Self::failed(check, reason) }
    }

    /// The check of a result: passed, or failed with the error as its reason.
    pub fn of<E: ToString>(check: CheckName, result: Result<(), E>) -> Self {
        result.map_or_else(|error| Self::failed(check, error), |()| Self::passed(check))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(outcomes: &[Outcome]) -> VerificationResult {
        let checks = outcomes.iter().map(|outcome| Check { check: CheckName::Dates, outcome: *outcome, reason: None });
        let presented =
            PresentedCredential { query_id: "pid".to_owned(), vct: None, issuer: None, checks: checks.collect() };
        VerificationResult { checks: vec![Check::passed(CheckName::Answer)], credentials: vec![presented] }
    }

    #[test]
    fn whatever_failed_makes_a_verification_rejected() {
        assert!(result(&[Outcome::Passed, Outcome::Skipped, Outcome::Noted]).is_verified());
        assert!(!result(&[Outcome::Passed, Outcome::Failed]).is_verified());
    }

    #[test]
    fn a_result_survives_its_json() {
        let result = result(&[Outcome::Passed, Outcome::Failed, Outcome::Skipped]);
        let json = serde_json::to_value(&result).unwrap();
        assert_eq!(json["credentials"][0]["checks"][1]["outcome"], "failed");
        assert_eq!(serde_json::from_value::<VerificationResult>(json).unwrap(), result);
    }

    #[test]
    fn a_reason_is_cut() {
        let check = Check::of(CheckName::Form, Err("é".repeat(1000)));
        assert_eq!(check.reason.unwrap().chars().count(), REASON_MAX);
    }

    #[test]
    fn every_status_has_its_name() {
        for status in VerificationStatus::ALL {
            assert_eq!(VerificationStatus::from_name(status.name()), Some(*status));
        }
        assert_eq!(VerificationStatus::from_name("done"), None);
    }
}
