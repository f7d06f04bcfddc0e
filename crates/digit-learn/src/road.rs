//! The whole road: look, label, draw, train, report.

use std::path::{Path, PathBuf};

use digit_labeler::inspect::{Asked, Inspection, inspect};
use mlp_train::recommended::{self, Wanted};
use serde_json::json;
use stage_cli::{Console, ExitStatus, typed};
use stage_files::dataset::{DataSet, MIXED_FILE, file_name_of_size};
use stage_files::json::to_bytes;
use stage_files::labels::LabelSet;
use stage_files::output::{FolderWriter, Layout, OutputFolder};
use stage_files::refuse;
use stage_files::rejected::REJECTED_FILE;
use stage_files::run::find_runs;
use stage_files::stage::StageInfo;
use stage_files::text_name::base_name;

use crate::labels::{label_set, warn};
use crate::place::Place;
use crate::request::Request;
use crate::score::{Learned, end};
use crate::stages::{How, Stages, Stopped};

/// The configs are the only files that are not a stage's.
const LAYOUT: Layout = Layout { owns: is_own, private: &[] };

fn is_own(name: &str) -> bool {
    name.strip_prefix("configs/").is_some_and(|name| name.ends_with(".json") && !name.contains('/'))
}

/// Does the work.
///
/// # Errors
/// Refusals: labels that are not certain, fewer than two digits, an output folder inside the source or somebody else's.
/// Faults from outside.
pub(crate) fn run(request: &Request, console: &Console) -> anyhow::Result<ExitStatus> {
    match walk(request, console) {
        Err(error) => match error.downcast::<Stopped>() {
            Ok(stopped) => Ok(stopped.0),
            Err(error) => Err(error),
        },
        status => status,
    }
}

fn walk(request: &Request, console: &Console) -> anyhow::Result<ExitStatus> {
    let source = request.source.as_path();
    let asked = Asked {
        size: request.size,
        is_size_known: request.size.is_some(),
        labels_in: request.layout,
        pages: request.pages,
    };
    let found = inspect(source, &asked)?;
    found.check(source)?;
    let shown = source.display().to_string();
    let labels = label_set(&found, request.labels.as_ref(), !request.no_drawn, &shown)?;
    let root = Place::root(source, request.out.as_deref(), &typed(console, "learn", "digit-learn"))?;
    let place = Place::new(root, &labels, request);
    let folder = OutputFolder::new(&place.root, LAYOUT, info(source)?, &[source], request.folder.reuse())?;
    console.note(format!("digit-learn: {shown}: {found}"));
    if let Some((name, label)) = &found.first {
        console.note(format!("digit-learn: {name} is taken for a picture of {label}"));
    }
    warn(&found, &labels, !request.no_drawn, console);

    let standing = folder.standing();
    let writer = folder.begin()?;
    standing.names().for_each(|name| writer.keep(name));
    let mut stages = Stages::new(console, request.folder.reuse())?;
    let data = own_data(&mut stages, request, &found, &labels, &place)?;
    let drawn =
        if request.no_drawn { None } else { Some(drawn_data(&mut stages, request.drawn, &found, &labels, &place)?) };
    let mut learned = train(&mut stages, request, &place, &writer, &data, drawn.as_deref())?;
    let report = || StageInfo::read_any(&place.report()).ok().flatten();
    let before = report();
    stages.report(request.lang, &place.runs(), &place.report())?;
    // A report in another language is something that was done.
    learned.was_done &= before == report();
    writer.finish(&info(source)?)?;
    end(&learned, &found, &place, source, stages.has_rejected, console)
}

/// What `stage.json` of the folder says. The folder may come to hold data sets of several label sets, so it names all
/// digits.
fn info(source: &Path) -> anyhow::Result<StageInfo> {
    let all = LabelSet::new((0..=9).collect()).map_err(stage_files::refused)?;
    let settings = json!({ "source": base_name(source) });
    Ok(StageInfo::new("digit-learn", env!("CARGO_PKG_VERSION"), settings, all))
}

/// Makes the data set of the pictures and returns its CSV.
fn own_data(
    stages: &mut Stages<'_>,
    request: &Request,
    found: &Inspection,
    labels: &LabelSet,
    place: &Place,
) -> anyhow::Result<PathBuf> {
    let labelled = place.labelled();
    let how = How { size: found.size, labels_in: request.layout, pages: request.pages };
    stages.label(&request.source, &labelled, labels, how)?;
    let counts = StageInfo::read(&labelled)?.map(|info| info.counts).unwrap_or_default();
    if counts.get("pictures").is_none_or(|pictures| *pictures == 0) {
        refuse!(
            "{}: none of the pictures can be used; {} says why for each",
            request.source.display(),
            labelled.join(REJECTED_FILE).display()
        );
    }
    let sizes = counts.keys().filter_map(|key| key.strip_prefix("size_")?.parse::<u8>().ok()).collect::<Vec<u8>>();
    let data = place.data();
    stages.csv(&labelled, &data, sizes.len() > 1)?;
    Ok(data.join(csv_name(&sizes)))
}

/// Draws digits of the same labels and sizes, and returns the CSV of their data set.
fn drawn_data(
    stages: &mut Stages<'_>,
    count: u32,
    found: &Inspection,
    labels: &LabelSet,
    place: &Place,
) -> anyhow::Result<PathBuf> {
    let mut sizes: Vec<u8> = [20, 8].into_iter().filter(|size| found.by_size.contains_key(size)).collect();
    if sizes.is_empty() {
        sizes.push(20);
    }
    let list = sizes.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let at = |part| place.drawn(labels, &list, count, part);
    stages.draw(labels, &list, count, &at("source"))?;
    stages.label(&at("source"), &at("labelled"), labels, How::default())?;
    stages.csv(&at("labelled"), &at("data"), sizes.len() > 1)?;
    Ok(at("data").join(csv_name(&sizes)))
}

/// The CSV with the pictures of these sizes.
fn csv_name(sizes: &[u8]) -> String {
    match sizes {
        [size] => file_name_of_size(*size),
        _ => MIXED_FILE.to_owned(),
    }
}

/// Writes the config, trains, and returns the runs.
fn train(
    stages: &mut Stages<'_>,
    request: &Request,
    place: &Place,
    writer: &FolderWriter,
    data: &Path,
    drawn: Option<&Path>,
) -> anyhow::Result<Learned> {
    let set = DataSet::read(data)?;
    let rows = set.rows.unwrap_or_default();
    let by = recommended::split_by(&rows);
    let wanted = Wanted {
        epochs: request.epochs,
        seeds: request.seeds.as_ref(),
        seed: request.seed,
        drawn: if drawn.is_some() { request.drawn as usize } else { 0 },
    };
    let mut config = recommended::config(&rows, by, &wanted)?;
    let mut digests = vec![set.sha256];
    if let Some(drawn) = drawn {
        digests.push(stage_files::digest::sha256_file(drawn).map_err(|error| error.at(drawn))?);
    }
    let name = recommended::name(&config, &set.labels.to_string(), rows.len(), &digests)?;
    config.name = Some(name.clone());
    let file = format!("configs/{name}.json");
    writer.write(&file, &to_bytes(&config)?)?;
    let folder = place.runs().join(&name);
    let was_done = !request.folder.reuse().fresh
        && folder.is_dir()
        && find_runs(&folder)?.iter().all(|run| matches!(run.state, stage_files::run::RunState::Done(..)));
    stages.train(&place.root.join(file), data, drawn, &place.runs())?;
    Ok(Learned { folder, rows, by, was_done })
}
