//! Rasters: preprocessing and resizing.

use std::sync::OnceLock;

use digit_image::preprocess::{Image, Pipeline, STEPS};
use digit_image::raster::{GrayPicture, RgbPicture};
use digit_image::reader::{PictureReader, Unread};
use digit_image::resize::{self, plain};
use digit_image::segment::segment;
use stage_files::picture::{Alpha, Canvas, PictureSettings};
use stage_files::png_bytes::{self, Effort, Samples};

use crate::input::Input;

/// Longest side of a picture.
const MOST_SIDE_PX: u32 = 64;
const MOST_PIXELS: u64 = 1 << 12;
/// The canvas of the project.
const CANVAS: Canvas = Canvas::DEFAULT;

/// `standard`, and each step alone.
fn pipelines() -> &'static [(Pipeline, PictureReader)] {
    static PIPELINES: OnceLock<Vec<(Pipeline, PictureReader)>> = OnceLock::new();
    PIPELINES.get_or_init(|| {
        let names = ["standard"].into_iter().chain(STEPS.iter().map(|step| step.name));
        let made = |name: &str| {
            let pipeline = Pipeline::parse(name).expect("a known step");
            let settings = PictureSettings { canvas: CANVAS, alpha: Alpha::White, preprocess: pipeline.to_json() };
            (pipeline, PictureReader::new(&settings).expect("a known step"))
        };
        names.map(made).collect()
    })
}

/// A raster through preprocessing: as a canvas, as a PNG file and as decoded pixels.
pub fn preprocess(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let pipelines = pipelines();
    // Half of the inputs take `standard`.
    let (pipeline, reader) =
        &pipelines[(usize::from(input.byte()) % (2 * pipelines.len())).saturating_sub(pipelines.len())];
    let picture = drawn(&mut input);
    let (width_px, height_px) = (picture.width_px, picture.height_px);
    let file = png_bytes::encode(width_px, height_px, Samples::Rgb(picture.pixels.as_flattened()), Effort::Fast);
    let from_file = reader.read(&file.expect("pixels of a picture"), MOST_PIXELS);
    let rgba: Vec<u8> = picture.pixels.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    let from_canvas = reader.read_rgba_seen(width_px, height_px, &rgba, |_, _| ());
    assert_eq!(from_file, from_canvas, "{pipeline}");
    if pipeline.starts_from_colour() {
        let prepared = pipeline.apply(CANVAS, Image::Rgb(picture.clone()), |_, _| ());
        let direct = prepared.map(|image| match image {
            Image::Gray(gray) => resize::area(&gray, CANVAS.width_px, CANVAS.height_px).pixels,
            Image::Rgb(_) => Vec::new(),
        });
        let expected = from_file.clone().map(|gray| gray.pixels).map_err(|error| match error {
            Unread::Unfit(unfit) => unfit,
            Unread::Decode(error) => panic!("a sound PNG is not decoded: {error}"),
        });
        assert!(direct == expected || direct == Ok(Vec::new()), "{pipeline}");
    }
    if let Ok(gray) = from_file {
        assert_eq!((gray.width_px, gray.height_px, gray.pixels.len()), (CANVAS.width_px, CANVAS.height_px, 400));
    }
    let _segments = segment(&picture);
}

/// Noise, or thick strokes on flat paper.
fn drawn(input: &mut Input<'_>) -> RgbPicture {
    let (width_px, height_px) = (input.side(MOST_SIDE_PX), input.side(MOST_SIDE_PX));
    let count = width_px as usize * height_px as usize;
    if input.byte().is_multiple_of(4) {
        let noise = std::mem::replace(input, Input::new(&[])).repeated(3 * count);
        let pixels = noise.as_chunks::<3>().0.to_vec();
        return RgbPicture { width_px, height_px, pixels };
    }
    let colour = |input: &mut Input<'_>| [input.byte(), input.byte(), input.byte()];
    let paper = colour(input);
    let mut picture = RgbPicture::filled(width_px, height_px, paper);
    while !input.is_empty() {
        let ends = [0; 4].map(|_: u8| f64::from(input.byte()) / 255.0);
        let thick_px = f64::from(input.byte() % 24) / 2.0 + 0.5;
        let ink = colour(input);
        stroke(&mut picture, ends, thick_px, ink);
    }
    picture
}

/// A straight stroke between two places, each in shares of width and height.
fn stroke(picture: &mut RgbPicture, [x0, y0, x1, y1]: [f64; 4], thick_px: f64, ink: [u8; 3]) {
    let (wide, high) = (f64::from(picture.width_px), f64::from(picture.height_px));
    let (from, to) = ((x0 * wide, y0 * high), (x1 * wide, y1 * high));
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(1e-9);
    for (at, pixel) in picture.pixels.iter_mut().enumerate() {
        let (column, row) = (at % picture.width_px as usize, at / picture.width_px as usize);
        let (x, y) = (column as f64 + 0.5 - from.0, row as f64 + 0.5 - from.1);
        let along = ((x * dx + y * dy) / length).clamp(0.0, 1.0);
        let (aside, down) = (x - along * dx, y - along * dy);
        if 4.0 * (aside * aside + down * down) <= thick_px * thick_px {
            *pixel = ink;
        }
    }
}

/// A raster and the size that it is to have.
pub fn resize(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let [width_px, height_px, to_width_px, to_height_px] = [0; 4].map(|_: u8| input.side(MOST_SIDE_PX));
    let step = input.byte().max(1);
    let mut pixels = input.repeated(width_px as usize * height_px as usize);
    // Few gray levels make ties common.
    pixels.iter_mut().for_each(|pixel| *pixel = *pixel / step * step);
    let picture = GrayPicture { width_px, height_px, pixels };
    for (to_width_px, to_height_px) in [(to_width_px, to_height_px), (20, 20)] {
        let fast = resize::area(&picture, to_width_px, to_height_px);
        assert_eq!((fast.width_px, fast.height_px), (to_width_px, to_height_px));
        assert!(
            fast.pixels == plain::area(&picture, to_width_px, to_height_px),
            "{width_px}x{height_px} to {to_width_px}x{to_height_px}"
        );
    }
}
