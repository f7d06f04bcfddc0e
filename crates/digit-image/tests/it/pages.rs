//! Animations and files of several pages.

use digit_image::decode::{DecodeOptions, Pages, decode_gray, decode_rgb, pages};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use crate::files::{Png, chunk, encode};
use crate::{WHITE, pixels};

fn page(page: usize) -> DecodeOptions {
    DecodeOptions { page, ..WHITE }
}

#[test]
fn an_animation_gives_its_first_frame() {
    let frame = |value| image::Frame::new(RgbaImage::from_pixel(4, 4, Rgba([value, value, value, 255])));
    let mut gif = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut gif).encode_frames([frame(10), frame(200)]).expect("encodable");
    assert_eq!(pixels(&gif, &WHITE), [10; 16]);

    let rows = [0, 1, 2, 0, 3, 4];
    let frame_control = |sequence: u8| {
        let mut data = vec![0, 0, 0, sequence];
        data.extend_from_slice(&[0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0]);
        chunk(*b"fcTL", &data)
    };
    let mut apng = Png::new(2, 2, 0, &rows);
    apng.before = [chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), frame_control(0)].concat();
    apng.after = [frame_control(1), chunk(*b"fdAT", b"\0\0\0\x02not looked at")].concat();
    assert_eq!(pixels(&apng.bytes(), &WHITE), [1, 2, 3, 4]);
}

/// Each page of a file is what a file of that page alone gives, and there is no page behind the last one.
fn check_pages(name: &str, file: &[u8], alone: &[Vec<u8>]) {
    assert_eq!(pages(file), Pages { all: alone.len(), readable: alone.len() }, "{name}");
    for (at, alone) in alone.iter().enumerate() {
        assert_eq!(decode_gray(file, &page(at)), decode_gray(alone, &WHITE), "{name}, page {at}");
        assert_eq!(decode_rgb(file, &page(at)), decode_rgb(alone, &WHITE), "{name}, page {at}");
    }
    let error = decode_gray(file, &page(alone.len())).unwrap_err().to_string();
    assert!(error.contains(&format!("no page or frame {}", alone.len() + 1)), "{name}: {error}");
}

fn shades() -> Vec<DynamicImage> {
    let shade = |n: u8| RgbaImage::from_fn(5, 4, |x, y| Rgba([40 * n + x as u8, 30 * n + y as u8, 9, 255])).into();
    (0..3).map(shade).collect()
}

#[test]
fn every_page_of_a_tiff_is_read() {
    let alone: Vec<Vec<u8>> = shades().iter().map(|image| encode(&image.to_rgb8().into(), ImageFormat::Tiff)).collect();
    // The files one behind the other: directories and the places that they name move with them.
    let mut file = Vec::new();
    for one in &alone {
        let base = file.len() as u32;
        file.extend_from_slice(one);
        file.resize(file.len().next_multiple_of(4), 0);
        move_directory(&mut file, base);
    }
    let starts: Vec<u32> = alone
        .iter()
        .scan(0, |at, one| {
            let start = *at + u32::from_le_bytes(one[4..8].try_into().unwrap());
            *at += one.len().next_multiple_of(4) as u32;
            Some(start)
        })
        .collect();
    for pair in starts.windows(2) {
        let at = pair[0] as usize;
        let entries = usize::from(u16::from_le_bytes(file[at..at + 2].try_into().unwrap()));
        let next = at + 2 + 12 * entries;
        file[next..next + 4].copy_from_slice(&pair[1].to_le_bytes());
    }
    check_pages("TIFF", &file, &alone);
}

/// Adds `base` to every place that the directory of the little-endian TIFF file at `base` names.
fn move_directory(file: &mut [u8], base: u32) {
    let number = |file: &[u8], at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let directory = (base + number(file, base as usize + 4)) as usize;
    let entries = usize::from(u16::from_le_bytes(file[directory..directory + 2].try_into().unwrap()));
    for at in (0..entries).map(|entry| directory + 2 + 12 * entry) {
        let (tag, kind) = (u16::from_le_bytes([file[at], file[at + 1]]), file[at + 2]);
        let value_bytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][usize::from(kind)];
        let place = number(file, at + 8);
        let is_outside = number(file, at + 4) * value_bytes > 4;
        // StripOffsets holds places itself.
        if is_outside || tag == 273 {
            file[at + 8..at + 12].copy_from_slice(&(place + base).to_le_bytes());
        }
        assert!(tag != 273 || !is_outside, "several strips are not moved here");
    }
}

#[test]
fn every_frame_of_an_animation_is_read() {
    let frames = || shades().into_iter().map(|image| image::Frame::new(image.to_rgba8()));
    let gif = |frames: Vec<image::Frame>| {
        let mut file = Vec::new();
        image::codecs::gif::GifEncoder::new(&mut file).encode_frames(frames).unwrap();
        file
    };
    let alone: Vec<Vec<u8>> = frames().map(|frame| gif(vec![frame])).collect();
    check_pages("GIF", &gif(frames().collect()), &alone);

    let alone: Vec<Vec<u8>> = shades().iter().map(|image| encode(image, ImageFormat::WebP)).collect();
    let riff = |name: &[u8], data: &[u8]| {
        let padding: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
        [name, &(data.len() as u32).to_le_bytes(), data, padding].concat()
    };
    // Width and height less 1 in three bytes each; behind the place of a frame, its time and how it is blended.
    let size = [4, 0, 0, 3, 0, 0];
    let frame = |file: &Vec<u8>| riff(b"ANMF", &[&[0; 6], &size[..], &[10, 0, 0, 0b10], &file[12..]].concat());
    let header = riff(b"VP8X", &[&[0b10010, 0, 0, 0][..], &size].concat());
    let body = [b"WEBP", &header[..], &riff(b"ANIM", &[0; 6]), &alone.iter().flat_map(frame).collect::<Vec<u8>>()];
    check_pages("WebP", &riff(b"RIFF", &body.concat()), &alone);
}

#[test]
fn a_picture_of_one_page_has_no_second_one() {
    let png = Png::new(2, 1, 0, &[0, 7, 250]).bytes();
    assert_eq!(pages(&png), Pages { all: 1, readable: 1 });
    assert!(decode_gray(&png, &page(1)).is_err());
    assert_eq!(pages(b"no picture"), Pages { all: 1, readable: 1 });
}
