//! `digit-form read` on what a copier sends: TIFF and PDF of several pages.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::GrayImage;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use std::io::Write as _;
use test_support::gray_tiff;

use super::paper::{filled, png, sheet};
use super::test;

/// How an image is stored in the PDF.
#[derive(Clone, Copy)]
enum Stored {
    Plain,
    Flate,
    Jpeg,
    /// Fax compression, group 4.
    Fax,
    /// One bit a pixel, painted black through a stencil.
    Stencil,
    /// Two images, the upper and the lower half.
    Strips,
}

fn bits(page: &GrayImage, is_one: impl Fn(u8) -> bool) -> Vec<u8> {
    let rows = page.rows().map(|row| row.map(|pixel| is_one(pixel.0[0])).collect::<Vec<bool>>());
    let packed = |row: Vec<bool>| -> Vec<u8> {
        row.chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |all, (at, &bit)| all | u8::from(bit) << (7 - at)))
            .collect()
    };
    rows.flat_map(packed).collect()
}

fn fax(page: &GrayImage) -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for row in page.rows() {
        let row = row.map(|pixel| if pixel.0[0] < 128 { fax::Color::Black } else { fax::Color::White });
        encoder.encode_line(row, page.width() as u16).unwrap();
    }
    encoder.finish().unwrap().finish()
}

fn jpeg(page: &GrayImage) -> Vec<u8> {
    let format = libjpeg_turbo_rs::PixelFormat::Grayscale;
    let encoder = libjpeg_turbo_rs::Encoder::new(page.as_raw(), page.width() as usize, page.height() as usize, format);
    encoder.quality(85).encode().unwrap()
}

/// A PDF of A4 pages, each turned by so many degrees by its entry /Rotate.
fn pdf(pages: &[(GrayImage, Stored, i32)]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(Ref::new(1)).pages(Ref::new(2));
    let first = |at: usize| 10 * (at as i32 + 1);
    pdf.pages(Ref::new(2)).kids((0..pages.len()).map(|at| Ref::new(first(at)))).count(pages.len() as i32);
    for (at, (picture, stored, rotate)) in pages.iter().enumerate() {
        let [own, content, image, second] = [0, 1, 2, 3].map(|more| Ref::new(first(at) + more));
        let mut page = pdf.page(own);
        page.parent(Ref::new(2)).media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).rotate(*rotate).contents(content);
        page.resources().x_objects().pair(Name(b"A"), image).pair(Name(b"B"), second);
        page.finish();
        let mut drawn = Content::new();
        let half = picture.height() / 2;
        let parts = match stored {
            Stored::Strips => vec![(0, half, image), (half, picture.height() - half, second)],
            _ => vec![(0, picture.height(), image)],
        };
        for (top, rows, reference) in parts {
            let part = image::imageops::crop_imm(picture, 0, top, picture.width(), rows).to_image();
            let point = 842.0 / picture.height() as f32;
            let below = (picture.height() - top - rows) as f32 * point;
            drawn.save_state();
            if matches!(stored, Stored::Stencil) {
                drawn.set_fill_rgb(0.1, 0.1, 0.1);
            }
            drawn.transform([595.0, 0.0, 0.0, rows as f32 * point, 0.0, below]);
            drawn.x_object(if reference == image { Name(b"A") } else { Name(b"B") }).restore_state();
            put(&mut pdf, reference, &part, *stored);
        }
        pdf.stream(content, &drawn.finish());
    }
    pdf.finish()
}

fn put(pdf: &mut Pdf, reference: Ref, part: &GrayImage, stored: Stored) {
    let bytes = match stored {
        Stored::Plain | Stored::Strips => part.as_raw().clone(),
        Stored::Flate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(part.as_raw()).unwrap();
            encoder.finish().unwrap()
        }
        Stored::Jpeg => jpeg(part),
        Stored::Fax => fax(part),
        Stored::Stencil => bits(part, |gray| gray >= 128),
    };
    let mut image = pdf.image_xobject(reference, &bytes);
    image.width(part.width() as i32).height(part.height() as i32);
    match stored {
        Stored::Stencil => {
            image.image_mask(true).bits_per_component(1);
        }
        Stored::Fax => {
            image.color_space().device_gray();
            image.bits_per_component(1).filter(Filter::CcittFaxDecode);
            image.decode_parms().k(-1).columns(part.width() as i32).rows(part.height() as i32);
        }
        _ => {
            image.color_space().device_gray();
            image.bits_per_component(8);
        }
    }
    match stored {
        Stored::Flate => image.filter(Filter::FlateDecode),
        Stored::Jpeg => image.filter(Filter::DctDecode),
        _ => &mut image,
    };
}

#[test]
fn the_pages_of_a_tiff_are_read_one_by_one() {
    let test = test();
    let pages: Vec<Vec<u8>> = (1..=3).map(|writer| filled(&sheet(writer)).into_raw()).collect();
    test.write("scan.tif", gray_tiff(1050, &pages));
    test.run("read scan.tif --out source").status(0).stderr_has(&["3 sheets, 36 boxes: 18 written"]);
    let sources = test.read("source/sources.csv");
    assert!(sources.contains("2_20_park-1.png,\"scan.tif, page 3, digit 2, box 1\""), "{sources}");
}

#[test]
fn the_pages_of_a_pdf_are_read_however_they_are_stored() {
    for (at, stored) in [Stored::Plain, Stored::Flate, Stored::Jpeg, Stored::Fax, Stored::Stencil, Stored::Strips]
        .into_iter()
        .enumerate()
    {
        let test = test();
        let pages = [(1, 0), (2, 180), (3, 90)].map(|(writer, rotate)| (filled(&sheet(writer)), stored, rotate));
        test.write("scan.pdf", pdf(&pages));
        let output = test.run("read scan.pdf --out source");
        output.status(0).stderr_has(&["3 sheets, 36 boxes: 18 written, 9 empty, 9 crossed out, 0 rejected"]);
        assert!(test.read("source/sources.csv").contains("\"scan.pdf, page 2, digit 0, box 2\""), "{at}");
    }
}

#[test]
fn a_page_that_is_no_sheet_is_rejected_alone() {
    let test = test();
    let blank = GrayImage::from_pixel(1050, 1485, image::Luma([240]));
    test.write("scan.pdf", pdf(&[(filled(&sheet(1)), Stored::Plain, 0), (blank, Stored::Plain, 0)]));
    test.run("read scan.pdf --out source").status(1).stderr_has(&["scan.pdf, page 2: no form"]);
}

#[test]
fn a_form_that_nobody_filled_in_is_no_scan() {
    let test = test();
    test.run("make --out form.pdf").status(0);
    test.run("read form.pdf --out source").status(2).stderr_has(&["form.pdf: the page has no image"]);
    assert!(!test.exists("source"));
}

#[test]
fn a_pdf_cut_off_anywhere_is_no_fault() {
    let whole = pdf(&[(filled(&sheet(1)), Stored::Flate, 0)]);
    let test = test();
    test.write("good.png", png(&filled(&sheet(2))));
    for at in 1..12 {
        test.write("cut.pdf", &whole[..whole.len() * at / 12]);
        let output = test.run(&format!("read good.png cut.pdf --out source-{at}"));
        // What is left may still be a whole page.
        assert!(matches!(output.code, Some(0 | 1)), "{at}: {}", output.stderr);
        assert!(test.exists(&format!("source-{at}/2_20_lee-1.png")));
    }
}
