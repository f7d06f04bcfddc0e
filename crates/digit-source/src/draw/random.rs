//! Seeded streams of random numbers that are the same on every machine.

use rand_core::Rng;
use rand_pcg::Pcg64;

/// One named stream: the purpose and the keys (a seed, a writer's number, ..) decide every number it will give.
#[derive(Clone, Debug)]
pub struct Stream(Pcg64);

impl Stream {
    /// The stream of this purpose under these keys. Streams that differ in purpose or in any key are unrelated.
    pub fn new(purpose: &str, keys: &[u64]) -> Self {
        let mut digest = 0x9e37_79b9_7f4a_7c15;
        for byte in purpose.bytes() {
            digest = mix(digest ^ u64::from(byte));
        }
        for &key in keys {
            digest = mix(digest ^ mix(key));
        }
        let mut next = || {
            digest = digest.wrapping_add(0x9e37_79b9_7f4a_7c15);
            u128::from(mix(digest))
        };
        let state = (next() << 64) | next();
        let sequence = (next() << 64) | next();
        Self(Pcg64::new(state, sequence))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1), in steps of 2^-53.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform between the two values.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Between the two positive values, every factor equally likely.
    pub fn factor_between(&mut self, low: f64, high: f64) -> f64 {
        low * libm::exp(libm::log(high / low) * self.unit())
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Normal with mean 0, by the method of Box and Muller (1958), cut off at 2.5 standard deviations: a picture that
    /// nobody would write must not come up once in a hundred thousand.
    pub fn normal(&mut self, std: f64) -> f64 {
        // 1 - u lies in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * libm::log(1.0 - self.unit())).sqrt();
        let turn = libm::cos(2.0 * std::f64::consts::PI * self.unit());
        (radius * turn).clamp(-2.5, 2.5) * std
    }

    /// An index, with probability proportional to its weight. The weights are not all zero; an empty list gives 0.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
            last = index;
            if left < weight {
                break;
            }
            left -= weight;
        }
        last
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
pub(super) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_purpose_and_by_every_key() {
        let first = |purpose: &str, keys: &[u64]| Stream::new(purpose, keys).bits();
        let numbers =
            [first("a", &[1, 2]), first("b", &[1, 2]), first("a", &[2, 1]), first("a", &[1, 3]), first("a", &[1])];
        for (i, number) in numbers.iter().enumerate() {
            assert!(!numbers[..i].contains(number), "{numbers:x?}");
        }
        assert_eq!(first("a", &[1, 2]), numbers[0]);
    }

    #[test]
    fn normal_numbers_have_their_mean_and_deviation() {
        let mut stream = Stream::new("test", &[]);
        let n = 20_000;
        let values: Vec<f64> = (0..n).map(|_| stream.normal(3.0)).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let std = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(n)).sqrt();
        // Five standard errors of the mean; cutting off at 2.5 takes about 3 % from the deviation.
        assert!(mean.abs() < 0.11, "{mean}");
        assert!((2.8..3.05).contains(&std), "{std}");
    }

    #[test]
    fn weights_decide_how_often_an_index_comes() {
        let mut stream = Stream::new("test", &[7]);
        let mut counts = [0_u32; 4];
        for _ in 0..10_000 {
            counts[stream.weighted([1.0, 0.0, 3.0, 0.0].into_iter())] += 1;
        }
        assert_eq!(counts[1] + counts[3], 0);
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
    }
}
