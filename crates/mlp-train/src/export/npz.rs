//! The network as a NumPy archive: a ZIP file, stored without compression, of `.npy` arrays.
//!
//! `numpy.load(FILE)` has `layers.{i}.weight` (inputs, outputs), `layers.{i}.bias`, for the scale `standard` also
//! `input.mean` and `input.std`, the digits as `labels`, the softmax's divisor as `temperature`, and as `metadata` a
//! text in JSON: `name`, `activation`, `scale`, `invert`. Formats: numpy.org/doc/stable/reference/generated/
//! numpy.lib.format.html and PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.

use stage_files::model::Model;

/// 1980-01-01, the first date that the format knows, as all archives of equal models are to be equal.
const DATE: u16 = 0x21;
/// "Version needed to extract" of a stored file: 1.0.
const VERSION: u16 = 10;

/// The bytes of the archive.
pub fn npz(model: &Model) -> anyhow::Result<Vec<u8>> {
    let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let mut archive = Archive::default();
    for (i, layer) in model.layers.iter().enumerate() {
        let shape = [layer.inputs, layer.outputs];
        archive.add(&format!("layers.{i}.weight"), "<f4", &shape, &floats(&layer.weight))?;
        archive.add(&format!("layers.{i}.bias"), "<f4", &shape[1..], &floats(&layer.bias))?;
    }
    if let Some((mean, divisor)) = &model.scaling.standard {
        archive.add("input.mean", "<f4", &[mean.len()], &floats(mean))?;
        archive.add("input.std", "<f4", &[divisor.len()], &floats(divisor))?;
    }
    let labels: Vec<u8> = model.labels.as_slice().iter().flat_map(|&digit| i64::from(digit).to_le_bytes()).collect();
    archive.add("labels", "<i8", &[model.labels.len()], &labels)?;
    archive.add("temperature", "<f4", &[], &model.temperature.to_le_bytes())?;
    let mut metadata = serde_json::json!({
        "activation": model.activation,
        "invert": model.scaling.invert,
        "name": model.name,
        "scale": model.scaling.scale,
    });
    if let Some(guarantee) = &model.guarantee {
        metadata["guarantee"] = serde_json::to_value(guarantee)?;
    }
    let text: Vec<u32> = metadata.to_string().chars().map(u32::from).collect();
    let units: Vec<u8> = text.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    archive.add("metadata", &format!("<U{}", text.len()), &[], &units)?;
    archive.finish()
}

/// A ZIP file under construction.
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Archive {
    /// Adds an array in row order.
    fn add(&mut self, name: &str, descr: &str, shape: &[usize], data: &[u8]) -> anyhow::Result<()> {
        let content = [npy_header(descr, shape).as_slice(), data].concat();
        let name = format!("{name}.npy");
        let size = u32::try_from(content.len())?;
        let offset = u32::try_from(self.bytes.len())?;
        // From "version needed" to "extra field length": the same in the local header and in the directory.
        let mut common = Vec::new();
        for field in [VERSION, 0, 0, 0, DATE] {
            common.extend(field.to_le_bytes());
        }
        for field in [crc32fast::hash(&content), size, size] {
            common.extend(field.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(content);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        // Comment length, disk, internal attributes, external attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files += 1;
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Vec<u8>> {
        let offset = u32::try_from(self.bytes.len())?;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend(self.files.to_le_bytes());
        self.bytes.extend((self.directory.len() as u32).to_le_bytes());
        self.bytes.extend(offset.to_le_bytes());
        self.bytes.extend([0, 0]);
        Ok(self.bytes)
    }
}

/// Magic, version 1.0, and a dictionary padded so that the data begin at a multiple of 64 bytes.
fn npy_header(descr: &str, shape: &[usize]) -> Vec<u8> {
    const BEFORE_TEXT: usize = 10;
    let sizes: Vec<String> = shape.iter().map(|size| format!("{size},")).collect();
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", sizes.join(" "));
    let length = (BEFORE_TEXT + text.len() + 1).next_multiple_of(64) - BEFORE_TEXT;
    text.extend(std::iter::repeat_n(' ', length - 1 - text.len()));
    text.push('\n');
    [b"\x93NUMPY\x01\x00", (length as u16).to_le_bytes().as_slice(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_headers_are_those_of_numpy() {
        let header = npy_header("<f4", &[400, 128]);
        assert_eq!(header.len() % 64, 0);
        assert!(header.starts_with(
            b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (400, 128,), }  "
        ));
        assert!(header.ends_with(b" \n"));
        let scalar = npy_header("<f4", &[]);
        assert!(scalar.windows(13).any(|part| part == b"'shape': (), "));
    }
}
