//! Making the credential of an issuance, of what its template says at that moment.

use jiff::{SignedDuration, Timestamp};
use model::{CredentialStatus, Issuance, IssuanceFailure, IssuedCredential, IssuerTemplate, StatusEntry};
use serde_json::{Map, Value};
use vc::keys::PublicJwk;
use vc::sd_jwt_vc;

use super::offer;
use crate::app::App;
use crate::caller::Change;
use crate::identifiers::signer;
use crate::issuer_templates::{check_claims, disclosable};
use crate::problem::{Code, Problem};
use crate::status_lists;

/// The credential in compact form and what is remembered of it, or why it cannot be issued any more: what it stands
/// on may have been changed or deleted since it was offered.
pub(super) async fn make(
    app: &App,
    change: &mut Change<'_>,
    issuance: &Issuance,
    holder: &PublicJwk,
) -> Result<Result<(String, IssuedCredential), IssuanceFailure>, Problem> {
    let (wallet, now) = (issuance.wallet_id, change.at());
    let Some(template) = change.issuer_template(wallet, issuance.template_id).await? else {
        return Ok(Err(IssuanceFailure::TemplateDeleted));
    };
    let sealed = change.sealed_issuance_claims(wallet, issuance.id).await?.ok_or(Code::Internal)?;
    let claims = offer::open(app, issuance.id, offer::CLAIMS, &sealed)?;
    let claims: Map<String, Value> = serde_json::from_slice(&claims).map_err(|_| Code::Internal)?;
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
    let draft = sd_jwt_vc::Draft {
        issuer: signer.did.as_str(),
        kid: &signer.kid,
        vct: template.vct.as_str(),
        selectively_disclosable: disclosable(&template, &claims),
        claims,
        issued_at: now.as_second(),
        valid_from: Some(now.as_second()),
        valid_until: valid_until.map(Timestamp::as_second),
        holder_key: Some(holder.clone()),
        status: status.as_ref().map(status_lists::StatusReference::claim),
    };
    let compact = match sd_jwt_vc::issue(&draft, &signer.key, &mut |bytes| app.randomness.fill(bytes)) {
        Ok(compact) => compact,
        Err(error) => {
            tracing::warn!(%error, "a credential cannot be made of its template");
            return Ok(Err(IssuanceFailure::TemplateChanged));
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

/// The end of the template's period.
fn end(template: &IssuerTemplate, now: Timestamp) -> Option<Timestamp> {
    let days = i64::from(template.valid_for?.get());
    now.saturating_add(SignedDuration::from_hours(days * 24)).ok()
}
