//! How many digits there are: side by side, one below the other, or all over a sheet.

use crate::preprocess::ops::components::Component;

/// Each of several digits has at least this share of the height of the highest, and of the ink of the blackest.
const PEER_HEIGHT: f64 = 0.6;
const PEER_INK: f64 = 0.3;
/// A digit that falls into pieces side by side, such as an open 0 or 4, is hardly wider than this over its height.
const BROAD: f64 = 1.1;
/// Digits that together are broader stand apart by this share of the usual gap.
const CLOSER: f64 = 1.0 / 6.0;
/// Two digits, one below the other, are together higher than this over their width. The arcs of a broken 0 are not.
const TALL: f64 = 2.0;
/// Bars are narrower than this over their height. One below the other, they may be the pieces of a broken 1, unless
/// they stand apart by so many times the usual gap.
const SLIM: f64 = 0.25;
const BROKEN: f64 = 2.0;
/// A sheet shows at least this many digits.
const SHEET: usize = 8;
/// What is lower is no digit of a sheet.
const LEAST_PX: u32 = 10;
/// Digits of a sheet are alike in height by this factor.
const ALIKE: f64 = 0.6;
/// They stand apart by this share of their height; the grains of a dithered digit do not.
const APART: f64 = 0.12;
/// More components than this are not compared with each other: a picture of them is no digit anyway.
const MOST_COMPARED: usize = 2000;
/// Dots and bars fill their box by more than this share; half of a sheet's digits at least do not.
const SOLID: f64 = 0.6;

/// How many digits the components are, at least 1. `gap` is the distance of two digits over their height.
pub(super) fn digits(components: &[Component], gap: f64) -> usize {
    let highest = f64::from(components.iter().map(Component::height_px).max().unwrap_or(0));
    let blackest = components.iter().map(|component| component.ink).max().unwrap_or(0) as f64;
    let peers: Vec<Component> = components
        .iter()
        .filter(|component| f64::from(component.height_px()) >= PEER_HEIGHT * highest)
        .filter(|component| component.ink as f64 >= PEER_INK * blackest)
        .copied()
        .collect();
    side_by_side(&peers, gap, highest).max(one_below_the_other(&peers, gap, highest)).max(1)
}

fn side_by_side(peers: &[Component], gap: f64, highest: f64) -> usize {
    let whole = peers.iter().copied().reduce(Component::union);
    let broad = whole.is_some_and(|whole| f64::from(whole.width_px()) > BROAD * highest);
    let gap = if broad { CLOSER * gap } else { gap };
    groups(peers.iter().map(|peer| (peer.left, peer.right)), gap * highest)
}

fn one_below_the_other(peers: &[Component], gap: f64, highest: f64) -> usize {
    let whole = peers.iter().copied().reduce(Component::union);
    if whole.is_none_or(|whole| f64::from(whole.height_px()) <= TALL * f64::from(whole.width_px())) {
        return 1;
    }
    let slim = |peer: &Component| f64::from(peer.width_px()) < SLIM * f64::from(peer.height_px());
    let gap = if peers.iter().all(slim) { BROKEN * gap } else { gap };
    groups(peers.iter().map(|peer| (peer.top, peer.bottom)), gap * highest)
}

/// How many groups the extents form, when two of a group are at most `apart_px` apart.
fn groups(extents: impl Iterator<Item = (u32, u32)>, apart_px: f64) -> usize {
    let mut extents: Vec<(u32, u32)> = extents.collect();
    extents.sort_unstable();
    let (mut count, mut end) = (0, f64::MIN);
    for (first, last) in extents {
        count += usize::from(f64::from(first) > end + apart_px);
        end = end.max(f64::from(last));
    }
    count
}

