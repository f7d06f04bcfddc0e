//! The `digit-predict` command.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use digit_image::decode::{PageChoice, Pages, pages, parse_pixels};
use rayon::prelude::*;
use stage_cli::{CommonArgs, Console, ExitStatus, Interrupts, Tool};
use stage_files::answer::Answer;

use crate::Predictor;
use crate::calibrate::CalibrateArgs;
use crate::evaluate::EvaluateArgs;
use crate::guarantee::{promise, threshold};
use crate::inputs::{Item, resolve};
use crate::known;
use crate::many::{self, Many};
use crate::output::{Shown, Table, json_line};
use crate::refusal::{Counts, parse_share};
#[cfg(feature = "serve")]
use crate::serve::Serve;

/// Pictures between two checks for signals; their results are printed together.
const CHUNK: usize = 1024;
/// Where the built-in network lies in this repository.
const BUILT_IN_FILE: &str = "crates/digit-model/built-in/drawn.safetensors";
/// Pictures that one thread takes through the network at a time.
const TASK: usize = 64;

/// Say which digits pictures show
#[derive(Parser)]
#[command(
    name = "digit-predict",
    version,
    args_conflicts_with_subcommands = true,
    mut_arg("json", |json| json.help("Print a JSON object a line: path, label, probabilities, confidence, refused, error; with --many also line, place, \
     box")),
    after_help = "\
Example:
  digit-predict scan.png
  digit-predict --model runs/recommended-20x20 scan.png more-scans
  digit-predict --model runs/mine --json --min-confidence 0.5 scans > all.jsonl
  digit-predict evaluate --model runs/mine others
  digit-predict --model runs/mine --many phone-number.png --marked found.png
  digit-predict calibrate --model runs/mine --data held-out/20x20_info.csv
  digit-predict serve --model runs/mine
  find scans -name '*.png' | digit-predict --model runs/mine --files-from -

Without --model the built-in network answers, which was trained on drawn digits. \
Pictures are prepared as the model file says its training pictures were. Folders are searched, their pictures come in \
the order of their names. The confidence, from 0 to 1, says how far a label can be trusted: its probability times the \
probability that the picture shows a digit at all.
Exit codes: 0 done (refused for low confidence is done too), 1 some pictures could not be used, 2 wrong request, \
3 fault from outside, 130/143 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    action: Option<Action>,
    /// Picture files and folders; `-` reads one picture from standard input
    pictures: Vec<PathBuf>,
    /// Run folder of mlp-train, or a model.safetensors [default: the built-in network, for the digits 0-9]
    #[arg(long, value_name = "RUN|FILE")]
    model: Option<PathBuf>,
    /// Give no label below this confidence, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = parse_share)]
    min_confidence: f32,
    /// Give no label below the confidence that `calibrate --error` has found
    #[arg(long)]
    guarantee: bool,
    /// File with a path a line, in addition to PICTURES; `-` for standard input
    #[arg(long, value_name = "LIST")]
    files_from: Option<PathBuf>,
    /// Find and read all digits of each picture, in reading order: a phone number, a meter, a page
    #[arg(long)]
    many: bool,
    /// With --many: PNG file for the picture with boxes and labels
    #[arg(long, value_name = "FILE.png", requires = "many")]
    marked: Option<PathBuf>,
    /// Threads; 0 for one per processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    jobs: usize,
    /// Do not use pictures with more pixels than this; M stands for million
    #[arg(long, value_name = "COUNT", default_value = "100M", value_parser = parse_pixels)]
    max_pixels: u64,
    /// Pages of a TIFF file or frames of an animation: the first, or each with an answer of its own
    #[arg(long, value_name = "first|all", default_value = "first")]
    pages: PageChoice,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand)]
enum Action {
    /// Fit the confidences of a model, or measure from which confidence on at most a share of answers is wrong
    Calibrate(CalibrateArgs),
    /// Measure the accuracy on pictures whose labels are known, with a page of the mistakes
    Evaluate(EvaluateArgs),
    /// Serve a page to draw, collect and teach on, and answer requests of programs
    #[cfg(feature = "serve")]
    Serve(Box<Serve>),
    /// Not in this build
    #[cfg(not(feature = "serve"))]
    #[command(hide = true)]
    Serve {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        _options: Vec<OsString>,
    },
}

impl Tool for Cli {
    fn common(&self) -> &CommonArgs {
        &self.common
    }

