//! The screen Issued credentials: the list, the choice of a template over it, and the page of one issuance.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::by_time::{self, NoNotice};
use kernel::console::confirm::Confirm;
use kernel::console::form::Form;
use kernel::console::list_view::{Choice, ListView};
use kernel::console::live::{Live, live};
use kernel::console::parts::{self, Secret};
use kernel::console::texts::{common, issuances as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use kernel::qr;
use model::resource::IssueCredentials;
use model::{Change, CredentialStatus, Issuance, IssuanceId, IssuanceStatus, IssuerTemplate, Wallet, local_date};
use serde::{Deserialize, Serialize};
use store::IssuanceFilter;

use super::form::{Filling, TemplateForm};
use super::{OpenOffer, list};

pub(super) const PATH: &str = "/issued-credentials";
pub(super) const NEW: &str = "/issued-credentials/new";

/// What of the list is shown; what is done is told on the page of the issuance.
pub(super) type ListQuery = by_time::ListQuery<NoNotice>;

/// What was done just before the page of an issuance is shown.
#[derive(Clone, Copy, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Done {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<Notice>,
}

/// See [`Done`].
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Offered,
    Sent,
    NotSent,
    Cancelled,
    Revoked,
    Suspended,
    Restored,
}

model::names! {
    /// What can be done to an issuance, each with a dialog that asks before; named as in its path.
    pub(super) enum Verb {
        Cancel = "cancel",
        Revoke = "revoke",
        Suspend = "suspend",
        Restore = "restore",
    }
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    issued: Issued,
}

#[derive(Template)]
#[template(path = "issued_credentials/list.html")]
struct Issued {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    issuance: Issuance,
    url: String,
    badge: Badge,
    offered: String,
    valid_until: String,
}

/// The choice of a template.
#[derive(Template)]
#[template(path = "issued_credentials/choose.html")]
struct Choosing {
    templates: Vec<(String, IssuerTemplate)>,
    back: String,
}

/// How far an issuance has come, as a coloured word.
#[derive(Clone, Copy, Template)]
#[template(path = "issued_credentials/badge.html")]
pub(super) struct Badge {
    kind: &'static str,
    text: &'static str,
}

impl askama::filters::HtmlSafe for Badge {}

/// The page of one issuance.
pub(super) struct Page {
    shell: Shell,
    title: String,
    view: Viewing,
}

#[derive(Template)]
#[template(path = "issued_credentials/view.html")]
struct Viewing {
    issuance: Issuance,
    status: IssuanceStatus,
    badge: Badge,
    /// The page's own address, while there is something to wait for.
    waits_at: Option<String>,
    offer: Option<ShownOffer>,
    notice: Option<Notice>,
    verbs: Vec<(Verb, String)>,
    offered: String,
    holds_until: String,
    taken_up: Option<String>,
    sent: Option<String>,
    credential: Option<ShownCredential>,
}

struct ShownCredential {
    issued: String,
    valid_until: String,
    holder_key: String,
    status_entry: Option<String>,
}

struct ShownOffer {
    link: String,
    qr: String,
}

