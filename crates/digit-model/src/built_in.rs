//! The built-in network: a model that is part of the program, so that digits can be read before anything is trained.
//!
//! `docs/model-card.md` says what it learned from and how well it reads; `just model` makes its file again.

use anyhow::Context;
use stage_files::model::Model;

/// A model whose file is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// What it was trained on, as a sentence names it.
    pub trained_on: &'static str,
    /// Grows by 1 with every change of the file.
    pub version: u32,
    /// The model file.
    pub bytes: &'static [u8],
}

/// Trained on drawn digits alone: no picture of any person is in it.
pub static DRAWN: BuiltIn =
    BuiltIn { trained_on: "drawn digits", version: 1, bytes: include_bytes!("../built-in/drawn.safetensors") };

impl BuiltIn {
    /// The model. No file is read.
    ///
    /// # Errors
    /// If the bytes are no model file, which the tests rule out.
    pub fn model(&self) -> anyhow::Result<Model> {
        Model::from_bytes(self.bytes).context("the built-in network")
    }
}

#[cfg(test)]
mod tests {
    use stage_files::digest::sha256_hex;

    use super::*;

    /// The file is what `just model` makes. Another file is another version: count it up, and let docs/model-card.md
    /// say what it reaches.
    #[test]
    fn the_file_is_that_of_its_version() {
        assert_eq!(
            (DRAWN.version, sha256_hex(DRAWN.bytes).as_str()),
            (1, "88b38f74301ed8494d381845e79a83ecfdd6fa38a8ec1f96f0e5af058780b10a")
        );
        let card = include_str!("../../../docs/model-card.md");
        assert!(card.contains(&sha256_hex(DRAWN.bytes)), "docs/model-card.md is about another file");
    }

    #[test]
    fn it_knows_all_digits_and_has_detector_and_calibration() {
        let model = DRAWN.model().unwrap();
        assert_eq!(model.labels.to_string(), "0-9");
        assert!(model.detector.is_some() && model.picture.is_some());
        assert!(model.temperature != 1.0, "{}", model.temperature);
        assert!(DRAWN.bytes.len() < 700_000, "{}", DRAWN.bytes.len());
    }
}
