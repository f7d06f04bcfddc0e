//! Digits that go on beyond the border of their picture.

use digit_image::raster::GrayPicture;

use crate::finding::{Finding, Findings, Kind};
use crate::reason::{Note, Reason, Side};
use crate::shape::InkMap;

/// A pixel with at least so much ink is part of a stroke.
const STROKE: f32 = 0.5;
/// The least part of all strokes that hangs together with what meets the border: less is a speck or a piece of a frame.
const MIN_PART: f64 = 0.3;
/// The least part of a side that is met, and the largest: what runs along a side is a frame or an edge of the paper.
const MET: (f64, f64) = (0.02, 0.6);
/// If more than one picture in so many has ink at the border, the pictures fill their canvas, and nothing is cut.
const CUT_ONE_IN: usize = 10;

/// The sides, in the order in which their pixels are counted.
const SIDES: [Side; 4] = [Side::Top, Side::Bottom, Side::Left, Side::Right];

/// Where a stroke meets the border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Meeting {
    side: Side,
    /// Part of the side.
    part: f64,
}

/// Where the digit meets the border of its picture, if it does.
pub(crate) fn meeting(map: &InkMap) -> Option<Meeting> {
    let (width, height) = (map.width, map.height);
    let is_stroke: Vec<bool> = map.ink.iter().map(|&ink| ink >= STROKE).collect();
    let all = is_stroke.iter().filter(|is_stroke| **is_stroke).count();
    let mut seen = vec![false; is_stroke.len()];
    let mut best: Option<Meeting> = None;
    let border = (0..width).flat_map(|x| [x, (height - 1) * width + x]);
    for start in border.chain((0..height).flat_map(|y| [y * width, y * width + width - 1])) {
        if !is_stroke[start] || seen[start] {
            continue;
        }
        let (count, met) = component(&is_stroke, &mut seen, (width, height), start);
        if (count as f64) < MIN_PART * all as f64 {
            continue;
        }
        for (at, (met, length)) in met.into_iter().zip([width, width, height, height]).enumerate() {
            let part = met as f64 / length as f64;
            if met > 1 && part >= MET.0 && part <= MET.1 && best.is_none_or(|best| part > best.part) {
                best = Some(Meeting { side: SIDES[at], part });
            }
        }
    }
    best
}

/// The pixels of a connected component, and how many of them lie on each side.
fn component(
    is_stroke: &[bool],
    seen: &mut [bool],
    (width, height): (usize, usize),
    start: usize,
) -> (usize, [usize; 4]) {
    let (mut count, mut met) = (0, [0; 4]);
    let mut open = vec![start];
    seen[start] = true;
    while let Some(at) = open.pop() {
        count += 1;
        let (x, y) = (at % width, at / width);
        let is_met = [y == 0, y + 1 == height, x == 0, x + 1 == width];
        met.iter_mut().zip(is_met).for_each(|(met, is_met)| *met += usize::from(is_met));
        for next_y in y.saturating_sub(1)..(y + 2).min(height) {
            for next_x in x.saturating_sub(1)..(x + 2).min(width) {
                let next = next_y * width + next_x;
                if is_stroke[next] && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
    }
    (count, met)
}

/// The pictures that are cut, from where each meets its border.
pub(crate) fn cut(meetings: &[Option<Meeting>], findings: &mut Findings) {
    let cut: Vec<Finding> = (0u32..)
        .zip(meetings)
        .filter_map(|(row, meeting)| {
            let meeting = (*meeting)?;
            let reason = Reason::Cut { side: meeting.side, part: meeting.part };
            Some(Finding { kind: Kind::Cut, of: vec![row], other: None, suggested: None, score: meeting.part, reason })
        })
        .collect();
    if cut.len() * CUT_ONE_IN > meetings.len() && cut.len() > 1 {
        findings.notes.push(Note::NoCutDigits { at_border: cut.len(), all: meetings.len() });
    } else {
        findings.list.extend(cut);
    }
}

/// Where the digit of a gray picture meets the border.
pub(crate) fn meeting_of(picture: &GrayPicture) -> Option<Meeting> {
    meeting(&InkMap::of(picture)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is ink.
    fn picture(rows: &[&str]) -> GrayPicture {
        let pixels = rows.concat().bytes().map(|byte| if byte == b'#' { 20 } else { 240 }).collect();
        GrayPicture::new(rows[0].len() as u32, rows.len() as u32, pixels).unwrap()
    }

    #[test]
    fn a_stroke_that_meets_the_border_is_cut_and_a_speck_or_a_frame_is_not() {
        let cut = meeting_of(&picture(&[
            "...##.....",
            "...##.....",
            "...##.....",
            "...##.....",
            "...##.....",
            "..........",
            "..........",
            "..........",
            "..........",
        ]));
        assert_eq!(cut, Some(Meeting { side: Side::Top, part: 0.2 }));
        let whole = ["..........", "...##.....", "...##.....", "...##.....", "...##....#", ".........#", ".........."];
        assert_eq!(meeting_of(&picture(&whole)), None);
        let frame = ["##########", "..........", "...##.....", "...##.....", "...##.....", "..........", ".........."];
        assert_eq!(meeting_of(&picture(&frame)), None);
    }

    #[test]
    fn where_most_digits_fill_their_pictures_none_is_cut() {
        let mut findings = Findings::default();
        let meeting = Some(Meeting { side: Side::Top, part: 0.3 });
        cut(&[meeting, meeting, None], &mut findings);
        assert!(findings.list.is_empty() && findings.notes == [Note::NoCutDigits { at_border: 2, all: 3 }]);
        let mut findings = Findings::default();
        let mut one = vec![None; 20];
        one[7] = meeting;
        cut(&one, &mut findings);
        assert_eq!((findings.list.len(), findings.list[0].of[0]), (1, 7));
    }
}
