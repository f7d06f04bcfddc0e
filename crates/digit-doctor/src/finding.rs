//! What was found.

use crate::reason::{Note, Reason};

/// The kinds of findings, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A training picture that is also a test picture.
    Leak,
    /// Copies with different labels.
    Contradiction,
    /// A label of a writer, or of all, that stands for another digit.
    OutOfOrder,
    /// A label that networks deny.
    WrongLabel,
    /// Copies under the names of different writers.
    CopyOfOtherWriter,
    /// Copies with one label.
    Copy,
    /// Nothing to see.
    Blank,
    /// Ink runs along the border.
    Cut,
    /// Far from all others.
    Outlier,
    /// Far from the others of its writer and label.
    UnlikeWriter,
    /// A label with few pictures.
    FewOfLabel,
    /// A writer with few pictures.
    FewOfWriter,
}

impl Kind {
    pub(crate) const ALL: [Self; 12] = [
        Self::Leak,
        Self::Contradiction,
        Self::OutOfOrder,
        Self::WrongLabel,
        Self::CopyOfOtherWriter,
        Self::Copy,
        Self::Blank,
        Self::Cut,
        Self::Outlier,
        Self::UnlikeWriter,
        Self::FewOfLabel,
        Self::FewOfWriter,
    ];

    /// The word in `findings.csv`, and in the counts of `stage.json`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Leak => "leak",
            Self::Contradiction => "contradiction",
            Self::OutOfOrder => "labels_out_of_order",
            Self::WrongLabel => "wrong_label",
            Self::CopyOfOtherWriter => "copy_of_other_writer",
            Self::Copy => "copy",
            Self::Blank => "blank",
            Self::Cut => "cut",
            Self::Outlier => "outlier",
            Self::UnlikeWriter => "unlike_writer",
            Self::FewOfLabel => "few_of_label",
            Self::FewOfWriter => "few_of_writer",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    /// The pictures that a person decides about; several for a group, none for a label without pictures.
    pub(crate) of: Vec<u32>,
    /// A picture to compare it with.
    pub(crate) other: Option<u32>,
    /// The label that it should have.
    pub(crate) suggested: Option<u8>,
    /// How bad it is; larger is worse, within a kind.
    pub(crate) score: f64,
    pub(crate) reason: Reason,
}

/// What was found, and what could not be looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// By kind, the worst first.
    pub(crate) list: Vec<Finding>,
    /// What was not looked for, and why; and what is true of all pictures.
    pub(crate) notes: Vec<Note>,
}

impl Findings {
    pub(crate) fn sort(&mut self) {
        self.list.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.score.total_cmp(&a.score)).then(a.of.cmp(&b.of)));
    }

    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.list.iter().filter(move |finding| finding.kind == kind)
    }
}
