//! Components of ink to digits.
//!
//! All lengths are shares of the usual height of what stands on the page.

use crate::preprocess::ops::components::Components;

use super::piece_box::PieceBox;

/// What is smaller both ways is a speck or a dot.
const SPECK: f64 = 0.2;
/// What is lower is a bar: the flag of a 5, a dash.
const BAR: f64 = 0.35;
/// A digit is at least this high.
const DIGIT: f64 = 0.42;
/// Two pieces of these heights are two digits.
const WHOLE: f64 = 0.72;
/// Pieces one above the other: gap, shared part of the narrower one's width, shared part of the lower one's height,
/// height of both together.
const STACKED_GAP: f64 = 0.2;
const STACKED_WIDTH: f64 = 0.4;
const STACKED_HEIGHT: f64 = 0.5;
const STACKED: f64 = 1.35;
/// A small piece belongs to the digit that it is this near to.
const NEAR: f64 = 0.16;
/// A bar between these shares of a digit's height, beside it, is a dash.
const DASH: (f64, f64) = (0.3, 0.7);
/// The left stroke of an open 4: at most this high over the right one, ends so far above its foot, so near to it, and
/// the right stroke so slim.
const OPEN_FOUR_HEIGHT: f64 = 0.85;
const OPEN_FOUR_FOOT: f64 = 0.12;
const OPEN_FOUR_GAP: f64 = 0.12;
const OPEN_FOUR_SLIM: f64 = 0.4;
/// Ink at the picture's border that is this long, over the side, is a table or a frame.
const AT_BORDER: f64 = 0.5;
/// Components that are lower are never digits.
const LEAST_PX: f64 = 6.0;
/// More components than this are not put together: the picture is a texture.
const MOST_COMPONENTS: usize = 20_000;

/// A digit, or several that touch.
#[derive(Clone, Debug)]
pub(super) struct Digit {
    /// The box around it.
    pub(super) extent: PieceBox,
    /// Places of its components.
    pub(super) components: Vec<usize>,
}

/// The digits among the components of a picture of `size` (width, height), in no order. Components that are `between`
/// ruled lines are parts of a table.
pub(super) fn digits(components: &Components, between: &[bool], size: (u32, u32)) -> Vec<Digit> {
    let all: Vec<Digit> = components
        .all
        .iter()
        .enumerate()
        .filter(|(at, _)| !between[*at])
        .map(|(at, component)| Digit { extent: component.into(), components: vec![at] })
        .filter(|piece| piece.extent.longer() >= 2.0)
        .collect();
    if all.len() > MOST_COMPONENTS {
        return Vec::new();
    }
    let kept = without_surroundings(all, size);
    let Some(usual) = usual_height(&kept) else { return Vec::new() };
    let (specks, mut pieces): (Vec<Digit>, Vec<Digit>) =
        without_frames(kept, usual).into_iter().partition(|piece| piece.extent.longer() < SPECK * usual);
    if let Some(one) = one_broken_digit(&pieces) {
        return vec![one];
    }
    join(&mut pieces, |one, other| are_stacked(one, other, usual));
    join(&mut pieces, is_open_four);
    let (mut digits, small): (Vec<Digit>, Vec<Digit>) =
        pieces.into_iter().partition(|piece| piece.extent.height() >= DIGIT * usual);
    for piece in small.into_iter().chain(specks) {
        attach(&mut digits, piece, usual);
    }
    digits.retain(|digit| digit.extent.height() >= LEAST_PX);
    digits
}

/// Without what reaches in from the border: tables, shadows, the frame of a meter; and without bars from border to
/// border beside which digits stand free.
fn without_surroundings(pieces: Vec<Digit>, (width, height): (u32, u32)) -> Vec<Digit> {
    let sides =
        |extent: &PieceBox| [extent.left == 0, extent.right + 1 == width, extent.top == 0, extent.bottom + 1 == height];
    let is_free = |piece: &&Digit| !sides(&piece.extent).contains(&true);
    let highest_free = pieces.iter().filter(is_free).map(|piece| piece.extent.height()).fold(0.0, f64::max);
    let is_surrounding = |piece: &Digit| {
        let extent = &piece.extent;
        let [left, right, top, bottom] = sides(extent);
        let long = (top || bottom) && extent.width() >= AT_BORDER * f64::from(width)
            || (left || right) && extent.height() >= AT_BORDER * f64::from(height);
        let across = left && right || top && bottom;
        (long || across) && extent.longer() > 1.3 * highest_free && highest_free > 0.0
            || across && highest_free >= DIGIT * extent.longer()
    };
    pieces.into_iter().filter(|piece| !is_surrounding(piece)).collect()
}

/// The height that half of all height is below; tall components count by their height, so specks hardly matter.
fn usual_height(pieces: &[Digit]) -> Option<f64> {
    let mut heights: Vec<f64> =
        pieces.iter().map(|piece| piece.extent.height()).filter(|&height| height >= LEAST_PX).collect();
    heights.sort_by(f64::total_cmp);
    let half = heights.iter().map(|height| height * height).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    heights.into_iter().find(|height| {
        sum += height * height;
        sum >= half
    })
}

/// Without what surrounds others, such as the boxes of a form: a digit holds at most a small piece within its box.
fn without_frames(pieces: Vec<Digit>, usual: f64) -> Vec<Digit> {
    let boxes: Vec<PieceBox> = pieces.iter().map(|piece| piece.extent).collect();
    let is_frame = |extent: &PieceBox| {
        extent.longer() >= usual
            && boxes.iter().any(|inner| {
                inner != extent
                    && extent.contains(inner)
                    && inner.height() >= DIGIT * usual
                    && inner.height() >= 0.3 * extent.height()
                    && inner.height() < 0.93 * extent.height()
                    && extent.width() >= 1.3 * inner.width()
                    && extent.width() >= 0.75 * extent.height()
            })
    };
    pieces.into_iter().filter(|piece| !is_frame(&piece.extent)).collect()
}

