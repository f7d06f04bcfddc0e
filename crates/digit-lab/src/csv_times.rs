//! How long reading and writing a data set takes, for `just bench-data`.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use stage_files::dataset::{DataSet, DataSetWriter, RowInfo};
use stage_files::output::{Layout, OutputFolder, Reuse};
use stage_files::stage::StageInfo;

/// The CSV that is written.
const NAME: &str = "times_info.csv";
const LAYOUT: Layout = Layout { owns: |name| name == NAME || name == "times_info.rows.csv", private: &[] };

/// Reads `csv` and writes it to the folder `out` again. Returns the seconds of both as a line of JSON.
pub(crate) fn measure(csv: &Path, out: &Path) -> anyhow::Result<String> {
    let start = Instant::now();
    let set = DataSet::read(csv)?;
    let read_s = start.elapsed().as_secs_f64();
    let info = StageInfo::new("digit-lab", "0", serde_json::json!({}), set.labels.clone());
    let folder = OutputFolder::new(out, LAYOUT, info, &[csv], Reuse { fresh: true, verify: false })?.begin()?;
    let labels = set.labels.as_slice();
    let infos: Vec<RowInfo> = (1_u64..)
        .zip(&set.classes)
        .map(|(at, &class)| RowInfo {
            source: format!("{}_20_{at}.png", labels[usize::from(class)]),
            label: labels[usize::from(class)],
            size: 20,
            writer: None,
            path: None,
        })
        .collect();
    let start = Instant::now();
    let mut writer = DataSetWriter::create(&folder, NAME, &set.labels, set.pixels.ncols(), false)?;
    for (info, pixels) in infos.iter().zip(set.pixels.rows()) {
        writer.row(info, pixels.to_slice().context("rows lie one after another")?)?;
    }
    writer.finish()?;
    let write_s = start.elapsed().as_secs_f64();
    Ok(format!("{{\"read_s\": {read_s}, \"write_s\": {write_s}}}"))
}
