//! The pages of a PDF from a scanner or copier, each as a picture: the images on it, laid where the page puts them.
//!
//! Only images are read: JPEG, JPEG 2000, JBIG2, fax, deflate and the other filters of PDF. A scan consists of nothing
//! else, but for invisible text. Text and lines that are drawn, as on a form that nobody has filled in, stay unread.

mod image;
mod proportion;
#[cfg(test)]
mod tests;

use digit_image::raster::RgbPicture;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::stream::Stream;
use hayro_syntax::object::{Dict, Name, Number};
use hayro_syntax::page::{Page, Resources};
use hayro_syntax::{LoadPdfError, Pdf};
use stage_files::panic_guard::guarded;

use image::Source;
use proportion::{is_content_packed_once, is_packed_once};

/// Forms within forms are followed so deep.
const MOST_DEPTH: u32 = 8;
/// More images on a page are no scan.
const MOST_IMAGES: usize = 4096;
/// Nor are more forms. A form may draw another one many times, and that one, too.
const MOST_FORMS: usize = 4096;
/// Nor is more of what they say, in bytes.
const MOST_FORM_BYTES: usize = 1 << 24;
/// What is said of a part of a page that is not read.
const DAMAGED_PART: &str = "a part of the page is damaged; scan it again";

/// Coefficients as in PDF: `x' = a x + c y + e`, `y' = b x + d y + f`.
type Matrix = [f64; 6];

/// Whether these bytes are a PDF. Some scanners put bytes before its header.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// A PDF.
pub struct PdfPages {
    pdf: Pdf,
}

impl PdfPages {
    /// Reads the structure of a PDF.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(bytes: Vec<u8>) -> Result<Self, String> {
        match guarded(|| Pdf::new(bytes)) {
            Some(Ok(pdf)) => Ok(Self { pdf }),
            Some(Err(LoadPdfError::Decryption(_))) => {
                Err("the PDF is encrypted: expected one without a password; save it without".to_owned())
            }
            Some(Err(LoadPdfError::Invalid)) | None => {
                Err("the PDF is damaged or cut off: its pages are not found; scan or copy it again".to_owned())
            }
        }
    }

    /// The number of its pages.
    pub fn count(&self) -> usize {
        guarded(|| self.pdf.pages().len()).unwrap_or(0)
    }

    /// A page, from 0, with as many pixels as its finest image.
    ///
    /// # Errors
    /// What is on the page instead of a scan.
    pub fn page(&self, number: usize, max_pixels: u64) -> Result<RgbPicture, String> {
        guarded(|| {
            let page = self.pdf.pages().get(number).ok_or("the page is not found")?;
            picture_of(page, max_pixels)
        })
        .unwrap_or_else(|| Err("the decoder failed on what the page holds; scan it to TIFF, PNG or JPEG".to_owned()))
    }
}

/// An image and where it lies: its unit square on the page, in points, rows downwards.
struct Placed {
    source: Source,
    matrix: Matrix,
}

fn picture_of(page: &Page<'_>, max_pixels: u64) -> Result<RgbPicture, String> {
    let mut placed = Vec::new();
    if !is_content_packed_once(page) {
        return Err(DAMAGED_PART.to_owned());
    }
    let mut walk = Walk { placed: &mut placed, forms: 0, form_bytes: 0, pixels: 0, max_pixels };
    walk.content(page.typed_operations(), page.resources(), page.initial_transform(true).as_coeffs(), 0)?;
    let (width, height) = page.render_dimensions();
    let finest = placed.iter().map(Placed::pixels_a_point).fold(0.0, f64::max);
    if finest == 0.0 {
        return Err("the page has no image: expected a scan or photograph of a filled sheet".to_owned());
    }
    let (width_px, height_px) = ((f64::from(width) * finest).round(), (f64::from(height) * finest).round());
    if width_px < 1.0 || height_px < 1.0 || width_px * height_px > max_pixels as f64 {
        return Err(format!(
            "the page has {width_px} x {height_px} pixels, expected at most {max_pixels}; raise --max-pixels"
        ));
    }
    let (width_px, height_px) = (width_px as u32, height_px as u32);
    let pixels = vec![[255; 3]; width_px as usize * height_px as usize];
    let mut canvas = RgbPicture { width_px, height_px, pixels };
    for one in &placed {
        one.lay(&mut canvas, finest);
    }
    Ok(canvas)
}

struct Walk<'w> {
    placed: &'w mut Vec<Placed>,
    forms: usize,
    form_bytes: usize,
    /// Those of all images.
    pixels: u64,
    max_pixels: u64,
}

