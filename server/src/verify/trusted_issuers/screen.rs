//! The screen Trusted issuers: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::TrustedIssuers;
use model::{Change, TimeZoneName, TrustedIssuer, TrustedIssuerId, local_date};

use super::{Draft, list};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, RowAction, RowActions};
use crate::kernel::console::texts::{common, trusted_issuers as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/trusted-issuers";
pub(super) const NEW: &str = "/trusted-issuers/new";

/// The value of the field `types` with which every type is trusted.
pub(super) const ANY: &str = "any";

pub(super) const LABELS: Labels =
    &[("name", t::NAME), ("issuer", t::ISSUER), ("types", t::TYPES), ("vcts", t::TYPES), ("notes", t::NOTES)];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Listed,
}

#[derive(Template)]
#[template(path = "trusted_issuers/list.html")]
struct Listed {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    issuer: TrustedIssuer,
    added: String,
    actions: RowActions,
}

/// The dialogs "Add trusted issuer" and "Edit trusted issuer".
#[derive(Template)]
#[template(path = "trusted_issuers/form.html")]
struct Filling<'a> {
    title: &'static str,
    form: &'a Form,
    draft: &'a Draft,
    action: String,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (issuers, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<TrustedIssuers>>();
        let rows: Vec<Row> =
            issuers.into_iter().map(|issuer| Row::new(issuer, &shell.wallet.time_zone, &asked, may_change)).collect();
        let add = may_change.then(|| asked.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: Listed { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Add trusted issuer".
    pub(super) fn add(&self, form: &Form, draft: &Draft) -> Result<Response, Problem> {
        self.fill(t::ADD, form, draft, NEW)
    }

    /// With the dialog "Edit trusted issuer".
    pub(super) fn edit(&self, form: &Form, id: TrustedIssuerId, draft: &Draft) -> Result<Response, Problem> {
        self.fill(t::EDIT, form, draft, &path(id, "edit"))
    }

    /// With the dialog that asks before a issuer is deleted.
    pub(super) fn delete(&self, form: &Form, issuer: &TrustedIssuer) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            issuer.name.as_str(),
            self.asked.address(&path(issuer.id, "delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    fn fill(&self, title: &'static str, form: &Form, draft: &Draft, action: &str) -> Result<Response, Problem> {
        let (action, back) = (self.asked.address(action), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Filling { title, form, draft, action, back })
    }
}

impl Row {
    fn new(issuer: TrustedIssuer, zone: &TimeZoneName, asked: &ListQuery, may_change: bool) -> Self {
        let name = issuer.name.as_str();
        let actions = RowActions::new(may_change, || {
            [
                RowAction::edit(asked.address(&path(issuer.id, "edit")), t::edit(name)),
                RowAction::delete(asked.address(&path(issuer.id, "delete")), t::delete(name)),
            ]
        });
        Self { added: when::date(local_date(issuer.created_at, zone)), actions, issuer }
    }
}

fn path(id: TrustedIssuerId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
