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

/// A gray TIFF file, not compressed: a page of so many columns for each picture.
pub fn gray_tiff(width_px: usize, pages: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (at, pixels) in pages.iter().enumerate() {
        let (rows, length) = ((pixels.len() / width_px) as u32, pixels.len() as u32);
        // Number of tags, seven tags of 12 bytes, place of the next directory; then the pixels.
        let data = bytes.len() as u32 + 2 + 7 * 12 + 4;
        let tags =
            [(256_u16, width_px as u32), (257, rows), (258, 8), (262, 1), (273, data), (278, rows), (279, length)];
        bytes.extend([tags.len() as u8, 0]);
        for (tag, value) in tags {
            bytes.extend([&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat());
        }
        let next = if at + 1 == pages.len() { 0 } else { data + length };
        bytes.extend(next.to_le_bytes());
        bytes.extend(pixels);
    }
    bytes
}

/// A gray animated GIF of so many columns, a frame for each picture. The codes of LZW are all written in 9 bits, since
/// the table is cleared before it grows beyond.
pub fn gray_gif(width_px: usize, frames: &[Vec<u8>]) -> Vec<u8> {
    const CLEAR: u16 = 256;
    const END: u16 = 257;
    let rows = frames.first().map_or(0, |pixels| pixels.len() / width_px);
    let size = [(width_px as u16).to_le_bytes(), (rows as u16).to_le_bytes()].concat();
    let mut bytes = [b"GIF89a", &size[..], &[0xf7, 0, 0]].concat();
    bytes.extend((0..=255).flat_map(|gray| [gray; 3]));
    for pixels in frames {
        bytes.extend([&[0x2c, 0, 0, 0, 0], &size[..], &[0, 8]].concat());
        let codes = pixels
            .chunks(100)
            .flat_map(|part| std::iter::once(CLEAR).chain(part.iter().map(|&pixel| u16::from(pixel))));
        let bits: Vec<bool> = codes.chain([END]).flat_map(|code| (0..9).map(move |bit| code >> bit & 1 == 1)).collect();
        let packed: Vec<u8> =
            bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |all, &bit| all << 1 | u8::from(bit))).collect();
        packed.chunks(255).for_each(|block| {
            bytes.push(block.len() as u8);
            bytes.extend(block);
        });
        bytes.push(0);
    }
    bytes.push(0x3b);
    bytes
}
