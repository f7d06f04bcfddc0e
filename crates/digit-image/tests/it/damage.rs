//! Files that are cut off or damaged.

use digit_image::decode::decode_gray;
use digit_image::format::{Format, sniff};

use crate::files::{self, Png, chunk, jpeg, one_of_each};
use crate::{DROP, WHITE, message, pixels};

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    for (name, mut bytes) in one_of_each() {
        if name.starts_with("jpeg") {
            // Its end mark may be missing; the two bytes before it hold the last blocks, but for padding.
            bytes.truncate(bytes.len() - 4);
        }
        // PNM has no end mark: the missing last sample is what is noticed.
        for length in 0..bytes.len() {
            if let Ok(picture) = decode_gray(&bytes[..length], &WHITE) {
                panic!("{name}: {length} of {} bytes gave {}x{}", bytes.len(), picture.width_px, picture.height_px);
            }
        }
        let text = message(&bytes[..bytes.len() - 1]);
        let format = sniff(&bytes).map_or("none", Format::name);
        assert!(
            text.starts_with(&format!("cut-off {format}: the file ends at byte {}", bytes.len() - 1)),
            "{name}: {text}"
        );
    }
}

#[test]
fn damage_is_named_with_its_place() {
    let good = || Png::new(2, 2, 0, &[0, 1, 2, 0, 3, 4]);
    let with = |before: Vec<u8>| {
        let mut png = good();
        png.before = before;
        png.bytes()
    };
    let changed = |at: usize| {
        let mut bytes = good().bytes();
        bytes[at] ^= 1;
        bytes
    };
    for (bytes, expected) in [
        (changed(16), "at byte 8: the bytes of chunk IHDR have CRC "),
        (changed(44), "at byte 33: the bytes of chunk IDAT have CRC "),
        (with(chunk(*b"ABCD", b"")), "at byte 33: unknown critical chunk ABCD"),
        (with(chunk(*b"ab1d", b"")), "at byte 37: \"ab1d\" is no chunk name"),
        (with(chunk(*b"IHDR", b"")), "at byte 33: a second IHDR chunk"),
        (with(chunk(*b"acTL", b"")), "at byte 33: chunk acTL has 0 bytes, expected 8"),
        (Png::new(0, 2, 0, &[]).bytes(), "at byte 16: IHDR declares 0x2 pixels, each side must be 1 to 1000000"),
        (Png::new(1, 1, 5, &[]).bytes(), "at byte 24: IHDR combines colour type 5 with 8 bits"),
        (Png::new(1, 1, 3, &[0, 0]).bytes(), "at byte 33: a palette picture needs PLTE before IDAT"),
        (Png::new(1, 1, 0, &[5, 0]).bytes(), "has filter type 5; only 0 to 4 exist"),
        (Png::new(1, 1, 0, &[0]).bytes(), "the compressed data ends 1 bytes before the last row is complete"),
    ] {
        let text = message(&bytes);
        assert!(text.starts_with("damaged PNG: at byte ") && text.contains(expected), "{text}\nexpected: {expected}");
        assert!(text.ends_with("; copy or export it again"), "{text}");
    }
    let jpeg = jpeg(16, 16, |encoder| encoder);
    let text = message(&jpeg[..jpeg.len() / 2]);
    let place = format!("cut-off JPEG: the file ends at byte {}, inside ", jpeg.len() / 2);
    assert!(text.starts_with(&place), "{text}");
}

#[test]
fn what_png_forgives_is_forgiven() {
    let rows = [0, 1, 2, 0, 3, 4];
    let expected = vec![1, 2, 3, 4];
    let png = || Png::new(2, 2, 0, &rows);
    let mut bytes = png().bytes();
    bytes.extend_from_slice(b"whatever follows the end");
    assert_eq!(pixels(&bytes, &WHITE), expected);

    let mut damaged_text = chunk(*b"tEXt", b"a\0b");
    *damaged_text.last_mut().expect("not empty") ^= 1;
    let mut png_with = png();
    png_with.before = [damaged_text, chunk(*b"abCd", b"unknown")].concat();
    assert_eq!(pixels(&png_with.bytes(), &WHITE), expected);

    let more_rows = [&rows[..], &[9; 100]].concat();
    assert_eq!(pixels(&Png::new(2, 2, 0, &more_rows).bytes(), &WHITE), expected);

    let mut end = png().bytes();
    *end.last_mut().expect("not empty") ^= 1;
    assert_eq!(pixels(&end, &WHITE), expected, "the checksum of IEND does not matter");
}

