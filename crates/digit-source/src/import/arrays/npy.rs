//! NumPy's `.npy` and the archive of them, `.npz`.
//!
//! Layout: `\x93NUMPY`, version, length of the header, a Python dictionary with `descr` (byte order, kind and bytes of
//! a value), `fortran_order` and `shape`, then the values
//! (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

use std::borrow::Cow;
use std::io::{Cursor, Read};

use anyhow::Context;
use stage_files::refuse;

use super::array::{Array, Values};

/// The array of an `.npy` file.
///
/// # Errors
/// A cut-off or damaged file, and values that are no numbers.
pub(super) fn read_npy(name: &str, bytes: &[u8]) -> anyhow::Result<Array> {
    let Some((header, data)) = parted(bytes) else { refuse!("a damaged .npy file; copy it again") };
    let field = |key: &str| {
        let after = &header[header.find(&format!("'{key}'"))? + key.len() + 2..];
        Some(after.trim_start().strip_prefix(':')?.trim_start())
    };
    let (Some(descr), Some(order), Some(shape)) = (field("descr"), field("fortran_order"), field("shape")) else {
        refuse!("an .npy file whose header lacks descr, fortran_order or shape: {header}; save it anew");
    };
    let descr = descr.trim_start_matches('\'').split('\'').next().unwrap_or_default();
    let shape = shape.trim_start_matches('(').split(')').next().unwrap_or_default();
    let shape: Result<Vec<usize>, _> =
        shape.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect();
    let Some(count) = shape.as_ref().ok().and_then(|s| s.iter().try_fold(1usize, |n, &k| n.checked_mul(k))) else {
        refuse!("an .npy file with a shape that is none: {header}; save it anew");
    };
    let values = values(descr, data, count)?;
    Ok(Array {
        name: name.to_owned(),
        shape: shape.unwrap_or_default(),
        first_fastest: order.starts_with("True"),
        values,
    })
}

/// Header and data.
fn parted(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (begin, length) = match bytes.get(6)? {
        1 => (10, usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?))),
        2 | 3 => (12, u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?) as usize),
        _ => return None,
    };
    let end = length.checked_add(begin)?;
    Some((std::str::from_utf8(bytes.get(begin..end)?).ok()?, &bytes[end..]))
}

/// Whether the values are texts or Python objects.
fn is_text(bytes: &[u8]) -> bool {
    let kinds = ["'<U", "'>U", "'|S", "'|O"];
    parted(bytes).is_some_and(|(header, _)| kinds.iter().any(|kind| header.contains(&format!("'descr': {kind}"))))
}

fn values(descr: &str, data: &[u8], count: usize) -> anyhow::Result<Values> {
    let is_big = descr.starts_with('>');
    let kind = descr.trim_start_matches(['<', '>', '|', '=']);
    let width = match kind {
        "u1" | "i1" | "b1" => 1,
        "u2" | "i2" => 2,
        "u4" | "i4" | "f4" => 4,
        "u8" | "i8" | "f8" => 8,
        _ => refuse!("values of type `{descr}`; expected integers or floats: save the array with .astype(\"float32\")"),
    };
    if count.checked_mul(width) != Some(data.len()) {
        refuse!(
            "an .npy file of {count} values with {width} bytes each has {} bytes of data; copy it again",
            data.len()
        );
    }
    if kind == "u1" {
        return Ok(Values::Bytes(data.to_vec()));
    }
    let value = |bytes: &[u8]| {
        // The bytes at the less significant end of eight, whatever the file's order.
        let mut low_first = [0; 8];
        low_first[..width].copy_from_slice(bytes);
        if is_big {
            low_first[..width].reverse();
        }
        let unsigned = u64::from_le_bytes(low_first);
        let unused_bits = 64 - 8 * width as u32;
        match kind {
            "f4" => f32::from_bits(unsigned as u32),
            "f8" => f64::from_bits(unsigned) as f32,
            _ if kind.starts_with('i') => ((unsigned << unused_bits) as i64 >> unused_bits) as f32,
            _ => unsigned as f32,
        }
    };
    Ok(Values::Floats(data.chunks_exact(width).map(value).collect()))
}

/// The arrays of an `.npz` file; other archives are named.
///
/// # Errors
/// An archive that is damaged or holds no array.
pub(super) fn read_npz(bytes: &[u8]) -> anyhow::Result<Vec<Array>> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        refuse!("a damaged ZIP archive; copy it again");
    };
    let names: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    if !names.iter().any(|name| name.ends_with(".npy")) {
        if names.iter().any(|name| name == "[Content_Types].xml" || name == "content.xml") {
            refuse!("a spreadsheet (.xlsx, .ods); save the sheet as CSV");
        }
        let some = names.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        refuse!("a ZIP archive of {} files ({some}); unpack it and give one of them", names.len());
    }
    let mut arrays = Vec::new();
    for i in 0..archive.len() {
        let Ok(entry) = archive.by_index(i) else { refuse!("a damaged ZIP archive; copy it again") };
        let name = entry.name().ok().and_then(|name| Some(name.strip_suffix(".npy")?.to_owned()));
        let Some(name) = name else { continue };
        let mut plain = Vec::new();
        if let Err(error) = entry.take(crate::MAX_INPUT_BYTES).read_to_end(&mut plain) {
            refuse!("{name}: damaged ({error}); copy the file again");
        }
        // Names of files and the like are passed over.
        if is_text(&plain) {
            continue;
        }
        arrays.push(read_npy(&name, &plain).with_context(|| name)?);
    }
    Ok(arrays)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(descr: &str, order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [&b"\x93NUMPY\x01\0"[..], &length, header.as_bytes(), data].concat()
    }

    #[test]
    fn every_type_of_number_is_read() {
        for (descr, data) in [
            ("|u1", vec![200, 3]),
            ("<u2", vec![200, 0, 3, 0]),
            (">i4", vec![0, 0, 0, 200, 0, 0, 0, 3]),
            ("<i8", [200i64, 3].into_iter().flat_map(i64::to_le_bytes).collect()),
            ("<f4", [200f32, 3.0].into_iter().flat_map(f32::to_le_bytes).collect()),
            (">f8", [200f64, 3.0].into_iter().flat_map(f64::to_be_bytes).collect()),
        ] {
            let array = read_npy("a", &npy(descr, "False", "(2,)", &data)).unwrap();
            assert_eq!((array.shape.clone(), array.value(0), array.value(1)), (vec![2], 200.0, 3.0), "{descr}");
        }
        let array = read_npy("", &npy("|i1", "True", "(1, 2)", &[0xff, 1])).unwrap();
        assert_eq!((array.value(0), array.first_fastest, array.strides()), (-1.0, true, vec![1, 1]));
    }

    #[test]
    fn what_is_damaged_or_no_number_is_refused() {
        for (bytes, part) in [
            (b"\x93NUMPY\x01\0\xff".to_vec(), "damaged"),
            (npy("|O", "False", "(2,)", b".."), "type `|O`"),
            (npy("<f4", "False", "(2,)", b"...."), "copy it again"),
            (npy("<f4", "False", "(99999999999999999999,)", b""), "shape"),
            (npy("<f4", "False", "(9999999999, 9999999999, 9)", b""), "shape"),
        ] {
            let error = read_npy("", &bytes).err().unwrap();
            assert!(stage_files::is_refused(&error) && error.to_string().contains(part), "{error}");
        }
        assert!(read_npz(b"PK\x03\x04").err().unwrap().to_string().contains("damaged"));
    }
}
