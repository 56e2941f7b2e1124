//! Schemathesis: calls every operation of the OpenAPI document with valid and invalid input and compares each answer
//! with what the document promises.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::demo::Demo;
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{child, packages};

/// What an answer must hold to.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Without the stateful phase, which follows an answer's id into the next call and so would delete the very key that
/// it calls with.
const PHASES: &str = "examples,coverage,fuzzing";

/// Runs it against a throw-away instance; one test is one operation.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    let programs = packages::python(workspace, "schemathesis", &workspace.root.join("xtask/requirements.txt"))?;
    let demo = Demo::start(binary)?;
    let report = workspace.target.join("schemathesis.xml");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let status = child::status(
        Command::new(programs.join("schemathesis"))
            .args(["run", &format!("{}/api/v1/openapi.json", demo.url())])
            .args(["--header", &format!("x-api-key: {}", demo.key)])
            .args(["--checks", CHECKS, "--phases", PHASES])
            // It takes ids from answers, so sooner or later it deletes the key that it presents, and everything after
            // that is a 401. The HTTP tests delete keys in every way.
            .args(["--exclude-operation-id", "deleteApiKey"])
            .args(["--max-examples", "30", "--seed", "1", "--request-timeout", "10", "--continue-on-failure"])
            .args(["--report", "junit", "--report-junit-path"])
            .arg(&report)
            // It keeps its examples in the folder that it runs in.
            .current_dir(&workspace.target),
    )?;
    let tally = Tally::from_junit_file(&report)?.under(status)?;
    demo.ensure_key_works()?;
    Ok(tally)
}
