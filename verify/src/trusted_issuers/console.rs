//! Trusted issuers in the browser: Verify, Trusted issuers.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::collection::{self, Context, Filled, Listed};
use kernel::console::dialog::{Dialog, DialogTexts};
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, trusted_issuers as t};
use kernel::problem::Problem;
use model::TrustedIssuer;

use super::TrustedIssuers;

/// The value of the field `types` with which every type is trusted.
const ANY: &str = "any";

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::routes::<TrustedIssuers>()
}

/// The list.
#[derive(Template)]
#[template(path = "trusted_issuers/list.html")]
pub struct Issuers {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    issuer: TrustedIssuer,
    added: String,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "trusted_issuers/form.html")]
pub struct IssuerForm<'a> {
    dialog: Dialog,
    form: &'a Form,
}

impl Listed for TrustedIssuers {
    const PATH: &'static str = "/trusted-issuers";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels =
        &[("name", t::NAME), ("issuer", t::ISSUER), ("any_vct", t::TYPES), ("vcts", t::TYPES), ("notes", t::NOTES)];
    type List = Issuers;

    async fn list_page(view: &Context<'_>, list: ListView, issuers: Vec<TrustedIssuer>) -> Result<Issuers, Problem> {
        let row = |issuer: TrustedIssuer| Row {
            added: view.date(issuer.created_at),
            actions: view.row_actions::<Self>(&issuer),
            issuer,
        };
        Ok(Issuers { list, rows: issuers.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, issuer: &TrustedIssuer) -> Vec<RowAction> {
        view.edit_and_delete::<Self>(issuer)
    }
}

impl Filled for TrustedIssuers {
    type Dialog<'a> = IssuerForm<'a>;

    async fn dialog<'a>(
        _: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        _: Option<&'a TrustedIssuer>,
    ) -> Result<IssuerForm<'a>, Problem> {
        Ok(IssuerForm { dialog, form })
    }

    /// With "any" chosen, what stands in the field of the types does not count.
    fn complete(form: &mut Form, _: &Caller, _: Option<&TrustedIssuer>) {
        if form.value("types") == ANY {
            form.add("any_vct", "true");
            form.remove("vcts");
        }
        form.remove("types");
    }
}