impl Walk<'_> {
    fn content(
        &mut self,
        mut operations: TypedIter<'_>,
        resources: &Resources<'_>,
        start: Matrix,
        depth: u32,
    ) -> Result<(), String> {
        let (mut matrix, mut ink, mut saved) = (start, [0_u8; 3], Vec::new());
        while let Some(operation) = operations.next() {
            match operation {
                TypedInstruction::SaveState(_) => saved.push((matrix, ink)),
                TypedInstruction::RestoreState(_) => (matrix, ink) = saved.pop().unwrap_or((matrix, ink)),
                TypedInstruction::Transform(t) => {
                    matrix = product(&matrix, &[&t.0, &t.1, &t.2, &t.3, &t.4, &t.5].map(Number::as_f64));
                }
                TypedInstruction::NonStrokeColorDeviceGray(gray) => ink = [sample(gray.0.as_f64()); 3],
                TypedInstruction::NonStrokeColorDeviceRgb(rgb) => {
                    ink = [&rgb.0, &rgb.1, &rgb.2].map(|number| sample(number.as_f64()));
                }
                TypedInstruction::InlineImage(image) => self.image(image.0, resources, matrix, ink)?,
                TypedInstruction::XObject(name) => {
                    let Some(stream) = resources.get_x_object(name.0) else { continue };
                    match stream.dict().get::<Name<'_>>("Subtype").as_ref().map(Name::as_str) {
                        Some("Image") => self.image(&stream, resources, matrix, ink)?,
                        Some("Form") if depth < MOST_DEPTH => self.form(&stream, resources, matrix, depth)?,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn form(&mut self, stream: &Stream<'_>, outer: &Resources<'_>, matrix: Matrix, depth: u32) -> Result<(), String> {
        let dict = stream.dict();
        let own = dict.get::<[f64; 6]>("Matrix").unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        self.forms += 1;
        if self.forms > MOST_FORMS || !is_packed_once(stream) {
            return Err(DAMAGED_PART.to_owned());
        }
        let bytes = stream.decoded_data().map_err(|_| DAMAGED_PART)?;
        self.form_bytes += bytes.len();
        if self.form_bytes > MOST_FORM_BYTES {
            return Err(DAMAGED_PART.to_owned());
        }
        let resources = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        let resources = resources.as_ref().unwrap_or(outer);
        self.content(TypedIter::new(&bytes), resources, product(&matrix, &own), depth + 1)
    }

    fn image(
        &mut self,
        stream: &Stream<'_>,
        resources: &Resources<'_>,
        matrix: Matrix,
        ink: [u8; 3],
    ) -> Result<(), String> {
        if self.placed.len() >= MOST_IMAGES {
            return Err(format!("the page has more than {MOST_IMAGES} images: expected a scan; scan it again"));
        }
        let source = Source::decode(stream, resources, ink, self.max_pixels)?;
        self.pixels += source.count();
        if self.pixels > self.max_pixels {
            return Err(format!(
                "the images of the page have {} pixels together, expected at most {}; raise --max-pixels",
                self.pixels, self.max_pixels
            ));
        }
        self.placed.push(Placed { source, matrix });
        Ok(())
    }
}

impl Placed {
    fn pixels_a_point(&self) -> f64 {
        let [a, b, c, d, ..] = self.matrix;
        let across = f64::from(self.source.width_px) / a.hypot(b).max(1e-9);
        let down = f64::from(self.source.height_px) / c.hypot(d).max(1e-9);
        let is_seen = a.hypot(b) > 1e-3 && c.hypot(d) > 1e-3;
        if is_seen { across.max(down) } else { 0.0 }
    }

    /// Lays the image on the page, whose points have `scale` pixels.
    fn lay(&self, canvas: &mut RgbPicture, scale: f64) {
        let [a, b, c, d, e, f] = self.matrix.map(|value| value * scale);
        let whole = a * d - b * c;
        if whole.abs() < 1e-9 {
            return;
        }
        let corners =
            [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(u, v)| (a * u + c * v + e, b * u + d * v + f));
        let reach = |pick: fn(&(f64, f64)) -> f64, side: u32| {
            let low = corners.iter().map(pick).fold(f64::MAX, f64::min).floor().clamp(0.0, f64::from(side));
            let high = corners.iter().map(pick).fold(f64::MIN, f64::max).ceil().clamp(0.0, f64::from(side));
            low as u32..high as u32
        };
        let (columns, rows) = (reach(|p| p.0, canvas.width_px), reach(|p| p.1, canvas.height_px));
        let (wide, high) = (f64::from(self.source.width_px), f64::from(self.source.height_px));
        for y in rows {
            for x in columns.clone() {
                let (px, py) = (f64::from(x) + 0.5 - e, f64::from(y) + 0.5 - f);
                let (u, v) = ((d * px - c * py) / whole, (a * py - b * px) / whole);
                if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                    // The unit square of an image has its first row on top, where v is 1.
                    let (column, row) = ((u * wide) as usize, ((1.0 - v) * high).min(high - 1.0) as usize);
                    if let Some(pixel) = self.source.at(column, row) {
                        canvas.pixels[y as usize * canvas.width_px as usize + x as usize] = pixel;
                    }
                }
            }
        }
    }
}

/// First `second`, then `first`.
fn product(first: &Matrix, second: &Matrix) -> Matrix {
    let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (*first, *second);
    [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

fn sample(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}
