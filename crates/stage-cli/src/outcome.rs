//! How stages that write a folder report their end.
//!
//! ```text
//! digit-labeler: warning: 3_20_x.png: cut-off PNG: ...
//! digit-labeler: 24 pictures labelled, 1 rejected (see out/rejected.csv)
//! digit-labeler: nothing to do: 24 pictures labelled, up to date in out
//! ```
//!
//! With `--json`, stdout has one object instead of the sentence:
//! `{"tool": "digit-labeler", "status": "done", "folder": "out", "rejected": 1, "counts": {"pictures": 24, ..}}`.
//! `status` is `done` or `nothing_to_do`.

use std::path::Path;

use crate::ExitStatus;
use clap::Args;
use serde_json::json;
use stage_files::output::Reuse;
use stage_files::rejected::{REJECTED_FILE, Rejected};
use stage_files::stage::StageInfo;

use crate::{Console, counted};

/// Rejected inputs named on the screen; all are in `rejected.csv`.
const SHOWN: usize = 5;

/// Options of every stage that writes a folder.
#[derive(Args, Clone, Copy, Debug)]
pub struct FolderArgs {
    /// Check the files of an earlier run by SHA-256 instead of size, and make those again that differ
    #[arg(long, global = true)]
    pub verify: bool,
    /// Do the work anew in place, also with other settings than an earlier run; only files that it wrote are replaced
    #[arg(long, global = true)]
    pub fresh: bool,
}

impl FolderArgs {
    /// What to do with the work of an earlier run.
    pub const fn reuse(self) -> Reuse {
        Reuse { verify: self.verify, fresh: self.fresh }
    }
}

/// How interrupted work is continued: with `--fresh` the same command would begin anew.
pub fn again_to_go_on(reuse: Reuse) -> &'static str {
    if reuse.fresh { "run the same command without --fresh to go on" } else { "run the same command again to go on" }
}

/// The result of a run.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// What its `stage.json` says.
    pub info: &'a StageInfo,
    /// The result in words, such as `24 pictures labelled`.
    pub result: &'a str,
    /// Whether an earlier run had already done everything.
    pub nothing_to_do: bool,
}

impl Console {
    /// Reports the end of a stage. `rejected` are the inputs that were rejected in this run; the first ones are named.
    ///
    /// # Errors
    /// Errors of standard output.
    pub fn outcome(&self, outcome: &Outcome<'_>, rejected: &[Rejected]) -> anyhow::Result<ExitStatus> {
        self.rejected(rejected, outcome.folder);
        let Outcome { folder, info, result, nothing_to_do } = outcome;
        let count = info.counts.get("rejected").copied().unwrap_or(0);
        let rejected = match count {
            0 => String::new(),
            _ => format!(", {count} rejected (see {})", folder.join(REJECTED_FILE).display()),
        };
        let sentence = if *nothing_to_do {
            format!("{}: nothing to do: {result}, up to date in {}{rejected}", info.tool, folder.display())
        } else {
            format!("{}: {result}{rejected}", info.tool)
        };
        let facts = json!({
            "tool": info.tool,
            "status": if *nothing_to_do { "nothing_to_do" } else { "done" },
            "folder": folder.display().to_string(),
            "rejected": count,
            "counts": info.counts,
        });
        self.summary(sentence, &facts)?;
        Ok(if count == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected })
    }

    /// Names some of the rejected inputs.
    fn rejected(&self, rejected: &[Rejected], folder: &Path) {
        for Rejected { source, reason } in rejected.iter().take(SHOWN) {
            self.warn(format!("{source}: {reason}"));
        }
        if let Some(more @ 1..) = rejected.len().checked_sub(SHOWN) {
            self.warn(format!("and {more} more in {}", folder.join(REJECTED_FILE).display()));
        }
    }

    /// With `--strict`: reports all rejected inputs and whether there are any.
    pub fn refuses_strictly(&self, rejected: &[Rejected]) -> bool {
        for Rejected { source, reason } in rejected {
            self.warn(format!("{source}: {reason}"));
        }
        if !rejected.is_empty() {
            let inputs = counted(rejected.len() as u64, "input");
            self.warn(format!("--strict was given, and {inputs} would be rejected: nothing was written"));
        }
        !rejected.is_empty()
    }

    /// Reports that a signal ended the work. With `--fresh` the same command would begin anew.
    pub fn interrupted(&self, status: ExitStatus, reuse: Reuse) -> ExitStatus {
        self.warn(format!("interrupted; what is done is kept, {}", again_to_go_on(reuse)));
        status
    }

    /// Names files that the stage left in place because somebody altered them.
    pub fn altered(&self, folder: &Path, names: &[String]) {
        for name in names {
            let path = folder.join(name);
            self.warn(format!(
                "{}: an earlier run wrote it and somebody has altered it since, so it stays; remove it if it is not \
                 wanted",
                path.display()
            ));
        }
    }
}