/// How many components there are of about the median height, if they are so many that they cannot be the pieces of one
/// digit, and are not dots or bars; otherwise 0. What is larger, such as a shadow across the sheet, does not matter.
pub(super) fn on_a_sheet(components: &[Component]) -> usize {
    let mut heights: Vec<u32> = components.iter().map(Component::height_px).collect();
    heights.retain(|&height| height >= LEAST_PX);
    heights.sort_unstable();
    let Some(&median) = heights.get(heights.len() / 2) else { return 0 };
    let alike = |component: &&Component| {
        let height = f64::from(component.height_px());
        (ALIKE * f64::from(median)..=f64::from(median) / ALIKE).contains(&height)
    };
    let is_open = |component: &Component| {
        let room = 255.0 * f64::from(component.width_px()) * f64::from(component.height_px());
        (component.ink as f64) < SOLID * room
    };
    let alike: Vec<&Component> = components.iter().filter(alike).take(MOST_COMPARED).collect();
    let apart_px = (APART * f64::from(median)).ceil() as u32;
    let stands_apart =
        |one: &&&Component| alike.iter().all(|other| std::ptr::eq(**one, *other) || distance_px(one, other) > apart_px);
    let apart: Vec<&&Component> = alike.iter().filter(stands_apart).collect();
    let (count, open) = (apart.len(), apart.iter().filter(|component| is_open(component)).count());
    if count >= SHEET && 2 * open >= count { count } else { 0 }
}

/// Columns or rows of paper between two boxes, whichever are more; 0 if they overlap.
fn distance_px(one: &Component, other: &Component) -> u32 {
    let between = |first: (u32, u32), second: (u32, u32)| {
        second.0.saturating_sub(first.1 + 1).max(first.0.saturating_sub(second.1 + 1))
    };
    between((one.left, one.right), (other.left, other.right))
        .max(between((one.top, one.bottom), (other.top, other.bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component of strokes in a box.
    fn strokes(left: u32, top: u32, width_px: u32, height_px: u32) -> Component {
        let ink = u64::from(width_px * height_px) * 255 / 4;
        Component { left, top, right: left + width_px - 1, bottom: top + height_px - 1, ink }
    }

    #[test]
    fn digits_apart_are_counted_whichever_way_they_stand() {
        for count in 2..7 {
            let beside: Vec<_> = (0..count).map(|at| strokes(10 + 60 * at, 10, 30, 50)).collect();
            let below: Vec<_> = (0..count).map(|at| strokes(10, 10 + 80 * at, 30, 50)).collect();
            assert_eq!(digits(&beside, 0.3), count as usize);
            assert_eq!(digits(&below, 0.3), count as usize);
        }
    }

    #[test]
    fn a_sheet_is_counted_even_with_a_large_blot_on_it() {
        for (rows, columns) in [(2, 5), (10, 10), (3, 4)] {
            let at = |at: u32| strokes(20 + 40 * (at % columns), 20 + 44 * (at / columns), 20, 30 + at % 7);
            let mut sheet: Vec<_> = (0..rows * columns).map(at).collect();
            sheet.push(Component { left: 600, top: 0, right: 700, bottom: 900, ink: 3_000_000 });
            assert!(on_a_sheet(&sheet) >= (rows * columns) as usize, "{rows} x {columns}");
        }
    }

    #[test]
    fn a_digit_in_pieces_is_one() {
        let bar_of_5 = [strokes(20, 10, 40, 6), strokes(15, 20, 50, 60)];
        let rings_of_8 = [strokes(20, 10, 30, 34), strokes(18, 46, 36, 38)];
        let open_4 = [strokes(10, 10, 26, 50), strokes(40, 12, 6, 70)];
        let broken_1 = [strokes(10, 10, 6, 40), strokes(11, 68, 6, 36)];
        let broken_0: Vec<_> = [(0, 8, 64, 35), (0, 65, 56, 22)]
            .map(|(left, top, width, height)| strokes(left, top, width, height))
            .to_vec();
        let dots: Vec<_> =
            (0..20).map(|at| Component { ink: 64 * 255, ..strokes(10 * (at % 5), 10 * (at / 5), 8, 8) }).collect();
        for pieces in [&bar_of_5[..], &rings_of_8, &open_4, &broken_1, &broken_0] {
            assert_eq!(digits(pieces, 0.3), 1, "{pieces:?}");
        }
        assert_eq!(on_a_sheet(&dots), 0);
    }
}
