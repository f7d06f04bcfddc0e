//! Collected pictures to a data set, in memory: named by digit-labeler, prepared as a model asks, in the order of
//! digit-csv.

use digit_image::decode::DEFAULT_MAX_PIXELS;
use digit_image::reader::PictureReader;
use digit_labeler::plan::{Planned, plan};
use ndarray::Array2;
use stage_files::dataset::{DATA_SET_TOOL, DataSet, RowInfo, file_name_of_size};
use stage_files::labels::LabelSet;
use stage_files::picture::PictureSettings;
use stage_files::rejected::Rejected;
use stage_files::stage::StageInfo;
use stage_files::walk::PictureFile;
use stage_files::{refuse, refused};

/// The nominal size of collected digits.
pub(crate) const SIZE: u8 = 20;
/// Rows that a training needs: one to train, one to test.
const MIN_ROWS: usize = 2;

/// A data set, and what did not become a part of it.
pub(crate) struct Collected {
    pub(crate) data: DataSet,
    pub(crate) rejected: Vec<Rejected>,
}

/// The data set of pictures by name and bytes. Its label set is that of the pictures.
///
/// # Errors
/// A refusal when fewer than two labels or rows are left.
pub(crate) fn data_set(pictures: &[(String, Vec<u8>)], settings: &PictureSettings) -> anyhow::Result<Collected> {
    let mut pictures: Vec<&(String, Vec<u8>)> = pictures.iter().collect();
    // As a walk through their folder gives them.
    pictures.sort();
    let found = pictures.iter().map(|(name, bytes)| (picture_file(name, bytes), 1)).collect();
    let mut rejected = Vec::new();
    let all = LabelSet::new((0..=9).collect()).map_err(refused)?;
    let planned = plan(found, &all, Some(SIZE), None, None, None, &mut rejected).pictures;
    let reader = PictureReader::new(settings).map_err(refused)?;
    let mut rows: Vec<(RowInfo, Vec<u8>)> = Vec::new();
    for planned in planned {
        let at = pictures.binary_search_by(|(name, _)| name.cmp(&planned.found.name));
        match reader.read(at.map_or(&[], |at| &pictures[at].1), DEFAULT_MAX_PIXELS) {
            Ok(gray) => rows.push((row_info(&planned), gray.pixels)),
            Err(reason) => rejected.push(Rejected { source: planned.found.name, reason: reason.to_string() }),
        }
    }
    // The order of a data set CSV.
    rows.sort_by(|(a, _), (b, _)| (&a.source, a.size).cmp(&(&b.source, b.size)));
    let mut digits: Vec<u8> = rows.iter().map(|(info, _)| info.label).collect();
    digits.sort_unstable();
    digits.dedup();
    if digits.len() < 2 || rows.len() < MIN_ROWS {
        let first = rejected.first().map_or(String::new(), |one| format!("; {}: {}", one.source, one.reason));
        refuse!("expected pictures of at least two digits, found {}{first}", digits.len());
    }
    let labels = LabelSet::new(digits).map_err(refused)?;
    let mut stage = StageInfo::new(DATA_SET_TOOL, env!("CARGO_PKG_VERSION"), serde_json::json!({}), labels.clone());
    stage.picture = Some(settings.clone());
    let classes = rows.iter().filter_map(|(info, _)| labels.class_of(info.label)).collect();
    let (infos, pixels): (Vec<RowInfo>, Vec<Vec<u8>>) = rows.into_iter().unzip();
    let data = DataSet {
        name: file_name_of_size(SIZE),
        sha256: String::new(),
        labels,
        canvas: Some(settings.canvas),
        pixels: Array2::from_shape_vec((infos.len(), settings.canvas.pixels()), pixels.concat())?,
        classes,
        rows: Some(infos),
        stage: Some(stage),
    };
    Ok(Collected { data, rejected })
}

fn picture_file(name: &str, bytes: &[u8]) -> PictureFile {
    // Below a root that says nothing of labels.
    PictureFile::below("digits".as_ref(), name, bytes.len() as u64)
}

fn row_info(planned: &Planned) -> RowInfo {
    RowInfo {
        source: planned.name.png_file_name(),
        label: planned.name.label,
        size: planned.name.size,
        writer: planned.name.writer().map(str::to_owned),
        path: Some(planned.found.name.clone()),
    }
}
