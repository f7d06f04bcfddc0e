//! Drawn digits under hard conditions, to try preprocessing on and to show it in the documentation:
//!
//! ```text
//! digit-lab hard-pictures hard --steps docs/preprocessing
//! digit-labeler hard hard-labelled --labels 0-9 --preprocess standard --explain hard-explained
//! ```

use std::path::Path;

use anyhow::{Context, Result};
use digit_image::preprocess::{Image, Pipeline, Unfit};
use digit_image::raster::RgbPicture;
use digit_source::draw::Picture;
use stage_files::picture::Canvas;

use crate::sheet::{Colour, Cover, Sheet};

/// Random seed of the drawings.
const SEED: u64 = 1;
/// Side of the pictures, in pixels.
const SIDE: usize = 160;

const WHITE: Colour = [252.0, 252.0, 250.0];
const NIGHT: Colour = [30.0, 30.0, 40.0];

/// Writes the pictures, and into `shown` what each step makes of one that needs it, before and after side by side, and
/// pictures that are refused.
pub(crate) fn write(folder: &Path, shown: Option<&Path>) -> Result<()> {
    fs_err::create_dir_all(folder)?;
    for (place, (name, paper, ink, change)) in CONDITIONS.iter().enumerate() {
        let label = (place % 10) as u8;
        let mut sheet = drawn(label, place as u32, *paper, *ink)?;
        change(&mut sheet);
        fs_err::write(folder.join(format!("{label}_20_{name}-{place}.png")), sheet.picture().to_png()?)?;
        if let (Some(shown), Some((_, steps))) = (shown, SHOWN.iter().find(|(condition, _)| condition == name)) {
            before_and_after(shown, &sheet, steps)?;
        }
    }
    shown.map_or(Ok(()), refused)
}

/// Which steps are shown on which picture: what is before the last one is done first.
const SHOWN: [(&str, &str); 12] = [
    ("red-on-green", "limit:megapixels=0.01"),
    ("cell-on-canvas", "limit,crop"),
    ("few-pixels", "limit,enlarge"),
    ("shadow", "limit,ink"),
    ("ruled", "limit,ink,lines"),
    ("frame", "limit,ink,frame"),
    ("specks", "limit,ink,specks"),
    ("fat", "limit,ink,slim"),
    ("slanted", "limit,ink,deskew"),
    ("corner", "limit,ink,fit"),
    ("blue-pen", "limit,ink,deskew,fit,thickness"),
    ("chalk", "limit,ink,canny"),
];

/// Writes what the last step gets and what it gives, both as high as the sheet.
fn before_and_after(folder: &Path, sheet: &Sheet, list: &str) -> Result<()> {
    let steps = Pipeline::parse(list).map_err(anyhow::Error::msg)?;
    let last = steps.as_slice().last().context("an empty list")?.name();
    let mut stages = vec![image_of(sheet)];
    let made = steps.apply(Canvas::DEFAULT, stages[0].clone(), |_, image| stages.push(image.clone()));
    made.map_err(|unfit| anyhow::anyhow!("{list}: {unfit}"))?;
    let [.., before, after] = stages.as_slice() else { anyhow::bail!("{list}: no step") };
    side_by_side(&folder.join(format!("{last}.png")), &[before, after])
}

