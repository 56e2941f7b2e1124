//! The screens of presentations: the list with its dialogs, and one request with what would be shown.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::by_time::{self, ListNotice};
use kernel::console::claims::{self, Claim};
use kernel::console::confirm::Confirm;
use kernel::console::dialog::Dialog;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::ListView;
use kernel::console::parts;
use kernel::console::paste::Paste;
use kernel::console::texts::{common, presentations as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{Change, CredentialId, Presentation, PresentationId, PresentationState, Wallet, local_date};
use serde::{Deserialize, Serialize};

use super::matching::{Choices, Fitting, Matching};
use super::{Choice, get, list};

pub(super) const PATH: &str = "/presentations";
pub(super) const NEW: &str = "/presentations/new";

pub(super) const LABELS: Labels = &[("request", t::REQUEST), ("credentials", t::CHOICE)];

/// What of the list is shown.
pub(super) type ListQuery = by_time::ListQuery<Notice>;

/// What was done just before the page is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Sent,
    Failed,
    Declined,
    Deleted,
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    query: ListQuery,
    requests: Requests,
}

#[derive(Template)]
#[template(path = "presentations/list.html")]
struct Requests {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    presentation: Presentation,
    status: PresentationState,
    requested: String,
    url: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "presentations/view.html")]
struct Viewing<'a> {
    form: &'a Form,
    presentation: &'a Presentation,
    status: PresentationState,
    notice: Option<Notice>,
    expires: String,
    may_change: bool,
    /// Whether what is needed is there; none when the request is not pending.
    satisfied: Option<bool>,
    questions: Vec<Question>,
    send: String,
    decline: String,
    delete: String,
}

/// One credential query, with what can be presented for it.
struct Question {
    query: String,
    needed: bool,
    ticked: Option<CredentialId>,
    options: Vec<Offered>,
}

/// A credential, and what the verifier would read of it.
struct Offered {
    id: CredentialId,
    vct: String,
    issuer: String,
    claims: Vec<Claim>,
}

/// A request in a page of its own.
pub(super) async fn view(
    app: &App,
    caller: Caller,
    id: PresentationId,
    notice: Option<Notice>,
    form: &Form,
    choice: &Choice,
) -> Result<Response, Problem> {
    let (presentation, matching) = get(app, &caller, id).await?;
    let shell = Shell::open(app, caller).await?;
    let page = Viewing {
        form,
        status: presentation.state_at(app.clock.now()),
        notice,
        expires: when::date_and_time(presentation.expires_at, &shell.wallet.time_zone),
        may_change: shell.may::<Change<HolderCredentials>>(),
        satisfied: matching.as_ref().map(super::Matching::is_satisfied),
        questions: matching.iter().flat_map(Matching::choices).map(|choices| Question::new(choices, choice)).collect(),
        send: format!("{}/send", path(id)),
        decline: format!("{}/decline", path(id)),
        delete: format!("{}/delete", path(id)),
        presentation: &presentation,
    };
    let at = (PATH, verifier(&presentation));
    if form.is_refused() { shell.refused_page(at, &page) } else { shell.page(at, &page) }
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let page = list(app, &caller, query.status(), &query.list(PATH)?).await?;
        let (requests, pages) = query.leaf(page, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let row = |presentation| Row::new(presentation, &shell.wallet, now, &query);
        let rows: Vec<Row> = requests.into_iter().map(row).collect();
        let list = ListView {
            add: shell.may::<Change<HolderCredentials>>().then(|| query.address(NEW)),
            ..ListView::by_time(&t::LIST, PATH, &query, rows.is_empty(), pages)
        };
        Ok(Self { shell, query, requests: Requests { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.requests)
    }

    /// With the dialog into which a link is pasted.
    pub(super) fn receive(&self, form: &Form) -> Result<Response, Problem> {
        let (action, back) = (self.query.address(NEW), self.query.address(PATH));
        let dialog = Dialog { title: t::ADD, button: t::ADD_YES, action, back, is_small: false };
        let paste = Paste { dialog, form, field: "request", help: t::REQUEST_HELP, is_long: false };
        self.shell.over(PATH, &self.requests, form, &paste)
    }

    /// With the dialog that asks before a request is turned down.
    pub(super) fn decline(&self, form: &Form, presentation: &Presentation) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DECLINE,
            question: t::DECLINE_QUESTION,
            name: verifier(presentation),
            lead: t::DECLINE_LEAD,
            answers: (common::CANCEL, t::DECLINE_YES),
            danger: true,
            action: self.query.address(&format!("{}/decline", path(presentation.id))),
            back: self.query.address(PATH),
        };
        self.shell.over(PATH, &self.requests, form, &dialog)
    }

    /// With the dialog that asks before a request is deleted.
    pub(super) fn delete(&self, form: &Form, presentation: &Presentation) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            verifier(presentation),
            self.query.address(&format!("{}/delete", path(presentation.id))),
            self.query.address(PATH),
        );
        self.shell.over(PATH, &self.requests, form, &dialog)
    }
}

