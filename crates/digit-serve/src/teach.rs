//! `POST /teach`: digit-learn on the collected folder, then its network answers. One run at a time.
//!
//! digit-learn runs as a process of its own, as a user would start it. So the page can show the command, a fault in it
//! does not end the server, and what it made is there when the button is pressed again.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::Context;
use hyper::StatusCode;
use serde::Deserialize;
use stage_cli::quoted;
use stage_files::output::resolved;
use stage_files::{refuse, regular_file};

use crate::model::InUse;
use crate::reply::Fault;
use crate::server::Server;
use crate::teaching::{Progress, Run, State};

/// Lines of digit-learn that are kept.
const MAX_LINES: usize = 200;
/// Longest report.
const MAX_REPORT_BYTES: u64 = 64 << 20;

/// The summary that `digit-learn --json` prints.
#[derive(Deserialize)]
struct Learned {
    accuracy: Option<f64>,
    runs: Vec<PathBuf>,
    report: PathBuf,
}

/// Starts a run.
///
/// # Errors
/// A [`Fault`] when one goes on, or when digit-learn cannot be started.
pub(crate) fn start(server: &Arc<Server>) -> Result<(), Fault> {
    let Some(collected) = &server.collected else { return Err(Fault::bad("no --collect FOLDER")) };
    let mut run = server.teaching.run();
    if run.progress.state == State::Running {
        return Err(Fault::new(StatusCode::CONFLICT, "a training goes on; wait until it is done"));
    }
    let started = spawn(collected.root(), &server.teaching.options);
    let (child, command) = started.map_err(|error| Fault::inside(&error))?;
    *run = Run { progress: Progress { state: State::Running, command, ..Progress::default() }, ..Run::default() };
    run.child = Some(child);
    drop(run);
    let server = Arc::clone(server);
    std::thread::spawn(move || {
        let ended = follow(&server);
        let mut run = server.teaching.run();
        run.child = None;
        match ended {
            Ok(learned) => {
                run.progress.accuracy = learned.accuracy;
                run.report = regular_file::read(&learned.report, MAX_REPORT_BYTES).ok();
                run.progress.has_report = run.report.is_some();
                run.progress.state = State::Done;
            }
            Err(error) => {
                run.progress.error = Some(stage_files::in_words(&error));
                run.progress.state = State::Failed;
            }
        }
    });
    Ok(())
}

/// The started command, and how a user would type it.
fn spawn(folder: &Path, options: &[OsString]) -> anyhow::Result<(Child, String)> {
    let (program, word) = learn_program()?;
    let folder = resolved(folder)?;
    let name = folder.file_name().context("the folder of collected digits has no name")?;
    let out = folder.with_file_name(format!("learned-{}", name.to_string_lossy()));
    let mut command = Command::new(&program);
    command.args(word).arg(&folder).arg("--out").arg(&out).args(options).args(["--json", "--no-next"]);
    let typed_word = if word.is_some() { "digits learn" } else { "digit-learn" };
    let mut shown = format!("{typed_word} {} --out {}", quoted(&folder), quoted(&out));
    for option in options {
        shown += " ";
        shown += &quoted(Path::new(option));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().with_context(|| program.display().to_string())?;
    Ok((child, shown))
}

/// The program that learns, beside this one: `digit-learn`, or `digits` with the word `learn`.
fn learn_program() -> anyhow::Result<(PathBuf, Option<&'static str>)> {
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let beside = |name: &str| own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if own.file_stem().is_some_and(|stem| stem == "digits") {
        return Ok((own, Some("learn")));
    }
    for (name, word) in [("digit-learn", None), ("digits", Some("learn"))] {
        if beside(name).is_file() {
            return Ok((beside(name), word));
        }
    }
    refuse!(
        "{}: there is no such program beside this one; build it: cargo build --release",
        beside("digit-learn").display()
    )
}

/// Collects what the command says until it ends, then takes its network.
fn follow(server: &Arc<Server>) -> anyhow::Result<Learned> {
    let (stdout, stderr) = {
        let mut run = server.teaching.run();
        let child = run.child.as_mut().context("no process")?;
        (child.stdout.take(), child.stderr.take())
    };
    let summary = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.map(|mut stdout| stdout.read_to_string(&mut text));
        text
    });
    for line in stderr.into_iter().flat_map(|stderr| BufReader::new(stderr).lines()) {
        let line = line.context("digit-learn")?;
        let mut run = server.teaching.run();
        if run.progress.lines.len() < MAX_LINES {
            run.progress.lines.push(line);
        }
    }
    let summary = summary.join().unwrap_or_default();
    // Its outputs are closed, so it is about to end.
    let child = server.teaching.run().child.take();
    let status = child.context("no process")?.wait().context("digit-learn")?;
    // 1: some pictures were rejected, the rest is done.
    if !matches!(status.code(), Some(0 | 1)) {
        let last = server.teaching.progress().lines.pop();
        refuse!("{}", last.unwrap_or_else(|| format!("digit-learn ended with {status}")));
    }
    let learned: Learned = serde_json::from_str(summary.trim()).context("the summary of digit-learn")?;
    let Some(run) = learned.runs.first() else { refuse!("the training diverged; collect more digits") };
    server.use_model(InUse::new((server.load)(run)?)?);
    Ok(learned)
}
