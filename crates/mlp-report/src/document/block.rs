//! Blocks: headings, paragraphs, lists, tables, charts.

use crate::chart::Chart;

/// A block of the report. All text is plain; each format escapes it.
pub(crate) enum Block {
    /// Opens a section.
    Heading(String),
    Paragraph(String),
    /// A paragraph that must not be overlooked.
    Warning(String),
    List(Vec<String>),
    Table(Table),
    /// Charts that stand side by side where there is room.
    Charts(Vec<Chart>),
    /// Blocks under a title that a reader can open and close.
    Fold {
        title: String,
        open: bool,
        blocks: Vec<Block>,
    },
}

/// A table; the first cell of each row names the row.
pub(crate) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

/// The head of a column.
pub(crate) struct Column {
    pub title: String,
    /// Numbers stand to the right, words to the left.
    pub numeric: bool,
}

impl Table {
    /// A table without rows. A column whose title begins with `#` holds numbers.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let column = |title: &&str| match title.strip_prefix('#') {
            Some(title) => Column { title: title.into(), numeric: true },
            None => Column { title: (*title).into(), numeric: false },
        };
        Self { caption: caption.into(), columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }
}

impl Block {
    /// Every chart in it, for the files beside the page.
    pub(crate) fn charts<'a>(&'a self, found: &mut Vec<&'a Chart>) {
        match self {
            Self::Charts(charts) => found.extend(charts),
            Self::Fold { blocks, .. } => blocks.iter().for_each(|block| block.charts(found)),
            _ => {}
        }
    }
}