/// Each outcome was seen with opencv-python-headless 5.0.0.93.
#[test]
fn palettes_and_animation_chunks_are_judged_as_opencv_judges_them() {
    let wrong_checksum = |mut chunk: Vec<u8>| {
        let last = chunk.len() - 1;
        chunk[last] ^= 1;
        chunk
    };
    let colours = chunk(*b"PLTE", &[0; 12]);
    let odd_length = chunk(*b"PLTE", &[0; 5]);
    let srgb = chunk(*b"sRGB", &[0]);
    let file = |color_type: u8, before: Vec<u8>, after: Vec<u8>| {
        let samples: &[u8] = if color_type == 2 { &[0, 200, 30, 90] } else { &[0, 0] };
        let mut png = Png::new(1, 1, color_type, samples);
        (png.before, png.after) = (before, after);
        decode_gray(&png.bytes(), &DROP).ok().map(|picture| picture.pixels[0])
    };
    let none = Vec::new;
    // 87 is the gray value without gamma, 120 that with sRGB, which must come before a palette to count.
    for (what, before, after, expected) in [
        ("wrong checksum", wrong_checksum(colours.clone()), none(), Some(87)),
        ("two", [&colours[..], &colours].concat(), none(), Some(87)),
        ("late", none(), colours.clone(), Some(87)),
        ("empty", chunk(*b"PLTE", b""), none(), None),
        ("odd length", odd_length.clone(), none(), Some(87)),
        ("sRGB after odd length", [&odd_length[..], &srgb].concat(), none(), Some(120)),
        ("sRGB after wrong checksum", [&wrong_checksum(colours.clone())[..], &srgb].concat(), none(), Some(87)),
        ("sRGB before", [&srgb[..], &colours].concat(), none(), Some(120)),
    ] {
        assert_eq!(file(2, before, after), expected, "truecolour, palette {what}");
    }
    for (what, before, after, expected) in [
        ("right", colours.clone(), none(), Some(0)),
        ("wrong checksum", wrong_checksum(colours.clone()), none(), None),
        ("two", [&colours[..], &colours].concat(), none(), None),
        ("late", colours.clone(), colours.clone(), None),
        ("empty", chunk(*b"PLTE", b""), none(), None),
        ("odd length", odd_length.clone(), none(), None),
    ] {
        assert_eq!(file(3, before, after), expected, "palette picture, palette {what}");
    }
    for before in [&colours, &odd_length, &chunk(*b"PLTE", b"")] {
        assert_eq!(file(0, before.clone(), none()), Some(0), "a palette in a gray picture");
    }
    let frame = |width_px: u8, x: u8, dispose: u8, blend: u8| {
        let numbers = [0, u32::from(width_px), 1, u32::from(x), 0].map(u32::to_be_bytes).concat();
        chunk(*b"fcTL", &[&numbers[..], &[0, 1, 0, 10, dispose, blend]].concat())
    };
    for (what, chunk, expected) in [
        ("acTL of 1 frame", chunk(*b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), Some(0)),
        ("acTL of 0 frames", chunk(*b"acTL", &[0; 8]), None),
        ("acTL too short", chunk(*b"acTL", &[0; 7]), None),
        ("fcTL", frame(1, 0, 2, 1), Some(0)),
        ("fcTL too short", chunk(*b"fcTL", &[0; 25]), None),
        ("fcTL too wide", frame(2, 0, 0, 0), None),
        ("fcTL outside", frame(1, 1, 0, 0), None),
        ("fcTL of unknown disposal", frame(1, 0, 3, 0), None),
        ("fcTL of unknown blending", frame(1, 0, 0, 2), None),
    ] {
        assert_eq!(file(0, chunk.clone(), none()), expected, "{what}");
        assert_eq!(file(0, none(), chunk), Some(0), "{what}, behind the picture");
    }
}

/// Each outcome was seen with opencv-python-headless 5.0.0.93.
#[test]
fn what_follows_the_last_row_matters_only_where_libpng_looks() {
    let file = |parts: &[&[u8]]| {
        let mut bytes = Png::new(2, 2, 0, &[]).bytes();
        bytes.truncate(33);
        for part in parts {
            bytes.extend_from_slice(&chunk(*b"IDAT", part));
        }
        bytes.extend_from_slice(&chunk(*b"IEND", b""));
        decode_gray(&bytes, &DROP).is_ok()
    };
    let whole = files::zlib(&[0, 1, 2, 0, 3, 4]);
    let (data, checksum) = whole.split_at(whole.len() - 4);
    assert!(file(&[data, checksum]), "the checksum in a chunk of its own");
    assert!(!file(&[data, b"xxxx"].concat().chunks(100).collect::<Vec<_>>()), "a wrong checksum behind the last row");
    assert!(file(&[data, b"xxxx"]), "a wrong checksum in a later chunk");
    assert!(file(&[data, &checksum[..1]]), "a checksum that stops");
    assert!(!file(&[data]), "a checksum that is missing");
    let more = files::zlib(&[[0, 1, 2, 0, 3, 4, 9, 9, 9].as_slice(), &[7; 5000]].concat());
    assert!(file(&[&more]), "superfluous bytes");
    assert!(file(&[&more[..more.len() - 4], b"xxxx"]), "superfluous bytes with a wrong checksum");
    assert!(!file(&[&more[..more.len() - 4]]), "superfluous bytes that stop");
    assert!(file(&[&whole, b"rubbish"]), "rubbish behind the stream");
}
