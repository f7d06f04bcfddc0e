//! What the report says, in each of its languages: a module a section, a function a sentence. Each names both
//! languages, so no sentence can be missing in one.
//!
//! Names, config keys and config values are the same in all languages. So are the messages of errors, which the
//! commands print, too. Korean particles depend on the sound before them; sentences with names are built so that none
//! follows a name whose sound is not known.

pub(crate) mod comparisons;
pub(crate) mod copies;
pub(crate) mod course_2022;
pub(crate) mod curves;
pub(crate) mod details;
pub(crate) mod next_steps;
pub(crate) mod pictures;
pub(crate) mod sections;
pub(crate) mod side_by_side;
pub(crate) mod summary;
pub(crate) mod tables;

use stage_page::{Lang, format};

pub(crate) fn runs(lang: Lang, count: usize) -> String {
    lang.pick(format::counted(count, "run"), format!("실행 {count}개"))
}

pub(crate) fn experiments(lang: Lang, count: usize) -> String {
    lang.pick(format::counted(count, "experiment"), format!("실험 {count}개"))
}

pub(crate) fn pictures(lang: Lang, count: usize) -> String {
    lang.pick(format::counted(count, "picture"), format!("그림 {count}개"))
}

pub(crate) fn test_rows(lang: Lang, count: usize) -> String {
    lang.pick(format::counted(count, "test row"), format!("테스트 행 {count}개"))
}

/// `3 of 5`.
pub(crate) fn of(lang: Lang, some: usize, all: usize) -> String {
    lang.pick(format!("{some} of {all}"), format!("{all}개 중 {some}개"))
}

pub(crate) fn never(lang: Lang) -> String {
    lang.pick("never", "없음").into()
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(lang: Lang, items: &[String]) -> String {
    lang.pick(format::listed(items), items.join(", "))
}

/// A few names; instead of more, what `many` says of their number.
pub(crate) fn listed_or(lang: Lang, names: &[String], many: impl FnOnce(usize) -> String) -> String {
    if names.len() <= format::MOST_NAMED { listed(lang, names) } else { many(names.len()) }
}

/// The Korean particle "as" or "to" behind a digit, by the last sound of its name.
fn towards(digit: u8) -> &'static str {
    match digit {
        0 | 3 | 6 => "으로",
        _ => "로",
    }
}
