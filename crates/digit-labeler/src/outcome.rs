//! What a run has done: counts, `sources.csv`, `rejected.csv`, and what the user is told.

use std::collections::BTreeMap;

use digit_image::decode::PageChoice;
use stage_cli::{Console, ExitStatus, Outcome, counted, quoted};
use stage_files::digest::{ListingDigest, hex};
use stage_files::fixes::fixed;
use stage_files::output::FolderWriter;
use stage_files::rejected::Rejected;
use stage_files::sources::{SOURCES_FILE, write_sources};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;

use crate::known::{Done, State};
use crate::plan::Planned;
use crate::request::Request;

/// Writes `sources.csv`: the source of each output.
///
/// # Errors
/// Faults from outside.
pub(crate) fn write_source_list(writer: &FolderWriter, planned: &[Planned], state: &State) -> anyhow::Result<()> {
    let mut written: Vec<&Planned> = written(planned, state).collect();
    written.sort_unstable_by(|a, b| a.name.cmp_path(&b.name));
    let mut file = writer.create(SOURCES_FILE)?;
    write_sources(&mut file, written.iter().map(|planned| (planned.output(), planned.found.name.as_str())))?;
    file.finish()
}

/// The outputs of pictures that have one.
pub(crate) fn outputs<'a>(planned: &'a [Planned], state: &'a State) -> impl Iterator<Item = String> + 'a {
    written(planned, state).map(Planned::output)
}

fn written<'a>(planned: &'a [Planned], state: &'a State) -> impl Iterator<Item = &'a Planned> {
    let is_written = |done: &Option<Done>| done.as_ref().is_some_and(|done| done.made.is_ok());
    planned.iter().zip(state).filter(move |(_, done)| is_written(done)).map(|(planned, _)| planned)
}

/// All inputs without an output, in the order of their names.
pub(crate) fn rejected_of(planned: &[Planned], state: &State, before: &[Rejected]) -> Vec<Rejected> {
    let mut all = before.to_vec();
    all.extend(planned.iter().zip(state).filter_map(|(planned, done)| {
        let reason = done.as_ref()?.made.as_ref().err()?;
        Some(Rejected { source: planned.found.name.clone(), reason: planned.reason(reason) })
    }));
    all.sort();
    all
}

/// Fills in what is known when all pictures are done.
pub(crate) fn complete(
    info: &mut StageInfo,
    request: &Request,
    planned: &[Planned],
    state: &State,
    rejected: &[Rejected],
    passed_over: u64,
) {
    let mut listing = ListingDigest::default();
    // All pages of a file are one input; they stand one after another, in the order of the names.
    let mut at = 0;
    for pages in planned.chunk_by(|page, next| page.found.name == next.found.name) {
        at += pages.len();
        if let Some(done) = &state[at - 1] {
            listing.add(&pages[0].found.name, &done.source.map_or_else(String::new, |source| hex(&source)));
        }
    }
    let (sha256, files) = listing.finish();
    info.inputs = vec![Input { name: base_name(&request.source), sha256, files }];
    let mut count = |key: String, value: u64| {
        info.counts.insert(key, value);
    };
    let mut pictures = 0;
    let mut of_size: BTreeMap<u8, u64> = BTreeMap::new();
    for planned in written(planned, state) {
        pictures += 1;
        *of_size.entry(planned.name.size).or_default() += 1;
    }
    count("pictures".into(), pictures);
    count("rejected".into(), rejected.len() as u64 + planned.len() as u64 - pictures);
    count("passed_over".into(), passed_over);
    let pages_left_out = state.iter().flatten().map(|done| done.pages_left_out).sum();
    if pages_left_out > 0 {
        count("pages_left_out".into(), pages_left_out);
    }
    for (size, pictures) in of_size {
        count(format!("size_{size}"), pictures);
    }
}

/// Names the first few pictures of which pages are left out.
pub(crate) fn warn_of_pages(console: &Console, pages: PageChoice, planned: &[Planned], state: &State) {
    let left_out = planned
        .iter()
        .zip(state)
        .filter_map(|(planned, done)| Some((planned.found.name.as_str(), done.as_ref()?.pages_left_out)));
    let left_out = left_out.filter(|(_, left_out)| *left_out > 0);
    pages.warnings("--pages all --fresh", left_out).iter().for_each(|warning| console.warn(warning));
}

pub(crate) fn report(
    console: &Console,
    request: &Request,
    info: &StageInfo,
    rejected: &[Rejected],
    nothing_to_do: bool,
) -> anyhow::Result<ExitStatus> {
    let of_size = |(key, count): (&String, &u64)| Some(format!("{count} of size {}", key.strip_prefix("size_")?));
    let of_size: Vec<String> = info.counts.iter().filter_map(of_size).collect();
    let mut result = format!("{} labelled", counted(info.counts["pictures"], "picture"));
    if !of_size.is_empty() {
        result += &format!(" ({})", of_size.join(", "));
    }
    if info.counts["passed_over"] > 0 {
        result += &format!(", {} passed over", counted(info.counts["passed_over"], "other file"));
    }
    if let Some(pages) = info.counts.get("pages_left_out") {
        let noun = if *pages == 1 { "page or frame" } else { "pages or frames" };
        result += &format!(", {pages} further {noun} left out");
    }
    if let Some(fixed) = fixed(&info.counts) {
        result += &format!(", {fixed}");
    }
    let outcome = Outcome { folder: &request.out, info, result: &result, nothing_to_do };
    let status = console.outcome(&outcome, rejected)?;
    if info.counts["pictures"] > 0 {
        console.next("csv", "digit-csv", &[&quoted(&request.out), &quoted(&request.out.with_file_name("data"))]);
    }
    Ok(status)
}
