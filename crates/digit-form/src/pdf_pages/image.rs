//! One image of a PDF, decoded (ISO 32000-1, 8.9).

use std::borrow::Cow;

use digit_image::decode::{DecodeOptions, decode_rgb};
use hayro_syntax::object::stream::{ImageColorSpace, ImageDecodeParams, Stream};
use hayro_syntax::object::{Array, Name, Object, String as PdfString};
use hayro_syntax::page::Resources;

use super::proportion::{self, NOT_READ, is_packed_once};

/// Pixels of an image; `None` is where a stencil paints nothing.
pub(super) struct Source {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pixels: Pixels,
}

enum Pixels {
    Colour(Vec<[u8; 3]>),
    Stencil { paints: Vec<bool>, ink: [u8; 3] },
}

/// How samples become colours.
enum Colours {
    Gray,
    Rgb,
    Cmyk,
    /// A table of RGB.
    Indexed(Vec<[u8; 3]>),
}

impl Source {
    /// Decodes an image; `ink` is what a stencil paints with.
    ///
    /// # Errors
    /// What is not read, and what to do.
    pub(super) fn decode(
        stream: &Stream<'_>,
        resources: &Resources<'_>,
        ink: [u8; 3],
        max_pixels: u64,
    ) -> Result<Self, String> {
        let dict = stream.dict();
        let side = |long: &str, short: &str| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).unwrap_or(0);
        let (width_px, height_px) = (side("Width", "W"), side("Height", "H"));
        let count = u64::from(width_px) * u64::from(height_px);
        if count == 0 || count > max_pixels {
            return Err(format!(
                "an image of the page has {width_px} x {height_px} pixels, expected 1 to {max_pixels}; raise --max-pixels"
            ));
        }
        if dict.contains_key("SMask") || dict.contains_key("Mask") {
            return Err(
                "the page is laid out in layers with masks (compact PDF): expected plain images; scan to plain \
                        PDF or TIFF, or make pictures with pdftoppm -r 300 -png"
                    .to_owned(),
            );
        }
        let is_stencil = dict.get::<bool>("ImageMask").or_else(|| dict.get::<bool>("IM")).unwrap_or(false);
        let decode = dict.get::<Array<'_>>("Decode").or_else(|| dict.get::<Array<'_>>("D"));
        let decode: Vec<f64> = decode.map(|array| array.iter::<f64>().collect()).unwrap_or_default();
        if is_plain_jpeg(stream) && decode.is_empty() {
            // As any other JPEG, and to the same pixels.
            let picture = decode_rgb(&stream.raw_data(), &DecodeOptions { max_pixels, ..DecodeOptions::default() })
                .map_err(|error| format!("an image of the page: {error}"))?;
            let (width_px, height_px) = (picture.width_px, picture.height_px);
            return Ok(Self { width_px, height_px, pixels: Pixels::Colour(picture.pixels) });
        }
        let named = dict.get::<Object<'_>>("ColorSpace").or_else(|| dict.get::<Object<'_>>("CS"));
        let colours = named.and_then(|object| colours_of(object, resources, 0));
        let bits = dict.get::<u8>("BitsPerComponent").or_else(|| dict.get::<u8>("BPC"));
        let params = ImageDecodeParams {
            is_indexed: matches!(colours, Some(Colours::Indexed(_))),
            bpc: bits,
            num_components: colours.as_ref().map(Colours::samples),
            target_dimension: None,
            width: width_px,
            height: height_px,
        };
        proportion::check(stream, height_px, max_pixels)?;
        let decoded = stream.decoded_image(&params).map_err(|_| NOT_READ)?;
        let more = decoded.image_data.as_ref();
        let stored = more.and_then(|data| data.color_space).and_then(|space| match space {
            ImageColorSpace::Gray => Some(Colours::Gray),
            ImageColorSpace::Rgb => Some(Colours::Rgb),
            ImageColorSpace::Cmyk => Some(Colours::Cmyk),
            ImageColorSpace::Unknown(_) => None,
        });
        let (width_px, height_px) = more.map_or((width_px, height_px), |data| (data.width, data.height));
        let bits = more.map(|data| data.bits_per_component).or(bits).unwrap_or(if is_stencil { 1 } else { 8 });
        let samples = Samples { bytes: decoded.data, bits, width: width_px as usize, height: height_px as usize };
        if is_stencil {
            // A sample of 0 paints, unless Decode turns it round.
            let paints_one = decode.first() == Some(&1.0);
            let paints = samples.each(1, |values| (values[0] > 0.5) == paints_one);
            return Ok(Self { width_px, height_px, pixels: Pixels::Stencil { paints: samples.whole(paints)?, ink } });
        }
        let colours =
            colours.or(stored).ok_or("the colours of an image on the page are not read; scan to TIFF or JPEG")?;
        let pixels = samples.each(colours.samples().into(), |values| colours.rgb(values, &decode, bits));
        Ok(Self { width_px, height_px, pixels: Pixels::Colour(samples.whole(pixels)?) })
    }

    /// Pixels in memory.
    pub(super) fn count(&self) -> u64 {
        u64::from(self.width_px) * u64::from(self.height_px)
    }

    /// The pixel at a place, which is within the image.
    pub(super) fn at(&self, column: usize, row: usize) -> Option<[u8; 3]> {
        let at = row * self.width_px as usize + column;
        match &self.pixels {
            Pixels::Colour(pixels) => pixels.get(at).copied(),
            Pixels::Stencil { paints, ink } => paints.get(at).filter(|paints| **paints).map(|_| *ink),
        }
    }
}

