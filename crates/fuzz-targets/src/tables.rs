//! Tables of the project's own.

use stage_files::dataset::DataSet;
use stage_files::fixes::Fixes;
use stage_files::output::{Layout, manifest_round_trip};
use stage_files::sources::{parse_sources, sources_csv};

use crate::input::Input;

/// A data set CSV: on the fast path, and by the strict reader.
pub fn data_set(bytes: &[u8]) {
    // Values alone: what a data set knows beside them comes from other files.
    let values = |read: anyhow::Result<DataSet>| {
        read.map(|data| (data.pixels, data.classes, data.labels, data.sha256)).map_err(|error| format!("{error:#}"))
    };
    let fast = values(DataSet::from_bytes("a.csv", bytes));
    let strict = values(DataSet::from_bytes_strictly("a.csv", bytes));
    if let Ok((pixels, classes, labels, _)) = &fast {
        assert_eq!(pixels.nrows(), classes.len());
        assert!(!classes.is_empty() && classes.iter().all(|&class| usize::from(class) < labels.len()));
    }
    assert_eq!(fast, strict);
}

/// One of the lists in folders; the first byte says which.
pub fn lists(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.byte() % 3 {
        0 => {
            let _fixes = Fixes::parse(input.rest(), "fixes.csv");
        }
        1 => sources(input.rest()),
        _ => manifest(input.rest()),
    }
}

fn sources(bytes: &[u8]) {
    let Ok(sources) = parse_sources(bytes, "sources.csv") else { return };
    let pairs = sources.iter().map(|(picture, source)| (picture.as_str(), source.as_str()));
    let written = sources_csv(pairs).expect("memory takes all bytes");
    assert_eq!(parse_sources(&written, "sources.csv").expect("it was written just now"), sources);
}

fn manifest(bytes: &[u8]) {
    let layout = Layout { owns: |_| true, private: &[] };
    let round_trip = |bytes: &[u8]| manifest_round_trip(bytes, &layout).expect("memory takes all bytes");
    let Some((names, written)) = round_trip(bytes) else { return };
    for name in &names {
        assert!(!name.starts_with('/') && name.split('/').all(|part| !matches!(part, "" | "." | "..")), "{name:?}");
    }
    assert_eq!(round_trip(&written), Some((names, written)));
}
