//! What a step is: a name, settings with their limits, and a function from picture to picture.

use std::borrow::Cow;
use std::fmt;

use stage_files::picture::Canvas;

use crate::raster::{GrayPicture, RgbPicture};

/// A picture between two steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Image {
    /// As the file stores it.
    Rgb(RgbPicture),
    /// Dark ink on white paper, from the ink step on.
    Gray(GrayPicture),
}

impl Image {
    /// The picture in gray: as it is, or by OpenCV's weights of red, green and blue.
    pub fn to_gray(&self) -> Cow<'_, GrayPicture> {
        match self {
            Self::Rgb(rgb) => Cow::Owned(super::gray_of(rgb)),
            Self::Gray(gray) => Cow::Borrowed(gray),
        }
    }
}

/// Why a picture cannot be prepared. The text says what was found, what was expected and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// No pixel stands out from the paper.
    NoInk,
    /// There is ink, but nothing as large as a digit.
    OnlySpecks,
    /// More than one digit.
    SeveralDigits {
        /// How many were seen.
        count: usize,
    },
    /// Wider than any digit.
    TooWide {
        /// Width over height.
        ratio: u32,
    },
    /// The digit goes on beyond the border.
    CutAtBorder {
        /// `left`, `right`, `top` or `lower`.
        side: &'static str,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoInk => write!(f, "no ink: expected one digit, found a blank picture; draw or scan it again"),
            Self::OnlySpecks => {
                write!(f, "no ink: expected one digit, found only specks or pieces of a frame; draw or scan it again")
            }
            Self::SeveralDigits { count } => {
                write!(f, "several digits: expected one digit, found {count}; cut the picture apart")
            }
            Self::TooWide { ratio } => {
                write!(
                    f,
                    "too wide: expected one digit, found ink {ratio} times as wide as high; cut or turn the picture"
                )
            }
            Self::CutAtBorder { side } => write!(
                f,
                "cut at the border: expected a whole digit, found ink that goes on beyond the {side} side; scan it \
                 with a margin"
            ),
        }
    }
}

/// The values that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// A number within limits, both included.
    Number {
        /// What holds when nothing is said.
        default: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// One of some words; the first is the default.
    Choice(&'static [&'static str]),
}

/// A setting of a step.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key.
    pub name: &'static str,
    /// Values it may have.
    pub domain: Domain,
    /// What it means, for `--help` and the documentation.
    pub about: &'static str,
}

impl Setting {
    /// A number.
    pub const fn number(name: &'static str, default: f64, min: f64, max: f64, about: &'static str) -> Self {
        Self { name, domain: Domain::Number { default, min, max }, about }
    }

    /// A word.
    pub const fn choice(name: &'static str, words: &'static [&'static str], about: &'static str) -> Self {
        Self { name, domain: Domain::Choice(words), about }
    }

    /// What holds when nothing is said.
    pub fn default(&self) -> Value {
        match self.domain {
            Domain::Number { default, .. } => Value::Number(default),
            Domain::Choice(words) => Value::Word(words[0]),
        }
    }
}

/// A setting's value, within its domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Of [`Domain::Number`].
    Number(f64),
    /// Of [`Domain::Choice`].
    Word(&'static str),
}

/// What a step function gets besides the picture.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What the picture is shrunk to at the end.
    pub canvas: Canvas,
    pub(super) settings: &'static [Setting],
    pub(super) values: &'a [Value],
}

impl Context<'_> {
    /// A number among the settings.
    ///
    /// # Panics
    /// When the step declares no such number, which is a mistake in the step.
    pub fn number(&self, name: &str) -> f64 {
        match self.value(name) {
            Value::Number(number) => number,
            Value::Word(word) => panic!("setting {name} is a word: {word}"),
        }
    }

    /// A word among the settings.
    ///
    /// # Panics
    /// When the step declares no such word, which is a mistake in the step.
    pub fn word(&self, name: &str) -> &'static str {
        match self.value(name) {
            Value::Word(word) => word,
            Value::Number(number) => panic!("setting {name} is a number: {number}"),
        }
    }

    fn value(&self, name: &str) -> Value {
        let at = self.settings.iter().position(|setting| setting.name == name);
        self.values[at.unwrap_or_else(|| panic!("no setting {name} is declared"))]
    }
}

/// What a step works on.
#[derive(Clone, Copy)]
pub enum Work {
    /// The picture as it is in the file.
    OnFile(fn(&Context<'_>, &RgbPicture) -> Result<Image, Unfit>),
    /// A gray picture, dark on white.
    OnGray(fn(&Context<'_>, &GrayPicture) -> Result<GrayPicture, Unfit>),
}

/// A kind of step.
pub struct StepKind {
    /// Its name in lists.
    pub name: &'static str,
    /// Rises with every change of the pixels that it gives.
    pub version: u32,
    /// What it does, for `--help` and the documentation.
    pub about: &'static str,
    /// Its settings.
    pub settings: &'static [Setting],
    /// The function.
    pub work: Work,
}

#[cfg(test)]
impl StepKind {
    /// What `run` gives with the default settings.
    pub(super) fn with_defaults<T>(&self, run: impl FnOnce(&Context<'_>) -> T) -> T {
        let values: Vec<Value> = self.settings.iter().map(Setting::default).collect();
        run(&Context { canvas: Canvas::DEFAULT, settings: self.settings, values: &values })
    }
}

impl PartialEq for StepKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
