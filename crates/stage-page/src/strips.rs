//! Many small pictures: groups in a line under a title.

use maud::{Markup, html};

use crate::escape::printable;
use crate::lang::Lang;
use crate::picture::Picture;

/// Most pixels of the page that a picture is wide.
const MOST_PX: usize = 56;

/// Groups of pictures under a title. Captions are read aloud and shown when the pointer rests.
pub struct Strip {
    /// What they have in common.
    pub title: String,
    /// What a group is, and its pictures.
    pub groups: Vec<(String, Vec<Picture>)>,
}

impl Strip {
    pub(crate) fn markup(&self) -> Markup {
        html! {
            div class="strip" {
                h3 { (printable(&self.title)) }
                div class="groups" {
                    @for (name, pictures) in self.groups.iter().filter(|(_, pictures)| !pictures.is_empty()) {
                        div {
                            p { (printable(name)) }
                            div class="small" { @for picture in pictures { (picture.image(MOST_PX)) } }
                        }
                    }
                }
            }
        }
    }

    /// As one line of text.
    pub(crate) fn line(&self, lang: Lang) -> String {
        let groups = self.groups.iter().map(|(name, pictures)| match pictures.as_slice() {
            [one] => format!("{name}: {}", one.caption),
            several => {
                let count = several.len();
                lang.pick(format!("{name}: {count} pictures"), format!("{name}: 그림 {count}개"))
            }
        });
        format!("{}: {}", self.title, groups.collect::<Vec<_>>().join("; "))
    }
}
