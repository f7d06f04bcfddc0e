//! Files that declare far more pixels than they hold must not make the process take memory for them. Alone in its
//! program, because what is measured is the whole process.

#![allow(clippy::disallowed_methods, reason = "tests put files in place as users do")]

mod files;

use digit_image::decode::{DecodeOptions, decode_gray};
use files::{Png, jpeg};

/// The most memory this process has ever held, in bytes; `None` where the system does not say.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// A gray TIFF of one strip that holds 64 bytes of zeros. `widths` is how many widths it declares.
fn tiff(size: [u32; 2], compression: u32, widths: u32, more: &[(u16, u32)]) -> Vec<u8> {
    let mut entries = vec![
        (256, size[0]),
        (257, size[1]),
        (258, 8),
        (259, compression),
        (262, 1),
        (273, 8),
        (278, size[1]),
        (279, 64),
    ];
    entries.extend(more);
    entries.sort_unstable();
    let mut bytes = [&b"II*\0\x08\0\0\0"[..], &(entries.len() as u16).to_le_bytes()].concat();
    for (tag, value) in entries {
        // Each value is of type 4, one number of 32 bits.
        let count = if tag == 256 { widths } else { 1 };
        bytes.extend([&tag.to_le_bytes()[..], &4u16.to_le_bytes()].concat());
        bytes.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    bytes.resize(bytes.len() + 68, 0);
    bytes
}

#[test]
fn memory_follows_the_data_and_not_the_header() {
    const ALLOWED_BYTES: u64 = 16 << 20;
    let Some(before) = peak_memory_bytes() else {
        // Nothing to hold the claim against on this system.
        std::io::Write::write_all(&mut std::io::stderr(), b"skipped: this system does not state peak memory\n")
            .expect("standard error is open");
        return;
    };
    let mut interlaced = Png::new(10_000, 9_999, 6, &[0; 60]);
    interlaced.interlace = 1;
    let mut jpeg_file = jpeg(16, 16, |encoder| encoder);
    let mut progressive = jpeg(16, 16, |encoder| encoder.progressive(true));
    for (file, marker) in [(&mut jpeg_file, 0xc0), (&mut progressive, 0xc2)] {
        let frame = file.windows(2).position(|pair| pair == [0xff, marker]).expect("a frame header");
        file[frame + 5..frame + 9].copy_from_slice(&[0x27, 0x0f, 0x27, 0x10]);
    }
    let mut jpeg2000 = std::fs::read("tests/golden/jpeg2000/gray.j2k").expect("a file of the tests");
    // As found by a fuzzer: nine million tiles of one pixel.
    for (at, side) in [(8, 3_000_u32), (12, 2_999), (24, 1), (28, 1)] {
        jpeg2000[at..at + 4].copy_from_slice(&side.to_be_bytes());
    }
    let gif = [&b"GIF89a\x10\x27\x0f\x27\0\0\0,\0\0\0\0\x10\x27\x0f\x27\0\x08\x03\0\x01\x02\0;"[..]].concat();
    let mut bmp = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\x27\0\0\x0f\x27\0\0\x01\0\x18\0".to_vec();
    bmp.resize(70, 0);
    for (name, bytes) in [
        ("png", Png::new(10_000, 9_999, 2, &[0; 60]).bytes()),
        ("png interlaced", interlaced.bytes()),
        ("png over the limit", Png::new(20_000, 20_000, 2, &[0; 60]).bytes()),
        ("jpeg", jpeg_file),
        ("jpeg progressive", progressive),
        ("pnm", b"P6 10000 9999 255\nabc".to_vec()),
        ("gif", gif),
        ("bmp", bmp),
        ("jpeg 2000", jpeg2000),
        ("tiff", tiff([10_000, 9_999], 1, 1, &[])),
        ("tiff with deflate", tiff([10_000, 9_999], 8, 1, &[])),
        ("tiff with LZW", tiff([10_000, 9_999], 5, 1, &[])),
        ("tiff with PackBits", tiff([10_000, 9_999], 32_773, 1, &[])),
        ("tiff with tiles", tiff([10, 10], 1, 1, &[(322, 9_984), (323, 9_984), (324, 8), (325, 64)])),
        // As found by a fuzzer: the width is five million numbers.
        ("tiff with many widths", tiff([1, 1], 1, 5_439_489, &[])),
        ("tiff with endless widths", tiff([1, 1], 1, u32::MAX, &[])),
    ] {
        assert!(decode_gray(&bytes, &DecodeOptions::default()).is_err(), "{name} holds no such picture");
        let peak = peak_memory_bytes().expect("stated a moment ago");
        assert!(peak - before < ALLOWED_BYTES, "{name}: {} bytes more than before", peak - before);
    }
}
