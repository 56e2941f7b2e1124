//! A profile as everybody sees it: with what its choices stand for. The console's preview shows the same.

use jiff::Timestamp;
use kernel::app::App;
use kernel::console::texts::credentials::validity_dates;
use kernel::console::when;
use kernel::problem::{Code, Problem};
use model::{Credential, DidMethod, Identifier, Profile, TimeZoneName, WalletId, local_date};
use serde::Serialize;
use serde_json::Value;
use store::Conn;

use super::web_url::WebUrl;

/// The JSON of `/wallets/{id}/profile`; the page shows the same.
#[derive(Serialize)]
pub(super) struct ProfileView {
    pub(super) display_name: String,
    pub(super) description: String,
    pub(super) website: Option<String>,
    pub(super) email: Option<String>,
    pub(super) logo_url: Option<String>,
    /// The organisation's DIDs.
    pub(super) dids: Vec<String>,
    pub(super) credentials: Vec<CredentialView>,
    /// Where the credentials stand as signed presentations, one for each did:web.
    pub(super) presentations: Vec<String>,
    pub(super) updated_at: Option<Timestamp>,
}

#[derive(Serialize)]
pub(super) struct CredentialView {
    pub(super) vct: String,
    pub(super) issuer: String,
    pub(super) valid_from: Option<Timestamp>,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) claims: Value,
    #[serde(skip)]
    pub(super) disclosures: Vec<String>,
    /// Its dates on the wallet's calendar, for people.
    #[serde(skip)]
    pub(super) validity: String,
}

impl ProfileView {
    /// Looks up what the profile has chosen.
    pub(super) async fn of(app: &App, conn: &mut Conn, wallet: WalletId, profile: Profile) -> Result<Self, Problem> {
        let (mut dids, mut presentations, mut credentials) = (Vec::new(), Vec::new(), Vec::new());
        for id in &profile.identifiers {
            if let Some(identifier) = conn.identifier(wallet, *id).await? {
                presentations.extend(presentation_url(app, &identifier, &profile));
                dids.push(identifier.did);
            }
        }
        let zone = conn.wallet(wallet).await?.ok_or(Code::NotFound)?.time_zone;
        for id in &profile.credentials {
            let credential = conn.credential(wallet, *id).await?;
            credentials.extend(credential.map(|credential| CredentialView::new(credential, &zone)));
        }
        let told = |text: String| (!text.is_empty()).then_some(text);
        Ok(Self {
            display_name: profile.display_name.into_string(),
            description: profile.description.into_string(),
            website: told(profile.website),
            email: told(profile.email),
            logo_url: told(profile.logo_url),
            dids,
            credentials,
            presentations,
            updated_at: profile.updated_at,
        })
    }

    /// Where the page gets its logo from.
    pub(super) fn logo_origin(&self) -> Option<String> {
        Some(self.logo_url.as_ref()?.parse::<WebUrl>().ok()?.origin())
    }
}

/// Where the profile's credentials stand as a presentation of this identifier; only a did:web has a document that can
/// lead there.
pub(super) fn presentation_url(app: &App, identifier: &Identifier, profile: &Profile) -> Option<String> {
    let shown = identifier.method == DidMethod::Web
        && profile.identifiers.contains(&identifier.id)
        && !profile.credentials.is_empty();
    let wallet = app.wallet_url(identifier.wallet_id);
    shown.then(|| format!("{wallet}/profile/presentations/{}", identifier.id))
}

impl CredentialView {
    fn new(credential: Credential, zone: &TimeZoneName) -> Self {
        let date = |at| when::date(local_date(at, zone));
        let (from, until) = (credential.valid_from.map(date), credential.valid_until.map(date));
        Self {
            validity: validity_dates(from.as_deref(), until.as_deref()),
            vct: credential.vct,
            issuer: credential.issuer,
            valid_from: credential.valid_from,
            valid_until: credential.valid_until,
            claims: credential.claims,
            disclosures: credential.disclosures,
        }
    }
}