/// The dialog that shows a transaction code, this one time.
#[derive(Template)]
#[template(path = "issued_credentials/tx_code.html")]
struct TxCodeShown<'a> {
    secret: Secret<'a>,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let now = app.clock.now();
        let filter = IssuanceFilter { status: query.status(), correlation_id: None, template_id: None, now };
        let (issuances, pages) =
            query.leaf(list(app, &caller, &filter, &query.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let rows: Vec<Row> = issuances.into_iter().map(|issuance| Row::new(issuance, &shell.wallet, now)).collect();
        let statuses = IssuanceStatus::ALL.iter().map(|status| (status.name(), t::status(*status))).collect();
        let list = ListView {
            id: "issuances",
            search_help: t::SEARCH_HELP,
            choice: Some(Choice::of_status(t::STATUS, t::ANY_STATUS, statuses, &query.status)),
            add: shell.may::<Change<IssueCredentials>>().then(|| NEW.to_owned()),
            ..ListView::by_time(&t::LIST, PATH, &query, rows.is_empty(), pages)
        };
        Ok(Self { shell, issued: Issued { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.issued)
    }

    /// With the dialog that asks what to issue.
    pub(super) fn choose(&self, templates: Vec<IssuerTemplate>) -> Result<Response, Problem> {
        let templates = templates.into_iter().map(|template| (format!("{NEW}/{}", template.id), template)).collect();
        self.shell.dialog(PATH, &self.issued, &Choosing { templates, back: PATH.to_owned() })
    }

    /// With the dialog that asks what the credential is to say.
    pub(super) fn fill(&self, template: &TemplateForm, form: &Form) -> Result<Response, Problem> {
        let filling = Filling { template, form, action: format!("{NEW}/{}", template.id()), back: PATH.to_owned() };
        self.shell.over(PATH, &self.issued, form, &filling)
    }
}

impl Page {
    /// An issuance with its offer, while that is open.
    pub(super) async fn open(
        app: &App,
        caller: Caller,
        (issuance, offer): (Issuance, Option<OpenOffer>),
        done: Done,
    ) -> Result<Self, Problem> {
        let shell = Shell::open(app, caller).await?;
        let zone = &shell.wallet.time_zone;
        let status = issuance.status_at(app.clock.now());
        let instant = |at: Timestamp| when::date_and_time(at, zone);
        let offer = offer.map(|open| qr::svg(&open.by_reference).map(|qr| ShownOffer { qr, link: open.by_reference }));
        let verbs = if shell.may::<Change<IssueCredentials>>() { verbs(&issuance, status) } else { Vec::new() };
        let view = Viewing {
            status,
            badge: Badge::of(&issuance, status),
            waits_at: status.is_open().then(|| path(issuance.id)),
            offer: offer.transpose()?,
            notice: done.notice,
            verbs: verbs.into_iter().map(|verb| (verb, verb.path(issuance.id))).collect(),
            offered: instant(issuance.created_at),
            holds_until: instant(issuance.expires_at),
            taken_up: issuance.accepted_at.map(instant),
            sent: issuance.pushed_at.map(instant),
            credential: issuance.credential.as_ref().map(|credential| ShownCredential {
                issued: instant(credential.issued_at),
                valid_until: credential.valid_until.map_or_else(|| t::NO_END.to_owned(), instant),
                holder_key: credential.holder_key.clone(),
                status_entry: credential.status_entry.as_ref().map(|entry| format!("{}#{}", entry.uri, entry.index)),
            }),
            issuance,
        };
        Ok(Self { shell, title: view.title(), view })
    }

    /// The page alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page((PATH, self.title.as_str()), &self.view)
    }

    /// With the dialog that shows a transaction code, this one time.
    pub(super) fn with_tx_code(&self, code: &str) -> Result<Response, Problem> {
        let secret = Secret { id: "tx-code", label: t::TX_CODE_TITLE.to_owned(), text: code };
        let dialog = TxCodeShown { secret, back: path(self.view.issuance.id) };
        self.shell.dialog((PATH, self.title.as_str()), &self.view, &dialog)
    }

    /// With the dialog that asks before something is done.
    pub(super) fn confirm(&self, form: &Form, verb: Verb) -> Result<Response, Problem> {
        let (title, question, lead) = verb.words();
        let id = self.view.issuance.id;
        let dialog = Confirm {
            form,
            title,
            question,
            name: &self.title,
            lead,
            answers: (common::NO, common::YES),
            danger: verb != Verb::Restore,
            action: verb.path(id),
            back: path(id),
        };
        self.shell.over((PATH, self.title.as_str()), &self.view, form, &dialog)
    }
}

impl Viewing {
    fn live(&self) -> Live<'_> {
        live(self.waits_at.as_deref())
    }

    /// Template and reference, by which people know it.
    fn title(&self) -> String {
        match &self.issuance.correlation_id {
            Some(reference) => format!("{} · {reference}", self.issuance.template_name),
            None => self.issuance.template_name.clone(),
        }
    }

    fn told(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let success = |text| ("success", "check", text);
        Some(match self.notice? {
            Notice::Offered => success(t::WAS_OFFERED),
            Notice::Sent => success(t::WAS_SENT),
            Notice::NotSent => ("warning", "warning", t::WAS_NOT_SENT),
            Notice::Cancelled => success(t::WAS_CANCELLED),
            Notice::Revoked => success(t::WAS_REVOKED),
            Notice::Suspended => success(t::WAS_SUSPENDED),
            Notice::Restored => success(t::WAS_RESTORED),
        })
    }
}

