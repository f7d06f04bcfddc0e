//! What the page says, in each of its languages: a module a part, a function a sentence. Each names both languages, so
//! no sentence can be missing in one.
//!
//! `findings.csv` is in English, whatever the language of the page. So are the reasons of rejected pictures, which the
//! commands print, too. Korean particles depend on the sound before them; sentences with names are built so that none
//! follows a name whose sound is not known.

pub(crate) mod kinds;
pub(crate) mod notes;
pub(crate) mod page;
pub(crate) mod reasons;

use stage_page::Lang;
use stage_page::format::counted;

use crate::reason::Name;

pub(crate) fn pictures(lang: Lang, count: usize) -> String {
    lang.pick(counted(count, "picture"), format!("그림 {count}개"))
}

pub(crate) fn name(lang: Lang, name: &Name) -> String {
    match name {
        Name::Path(path) => path.clone(),
        Name::Row(row) => lang.pick(format!("row {row}"), format!("행 {row}")),
    }
}
