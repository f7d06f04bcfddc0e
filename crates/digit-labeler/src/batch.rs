//! A folder of source pictures to a folder of labelled pictures: only what changed is done again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts};
use stage_files::atomic::{self, Durability};
use stage_files::cache::{Cache, Outcome, Remembered};
use stage_files::digest::{ListingDigest, sha256_hex};
use stage_files::labelled::LabelledPicture;
use stage_files::labels::LabelSet;
use stage_files::lock::FolderLock;
use stage_files::picture::PictureSettings;
use stage_files::refuse;
use stage_files::rejected::{REJECTED_FILE, Rejected, write_rejected};
use stage_files::stage::{Input, StageInfo};
use stage_files::text_name::base_name;
use stage_files::tree::plain;

use crate::explain::explain;
use crate::plan::{Planned, Shard, plan};
use crate::reader::PictureReader;
use crate::walk::walk;

/// Pictures done between two looks at the signals.
const CHUNK: usize = 256;
/// Larger files are not read: no picture within the pixel limit needs as much.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Rejected inputs named at the end of a run.
const SHOWN: usize = 5;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Folder of source pictures.
    pub source: PathBuf,
    /// Folder to write.
    pub out: PathBuf,
    /// Canvas, alpha rule and preprocessing.
    pub picture: PictureSettings,
    /// Labels to keep.
    pub labels: LabelSet,
    /// Nominal size for pictures in class folders.
    pub size: Option<u8>,
    /// Only a part of the pictures.
    pub shard: Option<Shard>,
    /// Do nothing if any input is unfit.
    pub strict: bool,
    /// Flush each file to the disk.
    pub durability: Durability,
    /// Threads; 0 for as many as there are processors.
    pub jobs: usize,
    /// Pictures with more pixels are rejected.
    pub max_pixels: u64,
    /// Folder for what each step made of a few pictures.
    pub explain: Option<PathBuf>,
}

/// One picture after the work: the digest of its source and what became of it.
struct Made {
    sha256: String,
    outcome: Outcome,
    /// The file, unless it was there already.
    bytes: Option<Vec<u8>>,
}

