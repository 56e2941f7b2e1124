//! Tables of fields in a form: rows that people add and remove, without a script by sending the form.
//!
//! A field's name is the path of its value in the API, such as `claims[0].path`, so that a refusal finds it.

use serde::Serialize;

use super::form::{Form, Typed, fields_of};

/// The most rows that are read; those beyond are refused as unknown fields.
const MAX: usize = 200;

/// The name of the buttons; the value is the row.
const BUTTON: &str = "rows";

/// A row as it was typed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Row(Vec<(String, String)>);

impl Row {
    /// What stands in the field of a member.
    pub fn text(&self, member: &str) -> &str {
        self.0.iter().find(|(name, _)| name == member).map_or("", |(_, text)| text)
    }

    /// The row that says what this object says.
    fn of(object: &impl Serialize) -> Self {
        let object = serde_json::to_value(object).unwrap_or_default();
        take(&mut fields_of("row[0]".to_owned(), object), "row").pop().unwrap_or_default()
    }
}

/// A button of the table was pressed instead of the one that saves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Press {
    /// One row more.
    Add,
    /// Without this row.
    Remove(usize),
    /// The same form again, with its current values.
    Show,
}

impl Press {
    /// The button that was pressed; `None` when the form is to be saved.
    fn read(typed: &mut Typed) -> Option<Self> {
        let value = typed.text(BUTTON);
        match (value.as_str(), value.strip_prefix("remove-")) {
            ("", _) => None,
            ("add", _) => Some(Self::Add),
            (_, Some(row)) => row.parse().ok().map_or(Some(Self::Show), |row| Some(Self::Remove(row))),
            _ => Some(Self::Show),
        }
    }

    /// Changes the rows. Returns the row that the focus belongs to, where there is one.
    fn apply<T>(self, rows: &mut Vec<T>, new: T) -> Option<usize> {
        match self {
            Self::Add if rows.len() < MAX => {
                rows.push(new);
                rows.len().checked_sub(1)
            }
            Self::Remove(row) if row < rows.len() => {
                rows.remove(row);
                rows.len().checked_sub(1).map(|last| row.min(last))
            }
            _ => None,
        }
    }
}

impl Form {
    /// Does what a button of a table was pressed for. Then nothing is to be saved. A row that is added says what `new` says.
    pub fn press(&mut self, table: &str, new: &impl Serialize) {
        let Some(press) = self.sent.as_mut().and_then(Press::read) else { return };
        self.sent = None;
        let mut rows = take(&mut self.values, table);
        self.focused_row = press.apply(&mut rows, Row::of(new));
        put(&mut self.values, table, rows);
    }

    /// Leaves rows out that were sent; the others are counted anew.
    pub fn keep_rows(&mut self, table: &str, keep: impl Fn(&Row) -> bool) {
        let Some(sent) = &mut self.sent else { return };
        for fields in [&mut sent.fields, &mut self.values] {
            let mut rows = take(fields, table);
            rows.retain(&keep);
            put(fields, table, rows);
        }
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        take(&mut self.values.clone(), table)
    }

    /// Whether the focus belongs to a row, because it was added or is where another one was removed.
    pub fn is_focused(&self, row: usize) -> bool {
        self.focused_row == Some(row)
    }
}

impl Typed {
    /// Reads the rows of the table `name`, as long as there are fields of the next one. `row` reads the fields of one
    /// row, by the prefix of their names.
    pub fn rows<T>(&mut self, name: &str, row: impl Fn(&mut Self, &str) -> T) -> Vec<T> {
        let mut rows = Vec::new();
        while rows.len() < MAX {
            let prefix = format!("{name}[{}].", rows.len());
            if !self.has_prefix(&prefix) {
                break;
            }
            rows.push(row(self, &prefix));
        }
        rows
    }
}

/// Takes the rows of a table out of the fields of a form.
fn take(fields: &mut Vec<(String, String)>, table: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    while rows.len() < MAX {
        let prefix = format!("{table}[{}].", rows.len());
        let row = fields.extract_if(.., |(name, _)| name.starts_with(&prefix));
        let row: Vec<_> = row.map(|(mut name, text)| (name.split_off(prefix.len()), text)).collect();
        if row.is_empty() {
            break;
        }
        rows.push(Row(row));
    }
    rows
}

