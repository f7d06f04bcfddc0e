//! Labels a folder of source pictures. A second run does only what changed.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use digit_image::decode::{DecodeError, PageChoice};
use digit_image::look::look;
use digit_image::reader::{PictureReader, Unread};
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts, Outcome as StageOutcome, counted, quoted};
use stage_files::cache::{Cache, Outcome, Remembered};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::fixes::{Fixes, fixed};
use stage_files::is_fault_of_system;
use stage_files::labelled::LabelledPicture;
use stage_files::output::{FolderWriter, Layout, OutputFolder};
use stage_files::picture::Canvas;
use stage_files::picture_name::PictureName;
use stage_files::rejected::{REJECTED_FILE, Rejected};
use stage_files::sources::{SOURCES_FILE, sources_csv};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_files::walk::{PictureFile, Walk, walk};
use stage_files::{refuse, regular_file};

use crate::explain::explain;
use crate::known::what_is_known;
use crate::memory;
use crate::plan::{Plan, Planned, plan, source_of};
use crate::request::{MAX_FILE_BYTES, Request};

/// Pictures between two checks for signals.
const CHUNK: usize = 256;
/// Which files this stage writes: `{size}/{label}_{size}_{id}.png` and `sources.csv`.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

/// One picture after the work: the digest of its source, and the result.
struct Made {
    sha256: String,
    outcome: Outcome,
    /// The file, unless it existed already.
    bytes: Option<Vec<u8>>,
    pages_left_out: u64,
}

impl Made {
    fn rejected(sha256: String, reason: impl Into<String>) -> Self {
        Self { sha256, outcome: Outcome::Rejected(reason.into()), bytes: None, pages_left_out: 0 }
    }
}

fn is_own(name: &str) -> bool {
    if name == SOURCES_FILE {
        return true;
    }
    let Some((size, picture)) = name.split_once('/') else { return false };
    let is_picture = |stem| PictureName::parse_stem(stem).is_ok_and(|name| name.size.to_string() == size);
    size.parse::<u8>().is_ok() && (picture.is_empty() || picture.strip_suffix(".png").is_some_and(is_picture))
}