/// The one digit of a picture whose pieces all lie below each other, as the arcs of a broken 0.
fn one_broken_digit(pieces: &[Digit]) -> Option<Digit> {
    let whole = pieces.iter().map(|piece| piece.extent).reduce(PieceBox::union)?;
    let is_below = |piece: &Digit| piece.extent.width() >= 0.5 * whole.width();
    let is_low = |piece: &Digit| piece.extent.height() <= WHOLE * whole.height();
    let gaps = {
        let mut extents: Vec<(u32, u32)> = pieces.iter().map(|piece| (piece.extent.top, piece.extent.bottom)).collect();
        extents.sort_unstable();
        extents.windows(2).all(|pair| f64::from(pair[1].0) - f64::from(pair[0].1) <= STACKED_GAP * whole.height())
    };
    let one = (2..=3).contains(&pieces.len())
        && gaps
        && pieces.iter().all(is_low)
        && pieces.iter().filter(|piece| is_below(piece)).count() >= 2
        && whole.height() <= 1.9 * whole.width();
    one.then(|| merged(pieces.iter().cloned()))
}

fn merged(pieces: impl IntoIterator<Item = Digit>) -> Digit {
    let joined = pieces.into_iter().reduce(|one, other| Digit {
        extent: one.extent.union(other.extent),
        components: [one.components, other.components].concat(),
    });
    joined.expect("a digit has at least one piece")
}

/// Puts pairs together until none is left that belongs together.
fn join(pieces: &mut Vec<Digit>, belong: impl Fn(&PieceBox, &PieceBox) -> bool) {
    // From left to right, so that only neighbours are compared.
    loop {
        pieces.sort_by_key(|piece| (piece.extent.left, piece.extent.top));
        let widest = pieces.iter().map(|piece| piece.extent.right - piece.extent.left).max().unwrap_or(0);
        let pair = (0..pieces.len()).find_map(|one| {
            let reach = pieces[one].extent.right.saturating_add(widest);
            let others = one + 1..pieces.len();
            let mut near = others.take_while(|&other| pieces[other].extent.left <= reach);
            near.find(|&other| belong(&pieces[one].extent, &pieces[other].extent)).map(|other| (one, other))
        });
        let Some((one, other)) = pair else { return };
        let piece = pieces.remove(other);
        let first = pieces.remove(one);
        pieces.push(merged([first, piece]));
    }
}

/// Whether two pieces are parts of one digit: one above the other, or a small one within the other's box.
fn are_stacked(one: &PieceBox, other: &PieceBox, usual: f64) -> bool {
    let both = one.union(*other);
    if one.height().min(other.height()) >= WHOLE * usual {
        return false;
    }
    let narrower = one.width().min(other.width());
    let lower = one.height().min(other.height());
    let is_within = one.overlap_x(other) >= 0.7 * narrower && one.overlap_y(other) >= 0.7 * lower;
    let is_above = one.overlap_x(other) >= STACKED_WIDTH * narrower
        && one.overlap_y(other) >= -STACKED_GAP * usual
        && one.overlap_y(other) <= STACKED_HEIGHT * lower;
    (is_within || is_above) && both.height() <= STACKED * usual && both.width() <= 1.2 * both.height().max(usual)
}

/// Whether two pieces are the strokes of an open 4.
fn is_open_four(left: &PieceBox, right: &PieceBox) -> bool {
    let height = right.height();
    right.width() <= OPEN_FOUR_SLIM * height
        && left.height() <= OPEN_FOUR_HEIGHT * height
        && left.height() >= 0.4 * height
        && left.width() <= 0.9 * height
        && left.overlap_x(right) >= -OPEN_FOUR_GAP * height
        && f64::from(right.bottom) - f64::from(left.bottom) >= OPEN_FOUR_FOOT * height
        && left.overlap_y(right) >= 0.75 * left.height()
        && right.centre().0 > left.centre().0
}

/// Gives a small piece to the digit beside which it stands, if it can be a part of it.
fn attach(digits: &mut [Digit], piece: Digit, usual: f64) {
    let part = piece.extent;
    let distance = |digit: &PieceBox| (-digit.overlap_x(&part)).max(0.0).max((-digit.overlap_y(&part)).max(0.0));
    let fits = |digit: &PieceBox| {
        let both = digit.union(part);
        let (_, middle) = part.centre();
        let share = (middle - f64::from(digit.top)) / digit.height();
        let is_beside = digit.overlap_x(&part) <= 0.0;
        let is_dash = is_beside && (DASH.0..=DASH.1).contains(&share);
        // A dot above or below, such as that of an i, stands alone.
        let is_dot = part.longer() < SPECK * usual && digit.overlap_y(&part) <= 0.0;
        let is_full_stop = is_beside && share > DASH.1 && part.height() < BAR * usual;
        !is_dash && !is_dot && !is_full_stop && both.height() <= STACKED * usual && both.width() <= 1.1 * both.height()
    };
    let nearest = digits
        .iter_mut()
        .filter(|digit| distance(&digit.extent) <= NEAR * usual && fits(&digit.extent))
        .min_by(|a, b| distance(&a.extent).total_cmp(&distance(&b.extent)));
    if let Some(digit) = nearest {
        digit.extent = digit.extent.union(part);
        digit.components.extend(piece.components);
    }
}
