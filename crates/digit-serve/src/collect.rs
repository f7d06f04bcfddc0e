//! `POST /collect`: one drawn digit into `{writer}/{label}/0001.png`, its strokes into `{writer}/strokes.ndjson`.
//!
//! ```text
//! {"writer": "kim", "label": 3, "png": "iVBORw0KGgo..", "strokes": [{"x": [..], "y": [..], "t": [..]}, ..]}
//! {"picture": "kim/3/0001.png", "undo": "9f2c.."}
//! ```
//!
//! A line of `strokes.ndjson` has the keys of Quick, Draw!'s raw files and the picture that it belongs to:
//! `{"word": "3", "picture": "3/0001.png", "drawing": [[[x, ..], [y, ..], [t, ..]], ..]}`, `x` and `y` in pixels of the
//! drawing, `t` in milliseconds since its first point; a pen adds its pressure from 0 to 1 as a fourth list.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use digit_image::decode::{DecodeOptions, decode_gray};
use digit_image::format::{Format, sniff};
use hyper::StatusCode;
use hyper::body::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stage_files::json::to_line;
use stage_files::output::Collection;

use crate::address::fill_random;
use crate::picture::decoded;
use crate::reply::{Fault, Reply, json_reply};
use crate::writer_name;

/// Digits that are taken while the server runs: a class does not draw as many, a program does.
const MAX_PICTURES: usize = 50_000;
/// Longest side of a drawing, in pixels.
const MAX_SIDE_PX: u64 = 1024;
/// Points of a drawing.
const MAX_POINTS: usize = 20_000;
/// The file with the strokes of a writer.
const STROKES_FILE: &str = "strokes.ndjson";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawn {
    writer: String,
    label: u8,
    png: String,
    #[serde(default)]
    strokes: Vec<Stroke>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stroke {
    x: Vec<f32>,
    y: Vec<f32>,
    t: Vec<f32>,
    p: Option<Vec<f32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undo {
    undo: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    writer: String,
}

#[derive(Serialize)]
struct Line<'a> {
    word: String,
    picture: &'a str,
    drawing: Vec<Vec<&'a [f32]>>,
}

/// The key of the picture in a line.
#[derive(Deserialize)]
struct OfPicture {
    picture: String,
}

/// A picture that this server wrote and that its page may take back.
struct Written {
    name: String,
    sha256: String,
}

/// The folder of collected digits.
pub(crate) struct Collected {
    folder: Collection,
    /// By the key that the client got.
    written: Mutex<HashMap<String, Written>>,
}

impl Collected {
    /// Opens, or makes, the folder.
    ///
    /// # Errors
    /// As [`Collection::open`].
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { folder: Collection::open(folder)?, written: Mutex::default() })
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.root()
    }

    fn written(&self) -> MutexGuard<'_, HashMap<String, Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a digit.
    ///
    /// # Errors
    /// A [`Fault`]: not as described, no picture, an empty one, a name that is none; the disk is full.
    pub(crate) fn add(&self, bytes: &Bytes) -> Result<Reply, Fault> {
        let (drawn, png) = checked(bytes).map_err(Fault::bad)?;
        let writer = drawn.writer.as_str();
        if self.written().len() >= MAX_PICTURES {
            let text = format!("{MAX_PICTURES} digits were collected; start the server anew to go on");
            return Err(Fault::new(StatusCode::TOO_MANY_REQUESTS, text));
        }
        let inside = |error: anyhow::Error| Fault::inside(&error);
        let mut key = [0; 16];
        fill_random(&mut key).map_err(inside)?;
        let key = format!("{:032x}", u128::from_be_bytes(key));
        let added = self.folder.add_numbered(&[writer, &drawn.label.to_string()], "png", &png).map_err(inside)?;
        let written = Written { name: added, sha256: stage_files::digest::sha256_hex(&png) };
        let picture = written.name.strip_prefix(writer).and_then(|name| name.strip_prefix('/')).unwrap_or_default();
        if !drawn.strokes.is_empty() {
            let line = strokes_line(&drawn, picture).map_err(|error| Fault::bad(error.to_string()))?;
            self.folder.append_line(&[writer, STROKES_FILE], &line).map_err(inside)?;
        }
        let reply = json_reply(&json!({ "picture": written.name, "undo": key }))?;
        self.written().insert(key, written);
        Ok(reply)
    }

    /// Takes back a digit that this server wrote, if its file is as it was written.
    ///
    /// # Errors
    /// A [`Fault`]: not as described, an unknown key, an altered file.
    pub(crate) fn undo(&self, bytes: &Bytes) -> Result<Reply, Fault> {
        let undo: Undo = parsed(bytes).map_err(Fault::bad)?;
        let inside = |error: anyhow::Error| Fault::inside(&error);
        let Some(written) = self.written().remove(&undo.undo) else {
            return Err(Fault::new(
                StatusCode::NOT_FOUND,
                "this digit was not collected by this server, or was taken back",
            ));
        };
        if !self.folder.take_back(&written.name, &written.sha256).map_err(inside)? {
            return Err(Fault::new(StatusCode::CONFLICT, format!("{} has changed since; it stays", written.name)));
        }
        if let Some((writer, picture)) = written.name.split_once('/') {
            let is_of_it =
                |line: &str| serde_json::from_str::<OfPicture>(line).is_ok_and(|line| line.picture == picture);
            self.folder.remove_lines(&[writer, STROKES_FILE], is_of_it).map_err(inside)?;
        }
        json_reply(&json!({ "picture": written.name }))
    }

    /// How many pictures of each digit a writer has.
    ///
    /// # Errors
    /// A [`Fault`]: not as described, a name that is none.
    pub(crate) fn counts(&self, bytes: &Bytes) -> Result<Reply, Fault> {
        let who: Who = parsed(bytes).map_err(Fault::bad)?;
        let writer = writer_name::check(&who.writer).map_err(Fault::bad)?;
        let mut counts = serde_json::Map::new();
        for label in 0..=9_u8 {
            let count = self.folder.count_numbered(&[writer, &label.to_string()], "png");
            counts.insert(label.to_string(), count.map_err(|error| Fault::inside(&error))?.into());
        }
        json_reply(&json!({ "writer": writer, "counts": counts }))
    }
}

