//! What each preprocessing step made of a picture, what the network saw, and its answer.

use digit_image::preprocess::{Image, STEPS};
use digit_image::raster::GrayPicture;
use serde::Serialize;
use stage_files::answer::AnswerKeys;
use stage_files::json::to_line;

use crate::model::{InUse, Picture};
use crate::shown::shown;

/// The picture after a step.
#[derive(Serialize)]
struct Stage {
    /// The step; `decoded` for the picture as it is in the file.
    name: &'static str,
    about: &'static str,
    /// Whether the step did anything.
    changed: bool,
    width_px: u32,
    height_px: u32,
    /// PNG in Base64, shrunk if it is large.
    png: String,
}

#[derive(Serialize)]
struct Explanation<'a> {
    answer: AnswerKeys<'a>,
    stages: Vec<Stage>,
    /// What the network saw, pixel for pixel; none if a step refused the picture.
    seen: Option<String>,
}

/// The explanation of a picture in JSON: `{"answer":{..},"stages":[{"name":..,"png":..},..],"seen":..}`. A file with
/// more than `max_pixels` is not decoded.
///
/// # Errors
/// A fault of the network, or of the encoder of pictures.
pub fn explained(in_use: &InUse, picture: Picture<'_>, max_pixels: u64, min_confidence: f32) -> anyhow::Result<String> {
    // The same call as for a prediction, so that both say the same.
    let prepared = in_use.prepare(picture);
    let mut stages: Vec<anyhow::Result<Stage>> = Vec::new();
    let mut before: Option<Image> = None;
    let seen = |step: Option<&digit_image::preprocess::Step>, image: &Image| {
        let name = step.map_or("decoded", |step| step.name());
        let changed = before.as_ref().is_none_or(|before| !are_alike(before, image));
        stages.push(shown(image).map(|png| stage(name, changed, image, png)));
        before = Some(image.clone());
    };
    let traced = match picture {
        Picture::File(bytes) => in_use.reader.read_page_seen(bytes, 0, max_pixels, seen),
        Picture::Canvas { width_px, height_px, rgba } => in_use.reader.read_rgba_seen(width_px, height_px, rgba, seen),
    };
    // A labelled picture is prepared already: no step is taken.
    if traced.is_ok_and(|traced| prepared.as_ref().is_ok_and(|prepared| *prepared != traced.pixels)) {
        stages.truncate(1);
    }
    let stages = stages.into_iter().collect::<anyhow::Result<Vec<Stage>>>()?;
    let canvas = in_use.model.picture_settings().canvas;
    let seen =
        prepared.as_ref().ok().and_then(|pixels| GrayPicture::new(canvas.width_px, canvas.height_px, pixels.clone()));
    let seen = seen.map(|seen| shown(&Image::Gray(seen))).transpose()?;
    let answer = in_use.answer(prepared, min_confidence)?;
    Ok(to_line(&Explanation { answer: answer.keys(in_use.model.labels()), stages, seen })?)
}

/// Whether two pictures look the same; one of them may be gray and the other coloured.
fn are_alike(before: &Image, after: &Image) -> bool {
    match (before, after) {
        (Image::Rgb(before), Image::Gray(after)) => {
            (before.width_px, before.height_px) == (after.width_px, after.height_px)
                && before.pixels.iter().zip(&after.pixels).all(|(rgb, gray)| rgb == &[*gray; 3])
        }
        (before, after) => before == after,
    }
}

fn stage(name: &'static str, changed: bool, image: &Image, png: String) -> Stage {
    let about = STEPS.iter().find(|kind| kind.name == name).map_or("", |kind| kind.about);
    let (width_px, height_px) = match image {
        Image::Gray(gray) => (gray.width_px, gray.height_px),
        Image::Rgb(rgb) => (rgb.width_px, rgb.height_px),
    };
    Stage { name, about, changed, width_px, height_px, png }
}
