//! One-time links with which a user sets a password. Who has the link can become the user, so it is a right that its
//! maker hands on: it must be the maker's both when the link is made and when it is used.

use gate::{KeyKind, KeyText};
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::problem::Problem;
use model::resource;
use model::{ActorKind, Change as ChangeOf, Invitation, PermissionSet, Requirement as _, UserId, WalletId};
use store::NewInvitation;
use uuid::Uuid;

/// How long the link of an invitation works.
const INVITATION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A one-time link with which a user sets a password.
pub struct Link {
    /// `…/invitation#clvi_…`: the code stands in the fragment, which no server and no log sees.
    pub url: String,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

/// Makes a link for a user who holds these permissions; earlier ones are void.
///
/// # Errors
///
/// An external system (403), because a person would stay when it has ended; permissions that the caller does not hold
/// (403).
pub(super) async fn make(
    app: &App,
    caller: &Caller,
    change: &mut Transaction<'_>,
    id: UserId,
    held: PermissionSet,
) -> Result<Link, Problem> {
    caller.check_is_no_system("A link with which a user sets a password is made by a person.")?;
    caller.check_assigns(held)?;
    let expires_at = change.at().saturating_add(INVITATION).unwrap_or(Timestamp::MAX);
    let (text, invitation) = one_time_code(app, change.at(), expires_at);
    change.insert_invitation(id, &invitation).await?;
    let url = format!("{}/invitation#{}", app.settings.public_url.origin(), text.reveal());
    Ok(Link { url, expires_at })
}

/// A new one-time code and what is stored of it.
pub(crate) fn one_time_code(app: &App, now: Timestamp, expires_at: Timestamp) -> (KeyText, NewInvitation) {
    let text = KeyText::generate(KeyKind::Invitation, &mut |bytes| app.randomness.fill(bytes));
    let invitation = NewInvitation {
        id: app.randomness.id(now),
        key_id: text.key_id().to_string(),
        digest: app.gate.digest_key().digest(&text),
        expires_at,
    };
    (text, invitation)
}

/// Whether the maker of a link may still make it, as the change that uses the link sees it: what the user has gained
/// since voided the link (`store::Tx::update_user`, `store::Tx::update_role`); what the maker has lost is seen here.
pub(crate) async fn is_still_made(
    change: &mut Transaction<'_>,
    invitation: &Invitation,
    user: UserId,
) -> Result<bool, Problem> {
    let wallet = change.wallet_id();
    match invitation.maker {
        // The operator at the command line has no permission that could be lost.
        Some((ActorKind::Operator, _)) => Ok(true),
        Some((ActorKind::User, Some(maker))) => {
            let held = change.user_permissions(wallet, user).await?;
            may_make(change, wallet, maker, held).await
        }
        // External systems make no links; those of earlier releases, and links whose maker is not known, are over.
        _ => Ok(false),
    }
}

async fn may_make(
    change: &mut Transaction<'_>,
    wallet: WalletId,
    maker: Uuid,
    held: PermissionSet,
) -> Result<bool, Problem> {
    let Some(maker) = change.user(wallet, maker.into()).await?.filter(|maker| maker.active) else {
        return Ok(false);
    };
    let own = change.user_permissions(wallet, maker.id).await?;
    let may_change_users = ChangeOf::<resource::Users>::PERMISSION.is_some_and(|needed| own.contains(needed));
    Ok(may_change_users && own.contains_all(held))
}
