//! Tables in Markdown.

use std::fmt::Write as _;

/// A table with these columns.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [&str; N]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head);
    let _ = writeln!(text, "|{}", "---|".repeat(N));
    for row in rows {
        text += &line(row.each_ref().map(String::as_str));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_head_and_rows() {
        let rows = [["one", "1"], ["two", "2"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(["What", "Number"], rows), "| What | Number |\n|---|---|\n| one | 1 |\n| two | 2 |\n");
    }
}
