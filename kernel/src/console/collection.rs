//! The pages of a collection: its list, and the dialogs over it in which an object is added, edited and deleted.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use jiff::Timestamp;
use model::{Change, View, local_date};

use super::by_name::{ListQuery, Notice};
use super::confirm::Confirm;
use super::dialog::{Dialog, DialogTexts};
use super::form::{Form, Labels, Sent};
use super::list_view::{ListTexts, ListView};
use super::parts::{RowAction, RowActions};
use super::texts::common;
use super::{Shell, when};
use crate::app::App;
use crate::caller::{Allow, Caller};
use crate::collection::{Collection, Creatable, Drafted, Editable};
use crate::http::{ObjectId, Parameters};
use crate::problem::Problem;

/// A collection with a list and a dialog that deletes.
pub trait Listed: Collection {
    /// The address of the list.
    const PATH: &'static str;
    /// What the list says.
    const LIST: &'static ListTexts;
    /// What the dialogs say.
    const DIALOGS: &'static DialogTexts;
    /// What the fields of the dialogs are called.
    const LABELS: Labels;
    /// The list, which extends `console/list.html`.
    type List: Template + Send + Sync;

    /// The list of these objects, with what it shows of others that they name.
    fn list_page(
        view: &Context<'_>,
        list: ListView,
        objects: Vec<Self::Object>,
    ) -> impl Future<Output = Result<Self::List, Problem>> + Send;

    /// The links at the end of an object's row.
    fn actions(view: &Context<'_>, object: &Self::Object) -> Vec<RowAction>;

    /// What the deletion of an object means.
    fn delete_lead(_object: &Self::Object) -> Cow<'static, str> {
        Self::DIALOGS.delete_lead.into()
    }
}

/// A collection with a dialog in which a draft is filled in.
pub trait Filled: Listed + Drafted {
    /// The dialog, which extends `console/dialog.html`.
    type Dialog<'a>: Template + Send;

    /// The dialog that edits an object, or adds one.
    fn dialog<'a>(
        view: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        edited: Option<&'a Self::Object>,
    ) -> impl Future<Output = Result<Self::Dialog<'a>, Problem>> + Send;

    /// Completes what was sent with what a browser does not send, such as ticks of boxes that are disabled.
    fn complete(_form: &mut Form, _caller: &Caller, _edited: Option<&Self::Object>) {}
}

/// What is asked before something is done with an object.
pub struct Question {
    /// The last step of the dialog's path.
    pub path: &'static str,
    /// The title of the dialog.
    pub title: &'static str,
    /// Before the name, and after it.
    pub question: (&'static str, &'static str),
    /// What it means.
    pub lead: &'static str,
    /// The button that does it.
    pub answer: &'static str,
}

/// What a page is made from, beside its objects.
pub struct Context<'a> {
    /// The server's state.
    pub app: &'a App,
    /// The frame, which knows what the caller may do.
    pub shell: Shell,
    /// The search and the page of the list.
    pub query: ListQuery,
}

/// A list with its frame, over which a dialog can open.
pub struct Screen<'a, C: Listed> {
    /// What it is made from.
    pub context: Context<'a>,
    list: C::List,
}

impl Context<'_> {
    /// Links at the end of a row, for a caller who may change the objects.
    pub fn row_actions<C: Listed>(&self, object: &C::Object) -> RowActions {
        RowActions::new(self.shell.may::<Change<C::Resource>>(), || C::actions(self, object))
    }

    /// The address of an object's dialog.
    pub fn address<C: Listed>(&self, object: &C::Object, dialog: &str) -> String {
        self.query.address(&path::<C>(C::id(object), dialog))
    }

    /// The links to the dialogs that edit and delete an object.
    pub fn edit_and_delete<C: Listed>(&self, object: &C::Object) -> Vec<RowAction> {
        vec![self.edit::<C>(object), self.delete::<C>(object)]
    }

    /// The link to the dialog that edits an object.
    pub fn edit<C: Listed>(&self, object: &C::Object) -> RowAction {
        RowAction::edit(self.address::<C>(object, "edit"), common::edit_named(C::name(object)))
    }

    /// The link to the dialog that deletes an object.
    pub fn delete<C: Listed>(&self, object: &C::Object) -> RowAction {
        RowAction::delete(self.address::<C>(object, "delete"), common::delete_named(C::name(object)))
    }

    /// The day of an instant, in the wallet's time zone.
    pub fn date(&self, at: Timestamp) -> String {
        when::date(local_date(at, &self.shell.wallet.time_zone))
    }
}

