//! Which pictures a drawn data set consists of.

use std::fmt;
use std::ops::Range;

use stage_files::labels::LabelSet;

use super::font::FACES;
use super::place::Size;

/// How the original data set is shared between pictures that fill the canvas and small ones.
const SEED_SHARES: (u64, u64) = (925, 632);

/// What to draw.
#[derive(Clone, Debug)]
pub struct DrawSettings {
    /// Pictures in all.
    pub count: u32,
    /// Sizes, each once. Both together are shared 925 to 632, as in the original data.
    pub sizes: Vec<Size>,
    /// Digits.
    pub labels: LabelSet,
    /// Another seed gives other drawings by the same writers.
    pub seed: u64,
    /// The numbers of the writers. Equal numbers are equal writers: to test on writers never seen, draw with
    /// numbers that training did not have.
    pub writers: Range<u32>,
    /// Share of pictures made from font faces, 0..=1.
    pub font_share: f64,
}

impl DrawSettings {
    /// Settings with the writers that suit the count, the first of them number 0, and a sixth of fonts.
    pub fn new(count: u32, sizes: Vec<Size>, labels: LabelSet, seed: u64) -> Self {
        Self { count, sizes, labels, seed, writers: 0..writers_for(count), font_share: 1.0 / 6.0 }
    }
}

/// Writers that suit a set of so many pictures: 48 for the original amount, fewer (but at least 24) for a small set, so
/// that each still writes several digits, and one for every 60 pictures of a large one, as variety is what it is for.
pub fn writers_for(count: u32) -> u32 {
    (count / 25).clamp(24, 48).max(count / 60)
}

/// Whose digit a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DrawnBy {
    /// The writer of this number.
    Writer(u32),
    /// The face of this index in [`FACES`].
    Face(usize),
}

impl fmt::Display for DrawnBy {
    /// The writer's part of a picture's name: `hand07`, `font-caveat`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Writer(number) => write!(f, "hand{number:02}"),
            Self::Face(index) => write!(f, "font-{}", FACES.get(*index).map_or("unknown", |face| face.name)),
        }
    }
}

/// One picture of a plan. Together with the seed it decides every pixel; neither its position in the plan nor the
/// number of pictures does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawnSpec {
    /// The digit shown.
    pub label: u8,
    /// How large it is on the canvas.
    pub size: Size,
    /// Who wrote it.
    pub by: DrawnBy,
    /// Tells drawings of one label, size and writer apart, from 0.
    pub n: u32,
}

impl DrawnSpec {
    /// The id of the picture's name, `{writer}-{n}`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.by, self.n)
    }

    /// `{label}_{size}_{writer}-{n}.png`.
    pub fn file_name(&self) -> String {
        format!("{}_{}_{}.png", self.label, self.size.number(), self.id())
    }
}

/// The pictures of a set: as many of every label as can be, as many by every writer, and the writers (and faces) spread
/// evenly over the labels and sizes.
pub fn plan(settings: &DrawSettings) -> Vec<DrawnSpec> {
    let labels = settings.labels.as_slice();
    let mut specs = Vec::with_capacity(settings.count as usize);
    let mut writers = Turns::new(settings.writers.len());
    let mut faces = Turns::new(FACES.len());
    let (mut pictures, mut printed) = (0_u64, 0_u64);
    let mut ahead = 0;
    for (size, total) in size_totals(settings) {
        let (each, rest) = (total / labels.len() as u64, total % labels.len() as u64);
        for (position, &label) in labels.iter().enumerate() {
            // What cannot be shared evenly goes to other labels in the second size than in the first.
            let from_ahead = (position + labels.len() - ahead) % labels.len();
            let in_cell = each + u64::from((from_ahead as u64) < rest);
            pictures += in_cell;
            let print_until = if settings.writers.is_empty() {
                pictures
            } else {
                (pictures as f64 * settings.font_share.clamp(0.0, 1.0) + 0.5) as u64
            };
            let print = (print_until - printed).min(in_cell);
            printed += print;
            for (turn, n) in writers.take(in_cell - print) {
                let by = DrawnBy::Writer(settings.writers.start + turn as u32);
                specs.push(DrawnSpec { label, size, by, n });
            }
            for (turn, n) in faces.take(print) {
                specs.push(DrawnSpec { label, size, by: DrawnBy::Face(turn), n });
            }
        }
        ahead = (ahead + rest as usize) % labels.len();
    }
    specs
}

/// How many pictures each size gets.
fn size_totals(settings: &DrawSettings) -> Vec<(Size, u64)> {
    let count = u64::from(settings.count);
    match (settings.sizes.contains(&Size::Fills), settings.sizes.contains(&Size::Small)) {
        (true, true) => {
            let (fills, small) = SEED_SHARES;
            let sum = fills + small;
            let filling = (count * fills + sum / 2) / sum;
            vec![(Size::Fills, filling), (Size::Small, count - filling)]
        }
        (true, false) => vec![(Size::Fills, count)],
        (false, true) => vec![(Size::Small, count)],
        (false, false) => Vec::new(),
    }
}

