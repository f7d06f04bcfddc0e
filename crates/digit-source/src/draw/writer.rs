//! Writers: what stays the same from one drawing of a writer to the next.

use super::ink::Pen;
use super::paper::Sheet;
use super::random::Stream;
use digit_forms::{Form, School};

/// A writer. Writer `n` is the same writer under every seed, so that data sets drawn with different seeds can be put
/// together and still be split by writer.
///
/// Lengths are in units of a hundredth of a digit's height.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    /// Its number, which decides all the rest.
    pub number: u32,
    /// For each digit the form it usually has and the one it has now and then, as indices into its forms.
    forms: [[usize; 2]; 10],
    /// How often the second form is taken.
    changeable: f64,
    /// How far its knots lie from those of the form, as a standard deviation; the same way in every drawing.
    pub habit: f64,
    /// How far knots stray from one drawing to the next, as a standard deviation.
    pub carelessness: f64,
    /// Width of the digits relative to the form.
    pub width: f64,
    /// To the right, in radians.
    pub slant_rad: f64,
    /// Turn of the whole digit clockwise, in radians.
    pub turn_rad: f64,
    /// How far corners are rounded off.
    pub roundness: f64,
    /// Where the middle of the digits lies: positive is lower, -1 to 1.
    pub waist: f64,
    /// How strongly upright strokes are bowed.
    pub bow: f64,
    /// By how much strokes begin before their first knot and end beyond their last; negative is short of it.
    pub overshoot: [f64; 2],
    /// How badly strokes of one digit meet, as a standard deviation.
    pub gap: f64,
    /// Amplitude of the tremor across the stroke.
    pub tremor: f64,
    /// Length of its waves.
    pub tremor_wave: f64,
    /// What it writes with.
    pub pen: Pen,
    /// What it writes on.
    pub sheet: Sheet,
}

impl Writer {
    /// The writer with this number.
    pub(super) fn new(number: u32) -> Self {
        let stream = &mut Stream::new("hand", &[u64::from(number)]);
        let school = if stream.chance(0.5) { School::Continental } else { School::English };
        let forms = std::array::from_fn(|digit| {
            let mut pick = || {
                let weights =
                    digit_forms::forms(digit as u8).iter().map(|form| form.weight * fits(form.school, school));
                stream.weighted(weights)
            };
            [pick(), pick()]
        });
        // Most people write with some care and a few scribble, so these are spread by factors.
        let carelessness = stream.factor_between(0.6, 2.5);
        let tremor = if stream.chance(0.25) { stream.between(0.2, 0.6) } else { stream.between(0.0, 0.2) };
        // Short waves are low, or the line would look like fur.
        let tremor_wave = stream.factor_between(8.0, 40.0);
        Self {
            number,
            forms,
            changeable: if stream.chance(0.4) { stream.between(0.05, 0.3) } else { 0.0 },
            habit: stream.between(1.4, 4.0),
            carelessness,
            width: stream.factor_between(0.66, 1.75),
            slant_rad: (0.10 + stream.normal(0.17)).clamp(-0.26, 0.52),
            turn_rad: stream.normal(0.04),
            roundness: stream.factor_between(0.6, 4.0),
            waist: stream.normal(0.2),
            bow: stream.normal(2.0),
            overshoot: [stream.normal(1.8), stream.normal(2.4)],
            gap: carelessness * stream.between(0.6, 2.0),
            tremor: tremor.min(0.035 * tremor_wave),
            tremor_wave,
            pen: Pen::pick(stream),
            sheet: Sheet::pick(stream),
        }
    }

    /// The form that this drawing of a digit takes, and its index.
    pub(super) fn form(&self, digit: u8, drawing: &mut Stream) -> (usize, &'static Form) {
        let index = self.forms[usize::from(digit.min(9))][usize::from(drawing.chance(self.changeable))];
        (index, &digit_forms::forms(digit)[index])
    }
}

/// How readily someone of the one school writes a form of the other.
fn fits(form: School, writer: School) -> f64 {
    if form == School::Any || form == writer { 1.0 } else { 0.12 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_always_the_same_writer() {
        assert_eq!(format!("{:?}", Writer::new(7)), format!("{:?}", Writer::new(7)));
    }

    #[test]
    fn two_hundred_writers_take_up_nearly_every_form_that_is_not_rare() {
        let writers: Vec<Writer> = (0..200).map(Writer::new).collect();
        for digit in 0..10_usize {
            let forms = digit_forms::forms(digit as u8).iter().enumerate();
            let usual: Vec<usize> = forms.filter(|(_, form)| form.weight >= 0.5).map(|(at, _)| at).collect();
            let taken = usual.iter().filter(|&&at| writers.iter().any(|writer| writer.forms[digit][0] == at)).count();
            assert!(taken + 1 >= usual.len(), "{digit}: {taken} of {}", usual.len());
        }
    }

    #[test]
    fn no_two_writers_write_alike() {
        let writers: Vec<Writer> = (0..48).map(Writer::new).collect();
        for (i, a) in writers.iter().enumerate() {
            for b in &writers[..i] {
                let differs =
                    a.forms != b.forms && (a.slant_rad - b.slant_rad).abs() + (a.width - b.width).abs() > 0.005;
                assert!(differs, "{} and {}", a.number, b.number);
            }
        }
    }
}
