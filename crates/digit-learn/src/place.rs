//! The folders that are written, all below one.
//!
//! ```text
//! learned/scans/labelled-0-9        the pictures as the network gets them
//! learned/scans/data-0-9            the data set
//! learned/scans/drawn-0-9-8000      drawn digits to train beside: source, labelled, data
//! learned/scans/configs             the config of each run
//! learned/scans/runs                the runs
//! learned/scans/report              the report of all runs
//! ```
//!
//! What depends on an option or on the labels has them in its name, so that another request makes other folders and
//! nothing is made over.

use std::path::{Path, PathBuf};

use digit_image::decode::PageChoice;
use stage_cli::quoted;
use stage_files::labels::LabelSet;
use stage_files::output::resolved;
use stage_files::refuse;
use stage_files::text_name::base_name;

use crate::request::Request;

/// The folder below which everything goes unless `--out` names one.
const DEFAULT_ROOT: &str = "learned";

/// Where everything goes.
pub(crate) struct Place {
    /// The folder of all that is made.
    pub(crate) root: PathBuf,
    /// What distinguishes the data set from others of the same pictures, such as `0-9`.
    set: String,
}

impl Place {
    /// The folder `out`, or the usual one for a folder of pictures. `program` is what the user types for the command.
    ///
    /// # Errors
    /// A refusal when it is the folder of pictures, or lies inside it.
    pub(crate) fn root(source: &Path, out: Option<&Path>, program: &str) -> anyhow::Result<PathBuf> {
        let usual = || Path::new(DEFAULT_ROOT).join(base_name(source));
        let root = out.map_or_else(usual, Path::to_path_buf);
        // A leading `-` would make a path an option of a stage.
        let root = if root.to_string_lossy().starts_with('-') { Path::new(".").join(root) } else { root };
        if root.to_str().is_none() {
            refuse!("{}: expected a folder whose name is UTF-8; name another one with --out", root.display());
        }
        let (inner, outer) = (resolved(&root)?, resolved(source)?);
        if inner.starts_with(&outer) {
            let beside = outer.with_file_name(format!("learned-{}", base_name(source)));
            refuse!(
                "{} is, or lies inside, the folder of pictures, which is only read; name a folder outside it: \
                 {program} {} --out {}",
                root.display(),
                quoted(source),
                quoted(&beside)
            );
        }
        Ok(root)
    }

    /// The folders for a label set and the options that change how pictures are labelled.
    pub(crate) fn new(root: PathBuf, labels: &LabelSet, request: &Request) -> Self {
        let mut set = labels.to_string();
        if let Some(size) = request.size {
            set += &format!("-size-{size}");
        }
        if let Some(labels_in) = request.layout {
            set += &format!("-by-{}", labels_in.as_str());
        }
        if request.pages == PageChoice::All {
            set += "-all-pages";
        }
        Self { root, set }
    }

    pub(crate) fn labelled(&self) -> PathBuf {
        self.root.join(format!("labelled-{}", self.set))
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.join(format!("data-{}", self.set))
    }

    /// A folder of the drawn digits, which depend on nothing else.
    pub(crate) fn drawn(&self, labels: &LabelSet, sizes: &str, count: u32, part: &str) -> PathBuf {
        let sizes = if sizes == "20" { String::new() } else { format!("-sizes-{sizes}") };
        self.root.join(format!("drawn-{labels}{sizes}-{count}")).join(part)
    }

    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    pub(crate) fn report(&self) -> PathBuf {
        self.root.join("report")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_the_pictures_is_refused_with_a_command_that_works() {
        let folder = tempfile_free_folder();
        let source = folder.join("my scans");
        let error = Place::root(&source, Some(&source.join("out")), "digit-learn").unwrap_err();
        assert!(stage_files::is_refused(&error) && error.to_string().contains("learned-my scans'"), "{error:#}");
        assert!(Place::root(&source, Some(&source), "digit-learn").is_err());
        let usual = Place::root(&source, None, "digit-learn").unwrap();
        assert_eq!(usual, Path::new("learned/my scans"));
        Place::root(&source, Some(&folder.join("my scans 2")), "digit-learn").unwrap();
        assert_eq!(Place::root(&source, Some(Path::new("-x")), "").unwrap(), Path::new("./-x"));
    }

    /// A folder that need not exist.
    fn tempfile_free_folder() -> PathBuf {
        std::env::temp_dir().join("digit-learn-no-such-folder")
    }
}
