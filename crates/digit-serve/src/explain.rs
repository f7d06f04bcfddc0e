//! `POST /explain`: what each preprocessing step made of a picture, what the network saw, and its answer.

use digit_image::preprocess::{Image, STEPS};
use digit_image::raster::GrayPicture;
use hyper::body::Bytes;
use serde::Serialize;
use stage_files::answer::{Answer, AnswerKeys};

use crate::picture::shown;
use crate::reply::{Fault, Reply, json_reply};
use crate::server::Server;

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

/// The explanation of a picture.
///
/// # Errors
/// A [`Fault`] when the body is empty or a picture cannot be encoded.
pub(crate) fn explain(server: &Server, bytes: &Bytes) -> Result<Reply, Fault> {
    if bytes.is_empty() {
        return Err(Fault::bad("expected a picture as the body, found nothing"));
    }
    let in_use = server.in_use();
    let inside = |error: anyhow::Error| Fault::inside(&error);
    // The same call as for a prediction, so that both say the same.
    let prepared = in_use.model.prepare(bytes);
    let mut stages: Vec<anyhow::Result<Stage>> = Vec::new();
    let mut before: Option<Image> = None;
    let traced = in_use.reader.read_page_seen(bytes, 0, server.max_pixels, |step, image| {
        let name = step.map_or("decoded", |step| step.name());
        let changed = before.as_ref().is_none_or(|before| !are_alike(before, image));
        stages.push(shown(image).map(|png| stage(name, changed, image, png)));
        before = Some(image.clone());
    });
    // A labelled picture is prepared already: no step is taken.
    if traced.is_ok_and(|traced| prepared.as_ref().is_ok_and(|prepared| *prepared != traced.pixels)) {
        stages.truncate(1);
    }
    let stages = stages.into_iter().collect::<anyhow::Result<Vec<Stage>>>().map_err(inside)?;
    let canvas = in_use.model.picture_settings().canvas;
    let seen =
        prepared.as_ref().ok().and_then(|pixels| GrayPicture::new(canvas.width_px, canvas.height_px, pixels.clone()));
    let seen = seen.map(|seen| shown(&Image::Gray(seen))).transpose().map_err(inside)?;
    let predicted = match prepared {
        Err(reason) => Err(reason),
        Ok(pixels) => {
            let first = in_use.model.predict(&pixels).map_err(inside)?.pop();
            first.unwrap_or_else(|| Err("no prediction".to_owned()))
        }
    };
    server.count(1);
    let answer = Answer::of(predicted, server.min_confidence);
    json_reply(&Explanation { answer: answer.keys(in_use.model.labels()), stages, seen })
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
