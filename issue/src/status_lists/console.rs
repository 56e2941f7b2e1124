//! Status lists in the browser: Issue, Status lists.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use kernel::app::App;
use kernel::collection::Collection as _;
use kernel::console::collection::{self, Context, Filled, Listed};
use kernel::console::dialog::{Dialog, DialogTexts};
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, status_lists as t};
use kernel::problem::Problem;
use keys::identifiers::Identifiers;
use model::resource;
use model::{Change, Identifier, StatusList};

use super::StatusLists;
use super::uri;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::routes::<StatusLists>()
}

/// The list.
#[derive(Template)]
#[template(path = "status_lists/list.html")]
pub struct Lists {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    list: StatusList,
    uri: String,
    used: String,
    statuses: [String; 3],
    created: String,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "status_lists/form.html")]
pub struct StatusListForm<'a> {
    dialog: Dialog,
    form: &'a Form,
    /// Who can sign a new list; of an old one that stays.
    signers: Option<Vec<Identifier>>,
    /// Whether the caller may create an identifier where there is none.
    may_create_signer: bool,
}

impl Listed for StatusLists {
    const PATH: &'static str = "/status-lists";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[("name", t::NAME), ("identifier_id", t::SIGNER)];
    type List = Lists;

    async fn list_page(view: &Context<'_>, list: ListView, lists: Vec<StatusList>) -> Result<Lists, Problem> {
        let row = |list: StatusList| Row {
            uri: uri(view.app, list.wallet_id, list.id),
            used: t::used(list.used(), list.size),
            statuses: [t::valid(list.valid), t::suspended(list.suspended), t::revoked(list.revoked)],
            created: view.date(list.created_at),
            actions: view.row_actions::<Self>(&list),
            list,
        };
        Ok(Lists { list, rows: lists.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, list: &StatusList) -> Vec<RowAction> {
        let rename = view.address::<Self>(list, "edit");
        vec![RowAction::new(rename, "pencil", t::edit(list.name.as_str()), t::DIALOGS.edit), view.delete::<Self>(list)]
    }
}

impl Filled for StatusLists {
    type Dialog<'a> = StatusListForm<'a>;

    async fn dialog<'a>(
        view: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        edited: Option<&'a StatusList>,
    ) -> Result<StatusListForm<'a>, Problem> {
        let signers = match edited {
            None => Some(Identifiers::all(view.app, &view.shell.caller).await?),
            Some(_) => None,
        };
        let may_create_signer = view.shell.may::<Change<resource::Identifiers>>();
        Ok(StatusListForm { dialog, form, signers, may_create_signer })
    }
}
