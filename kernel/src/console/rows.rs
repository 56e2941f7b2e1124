//! Tables of fields in a form: rows that people add and remove, without a script by sending the form.
//!
//! A field's name is the path of its value in the API, such as `claims[0].path`, so that a refusal finds it.

use super::form::Typed;

/// The most rows that are read; those beyond are refused as unknown fields.
const MAX: usize = 200;

/// The name of the buttons; the value is the row.
const BUTTON: &str = "rows";

/// A button of the table was pressed instead of the one that saves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Press {
    /// One row more.
    Add,
    /// Without this row.
    Remove(usize),
    /// The same form again, with its current values.
    Show,
}

impl Press {
    /// The button that was pressed; `None` when the form is to be saved.
    pub fn read(typed: &mut Typed) -> Option<Self> {
        let value = typed.text(BUTTON);
        match (value.as_str(), value.strip_prefix("remove-")) {
            ("", _) => None,
            ("add", _) => Some(Self::Add),
            (_, Some(row)) => row.parse().ok().map_or(Some(Self::Show), |row| Some(Self::Remove(row))),
            _ => Some(Self::Show),
        }
    }

    /// Changes the rows. Returns the row that the focus belongs to, where there is one.
    pub fn apply<T: Default>(self, rows: &mut Vec<T>) -> Option<usize> {
        match self {
            Self::Add if rows.len() < MAX => {
                rows.push(T::default());
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

#[cfg(test)]
mod tests {
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
            assert_eq!(press(value).unwrap().apply(&mut rows), focus, "{value}");
            assert_eq!(rows, left, "{value}");
        }
    }
}
