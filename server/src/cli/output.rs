//! What the commands print.

use std::io::{self, Write as _};

use anyhow::Context as _;
use serde::Serialize;

const CANNOT_WRITE: &str = "standard output cannot be written to";

/// Prints on standard output, all of it or an error. Nobody reading on (`… | head`) is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context(CANNOT_WRITE),
        _ => Ok(()),
    }
}

/// Confirms a change that is made, on standard output. Where that fails the change stays.
pub(super) fn tell(text: &str) -> anyhow::Result<()> {
    print(text).context("it is done, but that cannot be told")
}

/// Prints a secret that is shown this one time: that its reader has gone is an error too.
pub(super) fn print_secret(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}").and_then(|()| output.flush())
}

/// Prints on standard error; where that fails there is nobody left to tell.
pub(super) fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A value as indented JSON with a line break at its end.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Rows in columns under their titles. A value with line breaks stands on one line.
pub(super) fn table<const N: usize>(titles: [&str; N], rows: Vec<[String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(titles.map(str::to_owned))
        .chain(rows)
        .map(|row| row.map(|value| value.replace(['\n', '\t'], " ")))
        .collect();
    let mut widths = [0; N];
    for (width, value) in rows.iter().flat_map(|row| (0..N).zip(row)).map(|(at, value)| (at, value.chars().count())) {
        if let Some(widest) = widths.get_mut(width) {
            *widest = value.max(*widest);
        }
    }
    let line = |row: [String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(value, width)| format!("{value:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_value() {
        let rows = vec![["é".to_owned(), "one\ntwo".to_owned()], ["longer".to_owned(), String::new()]];
        assert_eq!(table(["NAME", "NOTES"], rows), "NAME    NOTES\né       one two\nlonger\n");
    }
}
