//! Picture files.

use digit_image::decode::{DecodeError, DecodeOptions, decode_gray, decode_rgb, decode_row_by_row, pages};
use digit_image::format::{Format, sniff};
use digit_image::raster::Raster;
use stage_files::labelled::LabelledPicture;
use stage_files::picture::Alpha;

use crate::input::Input;
use crate::png_file::{built, with_checksums};

/// Larger pictures are refused: reading them takes time and finds nothing more.
const MOST_PIXELS: u64 = 1 << 16;
/// What a decoder's panic becomes. Foreign decoders may panic behind their guard, our own may not.
const PANICKED: &str = "the decoder failed on what it holds";

/// A picture file of any format, page by page, as gray and in colour.
pub fn picture(bytes: &[u8]) {
    let file = with_checksums(bytes);
    let pages = pages(&file);
    assert!((1..=pages.all).contains(&pages.readable), "{pages:?}");
    let mut chosen = vec![0, 1, pages.readable - 1];
    chosen.retain(|&page| page < pages.readable);
    chosen.dedup();
    for page in chosen {
        let options = DecodeOptions { alpha: Alpha::White, max_pixels: MOST_PIXELS, page };
        let (gray, rgb) = (decode_gray(&file, &options), decode_rgb(&file, &options));
        match (sized(&file, gray), sized(&file, rgb)) {
            (Ok(gray), Ok(rgb)) => assert_eq!(gray, rgb, "gray and colour differ in size"),
            (Err(gray), Err(rgb)) => assert_eq!(gray.to_string(), rgb.to_string()),
            // The gray values of a JPEG are its luma; what is wrong with its chroma does not matter for them.
            (Ok(_), Err(_)) if sniff(&file) == Some(Format::Jpeg) => {}
            (gray, rgb) => panic!("gray: {gray:?}, colour: {rgb:?}"),
        }
    }
}

/// Width and height of a picture, which has all its pixels.
fn sized<P: Copy>(file: &[u8], picture: Result<Raster<P>, DecodeError>) -> Result<(u32, u32), DecodeError> {
    match picture {
        Ok(Raster { width_px, height_px, pixels }) => {
            let count = u64::from(width_px) * u64::from(height_px);
            assert!((1..=MOST_PIXELS).contains(&count), "{width_px} x {height_px}");
            assert_eq!(pixels.len() as u64, count);
            Ok((width_px, height_px))
        }
        Err(error) => {
            let is_ours = matches!(sniff(file), Some(Format::Png | Format::Bmp));
            assert!(!is_ours || !error.to_string().contains(PANICKED), "a decoder of our own panicked: {error}");
            Err(error)
        }
    }
}

/// A PNG file: unpacked at once and row by row.
pub fn png(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let file = if input.is_set() { built(&mut input, 15) } else { with_checksums(input.rest()) };
    for alpha in [Alpha::White, Alpha::Drop] {
        let options = DecodeOptions { alpha, max_pixels: MOST_PIXELS, page: 0 };
        let gray = decode_gray(&file, &options);
        assert_eq!(gray, decode_row_by_row(&file, &options));
        assert_eq!(decode_rgb(&file, &options), decode_row_by_row(&file, &options));
        let _size = sized(&file, gray);
    }
}

/// A labelled picture: the quick decoder and the one for any PNG.
pub fn labelled(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let file = if input.is_set() { built(&mut input, 1) } else { with_checksums(input.rest()) };
    let decoded = LabelledPicture::decode(&file);
    assert_eq!(decoded, LabelledPicture::decode_as_any(&file));
    if let Ok(picture) = decoded {
        let again = picture.encode().expect("what was decoded has its pixels");
        assert_eq!(LabelledPicture::decode(&again), Ok(picture));
    }
}
