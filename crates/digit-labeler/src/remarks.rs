//! What a run says once about many pictures.

use std::collections::BTreeMap;

use stage_cli::counted;
use stage_files::labels::LabelSet;

/// More pictures than these outside `--labels` are counted on the screen instead of named.
pub(crate) const FEW: u64 = 3;

/// How many pictures something is true of, with the first of them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) first: String,
}

impl Tally {
    pub(crate) fn add(&mut self, name: &str) {
        if self.count == 0 {
            name.clone_into(&mut self.first);
        }
        self.count += 1;
    }
}

/// Why a label that is not among `--labels` is rejected.
pub(crate) fn outside_of(labels: &LabelSet, label: u8) -> String {
    let all = LabelSet::new([labels.as_slice(), &[label]].concat()).unwrap_or_else(|_| labels.clone());
    format!("label {label} is outside the label set {labels}; to take it, give --labels {all} --fresh")
}

/// What is remarkable about the names of a tree.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    /// Another size in the name than `--size`.
    pub(crate) other_size: Tally,
    /// The label is the digit that the name begins with.
    pub(crate) label_first: Tally,
    /// In a folder by digit, under a name that begins with another digit, as most do.
    pub(crate) other_digit: Tally,
    /// Pictures by labels that are not among `--labels`.
    pub(crate) outside: BTreeMap<u8, u64>,
}

impl Remarks {
    /// `N pictures of labels 0, 6-9 are outside --labels 1-5; ..`, if they are more than a few.
    pub(crate) fn outside(&self, labels: &LabelSet) -> Option<String> {
        let count: u64 = self.outside.values().sum();
        let outside: Vec<u8> = self.outside.keys().copied().collect();
        let all = LabelSet::new([labels.as_slice(), &outside].concat()).ok()?;
        let outside = LabelSet::new(outside).ok()?;
        let (outside, noun) =
            (outside.to_string().replace(',', ", "), if outside.len() == 1 { "label" } else { "labels" });
        (count > FEW).then(|| {
            format!(
                "{count} pictures of {noun} {outside} are outside --labels {labels}; to take \
                 them, give --labels {all} --fresh"
            )
        })
    }

    /// Whether a reason of rejection is one of those that [`Self::outside`] counts.
    pub(crate) fn counts(&self, labels: &LabelSet, reason: &str) -> bool {
        self.outside(labels).is_some() && self.outside.keys().any(|&label| reason == outside_of(labels, label))
    }

    /// The sentences about names.
    pub(crate) fn about_names(&self, size: Option<u8>) -> Vec<String> {
        let size = size.map_or_else(String::new, |size| size.to_string());
        let sentences = [
            (&self.other_size, format!("have another size in their name than --size {size}, which counts")),
            (&self.label_first, "have no label but the digit that their name begins with, which counts".to_owned()),
            (
                &self.other_digit,
                "lie in folders named by a digit under names that begin with another digit; the folder counts, check \
                 that the folders are not writers"
                    .to_owned(),
            ),
        ];
        let said = sentences.iter().filter(|(tally, _)| tally.count > 0);
        said.map(|(tally, what)| format!("{}, such as {}, {what}", counted(tally.count, "picture"), tally.first))
            .collect()
    }
}
