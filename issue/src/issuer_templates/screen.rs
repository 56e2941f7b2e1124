//! The pages of one issuer template: the template, and the form in which it is made or edited.

use askama::Template;
use axum::response::Response;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::collection::Collection as _;
use kernel::console::by_name::Notice;
use kernel::console::card::Card;
use kernel::console::collection::{Listed as _, new_path};
use kernel::console::form::Form;
use kernel::console::parts;
use kernel::console::rows::Row;
use kernel::console::texts::{common, issuer_templates as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use keys::identifiers::Identifiers;
use model::resource;
use model::{Change, ClaimKind, Identifier, IssuerTemplate, IssuerTemplateId, StatusList, TemplatePath};

use super::{IssuerTemplates, type_url};
use crate::status_lists::StatusLists;

/// A template, read.
#[derive(Template)]
#[template(path = "issuer_templates/view.html")]
struct Viewing<'a> {
    template: &'a IssuerTemplate,
    notice: Option<&'static str>,
    may_change: bool,
    signed_by: String,
    status_list: String,
    valid_for: String,
    first_issued: String,
    created: String,
    type_url: String,
    card: Card<'a>,
    edit: String,
    delete: String,
}

/// The page on which a template is made or edited, with what there is to choose from.
pub(super) struct Editing {
    shell: Shell,
    template: Option<IssuerTemplate>,
    identifiers: Vec<Choice>,
    status_lists: Vec<Choice>,
}

/// Something to choose by its name.
pub(super) struct Choice {
    id: String,
    name: String,
}

#[derive(Template)]
#[template(path = "issuer_templates/form.html")]
struct Filling<'a> {
    title: &'static str,
    form: &'a Form,
    rows: Vec<ClaimRow>,
    identifiers: &'a [Choice],
    /// The chosen identifier.
    identifier: &'a str,
    status_lists: &'a [Choice],
    may_create_identifier: bool,
    /// The type of a template that is edited.
    vct: Option<&'a str>,
    issued: bool,
    card: Card<'a>,
    action: String,
    back: String,
}

/// A row of the table of claims.
struct ClaimRow {
    number: usize,
    claim: Row,
    /// Whether credentials were issued with it.
    fixed: bool,
}

/// The page of a template.
pub(super) async fn view(
    app: &App,
    caller: Caller,
    template: &IssuerTemplate,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let shell = Shell::open(app, caller).await?;
    let identifiers = identifiers(app, &shell.caller).await?;
    let status_lists = status_lists(app, &shell.caller, &identifiers).await?;
    let zone = &shell.wallet.time_zone;
    let signed_by = name_of(&identifiers, &template.identifier_id.to_string());
    let page = Viewing {
        notice: notice.and_then(t::LIST.notice),
        may_change: shell.may::<Change<resource::IssuerTemplates>>(),
        status_list: template
            .status_list_id
            .map_or_else(|| t::NO_STATUS_LIST.to_owned(), |id| name_of(&status_lists, &id.to_string())),
        valid_for: valid_for(template),
        first_issued: template.first_issued_at.map_or(t::NOT_YET.to_owned(), |at| when::instant(at, zone)),
        created: when::instant(template.created_at, zone),
        type_url: type_url(app, template.wallet_id, template.id),
        card: Card {
            title: template.card.name.as_str(),
            description: template.card.description.as_str(),
            issuer: shell.wallet.name.as_str(),
            background: template.card.background_color.as_str(),
            color: template.card.text_color.as_str(),
        },
        edit: path(template.id, "/edit"),
        delete: path(template.id, "/delete"),
        signed_by,
        template,
    };
    shell.page((IssuerTemplates::PATH, template.name.as_str()), &page)
}

impl Editing {
    /// Reads what there is to choose from. `template` is the one that is edited.
    pub(super) async fn open(app: &App, caller: Caller, template: Option<IssuerTemplate>) -> Result<Self, Problem> {
        let shell = Shell::open(app, caller).await?;
        let identifiers = identifiers(app, &shell.caller).await?;
        let status_lists = status_lists(app, &shell.caller, &identifiers).await?;
        Ok(Self { shell, template, identifiers, status_lists })
    }

