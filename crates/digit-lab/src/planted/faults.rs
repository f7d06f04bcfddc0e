//! Which faults go where.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use digit_image::decode::{DecodeOptions, decode_gray};
use digit_image::raster::GrayPicture;
use digit_image::resize;
use stage_files::picture_name::PictureName;
use stage_files::png_bytes::{self, Effort, Samples};

/// One label in so many is turned.
const TURNED_ONE_IN: usize = 100;
/// Copies of each kind.
const COPIES: usize = 20;
/// Blank pictures, and cut ones.
const ODD: usize = 10;
/// A writer's pictures that are enough for labels out of order.
const MIN_OF_WRITER: usize = 40;
/// Quality of a JPEG that a phone or a messenger saves.
const QUALITY: u8 = 75;

/// A picture before any fault.
pub(super) struct Source {
    pub(super) label: u8,
    pub(super) id: String,
    pub(super) png: Vec<u8>,
}

/// What was planted: names of files.
#[derive(Debug, Default)]
pub(super) struct Planted {
    /// Files in all.
    pub(super) files: usize,
    /// Each with its true label.
    pub(super) turned: BTreeMap<String, u8>,
    /// By kind, each copy with its original.
    pub(super) copies: BTreeMap<&'static str, Vec<(String, String)>>,
    pub(super) blank: BTreeSet<String>,
    pub(super) cut: BTreeSet<String>,
    /// By what was done, the files and their true labels.
    pub(super) out_of_order: BTreeMap<&'static str, BTreeMap<String, u8>>,
}

/// The files with all faults.
pub(super) fn plant(sources: &[Source], seed: u64) -> Result<(Vec<(String, Vec<u8>)>, Planted)> {
    let mut random = Random(seed);
    let mut planted = Planted::default();
    let orders = out_of_order(sources);
    let mut order: Vec<usize> = (0..sources.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let mut free = order.into_iter().filter(|at| !orders.contains_key(at));
    let turned: BTreeSet<usize> = free.by_ref().take(sources.len() / TURNED_ONE_IN).collect();
    let mut names = Names::default();
    names.0.extend(sources.iter().map(|source| file_name(source.label, &source.id, "")));
    let mut files = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let label = match orders.get(&at) {
            Some((_, label)) => *label,
            None if turned.contains(&at) => (source.label + 1 + random.below(9) as u8) % 10,
            None => source.label,
        };
        // The labels of a whole writer change places; a single one must not take another picture's name.
        let name = if label != source.label && !orders.contains_key(&at) {
            names.free(label, &source.id, "png")
        } else {
            file_name(label, &source.id, "png")
        };
        if let Some((what, _)) = orders.get(&at) {
            planted.out_of_order.entry(what).or_default().insert(name.clone(), source.label);
        } else if turned.contains(&at) {
            planted.turned.insert(name.clone(), source.label);
        }
        files.push((name, source.png.clone()));
    }
    for (kind, change) in CHANGES {
        for _ in 0..COPIES {
            let source = &sources[free.next().context("expected more pictures")?];
            let (bytes, ending) = change(source)?;
            let name = names.free(source.label, &source.id, ending);
            planted.copies.entry(kind).or_default().push((name.clone(), file_name(source.label, &source.id, "png")));
            files.push((name, bytes));
        }
    }
    for n in 0..ODD {
        let (blank, cut) = (free.next().context("expected more pictures")?, free.next().context("and more")?);
        let name = file_name(sources[blank].label, &format!("blank{n}"), "png");
        planted.blank.insert(name.clone());
        files.push((name, encoded(&blank_like(&gray(&sources[blank])?))?));
        let name = file_name(sources[cut].label, &format!("cut{n}"), "png");
        planted.cut.insert(name.clone());
        files.push((name, encoded(&cut_off(&gray(&sources[cut])?))?));
    }
    planted.files = files.len();
    Ok((files, planted))
}

/// A kind of copy: its name, and the file with its ending.
type Change = (&'static str, fn(&Source) -> Result<(Vec<u8>, &'static str)>);

const CHANGES: [Change; 6] = [
    ("the same file", |source| Ok((source.png.clone(), "png"))),
    ("shifted by a pixel", |source| Ok((encoded(&shifted(&gray(source)?))?, "png"))),
    ("brighter", |source| Ok((encoded(&gray(source)?.map(brighter))?, "png"))),
    ("saved as JPEG", |source| Ok((jpeg(&gray(source)?)?, "jpg"))),
    ("three quarters as large", |source| Ok((encoded(&smaller(&gray(source)?))?, "png"))),
    ("smaller, shifted, brighter and saved as JPEG", |source| {
        Ok((jpeg(&shifted(&smaller(&gray(source)?)).map(brighter))?, "jpg"))
    }),
];

