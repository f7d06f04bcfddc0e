//! Noise of a scanner or camera.

use mlp_core::random::Stream;

/// Adds noise of this standard deviation to every pixel: the sum of the four 16-bit quarters of one draw, which is
/// close to normal (mean and variance are exact, the tails end at 3.46 deviations) and much cheaper than a normal draw.
pub(crate) fn add(deviation: f32, stream: &mut Stream, ink: &mut [f32]) {
    // The sum of four uniform whole numbers below 2^16: mean 2 (2^16 - 1), variance (2^32 - 1) / 3.
    let factor = deviation / ((4_294_967_295.0f64 / 3.0).sqrt() as f32);
    for value in ink {
        let bits = stream.bits();
        let quarters = [bits & 0xffff, bits >> 16 & 0xffff, bits >> 32 & 0xffff, bits >> 48];
        let sum: u64 = quarters.iter().sum();
        *value += (sum as f32 - 131_070.0) * factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    #[test]
    fn moments_are_those_of_the_noise_asked_for() {
        let mut ink = vec![100.0f32; 100_000];
        add(8.0, &mut Stream::new(1, Purpose::Augmentation), &mut ink);
        let draws: Vec<f64> = ink.iter().map(|v| f64::from(*v) - 100.0).collect();
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n;
        // Five standard errors: 5 * 8 / sqrt(n), and 5 sqrt(2 / n) of the variance at most.
        assert!(mean.abs() < 0.127 && (variance / 64.0 - 1.0).abs() < 0.0224, "{mean} {variance}");
        let within = |k: f64| draws.iter().filter(|d| d.abs() < 8.0 * k).count() as f64 / n;
        assert!((within(1.0) - 0.683).abs() < 0.02 && (within(2.0) - 0.954).abs() < 0.02);
        assert!(draws.iter().all(|d| d.abs() < 8.0 * 3.47));
        let mut same = vec![3.0f32; 4];
        add(0.0, &mut Stream::new(1, Purpose::Augmentation), &mut same);
        assert_eq!(same, [3.0; 4]);
    }
}
