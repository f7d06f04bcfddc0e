//! Which file format a picture has, by its first bytes; names are not looked at.

use std::fmt;

/// How many bytes from the start [`sniff`] looks at.
pub const SNIFF_BYTES: usize = 32;

/// A format that is recognised, whether or not it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Portable Network Graphics, also animated.
    Png,
    /// JPEG.
    Jpeg,
    /// Windows bitmap.
    Bmp,
    /// Graphics Interchange Format.
    Gif,
    /// WebP, lossy and lossless.
    WebP,
    /// Tagged Image File Format.
    Tiff,
    /// Portable anymap: PBM, PGM, PPM, PAM.
    Pnm,
    /// HEIF container with HEVC pictures, what phones call HEIC.
    Heic,
    /// HEIF container with AV1 pictures.
    Avif,
    /// JPEG 2000.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
    /// Photoshop document.
    Psd,
    /// Portable Document Format.
    Pdf,
    /// Scalable Vector Graphics.
    Svg,
    /// Windows icon.
    Icon,
    /// GIMP's own format.
    Xcf,
    /// PostScript, also encapsulated.
    PostScript,
    /// DjVu document.
    DjVu,
    /// What the sensor of a camera saw, in the maker's own format.
    CameraRaw,
}

impl Format {
    /// The formats that this crate can decode, each with whether this build does.
    const DECODED: [(Self, bool); 8] = [
        (Self::Png, true),
        (Self::Jpeg, cfg!(feature = "jpeg")),
        (Self::Bmp, cfg!(feature = "bmp")),
        (Self::Gif, cfg!(feature = "gif")),
        (Self::WebP, cfg!(feature = "webp")),
        (Self::Tiff, cfg!(feature = "tiff")),
        (Self::Pnm, cfg!(feature = "pnm")),
        (Self::Jpeg2000, cfg!(feature = "jpeg2000")),
    ];

    /// Whether [`crate::decode::decode_gray`] reads this format; cargo features may switch all but PNG off.
    pub fn is_supported(self) -> bool {
        Self::DECODED.contains(&(self, true))
    }

    /// Whether there is code for this format, though it may be switched off.
    pub(crate) fn is_decoded(self) -> bool {
        Self::DECODED.iter().any(|(format, _)| *format == self)
    }

    /// The formats that are read, as a message lists them: `PNG, JPEG or PNM`.
    pub(crate) fn supported_names() -> String {
        let names = Self::DECODED.iter().filter(|(_, is_on)| *is_on).map(|(format, _)| format.name());
        let mut names: Vec<&str> = names.collect();
        match names.pop() {
            Some(last) if !names.is_empty() => format!("{} or {last}", names.join(", ")),
            last => last.unwrap_or_default().to_owned(),
        }
    }

    /// What to export a picture as that cannot be read.
    pub(crate) fn export_names() -> &'static str {
        if Self::Jpeg.is_supported() { "PNG or JPEG" } else { "PNG" }
    }

    /// The name that people know the format by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Tiff => "TIFF",
            Self::Pnm => "PNM",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Jpeg2000 => "JPEG 2000",
            Self::JpegXl => "JPEG XL",
            Self::Psd => "PSD",
            Self::Pdf => "PDF",
            Self::Svg => "SVG",
            Self::Icon => "ICO",
            Self::Xcf => "XCF",
            Self::PostScript => "PostScript",
            Self::DjVu => "DjVu",
            Self::CameraRaw => "camera raw",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The eight bytes that every PNG begins with.
