//! What there is: pictures by label, size and writer, and some of each label.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stage_page::Lang;
use stage_page::escape::printable;

use crate::pictures::{Item, Pictures};
use crate::words::{name, page as words};

/// Pictures of a label that are shown.
const SAMPLES: usize = 10;
/// Rows of the table of writers; more are counted.
const MOST_WRITERS: usize = 200;
/// Height of a sample on the page.
const SAMPLE_PX: u32 = 40;

/// The rows of each label, and how many pictures have each size and each writer.
struct Counts<'a> {
    rows: BTreeMap<u8, Vec<u32>>,
    sizes: BTreeMap<&'a str, usize>,
    writers: BTreeMap<&'a str, BTreeMap<u8, usize>>,
}

impl<'a> Counts<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut counts = Self { rows: BTreeMap::new(), sizes: BTreeMap::new(), writers: BTreeMap::new() };
        for (row, item) in (0..).zip(items) {
            counts.rows.entry(item.label).or_default().push(row);
            if let Some((size, _)) = item.picture.split_once('/') {
                *counts.sizes.entry(size).or_default() += 1;
            }
            if let Some(writer) = &item.writer {
                *counts.writers.entry(writer).or_default().entry(item.label).or_default() += 1;
            }
        }
        counts
    }

    fn labels(&self) -> Vec<u8> {
        self.rows.keys().copied().collect()
    }
}

/// The section about the whole set.
pub(super) fn overview(lang: Lang, pictures: &Pictures) -> Markup {
    let items = &pictures.items[..pictures.own];
    let counts = Counts::of(items);
    let [label, pictures_of, writers_of, some] = words::label_columns(lang);
    html! {
        section aria-labelledby="overview" {
            h2 id="overview" { (words::overview(lang)) }
            @if counts.sizes.len() > 1 {
                p { (words::sizes(lang, counts.sizes.iter().map(|(&size, &count)| (size, count)))) }
            }
            div.wide tabindex="0" role="group" aria-label=(words::by_label(lang)) {
                table {
                    caption.hidden { (words::by_label(lang)) }
                    thead { tr {
                        th scope="col" { (label) }
                        th.number scope="col" { (pictures_of) }
                        @if !counts.writers.is_empty() { th.number scope="col" { (writers_of) } }
                        th scope="col" { (some) }
                    } }
                    tbody { @for (label, rows) in &counts.rows { tr {
                        th scope="row" { (label) }
                        td.number { (rows.len()) }
                        @if !counts.writers.is_empty() { td.number { (writers(items, rows)) } }
                        td { div.samples { @for row in spread(rows) { (sample(lang, pictures, row)) } } }
                    } } }
                }
            }
            @if !counts.writers.is_empty() { (writers_table(lang, &counts)) }
        }
    }
}

fn writers(items: &[Item], rows: &[u32]) -> usize {
    rows.iter().filter_map(|&row| items[row as usize].writer.as_deref()).collect::<BTreeSet<_>>().len()
}

/// Some of the rows, at equal distances, so that several writers are among them.
fn spread(rows: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let shown = rows.len().min(SAMPLES);
    (0..shown).map(move |at| rows[at * rows.len() / shown])
}

fn sample(lang: Lang, pictures: &Pictures, row: u32) -> Markup {
    let item = &pictures.items[row as usize];
    let title = printable(&name(lang, &item.name()));
    let width = (SAMPLE_PX * pictures.canvas.width_px / pictures.canvas.height_px.max(1)).max(1);
    html! {
        @if let Some(source) = pictures.picture(row as usize).data_uri() {
            img src=(source) alt=(title) title=(title) width=(width) height=(SAMPLE_PX) loading="lazy";
        }
    }
}

fn writers_table(lang: Lang, counts: &Counts<'_>) -> Markup {
    let (labels, more) = (counts.labels(), counts.writers.len().saturating_sub(MOST_WRITERS));
    let [writer, pictures] = words::writer_columns(lang);
    html! {
        details {
            summary { (words::writers(lang, counts.writers.len())) }
            div.wide tabindex="0" role="group" aria-label=(words::by_writer(lang)) {
                table {
                    caption.hidden { (words::by_writer(lang)) }
                    thead { tr {
                        th scope="col" { (writer) }
                        th.number scope="col" { (pictures) }
                        @for label in &labels { th.number scope="col" { (label) } }
                    } }
                    tbody { @for (writer, of_label) in counts.writers.iter().take(MOST_WRITERS) { tr {
                        th scope="row" { (printable(writer)) }
                        td.number { (of_label.values().sum::<usize>()) }
                        @for label in &labels { td.number { (of_label.get(label).copied().unwrap_or(0)) } }
                    } } }
                }
            }
            @if more > 0 { p { (words::more_writers(lang, more)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_lie_at_equal_distances_and_each_row_is_there_once() {
        let rows: Vec<u32> = (100..135).collect();
        let shown: Vec<u32> = spread(&rows).collect();
        assert_eq!(shown, [100, 103, 107, 110, 114, 117, 121, 124, 128, 131]);
        assert_eq!(spread(&rows[..3]).collect::<Vec<_>>(), [100, 101, 102]);
        assert_eq!(spread(&[]).count(), 0);
    }

    #[test]
    fn pictures_are_counted_by_label_size_and_writer() {
        let item = |picture: &str, label, writer: Option<&str>| Item {
            picture: picture.into(),
            label,
            writer: writer.map(str::to_owned),
            ..Item::default()
        };
        let items = [
            item("20/3_20_kim-1.png", 3, Some("kim")),
            item("8/3_8_kim-2.png", 3, Some("kim")),
            item("20/5_20_lee-1.png", 5, Some("lee")),
            item("", 5, None),
        ];
        let counts = Counts::of(&items);
        assert_eq!(counts.rows, BTreeMap::from([(3, vec![0, 1]), (5, vec![2, 3])]));
        assert_eq!(counts.sizes, BTreeMap::from([("20", 2), ("8", 1)]));
        assert_eq!(counts.writers["kim"], BTreeMap::from([(3, 2)]));
        assert_eq!((writers(&items, &[0, 1]), writers(&items, &[2, 3])), (1, 1));
    }
}