/// Puts the rows of a table among the fields of a form.
fn put(fields: &mut Vec<(String, String)>, table: &str, rows: Vec<Row>) {
    for (number, Row(row)) in rows.into_iter().enumerate() {
        fields.extend(row.into_iter().map(|(member, text)| (format!("{table}[{number}].{member}"), text)));
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    fn names(typed: &mut Typed) -> Vec<(String, String)> {
        typed.rows("claims", |typed, at| (typed.text(&format!("{at}path")), typed.text(&format!("{at}type"))))
    }

    #[test]
    fn rows_are_read_until_one_is_missing_and_what_is_left_is_unknown() {
        let mut typed = Typed::of(&[("claims[0].path", "a"), ("claims[0].type", "text"), ("claims[1].path", "")]);
        assert_eq!(names(&mut typed), [("a".to_owned(), "text".to_owned()), (String::new(), String::new())]);
        assert!(typed.finish().is_ok());
        let mut typed = Typed::of(&[("claims[0].path", "a"), ("claims[2].path", "c")]);
        assert_eq!(names(&mut typed).len(), 1);
        assert!(typed.finish().is_err());
    }

    #[test]
    fn a_button_adds_and_removes_a_row_and_says_where_the_focus_goes() {
        let press = |value: &str| Press::read(&mut Typed::of(&[("rows", value)]));
        assert_eq!(press(""), None);
        assert_eq!(press("nonsense"), Some(Press::Show));
        let mut rows = vec![1, 2, 3];
        for (value, focus, left) in [
            ("remove-1", Some(1), vec![1, 3]),
            ("remove-1", Some(0), vec![1]),
            ("remove-7", None, vec![1]),
            ("add", Some(1), vec![1, 0]),
            ("show", None, vec![1, 0]),
        ] {
            assert_eq!(press(value).unwrap().apply(&mut rows, 0), focus, "{value}");
            assert_eq!(rows, left, "{value}");
        }
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Claim {
        path: Vec<String>,
        label: Option<String>,
        mandatory: bool,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Look {
        color: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Template {
        claims: Vec<Claim>,
        look: Look,
        days: Option<u32>,
    }

    #[test]
    fn a_draft_with_rows_and_an_object_is_read_from_the_fields_that_it_fills() {
        let claim =
            |path: &[&str], label: Option<&str>| json!({"path": path, "label": label, "mandatory": label.is_some()});
        let draft = json!({
            "claims": [claim(&["a", "b"], Some("A")), claim(&["c"], None)], "look": {"color": "red"}, "days": null,
        });
        let mut form = Form::fresh(&[]);
        form.fill(&draft);
        assert_eq!((form.value("claims[0].path"), form.value("look.color")), ("a.b", "red"));
        let sent: Vec<_> = form.values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let read = Form::of(&sent).draft::<Template>().unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), draft);
    }

    #[test]
    fn a_button_changes_the_rows_on_the_screen_and_nothing_is_to_be_saved() {
        let mut form = Form::of(&[("claims[0].path", "a"), ("claims[1].path", "b"), ("rows", "remove-0")]);
        form.press("claims", &json!({"path": [], "mandatory": true}));
        assert_eq!((form.value("claims[0].path"), form.rows("claims").len()), ("b", 1));
        assert!(form.is_focused(0) && form.is_fresh() && form.draft::<Template>().is_none());
        let mut form = Form::of(&[("claims[0].path", "a"), ("rows", "add")]);
        form.press("claims", &json!({"path": [], "mandatory": true}));
        assert_eq!((form.value("claims[1].mandatory"), form.is_focused(1)), ("true", true));
    }

    #[test]
    fn rows_that_are_left_out_are_not_counted() {
        let mut form = Form::of(&[("claims[0].path", ""), ("claims[1].path", "b"), ("look.color", "red")]);
        form.keep_rows("claims", |row| !row.text("path").is_empty());
        form.replace("claims[0].path", "c");
        assert_eq!(form.value("claims[0].path"), "b", "what was typed stays on the screen");
        let claims = form.draft::<Template>().unwrap().claims;
        assert_eq!(claims.into_iter().map(|claim| claim.path).collect::<Vec<_>>(), [["c"]]);
    }
}