fn brighter(gray: u8) -> u8 {
    70 + (u16::from(gray) * 7 / 10) as u8
}

fn smaller(picture: &GrayPicture) -> GrayPicture {
    let side = |px: u32| (px * 3 / 4).max(1);
    resize::area(picture, side(picture.width_px), side(picture.height_px))
}

/// Names that are taken, without ending.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name of its own with this label, by the same writer, where there is one: `3_20_kim-41`, for `3_20_kim-4`.
    fn free(&mut self, label: u8, id: &str, ending: &str) -> String {
        let name = PictureName { label, size: 20, id: id.to_owned() };
        let joint = if name.writer().is_some() { "" } else { "again" };
        let ids = (1..).map(|n: u32| format!("{id}{joint}{n}"));
        let free = ids.into_iter().find(|id| self.0.insert(file_name(label, id, "")));
        file_name(label, &free.unwrap_or_default(), ending)
    }
}

/// By place in `sources`: what is done, and the wrong label.
fn out_of_order(sources: &[Source]) -> BTreeMap<usize, (&'static str, u8)> {
    let mut by_writer: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, source) in sources.iter().enumerate() {
        let name = PictureName { label: source.label, size: 20, id: source.id.clone() };
        if let Some(writer) = name.writer() {
            by_writer.entry(writer.to_owned()).or_default().push(at);
        }
    }
    let mut wrong = BTreeMap::new();
    let mut large = by_writer.into_values().filter(|members| members.len() >= MIN_OF_WRITER);
    // A writer stays for the other faults.
    if let (Some(shifted), Some(swapped), Some(_)) = (large.next(), large.next(), large.next()) {
        wrong.extend(shifted.into_iter().map(|at| (at, ("all labels shifted by one", (sources[at].label + 1) % 10))));
        let sixes = swapped.into_iter().filter(|&at| matches!(sources[at].label, 6 | 9));
        wrong.extend(sixes.map(|at| (at, ("6 and 9 swapped", 15 - sources[at].label))));
    }
    wrong
}

fn file_name(label: u8, id: &str, ending: &str) -> String {
    let name = PictureName { label, size: 20, id: id.to_owned() }.png_file_name();
    format!("{}.{ending}", name.trim_end_matches(".png"))
}

fn gray(source: &Source) -> Result<GrayPicture> {
    Ok(decode_gray(&source.png, &DecodeOptions::default())?)
}

/// Shifted to the right and down by one pixel; the first row and column are there twice.
fn shifted(picture: &GrayPicture) -> GrayPicture {
    changed(picture, |x, y| at(picture, x - 1, y - 1))
}

/// Shifted to the left, so that the left third of the picture is gone, and paper comes in from the right.
fn cut_off(picture: &GrayPicture) -> GrayPicture {
    let third = i64::from(picture.width_px * 2 / 5);
    changed(picture, |x, y| at(picture, x + third, y))
}

fn blank_like(picture: &GrayPicture) -> GrayPicture {
    changed(picture, |x, y| 236 + ((x * 7 + y * 3) % 5) as u8)
}

fn changed(picture: &GrayPicture, pixel: impl Fn(i64, i64) -> u8) -> GrayPicture {
    let places = (0..picture.height_px).flat_map(|y| (0..picture.width_px).map(move |x| (i64::from(x), i64::from(y))));
    let pixels = places.map(|(x, y)| pixel(x, y)).collect();
    GrayPicture { width_px: picture.width_px, height_px: picture.height_px, pixels }
}

/// The pixel at a place, or the nearest one of the picture.
fn at(picture: &GrayPicture, x: i64, y: i64) -> u8 {
    let x = x.clamp(0, i64::from(picture.width_px) - 1) as usize;
    let y = y.clamp(0, i64::from(picture.height_px) - 1) as usize;
    picture.pixels[y * picture.width_px as usize + x]
}

fn encoded(picture: &GrayPicture) -> Result<Vec<u8>> {
    Ok(png_bytes::encode(picture.width_px, picture.height_px, Samples::Gray(&picture.pixels), Effort::Fast)?)
}

fn jpeg(picture: &GrayPicture) -> Result<Vec<u8>> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let format = libjpeg_turbo_rs::PixelFormat::Grayscale;
    libjpeg_turbo_rs::Encoder::new(&picture.pixels, width, height, format)
        .quality(QUALITY)
        .encode()
        .context("cannot encode the JPEG")
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}
