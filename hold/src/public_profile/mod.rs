//! The public profile: what the wallet tells everybody about its organisation, and how others know it to be true.
//! Nothing of it can be seen before it is published, and only what was chosen for it ever.

mod api;
mod console;
mod linked;
mod public;
mod view;
mod web_url;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, OrEmpty, Patch, checked};
use kernel::problem::{Code, Problem};
use kernel::sizes::MAX_LINKED_CREDENTIALS;
use model::resource;
use model::resource::{HolderCredentials, Identifiers};
use model::{
    Action, CredentialId, Email, Guarded, IdentifierId, Name, NewEvent, Notes, Permission, Profile, Target, Wallet,
    WalletId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Conn;

use web_url::WebUrl;

pub use linked::SignedConfiguration;
pub use linked::with_services;
pub use public::routes;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Public profile", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::PublicProfile>(
        console::PATH,
        "profile",
        kernel::console::texts::public_profile::TITLE,
        Group::Wallet,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// How many identifiers, and how many credentials, a profile can show.
const MAX_SHOWN: usize = 20;

/// What a client writes of the profile.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct ProfileDraft {
    /// Whether everybody can see it.
    pub published: bool,
    /// What the organisation is called.
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    pub display_name: String,
    /// What it does.
    #[serde(deserialize_with = "checked::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    pub description: String,
    /// An https URL, or empty.
    #[serde(deserialize_with = "checked::<OrEmpty<WebUrl>, _, _>")]
    pub website: String,
    /// An e-mail address, or empty.
    #[serde(deserialize_with = "checked::<OrEmpty<Email>, _, _>")]
    pub email: String,
    /// An https URL, or empty.
    #[serde(deserialize_with = "checked::<OrEmpty<WebUrl>, _, _>")]
    pub logo_url: String,
    /// At most 20.
    pub identifiers: Vec<IdentifierId>,
    /// At most 20.
    pub credentials: Vec<CredentialId>,
}

impl Draft for ProfileDraft {
    const PATCH: &'static str = "EditProfile";
}

impl From<&Profile> for ProfileDraft {
    fn from(profile: &Profile) -> Self {
        Self {
            published: profile.is_published(),
            display_name: profile.display_name.to_string(),
            description: profile.description.to_string(),
            website: profile.website.clone(),
            email: profile.email.clone(),
            logo_url: profile.logo_url.clone(),
            identifiers: profile.identifiers.clone(),
            credentials: profile.credentials.clone(),
        }
    }
}

/// The wallet's profile.
pub async fn get(app: &App, caller: &Caller) -> Result<Profile, Problem> {
    Ok(read(&mut app.store.read().await?, caller.wallet_id).await?.1)
}

/// Changes the profile.
///
/// # Errors
///
/// Refused fields (422); a credential or an identifier that is added by a caller who may not view it (403): to
/// publish it would be a way to read it.
pub async fn edit(app: &App, caller: &Caller, patch: &Patch<ProfileDraft>) -> Result<Profile, Problem> {
    let mut change = app.begin(caller).await?;
    let (wallet, before) = read(&mut change, caller.wallet_id).await?;
    let mut fields = Fields::default();
    let draft = patch.onto_with(&ProfileDraft::from(&before), &mut fields)?;
    let after = check(&mut change, fields, draft, &before).await?;
    if after == before {
        return Ok(before);
    }
    if after.identifiers.iter().any(|id| !before.identifiers.contains(id)) {
        require::<Identifiers>(caller)?;
    }
    if after.credentials.iter().any(|id| !before.credentials.contains(id)) {
        require::<HolderCredentials>(caller)?;
    }
    change.put_profile(&after).await?;
    let after = Profile { updated_at: Some(change.at()), ..after };
    let event = NewEvent::new(action(&before, &after), Target::new(wallet.id, wallet.name.as_str()));
    change.commit(event.with(json!({"fields": changed(&before, &after)}))).await?;
    Ok(after)
}

/// The profile of a wallet, if everybody can see it.
async fn published(conn: &mut Conn, wallet: WalletId) -> Result<Option<Profile>, Problem> {
    Ok(conn.profile(wallet).await?.filter(Profile::is_published))
}

/// The profile of a wallet that has told nothing yet has the wallet's name.
async fn read(conn: &mut Conn, wallet: WalletId) -> Result<(Wallet, Profile), Problem> {
    let wallet = conn.wallet(wallet).await?.ok_or(Code::NotFound)?;
    let profile = conn.profile(wallet.id).await?.unwrap_or_else(|| Profile::empty(wallet.name.clone()));
    Ok((wallet, profile))
}

