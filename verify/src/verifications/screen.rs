//! The screen Verified credentials: the list with its dialog, and the page of one verification.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::by_time::{self, ListNotice};
use kernel::console::claims::{self, Claim};
use kernel::console::confirm::Confirm;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::{Choice, ListView};
use kernel::console::live::{Live, live};
use kernel::console::parts;
use kernel::console::texts::{common, verifications as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use kernel::qr;
use model::resource::{VerifiedCredentials, VerifierTemplates};
use model::{
    Change, Check, Outcome, PresentedCredential, TimeZoneName, Verification, VerificationId, VerificationResult,
    VerificationStatus, VerifiedCredential, VerifierTemplate, View, Wallet,
};
use serde::{Deserialize, Serialize};
use store::{List, VerificationFilter};

use super::{VerificationView as Found, list};

pub(super) const PATH: &str = "/verified-credentials";
pub(super) const NEW: &str = "/verified-credentials/new";

pub(super) const LABELS: Labels = &[("template", t::TEMPLATE), ("correlation_id", t::REFERENCE)];

/// The most templates that the form offers.
const TEMPLATES: u32 = 200;

/// What of the list is shown.
pub(super) type ListQuery = by_time::ListQuery<Notice>;

/// What was done just before the list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Deleted,
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    query: ListQuery,
    verifications: Verifications,
    templates: Vec<VerifierTemplate>,
}

#[derive(Template)]
#[template(path = "verifications/list.html")]
struct Verifications {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    verification: Verification,
    url: String,
    badge: Badge,
    created: String,
}

#[derive(Template)]
#[template(path = "verifications/new.html")]
struct New<'a> {
    form: &'a Form,
    templates: &'a [VerifierTemplate],
    /// Whether the way to the templates is open.
    may_see_templates: bool,
    action: String,
    back: String,
}

/// How far a verification has come, or how a check went, as a coloured word.
#[derive(Clone, Copy, Template)]
#[template(path = "verifications/badge.html")]
struct Badge {
    kind: &'static str,
    text: &'static str,
}

impl askama::filters::HtmlSafe for Badge {}

/// The page of one verification.
pub(super) struct Page {
    shell: Shell,
    view: Viewing,
}

#[derive(Template)]
#[template(path = "verifications/view.html")]
struct Viewing {
    verification: Verification,
    status: VerificationStatus,
    badge: Badge,
    title: String,
    /// The page's own address, while there is something to wait for.
    waits_at: Option<String>,
    request: Option<ShownRequest>,
    answer: Vec<Line>,
    credentials: Vec<ShownCredential>,
    delete: Option<String>,
    created: String,
    expires: String,
    retrieved: Option<String>,
    finished: Option<String>,
    kept_until: Option<String>,
}

struct ShownRequest {
    link: String,
    qr: String,
}

/// One presentation on the page.
struct ShownCredential {
    /// Unique on the page.
    id: String,
    presented: PresentedCredential,
    claims: Option<Vec<Claim>>,
    checks: Vec<Line>,
}

/// One check on the page.
struct Line {
    what: &'static str,
    badge: Badge,
    reason: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let now = app.clock.now();
        let filter = VerificationFilter { status: query.status(), correlation_id: None, template_id: None, now };
        let (found, pages) = query.leaf(list(app, &caller, &filter, &query.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let all = List { limit: TEMPLATES, after: None, q: None, sort: (), descending: false };
        let templates = app.store.read().await?.verifier_templates(shell.wallet.id, &all).await?.items;
        let rows: Vec<Row> = found.into_iter().map(|found| Row::new(found, &shell.wallet, now)).collect();
        let statuses = VerificationStatus::ALL.iter().map(|status| (status.name(), t::status(*status))).collect();
        let list = ListView {
            id: "verifications",
            search_help: t::SEARCH_HELP,
            choice: Some(Choice::of_status(t::STATUS, t::ANY_STATUS, statuses, &query.status)),
            add: shell.may::<Change<VerifiedCredentials>>().then(|| query.address(NEW)),
            ..ListView::by_time(&t::LIST, PATH, &query, rows.is_empty(), pages)
        };
        Ok(Self { shell, query, verifications: Verifications { list, rows }, templates })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.verifications)
    }

    /// With the dialog "Verify".
    pub(super) fn ask(&self, form: &Form) -> Result<Response, Problem> {
        let dialog = New {
            form,
            templates: &self.templates,
            may_see_templates: self.shell.may::<View<VerifierTemplates>>(),
            action: self.query.address(NEW),
            back: self.query.address(PATH),
        };
        self.shell.over(PATH, &self.verifications, form, &dialog)
    }
}

