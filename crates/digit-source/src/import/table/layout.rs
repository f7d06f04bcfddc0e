//! Which columns are labels, which are pixels, and which are neither.

use std::str::FromStr;

use super::grid::{Grid, Row};

/// The label column, as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelColumn {
    /// The first one.
    First,
    /// The last one.
    Last,
    /// The n-th one, from 1.
    Number(usize),
    /// The one with this name in the header.
    Name(String),
}

/// Where the label of a row stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Label {
    /// In one column.
    One(usize),
    /// In columns that are 1 for one digit and 0 for the others: column, digit.
    OneHot(Vec<(usize, u8)>),
}

/// The columns of a table by what they hold.
#[derive(Debug, PartialEq)]
pub(super) struct Layout {
    /// The label.
    pub label: Label,
    /// Pixels, row by row.
    pub pixels: Vec<usize>,
    /// Columns that are not used, each with what it seems to hold.
    pub passed_over: Vec<(usize, &'static str)>,
}

impl FromStr for LabelColumn {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("first", _) => Ok(Self::First),
            ("last", _) => Ok(Self::Last),
            (_, Ok(0)) => Err("columns are counted from 1".into()),
            (_, Ok(number)) => Ok(Self::Number(number)),
            _ => Ok(Self::Name(text.to_owned())),
        }
    }
}

impl Label {
    /// Whether a column is, or is one of, the label's.
    pub(super) fn has(&self, column: usize) -> bool {
        match self {
            Self::One(at) => column == *at,
            Self::OneHot(columns) => columns.iter().any(|(at, _)| *at == column),
        }
    }

    /// In words, for the user.
    pub(super) fn place(&self, grid: &Grid<'_>) -> String {
        match self {
            Self::One(at) => grid.place(*at),
            Self::OneHot(columns) => match (columns.first(), columns.last()) {
                (Some((first, _)), Some((last, _))) => {
                    format!("one-hot {} to {}", grid.place(*first), grid.place(*last))
                }
                _ => "nowhere".into(),
            },
        }
    }

    /// The label of a row, or why it has none.
    pub(super) fn read(&self, grid: &Grid<'_>, row: &Row<'_>) -> Result<i64, String> {
        match self {
            Self::One(at) => {
                let value = row.values[*at];
                if value.fract() == 0.0 && value.abs() < 1e6 {
                    return Ok(value as i64);
                }
                Err(format!("{}: expected a label 0..9, found {}", grid.place(*at), grid.shown(row, *at)))
            }
            Self::OneHot(columns) => {
                let bad = columns.iter().find(|(at, _)| ![0.0, 1.0].contains(&row.values[*at]));
                if let Some((at, _)) = bad {
                    return Err(format!(
                        "{}: expected 0 or 1 in a one-hot column, found {}",
                        grid.place(*at),
                        grid.shown(row, *at)
                    ));
                }
                let mut hot = columns.iter().filter(|(at, _)| row.values[*at] == 1.0);
                match (hot.next(), hot.next()) {
                    (Some((_, digit)), None) => Ok(i64::from(*digit)),
                    (None, _) => Err("no 1 among the one-hot columns".into()),
                    (Some(_), Some(_)) => Err("more than one 1 among the one-hot columns".into()),
                }
            }
        }
    }
}

impl std::fmt::Display for LabelColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::First => f.write_str("first"),
            Self::Last => f.write_str("last"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}