/// Does the work.
///
/// # Errors
/// Refusals (source missing or empty, output folder foreign or inside the source) and faults from outside.
pub fn run(request: &Request, console: &Console) -> anyhow::Result<ExitStatus> {
    check_folders(&request.source, &request.out)?;
    if let Some(folder) = &request.explain {
        check_folders(&request.source, folder)?;
    }
    let reader = match PictureReader::new(&request.picture) {
        Ok(reader) => reader,
        Err(reason) => refuse!("preprocessing: {reason}"),
    };
    let found = walk(&request.source)?;
    // Until here there is nothing to end in good order, and a signal ends the process at once.
    let interrupts = Interrupts::listen()?;
    if found.pictures.is_empty() && found.rejected.is_empty() {
        refuse!(
            "{}: expected pictures, found none ({} other files); give the folder that holds them",
            request.source.display(),
            found.passed_over
        );
    }
    let mut rejected = found.rejected;
    let planned = plan(found.pictures, &request.labels, request.size, request.shard, &mut rejected);
    let mut info = stage_info(request);
    info.refuse_foreign(&request.out)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build()?;
    if let Some(folder) = &request.explain {
        pool.install(|| explain(&planned, &reader, request.max_pixels, folder))?;
    }
    if request.strict {
        let mut unfit = rejected.clone();
        unfit.extend(
            pool.install(|| planned.par_iter().filter_map(|p| try_out(request, &reader, p)).collect::<Vec<_>>()),
        );
        unfit.sort();
        if !unfit.is_empty() {
            for Rejected { source, reason } in &unfit {
                console.warn(format!("{source}: {reason}"));
            }
            console.warn(format!("{} inputs are unfit and --strict was given: nothing was written", unfit.len()));
            return Ok(ExitStatus::SomeRejected);
        }
    }
    let _lock = FolderLock::take(&request.out)?;
    info.refuse_foreign(&request.out)?;
    let key = format!("{} {} {} {}", info.tool, info.version, info.settings, info.labels);
    let mut cache = Cache::read(&request.out, &key);
    let (mut state, todo) = what_is_known(request, &planned, &cache, &pool);
    let wanted: BTreeSet<String> = planned.iter().map(|p| p.output.clone()).collect();
    let stale = cache.outputs.iter().any(|output| !wanted.contains(output));
    if todo.is_empty() && !stale && request.out.join(REJECTED_FILE).is_file() {
        complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
        if StageInfo::read(&request.out).ok().flatten().as_ref() == Some(&info) {
            let (pictures, unfit) = (info.counts["pictures"], info.counts["rejected"]);
            console.summary(
                format!("digit-labeler: nothing to do: {pictures} pictures are up to date, {unfit} rejected"),
                &info.counts,
            )?;
            return Ok(if unfit == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected });
        }
    }
    stage_info(request).begin(&request.out)?;
    cache.outputs.extend(wanted.iter().cloned());
    cache.inputs.clone_from(&state);
    cache.write(&request.out)?;
    make_folders(&request.out, &planned)?;
    let bar = progress(console, todo.len());
    for chunk in todo.chunks(CHUNK) {
        if let Some(status) = interrupts.pending() {
            cache.inputs.clone_from(&state);
            cache.write(&request.out)?;
            console.warn("interrupted; what is done is kept, run the same command again to go on");
            return Ok(status);
        }
        let made: anyhow::Result<Vec<(String, Remembered)>> =
            pool.install(|| chunk.par_iter().map(|&at| do_one(request, &reader, &planned[at])).collect());
        state.extend(made?);
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
    let all_rejected = rejected_of(&planned, &state, &rejected);
    let written = outputs_of(&state);
    remove_stale(&request.out, &cache.outputs, &written)?;
    write_rejected(&request.out, &all_rejected, request.durability)?;
    // The memory first: were the run killed here, the next one finds all done and finishes it.
    cache.inputs = state;
    cache.outputs = wanted;
    cache.write(&request.out)?;
    info.finish(&request.out)?;
    report(console, request, &info, &all_rejected)
}

fn check_folders(source: &Path, out: &Path) -> anyhow::Result<()> {
    match std::fs::metadata(source) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => refuse!("{}: expected a folder of pictures, found a file; give its folder", source.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refuse!("{}: expected a folder of pictures, found nothing; check the path", source.display())
        }
        Err(error) => anyhow::bail!("{}: {error}", source.display()),
    }
    // The output folder may not be there yet: its nearest ancestor that is tells where it will lie.
    let absolute = std::path::absolute(out)?;
    let there = absolute.ancestors().find_map(|folder| folder.canonicalize().ok());
    if there.is_some_and(|there| there.starts_with(source.canonicalize().unwrap_or_default())) {
        refuse!("{} lies inside the source folder {}; write to a folder outside it", out.display(), source.display());
    }
    Ok(())
}

fn stage_info(request: &Request) -> StageInfo {
    let mut settings = serde_json::json!({
        "alpha": request.picture.alpha,
        "canvas": request.picture.canvas.to_string(),
        "max_pixels": request.max_pixels,
        "preprocess": request.picture.preprocess,
        "size": request.size,
    });
    if let (Some(shard), Some(object)) = (request.shard, settings.as_object_mut()) {
        object.insert("shard".into(), shard.to_string().into());
    }
    let mut info = StageInfo::new("digit-labeler", env!("CARGO_PKG_VERSION"), settings, request.labels.clone());
    info.picture = Some(request.picture.clone());
    // A `stage.json` that is none of ours is no concern of this stage.
    if let Ok(Some(before)) = StageInfo::read(&request.source) {
        info.earlier = before.lineage();
    }
    info
}

