//! What a detector learns from: pairs of a digit and an outlier, drawn anew in every epoch.

use mlp_core::random::{Purpose, Stream};

use super::Digits;
use super::digits::strokes;
use super::outliers::outlier;
use super::style::Style;
use super::vary::vary;

/// Share of the digits that are replaced by drawn ones: forms that the writers of the data set may not have.
const DRAWN: f64 = 0.2;
/// Share of the pictures that are varied, and how much.
const VARIED: f64 = 0.8;
const STRENGTH: f64 = 1.0;

/// An endless row of pairs.
pub(super) struct Examples<'a> {
    digits: Digits<'a>,
    /// The digits outside the label set.
    foreign: Vec<u8>,
    /// Rows in the order in which they come, and how many have come.
    order: Vec<usize>,
    at: usize,
    shuffle: Stream,
    draw: Stream,
}

impl<'a> Examples<'a> {
    /// Pairs from these digits. `draw` decides what is drawn.
    pub(super) fn new(digits: Digits<'a>, seed: u64, draw: Purpose) -> Self {
        let rows = digits.rows();
        Self {
            digits,
            foreign: (0..=9).filter(|digit| !digits.known.as_slice().contains(digit)).collect(),
            order: (0..rows).collect(),
            at: rows,
            shuffle: Stream::new(seed, Purpose::Shuffle),
            draw: Stream::new(seed, draw),
        }
    }

    /// The pixels (P, 255 white) of the next digit, and of an outlier that is drawn like it.
    pub(super) fn next_pair(&mut self) -> [Vec<u8>; 2] {
        if self.at == self.order.len() {
            self.shuffle.shuffle(&mut self.order);
            self.at = 0;
        }
        let row = self.order[self.at];
        self.at += 1;
        let (canvas, known, draw) = (self.digits.canvas, self.digits.known.as_slice(), &mut self.draw);
        let (like, label) = (self.digits.row(row), self.digits.label(row));
        let digit = if draw.uniform() < DRAWN {
            let drawn = known[draw.below(known.len() as u64) as usize];
            Style::of(like, canvas).draw(&strokes(drawn, draw), canvas, draw)
        } else {
            like.to_vec()
        };
        let other = outlier(like, label, &self.foreign, canvas, draw);
        [digit, other].map(
            |pixels| {
                if draw.uniform() < VARIED { vary(&pixels, canvas, STRENGTH, draw) } else { pixels }
            },
        )
    }
}