/// The line of `strokes.ndjson` for the body of `POST /collect`, as the server writes it. This is for tests.
///
/// # Errors
/// What is wrong with the body.
pub fn collected_strokes(bytes: &[u8]) -> Result<String, String> {
    let (drawn, _) = checked(bytes)?;
    strokes_line(&drawn, "0001.png").map_err(|error| error.to_string())
}

/// A drawn digit and the bytes of its picture, both as they should be.
fn checked(bytes: &[u8]) -> Result<(Drawn, Vec<u8>), String> {
    let drawn: Drawn = parsed(bytes)?;
    writer_name::check(&drawn.writer)?;
    if drawn.label > 9 {
        return Err(format!("expected a label from 0 to 9, found {}", drawn.label));
    }
    let png = decoded(&drawn.png)?;
    check_picture(&png)?;
    check_strokes(&drawn.strokes)?;
    Ok((drawn, png))
}

fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("the request is not as expected: {error}"))
}

/// A PNG of sensible size with something on it.
fn check_picture(bytes: &[u8]) -> Result<(), String> {
    if sniff(bytes) != Some(Format::Png) {
        return Err("expected a PNG".to_owned());
    }
    let options = DecodeOptions { max_pixels: MAX_SIDE_PX * MAX_SIDE_PX, ..DecodeOptions::default() };
    let picture = decode_gray(bytes, &options).map_err(|error| error.to_string())?;
    let first = picture.pixels.first();
    if picture.pixels.iter().all(|pixel| Some(pixel) == first) {
        return Err("the drawing is empty; draw a digit".to_owned());
    }
    Ok(())
}

fn check_strokes(strokes: &[Stroke]) -> Result<(), String> {
    let points: usize = strokes.iter().map(|stroke| stroke.x.len()).sum();
    if points > MAX_POINTS {
        return Err(format!("{points} points; expected at most {MAX_POINTS}"));
    }
    let is_whole = |stroke: &Stroke| {
        let rest = [Some(&stroke.y), Some(&stroke.t), stroke.p.as_ref()];
        let mut rest = rest.into_iter().flatten();
        rest.all(|list| list.len() == stroke.x.len())
    };
    if strokes.iter().all(is_whole) { Ok(()) } else { Err("a stroke has lists of different lengths".to_owned()) }
}

fn strokes_line(drawn: &Drawn, picture: &str) -> serde_json::Result<String> {
    fn lists(stroke: &Stroke) -> Vec<&[f32]> {
        let lists = [Some(&stroke.x), Some(&stroke.y), Some(&stroke.t), stroke.p.as_ref()];
        lists.into_iter().flatten().map(Vec::as_slice).collect()
    }
    to_line(&Line { word: drawn.label.to_string(), picture, drawing: drawn.strokes.iter().map(lists).collect() })
}