impl Row {
    fn new(issuance: Issuance, wallet: &Wallet, now: Timestamp) -> Self {
        let date = |at| when::date(local_date(at, &wallet.time_zone));
        let valid_until = match &issuance.credential {
            None => String::new(),
            Some(credential) => credential.valid_until.map_or_else(|| t::NO_END.to_owned(), date),
        };
        Self {
            url: path(issuance.id),
            badge: Badge::of(&issuance, issuance.status_at(now)),
            offered: date(issuance.created_at),
            valid_until,
            issuance,
        }
    }
}

impl Badge {
    fn of(issuance: &Issuance, status: IssuanceStatus) -> Self {
        let state = issuance.credential.as_ref().map(|credential| credential.status);
        let kind = match (status, state) {
            (_, Some(CredentialStatus::Valid)) => "success",
            (_, Some(CredentialStatus::Suspended)) | (IssuanceStatus::Accepted, _) => "warning",
            (_, Some(CredentialStatus::Revoked)) | (IssuanceStatus::Error, _) => "danger",
            _ => "",
        };
        Self { kind, text: state.map_or(t::status(status), t::state) }
    }
}

impl Verb {
    /// The page again, after it was done.
    pub(super) const fn notice(self) -> Notice {
        match self {
            Self::Cancel => Notice::Cancelled,
            Self::Revoke => Notice::Revoked,
            Self::Suspend => Notice::Suspended,
            Self::Restore => Notice::Restored,
        }
    }

    fn path(self, id: IssuanceId) -> String {
        format!("{PATH}/{id}/{}", self.name())
    }

    /// Whether nothing brings it back.
    const fn is_for_good(self) -> bool {
        matches!(self, Self::Revoke)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Cancel => t::CANCEL,
            Self::Revoke => t::REVOKE,
            Self::Suspend => t::SUSPEND,
            Self::Restore => t::RESTORE,
        }
    }

    /// The title, the question and what it means.
    const fn words(self) -> (&'static str, (&'static str, &'static str), &'static str) {
        match self {
            Self::Cancel => (t::CANCEL, t::CANCEL_QUESTION, t::CANCEL_LEAD),
            Self::Revoke => (t::REVOKE_TITLE, t::REVOKE_QUESTION, t::REVOKE_LEAD),
            Self::Suspend => (t::SUSPEND_TITLE, t::SUSPEND_QUESTION, t::SUSPEND_LEAD),
            Self::Restore => (t::RESTORE_TITLE, t::RESTORE_QUESTION, t::RESTORE_LEAD),
        }
    }
}

/// What can be done to it now.
fn verbs(issuance: &Issuance, status: IssuanceStatus) -> Vec<Verb> {
    if status.is_open() {
        return vec![Verb::Cancel];
    }
    let credential = issuance.credential.as_ref().filter(|credential| credential.status_entry.is_some());
    match credential.map(|credential| credential.status) {
        Some(CredentialStatus::Valid) => vec![Verb::Suspend, Verb::Revoke],
        Some(CredentialStatus::Suspended) => vec![Verb::Restore, Verb::Revoke],
        Some(CredentialStatus::Revoked) | None => Vec::new(),
    }
}

/// The page of an issuance.
pub(super) fn path(id: IssuanceId) -> String {
    format!("{PATH}/{id}")
}