impl Page {
    /// A verification with its request, while that is open, or with its result.
    pub(super) async fn open(app: &App, caller: Caller, found: Found) -> Result<Self, Problem> {
        let Found { mut verification, link, credentials } = found;
        let shell = Shell::open(app, caller).await?;
        let zone = shell.wallet.time_zone.clone();
        let instant = |at: Timestamp| when::date_and_time(at, &zone);
        let status = verification.status_at(app.clock.now());
        let request = link.map(|link| qr::svg(&link).map(|qr| ShownRequest { link, qr })).transpose()?;
        let result = verification.result.take();
        let delete = shell.may::<Change<VerifiedCredentials>>().then(|| format!("{}/delete", path(verification.id)));
        let view = Viewing {
            status,
            badge: Badge::of(status),
            title: title(&verification),
            waits_at: status.is_open().then(|| path(verification.id)),
            request,
            answer: result.iter().flat_map(|result| &result.checks).map(Line::of).collect(),
            credentials: result.map(|result| shown(result, &credentials)).unwrap_or_default(),
            delete,
            created: instant(verification.created_at),
            expires: instant(verification.expires_at),
            retrieved: verification.retrieved_at.map(instant),
            finished: verification.finished_at.map(instant),
            kept_until: verification.kept_until.map(instant),
            verification,
        };
        Ok(Self { shell, view })
    }

    /// The page alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page((PATH, self.view.title.as_str()), &self.view)
    }

    /// With the dialog that asks before it is deleted.
    pub(super) fn delete(&self, form: &Form) -> Result<Response, Problem> {
        let page = path(self.view.verification.id);
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: &self.view.title,
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: format!("{page}/delete"),
            back: page,
        };
        self.shell.over((PATH, self.view.title.as_str()), &self.view, form, &dialog)
    }
}

impl Viewing {
    fn is_at(&self, status: VerificationStatus) -> bool {
        self.status == status
    }

    fn live(&self) -> Live<'_> {
        live(self.waits_at.as_deref())
    }
}

impl ListNotice for Notice {
    fn message(self) -> (&'static str, bool) {
        match self {
            Self::Deleted => (t::WAS_DELETED, true),
        }
    }
}

impl Row {
    fn new(verification: Verification, wallet: &Wallet, now: Timestamp) -> Self {
        let zone: &TimeZoneName = &wallet.time_zone;
        Self {
            url: path(verification.id),
            badge: Badge::of(verification.status_at(now)),
            created: when::date_and_time(verification.created_at, zone),
            verification,
        }
    }
}

impl Badge {
    fn of(status: VerificationStatus) -> Self {
        let kind = match status {
            VerificationStatus::Verified => "success",
            VerificationStatus::Rejected => "danger",
            VerificationStatus::Retrieved | VerificationStatus::Declined => "warning",
            VerificationStatus::Requested | VerificationStatus::Expired => "",
        };
        Self { kind, text: t::status(status) }
    }
}

impl Line {
    fn of(check: &Check) -> Self {
        let kind = match check.outcome {
            Outcome::Passed => "success",
            Outcome::Failed => "danger",
            Outcome::Noted => "warning",
            Outcome::Skipped => "",
        };
        Self {
            what: t::check(check.check),
            badge: Badge { kind, text: t::outcome(check.outcome) },
            reason: check.reason.as_deref().map(sentence).unwrap_or_default(),
        }
    }
}

fn shown(result: VerificationResult, kept: &[VerifiedCredential]) -> Vec<ShownCredential> {
    let one = |(position, presented): (u32, PresentedCredential)| {
        let credential = kept.iter().find(|credential| credential.position == position);
        ShownCredential {
            id: format!("credential-{position}"),
            claims: credential.map(|credential| claims::lines(&credential.claims, &[])),
            checks: presented.checks.iter().map(Line::of).collect(),
            presented,
        }
    };
    (0..).zip(result.credentials).map(one).collect()
}

/// Reasons are written to stand after a colon; here one stands for itself.
fn sentence(reason: &str) -> String {
    let mut characters = reason.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Template and reference, by which people know it.
fn title(verification: &Verification) -> String {
    match &verification.correlation_id {
        Some(reference) => format!("{} · {reference}", verification.template_name),
        None => verification.template_name.clone(),
    }
}

/// The page of a verification.
pub(super) fn path(id: VerificationId) -> String {
    format!("{PATH}/{id}")
}
