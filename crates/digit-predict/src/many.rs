//! `--many`: all digits of a picture, in reading order.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use digit_image::decode::{DecodeOptions, PageChoice, decode_rgb, pages};
use digit_image::raster::RgbPicture;
use digit_image::segment::{Area, Found, Segments, What, marked, segment};
use serde::Serialize;
use stage_cli::{Console, ExitStatus, Interrupts, columns_of, counted, for_terminal};
use stage_files::answer::{Answer, AnswerKeys};
use stage_files::output::OutputFile;
use stage_files::png_bytes::{self, Effort, Samples};
use stage_files::{json, refuse};

use crate::Predictor;
use crate::inputs::{Item, Items, Place};
use crate::output::{padded, percent};
use crate::refusal;

/// What was asked for.
pub(crate) struct Many<'a> {
    pub(crate) found: &'a Items,
    pub(crate) pages: PageChoice,
    pub(crate) max_pixels: u64,
    pub(crate) min_confidence: f32,
    /// Where the picture with its boxes goes.
    pub(crate) marked: Option<&'a Path>,
}

/// A picture or a page of it, and what was found.
struct Read {
    segments: Segments,
    picture: RgbPicture,
    /// Line by line; in the order of the segments.
    answers: Vec<Answer>,
}

#[derive(Default)]
struct Counts {
    digits: refusal::Counts,
    pictures: u64,
    unread: u64,
}

/// Reads all pictures and prints what they show.
///
/// # Errors
/// Refusals, and faults from outside. A picture that cannot be read is a line with its reason.
pub(crate) fn run(many: &Many<'_>, predictor: &Predictor, console: &Console) -> anyhow::Result<ExitStatus> {
    let files: Vec<PathBuf> = many.found.items.iter().filter_map(file_of).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let file = many.marked.map(|path| OutputFile::new("--marked", path, &files)).transpose()?;
    if file.is_some() && (many.found.items.len() > 1 || many.pages == PageChoice::All) {
        refuse!("--marked shows one picture; give one, without --pages all");
    }
    let interrupts = Interrupts::listen()?;
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    let columns = many.found.items.iter().map(|item| columns_of(&item.path)).max().unwrap_or(0).clamp(7, 60);
    if !console.is_json() {
        writeln!(stdout, "{:<columns$}  line  least confidence  digits", "picture")?;
    }
    let mut counts = Counts::default();
    for item in &many.found.items {
        if let Some(status) = interrupts.pending() {
            stdout.flush()?;
            return Ok(status);
        }
        let bytes = item.read();
        let taken = bytes.as_ref().map_or(1, |bytes| many.pages.taken(pages(bytes)));
        for page in 0..taken {
            let read = bytes.as_ref().map_err(String::clone).and_then(|bytes| look(many, predictor, bytes, page));
            let shown = (many.pages == PageChoice::All).then_some(page + 1);
            counts.add(&read);
            if console.is_json() {
                print_json(&mut stdout, &item.path, shown, &read, predictor)?;
            } else {
                print_lines(&mut stdout, (&item.path, columns), shown, &read, console)?;
            }
            if let (Some(file), Ok(read)) = (&file, &read) {
                file.write(&png(&marked(&read.picture, &read.segments, &read.labels()))?)?;
            }
        }
        stdout.flush()?;
    }
    console.note(counts.sentence(many.min_confidence));
    Ok(if counts.digits.unusable + counts.unread == 0 { ExitStatus::Done } else { ExitStatus::SomeRejected })
}

fn file_of(item: &Item) -> Option<PathBuf> {
    match &item.place {
        Place::File(path) => Some(path.clone()),
        Place::Found(picture) => Some(picture.path()),
        Place::Stdin | Place::Nowhere(_) => None,
    }
}

fn look(many: &Many<'_>, predictor: &Predictor, bytes: &[u8], page: usize) -> Result<Read, String> {
    let alpha = predictor.picture_settings().alpha;
    let options = DecodeOptions { alpha, max_pixels: many.max_pixels, page };
    let picture = decode_rgb(bytes, &options).map_err(|error| error.to_string())?;
    let segments = segment(&picture).map_err(|unfit| unfit.to_string())?;
    let mut pixels = Vec::new();
    let mut prepared: Vec<Result<(), String>> = Vec::new();
    for found in segments.lines.iter().flatten() {
        let one = match found.what {
            What::Touching => Err(TOUCHING.to_owned()),
            // As a file, so that it is read as other pictures are.
            What::Digit => predictor.prepare(&ppm(&segments.cut(&picture, found))).map_err(|why| format!("{why:#}")),
        };
        prepared.push(one.map(|own| pixels.extend(own)));
    }
    let mut predictions = predictor.predict_pixels(&pixels).map_err(|error| format!("{error:#}"))?.into_iter();
    let answers = prepared.into_iter().map(|prepared| match prepared {
        Err(reason) => Answer::Unusable(reason),
        Ok(()) => match predictions.next() {
            Some(predicted) => Answer::of(predicted, many.min_confidence),
            None => Answer::Unusable("no prediction was made of it".to_owned()),
        },
    });
    let answers = answers.collect();
    Ok(Read { segments, picture, answers })
}

