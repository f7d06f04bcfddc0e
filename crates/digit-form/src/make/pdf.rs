//! Shapes to PDF. Text is in Helvetica, which every program has; Korean in a font that programs bring for it. Neither
//! is embedded. Other characters become `?`.

use pdf_writer::types::{CidFontType, FontFlags, LineCapStyle, LineJoinStyle, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

use crate::drawing::Shape;
use crate::layout::Paper;

/// Points of PDF, 1/72 inch, in a millimetre.
const POINTS_A_MM: f64 = 72.0 / 25.4;
/// Gray of the samples.
const SAMPLE_GRAY: f32 = 0.45;

const LATIN: Name<'static> = Name(b"F1");
const KOREAN: Name<'static> = Name(b"F2");
const KOREAN_FACE: Name<'static> = Name(b"HYGoThic-Medium");

const CATALOG: i32 = 1;
const TREE: i32 = 2;
const LATIN_FONT: i32 = 3;
const KOREAN_FONT: i32 = 4;
const KOREAN_CID: i32 = 5;
const KOREAN_DESCRIPTOR: i32 = 6;
const FIRST_PAGE: i32 = 7;

/// A PDF of these pages.
pub(super) fn write(paper: Paper, pages: &[Vec<Shape>]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(Ref::new(CATALOG)).pages(Ref::new(TREE));
    let page_ref = |at: usize| Ref::new(FIRST_PAGE + 2 * at as i32);
    pdf.pages(Ref::new(TREE)).kids((0..pages.len()).map(page_ref)).count(pages.len() as i32);
    fonts(&mut pdf);
    let (width, height) = paper.size_mm();
    let points = |mm: f64| (mm * POINTS_A_MM) as f32;
    for (at, shapes) in pages.iter().enumerate() {
        let (own, content) = (page_ref(at), Ref::new(FIRST_PAGE + 2 * at as i32 + 1));
        let mut page = pdf.page(own);
        page.media_box(Rect::new(0.0, 0.0, points(width), points(height)));
        page.parent(Ref::new(TREE));
        page.contents(content);
        page.resources().fonts().pair(LATIN, Ref::new(LATIN_FONT)).pair(KOREAN, Ref::new(KOREAN_FONT));
        page.finish();
        pdf.stream(content, &drawn(shapes, height));
    }
    pdf.finish()
}

fn fonts(pdf: &mut Pdf) {
    pdf.type1_font(Ref::new(LATIN_FONT)).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(Ref::new(KOREAN_FONT))
        .base_font(KOREAN_FACE)
        .encoding_predefined(Name(b"UniKS-UTF16-H"))
        .descendant_font(Ref::new(KOREAN_CID));
    pdf.cid_font(Ref::new(KOREAN_CID))
        .subtype(CidFontType::Type0)
        .base_font(KOREAN_FACE)
        .system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Korea1"), supplement: 1 })
        .font_descriptor(Ref::new(KOREAN_DESCRIPTOR))
        .default_width(1000.0);
    pdf.font_descriptor(Ref::new(KOREAN_DESCRIPTOR))
        .name(KOREAN_FACE)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(0.0, -120.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(720.0)
        .stem_v(90.0);
}

fn drawn(shapes: &[Shape], height_mm: f64) -> Vec<u8> {
    let x = |mm: f64| (mm * POINTS_A_MM) as f32;
    let y = |mm: f64| ((height_mm - mm) * POINTS_A_MM) as f32;
    let mut content = Content::new();
    content.set_fill_gray(0.0).set_stroke_gray(SAMPLE_GRAY);
    content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
    for shape in shapes {
        match shape {
            Shape::Rectangle { left, top, width, height } => {
                content.rect(x(*left), y(top + height), x(*width), x(*height)).fill_nonzero();
            }
            Shape::Stroke { points, width } => {
                content.set_line_width(x(*width));
                for (at, &(across, down)) in points.iter().enumerate() {
                    if at == 0 {
                        content.move_to(x(across), y(down));
                    } else {
                        content.line_to(x(across), y(down));
                    }
                }
                content.stroke();
            }
            Shape::Text { left, baseline, size, text } => {
                content.begin_text().next_line(x(*left), y(*baseline));
                for (is_korean, bytes) in runs(text) {
                    content.set_font(if is_korean { KOREAN } else { LATIN }, x(*size));
                    content.show(Str(&bytes));
                }
                content.end_text();
            }
        }
    }
    content.finish().into_vec()
}

/// The text in the encodings of the two fonts; true is Korean.
fn runs(text: &str) -> Vec<(bool, Vec<u8>)> {
    let mut runs: Vec<(bool, Vec<u8>)> = Vec::new();
    for c in text.chars() {
        let (is_korean, bytes) = encoded(c);
        match runs.last_mut().filter(|(kind, _)| *kind == is_korean) {
            Some((_, run)) => run.extend(bytes),
            None => runs.push((is_korean, bytes)),
        }
    }
    runs
}

fn encoded(c: char) -> (bool, Vec<u8>) {
    match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => (false, vec![c as u8]),
        '€' => (false, vec![0x80]),
        '‘' => (false, vec![0x91]),
        '’' => (false, vec![0x92]),
        '“' => (false, vec![0x93]),
        '”' => (false, vec![0x94]),
        '–' => (false, vec![0x96]),
        '—' => (false, vec![0x97]),
        // Syllables, letters, and the Chinese characters in use in Korea; all are two bytes in UTF-16.
        '가'..='힣' | 'ㄱ'..='ㆎ' | '一'..='龥' => (true, (c as u32 as u16).to_be_bytes().to_vec()),
        _ => (false, vec![b'?']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_kinds_are_text_of_the_two_fonts() {
        assert_eq!(runs("Zoë"), [(false, b"Zo\xeb".to_vec())]);
        assert_eq!(runs("A김b"), [(false, b"A".to_vec()), (true, vec![0xae, 0x40]), (false, b"b".to_vec())]);
        assert_eq!(runs("🙂\n"), [(false, b"??".to_vec())]);
    }
}
