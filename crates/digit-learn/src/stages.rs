//! Calling the stages through their libraries.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use digit_image::decode::PageChoice;
use digit_labeler::LabelsIn;
use mlp_report::Lang;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::labels::LabelSet;
use stage_files::output::Reuse;

/// A stage that did not end as it should, or a signal. What there is to say has been said.
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) ExitStatus);

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a stage ended with exit code {}", self.0.code())
    }
}

impl std::error::Error for Stopped {}

/// The stages, one after the other.
pub(crate) struct Stages<'a> {
    console: &'a Console,
    interrupts: Interrupts,
    reuse: Reuse,
    /// Whether some inputs were rejected.
    pub(crate) has_rejected: bool,
}

/// How a folder of pictures is read.
#[derive(Clone, Copy, Default)]
pub(crate) struct How {
    /// The option `--size` of the labeler.
    pub(crate) size: Option<u8>,
    /// Its option `--layout`.
    pub(crate) labels_in: Option<LabelsIn>,
    /// Its option `--pages`.
    pub(crate) pages: PageChoice,
}

/// The arguments of a stage, text and paths.
macro_rules! words {
    ($($word:expr),* $(,)?) => { vec![$(OsString::from($word)),*] };
}

impl<'a> Stages<'a> {
    pub(crate) fn new(console: &'a Console, reuse: Reuse) -> anyhow::Result<Self> {
        Ok(Self { console, interrupts: Interrupts::listen()?, reuse, has_rejected: false })
    }

    /// Runs a stage. Rejected inputs do not stop the road.
    fn run(&mut self, stage: fn(Vec<OsString>) -> ExitStatus, arguments: Vec<OsString>) -> anyhow::Result<()> {
        if let Some(status) = self.interrupts.pending() {
            return Err(Stopped(self.console.interrupted(status, self.reuse)).into());
        }
        match stage(arguments) {
            ExitStatus::Done => Ok(()),
            ExitStatus::SomeRejected => {
                self.has_rejected = true;
                Ok(())
            }
            status => Err(Stopped(status).into()),
        }
    }

    /// The program name and the options of every stage.
    fn begin(&self, program: &str) -> Vec<OsString> {
        let mut arguments = self.common(program);
        arguments.extend(self.reuse_options());
        arguments
    }

    /// The program name and the options of every command.
    fn common(&self, program: &str) -> Vec<OsString> {
        let mut arguments = words![program, "--no-next"];
        arguments.extend(self.console.is_quiet().then(|| "--quiet".into()));
        arguments.extend(self.console.is_json().then(|| "--no-progress".into()));
        arguments
    }

    fn reuse_options(&self) -> impl Iterator<Item = OsString> + use<> {
        let Reuse { verify, fresh } = self.reuse;
        verify.then(|| "--verify".into()).into_iter().chain(fresh.then(|| "--fresh".into()))
    }

    pub(crate) fn draw(&mut self, labels: &LabelSet, sizes: &str, count: u32, out: &Path) -> anyhow::Result<()> {
        let mut arguments = self.common("digit-source");
        arguments.push("draw".into());
        arguments.extend(self.reuse_options());
        arguments.extend(words![
            "--labels",
            labels.to_string(),
            "--sizes",
            sizes,
            "--count",
            count.to_string(),
            "--",
            out
        ]);
        self.run(digit_source::cli::run, arguments)
    }

    pub(crate) fn label(&mut self, source: &Path, out: &Path, labels: &LabelSet, how: How) -> anyhow::Result<()> {
        let mut arguments = self.begin("digit-labeler");
        arguments.extend(words!["--labels", labels.to_string(), "--preprocess", "standard"]);
        arguments.extend(how.size.into_iter().flat_map(|size| words!["--size", size.to_string()]));
        arguments.extend(how.labels_in.into_iter().flat_map(|layout| words!["--layout", layout.as_str()]));
        if how.pages == PageChoice::All {
            arguments.extend(words!["--pages", "all"]);
        }
        arguments.extend(words!["--", source, out]);
        self.run(digit_labeler::cli::run, arguments)
    }

    pub(crate) fn csv(&mut self, labelled: &Path, out: &Path, mixed: bool) -> anyhow::Result<()> {
        let mut arguments = self.begin("digit-csv");
        arguments.extend(mixed.then(|| "--mixed".into()));
        arguments.extend(words![labelled, out]);
        self.run(digit_csv::cli::run, arguments)
    }

    pub(crate) fn train(
        &mut self,
        config: &Path,
        data: &Path,
        drawn: Option<&Path>,
        runs: &Path,
    ) -> anyhow::Result<()> {
        let mut arguments = self.begin("mlp-train");
        arguments.extend(words![config, "--data", data, "--out", runs]);
        arguments.extend(drawn.into_iter().flat_map(|drawn| words!["--extra-data", drawn]));
        self.run(mlp_train::cli::run, arguments)
    }

    pub(crate) fn report(&mut self, lang: Lang, runs: &Path, out: &Path) -> anyhow::Result<()> {
        let mut arguments = self.begin("mlp-report");
        arguments.extend(words![runs, "--out", out, "--lang", lang.tag()]);
        self.run(mlp_report::cli::run, arguments)
    }
}