/// Divides the pictures into those whose output stands unchanged and those that are to be done (positions).
fn what_is_known(
    request: &Request,
    planned: &[Planned],
    cache: &Cache,
    pool: &rayon::ThreadPool,
) -> (BTreeMap<String, Remembered>, Vec<usize>) {
    let known: Vec<Option<Remembered>> =
        pool.install(|| planned.par_iter().map(|p| known(request, p, cache)).collect());
    let mut state = BTreeMap::new();
    let mut todo = Vec::new();
    for (at, (planned, known)) in planned.iter().zip(known).enumerate() {
        match known {
            Some(known) => {
                state.insert(planned.found.name.clone(), known);
            }
            None => todo.push(at),
        }
    }
    (state, todo)
}

fn known(request: &Request, planned: &Planned, cache: &Cache) -> Option<Remembered> {
    let mut known = cache.inputs.get(&planned.found.name)?.clone();
    if known.size_bytes != planned.found.size_bytes {
        return None;
    }
    if known.modified_ns != planned.found.modified_ns || known.modified_ns == 0 {
        let bytes = fs_err::read(&planned.found.path).ok()?;
        if sha256_hex(&bytes) != known.sha256 {
            return None;
        }
        known.modified_ns = planned.found.modified_ns;
    }
    match &known.outcome {
        Outcome::Written { output, bytes } => {
            let there = std::fs::metadata(request.out.join(output)).ok()?;
            (*output == planned.output && there.is_file() && there.len() == *bytes).then_some(known)
        }
        // What could not be read at all may be readable now.
        Outcome::Rejected(_) => (!known.sha256.is_empty()).then_some(known),
    }
}

fn try_out(request: &Request, reader: &PictureReader, planned: &Planned) -> Option<Rejected> {
    match make(request, reader, planned).outcome {
        Outcome::Rejected(reason) => Some(Rejected { source: planned.found.name.clone(), reason }),
        Outcome::Written { .. } => None,
    }
}

fn do_one(request: &Request, reader: &PictureReader, planned: &Planned) -> anyhow::Result<(String, Remembered)> {
    let made = make(request, reader, planned);
    if let (Outcome::Written { output, .. }, Some(bytes)) = (&made.outcome, &made.bytes) {
        atomic::write(&request.out.join(output), bytes, request.durability)?;
    }
    let found = &planned.found;
    let remembered = Remembered {
        size_bytes: found.size_bytes,
        modified_ns: found.modified_ns,
        sha256: made.sha256,
        outcome: made.outcome,
    };
    Ok((found.name.clone(), remembered))
}

/// Reads, decodes and shrinks one picture. Whatever is wrong with it becomes the reason of its rejection.
fn make(request: &Request, reader: &PictureReader, planned: &Planned) -> Made {
    let unread = |reason: String| Made { sha256: String::new(), outcome: Outcome::Rejected(reason), bytes: None };
    if planned.found.size_bytes > MAX_FILE_BYTES {
        return unread(format!(
            "the file has {} bytes, more than {MAX_FILE_BYTES}; shrink the picture",
            planned.found.size_bytes
        ));
    }
    let bytes = match std::fs::read(&planned.found.path) {
        Ok(bytes) => bytes,
        Err(error) => return unread(format!("cannot be read: {}; check its permissions", plain(&error))),
    };
    let sha256 = sha256_hex(&bytes);
    let canvas = request.picture.canvas;
    let small = reader.read(&bytes, request.max_pixels).map_err(|error| error.to_string());
    drop(bytes);
    let encoded = small.and_then(|small| {
        let (label, size) = (planned.name.label, planned.name.size);
        LabelledPicture { label, size, canvas, pixels: small.pixels }.encode().map_err(|error| format!("{error:#}"))
    });
    match encoded {
        Ok(png) => {
            let outcome = Outcome::Written { output: planned.output.clone(), bytes: png.len() as u64 };
            Made { sha256, outcome, bytes: Some(png) }
        }
        Err(reason) => Made { sha256, outcome: Outcome::Rejected(reason), bytes: None },
    }
}

