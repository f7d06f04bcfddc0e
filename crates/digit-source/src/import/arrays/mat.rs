//! MATLAB's `.mat` files of versions 5 to 7: the numeric arrays.

use matfile::{MatFile, NumericData};
use stage_files::panic_guard::guarded;
use stage_files::refuse;

use super::array::{Array, Values};

/// The numeric arrays of a file.
///
/// # Errors
/// A damaged file, and one without numeric arrays.
pub(super) fn read_mat(bytes: &[u8]) -> anyhow::Result<Vec<Array>> {
    let Some(Ok(file)) = guarded(|| MatFile::parse(bytes)) else {
        refuse!("a damaged MATLAB file; copy it again, or save it anew with `save -v7`");
    };
    let arrays = file.arrays().iter().map(|array| Array {
        name: array.name().to_owned(),
        shape: array.size().clone(),
        first_fastest: true,
        values: values(array.data()),
    });
    let arrays: Vec<Array> = arrays.collect();
    if arrays.is_empty() {
        refuse!("a MATLAB file without numeric arrays; expected one of pictures and one of labels");
    }
    Ok(arrays)
}

fn values(data: &NumericData) -> Values {
    let floats = match data {
        NumericData::UInt8 { real, .. } => return Values::Bytes(real.clone()),
        NumericData::Int8 { real, .. } => real.iter().map(|&v| f32::from(v)).collect(),
        NumericData::Int16 { real, .. } => real.iter().map(|&v| f32::from(v)).collect(),
        NumericData::UInt16 { real, .. } => real.iter().map(|&v| f32::from(v)).collect(),
        NumericData::Int32 { real, .. } => real.iter().map(|&v| v as f32).collect(),
        NumericData::UInt32 { real, .. } => real.iter().map(|&v| v as f32).collect(),
        NumericData::Int64 { real, .. } => real.iter().map(|&v| v as f32).collect(),
        NumericData::UInt64 { real, .. } => real.iter().map(|&v| v as f32).collect(),
        NumericData::Single { real, .. } => real.clone(),
        NumericData::Double { real, .. } => real.iter().map(|&v| v as f32).collect(),
    };
    Values::Floats(floats)
}