/// Writes pictures that `single` refuses: several digits, one cut by the border, nothing but specks.
fn refused(folder: &Path) -> Result<()> {
    let mut several = Sheet::new(SIDE, SIDE, WHITE);
    for (label, left) in [(3, SIDE / 16), (7, SIDE / 2 + SIDE / 16)] {
        let digit = Cover::drawn(label, 40, 0, SEED)?.cut().stretched(SIDE * 3 / 8, SIDE * 3 / 4);
        for (at, &cover) in digit.ink.iter().enumerate() {
            several.lay((SIDE / 8 + at / digit.width) * SIDE + left + at % digit.width, NIGHT, cover);
        }
    }
    let mut cut = drawn(0, 0, WHITE, NIGHT)?;
    cut.moved(|x, y| (1.5 * x + 0.6, 1.5 * y - 0.25));
    let mut specks = Sheet::new(SIDE, SIDE, WHITE);
    specks.bar((SIDE / 2, SIDE / 3), (SIDE / 2 + 6, SIDE / 3 + 6), NIGHT);
    let steps = Pipeline::parse("limit,ink,single").map_err(anyhow::Error::msg)?;
    let expected: [fn(&Unfit) -> bool; 3] = [
        |unfit| matches!(unfit, Unfit::SeveralDigits { count: 2 }),
        |unfit| matches!(unfit, Unfit::CutAtBorder { .. }),
        |unfit| matches!(unfit, Unfit::OnlySpecks),
    ];
    let images = [several, cut, specks].map(|sheet| image_of(&sheet));
    side_by_side(&folder.join("single.png"), &images.each_ref())?;
    for (place, (image, expected)) in images.iter().zip(expected).enumerate() {
        let made = steps.apply(Canvas::DEFAULT, image.clone(), |_, _| ());
        anyhow::ensure!(made.as_ref().is_err_and(expected), "picture {place} of single.png: {:?}", made.err());
    }
    Ok(())
}

fn image_of(sheet: &Sheet) -> Image {
    let picture = sheet.picture();
    let pixels = picture.rgb.as_chunks().0.to_vec();
    Image::Rgb(RgbPicture { width_px: picture.width_px, height_px: picture.height_px, pixels })
}

/// Writes pictures in a row, all as high as a sheet, on gray, so that the edges of white ones are seen.
fn side_by_side(path: &Path, images: &[&Image]) -> Result<()> {
    let gap = SIDE / 16;
    let width = images.len() * (SIDE + gap) + gap;
    let mut rgb = vec![[190_u8; 3]; width * (SIDE + 2 * gap)];
    for (place, image) in images.iter().enumerate() {
        for (y, x) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (y, x))) {
            rgb[(gap + y) * width + gap + place * (SIDE + gap) + x] = sample(image, x, y);
        }
    }
    let picture =
        Picture { width_px: width as u32, height_px: (SIDE + 2 * gap) as u32, rgb: rgb.as_flattened().to_vec() };
    fs_err::create_dir_all(path.parent().context("no folder")?)?;
    Ok(fs_err::write(path, picture.to_png()?)?)
}

/// The nearest pixel of a picture stretched to the sheet's height and cut or widened with white to its width.
fn sample(image: &Image, x: usize, y: usize) -> [u8; 3] {
    let (width, height) = match image {
        Image::Rgb(picture) => (picture.width_px as usize, picture.height_px as usize),
        Image::Gray(picture) => (picture.width_px as usize, picture.height_px as usize),
    };
    let (left, at_y) = ((width * SIDE / height) as i64 / 2 - SIDE as i64 / 2, y * height / SIDE);
    let at_x = ((x as i64 + left) * height as i64).div_euclid(SIDE as i64);
    match usize::try_from(at_x).ok().filter(|&at_x| at_x < width) {
        None => [255; 3],
        Some(at_x) => match image {
            Image::Rgb(picture) => picture.pixels[at_y * width + at_x],
            Image::Gray(picture) => [picture.pixels[at_y * width + at_x]; 3],
        },
    }
}

