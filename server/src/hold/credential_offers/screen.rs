//! The screen Received offers: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use model::resource::HolderCredentials;
use model::{
    Change, CredentialOffer, CredentialOfferId, Identifier, IdentifierId, OfferState, OfferedCredential, Wallet,
    local_date,
};
use serde::{Deserialize, Serialize};
use store::List;

use super::list;
use crate::hold::credentials::HolderKeys;
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::pager::{PageRequest, address};
use crate::kernel::console::parts::{self, Pages};
use crate::kernel::console::texts::{common, credential_offers as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(crate) const PATH: &str = "/credential-offers";
pub(super) const NEW: &str = "/credential-offers/new";

pub(super) const LABELS: Labels = &[("offer", t::OFFER), ("tx_code", t::TX_CODE), ("identifier", t::IDENTIFIER)];

/// How many identifiers the dialog lets choose from.
const MAX_CHOICES: u32 = 200;

/// What of the list is shown; it stands in the address, also while a dialog is open.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Notice>,
}

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

/// What was typed into the dialog that accepts.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) tx_code: String,
    pub(super) identifier: Option<IdentifierId>,
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Offers,
}

#[derive(Template)]
#[template(path = "credential_offers/list.html")]
struct Offers {
    asked: ListQuery,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    offer: CredentialOffer,
    status: OfferState,
    received: String,
    accept: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "credential_offers/new.html")]
struct Receiving<'a> {
    form: &'a Form,
    typed: &'a str,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "credential_offers/accept.html")]
struct Accepting<'a> {
    form: &'a Form,
    offer: &'a CredentialOffer,
    filled: &'a Filled,
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
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let turn = PageRequest::new(PATH, &asked, (&asked.cursor, &asked.before));
        let page = turn.list(&asked.q, ((), true), false)?;
        let leaf = turn.leaf(list(app, &caller, None, &page).await?);
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let list = Offers {
            may_change: shell.may::<Change<HolderCredentials>>(),
            add: asked.address(NEW),
            pages: Pages {
                label: t::TITLE,
                count: leaf.items.len(),
                previous: leaf.previous.map(|before| ListQuery { before, ..asked.first_page() }.address(PATH)),
                next: leaf.next.map(|cursor| ListQuery { cursor, ..asked.first_page() }.address(PATH)),
            },
            rows: leaf.items.into_iter().map(|offer| Row::new(offer, &shell.wallet, now, &asked)).collect(),
            asked: asked.clone(),
        };
        Ok(Self { shell, asked, list })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog into which a link is pasted.
    pub(super) fn receive(&self, form: &Form, typed: &str) -> Result<Response, Problem> {
        let (action, back) = (self.asked.address(NEW), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Receiving { form, typed, action, back })
    }

    /// With the dialog that shows who offers what, and asks whether it is to be accepted.
    pub(super) async fn accept(
        &self,
        app: &App,
        form: &Form,
        offer: &CredentialOffer,
        filled: &Filled,
    ) -> Result<Response, Problem> {
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
            filled,
            contact,
            expires: when::date(local_date(offer.expires_at, &wallet.time_zone)),
            choices: conn.identifiers(wallet.id, &all).await?.items,
            chosen: filled.identifier.or(offer.identifier_id).or(preset),
            action: self.asked.address(&path(offer.id, "accept")),
            decline: self.asked.address(&path(offer.id, "decline")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
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
            action: self.asked.address(&path(offer.id, "decline")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    /// With the dialog that asks before an offer is deleted.
    pub(super) fn delete(&self, form: &Form, offer: &CredentialOffer) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: issuer(offer),
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&path(offer.id, "delete")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl ListQuery {
    /// The list again, after something was done.
    pub(super) fn after(self, notice: Notice) -> String {
        address(PATH, &Self { notice: Some(notice), ..self })
    }

    /// The address of the list, or of a dialog over it.
    pub(super) fn address(&self, path: &str) -> String {
        address(path, &Self { notice: None, ..self.clone() })
    }

    fn first_page(&self) -> Self {
        Self { q: self.q.clone(), ..Self::default() }
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
    }
}

impl Offers {
    /// What was done, and whether it went well.
    fn notice(&self) -> Option<(&'static str, bool)> {
        Some(match self.asked.notice? {
            Notice::Received => (t::WAS_RECEIVED, true),
            Notice::InPart => (t::IN_PART, false),
            Notice::Deferred => (t::IS_DEFERRED, true),
            Notice::Failed => (t::HAS_FAILED, false),
            Notice::Declined => (t::WAS_DECLINED, true),
            Notice::Deleted => (t::WAS_DELETED, true),
        })
    }
}

impl Row {
    fn new(offer: CredentialOffer, wallet: &Wallet, now: Timestamp, asked: &ListQuery) -> Self {
        Self {
            status: offer.state_at(now),
            received: when::date(local_date(offer.created_at, &wallet.time_zone)),
            accept: asked.address(&path(offer.id, "accept")),
            delete: asked.address(&path(offer.id, "delete")),
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
