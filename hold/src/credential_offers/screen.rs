//! The screen Received offers: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::by_time::{self, ListNotice};
use kernel::console::confirm::Confirm;
use kernel::console::dialog::Dialog;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::ListView;
use kernel::console::parts;
use kernel::console::paste::Paste;
use kernel::console::texts::{common, credential_offers as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{
    Change, CredentialOffer, CredentialOfferId, Identifier, IdentifierId, OfferState, OfferedCredential, Wallet,
    local_date,
};
use serde::{Deserialize, Serialize};
use store::List;

use super::list;
use crate::credentials::HolderKeys;

pub(crate) const PATH: &str = "/credential-offers";
pub(super) const NEW: &str = "/credential-offers/new";

pub(super) const LABELS: Labels = &[("offer", t::OFFER), ("tx_code", t::TX_CODE), ("identifier", t::IDENTIFIER)];

/// How many identifiers the dialog lets choose from.
const MAX_CHOICES: u32 = 200;

/// What of the list is shown.
pub(super) type ListQuery = by_time::ListQuery<Notice>;

/// What was done just before the list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Received,
    InPart,
    Deferred,
    Failed,
    Declined,
    Deleted,
}

impl Notice {
    /// What came of an offer that was accepted.
    pub(super) fn of(offer: &CredentialOffer) -> Self {
        match offer.state {
            OfferState::Received if offer.reason.is_none() => Self::Received,
            OfferState::Received => Self::InPart,
            OfferState::Deferred => Self::Deferred,
            _ => Self::Failed,
        }
    }
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    query: ListQuery,
    offers: Offers,
}

#[derive(Template)]
#[template(path = "credential_offers/list.html")]
struct Offers {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    offer: CredentialOffer,
    status: OfferState,
    received: String,
    accept: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "credential_offers/accept.html")]
struct Accepting<'a> {
    form: &'a Form,
    offer: &'a CredentialOffer,
    /// The contact that pushed it.
    contact: Option<String>,
    expires: String,
    choices: Vec<Identifier>,
    chosen: Option<IdentifierId>,
    action: String,
    decline: String,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let page = list(app, &caller, query.status(), &query.list(PATH)?).await?;
        let (offers, pages) = query.leaf(page, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let rows: Vec<Row> = offers.into_iter().map(|offer| Row::new(offer, &shell.wallet, now, &query)).collect();
        let list = ListView {
            id: "offers",
            add: shell.may::<Change<HolderCredentials>>().then(|| query.address(NEW)),
            ..ListView::by_time(&t::LIST, PATH, &query, rows.is_empty(), pages)
        };
        Ok(Self { shell, query, offers: Offers { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.offers)
    }

    /// With the dialog into which a link is pasted.
    pub(super) fn receive(&self, form: &Form) -> Result<Response, Problem> {
        let (action, back) = (self.query.address(NEW), self.query.address(PATH));
        let dialog = Dialog { title: t::ADD, button: t::ADD_YES, action, back, is_small: false };
        let paste = Paste { dialog, form, field: "offer", help: t::OFFER_HELP, is_long: false };
        self.shell.over(PATH, &self.offers, form, &paste)
    }

    /// With the dialog that shows who offers what, and asks whether it is to be accepted.
    pub(super) async fn accept(&self, app: &App, form: &Form, offer: &CredentialOffer) -> Result<Response, Problem> {
        let wallet = &self.shell.wallet;
        let mut conn = app.store.read().await?;
        let all = List { limit: MAX_CHOICES, after: None, q: None, sort: (), descending: false };
        let preset = HolderKeys::of(&mut conn, wallet.id).await?.preset(|_| true);
        let contact = match offer.contact_id {
            Some(id) => conn.trusted_contact(wallet.id, id).await?.map(|contact| contact.name.into_string()),
            None => None,
        };
        let dialog = Accepting {
            form,
            offer,
            contact,
            expires: when::date(local_date(offer.expires_at, &wallet.time_zone)),
            choices: conn.identifiers(wallet.id, &all).await?.items,
            chosen: form.value("identifier").parse().ok().or(offer.identifier_id).or(preset),
            action: self.query.address(&path(offer.id, "accept")),
            decline: self.query.address(&path(offer.id, "decline")),
            back: self.query.address(PATH),
        };
        self.shell.over(PATH, &self.offers, form, &dialog)
    }

    /// With the dialog that asks before an offer is turned down.
    pub(super) fn decline(&self, form: &Form, offer: &CredentialOffer) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DECLINE,
            question: t::DECLINE_QUESTION,
            name: issuer(offer),
            lead: t::DECLINE_LEAD,
            answers: (common::CANCEL, t::DECLINE_YES),
            danger: true,
            action: self.query.address(&path(offer.id, "decline")),
            back: self.query.address(PATH),
        };
        self.shell.over(PATH, &self.offers, form, &dialog)
    }

    /// With the dialog that asks before an offer is deleted.
    pub(super) fn delete(&self, form: &Form, offer: &CredentialOffer) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            issuer(offer),
            self.query.address(&path(offer.id, "delete")),
            self.query.address(PATH),
        );
        self.shell.over(PATH, &self.offers, form, &dialog)
    }
}

impl ListNotice for Notice {
    fn message(self) -> (&'static str, bool) {
        match self {
            Self::Received => (t::WAS_RECEIVED, true),
            Self::InPart => (t::IN_PART, false),
            Self::Deferred => (t::IS_DEFERRED, true),
            Self::Failed => (t::HAS_FAILED, false),
            Self::Declined => (t::WAS_DECLINED, true),
            Self::Deleted => (t::WAS_DELETED, true),
        }
    }
}

impl Row {
    fn new(offer: CredentialOffer, wallet: &Wallet, now: Timestamp, query: &ListQuery) -> Self {
        Self {
            status: offer.state_at(now),
            received: when::date(local_date(offer.created_at, &wallet.time_zone)),
            accept: query.address(&path(offer.id, "accept")),
            delete: query.address(&path(offer.id, "delete")),
            offer,
        }
    }

    fn is_pending(&self) -> bool {
        self.status == OfferState::Pending
    }

    /// The colour of the badge.
    fn mark(&self) -> &'static str {
        match self.status {
            OfferState::Received => "success",
            OfferState::Failed => "danger",
            OfferState::Pending | OfferState::Accepting | OfferState::Deferred => "warning",
            OfferState::Declined | OfferState::Expired => "",
        }
    }
}

/// An offer's address in the console.
pub(super) fn path(id: CredentialOfferId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}

/// What the issuer calls itself, or its address.
fn issuer(offer: &CredentialOffer) -> &str {
    offer.issuer_name.as_deref().unwrap_or(&offer.credential_issuer)
}

/// What a credential is called, as well as the issuer tells.
fn offered(credential: &OfferedCredential) -> &str {
    credential.name.as_deref().or(credential.vct.as_deref()).unwrap_or(&credential.configuration_id)
}
