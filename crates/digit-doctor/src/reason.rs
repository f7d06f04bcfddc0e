//! Why something was found, and what was not looked for: as data, which `words` puts into each language.

/// What people call a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// The path of its source, or its name as a labelled picture.
    Path(String),
    /// Its row in the data set, from 0.
    Row(u32),
}

/// Why a picture or a group of pictures was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reason {
    /// A copy or near copy.
    Copy(Copied),
    /// Pictures of one label that look like another digit.
    LooksLike(LooksLike),
    /// Two labels whose pictures the networks cannot tell apart, and which part of each is taken for the other.
    Alike { labels: [u8; 2], shares: [f64; 2] },
    /// The label and the suggested one, each with its probability.
    Probabilities { label: (u8, f32), suggested: (u8, f32) },
    /// Grays between two, and no stroke.
    Blank { darkest: u8, brightest: u8 },
    /// Ink meets this part of a side.
    Cut { side: Side, part: f64 },
    /// How far the nearest of so many others is, and by how many deviations that is beyond the median.
    Outlier { others: usize, distance: f64, deviations: f64 },
    /// How many times as far the nearest of the writer and label is as is usual among them.
    UnlikeWriter { label: u8, writer: String, ratio: f64 },
    /// A label or writers with few pictures.
    Few(Few),
}

/// What has few pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Few {
    /// A label, and what the label in the middle has.
    Label { label: u8, pictures: usize, middle: usize },
    /// A writer.
    Writer { writer: String, pictures: usize },
    /// Many of all writers have fewer than `least`.
    Writers { writers: usize, all: usize, least: usize, such_as: Vec<String> },
}

/// What a picture is a copy of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Copied {
    pub(crate) of: Name,
    /// Whether that one tests and this one trains.
    pub(crate) is_of_test: bool,
    /// Its label and its writer, if they are others.
    pub(crate) label: Option<u8>,
    pub(crate) writer: Option<String>,
    /// The distance of near copies; none where the pixels are the same.
    pub(crate) distance: Option<f32>,
}

/// Of `all` pictures labelled `label`, by one writer or by all, `count` look like `to`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LooksLike {
    pub(crate) count: u32,
    pub(crate) all: usize,
    pub(crate) writer: Option<String>,
    pub(crate) label: u8,
    pub(crate) to: u8,
    pub(crate) pattern: Pattern,
}

/// What may have gone wrong with the labels of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// All are one too small.
    TooSmall,
    /// All are one too large.
    TooLarge,
    /// Two labels are swapped.
    Swapped,
    /// A folder has the wrong name.
    WrongFolder,
}

/// A side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

/// What was not looked for, and why; or what is true of all pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Light ink on dark paper.
    LightOnDark,
    /// Of prepared rows only the closest copies are found.
    OnlyClosestCopies,
    /// So many pictures whose labels were not judged.
    NotJudged(usize),
    /// Wrong labels were not looked for: that takes two labels with so many pictures each.
    NoWrongLabels(usize),
    /// Outliers were not looked for: that takes so many pictures.
    NoOutliers(usize),
    /// Cut digits were not looked for: so many of all pictures have ink at the border.
    NoCutDigits { at_border: usize, all: usize },
}
