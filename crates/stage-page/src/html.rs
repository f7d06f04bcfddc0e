//! `index.html`: one file that needs nothing else, prints, and reads well aloud, in light and dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::block::{Block, Table};
use crate::chart;
use crate::escape::printable;

const STYLE: &str = "
:root{color-scheme:light dark;--ground:#fff;--text:#1c1c1c;--rule:#8884;--soft:#8881;--warn:#c2410c;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ground:#16181b;--text:#e4e4e4;--warn:#fb923c;--link:#7cc0ff}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;background:var(--ground);color:var(--text);max-width:70rem;margin:0 auto;padding:1.5rem 1rem 4rem}
p,li{max-width:46rem;overflow-wrap:anywhere}h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.3rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--rule)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:.6rem 0}a{color:var(--link)}
.wide{overflow-x:auto;margin:1rem 0}.wide:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--link)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.3rem 0;max-width:46rem}
th,td{padding:.28rem .48rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;font-weight:400}
thead th{border-bottom-width:2px;font-weight:600;vertical-align:bottom}.n{text-align:right}td.n{white-space:nowrap}
tbody tr:hover{background:var(--soft)}tbody th{overflow-wrap:anywhere;min-width:13rem}tbody th.n{min-width:0}td{min-width:4rem}td.n{min-width:0}@media(max-width:40rem){tbody th{min-width:8rem}}
.charts{display:flex;flex-wrap:wrap;gap:1.2rem;margin:1rem 0}.charts>svg{max-width:100%;height:auto;flex:0 1 auto}
.pictures{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}.picture{margin:0;width:88px;font-size:.8rem;line-height:1.3;overflow-wrap:anywhere}.picture img{display:block;image-rendering:pixelated;border:1px solid var(--rule)}
details{border-top:1px solid var(--rule);padding:.5rem 0}summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}
.warning{background:var(--soft);padding:.6rem .9rem;border-left:4px solid var(--warn)}
@media print{:root{color-scheme:light;--ground:#fff;--text:#000;--warn:#c2410c;--link:#0b5cad}body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}.wide{overflow:visible}table{font-size:8.5pt}
th,td{padding:.15rem .35rem}tr,svg,.warning{break-inside:avoid}h2{break-after:avoid}a{color:inherit}}
";

/// Galleries, strips and signed pictures.
const PICTURES_STYLE: &str = include_str!("../assets/pictures.css");
/// What brings galleries to life.
const PICTURES_SCRIPT: &str = include_str!("../assets/pictures.js");

/// The whole page.
pub fn page(title: &str, blocks: &[Block]) -> String {
    let headings: Vec<&str> = blocks.iter().filter_map(Block::heading).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(chart::STYLE)) (PreEscaped(PICTURES_STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    @if headings.len() > 1 {
                        nav aria-label="Sections" {
                            ul { @for heading in &headings { li { a href={ "#" (anchor(heading)) } { (printable(heading)) } } } }
                        }
                    }
                }
                main { @for block in blocks { (block_markup(block)) } }
                @if blocks.iter().any(Block::has_gallery) { script type="module" { (PreEscaped(PICTURES_SCRIPT)) } }
            }
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
}

fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-")
}

fn block_markup(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(text) => h2 id=(anchor(text)) { (printable(text)) },
            Block::Paragraph(text) => p { (printable(text)) },
            Block::Warning(text) => p class="warning" { (printable(text)) },
            Block::List(items) => ul { @for item in items { li { (printable(item)) } } },
            Block::Table(table) => (table_markup(table)),
            Block::Pictures(pictures) => div class="pictures" {
                @for picture in pictures { (picture.markup()) }
            },
            Block::Gallery(gallery) => (gallery.markup()),
            Block::Strips(strips) => @for strip in strips { (strip.markup()) },
            Block::Signed(signed) => (signed.markup()),
            Block::Charts(charts) => div class="charts" {
                @for chart in charts { (PreEscaped(chart.inline())) }
            },
            Block::Fold { title, open, blocks } => details open[*open] {
                summary { (printable(title)) }
                @for block in blocks { (block_markup(block)) }
            },
        }
    }
}

/// A table in a box that scrolls sideways on a narrow screen; the box can be reached by keyboard, or it could not be
/// scrolled without a mouse. It is a group and no landmark: a page has too many tables for that.
fn table_markup(table: &Table) -> Markup {
    let class = |i: usize| table.columns[i].numeric.then_some("n");
    html! {
        div class="wide" tabindex="0" role="group" aria-label=(printable(&table.caption)) {
            table {
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