/// Name, colour of paper and of ink, what happens to the sheet.
type Condition = (&'static str, Colour, Colour, fn(&mut Sheet));

const CONDITIONS: [Condition; 18] = [
    ("blue-pen", WHITE, [70.0, 90.0, 200.0], |_| ()),
    ("pencil", [235.0, 233.0, 228.0], [185.0, 185.0, 185.0], |_| ()),
    ("yellow-on-white", WHITE, [250.0, 235.0, 80.0], |_| ()),
    ("red-on-green", [60.0, 170.0, 60.0], [220.0, 87.0, 60.0], |_| ()),
    ("chalk", [25.0, 45.0, 35.0], [235.0, 235.0, 225.0], |_| ()),
    ("shadow", [240.0, 236.0, 228.0], NIGHT, |sheet| {
        sheet.change(|x, y, sample| sample * (1.0 - 0.5 * x - 0.2 * y) * if x + 0.3 * y > 0.7 { 0.75 } else { 1.0 });
    }),
    ("noise", [200.0, 196.0, 188.0], NIGHT, |sheet| {
        let mut state = 1_u64;
        sheet.change(|_, _, sample| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sample + (state >> 40) as f64 / f64::from(1 << 24) * 30.0 - 15.0
        });
    }),
    ("ruled", WHITE, NIGHT, |sheet| {
        (1..6).for_each(|line| sheet.bar((0, line * 30 - 8), (SIDE, line * 30 - 6), [140.0, 165.0, 225.0]));
    }),
    ("frame", WHITE, [60.0, 80.0, 190.0], |sheet| {
        sheet.bar((0, 0), (SIDE, 4), [225.0, 70.0, 70.0]);
        sheet.bar((SIDE - 3, 0), (SIDE, SIDE), [150.0; 3]);
        sheet.bar((0, SIDE - 5), (SIDE * 2 / 3, SIDE - 2), [60.0; 3]);
    }),
    ("specks", WHITE, NIGHT, |sheet| {
        for (x, y) in [(8, 12), (20, 140), (148, 30), (140, 150), (76, 4)] {
            sheet.bar((x, y), (x + 3, y + 3), NIGHT);
        }
    }),
    ("dithered", WHITE, [120.0; 3], |sheet| {
        let mut at = 0_usize;
        sheet.change(|_, _, sample| {
            at += 1;
            // A chessboard of thresholds, as old scanners had.
            let (x, y) = (at / 3 % SIDE, at / 3 / SIDE);
            if sample < [110.0, 180.0, 150.0, 220.0][2 * (y % 2) + x % 2] { 0.0 } else { 255.0 }
        });
    }),
    ("faint", [250.0, 249.0, 246.0], [225.0, 226.0, 238.0], |_| ()),
    ("slanted", WHITE, NIGHT, |sheet| sheet.moved(|x, y| (x + 0.5 * (y - 0.5), y))),
    ("corner", WHITE, NIGHT, |sheet| sheet.moved(|x, y| (2.4 * x - 0.1, 2.4 * y - 1.2))),
    ("cell-on-canvas", [214.0, 210.0, 200.0], NIGHT, |sheet| {
        for at in [22, SIDE - 24] {
            sheet.bar((20, at), (SIDE - 20, at + 2), [90.0; 3]);
            sheet.bar((at, 20), (at + 2, SIDE - 20), [90.0; 3]);
        }
        sheet.change_pixels(|x, y| {
            (!(20..SIDE - 20).contains(&x) || !(20..SIDE - 20).contains(&y)).then_some([255.0; 3])
        });
    }),
    ("few-pixels", WHITE, NIGHT, |sheet| *sheet = sheet.shrunk(8)),
    ("fat", WHITE, NIGHT, |sheet| sheet.fattened(7)),
    ("shadow-edge", [226.0, 220.0, 210.0], NIGHT, |sheet| {
        sheet.moved(|x, y| (2.0 * x - 0.55, 2.0 * y - 0.5));
        sheet.change(|x, y, sample| if x + 0.4 * y > 0.75 { 0.55 * sample } else { sample });
    }),
];

/// A digit of a drawn writer, its ink and paper in other colours, on a sheet of the usual size.
fn drawn(label: u8, n: u32, paper: Colour, ink: Colour) -> Result<Sheet> {
    let cover = Cover::drawn(label, 40 + n, n, SEED)?.stretched(SIDE, SIDE);
    let mut sheet = Sheet::new(SIDE, SIDE, paper);
    cover.ink.iter().enumerate().for_each(|(at, &cover)| sheet.lay(at, ink, cover));
    Ok(sheet)
}