    fn run(mut self, console: &Console) -> anyhow::Result<ExitStatus> {
        match &self.action {
            Some(Action::Calibrate(arguments)) => return arguments.run(console),
            Some(Action::Evaluate(arguments)) => return arguments.run(console),
            #[cfg(feature = "serve")]
            Some(Action::Serve(arguments)) => return arguments.run(console),
            #[cfg(not(feature = "serve"))]
            Some(Action::Serve { .. }) => refuse!(
                "this program was built without its server; build it with: cargo build --release -p digit-predict"
            ),
            None => {}
        }
        let predictor = Predictor::load_or_built_in(self.model.as_deref())?.with_max_pixels(self.max_pixels);
        known::say(&predictor, self.model.as_deref(), console);
        // The file of the built-in network in a clone, from which `calibrate` makes one with a guarantee.
        let shown = self.model.as_deref().unwrap_or(Path::new(BUILT_IN_FILE)).display().to_string();
        self.min_confidence = threshold(predictor.guarantee(), self.guarantee, self.min_confidence, &shown)?;
        if let (true, Some(guarantee)) = (self.guarantee, predictor.guarantee()) {
            console.note(format!("digit-predict: answers below are refused: {}", promise(guarantee)));
        }
        self.predict(&predictor, console)
    }
}

impl Cli {
    fn predict(&self, predictor: &Predictor, console: &Console) -> anyhow::Result<ExitStatus> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build()?;
        let found = resolve(&self.pictures, self.files_from.as_deref())?;
        if self.many {
            let (pages, max_pixels, min_confidence) = (self.pages, self.max_pixels, self.min_confidence);
            let many = Many { found: &found, pages, max_pixels, min_confidence, marked: self.marked.as_deref() };
            return pool.install(|| many::run(&many, predictor, console));
        }
        // Until here there is nothing to end in good order, and a signal ends the process at once.
        let interrupts = Interrupts::listen()?;
        let table = Table::new(found.items.iter().map(|item| item.path.as_str()), self.pages == PageChoice::All);
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        if !console.is_json() {
            writeln!(stdout, "{}", table.header())?;
        }
        let mut counts = Counts::default();
        // On a terminal the answers are the progress.
        let progress = (!std::io::stdout().is_terminal()).then(|| console.progress("predicting", found.items.len()));
        for chunk in found.items.chunks(CHUNK) {
            if let Some(status) = interrupts.pending() {
                stdout.flush()?;
                return Ok(status);
            }
            let answers: anyhow::Result<Vec<Vec<(Shown<'_>, Answer)>>> =
                pool.install(|| chunk.par_chunks(TASK).map(|items| self.answers(predictor, items, console)).collect());
            for (shown, answer) in answers?.iter().flatten() {
                counts.add(answer);
                if console.is_json() {
                    writeln!(stdout, "{}", json_line(shown, answer, predictor.labels())?)?;
                } else {
                    writeln!(stdout, "{}", table.line(shown, answer, predictor.labels()))?;
                }
            }
            // Whoever reads along has whole chunks.
            stdout.flush()?;
            progress.iter().for_each(|progress| progress.add(chunk.len() as u64));
        }
        drop(progress);
        console.note(counts.sentence(self.min_confidence, found.passed_over));
        Ok(if counts.unusable == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected })
    }

    /// The results for some pictures, in their order. The usable ones go through the network together.
    fn answers<'a>(
        &self,
        predictor: &Predictor,
        items: &'a [Item],
        console: &Console,
    ) -> anyhow::Result<Vec<(Shown<'a>, Answer)>> {
        let mut pixels = Vec::new();
        let mut read: Vec<(Shown<'a>, Result<(), String>)> = Vec::new();
        for item in items {
            let bytes = item.read();
            let in_file = bytes.as_ref().map_or(Pages { all: 1, readable: 1 }, |bytes| pages(bytes));
            let taken = self.pages.taken(in_file);
            let left_out = (in_file.all - taken) as u64;
            let mut is_read = false;
            for page in 0..taken {
                let prepare =
                    |bytes: &Vec<u8>| predictor.prepare_page(bytes, page).map_err(|error| format!("{error:#}"));
                let prepared = bytes.as_ref().map_err(String::clone).and_then(prepare);
                is_read |= prepared.is_ok();
                let page = (self.pages == PageChoice::All).then_some(page + 1);
                read.push((Shown { path: &item.path, page }, prepared.map(|prepared| pixels.extend(prepared))));
            }
            if is_read && left_out > 0 {
                self.pages
                    .warnings("--pages all", [(item.path.as_str(), left_out)])
                    .iter()
                    .for_each(|warning| console.warn(warning));
            }
        }
        let mut predictions = predictor.predict_pixels(&pixels)?.into_iter();
        let mut answer = |read: Result<(), String>| -> anyhow::Result<Answer> {
            if let Err(reason) = read {
                return Ok(Answer::Unusable(reason));
            }
            let prediction = predictions.next().context("one row of pixels gives one prediction")?;
            Ok(Answer::of(prediction, self.min_confidence))
        };
        read.into_iter().map(|(shown, read)| Ok((shown, answer(read)?))).collect()
    }
}

/// What the command accepts, for a program that has several commands.
pub fn command() -> clap::Command {
    stage_cli::command::<Cli>()
}

/// The whole of the command on given arguments, the first being the program name; can be called repeatedly.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    stage_cli::run::<Cli>(arguments)
}

/// The whole of the command's `main`.
pub fn main() -> ExitCode {
    stage_cli::main::<Cli>()
}
