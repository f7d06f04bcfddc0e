//! The ways to write each digit, as knots of strokes.
//!
//! A form is a list of strokes in the order in which they are written, a stroke a list of knots in a box about 60 wide
//! and 100 high, x to the right and y downwards. A smooth curve runs through the knots; a knot that stands twice in a
//! row is a corner. All forms were designed for this project, from what is written about how people learn to write:
//! slashed and ticked zeros, ones with an upstroke to the base line or with a base line, a 2 with the loop of a Q, open
//! fours of upright and level lines, sevens with the serif of East Asia or of copperplate and nines like a g are
//! described in Wikipedia's "Regional handwriting variation"; the 4 with its stem first and the 5 with its head stroke
//! last on briem.net, which teaches italic handwriting.
//!
//! ```
//! use digit_forms::{Point, curve, forms};
//!
//! let stroke = forms(7)[0].strokes[0];
//! let knots: Vec<Point> = stroke.iter().map(|&knot| knot.into()).collect();
//! assert!(curve::through(&knots, 2.0).len() > knots.len());
//! ```
//!
//! What this crate must never do: draw pixels, use random numbers.

pub mod curve;
mod five_to_nine;
mod point;
mod zero_to_four;

pub use point::Point;

/// Height of the box in which forms are given.
pub const HEIGHT: f64 = 100.0;
/// Width of that box.
pub const WIDTH: f64 = 60.0;

/// Where people learn to write so. It decides which forms go together: who gives the 1 a long upstroke
/// crosses the 7, or the two would look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum School {
    /// Everywhere.
    Any,
    /// As in most of Europe.
    Continental,
    /// As in English-speaking countries.
    English,
}

/// One way to write a digit.
#[derive(Debug)]
pub struct Form {
    /// What is special about it.
    pub name: &'static str,
    /// How common it is beside the other forms of its digit.
    pub weight: f64,
    /// Whose form it is.
    pub school: School,
    /// Knots (x, y) of each stroke.
    pub strokes: &'static [Stroke],
}

/// The knots of a stroke.
pub type Stroke = &'static [(i16, i16)];

/// A row of the tables.
const fn form(name: &'static str, weight: f64, school: School, strokes: &'static [Stroke]) -> Form {
    Form { name, weight, school, strokes }
}

/// The forms of a digit; of 0 for any number above 9.
pub fn forms(digit: u8) -> &'static [Form] {
    match digit {
        1 => zero_to_four::ONE,
        2 => zero_to_four::TWO,
        3 => zero_to_four::THREE,
        4 => zero_to_four::FOUR,
        5 => five_to_nine::FIVE,
        6 => five_to_nine::SIX,
        7 => five_to_nine::SEVEN,
        8 => five_to_nine::EIGHT,
        9 => five_to_nine::NINE,
        _ => zero_to_four::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_can_be_written_in_several_ways_inside_the_box() {
        for digit in 0..10 {
            let forms = forms(digit);
            assert!(forms.len() >= 6, "{digit}: {}", forms.len());
            for form in forms {
                assert!(form.weight > 0.0 && !form.strokes.is_empty(), "{digit} {}", form.name);
                for stroke in form.strokes {
                    assert!(stroke.len() >= 2, "{digit} {}", form.name);
                    assert_ne!(stroke.first(), stroke.get(1), "{digit} {}: starts at a corner", form.name);
                    for &(x, y) in *stroke {
                        assert!((-8..=68).contains(&x) && (-6..=104).contains(&y), "{digit} {}: {x},{y}", form.name);
                    }
                }
            }
        }
    }

    #[test]
    fn both_schools_have_forms_of_every_digit() {
        for digit in 0..10 {
            for school in [School::Continental, School::English] {
                assert!(forms(digit).iter().any(|form| form.school == School::Any || form.school == school), "{digit}");
            }
        }
    }
}