fn rejected_of(planned: &[Planned], state: &BTreeMap<String, Remembered>, before: &[Rejected]) -> Vec<Rejected> {
    let mut all = before.to_vec();
    all.extend(planned.iter().filter_map(|planned| match &state.get(&planned.found.name)?.outcome {
        Outcome::Rejected(reason) => Some(Rejected { source: planned.found.name.clone(), reason: reason.clone() }),
        Outcome::Written { .. } => None,
    }));
    all.sort();
    all
}

fn outputs_of(state: &BTreeMap<String, Remembered>) -> BTreeSet<String> {
    let outputs = state.values().filter_map(|remembered| match &remembered.outcome {
        Outcome::Written { output, .. } => Some(output.clone()),
        Outcome::Rejected(_) => None,
    });
    outputs.collect()
}

/// Fills in what is known only when all pictures are done.
fn complete(
    info: &mut StageInfo,
    request: &Request,
    planned: &[Planned],
    state: &BTreeMap<String, Remembered>,
    rejected: &[Rejected],
    passed_over: u64,
) {
    let mut listing = ListingDigest::default();
    for (name, remembered) in state {
        listing.add(name, &remembered.sha256);
    }
    let (sha256, files) = listing.finish();
    info.inputs = vec![Input { name: base_name(&request.source), sha256, files }];
    let mut count = |key: String, value: u64| {
        info.counts.insert(key, value);
    };
    let mut pictures = 0;
    let mut of_size: BTreeMap<u8, u64> = BTreeMap::new();
    for planned in planned {
        if let Some(Remembered { outcome: Outcome::Written { .. }, .. }) = state.get(&planned.found.name) {
            pictures += 1;
            *of_size.entry(planned.name.size).or_default() += 1;
        }
    }
    count("pictures".into(), pictures);
    count("rejected".into(), rejected.len() as u64 + planned.len() as u64 - pictures);
    count("passed_over".into(), passed_over);
    for (size, pictures) in of_size {
        count(format!("size_{size}"), pictures);
    }
}

fn make_folders(out: &Path, planned: &[Planned]) -> anyhow::Result<()> {
    let sizes: BTreeSet<u8> = planned.iter().map(|planned| planned.name.size).collect();
    for size in sizes {
        let folder = out.join(size.to_string());
        fs_err::create_dir_all(&folder)?;
        atomic::remove_abandoned(&folder)?;
    }
    Ok(())
}

fn remove_stale(out: &Path, before: &BTreeSet<String>, written: &BTreeSet<String>) -> anyhow::Result<()> {
    for output in before.difference(written) {
        match fs_err::remove_file(out.join(output)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        if let Some((folder, _)) = output.split_once('/') {
            // Fails, as it should, while other pictures are in it.
            let _ = std::fs::remove_dir(out.join(folder));
        }
    }
    Ok(())
}

fn progress(console: &Console, pictures: usize) -> indicatif::ProgressBar {
    if console.shows_progress() {
        indicatif::ProgressBar::new(pictures as u64)
    } else {
        indicatif::ProgressBar::hidden()
    }
}

fn report(console: &Console, request: &Request, info: &StageInfo, rejected: &[Rejected]) -> anyhow::Result<ExitStatus> {
    for Rejected { source, reason } in rejected.iter().take(SHOWN) {
        console.warn(format!("{source}: {reason}"));
    }
    let of_size: Vec<String> = info
        .counts
        .iter()
        .filter_map(|(key, count)| Some(format!("{count} of size {}", key.strip_prefix("size_")?)))
        .collect();
    let mut sentence = format!("digit-labeler: {} pictures labelled", info.counts["pictures"]);
    if !of_size.is_empty() {
        sentence = format!("{sentence} ({})", of_size.join(", "));
    }
    sentence = format!("{sentence}, {} rejected", rejected.len());
    if !rejected.is_empty() {
        sentence = format!("{sentence} (see {})", request.out.join(REJECTED_FILE).display());
    }
    sentence = format!("{sentence}, {} passed over", info.counts["passed_over"]);
    console.summary(sentence, &info.counts)?;
    Ok(if rejected.is_empty() { ExitStatus::Done } else { ExitStatus::SomeRejected })
}
