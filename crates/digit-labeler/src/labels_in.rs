//! The option `--layout`: where the labels of a tree are.

use std::str::FromStr;

/// Where the labels of a tree are, when the user says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelsIn {
    /// In the names of folders: `{digit}/x.png`, `{writer}/{digit}/x.png`.
    Folders,
    /// In the names of pictures: `{digit}_x.png`, `{digit}_{size}_{id}.png`.
    Names,
}

impl LabelsIn {
    /// The value of the option `--layout`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Folders => "folders",
            Self::Names => "names",
        }
    }
}

impl FromStr for LabelsIn {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Folders, Self::Names];
        let found = all.into_iter().find(|layout| layout.as_str() == text);
        found.ok_or_else(|| format!("expected `folders` or `names`, found `{text}`"))
    }
}
