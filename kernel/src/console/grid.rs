//! The permission grid: one row for each resource, a Change and a View column.

use askama::Template;
use askama::filters::HtmlSafe;
use model::{Access, Permission, PermissionSet, Resource};

use super::form::Form;
use super::parts;
use super::texts::common as t;

/// The grid. The boxes are called `permissions`, with values such as `holder_credentials:change`.
#[derive(Template)]
#[template(path = "console/grid.html")]
pub struct Grid<'a> {
    form: &'a Form,
    rows: Vec<Row>,
}

impl HtmlSafe for Grid<'_> {}

struct Row {
    resource: Resource,
    change: Option<Tick>,
    view: Tick,
    not_held: Option<&'static str>,
}

struct Tick {
    permission: Permission,
    label: String,
    ticked: bool,
    held: bool,
}

impl<'a> Grid<'a> {
    /// With what the form has ticked, for somebody who may assign what they hold.
    pub fn of(form: &'a Form, held: PermissionSet) -> Self {
        let ticked = ticked(form);
        let tick = |permission: Permission| Tick {
            permission,
            label: parts::label(permission),
            ticked: ticked.contains(permission),
            held: held.contains(permission),
        };
        let row = |resource: &Resource| {
            let change = resource.permissions().find(|permission| permission.access() == Access::Change).map(tick);
            let view = tick(Permission::view(*resource));
            let not_held = match &change {
                _ if !view.held => Some(t::NOTHING_HELD),
                Some(change) if !change.held => Some(t::CHANGE_NOT_HELD),
                _ => None,
            };
            Row { resource: *resource, change, view, not_held }
        };
        Self { form, rows: Resource::ALL.iter().map(row).collect() }
    }
}

/// Leaves what the sender does not hold as it was: its boxes are disabled, and a disabled box is not sent.
///
/// `before` is what the key or role has; `held` what the sender holds.
pub fn keep(form: &mut Form, before: PermissionSet, held: PermissionSet) {
    for permission in (before - held).iter() {
        form.add("permissions", &permission.to_string());
    }
}

fn ticked(form: &Form) -> PermissionSet {
    form.values("permissions").filter_map(|name| name.parse::<Permission>().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d4_what_the_editor_does_not_hold_stays_as_it_was() {
        let set = PermissionSet::from_names;
        let held = set("users:view roles:change");
        let kept = |sent: Option<&str>, before: &str| {
            let mut form = Form::of(sent.map(|name| ("permissions", name)).as_slice());
            keep(&mut form, set(before), held);
            ticked(&form)
        };
        assert_eq!(kept(Some("roles:view"), "users:change roles:change"), set("users:change roles:view"));
        assert_eq!(kept(None, "roles:change"), PermissionSet::EMPTY);
        assert_eq!(kept(Some("users:view"), ""), set("users:view"));
    }
}