impl Colours {
    fn samples(&self) -> u8 {
        match self {
            Self::Gray | Self::Indexed(_) => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }

    /// The colour of samples from 0 to 1.
    fn rgb(&self, values: &[f64], decode: &[f64], bits: u8) -> [u8; 3] {
        let byte = |value: f64| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let value = |at: usize| match decode.get(2 * at..2 * at + 2) {
            Some([low, high]) => low + values[at] * (high - low),
            _ => values[at],
        };
        match self {
            Self::Gray => [byte(value(0)); 3],
            Self::Rgb => [0, 1, 2].map(|at| byte(value(at))),
            Self::Cmyk => [0, 1, 2].map(|at| byte((1.0 - value(at)) * (1.0 - value(3)))),
            Self::Indexed(table) => {
                let most = f64::from((1_u32 << bits.min(16)) - 1);
                table.get((values[0] * most).round() as usize).copied().unwrap_or([0; 3])
            }
        }
    }
}

/// Whether the stream is a JPEG file, in no other filter.
fn is_plain_jpeg(stream: &Stream<'_>) -> bool {
    let is_jpeg = |name: Name<'_>| matches!(name.as_str(), "DCTDecode" | "DCT");
    match stream.dict().get::<Object<'_>>("Filter").or_else(|| stream.dict().get("F")) {
        Some(Object::Name(name)) => is_jpeg(name),
        Some(Object::Array(array)) => {
            let mut names = array.iter::<Name<'_>>();
            names.next().is_some_and(is_jpeg) && names.next().is_none()
        }
        _ => false,
    }
}

/// The colours that a name or array means.
fn colours_of(object: Object<'_>, resources: &Resources<'_>, depth: u32) -> Option<Colours> {
    if depth > 4 {
        return None;
    }
    match object {
        Object::Name(name) => match name.as_str() {
            "DeviceGray" | "CalGray" | "G" => Some(Colours::Gray),
            "DeviceRGB" | "CalRGB" | "RGB" => Some(Colours::Rgb),
            "DeviceCMYK" | "CMYK" => Some(Colours::Cmyk),
            _ => colours_of(resources.get_color_space(&name)?, resources, depth + 1),
        },
        Object::Array(array) => {
            let mut parts = array.flex_iter();
            let kind = parts.next::<Name<'_>>()?;
            match kind.as_str() {
                "ICCBased" => match parts.next::<Stream<'_>>()?.dict().get::<u8>("N")? {
                    1 => Some(Colours::Gray),
                    3 => Some(Colours::Rgb),
                    4 => Some(Colours::Cmyk),
                    _ => None,
                },
                "Indexed" | "I" => {
                    let base = colours_of(parts.next::<Object<'_>>()?, resources, depth + 1)?;
                    let _highest = parts.next::<i32>()?;
                    let table = match parts.next::<Object<'_>>()? {
                        Object::String(text) => PdfString::as_bytes(&text).to_vec(),
                        Object::Stream(stream) if is_packed_once(&stream) => stream.decoded_data().ok()?.into_owned(),
                        _ => return None,
                    };
                    let values = |entry: &[u8]| entry.iter().map(|&byte| f64::from(byte) / 255.0).collect::<Vec<_>>();
                    let entries = table.chunks_exact(base.samples().into());
                    Some(Colours::Indexed(entries.map(|entry| base.rgb(&values(entry), &[], 8)).collect()))
                }
                "CalGray" => Some(Colours::Gray),
                "CalRGB" => Some(Colours::Rgb),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Samples, each row beginning with a new byte.
struct Samples<'a> {
    bytes: Cow<'a, [u8]>,
    bits: u8,
    width: usize,
    height: usize,
}

impl Samples<'_> {
    /// What `make` gives for the samples of each pixel; ends early where the bytes do.
    fn each<T>(&self, per_pixel: usize, make: impl Fn(&[f64]) -> T) -> Vec<T> {
        let bits = usize::from(self.bits.clamp(1, 16));
        let most = f64::from((1_u32 << bits) - 1);
        let row_bytes = (self.width * per_pixel * bits).div_ceil(8);
        let mut values = [0.0; 4];
        let mut made = Vec::with_capacity(self.width * self.height);
        for row in self.bytes.chunks_exact(row_bytes.max(1)).take(self.height) {
            for column in 0..self.width {
                for (at, value) in values[..per_pixel].iter_mut().enumerate() {
                    let first = (column * per_pixel + at) * bits;
                    let raw = match bits {
                        8 => u32::from(row[first / 8]),
                        16 => u32::from(row[first / 8]) << 8 | u32::from(row[first / 8 + 1]),
                        _ => (u32::from(row[first / 8]) >> (8 - bits - first % 8)) & ((1 << bits) - 1),
                    };
                    *value = f64::from(raw) / most;
                }
                made.push(make(&values[..per_pixel]));
            }
        }
        made
    }

    /// The same, if there is one for each pixel.
    fn whole<T>(&self, made: Vec<T>) -> Result<Vec<T>, String> {
        if made.len() == self.width * self.height && matches!(self.bits, 1 | 2 | 4 | 8 | 16) {
            return Ok(made);
        }
        Err(format!(
            "an image of the page is cut off: expected {} x {} pixels, found {}; scan it again",
            self.width,
            self.height,
            made.len()
        ))
    }
}
