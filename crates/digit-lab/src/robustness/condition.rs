//! A kind of pictures, such as photographs in shadow.

use anyhow::Result;

use super::random::Random;
use crate::sheet::Cover;

/// A picture file's bytes and the ending of its name.
pub(super) struct File {
    pub bytes: Vec<u8>,
    pub ending: &'static str,
}

/// A kind of pictures.
pub(super) struct Condition {
    pub name: &'static str,
    /// Pictures of each label.
    pub each: u32,
    pub make: fn(&Cover, &mut Random) -> Result<File>,
}

pub(super) const fn condition(name: &'static str, make: fn(&Cover, &mut Random) -> Result<File>) -> Condition {
    Condition { name, each: 3, make }
}
