//! JPEG to pixels: gray is the luma that the file stores, with OpenCV's (libjpeg's) inverse transform.
//!
//! Decoding is libjpeg-turbo-rs's. What it is not asked to judge is looked at first, by walking over the markers:
//! whether the file is whole, up to its end mark, and whether it can hold as many pixels as it declares. OpenCV fills
//! the missing part of a cut-off JPEG with gray; as training data that is wrong, so here it is an error.

use libjpeg_turbo_rs::{ColorSpace, DecodeLimits, Decoder, JpegError, PixelFormat};

use super::error::DecodeError;
use super::options::DecodeOptions;
use super::{gray_weights, orientation};
use crate::format::Format;
use crate::raster::{Pixel, Raster};

/// Scans in one file, at most; progressive files have about ten. Each may cost a pass over the picture with hardly a
/// byte of its own.
const MAX_SCANS: usize = 100;

/// Reads a JPEG file whose start mark has been seen.
pub(super) fn decode<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    let (frame, has_end) = walk(bytes)?;
    options.check_size(u64::from(frame.width_px), u64::from(frame.height_px))?;
    frame.check_supported()?;
    frame.check_plausible(bytes.len())?;
    if has_end {
        return decode_checked(bytes, options);
    }
    // The end mark alone may be missing, as in files of some phones. Then all data is there once it is added.
    let cut_off = || cut_off(bytes.len(), "the picture data, before the end mark");
    // Arithmetic coding reads zeros behind its end without a sign.
    if !frame.is_complete() || matches!(frame.process, 0xc9 | 0xca) {
        return Err(cut_off());
    }
    decode_checked(&[bytes, END_MARK].concat(), options).map_err(|error| match error {
        DecodeError::Damaged { .. } => cut_off(),
        other => other,
    })
}

/// The samples of a JPEG inside another file, which says what they mean: columns, rows, and `channels` samples a pixel.
#[cfg(feature = "tiff")]
pub(super) fn decode_samples(bytes: &[u8], channels: usize) -> Result<(usize, usize, Vec<u8>), DecodeError> {
    let (frame, _) = walk(bytes)?;
    frame.check_supported()?;
    frame.check_plausible(bytes.len())?;
    if frame.components.len() != channels {
        return Err(damaged(format!("a JPEG of {} components, expected {channels}", frame.components.len())));
    }
    let pixels = u64::from(frame.width_px) * u64::from(frame.height_px);
    let limits = DecodeLimits { max_pixels: pixels, max_scans: MAX_SCANS, ..DecodeLimits::default() };
    let mut decoder = Decoder::new_with_limits(bytes, limits).map_err(translate)?;
    decoder.set_limits(limits);
    decoder.set_output_format(match channels {
        1 => PixelFormat::Grayscale,
        3 => PixelFormat::Rgb,
        _ => PixelFormat::Cmyk,
    });
    let image = decoder.decode_image().map_err(translate)?;
    Ok((image.width, image.height, image.data))
}

/// Decodes a file that [`walk`] found whole.
fn decode_checked<P: Pixel>(bytes: &[u8], options: &DecodeOptions) -> Result<Raster<P>, DecodeError> {
    let limits = DecodeLimits { max_pixels: options.max_pixels, max_scans: MAX_SCANS, ..DecodeLimits::default() };
    let mut decoder = Decoder::new_with_limits(bytes, limits).map_err(translate)?;
    decoder.set_limits(limits);
    let turned = decoder.exif_data().and_then(orientation::from_exif);
    let format = match decoder.jpeg_color_space() {
        ColorSpace::Grayscale => PixelFormat::Grayscale,
        ColorSpace::YCbCr if !P::COLOUR => PixelFormat::Grayscale,
        ColorSpace::YCbCr | ColorSpace::Rgb => PixelFormat::Rgb,
        ColorSpace::Cmyk | ColorSpace::Ycck => PixelFormat::Cmyk,
        ColorSpace::Unknown => {
            let what = Some("an unknown colour space".to_owned());
            return Err(DecodeError::Unsupported { format: Format::Jpeg, what });
        }
    };
    decoder.set_output_format(format);
    let image = decoder.decode_image().map_err(translate)?;
    let samples = &image.data;
    let pixels: Vec<P> = match format {
        PixelFormat::Rgb => samples.as_chunks().0.iter().map(|&colour| P::of_rgb(colour, rgb_to_gray)).collect(),
        PixelFormat::Cmyk => {
            samples.as_chunks().0.iter().map(|&inks| P::of_rgb(cmyk_to_rgb(inks), gray_weights::gray_q14)).collect()
        }
        _ => samples.iter().map(|&gray| P::of_gray(gray)).collect(),
    };
    let size = u32::try_from(image.width).ok().zip(u32::try_from(image.height).ok());
    let picture = size.and_then(|(width_px, height_px)| Raster::new(width_px, height_px, pixels));
    let picture = picture.ok_or_else(|| damaged("the decoder gave another number of pixels than the file declares"))?;
    Ok(orientation::apply(picture, turned))
}