/// Does the work.
///
/// # Errors
/// Refusals (source missing, empty or a later stage's, output folder foreign or overlapping the source) and faults from
/// outside.
pub fn run(request: &Request, console: &Console) -> anyhow::Result<ExitStatus> {
    check_source(&request.source)?;
    let mut fixes = read_fixes(request)?;
    let mut info = stage_info(request, fixes.as_ref())?;
    let inputs: Vec<&Path> =
        [Some(&request.source), request.fixes.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    let folder = OutputFolder::new(&request.out, LAYOUT, info.clone(), &inputs, request.reuse)?;
    let folder = folder.with_durability(request.durability);
    let reader = match PictureReader::new(&request.picture) {
        Ok(reader) => reader,
        Err(reason) => refuse!("preprocessing: {reason}"),
    };
    let found = find(&request.source)?;
    // Until here there is nothing to end in good order, and a signal ends the process at once.
    let interrupts = Interrupts::listen()?;
    let mut rejected = found.rejected;
    memory::keep_freed();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build()?;
    let pictures = pool.install(|| with_page_counts(found.pictures, request.pages));
    let (labels, size, labels_in) = (&request.labels, request.size, request.labels_in);
    let Plan { pictures: planned, remarks } =
        plan(pictures, labels, size, labels_in, request.shard, fixes.as_mut(), &mut rejected);
    if let Some(fixes) = &fixes {
        fixes.unused().iter().for_each(|unused| console.warn(unused));
        let (dropped, relabelled) = fixes.counts();
        info.counts.extend([("dropped".into(), dropped), ("relabelled".into(), relabelled)]);
    }
    for remark in remarks.about_names(request.size).into_iter().chain(remarks.outside(&request.labels)) {
        console.warn(remark);
    }
    if let Some(explained) = &request.explain {
        pool.install(|| explain(&planned, &reader, request, explained))?;
    }
    if request.strict && console.refuses_strictly(&pool.install(|| unfit(request, &reader, &planned, &rejected))) {
        return Ok(ExitStatus::SomeRejected);
    }
    let key = format!("{} {} {} {}", info.tool, info.version, info.settings, info.labels);
    let mut cache = if request.reuse.fresh { Cache::empty(&key) } else { Cache::read(&request.out, &key) };
    let standing = folder.standing();
    let known = std::mem::take(&mut cache.inputs);
    let (mut state, todo) = what_is_known(&standing, &planned, known, &pool);
    if todo.is_empty() && standing.has(REJECTED_FILE) && standing.has(SOURCES_FILE) {
        complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
        let seen: HashSet<&str> = outputs(&state).collect();
        if folder.up_to_date_beside(&standing, |name| seen.contains(name), |done| *done == info)?.is_some() {
            return report(console, request, &info, &[], true);
        }
    }
    let writer = folder.begin()?;
    outputs(&state).for_each(|output| writer.keep(output));
    let progress = console.progress("labelling", todo.len());
    for chunk in todo.chunks(CHUNK) {
        if let Some(status) = interrupts.pending() {
            cache.inputs = state;
            cache.write(&request.out)?;
            drop(progress);
            return Ok(console.interrupted(status, request.reuse));
        }
        let made: anyhow::Result<Vec<(String, Remembered)>> = pool.install(|| {
            let one = |&at: &usize| {
                let made = do_one(request, &reader, &planned[at], &writer);
                progress.add(1);
                made
            };
            chunk.par_iter().map(one).collect()
        });
        state.extend(made?);
    }
    drop(progress);
    complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
    warn_of_pages(console, request.pages, &state);
    let mut all_rejected = rejected_of(&planned, &state, &rejected);
    writer.write_rejected(&all_rejected)?;
    writer.write(SOURCES_FILE, &sources(&state)?)?;
    all_rejected.retain(|rejected| !remarks.counts(&request.labels, &rejected.reason));
    // The memory first: were the run killed here, the next one finds all done and finishes it.
    cache.inputs = state;
    cache.write(&request.out)?;
    console.altered(&request.out, &writer.finish(&info)?);
    report(console, request, &info, &all_rejected, false)
}

pub(crate) fn find(source: &Path) -> anyhow::Result<Walk> {
    let found = walk(source, look)?;
    if found.pictures.is_empty() && found.rejected.is_empty() {
        refuse!(
            "{}: expected pictures, found none ({}); give the folder that holds them",
            source.display(),
            counted(found.passed_over, "other file")
        );
    }
    Ok(found)
}

/// Each picture with the number of its pages that are taken. A file that cannot be read has one page, and is rejected
/// with its reason later.
pub(crate) fn with_page_counts(pictures: Vec<PictureFile>, pages: PageChoice) -> Vec<(PictureFile, usize)> {
    if pages == PageChoice::First {
        return pictures.into_iter().map(|found| (found, 1)).collect();
    }
    let count = |found: PictureFile| {
        let bytes = regular_file::read(&found.path, MAX_FILE_BYTES).unwrap_or_default();
        (found, pages.taken(digit_image::decode::pages(&bytes)))
    };
    pictures.into_par_iter().map(count).collect()
}

pub(crate) fn check_source(source: &Path) -> anyhow::Result<()> {
    match std::fs::metadata(source) {
        Ok(metadata) if metadata.is_dir() => StageInfo::refuse_later_stage(source, &["digit-source", "digit-form"]),
        Ok(_) => refuse!("{}: expected a folder of pictures, found a file; give its folder", source.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refuse!("{}: expected a folder of pictures, found nothing; check the path", source.display())
        }
        Err(error) => Err(anyhow::Error::from(error).context(source.display().to_string())),
    }
}

fn read_fixes(request: &Request) -> anyhow::Result<Option<Fixes>> {
    let Some(path) = &request.fixes else { return Ok(None) };
    if request.shard.is_some() {
        // A picture with another label needs a name that no picture of another shard has.
        refuse!("--fixes needs all pictures and --shard gives a part of them; take one of the two away");
    }
    Fixes::read(path).map(Some)
}

fn stage_info(request: &Request, fixes: Option<&Fixes>) -> anyhow::Result<StageInfo> {
    let mut settings = serde_json::json!({
        "alpha": request.picture.alpha,
        "canvas": request.picture.canvas.to_string(),
        "max_pixels": request.max_pixels,
        "preprocess": request.picture.preprocess,
        "size": request.size,
    });
    if let Some(layout) = request.labels_in {
        settings["layout"] = layout.as_str().into();
    }
    if let Some(shard) = request.shard {
        settings["shard"] = shard.to_string().into();
    }
    if let Some(fixes) = fixes {
        settings["fixes"] = fixes.sha256.clone().into();
    }
    if request.pages == PageChoice::All {
        settings["pages"] = "all".into();
    }
    let mut info = StageInfo::new("digit-labeler", env!("CARGO_PKG_VERSION"), settings, request.labels.clone());
    info.picture = Some(request.picture.clone());
    match StageInfo::read(&request.source) {
        Ok(before) => info.earlier = before.map_or_else(Vec::new, |before| before.lineage()),
        Err(error) if is_fault_of_system(&error) => return Err(error),
        // A `stage.json` that is none of ours is no concern of this stage.
        Err(_) => {}
    }
    Ok(info)
}

/// All inputs that would be rejected, in the order of their names.
fn unfit(request: &Request, reader: &PictureReader, planned: &[Planned], rejected: &[Rejected]) -> Vec<Rejected> {
    let tried = planned.par_iter().filter_map(|planned| try_out(request, reader, planned));
    let mut unfit: Vec<Rejected> = tried.chain(rejected.par_iter().cloned()).collect();
    unfit.sort();
    unfit
}

/// `sources.csv`: the source of each output.
fn sources(state: &BTreeMap<String, Remembered>) -> anyhow::Result<Vec<u8>> {
    let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(state.len());
    for (key, remembered) in state {
        if let Outcome::Written { output } = &remembered.outcome {
            pairs.push((output, source_of(key)));
        }
    }
    pairs.sort_unstable();
    sources_csv(pairs)
}

/// The outputs of pictures that have one.
fn outputs(state: &BTreeMap<String, Remembered>) -> impl Iterator<Item = &str> {
    state.values().filter_map(|remembered| match &remembered.outcome {
        Outcome::Written { output } => Some(output.as_str()),
        Outcome::Rejected(_) => None,
    })
}

fn try_out(request: &Request, reader: &PictureReader, planned: &Planned) -> Option<Rejected> {
    match make(request, reader, planned).outcome {
        Outcome::Rejected(reason) => {
            Some(Rejected { source: planned.found.name.clone(), reason: planned.reason(&reason) })
        }
        Outcome::Written { .. } => None,
    }
}

fn do_one(
    request: &Request,
    reader: &PictureReader,
    planned: &Planned,
    writer: &FolderWriter,
) -> anyhow::Result<(String, Remembered)> {
    let made = make(request, reader, planned);
    if let (Outcome::Written { output }, Some(bytes)) = (&made.outcome, &made.bytes) {
        writer.write(output, bytes)?;
    }
    let found = &planned.found;
    let remembered = Remembered {
        size_bytes: found.size_bytes,
        modified_ns: found.modified_ns,
        sha256: made.sha256,
        outcome: made.outcome,
        pages_left_out: made.pages_left_out,
    };
    Ok((planned.key(), remembered))
}

/// Reads, decodes and shrinks one picture. A fault becomes the reason of its rejection.
fn make(request: &Request, reader: &PictureReader, planned: &Planned) -> Made {
    let bytes = match regular_file::read(&planned.found.path, MAX_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(reason) => return Made::rejected(String::new(), reason.to_string()),
    };
    let sha256 = sha256_hex(&bytes);
    if is_labelled(&bytes, request.picture.canvas, planned.name.label) {
        let reason = "is a labelled picture already, with its label in row 0; give the picture that it was made from";
        return Made::rejected(sha256, reason);
    }
    let canvas = request.picture.canvas;
    let small = reader.read_page(&bytes, planned.page, request.max_pixels).map_err(|error| match error {
        // The limit is one of the folder's settings.
        Unread::Decode(DecodeError::TooManyPixels { .. }) => format!("{error} --fresh"),
        _ => error.to_string(),
    });
    let pages = digit_image::decode::pages(&bytes);
    let pages_left_out = if planned.page == 0 { pages.all - request.pages.taken(pages) } else { 0 } as u64;
    drop(bytes);
    let encoded = small.and_then(|small| {
        let (label, size) = (planned.name.label, planned.name.size);
        let labelled = LabelledPicture { label, size, canvas, pixels: small.pixels };
        labelled.encode().map_err(|error| format!("{error:#}"))
    });
    match encoded {
        Ok(png) => {
            let outcome = Outcome::Written { output: planned.output.clone() };
            Made { sha256, outcome, bytes: Some(png), pages_left_out }
        }
        Err(reason) => Made::rejected(sha256, reason),
    }
}

/// Whether a picture is the output of this stage for a label and canvas: the right size, and a label row that says so.
fn is_labelled(bytes: &[u8], canvas: Canvas, label: u8) -> bool {
    // Width and height stand at this place of a PNG; only pictures of this size are worth decoding twice.
    let size = [canvas.width_px, canvas.height_px + 1].map(u32::to_be_bytes);
    bytes.get(16..24) == Some(size.as_flattened())
        && LabelledPicture::decode(bytes).is_ok_and(|there| there.label == label)
}

fn rejected_of(planned: &[Planned], state: &BTreeMap<String, Remembered>, before: &[Rejected]) -> Vec<Rejected> {
    let mut all = before.to_vec();
    all.extend(planned.iter().filter_map(|planned| match &state.get(&planned.key())?.outcome {
        Outcome::Rejected(reason) => {
            Some(Rejected { source: planned.found.name.clone(), reason: planned.reason(reason) })
        }
        Outcome::Written { .. } => None,
    }));
    all.sort();
    all
}

/// Fills in what is known when all pictures are done.
fn complete(
    info: &mut StageInfo,
    request: &Request,
    planned: &[Planned],
    state: &BTreeMap<String, Remembered>,
    rejected: &[Rejected],
    passed_over: u64,
) {
    let mut listing = ListingDigest::default();
    // All pages of a file are one input; they stand one after another, in the order of the names.
    for pages in planned.chunk_by(|page, next| page.found.name == next.found.name) {
        if let Some(known) = pages.last().and_then(|page| state.get(&page.key())) {
            listing.add(&pages[0].found.name, &known.sha256);
        }
    }
    let (sha256, files) = listing.finish();
    info.inputs = vec![Input { name: base_name(&request.source), sha256, files }];
    let mut count = |key: String, value: u64| {
        info.counts.insert(key, value);
    };
    let mut pictures = 0;
    let mut of_size: BTreeMap<u8, u64> = BTreeMap::new();
    for planned in planned {
        if let Some(Remembered { outcome: Outcome::Written { .. }, .. }) = state.get(&planned.key()) {
            pictures += 1;
            *of_size.entry(planned.name.size).or_default() += 1;
        }
    }
    count("pictures".into(), pictures);
    count("rejected".into(), rejected.len() as u64 + planned.len() as u64 - pictures);
    count("passed_over".into(), passed_over);
    let pages_left_out = state.values().map(|remembered| remembered.pages_left_out).sum();
    if pages_left_out > 0 {
        count("pages_left_out".into(), pages_left_out);
    }
    for (size, pictures) in of_size {
        count(format!("size_{size}"), pictures);
    }
}

/// Names the first few pictures of which pages are left out.
fn warn_of_pages(console: &Console, pages: PageChoice, state: &BTreeMap<String, Remembered>) {
    let left_out = state.iter().map(|(name, remembered)| (name.as_str(), remembered.pages_left_out));
    let left_out = left_out.filter(|(_, left_out)| *left_out > 0);
    pages.warnings("--pages all --fresh", left_out).iter().for_each(|warning| console.warn(warning));
}

fn report(
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
    let outcome = StageOutcome { folder: &request.out, info, result: &result, nothing_to_do };
    let status = console.outcome(&outcome, rejected)?;
    if info.counts["pictures"] > 0 {
        console.next("csv", "digit-csv", &[&quoted(&request.out), &quoted(&request.out.with_file_name("data"))]);
    }
    Ok(status)
}