impl ListNotice for Notice {
    fn message(self) -> (&'static str, bool) {
        (self.text(), true)
    }
}

impl Notice {
    /// How an answer ended.
    pub(super) fn of(state: PresentationState) -> Self {
        if state == PresentationState::Sent { Self::Sent } else { Self::Failed }
    }

    /// The page of the request, after that.
    pub(super) fn at(self, id: PresentationId) -> String {
        ListQuery::default().after(&path(id), self)
    }

    fn text(self) -> &'static str {
        match self {
            Self::Sent => t::WAS_SENT,
            Self::Failed => t::HAS_FAILED,
            Self::Declined => t::WAS_DECLINED,
            Self::Deleted => t::WAS_DELETED,
        }
    }
}

impl Row {
    fn new(presentation: Presentation, wallet: &Wallet, now: Timestamp, query: &ListQuery) -> Self {
        Self {
            status: presentation.state_at(now),
            requested: when::date(local_date(presentation.created_at, &wallet.time_zone)),
            url: path(presentation.id),
            delete: query.address(&format!("{}/delete", path(presentation.id))),
            presentation,
        }
    }
}

impl Question {
    fn new(choices: Choices<'_>, choice: &Choice) -> Self {
        let options: Vec<Offered> = choices.fitting.into_iter().map(Offered::new).collect();
        let first = options.first().filter(|_| choices.needed && choice.is_empty()).map(|option| option.id);
        Self {
            ticked: choice.get(choices.query).copied().or(first),
            query: choices.query.to_owned(),
            needed: choices.needed,
            options,
        }
    }
}

impl Offered {
    fn new(fitting: Fitting<'_>) -> Self {
        let credential = &fitting.held.credential;
        Self {
            id: credential.id,
            vct: credential.vct.clone(),
            issuer: credential.issuer.clone(),
            claims: claims::lines(&fitting.shown, &[]),
        }
    }
}

/// The colour of the badge.
fn mark(status: PresentationState) -> &'static str {
    match status {
        PresentationState::Sent => "success",
        PresentationState::Failed => "danger",
        PresentationState::Pending | PresentationState::Sending => "warning",
        PresentationState::Declined | PresentationState::Expired => "",
    }
}

fn is_pending(status: PresentationState) -> bool {
    status == PresentationState::Pending
}

/// Whether somebody has decided.
fn was_answered(status: PresentationState) -> bool {
    !is_pending(status) && status != PresentationState::Expired
}

/// A request's page.
pub(super) fn path(id: PresentationId) -> String {
    format!("{PATH}/{id}")
}

/// What the verifier calls itself, or its DID.
fn verifier(presentation: &Presentation) -> &str {
    presentation.verifier_name.as_deref().unwrap_or(&presentation.verifier)
}
