//! What the demo's wallet holds: its own identifiers, the parties that it deals with, and credentials that
//! they have issued to it. The issuers are fictitious; their signatures are real.

use claviger::App;
use hold::trusted_contacts::TrustedContacts;
use hold::{credentials, trusted_contacts};
use jiff::{SignedDuration, Timestamp};
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use keys::identifiers::IdentifierDraft;
use keys::identifiers::Identifiers;
use model::{DidMethod, Identifier};
use serde_json::{Value, json};
use vc::did::{Did, did_jwk, did_jwk_key_id, did_web};
use vc::keys::{PublicJwk, SigningKey};
use vc::sd_jwt_vc::{self, ClaimPath, PathStep};

use super::sample::{DAY, HOUR, at, back};

/// A party with a key pair of its own, which the demo forgets when it has signed.
struct Issuer {
    did: Did,
    key: SigningKey,
}

/// Fills the wallet, whose clock is there to be moved.
pub(super) async fn fill(app: &App, caller: &Caller, now: Timestamp) -> anyhow::Result<()> {
    let holder = add_identifiers(app, caller, now).await?;
    let holder: PublicJwk = serde_json::from_value(holder)?;
    let (registry, supervisor, auditor) = (Issuer::new(app)?, Issuer::new(app)?, Issuer::new(app)?);
    at(app, now, 300 * DAY);
    add_contact(app, caller, "Business Registry", &registry.did, "Issues the company registration").await?;
    add_contact(app, caller, "Financial Supervisor", &supervisor.did, "Issues the banking licence").await?;
    at(app, now, 75 * DAY);
    add_contact(app, caller, "Payment Partner", &"did:web:wallet.partner.example".parse()?, "Pilot since autumn")
        .await?;

    at(app, now, 298 * DAY);
    let registration = json!({
        "legal_name": "Example Bank N.V.",
        "registration_number": "00000001",
        "registered_address": {"street": "Keizersgracht 1", "city": "Amsterdam", "country": "NL"},
        "legal_form": "N.V.",
    });
    let hidden = &["registered_address", "legal_form"];
    let credential = Statement { vct: "https://registry.example/company-registration", claims: registration, hidden };
    add_credential(app, caller, &registry, &holder, credential, 900).await?;
    at(app, now, 180 * DAY);
    let licence = json!({"legal_name": "Example Bank N.V.", "licence": "banking", "licence_number": "B-0001"});
    let credential =
        Statement { vct: "https://supervisor.example/licence", claims: licence, hidden: &["licence_number"] };
    add_credential(app, caller, &supervisor, &holder, credential, 365).await?;
    at(app, now, 370 * DAY);
    let certificate = json!({"organisation": "Example Bank N.V.", "standard": "ISO/IEC 27001", "sites": ["Amsterdam"]});
    let credential = Statement { vct: "https://audit.example/certificate", claims: certificate, hidden: &["sites"] };
    add_credential(app, caller, &auditor, &holder, credential, 365).await
}

/// What a credential says, and which claims the holder may keep to itself.
struct Statement<'a> {
    vct: &'a str,
    claims: Value,
    hidden: &'a [&'a str],
}

impl Issuer {
    fn new(app: &App) -> anyhow::Result<Self> {
        let key = SigningKey::generate(&mut |bytes| app.randomness.fill(bytes))?;
        Ok(Self { did: did_jwk(&key.public()), key })
    }
}

/// The identifiers, and the public key to which credentials are bound.
async fn add_identifiers(app: &App, caller: &Caller, now: Timestamp) -> anyhow::Result<Value> {
    let add = async |name: &str, method| -> anyhow::Result<Identifier> {
        Ok(Identifiers::create(app, caller, IdentifierDraft { name: name.parse()?, method }).await?)
    };
    at(app, now, 399 * DAY);
    let Identifier { keys, .. } = add("Credentials", DidMethod::Jwk).await?;
    add("Partners", DidMethod::Jwk).await?;
    at(app, now, 240 * DAY);
    // A did:web names a host: an IP address cannot stand in one.
    if did_web(app.settings.public_url.authority(), &[]).is_ok() {
        let public = add("Public", DidMethod::Web).await?;
        at(app, now, 30 * DAY);
        keys::identifiers::rotate(app, caller, public.id).await?;
    }
    keys.into_iter().next().map(|key| key.public_jwk).ok_or_else(|| anyhow::anyhow!("an identifier has a key"))
}

async fn add_contact(app: &App, caller: &Caller, name: &str, did: &Did, notes: &str) -> anyhow::Result<()> {
    let draft = trusted_contacts::ContactDraft {
        name: name.parse()?,
        did: did.to_string(),
        notes: notes.parse()?,
        credential_issuer: None,
        credential_offer_endpoint: None,
    };
    TrustedContacts::create(app, caller, draft).await?;
    Ok(())
}

/// Has the issuer sign it, an hour before the wallet takes it in, for so many days.
async fn add_credential(
    app: &App,
    caller: &Caller,
    issuer: &Issuer,
    holder: &PublicJwk,
    statement: Statement<'_>,
    days: i64,
) -> anyhow::Result<()> {
    let issued_at = back(app.clock.now(), HOUR);
    let valid_until = issued_at.saturating_add(SignedDuration::from_hours(days * 24))?;
    let Value::Object(claims) = statement.claims else { anyhow::bail!("claims are an object") };
    let path = |name: &&str| ClaimPath(vec![PathStep::Name((*name).to_owned())]);
    let draft = sd_jwt_vc::Draft {
        issuer: issuer.did.as_str(),
        kid: &did_jwk_key_id(&issuer.did),
        vct: statement.vct,
        claims,
        selectively_disclosable: statement.hidden.iter().map(path).collect(),
        issued_at: issued_at.as_second(),
        valid_from: None,
        valid_until: Some(valid_until.as_second()),
        holder_key: Some(holder.clone()),
        status: None,
    };
    let compact = sd_jwt_vc::issue(&draft, &issuer.key, &mut |bytes| app.randomness.fill(bytes))?;
    credentials::import(app, caller, &compact).await?;
    Ok(())
}
