//! Judging an answer (OpenID4VP 1.0 §8.6): everything is checked that can be, and the outcome of each check is told.
//!
//! What costs nothing comes first. A stranger's servers are asked for keys and status only when the presentation was
//! made by its holder for this very request, and its issuer is one that the template trusts: whoever answers cannot
//! send this server anywhere it likes.

use std::collections::BTreeMap;

use kernel::app::App;
use kernel::problem::{Code, Problem};
use keys::credential_status::{self, LiveStatus};
use keys::issuer_keys;
use model::{Check, CheckName, Outcome, PresentedCredential, Verification, VerificationResult};
use serde_json::Value;
use vc::dcql::{AnswerError, Candidate, CredentialQuery, Mismatch, Query};
use vc::issuer::{IssuerKeys, KeySet};
use vc::openid4vp::VpToken;
use vc::sd_jwt_vc::{Expected, Holder, ParsedPresentation, PresentationError, VerifiedCredential, VerifyError};

use super::protocol::client_id;
use crate::trusted_issuers;

/// How much is kept of who somebody says issued a credential, in characters.
const ISSUER_MAX: usize = 2048;

const NOT_ASKED: &str = "the query asks for no key binding, and there is none";
const NO_KEY_BINDING: &str = "there is no key binding";
const UNREADABLE: &str = "the presentation cannot be read";
const NO_KEYS: &str = "nobody was asked for keys: the presentation failed before";
const UNSIGNED: &str = "what nobody signed says nothing";
const HOLDER_UNASKED: &str = "the DID of the holder was not asked for its keys: the presentation failed before";

/// How a wallet answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answered {
    /// With presentations, of whatever worth.
    Presented,
    /// That it does not present anything.
    Declined,
    /// In a form that cannot be read.
    Malformed,
}

/// What of a credential is kept.
pub(super) struct Disclosed {
    /// Its type.
    pub(super) vct: String,
    /// Who issued it.
    pub(super) issuer: String,
    /// The claims that were asked for; where none was named, those that cannot be withheld.
    pub(super) claims: Value,
}

/// What came of an answer.
pub(super) struct Evaluated {
    /// Every check.
    pub(super) result: VerificationResult,
    /// What is kept, in the order of the result; only of an answer of which every presentation was verified.
    pub(super) disclosed: Vec<Disclosed>,
    /// How the wallet answered.
    pub(super) answered: Answered,
}

impl Evaluated {
    /// Of an answer with nothing to judge in it, for this reason.
    pub(super) fn nothing(answered: Answered, reason: String) -> Self {
        let checks = vec![Check::failed(CheckName::Answer, reason)];
        Self { result: VerificationResult { checks, credentials: Vec::new() }, disclosed: Vec::new(), answered }
    }
}

/// One presentation, judged.
struct EvaluatedPresentation {
    presented: PresentedCredential,
    credential: Option<VerifiedCredential>,
    holder_bound: bool,
    /// What is kept, once it is what was asked for.
    disclosed: Option<Disclosed>,
}

/// Who must have signed the key binding, and whether it is all right but for that.
enum Binding {
    /// There is none, or it is wrong, or all of it was checked.
    Evaluated(bool),
    /// The holder's key is to be fetched, of this DID URL; the rest is as it should be.
    AtDid(String),
}

/// What a presentation is judged by.
struct Judge<'a> {
    app: &'a App,
    verification: &'a Verification,
    query: &'a Query,
    expected: Expected<'a>,
}

/// Judges what a wallet presented.
pub(super) async fn evaluate(
    app: &App,
    verification: &Verification,
    nonce: &str,
    vp_token: &VpToken,
) -> Result<Evaluated, Problem> {
    // The template was checked when it was made.
    let query = Query::parse(&verification.terms.query).map_err(|_| Code::Internal)?;
    let audience = client_id(verification)?.to_string();
    let expected = Expected { audience: &audience, nonce, now: app.clock.now().as_second() };
    let judge = Judge { app, verification, query: &query, expected };
    let mut judged = Vec::new();
    for asked in &query.credentials {
        for text in vp_token.0.get(&asked.id).into_iter().flatten() {
            judged.push(judge.presentation(asked, text).await?);
        }
    }
    let checks = vec![answer(&query, vp_token, &judged)];
    let mut result = VerificationResult { checks, credentials: Vec::new() };
    let mut disclosed = Vec::new();
    for judged in judged {
        result.credentials.push(judged.presented);
        disclosed.extend(judged.disclosed);
    }
    Ok(Evaluated { result, disclosed, answered: Answered::Presented })
}

