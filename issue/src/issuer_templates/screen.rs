//! The screens of issuer templates: the list with its dialog, a template, and the page on which one is made.

use askama::Template;
use axum::response::Response;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::card::Card;
use kernel::console::confirm::Confirm;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::ListView;
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, issuer_templates as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use model::resource::{Identifiers, IssuerTemplates};
use model::{Change, ClaimKind, IssuerTemplate, IssuerTemplateId, local_date};
use store::{Conn, List};

use super::{ClaimDraft, Draft, list, type_url};

pub(super) const PATH: &str = "/issuer-templates";
pub(super) const NEW: &str = "/issuer-templates/new";

/// How many identifiers and status lists there are to choose from.
const CHOICES: u32 = 200;

pub(super) const LABELS: Labels = &[
    ("name", t::NAME),
    ("identifier_id", t::SIGNED_BY),
    ("valid_for_days", t::VALID_FOR_DAYS),
    ("status_list_id", t::STATUS_LIST),
    ("claims", t::CLAIMS),
    ("claims[]", t::CLAIM),
    ("claims[].label", t::LABEL),
    ("claims[].path", t::PATH),
    ("claims[].type", t::KIND),
    ("claims[].mandatory", t::MANDATORY),
    ("display.name", t::CARD_TITLE),
    ("display.description", t::DESCRIPTION),
    ("display.language", t::LANGUAGE),
    ("display.background_color", t::BACKGROUND_COLOR),
    ("display.text_color", t::TEXT_COLOR),
    ("display.logo_url", t::LOGO_URL),
    ("vct", t::VCT),
];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Templates,
}

#[derive(Template)]
#[template(path = "issuer_templates/list.html")]
struct Templates {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    claims: String,
    signed_by: String,
    valid_for: String,
    created: String,
    view: String,
    actions: RowActions,
}

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
    only: Option<String>,
}

/// Something to choose by its name.
struct Choice {
    id: String,
    name: String,
}

#[derive(Template)]
#[template(path = "issuer_templates/form.html")]
struct Filling<'a> {
    title: &'static str,
    form: &'a Form,
    draft: &'a Draft,
    rows: Vec<ClaimRow<'a>>,
    focus: Option<usize>,
    identifiers: &'a [Choice],
    status_lists: &'a [Choice],
    may_create_identifier: bool,
    is_new: bool,
    issued: bool,
    card: Card<'a>,
    action: String,
    back: String,
}

/// A row of the table of claims, with the names of its fields.
struct ClaimRow<'a> {
    number: usize,
    at: String,
    label: String,
    path: String,
    kind: String,
    mandatory: String,
    typed_path: String,
    /// What the button says that removes it.
    remove: String,
    /// Whether it was just added, or is where another was removed.
    focused: bool,
    /// Whether credentials were issued with it.
    fixed: bool,
    claim: &'a ClaimDraft,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (templates, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let identifiers = identifiers(&mut app.store.read().await?, &shell).await?;
        let may_change = shell.may::<Change<IssuerTemplates>>();
        let rows: Vec<Row> =
            templates.iter().map(|template| Row::new(template, &shell, &identifiers, &asked, may_change)).collect();
        let add = may_change.then(|| NEW.to_owned());
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: Templates { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog that asks before a template is deleted.
    pub(super) fn delete(&self, form: &Form, template: &IssuerTemplate) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            template.name.as_str(),
            self.asked.address(&path(template.id, "/delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

/// The page of a template.
pub(super) async fn view(
    app: &App,
    caller: Caller,
    template: &IssuerTemplate,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let shell = Shell::open(app, caller).await?;
    let mut read = app.store.read().await?;
    let identifiers = identifiers(&mut read, &shell).await?;
    let status_lists = status_lists(&mut read, &shell, &identifiers).await?;
    let zone = &shell.wallet.time_zone;
    let signed_by = name_of(&identifiers, &template.identifier_id.to_string());
    let page = Viewing {
        notice: notice.and_then(t::LIST.notice),
        may_change: shell.may::<Change<IssuerTemplates>>(),
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
    shell.page((PATH, template.name.as_str()), &page)
}

impl Editing {
    /// Reads what there is to choose from. `template` is the one that is edited.
    pub(super) async fn open(app: &App, caller: Caller, template: Option<IssuerTemplate>) -> Result<Self, Problem> {
        let shell = Shell::open(app, caller).await?;
        let mut read = app.store.read().await?;
        let identifiers = identifiers(&mut read, &shell).await?;
        let status_lists = status_lists(&mut read, &shell, &identifiers).await?;
        Ok(Self { shell, template, identifiers, status_lists, only: None })
    }

    /// Chooses the one identifier where there is no choice.
    pub(super) fn choose_only(mut self) -> Self {
        if let [only] = self.identifiers.as_slice() {
            self.only = Some(only.id.clone());
        }
        self
    }

    /// The page by what was typed. The focus goes to the row of a claim, where one was added or removed.
    pub(super) fn show(&self, form: &Form, mut draft: Draft, focus: Option<usize>) -> Result<Response, Problem> {
        if let Some(only) = &self.only {
            draft.identifier_id.clone_from(only);
        }
        let title = if self.template.is_some() { t::EDIT } else { t::ADD };
        let own = self.template.as_ref().map(|template| path(template.id, ""));
        let page = Filling {
            title,
            form,
            rows: draft.claims.iter().enumerate().map(|(number, claim)| self.row(number, claim, focus)).collect(),
            focus,
            identifiers: &self.identifiers,
            status_lists: &self.status_lists,
            may_create_identifier: self.shell.may::<Change<Identifiers>>(),
            is_new: self.template.is_none(),
            issued: self.template.as_ref().is_some_and(|template| template.first_issued_at.is_some()),
            card: Card {
                title: Some(draft.card.name.as_str()).filter(|name| !name.trim().is_empty()).unwrap_or(&draft.name),
                description: &draft.card.description,
                issuer: self.shell.wallet.name.as_str(),
                background: &draft.card.background_color,
                color: &draft.card.text_color,
            },
            action: own.as_ref().map_or_else(|| NEW.to_owned(), |own| format!("{own}/edit")),
            back: own.unwrap_or_else(|| PATH.to_owned()),
            draft: &draft,
        };
        let at = (PATH, title);
        if form.is_refused() { self.shell.refused_page(at, &page) } else { self.shell.page(at, &page) }
    }

    fn row<'a>(&self, number: usize, claim: &'a ClaimDraft, focus: Option<usize>) -> ClaimRow<'a> {
        let issued = self.template.as_ref().filter(|template| template.first_issued_at.is_some());
        let at = format!("claims[{number}]");
        ClaimRow {
            number,
            remove: t::remove_claim(number),
            focused: focus == Some(number),
            label: format!("{at}.label"),
            path: format!("{at}.path"),
            kind: format!("{at}.type"),
            mandatory: format!("{at}.mandatory"),
            typed_path: claim.path.join("."),
            fixed: issued.is_some_and(|template| template.claims.iter().any(|own| own.path.names() == claim.path)),
            at,
            claim,
        }
    }
}

impl ClaimRow<'_> {
    /// A field of the row, for those who do not see its column.
    fn named(&self, field: &str) -> String {
        t::of_claim(field, self.number)
    }

    fn kind_in_words(&self) -> &'static str {
        ClaimKind::from_name(&self.claim.kind).map_or("", t::kind)
    }
}

