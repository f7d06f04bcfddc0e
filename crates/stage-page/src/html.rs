//! `index.html`: one file that needs nothing else, prints, and reads well aloud, in light and dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::block::{Answer, Block, Switches, Table};
use crate::escape::printable;
use crate::lang::Lang;
use crate::live::{Kind, Live};

/// Galleries, strips and signed pictures.
const PICTURES_STYLE: &str = include_str!("../assets/pictures.css");
/// What brings galleries to life.
const PICTURES_SCRIPT: &str = include_str!("../assets/pictures.js");

/// The whole page.
pub fn page(lang: Lang, title: &str, blocks: &[Block]) -> String {
    let headings: Vec<&str> = blocks.iter().filter_map(Block::heading).collect();
    let mut kinds = Vec::new();
    blocks.iter().for_each(|block| block.kinds(&mut kinds));
    let head = html! {
        style { (PreEscaped(assets::style(&kinds))) (PreEscaped(PICTURES_STYLE)) }
        script { (PreEscaped(assets::FIRST)) }
    };
    let body = html! {
        header {
            h1 { (title) }
            @if headings.len() > 1 {
                nav aria-label=(lang.pick("Sections", "차례")) {
                    ul { @for heading in &headings { li { a href={ "#" (anchor(heading)) } { (printable(heading)) } } } }
                }
            }
        }
        main { @for block in blocks { (block_markup(lang, block)) } }
        script { (PreEscaped(assets::script(lang, &kinds))) }
        @if blocks.iter().any(Block::has_gallery) { script type="module" { (PreEscaped(PICTURES_SCRIPT)) } }
    };
    document(lang, title, &head, &body)
}

/// A page in light and dark, and as wide as its screen, of what stands in its head beside that, and its body.
pub fn document(lang: Lang, title: &str, head: &Markup, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                (head)
            }
            body { (body) }
        }
    }
    .into_string()
}

impl Block {
    fn heading(&self) -> Option<&str> {
        match self {
            Self::Heading(text) => Some(text),
            _ => None,
        }
    }

    /// The kinds of its live parts.
    fn kinds(&self, found: &mut Vec<Kind>) {
        match self {
            Self::Live { live, .. } => found.push(live.kind),
            Self::Fold { blocks, .. } => blocks.iter().for_each(|block| block.kinds(found)),
            _ => {}
        }
    }
}

fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-")
}

fn block_markup(lang: Lang, block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(text) => h2 id=(anchor(text)) { (printable(text)) },
            Block::Paragraph(text) => p { (printable(text)) },
            Block::Warning(text) => p class="warning" { (printable(text)) },
            Block::List(items) => ul { @for item in items { li { (printable(item)) } } },
            Block::Answer(answer) => (answer_markup(answer)),
            Block::Table(table) => (table_markup(table)),
            Block::Pictures(pictures) => div class="pictures" {
                @for picture in pictures { (picture.markup()) }
            },
            Block::Gallery(gallery) => (gallery.markup(lang)),
            Block::Strips(strips) => @for strip in strips { (strip.markup()) },
            Block::Signed(signed) => (signed.markup()),
            Block::Charts(charts) => div class="charts" {
                @for chart in charts { (PreEscaped(chart.inline())) }
            },
            Block::Live { live, without } => (live_markup(lang, live, without)),
            Block::Fold { title, open, blocks } => details open[*open] {
                summary { (printable(title)) }
                @for block in blocks { (block_markup(lang, block)) }
            },
        }
    }
}

fn answer_markup(answer: &Answer) -> Markup {
    html! {
        div class="answer" {
            div {
                p class="figure" { strong { (printable(&answer.figure)) } " " span { (printable(&answer.what)) } }
                p class="of" { (printable(&answer.of)) }
                dl { @for (term, sentences) in &answer.facts {
                    div {
                        dt { (printable(term)) }
                        @for sentence in sentences { dd { (printable(sentence)) } }
                    }
                } }
            }
            @if let Some(chart) = &answer.chart { div class="charts" { (PreEscaped(chart.inline())) } }
        }
    }
}

/// The data of a script, and what stands there without it.
fn live_markup(lang: Lang, live: &Live, without: &[Block]) -> Markup {
    html! {
        div class="live" data-live=(live.kind.word()) data-label=(printable(&live.label)) {
            script type="application/json" { (PreEscaped(live.script_text())) }
            div class="without" { @for block in without { (block_markup(lang, block)) } }
        }
    }
}

/// A table in a box that scrolls sideways on a narrow screen; the box can be reached by keyboard, or it could not be
/// scrolled without a mouse. It is a group and no landmark: a page has too many tables for that.
fn table_markup(table: &Table) -> Markup {
    let class = |i: usize| table.columns[i].numeric.then_some("n");
    html! {
        div class="wide" tabindex="0" role="group" aria-label=(printable(&table.caption)) {
            table data-switches=[table.switches.map(Switches::word)] {
                caption { (printable(&table.caption)) }
                thead {
                    tr { @for (i, column) in table.columns.iter().enumerate() {
                        th scope="col" class=[class(i)] { (column.title) }
                    } }
                }
                tbody {
                    @for row in &table.rows {
                        tr { @for (i, cell) in row.iter().enumerate() {
                            @if i == 0 { th scope="row" class=[class(i)] { (printable(cell)) } }
                            @else { td class=[class(i)] { (printable(cell)) } }
                        } }
                    }
                }
            }
        }
    }
}
