//! Files that made a library fail, in whole commands: the batch goes on.

use test_support::Test;

/// A TIFF of 40 x 40 pixels in three separate planes of tiles, over which another decoder panics (image-tiff, issue
/// 403).
fn tiff_of_tiles_in_planes() -> Vec<u8> {
    const TILES: u32 = 27;
    const TILE_BYTES: u32 = 256;
    // Behind the header, 11 entries and the mark that no other directory follows: the lists, then the tiles.
    let bits = 8 + 2 + 11 * 12 + 4;
    let offsets = bits + 3 * 2;
    let lengths = offsets + 4 * TILES;
    let data = lengths + 4 * TILES;
    let mut bytes = b"II*\0\x08\0\0\0\x0b\0".to_vec();
    for (tag, kind, count, value) in [
        (256u16, 4u16, 1, 40),
        (257, 4, 1, 40),
        (258, 3, 3, bits),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (277, 3, 1, 3),
        (284, 3, 1, 2),
        (322, 4, 1, 16),
        (323, 4, 1, 16),
        (324, 4, TILES, offsets),
        (325, 4, TILES, lengths),
    ] {
        bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        bytes.extend([u32::to_le_bytes(count), u32::to_le_bytes(value)].concat());
    }
    bytes.extend([0; 4]);
    bytes.extend([8u16; 3].iter().flat_map(|bits| bits.to_le_bytes()));
    bytes.extend((0..TILES).flat_map(|tile| (data + tile * TILE_BYTES).to_le_bytes()));
    bytes.extend((0..TILES).flat_map(|_| TILE_BYTES.to_le_bytes()));
    bytes.resize((data + TILES * TILE_BYTES) as usize, 255);
    bytes
}

#[test]
fn a_tiff_of_tiles_in_planes_is_read() {
    let test = Test::new(env!("CARGO_BIN_EXE_digit-labeler"));
    let good = "P2 4 4 255 255 255 255 255 255 0 0 255 255 0 0 255 255 255 255 255 ";
    test.write("source/1_20_a.pgm", good);
    test.write("source/2_20_b.tif", tiff_of_tiles_in_planes());
    test.write("source/3_20_c.pgm", good);
    for jobs in ["1", "3"] {
        let ran = test.run(&format!("source out --jobs {jobs}"));
        ran.status(0).stderr_has(&["3 pictures labelled"]);
        assert!(!ran.stderr.contains("panicked"), "{ran}");
        test.remove("out");
    }
}