impl Row {
    fn new(
        template: &IssuerTemplate,
        shell: &Shell,
        identifiers: &[Choice],
        asked: &ListQuery,
        may_change: bool,
    ) -> Self {
        let labels: Vec<&str> = template.claims.iter().map(|claim| claim.label.as_str()).collect();
        let name = template.name.as_str();
        let actions = RowActions::new(may_change, || {
            [
                RowAction::edit(path(template.id, "/edit"), t::edit(name)),
                RowAction::delete(asked.address(&path(template.id, "/delete")), t::delete(name)),
            ]
        });
        Self {
            name: template.name.to_string(),
            claims: labels.join(", "),
            signed_by: name_of(identifiers, &template.identifier_id.to_string()),
            valid_for: valid_for(template),
            created: when::date(local_date(template.created_at, &shell.wallet.time_zone)),
            view: path(template.id, ""),
            actions,
        }
    }
}

fn valid_for(template: &IssuerTemplate) -> String {
    template.valid_for.map_or_else(|| t::FOREVER.to_owned(), |days| t::days(days.get()))
}

/// The wallet's identifiers by name. Their names and DIDs are no secret to whoever may see the templates.
async fn identifiers(conn: &mut Conn, shell: &Shell) -> Result<Vec<Choice>, Problem> {
    let page = conn.identifiers(shell.wallet.id, &choices()).await?;
    let choice = |identifier: model::Identifier| Choice {
        id: identifier.id.to_string(),
        name: format!("{} ({})", identifier.name, identifier.method.name()),
    };
    Ok(page.items.into_iter().map(choice).collect())
}

/// The wallet's status lists by name, with who signs each: it must be who signs the template.
async fn status_lists(conn: &mut Conn, shell: &Shell, identifiers: &[Choice]) -> Result<Vec<Choice>, Problem> {
    let page = conn.status_lists(shell.wallet.id, &choices()).await?;
    let choice = |list: model::StatusList| Choice {
        name: t::signed_list(list.name.as_str(), &name_of(identifiers, &list.identifier_id.to_string())),
        id: list.id.to_string(),
    };
    Ok(page.items.into_iter().map(choice).collect())
}

fn choices() -> List<()> {
    List { limit: CHOICES, after: None, q: None, sort: (), descending: false }
}

fn name_of(choices: &[Choice], id: &str) -> String {
    choices.iter().find(|choice| choice.id == id).map_or_else(|| id.to_owned(), |choice| choice.name.clone())
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { common::YES } else { common::NO }
}

fn path(id: IssuerTemplateId, rest: &str) -> String {
    format!("{PATH}/{id}{rest}")
}