/// §6.4.2, §8.1: whether all that was presented is what was asked for, and all of it.
fn answer(query: &Query, vp_token: &VpToken, judged: &[EvaluatedPresentation]) -> Check {
    let mut answer: BTreeMap<String, Vec<Candidate<'_>>> = BTreeMap::new();
    for id in vp_token.0.keys() {
        let of_id = judged.iter().filter(|judged| judged.presented.query_id == *id);
        let candidates: Vec<_> = of_id.filter_map(EvaluatedPresentation::candidate).collect();
        let asked = query.credentials.iter().any(|asked| asked.id == *id);
        if candidates.is_empty() && asked {
            return Check::skipped(CheckName::Answer, format!("no presentation for `{id}` was believed"));
        }
        answer.insert(id.clone(), candidates);
    }
    match query.check_answer(&answer) {
        // It stands beside the presentation that it is about.
        Err(AnswerError::Mismatch { .. }) => {
            Check::skipped(CheckName::Answer, "a presentation is not what was asked for")
        }
        other => Check::of(CheckName::Answer, other),
    }
}

impl Judge<'_> {
    async fn presentation(&self, asked: &CredentialQuery, text: &str) -> Result<EvaluatedPresentation, Problem> {
        let presentation = match ParsedPresentation::parse(text) {
            Ok(presentation) => presentation,
            Err(error) => return Ok(unreadable(asked, &error)),
        };
        let issuer = presentation.issuer();
        let mut checks = vec![Check::passed(CheckName::Form)];
        let binding = self.binding(asked, &presentation, &mut checks);
        let trusted = match &issuer {
            Ok(issuer) => self.trust(issuer.issuer(), presentation.vct()).await?,
            Err(error) => Check::failed(CheckName::TrustedIssuer, error),
        };
        checks.push(trusted);
        let name = issuer.as_ref().ok().map(|issuer| issuer.issuer().chars().take(ISSUER_MAX).collect());
        let keys = match issuer {
            Ok(issuer) if may_ask(&issuer, &checks) => {
                issuer_keys::find(self.app, issuer).await.map_err(|error| Check::failed(CheckName::Signature, error))
            }
            Ok(_) => Err(Check::skipped(CheckName::Signature, NO_KEYS)),
            Err(error) => Err(Check::failed(CheckName::Signature, error)),
        };
        let credential = match keys {
            Ok(keys) => self.credential(&presentation, &keys, &mut checks),
            Err(check) => {
                checks.extend([check, Check::skipped(CheckName::Dates, UNSIGNED)]);
                None
            }
        };
        let holder_bound = self.holder(binding, &presentation, credential.is_some(), &mut checks).await;
        checks.push(self.status(credential.as_ref(), &checks).await);
        let mut judged = EvaluatedPresentation {
            presented: PresentedCredential {
                query_id: asked.id.clone(),
                vct: Some(presentation.vct().to_owned()),
                issuer: name,
                checks,
            },
            credential,
            holder_bound,
            disclosed: None,
        };
        let fits = self.fits(&judged);
        let disclosure = match judged.credential.as_ref().filter(|_| fits.outcome == Outcome::Passed) {
            None => Check::skipped(CheckName::Disclosure, "it is not what was asked for"),
            Some(credential) => {
                let (disclosed, disclosure) = asked_of(asked, credential, judged.candidate());
                judged.disclosed = Some(disclosed);
                disclosure
            }
        };
        judged.presented.checks.extend([fits, disclosure]);
        Ok(judged)
    }

    /// Whether the holder has proven itself; with the key of its DID where the credential is bound to one. The DID is
    /// asked last, when its issuer has signed that it is the holder's: whoever answers cannot choose where this server
    /// goes.
    async fn holder(
        &self,
        binding: Binding,
        presentation: &ParsedPresentation,
        believed: bool,
        checks: &mut [Check],
    ) -> bool {
        let url = match binding {
            Binding::Evaluated(proven) => return proven,
            Binding::AtDid(url) => url,
        };
        if !believed || any_failed(checks) {
            return false;
        }
        let check = match issuer_keys::holder_key(self.app, &url).await {
            Ok(key) => Check::of(CheckName::HolderBinding, presentation.check_holder(&key)),
            Err(error) => Check::failed(CheckName::HolderBinding, error),
        };
        let proven = check.outcome == Outcome::Passed;
        if let Some(place) = checks.iter_mut().find(|check| check.check == CheckName::HolderBinding) {
            *place = check;
        }
        proven
    }

    /// RFC 9901 §7.3, OpenID4VP 1.0 §14.1: by its holder, for this verifier and this request.
    fn binding(&self, asked: &CredentialQuery, presentation: &ParsedPresentation, checks: &mut Vec<Check>) -> Binding {
        const PARTS: [CheckName; 3] = [CheckName::HolderBinding, CheckName::Audience, CheckName::Nonce];
        if !presentation.has_key_binding() {
            let (first, reason) = if asked.require_cryptographic_holder_binding {
                (Check::failed(CheckName::KeyBinding, PresentationError::NoKeyBinding), NO_KEY_BINDING)
            } else {
                (Check::skipped(CheckName::KeyBinding, NOT_ASKED), NOT_ASKED)
            };
            checks.push(first);
            checks.extend(PARTS.map(|part| Check::skipped(part, reason)));
            return Binding::Evaluated(false);
        }
        let expected = &self.expected;
        let (holder, url) = match presentation.holder() {
            Ok(Holder::Key(key)) => (Check::of(CheckName::HolderBinding, presentation.check_holder(&key)), None),
            Ok(Holder::DidUrl(url)) => (Check::skipped(CheckName::HolderBinding, HOLDER_UNASKED), Some(url)),
            Err(error) => (Check::failed(CheckName::HolderBinding, error), None),
        };
        let made = [
            Check::of(CheckName::KeyBinding, presentation.check_key_binding(expected.now)),
            holder,
            Check::of(CheckName::Audience, presentation.check_audience(expected.audience)),
            Check::of(CheckName::Nonce, presentation.check_nonce(expected.nonce)),
        ];
        let proven = !any_failed(&made);
        checks.extend(made);
        match url {
            Some(url) if proven => Binding::AtDid(url),
            _ => Binding::Evaluated(proven && url.is_none()),
        }
    }

    async fn trust(&self, issuer: &str, vct: &str) -> Result<Check, Problem> {
        let (wallet, policy) = (self.verification.wallet_id, &self.verification.terms.trust);
        let mut read = self.app.store.read().await?;
        let trust = trusted_issuers::trusts(&mut read, wallet, policy, issuer, vct).await?;
        let outcome = if trust.is_given() { Outcome::Passed } else { Outcome::Failed };
        Ok(Check { check: CheckName::TrustedIssuer, outcome, reason: Some(trust.to_string()) })
    }

    /// Signature and dates. The key binding has been judged before.
    fn credential(
        &self,
        presentation: &ParsedPresentation,
        keys: &KeySet,
        checks: &mut Vec<Check>,
    ) -> Option<VerifiedCredential> {
        let verified = presentation.verify_unbound(keys, self.expected.now);
        let (signature, dates) = match &verified {
            Ok(_) => (Check::passed(CheckName::Signature), Check::passed(CheckName::Dates)),
            Err(PresentationError::Untrusted(VerifyError::Time(error))) => {
                (Check::passed(CheckName::Signature), Check::failed(CheckName::Dates, format!("it {error}")))
            }
            Err(error) => (Check::failed(CheckName::Signature, error), Check::skipped(CheckName::Dates, UNSIGNED)),
        };
        checks.extend([signature, dates]);
        verified.ok()
    }

    /// What the issuer says of it now. A list that cannot be had keeps nothing from being revoked, so it fails.
    async fn status(&self, credential: Option<&VerifiedCredential>, before: &[Check]) -> Check {
        let Some(credential) = credential.filter(|_| !any_failed(before)) else {
            return Check::skipped(CheckName::Status, "nobody was asked: the presentation failed before");
        };
        let now = self.app.clock.now();
        match credential_status::check(self.app, &credential.issuer, credential.status.as_ref(), now).await {
            Ok(LiveStatus::Valid) => Check::passed(CheckName::Status),
            Ok(LiveStatus::None) => Check::skipped(CheckName::Status, "its issuer keeps no status of it"),
            Ok(LiveStatus::Revoked) => Check::failed(CheckName::Status, "its issuer has revoked it"),
            Ok(LiveStatus::Suspended) => Check::failed(CheckName::Status, "its issuer has suspended it"),
            Err(error) => Check::failed(CheckName::Status, error),
        }
    }

    /// §6.1, §6.4.1: whether it is what its credential query asks for.
    fn fits(&self, judged: &EvaluatedPresentation) -> Check {
        let Some(candidate) = judged.candidate() else {
            return Check::skipped(CheckName::Query, "what it discloses was not believed");
        };
        let alone = BTreeMap::from([(judged.presented.query_id.clone(), vec![candidate])]);
        match self.query.check_answer(&alone) {
            Err(AnswerError::Mismatch { reason: Mismatch::HolderBinding, .. }) => {
                Check::skipped(CheckName::Query, "its holder has not proven itself")
            }
            Err(AnswerError::Mismatch { reason, .. }) => {
                Check::failed(CheckName::Query, format!("the credential {reason}"))
            }
            // What else the answer lacks is no fault of this one.
            _ => Check::passed(CheckName::Query),
        }
    }
}

