//! Making the credential of an issuance, of what its template says at that moment.

use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::Transaction;
use kernel::problem::{Code, Problem};
use keys::identifiers::{Signer, signer};
use model::{CredentialStatus, Issuance, IssuanceFailure, IssuedCredential, IssuerTemplate, StatusEntry};
use serde_json::{Map, Value};
use vc::keys::PublicJwk;
use vc::openid4vci::MAX_DID_URL_BYTES;
use vc::sd_jwt_vc::{self, IssueError};

use super::offer;
use crate::issuer_templates::{check_claims, disclosable};
use crate::status_lists::{self, StatusReference};

/// The credential in compact form and what is remembered of it, or why it cannot be issued any more: what it stands
/// on may have been changed or deleted since it was offered.
pub(super) async fn make(
    app: &App,
    change: &mut Transaction<'_>,
    issuance: &Issuance,
    holder: &PublicJwk,
) -> Result<Result<(String, IssuedCredential), IssuanceFailure>, Problem> {
    let (wallet, now) = (issuance.wallet_id, change.at());
    let Some(template) = change.issuer_template(wallet, issuance.template_id).await? else {
        return Ok(Err(IssuanceFailure::TemplateDeleted));
    };
    let sealed = change.sealed_issuance_claims(wallet, issuance.id).await?.ok_or(Code::Internal)?;
    let claims: Map<String, Value> = offer::CLAIMS.open_json(app, issuance.id, &sealed)?;
    if check_claims(&template, &claims).is_err() {
        return Ok(Err(IssuanceFailure::TemplateChanged));
    }
    let Some(signer) = signer(app, change, wallet, template.identifier_id).await? else {
        return Ok(Err(IssuanceFailure::IdentifierDeleted));
    };
    let status = match template.status_list_id {
        None => None,
        Some(list) => match status_lists::reserve(change, app, list).await? {
            Some(reference) => Some(reference),
            None => return Ok(Err(IssuanceFailure::StatusListUnusable)),
        },
    };
    let valid_until = issuance.valid_until.or_else(|| end(&template, now));
    let content = Content { template: &template, claims, issued_at: now, valid_until, status: status.as_ref() };
    let compact = match content.sign(app, &signer, holder.clone()) {
        Ok(compact) => compact,
        Err(error) => {
            tracing::warn!(%error, "a credential cannot be made of its template");
            return Ok(Err(failure(&error)));
        }
    };
    change.mark_issuer_template_issued(template.id).await?;
    let issued = IssuedCredential {
        issued_at: now,
        valid_until,
        holder_key: holder.thumbprint(),
        status_entry: status.map(|reference| StatusEntry { uri: reference.uri, index: reference.index }),
        status: CredentialStatus::Valid,
    };
    Ok(Ok((compact, issued)))
}

/// Why an issuance with these claims could never become a credential: one is made, for a holder and an entry of the
/// longest names, and thrown away. What may change until then — the template, its identifier, its list — is judged then.
pub(super) async fn refusal(
    app: &App,
    change: &mut Transaction<'_>,
    template: &IssuerTemplate,
    claims: Map<String, Value>,
    valid_until: Option<Timestamp>,
) -> Result<Option<IssueError>, Problem> {
    let (wallet, now) = (template.wallet_id, change.at());
    let Some(signer) = signer(app, change, wallet, template.identifier_id).await? else { return Ok(None) };
    let status = template
        .status_list_id
        .map(|list| StatusReference { uri: status_lists::uri(app, wallet, list), index: u32::MAX.into() });
    let valid_until = valid_until.or_else(|| end(template, now));
    let content = Content { template, claims, issued_at: now, valid_until, status: status.as_ref() };
    let holder = signer.key.public().with_kid("k".repeat(MAX_DID_URL_BYTES));
    Ok(content.sign(app, &signer, holder).err())
}

/// What a credential says, whoever holds it.
struct Content<'a> {
    template: &'a IssuerTemplate,
    claims: Map<String, Value>,
    issued_at: Timestamp,
    valid_until: Option<Timestamp>,
    status: Option<&'a StatusReference>,
}

impl Content<'_> {
    fn sign(self, app: &App, signer: &Signer, holder: PublicJwk) -> Result<String, IssueError> {
        let draft = sd_jwt_vc::Draft {
            issuer: signer.did.as_str(),
            kid: &signer.kid,
            vct: self.template.vct.as_str(),
            selectively_disclosable: disclosable(self.template, &self.claims),
            claims: self.claims,
            issued_at: self.issued_at.as_second(),
            valid_from: Some(self.issued_at.as_second()),
            valid_until: self.valid_until.map(Timestamp::as_second),
            holder_key: Some(holder),
            status: self.status.map(StatusReference::claim),
        };
        sd_jwt_vc::issue(&draft, &signer.key, &mut |bytes| app.randomness.fill(bytes))
    }
}

const fn failure(error: &IssueError) -> IssuanceFailure {
    match error {
        IssueError::TooLarge(_) => IssuanceFailure::CredentialTooLarge,
        _ => IssuanceFailure::ClaimsUnissuable,
    }
}

/// The end of the template's period.
fn end(template: &IssuerTemplate, now: Timestamp) -> Option<Timestamp> {
    let days = i64::from(template.valid_for?.get());
    now.saturating_add(SignedDuration::from_hours(days * 24)).ok()
}
