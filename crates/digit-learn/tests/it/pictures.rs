//! Folders of drawn digits under the names that people give them.

use digit_source::draw::{DrawSettings, Size, plan, render};
use test_support::Test;

/// Another seed than the command's: with the same one, its drawn digits would be copies of these.
const SEED: u64 = 7;

/// How the pictures of a folder are named.
#[derive(Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// `kim/3/x-7.png`, for each writer in turn.
    WriterFolders(&'a [&'a str]),
    /// `3_20_7.png`.
    OwnForm,
    /// `3_20_font-x-7.png` and `3_8_font-x-7.png`.
    BothSizes,
    /// `3_scan7.png`.
    Flat,
    /// `3/IMG_2007.JPG`. The pictures are PNG under this name, as some programs save them.
    Phone,
    /// `three/IMG_2007.JPG`.
    Words,
}

/// Draws `count` pictures, the labels in turn, and puts them into the folder `source`.
pub(crate) fn draw(test: &Test, source: &str, kind: Kind<'_>, labels: &str, count: u32) {
    let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let sizes = if matches!(kind, Kind::BothSizes) { vec![Size::Fills, Size::Small] } else { vec![Size::Fills] };
    let settings = DrawSettings::new(count, sizes, labels.parse().unwrap(), SEED);
    for (at, spec) in plan(&settings).into_iter().enumerate() {
        let label = spec.label;
        let name = match kind {
            Kind::WriterFolders(writers) => {
                format!("{}/{label}/x-{at}.png", writers[at % writers.len()])
            }
            Kind::BothSizes => spec.file_name(),
            Kind::OwnForm => format!("{label}_20_{at}.png"),
            Kind::Flat => format!("{label}_scan{at}.png"),
            Kind::Phone => format!("{label}/IMG_{}.JPG", 2000 + at),
            Kind::Words => format!("{}/IMG_{}.JPG", words[usize::from(label)], 2000 + at),
        };
        test.write(&format!("{source}/{name}"), render(&spec, SEED).unwrap().to_png().unwrap());
    }
}

/// Draws one picture.
pub(crate) fn put(test: &Test, name: &str, label: u8, seed: u64) {
    let settings = DrawSettings::new(1, vec![Size::Fills], label.to_string().parse().unwrap(), seed);
    let spec = &plan(&settings)[0];
    test.write(name, render(spec, seed).unwrap().to_png().unwrap());
}
