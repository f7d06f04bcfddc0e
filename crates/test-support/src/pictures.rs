//! Pictures for tests.

use std::path::Path;

use digit_source::draw::{DrawSettings, Size, plan, render};
use stage_files::labels::LabelSet;

/// A gray PNG; `value(x, y)` is the pixel of column `x` in row `y`, 0 being black.
pub fn gray_png(width_px: u32, height_px: u32, value: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(png::ColorType::Grayscale);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("as many pixels as the header says, and memory takes them");
    bytes
}

/// Draws `count` pictures as `digit-source draw` does, without the files beside them: source pictures of size 20 with
/// `labels` such as `1-5`, named `{label}_20_{writer}-{n}.png`.
pub fn draw_source(folder: &Path, labels: &str, count: u32) {
    let labels: LabelSet = labels.parse().unwrap_or_else(|error| panic!("{labels}: {error}"));
    let settings = DrawSettings::new(count, vec![Size::Fills], labels, 1);
    std::fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for spec in plan(&settings) {
        let picture = render(&spec, settings.seed).and_then(|picture| picture.to_png());
        let bytes = picture.unwrap_or_else(|error| panic!("{}: {error:#}", spec.file_name()));
        std::fs::write(folder.join(spec.file_name()), bytes).unwrap_or_else(|error| panic!("{error}"));
    }
}