/// Goes round a table, one after another, and goes on where it stopped.
struct Turns {
    seats: usize,
    next: usize,
}

impl Turns {
    fn new(seats: usize) -> Self {
        Self { seats, next: 0 }
    }

    /// The next `count` seats, each with how often it has come up before in this call.
    fn take(&mut self, count: u64) -> impl Iterator<Item = (usize, u32)> + use<> {
        let (seats, first) = (self.seats.max(1), self.next);
        self.next = (first + (count % seats as u64) as usize) % seats;
        (0..count as usize).map(move |turn| ((first + turn) % seats, (turn / seats) as u32))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn settings(count: u32, labels: &[u8]) -> DrawSettings {
        DrawSettings::new(count, vec![Size::Fills, Size::Small], LabelSet::new(labels.to_vec()).unwrap(), 1)
    }

    fn counts<K: Ord>(specs: &[DrawnSpec], key: impl Fn(&DrawnSpec) -> K) -> BTreeMap<K, u32> {
        let mut counts = BTreeMap::new();
        for spec in specs {
            *counts.entry(key(spec)).or_default() += 1;
        }
        counts
    }

    #[test]
    fn the_original_amount_is_shared_as_in_the_original() {
        let specs = plan(&settings(1557, &[1, 2, 3, 4, 5]));
        assert_eq!(counts(&specs, |spec| spec.size.number()), BTreeMap::from([(20, 925), (8, 632)]));
        let of_label = counts(&specs, |spec| spec.label);
        assert_eq!(of_label.values().copied().collect::<BTreeSet<_>>(), BTreeSet::from([311, 312]));
        let printed = specs.iter().filter(|spec| matches!(spec.by, DrawnBy::Face(_))).count();
        assert_eq!(printed, 260);
    }

    #[test]
    fn every_writer_writes_every_digit_and_all_write_alike_often() {
        let specs = plan(&settings(1557, &[1, 2, 3, 4, 5]));
        let by_writer: Vec<_> = specs.iter().filter(|spec| matches!(spec.by, DrawnBy::Writer(_))).copied().collect();
        let cells = counts(&by_writer, |spec| (spec.by, spec.label));
        assert_eq!(cells.len(), 48 * 5);
        let of_writer = counts(&by_writer, |spec| spec.by);
        let (least, most) = (of_writer.values().min(), of_writer.values().max());
        assert!(most.unwrap() - least.unwrap() <= 1, "{of_writer:?}");
    }

    #[test]
    fn any_count_label_set_and_size_comes_out_whole_and_without_equal_names() {
        for count in [1, 7, 60, 1000, 4001] {
            for labels in [&[7][..], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 9]] {
                for sizes in [vec![Size::Fills], vec![Size::Small], vec![Size::Small, Size::Fills]] {
                    let specs = plan(&DrawSettings { sizes, ..settings(count, labels) });
                    assert_eq!(specs.len(), count as usize);
                    let names: BTreeSet<String> = specs.iter().map(DrawnSpec::file_name).collect();
                    assert_eq!(names.len(), specs.len());
                    let of_label = counts(&specs, |spec| spec.label);
                    let most = of_label.values().max().unwrap();
                    assert!(labels.iter().all(|label| of_label.get(label).unwrap_or(&0) + 1 >= *most), "{of_label:?}");
                }
            }
        }
    }

    #[test]
    fn fonts_alone_or_writers_alone() {
        let base = settings(100, &[3]);
        let is_writer = |spec: &DrawnSpec| matches!(spec.by, DrawnBy::Writer(_));
        assert!(plan(&DrawSettings { font_share: 0.0, ..base.clone() }).iter().all(is_writer));
        assert!(!plan(&DrawSettings { font_share: 1.0, ..base.clone() }).iter().any(is_writer));
        assert!(!plan(&DrawSettings { writers: 5..5, ..base.clone() }).iter().any(is_writer));
        let later = plan(&DrawSettings { writers: 100..120, ..base });
        assert!(later.iter().filter(|spec| is_writer(spec)).all(|spec| spec.by >= DrawnBy::Writer(100)));
    }

    #[test]
    fn names_say_label_size_writer_and_number() {
        let spec = DrawnSpec { label: 4, size: Size::Small, by: DrawnBy::Writer(7), n: 12 };
        assert_eq!(spec.file_name(), "4_8_hand07-12.png");
        assert_eq!(DrawnSpec { by: DrawnBy::Face(2), ..spec }.file_name(), "4_8_font-caveat-12.png");
    }

    #[test]
    fn larger_sets_have_more_writers() {
        assert_eq!([60, 1000, 1557, 10_000, 100_000].map(writers_for), [24, 40, 48, 166, 1666]);
    }
}