impl EvaluatedPresentation {
    fn candidate(&self) -> Option<Candidate<'_>> {
        self.credential.as_ref().map(|credential| Candidate {
            vct: &credential.vct,
            claims: &credential.claims,
            gaps: &credential.gaps,
            holder_bound: self.holder_bound,
        })
    }
}

/// What of a credential was asked for, which is kept, and whether more was shown that could have been withheld. A query
/// that names no claims asks for those that cannot be withheld (§6.4.1).
fn asked_of(
    asked: &CredentialQuery,
    credential: &VerifiedCredential,
    candidate: Option<Candidate<'_>>,
) -> (Disclosed, Check) {
    let paths = candidate.and_then(|candidate| asked.fit(&candidate).ok()).map(|(_, paths)| paths).unwrap_or_default();
    let claims = if asked.claims.is_none() { credential.always_visible() } else { credential.only(&paths) };
    let beyond: Vec<String> = credential.beyond(&paths).iter().map(ToString::to_string).collect();
    let check = if beyond.is_empty() {
        Check::passed(CheckName::Disclosure)
    } else {
        let beyond = beyond.join(", ");
        Check::noted(CheckName::Disclosure, format!("more was shown than was asked for, and is not kept: {beyond}"))
    };
    (Disclosed { vct: credential.vct.clone(), issuer: credential.issuer.clone(), claims }, check)
}

/// Keys that stand in the issuer's name cost nothing; for others a stranger's server is asked.
fn may_ask(issuer: &IssuerKeys, before: &[Check]) -> bool {
    matches!(issuer, IssuerKeys::Embedded(_)) || !any_failed(before)
}

fn any_failed(checks: &[Check]) -> bool {
    checks.iter().any(|check| check.outcome == Outcome::Failed)
}

fn unreadable(asked: &CredentialQuery, error: &PresentationError) -> EvaluatedPresentation {
    const OTHERS: [CheckName; 10] = [
        CheckName::KeyBinding,
        CheckName::HolderBinding,
        CheckName::Audience,
        CheckName::Nonce,
        CheckName::TrustedIssuer,
        CheckName::Signature,
        CheckName::Dates,
        CheckName::Status,
        CheckName::Query,
        CheckName::Disclosure,
    ];
    let mut checks = vec![Check::failed(CheckName::Form, error)];
    checks.extend(OTHERS.map(|name| Check::skipped(name, UNREADABLE)));
    let presented = PresentedCredential { query_id: asked.id.clone(), vct: None, issuer: None, checks };
    EvaluatedPresentation { presented, credential: None, holder_bound: false, disclosed: None }
}