/// The profile that a draft makes of one. What it chose before may have been deleted since.
async fn check(
    change: &mut Transaction<'_>,
    mut fields: Fields,
    draft: ProfileDraft,
    before: &Profile,
) -> Result<Profile, Problem> {
    let ProfileDraft { published, display_name, description, website, email, logo_url, identifiers, credentials } =
        draft;
    let mut profile = before.clone();
    profile.published_at = published.then(|| before.published_at.unwrap_or(change.at()));
    if let Some(name) = changed_to(&mut fields, "display_name", &display_name, before.display_name.as_str()) {
        profile.display_name = name;
    }
    if let Some(notes) = changed_to(&mut fields, "description", &description, before.description.as_str()) {
        profile.description = notes;
    }
    let url = |url: OrEmpty<WebUrl>| url.0.map(WebUrl::into_string).unwrap_or_default();
    if let Some(website) = changed_to(&mut fields, "website", &website, &before.website) {
        profile.website = url(website);
    }
    if let Some(OrEmpty(email)) = changed_to::<OrEmpty<Email>>(&mut fields, "email", &email, &before.email) {
        profile.email = email.map(Email::into_string).unwrap_or_default();
    }
    if let Some(logo) = changed_to(&mut fields, "logo_url", &logo_url, &before.logo_url) {
        profile.logo_url = url(logo);
    }
    let wallet = change.wallet_id();
    if identifiers != before.identifiers {
        let mut held = Vec::new();
        for id in identifiers.iter().take(MAX_SHOWN) {
            held.push(change.identifier(wallet, *id).await?.is_some());
        }
        profile.identifiers = chosen(&mut fields, "identifiers", &identifiers, &held);
    }
    if credentials != before.credentials {
        let mut held = Vec::new();
        let mut shown = BTreeMap::new();
        for id in credentials.iter().take(MAX_SHOWN) {
            let credential = change.credential(wallet, *id).await?;
            held.push(credential.is_some());
            shown.extend(credential.map(|credential| (*id, credential.compact.len())));
        }
        if shown.values().sum::<usize>() > MAX_LINKED_CREDENTIALS {
            let message =
                format!("must have at most {MAX_LINKED_CREDENTIALS} bytes together: they are shown in one text");
            fields.refuse("credentials", "too-large", message);
        }
        profile.credentials = chosen(&mut fields, "credentials", &credentials, &held);
    }
    fields.finish(Some(profile))
}

/// What a member is to become; nothing when it stays, as an earlier release may have accepted it, or is refused.
fn changed_to<T: FromStr<Err: ToString>>(fields: &mut Fields, field: &str, text: &str, before: &str) -> Option<T> {
    if text == before { None } else { fields.parse(field, text) }
}

/// Each once, the oldest first; `held` tells for each whether the wallet has it.
fn chosen<T: Copy + Ord>(fields: &mut Fields, field: &str, wanted: &[T], held: &[bool]) -> Vec<T> {
    if wanted.len() > MAX_SHOWN {
        fields.refuse(field, "invalid", format!("must be at most {MAX_SHOWN}"));
    }
    for (at, _) in held.iter().enumerate().filter(|(_, held)| !**held) {
        fields.refuse(&format!("{field}[{at}]"), "unknown", "is not in this wallet");
    }
    wanted.iter().copied().collect::<BTreeSet<T>>().into_iter().collect()
}

fn require<R: Guarded>(caller: &Caller) -> Result<(), Problem> {
    let view = Permission::view(R::RESOURCE);
    if caller.may(view) { Ok(()) } else { Err(Problem::permission_missing(view)) }
}

fn action(before: &Profile, after: &Profile) -> Action {
    match (before.is_published(), after.is_published()) {
        (false, true) => Action::ProfilePublished,
        (true, false) => Action::ProfileWithdrawn,
        _ => Action::ProfileEdited,
    }
}

/// The names of what changed: its values can be of people, whom the audit log would remember for ever.
fn changed(before: &Profile, after: &Profile) -> Vec<&'static str> {
    [
        ("display_name", before.display_name != after.display_name),
        ("description", before.description != after.description),
        ("website", before.website != after.website),
        ("email", before.email != after.email),
        ("logo_url", before.logo_url != after.logo_url),
        ("identifiers", before.identifiers != after.identifiers),
        ("credentials", before.credentials != after.credentials),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect()
}