impl<'a, C: Listed> Screen<'a, C> {
    /// Reads the list of a query.
    pub async fn open(app: &'a App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let page = C::list(app, &caller, &query.list(C::PATH)?).await?;
        let (objects, pages) = query.leaf(page, C::PATH, C::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let add = shell.may::<Change<C::Resource>>().then(|| query.address(&new_path::<C>()));
        let list = ListView::new(C::LIST, C::PATH, &query, add, objects.is_empty(), pages);
        let context = Context { app, shell, query };
        let list = C::list_page(&context, list, objects).await?;
        Ok(Self { context, list })
    }

    /// The list alone.
    pub fn show(&self) -> Result<Response, Problem> {
        self.context.shell.page(C::PATH, &self.list)
    }

    /// A dialog over the list that is no form.
    pub fn with(&self, dialog: &impl Template) -> Result<Response, Problem> {
        self.context.shell.dialog(C::PATH, &self.list, dialog)
    }

    /// A dialog over the list, with its form: fresh, or refused.
    pub fn over(&self, form: &Form, dialog: &impl Template) -> Result<Response, Problem> {
        self.context.shell.over(C::PATH, &self.list, form, dialog)
    }

    /// The dialog that asks before something is done with an object that loses nothing.
    pub fn ask(&self, form: &Form, object: &C::Object, question: &Question) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: question.title,
            question: question.question,
            name: C::name(object),
            lead: question.lead,
            answers: (common::CANCEL, question.answer),
            danger: false,
            action: self.context.address::<C>(object, question.path),
            back: self.context.query.address(C::PATH),
        };
        self.over(form, &dialog)
    }

    /// The dialog that asks before an object is deleted.
    fn delete(&self, form: &Form, object: &C::Object) -> Result<Response, Problem> {
        let (texts, lead) = (C::DIALOGS, C::delete_lead(object));
        let dialog = Confirm::delete(
            form,
            (texts.delete, texts.delete_question, &lead),
            C::name(object),
            self.context.address::<C>(object, "delete"),
            self.context.query.address(C::PATH),
        );
        self.over(form, &dialog)
    }
}

impl<C: Filled> Screen<'_, C> {
    /// The dialog that edits an object, or adds one.
    pub async fn fill(&self, form: &Form, edited: Option<&C::Object>) -> Result<Response, Problem> {
        let (texts, query) = (C::DIALOGS, &self.context.query);
        let (title, button, path) = match edited {
            None => (C::LIST.add, texts.create, new_path::<C>()),
            Some(object) => (texts.edit, common::SAVE, path::<C>(C::id(object), "edit")),
        };
        let (action, back) = (query.address(&path), query.address(C::PATH));
        let dialog = Dialog { title, button, action, back, is_small: texts.is_small };
        let dialog = C::dialog(&self.context, dialog, form, edited).await?;
        self.over(form, &dialog)
    }
}

/// The list and every dialog.
pub fn routes<C: Filled + Creatable + Editable>() -> Router<Arc<App>> {
    list_routes::<C>().route(&new_path::<C>(), add_route::<C>()).route(&object_path::<C>("edit"), edit_route::<C>())
}

/// The list, and the dialog that deletes.
pub fn list_routes<C: Listed>() -> Router<Arc<App>> {
    Router::new()
        .route(C::PATH, get(show_list::<C>))
        .route(&object_path::<C>("delete"), get(delete_dialog::<C>).post(delete_dialog::<C>))
}

/// The dialog that adds an object.
pub fn add_route<C: Filled + Creatable>() -> MethodRouter<Arc<App>> {
    get(add_dialog::<C>).post(add_dialog::<C>)
}

/// The dialog that edits an object.
pub fn edit_route<C: Filled + Editable>() -> MethodRouter<Arc<App>> {
    get(edit_dialog::<C>).post(edit_dialog::<C>)
}

/// The route of the dialog that adds an object.
pub fn new_path<C: Listed>() -> String {
    format!("{}/new", C::PATH)
}

/// The route of a dialog about an object.
pub fn object_path<C: Listed>(dialog: &str) -> String {
    format!("{}/{{id}}/{dialog}", C::PATH)
}

/// The list again, after something was done.
pub fn done<C: Listed>(query: ListQuery, notice: Notice) -> Response {
    Redirect::to(&query.after(C::PATH, notice)).into_response()
}

fn path<C: Listed>(id: C::Id, dialog: &str) -> String {
    format!("{}/{id}/{dialog}", C::PATH)
}

async fn show_list<C: Listed>(
    allow: Allow<View<C::Resource>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::<C>::open(&app, allow.0, query).await?.show()
}

async fn add_dialog<C: Filled + Creatable>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(C::LABELS);
    C::complete(&mut form, &allow.0, None);
    if let Some(draft) = form.draft::<C::Draft>()
        && form.accept(C::create(&app, &allow.0, draft).await)?.is_some()
    {
        return Ok(done::<C>(query, Notice::Created));
    }
    Screen::<C>::open(&app, allow.0, query).await?.fill(&form, None).await
}

async fn edit_dialog<C: Filled + Editable>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<C::Id>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let object = C::get(&app, &allow.0, id).await?;
    let mut form = sent.form(C::LABELS);
    if form.is_fresh() {
        form.fill(&C::draft(&object));
    }
    C::complete(&mut form, &allow.0, Some(&object));
    if let Some(patch) = form.patch::<C::Draft>()
        && form.accept(C::edit(&app, &allow.0, id, &patch).await)?.is_some()
    {
        return Ok(done::<C>(query, Notice::Edited));
    }
    Screen::<C>::open(&app, allow.0, query).await?.fill(&form, Some(&object)).await
}

async fn delete_dialog<C: Listed>(
    allow: Allow<Change<C::Resource>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<C::Id>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(C::LABELS);
    if form.is_confirmed() && form.accept(C::delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(done::<C>(query, Notice::Deleted));
    }
    let object = C::get(&app, &allow.0, id).await?;
    Screen::<C>::open(&app, allow.0, query).await?.delete(&form, &object)
}