pub(crate) const PNG_SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The format of the file that begins with `bytes`, or `None` if it is no picture format known here.
///
/// Only the first [`SNIFF_BYTES`] count, so a caller may read just these.
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    let start = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let begins = |magic: &[u8]| start.starts_with(magic);
    let four_at = |at: usize| start.get(at..at + 4).unwrap_or_default();
    Some(if begins(&PNG_SIGNATURE) {
        Format::Png
    } else if begins(b"\xff\xd8\xff") {
        Format::Jpeg
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Format::Gif
    } else if begins(b"RIFF") && four_at(8) == b"WEBP" {
        Format::WebP
    } else if begins(b"II*\0") || begins(b"MM\0*") || begins(b"II+\0") || begins(b"MM\0+") {
        Format::Tiff
    } else if is_bmp(start) {
        Format::Bmp
    } else if is_pnm(start) {
        Format::Pnm
    } else if four_at(4) == b"ftyp" {
        heif_brand(four_at(8))?
    } else if begins(b"\0\0\0\x0cjP  \r\n\x87\n") || begins(b"\xff\x4f\xff\x51") {
        Format::Jpeg2000
    } else if begins(b"\0\0\0\x0cJXL \r\n\x87\n") || begins(b"\xff\x0a") {
        Format::JpegXl
    } else if begins(b"8BPS") {
        Format::Psd
    } else if begins(b"%PDF-") {
        Format::Pdf
    } else if begins(b"\0\0\x01\0") && start.get(5) == Some(&0) {
        Format::Icon
    } else if begins(b"gimp xcf") {
        Format::Xcf
    } else if begins(b"%!PS") || begins(b"\xc5\xd0\xd3\xc6") {
        Format::PostScript
    } else if begins(b"AT&TFORM") {
        Format::DjVu
    } else if CAMERA_RAW.iter().any(|magic| begins(magic)) {
        Format::CameraRaw
    } else if is_svg(start) {
        Format::Svg
    } else {
        return None;
    })
}

/// Fujifilm, Panasonic, Olympus (three), Sigma. Other makers' files are TIFF.
const CAMERA_RAW: [&[u8]; 6] = [b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR", b"FOVb"];

/// `BM` alone begins many texts; the two reserved fields and the size of the second header tell them apart.
fn is_bmp(start: &[u8]) -> bool {
    let word = |at: usize| start.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    start.starts_with(b"BM") && (start.len() < 18 || word(6) == Some(0) || matches!(word(14), Some(12..=124)))
}

/// `P1`..`P7` followed by white space or a comment.
fn is_pnm(start: &[u8]) -> bool {
    matches!(start, [b'P', b'1'..=b'7', b' ' | b'\t' | b'\n' | b'\r' | b'#', ..])
}

fn heif_brand(brand: &[u8]) -> Option<Format> {
    match brand {
        b"avif" | b"avis" => Some(Format::Avif),
        b"crx " => Some(Format::CameraRaw),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Some(Format::Heic),
        _ => None,
    }
}

fn is_svg(start: &[u8]) -> bool {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    // Within 32 bytes an XML declaration hides the root element; no picture format but this one is XML.
    text.starts_with(b"<svg") || text.starts_with(b"<?xml") || text.starts_with(b"<!DOCTYPE svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        let cases: [(&[u8], Option<Format>); 21] = [
            (b"\x89PNG\r\n\x1a\n....", Some(Format::Png)),
            (b"\xff\xd8\xff\xe0....", Some(Format::Jpeg)),
            (b"GIF89a....", Some(Format::Gif)),
            (b"RIFF....WEBPVP8 ", Some(Format::WebP)),
            (b"RIFF....WAVEfmt ", None),
            (b"II*\0....", Some(Format::Tiff)),
            (b"MM\0*....", Some(Format::Tiff)),
            (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", Some(Format::Bmp)),
            (b"BMW is a maker of motor cars.", None),
            (b"P5\n20 20\n255\n", Some(Format::Pnm)),
            (b"P5Y is no picture", None),
            (b"\0\0\0\x18ftypheic....", Some(Format::Heic)),
            (b"\0\0\0\x1cftypavif....", Some(Format::Avif)),
            (b"\0\0\0\x1cftypmp42....", None),
            (b"\0\0\0\x0cjP  \r\n\x87\n", Some(Format::Jpeg2000)),
            (b"8BPS....", Some(Format::Psd)),
            (b"%PDF-1.7", Some(Format::Pdf)),
            (b"<?xml version=\"1.0\"?>", Some(Format::Svg)),
            (b"  <svg xmlns=", Some(Format::Svg)),
            (b"label,size", None),
            (b"", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(sniff(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}
