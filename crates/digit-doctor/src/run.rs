//! From the input to `findings.csv` and the page.

use std::path::{Path, PathBuf};

use serde_json::json;
use stage_cli::{Console, ExitStatus, Interrupts, Outcome, counted};
use stage_files::output::{Layout, OutputFolder, Reuse};
use stage_files::rejected::read_rejected;
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_page::Lang;

use crate::examine::examine;
use crate::finding::{Findings, Kind};
use crate::findings_csv::{FINDINGS_FILE, findings_csv};
use crate::input::{self, How, Read};
use crate::page::{PAGE_FILE, RejectedPictures, page};

/// Which files this stage writes.
const LAYOUT: Layout = Layout { owns: |name| name == FINDINGS_FILE || name == PAGE_FILE, private: &[] };

/// The language of the page among the settings.
const LANG_KEY: &str = "lang";

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) input: PathBuf,
    pub(crate) out: PathBuf,
    pub(crate) how: How,
    /// Findings of each kind on the page; `findings.csv` has all.
    pub(crate) shown: usize,
    /// Language of the page.
    pub(crate) lang: Lang,
    /// Threads; 0 for one per processor.
    pub(crate) jobs: usize,
    pub(crate) reuse: Reuse,
}

/// Does the work.
///
/// # Errors
/// Refusals about the input and the folder to write; faults from outside.
pub(crate) fn run(request: &Request, console: &Console) -> anyhow::Result<ExitStatus> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build()?;
    let interrupts = Interrupts::listen()?;
    let read = pool.install(|| input::read(&request.input, &request.how, console, &interrupts))?;
    let read = match read {
        Ok(read) => read,
        Err(status) => return Ok(console.interrupted(status, request.reuse)),
    };
    let mut info = stage_info(request, &read);
    let inputs: Vec<&Path> = [Some(&request.input), request.how.test.as_ref(), request.how.config.as_ref()]
        .into_iter()
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    let reuse = request.reuse.but_for(LANG_KEY, &request.out, &info);
    let folder = OutputFolder::new(&request.out, LAYOUT, info.clone(), &inputs, reuse)?;
    let is_same = |done: &StageInfo| (&done.inputs, &done.earlier) == (&info.inputs, &info.earlier);
    if let Some(done) = folder.up_to_date(is_same)?
        && read_rejected(&request.out).is_ok_and(|there| there == read.rejected)
    {
        return report(request, &done, &[], true, console);
    }
    let is_stopped = || interrupts.pending().is_some();
    let findings = pool.install(|| examine(&read.pictures, &is_stopped))?;
    if let Some(status) = interrupts.pending() {
        return Ok(console.interrupted(status, request.reuse));
    }
    count(&mut info, &read, &findings);
    let writer = folder.begin()?;
    writer.write(FINDINGS_FILE, &findings_csv(&read.pictures, &findings)?)?;
    let sources = read.is_source.then_some(request.input.as_path());
    let rejected = RejectedPictures::of(&read.rejected, sources, request.shown);
    let digest = &info.inputs[0].sha256;
    let page = page(&read.pictures, &findings, &rejected, request.shown, digest, request.lang);
    writer.write(PAGE_FILE, page.as_bytes())?;
    writer.write_rejected(&read.rejected)?;
    console.altered(&request.out, &writer.finish(&info)?);
    report(request, &info, &read.rejected, false, console)
}

fn stage_info(request: &Request, read: &Read) -> StageInfo {
    let mut settings = json!({ "shown": request.shown });
    if read.is_source {
        settings["size"] = request.how.size.into();
        settings["layout"] = request.how.labels_in.map(digit_labeler::LabelsIn::as_str).into();
    }
    // English is no setting: folders of versions that knew nothing else are up to date.
    if request.lang != Lang::En {
        settings[LANG_KEY] = request.lang.tag().into();
    }
    if let Some(test) = &request.how.test {
        settings["test"] = base_name(test).into();
    }
    let mut info = StageInfo::new("digit-doctor", env!("CARGO_PKG_VERSION"), settings, read.pictures.labels.clone());
    let (sha256, files) = read.pictures.digest();
    info.inputs = vec![Input { name: read.pictures.name.clone(), sha256, files }];
    info.picture.clone_from(&read.pictures.settings);
    info.earlier.clone_from(&read.earlier);
    info
}

fn count(info: &mut StageInfo, read: &Read, findings: &Findings) {
    info.counts.insert("pictures".into(), read.pictures.own as u64);
    info.counts.insert("rejected".into(), read.rejected.len() as u64);
    for kind in Kind::ALL {
        info.counts.insert(kind.word().into(), findings.of_kind(kind).count() as u64);
    }
}

fn report(
    request: &Request,
    info: &StageInfo,
    rejected: &[stage_files::rejected::Rejected],
    nothing_to_do: bool,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    let counts = |key: &str| info.counts.get(key).copied().unwrap_or_default();
    let found: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| counts(kind.word()) > 0)
        .map(|kind| format!("{} {}", counts(kind.word()), kind.word().replace('_', " ")))
        .collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    let pictures = counted(counts("pictures"), "picture");
    let result = format!("{pictures}: {found}; see {}", request.out.join(PAGE_FILE).display());
    console.outcome(&Outcome { folder: &request.out, info, result: &result, nothing_to_do }, rejected)
}
