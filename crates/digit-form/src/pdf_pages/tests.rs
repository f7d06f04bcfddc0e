//! Small PDF files that ask for memory or time out of proportion.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::proportion::NOT_READ;
use super::*;

const MAX_PIXELS: u64 = 10_000;

/// A PDF of these objects; the first is the catalogue.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let (count, at) = (objects.len() + 1, file.len());
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
    );
    file.extend(end.as_bytes());
    file
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// What is read of a page that draws `content`, in which /A is an object.
fn page(content: Vec<u8>, object: Vec<u8>) -> Result<RgbPicture, String> {
    page_of(content, object, b"null".to_vec())
}

/// The same, with a further object, 6.
fn page_of(content: Vec<u8>, object: Vec<u8>, further: Vec<u8>) -> Result<RgbPicture, String> {
    let file = file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>".to_vec(),
        content,
        object,
        further,
    ]);
    PdfPages::open(file).unwrap().page(0, MAX_PIXELS)
}

fn image(entries: &str, data: &[u8]) -> Vec<u8> {
    let plain = "/Type/XObject/Subtype/Image/Width 50/Height 50/ColorSpace/DeviceGray/BitsPerComponent 8";
    stream(&format!("{plain}{entries}"), data)
}

fn draw(times: usize) -> Vec<u8> {
    stream("", format!("50 0 0 50 0 0 cm {}", "/A Do ".repeat(times)).as_bytes())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn an_image_is_read_once_and_not_a_thousand_times() {
    let gray = image("", &[7; 2500]);
    assert_eq!(page(draw(1), gray.clone()).unwrap(), RgbPicture::filled(50, 50, [7; 3]));
    assert!(page(draw(4), gray.clone()).is_ok());
    let refusal = page(draw(1000), gray).unwrap_err();
    assert!(refusal.contains("the images of the page have 12500 pixels together, expected at most 10000"), "{refusal}");
}

#[test]
fn an_image_in_a_form_with_resources_of_its_own_is_read() {
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</B 6 0 R>>>>";
    let read = page_of(draw(1), stream(form, b"/B Do"), image("", &[7; 2500]));
    assert_eq!(read.unwrap(), RgbPicture::filled(50, 50, [7; 3]));
}

#[test]
fn a_form_that_draws_itself_again_and_again_ends_soon() {
    let itself = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]";
    let begun = Instant::now();
    assert_eq!(page(draw(1), stream(itself, "/A Do ".repeat(1000).as_bytes())), Err(DAMAGED_PART.to_owned()));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn what_is_packed_once_is_read_and_twice_is_not() {
    let once = packed(&[7; 2500]);
    let (flate, twice) = ("/Filter/FlateDecode", "/Filter[/FlateDecode/FlateDecode]");
    assert_eq!(page(draw(1), image(flate, &once)).unwrap(), RgbPicture::filled(50, 50, [7; 3]));
    assert_eq!(page(draw(1), image(twice, &packed(&once))), Err(NOT_READ.to_owned()));
    let content = packed(b"50 0 0 50 0 0 cm /A Do");
    assert!(page(stream(flate, &content), image("", &[7; 2500])).is_ok());
    assert_eq!(page(stream(twice, &packed(&content)), image("", &[7; 2500])), Err(DAMAGED_PART.to_owned()));
}

#[test]
fn an_image_that_says_another_size_than_the_page_is_not_believed() {
    // As found by a fuzzer: tiles of one pixel, each of which takes memory before anything is read.
    let words = [3000_u32, 2999, 0, 0, 1, 1, 0, 0].map(u32::to_be_bytes).concat();
    let jpeg2000 = [&b"\xff\x4f\xff\x51\0\x29\0\0"[..], &words, &[0, 1, 7, 1, 1, 0xff, 0xd9]].concat();
    assert_eq!(page(draw(1), image("/Filter/JPXDecode", &jpeg2000)), Err(NOT_READ.to_owned()));
    let jbig2 = [&[0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19][..], &[0, 0, 0xff, 0xff], &[0, 0, 0xff, 0xff], &[0; 11]].concat();
    assert_eq!(page(draw(1), image("/Filter/JBIG2Decode", &jbig2)), Err(NOT_READ.to_owned()));
    let fax = "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2000000000/Rows 50>>";
    assert_eq!(page(draw(1), image(fax, &[0; 9])), Err(NOT_READ.to_owned()));
}
