//! The language of a page.

use std::str::FromStr;

/// The language that a page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// Its tag, as in `lang="ko"`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// What is said in this language. No entry can be missing in one of them.
    pub fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::En => english,
            Self::Ko => korean,
        }
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        match tag {
            "en" => Ok(Self::En),
            "ko" => Ok(Self::Ko),
            _ => Err("expected en or ko".to_owned()),
        }
    }
}
