//! Counting passed and failed tests from what each runner reports.

use std::fmt;
use std::fs;
use std::ops::AddAssign;
use std::path::Path;
use std::process::ExitStatus;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// What stands for a suite, or a part of one, that could not start.
    pub(crate) const NOT_STARTED: Self = Self { passed: 0, failed: 1 };

    /// The root element of a JUnit report; skipped tests count as neither.
    pub(crate) fn from_junit(xml: &str) -> Result<Self> {
        let root = xml.split_once("<testsuites").and_then(|(_, rest)| rest.split_once('>'));
        let (root, suites) = root.context("the report has no <testsuites>")?;
        let sum = |name: &str| match attribute(root, name) {
            Some(count) => count,
            None => {
                suites.split("<testsuite ").skip(1).filter_map(|suite| attribute(suite.split_once('>')?.0, name)).sum()
            }
        };
        let failed = sum("failures") + sum("errors");
        let passed = sum("tests").saturating_sub(failed + sum("skipped"));
        Ok(Self { passed, failed })
    }

    /// [`Self::from_junit`] of a file.
    pub(crate) fn from_junit_file(file: &Path) -> Result<Self> {
        let xml = fs::read_to_string(file).with_context(|| format!("no report at {}", file.display()))?;
        Self::from_junit(&xml)
    }

    /// One line of libtest's output: `test result: ok. 3 passed; 0 failed; …`.
    pub(crate) fn from_libtest(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| {
            let part = counts.split(';').find_map(|part| part.trim().strip_suffix(what))?;
            part.trim().parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")? })
    }

    /// Playwright's JSON report. A flaky test is a failed one; an error outside a test counts too.
    pub(crate) fn from_playwright(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Playwright's report")?;
        let count = |name: &str| {
            let stats = report.get("stats").and_then(|stats| stats.get(name)).and_then(Value::as_u64);
            stats.with_context(|| format!("Playwright's report has no stats.{name}"))
        };
        let outside = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
        let failed = count("unexpected")? + count("flaky")? + u64::try_from(outside)?;
        Ok(Self { passed: count("expected")?, failed })
    }

    /// Never better than the runner's own verdict: a runner that failed without a failed test counts as one, and one
    /// that ran nothing is an error.
    pub(crate) fn under(self, status: ExitStatus) -> Result<Self> {
        ensure!(self.passed + self.failed > 0, "no test ran ({status})");
        let failed = if status.success() { self.failed } else { self.failed.max(1) };
        Ok(Self { failed, ..self })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn attribute(element: &str, name: &str) -> Option<u64> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split_once('"')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn junit_is_counted_at_its_root() {
        let xml = r#"<?xml version="1.0"?><testsuites name="nextest-run" tests="9" failures="2" errors="1" time="1.5">
            <testsuite name="model" tests="9" disabled="0" errors="1" failures="2"/></testsuites>"#;
        assert_eq!(Tally::from_junit(xml).unwrap(), tally(6, 3));
    }

    #[test]
    fn junit_without_counts_at_its_root_is_summed_over_its_suites() {
        let xml = r#"<testsuites><testsuite name="a" tests="4" failures="1" errors="0" skipped="1"><testcase/>
            </testsuite><testsuite name="b" tests="2" failures="0" errors="0" skipped="0"/></testsuites>"#;
        assert_eq!(Tally::from_junit(xml).unwrap(), tally(4, 1));
    }

    #[test]
    fn a_text_that_is_no_junit_is_refused() {
        assert!(Tally::from_junit("<html>").is_err());
    }

    #[test]
    fn libtest_summaries_are_read_and_other_lines_are_not() {
        let failed = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(Tally::from_libtest(failed), Some(tally(3, 1)));
        assert_eq!(Tally::from_libtest("test result: ok. 12 passed; 0 failed; 0 ignored"), Some(tally(12, 0)));
        assert_eq!(Tally::from_libtest("test gate::decide ... ok"), None);
    }

    #[test]
    fn flaky_and_stray_errors_are_failures() {
        let report = r#"{"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2}, "errors": [{}]}"#;
        assert_eq!(Tally::from_playwright(report).unwrap(), tally(5, 3));
        assert!(Tally::from_playwright("{}").is_err());
    }

    #[test]
    fn the_runner_has_the_last_word() {
        let (ended_well, ended_badly) = (ExitStatus::from_raw(0), ExitStatus::from_raw(256));
        assert_eq!(tally(3, 0).under(ended_well).unwrap(), tally(3, 0));
        assert_eq!(tally(3, 0).under(ended_badly).unwrap(), tally(3, 1));
        assert_eq!(tally(3, 2).under(ended_badly).unwrap(), tally(3, 2));
        assert!(tally(0, 0).under(ended_well).is_err());
    }
}
