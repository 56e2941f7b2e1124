//! Schemathesis: calls every operation of the OpenAPI document with valid and invalid input and compares each answer
//! with what the document promises.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::child;
use crate::demo::Demo;
use crate::machine;
use crate::tally::Tally;
use crate::workspace::Workspace;

/// Exactly these packages; a change of the file makes the virtual environment anew.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// What an answer must hold to.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Without the stateful phase, which follows an answer's id into the next call and so would delete the very key that
/// it calls with.
const PHASES: &str = "examples,coverage,fuzzing";

/// Runs it against a throw-away instance; one test is one operation.
pub(crate) fn run(workspace: &Workspace, binary: &Path) -> Result<Tally> {
    let program = install(workspace)?;
    let demo = Demo::start(binary)?;
    let report = workspace.target.join("schemathesis.xml");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let status = child::status(
        Command::new(program)
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

fn install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("venv");
    let (program, stamp) = (folder.join("bin/schemathesis"), folder.join("requirements.txt"));
    if program.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS) {
        return Ok(program);
    }
    child::succeed(Command::new(machine::python()?).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let requirements = folder.join("wanted.txt");
    fs::write(&requirements, REQUIREMENTS)?;
    child::succeed(
        Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"])
            .arg(&requirements),
    )?;
    // Last, so that an installation that broke off is not taken for a whole one.
    fs::rename(requirements, stamp)?;
    Ok(program)
}
