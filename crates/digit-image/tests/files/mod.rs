//! Picture files made in memory: PNG by hand, so that every chunk can be wrong; the others by their encoders.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat};
use libjpeg_turbo_rs::{ColorSpace, Encoder, PixelFormat, Subsampling};

/// One PNG chunk with its length and checksum.
pub(crate) fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(&name);
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(&crc32fast::hash(&bytes[4..]).to_be_bytes());
    bytes
}

/// What goes into a PNG file.
pub(crate) struct Png<'a> {
    pub width_px: u32,
    pub height_px: u32,
    pub depth_bits: u8,
    pub color_type: u8,
    pub interlace: u8,
    /// Rows as they are compressed: each with its filter byte.
    pub rows: &'a [u8],
    /// Complete chunks between IHDR and IDAT.
    pub before: Vec<u8>,
    /// Complete chunks between IDAT and IEND.
    pub after: Vec<u8>,
}

impl<'a> Png<'a> {
    /// A plain PNG of 8-bit samples.
    pub(crate) fn new(width_px: u32, height_px: u32, color_type: u8, rows: &'a [u8]) -> Self {
        Self {
            width_px,
            height_px,
            depth_bits: 8,
            color_type,
            interlace: 0,
            rows,
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut header = self.width_px.to_be_bytes().to_vec();
        header.extend_from_slice(&self.height_px.to_be_bytes());
        header.extend_from_slice(&[self.depth_bits, self.color_type, 0, 0, self.interlace]);
        [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(*b"IHDR", &header),
            self.before.clone(),
            chunk(*b"IDAT", &zlib(self.rows)),
            self.after.clone(),
            chunk(*b"IEND", b""),
        ]
        .concat()
    }
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

/// An eXIf or TIFF block with an orientation only.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend_from_slice(&orientation.to_le_bytes());
    block.extend_from_slice(&[0; 6]);
    block
}

/// A smooth coloured picture, 3 bytes a pixel, with every value different from its mirror images.
pub(crate) fn colours(width_px: u32, height_px: u32) -> Vec<u8> {
    (0..height_px)
        .flat_map(|y| (0..width_px).map(move |x| [x * 255 / width_px, y * 255 / height_px, 100 + (x + y) % 3]))
        .flat_map(|pixel| pixel.map(|value| value as u8))
        .collect()
}

fn rgb_image(width_px: u32, height_px: u32) -> DynamicImage {
    image::RgbImage::from_raw(width_px, height_px, colours(width_px, height_px)).expect("full set of pixels").into()
}

pub(crate) fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).expect("the encoder takes this kind of picture");
    file.into_inner()
}

pub(crate) fn jpeg(width_px: u32, height_px: u32, change: impl FnOnce(Encoder<'_>) -> Encoder<'_>) -> Vec<u8> {
    let pixels = colours(width_px, height_px);
    let encoder = Encoder::new(&pixels, width_px as usize, height_px as usize, PixelFormat::Rgb).quality(90);
    change(encoder.subsampling(Subsampling::S420)).encode().expect("encodable")
}

/// A JPEG with an EXIF block.
pub(crate) fn jpeg_with_exif(width_px: u32, height_px: u32, block: &[u8]) -> Vec<u8> {
    let pixels = colours(width_px, height_px);
    let encoder = Encoder::new(&pixels, width_px as usize, height_px as usize, PixelFormat::Rgb).quality(90);
    encoder.subsampling(Subsampling::S420).exif_data(block).encode().expect("encodable")
}

/// CMYK with the inks stored as they are given.
pub(crate) fn jpeg_cmyk(width_px: u32, height_px: u32, pixel: [u8; 4]) -> Vec<u8> {
    let pixels = pixel.repeat((width_px * height_px) as usize);
    Encoder::new(&pixels, width_px as usize, height_px as usize, PixelFormat::Cmyk)
        .quality(100)
        .colorspace(ColorSpace::Cmyk)
        .encode()
        .expect("encodable")
}

/// One valid file of every format and of every kind that takes another path, with its name.
pub(crate) fn one_of_each() -> Vec<(&'static str, Vec<u8>)> {
    let (width_px, height_px) = (23, 17);
    let rgb = rgb_image(width_px, height_px);
    let rows: Vec<u8> = colours(width_px, height_px)
        .chunks_exact(3 * width_px as usize)
        .zip((0..=4).cycle())
        .flat_map(|(row, filter)| [&[filter], row].concat())
        .collect();
    let rgba_rows = [vec![4], vec![9; 4 * 5]].concat().repeat(6);
    let mut gamma = Png::new(width_px, height_px, 2, &rows);
    gamma.before = [chunk(*b"sRGB", b"\0"), chunk(*b"eXIf", &exif(6)), chunk(*b"tRNS", b"\0\x01\0\x02\0\x03")].concat();
    let indexed = [0, 0b0001_1011, 0b1100_0000].repeat(4);
    let mut palette = Png::new(5, 4, 3, &indexed);
    palette.depth_bits = 2;
    palette.before =
        [chunk(*b"PLTE", &[0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255]), chunk(*b"tRNS", &[128])].concat();
    // 3x2 in the passes that exist: 1 pixel, 1 pixel of pass 4, 1 of pass 6, then the second row.
    let interlaced_rows = [0, 1, 0, 2, 0, 3, 0, 4, 5, 6];
    let mut interlaced = Png::new(3, 2, 0, &interlaced_rows);
    interlaced.interlace = 1;
    vec![
        ("png rgb", Png::new(width_px, height_px, 2, &rows).bytes()),
        ("png rgba", Png::new(5, 6, 6, &rgba_rows).bytes()),
        ("png with gamma, exif and transparency", gamma.bytes()),
        ("png palette", palette.bytes()),
        ("png interlaced", interlaced.bytes()),
        ("jpeg", jpeg(width_px, height_px, |encoder| encoder)),
        ("jpeg progressive", jpeg(width_px, height_px, |encoder| encoder.progressive(true))),
        ("jpeg arithmetic", jpeg(width_px, height_px, |encoder| encoder.arithmetic(true))),
        (
            "jpeg rgb",
            jpeg(width_px, height_px, |encoder| encoder.subsampling(Subsampling::S444).colorspace(ColorSpace::Rgb)),
        ),
        ("jpeg cmyk", jpeg_cmyk(9, 9, [10, 200, 30, 220])),
        ("jpeg with exif", jpeg_with_exif(width_px, height_px, &exif(6))),
        ("bmp", encode(&rgb, ImageFormat::Bmp)),
        ("gif", encode(&rgb, ImageFormat::Gif)),
        ("webp", encode(&rgb, ImageFormat::WebP)),
        ("tiff", encode(&rgb, ImageFormat::Tiff)),
        ("pnm", encode(&rgb, ImageFormat::Pnm)),
        // No encoder in Rust writes it.
        ("jpeg 2000", include_bytes!("../golden/jpeg2000/rgb.jp2").to_vec()),
    ]
}
