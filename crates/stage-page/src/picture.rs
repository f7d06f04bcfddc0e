//! Small gray pictures inside a page, each pixel seen as a square.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::escape::printable;

/// A gray picture with its caption.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Width in pixels.
    pub width_px: usize,
    /// Gray of each pixel, row by row; 0 is black.
    pub pixels: Vec<u8>,
    /// Stands below it.
    pub caption: String,
    /// Where a click leads, for example to the source picture.
    pub link: Option<String>,
}

impl Picture {
    /// Height in pixels.
    pub fn height_px(&self) -> usize {
        self.pixels.len().checked_div(self.width_px).unwrap_or(0)
    }

    /// The picture as the text of an `src` attribute: a PNG inside the page. `None` for a picture without pixels.
    pub fn data_uri(&self) -> Option<String> {
        let height = self.height_px();
        if height == 0 || self.pixels.len() != self.width_px * height {
            return None;
        }
        let mut bytes = Vec::new();
        let mut encoder =
            png::Encoder::new(&mut bytes, u32::try_from(self.width_px).ok()?, u32::try_from(height).ok()?);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixels).ok()?;
        writer.finish().ok()?;
        Some(format!("data:image/png;base64,{}", STANDARD.encode(&bytes)))
    }

    pub(crate) fn markup(&self) -> Markup {
        html! {
            figure class="picture" {
                (self.image(80))
                figcaption { (printable(&self.caption)) }
            }
        }
    }

    /// The picture alone, at most so wide on the page; nothing for one without pixels. Where there is room, each pixel
    /// is a square of whole pixels of the page, so all look alike.
    pub(crate) fn image(&self, most_px: usize) -> Markup {
        let Some(source) = self.data_uri() else { return html! {} };
        let shown_px = if self.width_px > most_px { most_px } else { most_px / self.width_px * self.width_px };
        let (caption, height_px) = (printable(&self.caption), (shown_px * self.height_px() / self.width_px).max(1));
        let image = html! {
            img src=(source) alt=(caption) title=(caption) width=(shown_px) height=(height_px) decoding="async";
        };
        match &self.link {
            Some(link) => html! { a href=(link) { (image) } },
            None => image,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_png_inside_the_page_and_its_caption_is_escaped() {
        let picture =
            Picture { width_px: 3, pixels: vec![0, 128, 255, 9, 8, 7], caption: "<b>7</b>".into(), link: None };
        let html = picture.markup().into_string();
        assert!(html.contains("&lt;b&gt;7&lt;/b&gt;") && !html.contains("<b>"), "{html}");
        let text = picture.data_uri().unwrap();
        let bytes = STANDARD.decode(text.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, pixels), (3, 2, picture.pixels));
    }

    #[test]
    fn pixels_are_squares_of_whole_pixels_where_there_is_room() {
        for (width_px, most_px, shown) in [(20, 112, 100), (28, 112, 112), (28, 56, 56), (150, 112, 112)] {
            let picture = Picture { width_px, pixels: vec![0; width_px * 2], caption: String::new(), link: None };
            let html = picture.image(most_px).into_string();
            assert!(html.contains(&format!("width=\"{shown}\"")), "{html}");
        }
    }

    #[test]
    fn a_picture_without_pixels_or_with_half_a_row_has_no_image() {
        for (width_px, pixels) in [(0, vec![]), (3, vec![]), (3, vec![1, 2, 3, 4])] {
            assert_eq!(Picture { width_px, pixels, caption: String::new(), link: None }.data_uri(), None);
        }
    }
}