const TOUCHING: &str = "touching digits: expected paper between digits; write them apart, or cut the picture by hand";

fn ppm(picture: &RgbPicture) -> Vec<u8> {
    let header = format!("P6 {} {} 255\n", picture.width_px, picture.height_px);
    [header.as_bytes(), picture.pixels.as_flattened()].concat()
}

fn png(picture: &RgbPicture) -> anyhow::Result<Vec<u8>> {
    let samples = Samples::Rgb(picture.pixels.as_flattened());
    png_bytes::encode(picture.width_px, picture.height_px, samples, Effort::Fast).context("cannot encode the PNG")
}

impl Read {
    /// What was found, each with its line and place from 1 and its answer.
    fn all(&self) -> impl Iterator<Item = (usize, usize, &Found, &Answer)> {
        let lines = self.segments.lines.iter().enumerate();
        let found =
            lines.flat_map(|(line, found)| found.iter().enumerate().map(move |(at, one)| (line + 1, at + 1, one)));
        found.zip(&self.answers).map(|((line, place, found), answer)| (line, place, found, answer))
    }

    fn labels(&self) -> Vec<Option<u8>> {
        self.answers.iter().map(Answer::label).collect()
    }
}

impl Counts {
    fn add(&mut self, read: &Result<Read, String>) {
        let Ok(read) = read else {
            self.unread += 1;
            return;
        };
        self.pictures += 1;
        read.answers.iter().for_each(|answer| self.digits.add(answer));
    }

    fn sentence(&self, min_confidence: f32) -> String {
        let mut sentence = format!(
            "digit-predict: {} labelled in {}",
            counted(self.digits.labelled, "digit"),
            counted(self.pictures, "picture")
        );
        if min_confidence > 0.0 {
            sentence = format!("{sentence}, {} refused below confidence {min_confidence}", self.digits.refused);
        }
        let unread = counted(self.unread, "picture");
        format!("{sentence}, {} could not be used, {unread} could not be read", counted(self.digits.unusable, "digit"))
    }
}

/// Every line has all keys; `page` is a key with `--pages all`.
#[derive(Serialize)]
struct JsonLine<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
    line: Option<usize>,
    place: Option<usize>,
    r#box: Option<JsonBox>,
    #[serde(flatten)]
    answer: AnswerKeys<'a>,
}

#[derive(Serialize)]
struct JsonBox {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl From<&Area> for JsonBox {
    fn from(area: &Area) -> Self {
        Self { left: area.left, top: area.top, width: area.width_px, height: area.height_px }
    }
}

fn print_json(
    out: &mut impl Write,
    path: &str,
    page: Option<usize>,
    read: &Result<Read, String>,
    predictor: &Predictor,
) -> anyhow::Result<()> {
    let labels = predictor.labels();
    let read = match read {
        Ok(read) => read,
        Err(reason) => {
            let unread = Answer::Unusable(reason.clone());
            let line = JsonLine { path, page, line: None, place: None, r#box: None, answer: unread.keys(labels) };
            writeln!(out, "{}", json::to_line(&line)?)?;
            return Ok(());
        }
    };
    for (line, place, found, answer) in read.all() {
        let line = JsonLine {
            path,
            page,
            line: Some(line),
            place: Some(place),
            r#box: Some((&found.area).into()),
            answer: answer.keys(labels),
        };
        writeln!(out, "{}", json::to_line(&line)?)?;
    }
    Ok(())
}

/// A line of the table for each line of writing; `?` stands for what has no label, and a warning says why.
fn print_lines(
    out: &mut impl Write,
    (path, columns): (&str, usize),
    page: Option<usize>,
    read: &Result<Read, String>,
    console: &Console,
) -> anyhow::Result<()> {
    let page = page.map_or_else(String::new, |page| format!(", page {page}"));
    let shown = padded(&format!("{}{page}", for_terminal(path)), columns);
    let read = match read {
        Ok(read) => read,
        Err(reason) => {
            writeln!(out, "{shown}  {:>4}  {:>16}  {}", "-", "-", for_terminal(reason))?;
            return Ok(());
        }
    };
    for line in 1..=read.segments.lines.len() {
        let answers = || read.all().filter(|(own, ..)| *own == line).map(|(.., answer)| answer);
        let digits: String = answers().map(|one| one.label().map_or('?', |label| char::from(b'0' + label))).collect();
        let confidences = answers().filter_map(Answer::prediction).map(|prediction| prediction.confidence);
        let least = confidences.reduce(f32::min).map_or_else(|| "-".to_owned(), percent);
        writeln!(out, "{shown}  {line:>4}  {least:>16}  {digits}")?;
    }
    for (line, place, found, answer) in read.all() {
        if let Answer::Unusable(reason) = answer {
            let Area { left, top, width_px, height_px } = found.area;
            console.warn(format!(
                "{shown}: line {line}, place {place} (column {left}, row {top}, {width_px} x {height_px} pixels): {reason}"
            ));
        }
    }
    Ok(())
}
