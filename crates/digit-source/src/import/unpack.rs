//! Files that are packed with gzip or Zstandard, told by their content and not by their name.

use std::borrow::Cow;
use std::io::Read;

use stage_files::refuse;

/// Bytes without their packing.
pub(super) struct Unpacked<'a> {
    /// The content.
    pub bytes: Cow<'a, [u8]>,
    /// How it was packed, if it was.
    pub packing: Option<&'static str>,
}

/// Unpacks the content of a file.
///
/// # Errors
/// A damaged file, and one that grows beyond the limit on inputs.
pub(super) fn unpacked(bytes: &[u8]) -> anyhow::Result<Unpacked<'_>> {
    let (plain, packing) = match bytes {
        [0x1f, 0x8b, ..] => (read(flate2::read::MultiGzDecoder::new(bytes), "gzip")?, "gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => (zstd(bytes)?, "zstd"),
        _ => return Ok(Unpacked { bytes: Cow::Borrowed(bytes), packing: None }),
    };
    Ok(Unpacked { bytes: Cow::Owned(plain), packing: Some(packing) })
}

/// All frames, one after the other.
fn zstd(mut bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut plain = Vec::new();
    while !bytes.is_empty() {
        let Ok(decoder) = ruzstd::decoding::StreamingDecoder::new(&mut bytes) else {
            refuse!("a damaged zstd file; copy it again");
        };
        plain.extend(read(decoder, "zstd")?);
    }
    Ok(plain)
}

fn read(packed: impl Read, packing: &str) -> anyhow::Result<Vec<u8>> {
    let mut plain = Vec::new();
    if let Err(error) = packed.take(crate::MAX_INPUT_BYTES).read_to_end(&mut plain) {
        refuse!("damaged {packing} file ({error}); copy it again");
    }
    if plain.len() as u64 == crate::MAX_INPUT_BYTES {
        refuse!("unpacked it has {} bytes or more, the limit; give a smaller file", crate::MAX_INPUT_BYTES);
    }
    Ok(plain)
}
