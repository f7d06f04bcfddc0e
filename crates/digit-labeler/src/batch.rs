//! Labels a folder of source pictures. A second run does only what changed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use digit_image::decode::PageChoice;
use digit_image::look::look;
use digit_image::reader::PictureReader;
use rayon::prelude::*;
use stage_cli::{Console, ExitStatus, Interrupts, counted};
use stage_files::cache::{self, Log};
use stage_files::fixes::Fixes;
use stage_files::is_fault_of_system;
use stage_files::kind::{Kind, kind};
use stage_files::output::{Layout, OutputFolder};
use stage_files::picture_name::PictureName;
use stage_files::rejected::{REJECTED_FILE, Rejected};
use stage_files::sources::SOURCES_FILE;
use stage_files::stage::StageInfo;
use stage_files::walk::{PictureFile, Walk, walk};
use stage_files::{archive, pack, refuse};

use crate::explain::explain;
use crate::known::{Done, State, entries, entry, forget_lost, recall};
use crate::make::make;
use crate::outcome::{complete, outputs, rejected_of, report, warn_of_pages, write_source_list};
use crate::plan::{Plan, Planned, plan};
use crate::request::{MAX_FILE_BYTES, Request};
use crate::work::{CHUNK, Work};
use crate::{memory, packing};

/// Which files this stage writes: `{size}/{label}_{size}_{id}.png` or `{size}.tar` with its list, and `sources.csv`.
const LAYOUT: Layout = Layout { owns: is_own, private: &[packing::PART_FILE] };

fn is_own(name: &str) -> bool {
    if name == SOURCES_FILE || pack::size_of(name.strip_suffix(".csv").unwrap_or(name)).is_some() {
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
    let standing = folder.standing();
    let (mut state, is_whole) = if request.reuse.fresh {
        (vec![None; planned.len()], false)
    } else {
        recall(&request.out, &key, &planned, &pool)
    };
    if !request.pack {
        forget_lost(&mut state, &planned, &standing, &pool);
    }
    let todo: Vec<usize> = (0..planned.len()).filter(|&at| state[at].is_none()).collect();
    if todo.is_empty() && standing.has(REJECTED_FILE) && standing.has(SOURCES_FILE) {
        complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
        // The files of pictures have been looked at.
        let seen: HashSet<String> = if request.pack { HashSet::new() } else { outputs(&planned, &state).collect() };
        if folder.up_to_date_beside(&standing, |name| seen.contains(name), |done| *done == info)?.is_some() {
            return report(console, request, &info, &[], true);
        }
    }
    let writer = folder.begin()?;
    if !is_whole {
        cache::write(&request.out, &key, entries(&planned, &state))?;
    }
    let mut log = Log::open(&request.out)?;
    let progress = console.progress("labelling", if request.pack { planned.len() } else { todo.len() });
    let work = Work {
        request,
        reader: &reader,
        planned: &planned,
        writer: &writer,
        pool: &pool,
        interrupts: &interrupts,
        progress,
    };
    let interrupted = if request.pack {
        packing::write(&work, &mut state, &mut log)?
    } else {
        write_files(&work, &todo, &mut state, &mut log)?
    };
    drop(work);
    if let Some(status) = interrupted {
        return Ok(console.interrupted(status, request.reuse));
    }
    complete(&mut info, request, &planned, &state, &rejected, found.passed_over);
    warn_of_pages(console, request.pages, &planned, &state);
    let mut all_rejected = rejected_of(&planned, &state, &rejected);
    writer.write_rejected(&all_rejected)?;
    write_source_list(&writer, &planned, &state)?;
    all_rejected.retain(|rejected| !remarks.counts(&request.labels, &rejected.reason));
    // The cache first: were the run killed here, the next one finds all done and finishes it.
    cache::write(&request.out, &key, entries(&planned, &state))?;
    console.altered(&request.out, &writer.finish(&info)?);
    report(console, request, &info, &all_rejected, false)
}

/// Writes a file for each picture that is to do, and fills in `state`. Gives the status to end with if a signal asks
/// for it.
fn write_files(
    work: &Work<'_>,
    todo: &[usize],
    state: &mut State,
    log: &mut Log,
) -> anyhow::Result<Option<ExitStatus>> {
    outputs(work.planned, state).for_each(|output| work.writer.keep(&output));
    for chunk in todo.chunks(CHUNK) {
        if let Some(status) = work.interrupts.pending() {
            return Ok(Some(status));
        }
        let one = |&at: &usize| {
            let planned = &work.planned[at];
            let made = make(work.request, work.reader, planned);
            let done = made.done(|png| work.writer.write(&planned.output(), &png));
            work.progress.add(1);
            done
        };
        let made: Vec<Done> = work.pool.install(|| chunk.par_iter().map(one).collect::<anyhow::Result<_>>())?;
        log.append(chunk.iter().zip(&made).map(|(&at, done)| entry(&work.planned[at], done)))?;
        chunk.iter().zip(made).for_each(|(&at, done)| state[at] = Some(done));
    }
    Ok(None)
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
        let bytes = found.read(MAX_FILE_BYTES).unwrap_or_default();
        (found, pages.taken(digit_image::decode::pages(&bytes)))
    };
    pictures.into_par_iter().map(count).collect()
}

pub(crate) fn check_source(source: &Path) -> anyhow::Result<()> {
    match std::fs::metadata(source) {
        Ok(metadata) if metadata.is_dir() => StageInfo::refuse_later_stage(source, &["digit-source", "digit-form"]),
        Ok(_) if archive::is_archive(source) => Ok(()),
        Ok(_) => refuse!(
            "{}: expected a folder of pictures, or a zip or tar archive of one, found another file; give its folder, or \
             unpack it",
            source.display()
        ),
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
    if request.pack {
        settings[pack::SETTING] = true.into();
    }
    if request.pages == PageChoice::All {
        settings["pages"] = "all".into();
    }
    let mut info = StageInfo::new("digit-labeler", env!("CARGO_PKG_VERSION"), settings, request.labels.clone());
    info.picture = Some(request.picture.clone());
    let of_source = match kind(&request.source)? {
        Kind::Folder => StageInfo::read(&request.source),
        Kind::File | Kind::Nothing => Ok(None),
    };
    match of_source {
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

fn try_out(request: &Request, reader: &PictureReader, planned: &Planned) -> Option<Rejected> {
    let reason = make(request, reader, planned).png.err()?;
    Some(Rejected { source: planned.found.name.clone(), reason: planned.reason(&reason) })
}