    /// The page with what stands in the form.
    pub(super) fn show(&self, form: &Form) -> Result<Response, Problem> {
        let title = if self.template.is_some() { t::EDIT } else { t::ADD };
        let own = self.template.as_ref().map(|template| path(template.id, ""));
        let card_title = Some(form.value("display.name")).filter(|name| !name.trim().is_empty());
        let page = Filling {
            title,
            form,
            rows: form.rows("claims").into_iter().enumerate().map(|(number, claim)| self.row(number, claim)).collect(),
            identifiers: &self.identifiers,
            identifier: match self.identifiers.as_slice() {
                // Where there is no choice.
                [only] if !form.is_refused() => &only.id,
                _ => form.value("identifier_id"),
            },
            status_lists: &self.status_lists,
            may_create_identifier: self.shell.may::<Change<resource::Identifiers>>(),
            vct: self.template.as_ref().map(|template| template.vct.as_str()),
            issued: self.issued().is_some(),
            card: Card {
                title: card_title.unwrap_or(form.value("name")),
                description: form.value("display.description"),
                issuer: self.shell.wallet.name.as_str(),
                background: form.value("display.background_color"),
                color: form.value("display.text_color"),
            },
            action: own.as_ref().map_or_else(new_path::<IssuerTemplates>, |own| format!("{own}/edit")),
            back: own.unwrap_or_else(|| IssuerTemplates::PATH.to_owned()),
        };
        let at = (IssuerTemplates::PATH, title);
        if form.is_refused() { self.shell.refused_page(at, &page) } else { self.shell.page(at, &page) }
    }

    /// The template that is edited, where credentials were issued with it.
    fn issued(&self) -> Option<&IssuerTemplate> {
        self.template.as_ref().filter(|template| template.first_issued_at.is_some())
    }

    fn row(&self, number: usize, claim: Row) -> ClaimRow {
        let path = claim.text("path").parse::<TemplatePath>().ok();
        let is_own = |template: &IssuerTemplate| template.claims.iter().any(|own| Some(&own.path) == path.as_ref());
        ClaimRow { number, fixed: self.issued().is_some_and(is_own), claim }
    }
}

impl ClaimRow {
    /// The name of a field.
    fn field(&self, member: &str) -> String {
        format!("claims[{}].{member}", self.number)
    }

    /// Whether a box is ticked.
    fn has(&self, member: &str) -> bool {
        !self.claim.text(member).is_empty()
    }

    /// A field of the row, for those who do not see its column.
    fn named(&self, field: &str) -> String {
        t::of_claim(field, self.number)
    }

    fn kind_in_words(&self) -> &'static str {
        ClaimKind::from_name(self.claim.text("type")).map_or("", t::kind)
    }
}

pub(super) fn valid_for(template: &IssuerTemplate) -> String {
    template.valid_for.map_or_else(|| t::FOREVER.to_owned(), |days| t::days(days.get()))
}

/// The wallet's identifiers by name. Their names and DIDs are no secret to whoever may see the templates.
pub(super) async fn identifiers(app: &App, caller: &Caller) -> Result<Vec<Choice>, Problem> {
    let choice = |identifier: Identifier| Choice {
        id: identifier.id.to_string(),
        name: format!("{} ({})", identifier.name, identifier.method.name()),
    };
    Ok(Identifiers::all(app, caller).await?.into_iter().map(choice).collect())
}

/// The wallet's status lists by name, with who signs each: it must be who signs the template.
async fn status_lists(app: &App, caller: &Caller, identifiers: &[Choice]) -> Result<Vec<Choice>, Problem> {
    let choice = |list: StatusList| Choice {
        name: t::signed_list(list.name.as_str(), &name_of(identifiers, &list.identifier_id.to_string())),
        id: list.id.to_string(),
    };
    Ok(StatusLists::all(app, caller).await?.into_iter().map(choice).collect())
}

pub(super) fn name_of(choices: &[Choice], id: &str) -> String {
    choices.iter().find(|choice| choice.id == id).map_or_else(|| id.to_owned(), |choice| choice.name.clone())
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { common::YES } else { common::NO }
}

pub(super) fn path(id: IssuerTemplateId, rest: &str) -> String {
    format!("{}/{id}{rest}", IssuerTemplates::PATH)
}
