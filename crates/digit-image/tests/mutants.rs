//! Decoding what chance made of files: it ends soon, with a picture inside the limit or an error in words.

mod files;

use std::time::{Duration, Instant};

use digit_image::decode::{DecodeOptions, decode_gray};
use files::one_of_each;
use proptest::prelude::*;
use stage_files::picture::Alpha;

const WHITE: DecodeOptions = DecodeOptions { alpha: Alpha::White, max_pixels: 1_000_000, page: 0 };

fn check_mutant(name: &str, bytes: &[u8]) {
    let start = Instant::now();
    let result = decode_gray(bytes, &WHITE);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(10), "{name}: {took:?}");
    match result {
        Ok(picture) => {
            let pixels = u64::from(picture.width_px) * u64::from(picture.height_px);
            assert!(pixels > 0 && pixels <= WHITE.max_pixels && picture.pixels.len() as u64 == pixels, "{name}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mutation_makes_decoding_panic_or_hang(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
        moved in prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..20)),
        repair in any::<bool>(),
    ) {
        for (name, original) in one_of_each() {
            let mut bytes = original;
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            if let Some((from, to, length)) = &moved {
                let part: Vec<u8> = bytes.iter().copied().skip(from.index(bytes.len())).take(*length).collect();
                let to = to.index(bytes.len());
                bytes.splice(to..to, part);
            }
            if let Some(cut) = &cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            if repair {
                repair_checksums(&mut bytes);
            }
            check_mutant(name, &bytes);
        }
    }

    #[test]
    fn no_rubbish_makes_decoding_panic(
        start in prop::sample::select(one_of_each()),
        keep in 4_usize..64,
        rubbish in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let (name, original) = start;
        let kept = &original[..keep.min(original.len())];
        check_mutant(name, &[kept, &rubbish].concat());
        check_mutant("rubbish", &rubbish);
    }
}

/// Gives every chunk of a PNG the checksum of what it holds, so that mutations reach what lies behind the check.
fn repair_checksums(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let end = at + 8 + length;
        let Some(data) = bytes.get(at + 4..end) else { return };
        let checksum = crc32fast::hash(data).to_be_bytes();
        let Some(stored) = bytes.get_mut(end..end + 4) else { return };
        stored.copy_from_slice(&checksum);
        at = end + 4;
    }
}