/// libjpeg's own weights for files that store red, green and blue, in 1/65536.
fn rgb_to_gray([r, g, b]: [u8; 3]) -> u8 {
    ((19595 * u32::from(r) + 38470 * u32::from(g) + 7471 * u32::from(b) + 32768) >> 16) as u8
}

/// OpenCV's way from inverted CMYK, as Adobe programs store it.
fn cmyk_to_rgb([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let k = u32::from(k);
    [c, m, y].map(|ink| (k - (((255 - u32::from(ink)) * k) >> 8)) as u8)
}

fn damaged(what: impl Into<String>) -> DecodeError {
    DecodeError::Damaged { format: Format::Jpeg, at_byte: None, what: what.into() }
}

fn translate(error: JpegError) -> DecodeError {
    match error {
        JpegError::UnexpectedEof => damaged("the picture data stops before the last block"),
        JpegError::Unsupported(what) => DecodeError::Unsupported { format: Format::Jpeg, what: Some(what) },
        JpegError::AllocationFailed { bytes, .. } => DecodeError::OutOfMemory { bytes },
        other => damaged(other.to_string()),
    }
}

/// The marker behind the last scan.
const END_MARK: &[u8] = &[0xff, 0xd9];

fn cut_off(file_bytes: usize, inside: &str) -> DecodeError {
    DecodeError::CutOff { format: Format::Jpeg, file_bytes: file_bytes as u64, inside: inside.to_owned() }
}

/// A component of the picture, and which of its 64 coefficients have all their bits in the scans seen.
#[derive(Debug)]
struct Component {
    id: u8,
    /// Horizontal and vertical sampling factor.
    sampling: (u8, u8),
    coefficients: u64,
}

/// What the frame header says.
#[derive(Debug)]
struct Frame {
    width_px: u16,
    height_px: u16,
    precision_bits: u8,
    /// The SOF marker's low byte, 0xc0 to 0xcf: the coding process.
    process: u8,
    components: Vec<Component>,
    at_byte: usize,
}

impl Frame {
    /// Notes what a scan brings (ITU T.81, B.2.3): its components, coefficients, and how many of their bits are left.
    fn take_scan(&mut self, header: &[u8]) {
        let Some((&count, rest)) = header.split_first() else { return };
        let Some((components, &[first, last, bits, ..])) = rest.split_at_checked(2 * usize::from(count)) else {
            return;
        };
        let is_last_bit = bits % 16 == 0;
        if !is_last_bit || first > last || last > 63 {
            return;
        }
        for component in &mut self.components {
            if components.iter().step_by(2).any(|&id| id == component.id) {
                component.coefficients |= u64::MAX >> (63 - (last - first)) << first;
            }
        }
    }

    /// Whether the scans bring all of every component; a progressive file may end after any scan.
    fn is_complete(&self) -> bool {
        self.components.iter().all(|component| component.coefficients == u64::MAX)
    }

    fn check_supported(&self) -> Result<(), DecodeError> {
        let sampling: Vec<(u8, u8)> = self.components.iter().map(|component| component.sampling).collect();
        let what = match (self.process, self.precision_bits) {
            (0xc0 | 0xc1 | 0xc2 | 0xc9 | 0xca, 8) => match sampling.as_slice() {
                [_] | [_, _, _] => return Ok(()),
                // The decoder takes first and last ink to be at full resolution, the others to be alike.
                &[c, m, y, k] if c == k && m == y && m.0 > 0 && m.1 > 0 && c.0 % m.0 == 0 && c.1 % m.1 == 0 => {
                    return Ok(());
                }
                [_, _, _, _] => "inks at unusual resolutions".to_owned(),
                components => format!("{} colour components", components.len()),
            },
            (0xc0 | 0xc1 | 0xc2 | 0xc9 | 0xca, bits) => format!("{bits} bits a sample"),
            (0xc3 | 0xcb, _) => "lossless coding".to_owned(),
            _ => "hierarchical coding".to_owned(),
        };
        Err(DecodeError::Unsupported { format: Format::Jpeg, what: Some(what) })
    }

    /// With Huffman coding every block of 8x8 pixels costs at least one bit, so a short file cannot hold a big
    /// picture. Arithmetic coding has no such bound.
    fn check_plausible(&self, file_bytes: usize) -> Result<(), DecodeError> {
        let (width_px, height_px) = (self.width_px, self.height_px);
        if width_px == 0 || height_px == 0 {
            let what = format!("the frame declares {width_px}x{height_px} pixels, each side must be at least 1");
            return Err(DecodeError::damaged(Format::Jpeg, self.at_byte, what));
        }
        let blocks = u64::from(width_px.div_ceil(8)) * u64::from(height_px.div_ceil(8));
        if matches!(self.process, 0xc0..=0xc2) && blocks > 8 * file_bytes as u64 {
            let what =
                format!("{file_bytes} bytes cannot hold the {width_px}x{height_px} pixels that the frame declares");
            return Err(DecodeError::damaged(Format::Jpeg, self.at_byte, what));
        }
        Ok(())
    }
}

/// Walks from marker to marker up to the end mark, or to the end of a file that has none behind its last scan, and says
/// whether it has one. Marker codes: ITU T.81, table B.1.
fn walk(bytes: &[u8]) -> Result<(Frame, bool), DecodeError> {
    let cut_off = |inside: &str| cut_off(bytes.len(), inside);
    let mut frame: Option<Frame> = None;
    let mut in_scan = false;
    let mut at = 2;
    loop {
        // Bytes that are no marker: coded data, where a plain 0xff is followed by 0, or rubbish between segments.
        let next = bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == 0xff)).map(|skip| at + skip);
        let Some((found, &marker)) = next.and_then(|next| Some((next, bytes.get(next + 1)?))) else {
            return match frame {
                Some(frame) if in_scan => Ok((frame, false)),
                _ => Err(cut_off("the headers")),
            };
        };
        at = found;
        match marker {
            0xff => at += 1,
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 => break,
            _ => {
                let Some(&[l0, l1]) = bytes.get(at + 2..at + 4).and_then(|length| length.first_chunk()) else {
                    return Err(cut_off(if in_scan { "the picture data" } else { "the headers" }));
                };
                let end = at + 2 + usize::from(u16::from_be_bytes([l0, l1])).max(2);
                let Some(body) = bytes.get(at + 4..end) else {
                    let inside = format!("the segment with marker ff {marker:02x}, which begins at byte {at}");
                    return Err(cut_off(&inside));
                };
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) && frame.is_none() {
                    frame = Some(read_frame(marker, body, at)?);
                }
                if let Some(frame) = frame.as_mut().filter(|_| marker == 0xda) {
                    frame.take_scan(body);
                }
                in_scan |= marker == 0xda;
                at = end;
            }
        }
    }
    match frame {
        Some(frame) if in_scan => Ok((frame, true)),
        Some(_) => Err(DecodeError::damaged(Format::Jpeg, at, "the end mark comes before any picture data")),
        None => Err(DecodeError::damaged(Format::Jpeg, at, "the end mark comes before any frame header")),
    }
}

fn read_frame(process: u8, body: &[u8], at_byte: usize) -> Result<Frame, DecodeError> {
    let &[precision_bits, h0, h1, w0, w1, components, ref rest @ ..] = body else {
        let what = format!("the frame header has {} bytes, expected at least 6", body.len());
        return Err(DecodeError::damaged(Format::Jpeg, at_byte, what));
    };
    let (height_px, width_px) = (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([w0, w1]));
    let described = rest.as_chunks().0.iter();
    let found: Vec<Component> = described
        .map(|&[id, factors, _]| Component { id, sampling: (factors >> 4, factors & 15), coefficients: 0 })
        .collect();
    if found.len() != usize::from(components) || rest.len() != 3 * found.len() {
        let (found, expected) = (body.len(), 6 + 3 * usize::from(components));
        let what = format!("the frame header has {found} bytes, expected {expected} for {components} components");
        return Err(DecodeError::damaged(Format::Jpeg, at_byte, what));
    }
    Ok(Frame { width_px, height_px, precision_bits, process, components: found, at_byte })
}
