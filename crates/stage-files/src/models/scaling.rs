//! From pixel values to the inputs of a network, as the keys `scale` and `invert` of a config say.
//!
//! Training, prediction and export have to do the same operations to the bit, so they are here, beside the model file
//! that stores them.

use crate::config::Scale;

/// How pixel values become inputs.
///
/// ```
/// use stage_files::config::Scale;
/// use stage_files::scaling::Scaling;
///
/// let mut row = [0.0, 255.0, 51.0];
/// Scaling { scale: Scale::Unit, invert: true, standard: None }.apply(&mut row);
/// assert_eq!(row, [1.0, 0.0, 0.8]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// The rule.
    pub scale: Scale,
    /// Whether 255 - value is taken first.
    pub invert: bool,
    /// Mean and divisor of each pixel over the training rows, for the rule `standard`.
    pub standard: Option<(Vec<f32>, Vec<f32>)>,
}

impl Scaling {
    /// Whether inputs are pixel values as they are.
    pub fn is_identity(&self) -> bool {
        self.scale == Scale::Raw && !self.invert
    }

    /// Writes the inputs (I) that a row of pixels (I) gives.
    pub fn to_inputs(&self, pixels: &[u8], inputs: &mut [f32]) {
        inputs.iter_mut().zip(pixels).for_each(|(input, &value)| *input = f32::from(value));
        self.apply(inputs);
    }

    /// The inputs (N, I) that rows of pixels (N, I) give.
    pub fn inputs(&self, pixels: &[u8], width: usize) -> Vec<f32> {
        let mut inputs = vec![0.0; pixels.len()];
        for (pixels, inputs) in pixels.chunks_exact(width).zip(inputs.chunks_exact_mut(width)) {
            self.to_inputs(pixels, inputs);
        }
        inputs
    }

    /// Turns the pixel values of one row (I) into inputs. Each operation rounds once, in f32.
    pub fn apply(&self, row: &mut [f32]) {
        if self.invert {
            row.iter_mut().for_each(|value| *value = 255.0 - *value);
        }
        match (self.scale, &self.standard) {
            (Scale::Unit, _) => row.iter_mut().for_each(|value| *value /= 255.0),
            (Scale::Standard, Some((mean, divisor))) => {
                for (value, (mean, divisor)) in row.iter_mut().zip(mean.iter().zip(divisor)) {
                    *value = (*value - mean) / divisor;
                }
            }
            (Scale::Raw | Scale::Standard, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_does_what_its_name_says() {
        let scaled = |scale, invert, standard| {
            let mut row = [10.0, 200.0];
            let scaling = Scaling { scale, invert, standard };
            scaling.apply(&mut row);
            (scaling.is_identity(), row)
        };
        let standard = Some((vec![10.0, 100.0], vec![1.0, 50.0]));
        assert_eq!(scaled(Scale::Raw, false, None), (true, [10.0, 200.0]));
        assert_eq!(scaled(Scale::Raw, true, None), (false, [245.0, 55.0]));
        assert_eq!(scaled(Scale::Unit, false, None), (false, [10.0 / 255.0, 200.0 / 255.0]));
        assert_eq!(scaled(Scale::Standard, false, standard.clone()), (false, [0.0, 2.0]));
        assert_eq!(scaled(Scale::Standard, true, standard), (false, [235.0, -0.9]));
    }
}
