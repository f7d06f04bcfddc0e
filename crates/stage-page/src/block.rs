//! Blocks: headings, paragraphs, lists, tables, charts.

use crate::chart::Chart;
use crate::gallery::Gallery;
use crate::live::Live;
use crate::picture::Picture;
use crate::signed::Signed;
use crate::strips::Strip;

/// A block of the report. All text is plain; each format escapes it.
pub enum Block {
    /// What the page is opened for, before anything else.
    Answer(Box<Answer>),
    /// Opens a section.
    Heading(String),
    /// Running text.
    Paragraph(String),
    /// A paragraph that must not be overlooked.
    Warning(String),
    /// One bullet an item.
    List(Vec<String>),
    /// Rows under a caption.
    Table(Table),
    /// Small pictures, each with its caption.
    Pictures(Vec<Picture>),
    /// A confusion matrix with pictures of its cells.
    Gallery(Box<Gallery>),
    /// Many small pictures.
    Strips(Vec<Strip>),
    /// Signed values as pictures.
    Signed(Signed),
    /// Charts that stand side by side where there is room.
    Charts(Vec<Chart>),
    /// What a script brings to life.
    Live {
        /// What the script needs.
        live: Live,
        /// Stands in its place without JavaScript, in print and in Markdown.
        without: Vec<Block>,
    },
    /// Blocks under a title that a reader can open and close.
    Fold {
        /// What a click opens.
        title: String,
        /// Whether it is open at first.
        open: bool,
        /// What is inside.
        blocks: Vec<Block>,
    },
}

/// A number that answers the question, what belongs to it, and a picture of it.
pub struct Answer {
    /// The number.
    pub figure: String,
    /// What the number is.
    pub what: String,
    /// Whose number it is.
    pub of: String,
    /// More of it: a term, and one sentence or several.
    pub facts: Vec<(String, Vec<String>)>,
    /// Stands beside it.
    pub chart: Option<Chart>,
}

/// A table; the first cell of each row names the row.
pub struct Table {
    /// What its rows are.
    pub caption: String,
    /// As many as each row has cells.
    pub columns: Vec<Column>,
    /// Cells as text.
    pub rows: Vec<Vec<String>>,
    /// What its rows switch on and off among the curves of the page.
    pub switches: Option<Switches>,
}

/// What the rows of a table stand for, in their order, among the curves of the page ([`crate::live::Curves`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switches {
    /// A group each.
    Groups,
    /// A line each.
    Lines,
}

impl Switches {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Lines => "lines",
        }
    }
}

/// The head of a column.
pub struct Column {
    /// What its cells are.
    pub title: String,
    /// Numbers stand to the right, words to the left.
    pub numeric: bool,
}

impl Table {
    /// A table without rows. A column whose title begins with `#` holds numbers.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let column = |title: &&str| match title.strip_prefix('#') {
            Some(title) => Column { title: title.into(), numeric: true },
            None => Column { title: (*title).into(), numeric: false },
        };
        Self {
            caption: caption.into(),
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
            switches: None,
        }
    }
}

impl Block {
    /// Whether it, or what is inside, has a gallery.
    pub(crate) fn has_gallery(&self) -> bool {
        match self {
            Self::Gallery(_) => true,
            Self::Fold { blocks, .. } => blocks.iter().any(Self::has_gallery),
            _ => false,
        }
    }

    /// Every chart in it, for the files beside the page.
    pub fn charts<'a>(&'a self, found: &mut Vec<&'a Chart>) {
        match self {
            Self::Charts(charts) => found.extend(charts),
            Self::Gallery(gallery) => found.push(&gallery.chart),
            Self::Answer(answer) => found.extend(&answer.chart),
            Self::Live { without, .. } => without.iter().for_each(|block| block.charts(found)),
            Self::Fold { blocks, .. } => blocks.iter().for_each(|block| block.charts(found)),
            _ => {}
        }
    }
}
