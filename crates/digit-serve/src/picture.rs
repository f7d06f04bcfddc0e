//! Pictures as PNG in Base64, as the page shows them.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digit_image::preprocess::Image;
use digit_image::raster::GrayPicture;
use digit_image::resize;

/// The longer side of a picture that is shown.
const MAX_SIDE_PX: u32 = 192;

/// A picture, shrunk if it is large, as PNG in Base64.
///
/// # Errors
/// A fault of the encoder.
pub(crate) fn shown(image: &Image) -> anyhow::Result<String> {
    let bytes = match image {
        Image::Gray(gray) => encode(&shrunk(gray), png::ColorType::Grayscale, |gray| gray.pixels),
        Image::Rgb(rgb) => {
            let channel = |channel: usize| shrunk(&rgb.map(|pixel| pixel[channel]));
            let [red, green, blue] = [channel(0), channel(1), channel(2)];
            let rest = green.pixels.iter().zip(&blue.pixels);
            let pixels: Vec<u8> = red.pixels.iter().zip(rest).flat_map(|(&r, (&g, &b))| [r, g, b]).collect();
            encode(&red, png::ColorType::Rgb, |_| pixels)
        }
    };
    Ok(STANDARD.encode(bytes?))
}

fn shrunk(picture: &GrayPicture) -> GrayPicture {
    let longer = picture.width_px.max(picture.height_px);
    if longer <= MAX_SIDE_PX {
        return picture.clone();
    }
    let side = |px: u32| (u64::from(px) * u64::from(MAX_SIDE_PX) / u64::from(longer)).max(1) as u32;
    resize::area(picture, side(picture.width_px), side(picture.height_px))
}

fn encode(
    size: &GrayPicture,
    colour: png::ColorType,
    pixels: impl FnOnce(GrayPicture) -> Vec<u8>,
) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width_px, size.height_px);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().context("cannot encode the PNG")?;
    writer.write_image_data(&pixels(size.clone())).context("cannot encode the PNG")?;
    writer.finish().context("cannot encode the PNG")?;
    Ok(bytes)
}
