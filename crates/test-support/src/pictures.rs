//! Pictures for tests.

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
