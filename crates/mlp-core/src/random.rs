//! Seeded random numbers: one stream for each purpose, with values that never change.
//!
//! The generator is PCG XSL-RR 128/64 (M. E. O'Neill 2014, "PCG: a family of simple fast space-efficient statistically
//! good algorithms"), from the crate `rand_pcg`. Uniform and normal numbers and permutations are made of its bits here,
//! because libraries change their methods between versions. The tests compare with stored values.

use rand_core::Rng;
use rand_pcg::Pcg64;

/// What a stream is for. Streams of one seed and different purposes are independent: for example, another network shape
/// does not change the data split. The numbers of the purposes affect every result and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Init = 0,
    /// Which rows are for training and which for testing.
    Split = 1,
    /// The order of training rows in each epoch.
    Shuffle = 2,
    /// Which units are dropped.
    Dropout = 3,
    /// How inputs are augmented.
    Augmentation = 4,
    /// Which results are resampled for the significance of a difference.
    Resampling = 5,
    /// Which training rows are held back for early stopping.
    Validation = 6,
    /// Which pictures are the initial centres of clusters.
    Styles = 7,
}

/// A stream of random numbers.
///
/// ```
/// use mlp_core::random::{Purpose, Stream};
///
/// let mut stream = Stream::new(1, Purpose::Shuffle);
/// let mut rows = [0, 1, 2, 3];
/// stream.shuffle(&mut rows);
/// let mut copy = Stream::at(stream.position());
/// assert_eq!(stream.uniform(), copy.uniform());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    generator: Pcg64,
}

/// The position of a [`Stream`], for a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamPosition {
    /// State of the generator.
    pub state: u128,
    /// Number of the generator's stream, which depends on the purpose.
    pub stream: u128,
}

impl Stream {
    /// The stream of a seed for a purpose.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        // Neighbouring seeds must not have related states, nor must two purposes of one seed, because PCG streams that
        // start in one state are correlated. SplitMix64 mixes both.
        let mut purpose_bits = purpose as u64;
        let mut state = seed ^ split_mix(&mut purpose_bits);
        let high = split_mix(&mut state);
        let low = split_mix(&mut state);
        Self { generator: Pcg64::new(u128::from(high) << 64 | u128::from(low), purpose as u128) }
    }

    /// The stream of a seed for one item of a purpose, for example a row in an epoch. The item's numbers do not depend
    /// on other items or on their order.
    pub fn of_item(seed: u64, purpose: Purpose, item: [u64; 2]) -> Self {
        let mut key = seed;
        for word in [0, item[0], item[1]] {
            // Mixed before the next word is added, so that different seeds and items do not cancel.
            let mut state = key ^ word;
            key = split_mix(&mut state);
        }
        Self::new(key, purpose)
    }

    /// The position: all the state of the stream.
    pub fn position(&self) -> StreamPosition {
        StreamPosition { state: self.generator.state(), stream: self.generator.stream() }
    }

    /// The stream at a position.
    pub fn at(position: StreamPosition) -> Self {
        Self { generator: Pcg64::from_state(position.state, position.stream) }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in 0..n without bias (D. Lemire 2019, "Fast random integer generation in an interval"). 0 for n = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.bits()) * u128::from(n);
        if (product as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u64) < threshold {
                product = u128::from(self.bits()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }

    /// Standard normal, by the polar method (G. Marsaglia, T. A. Bray 1964). The method's second number is not kept, so
    /// that the position is all the state.
    pub fn normal(&mut self) -> f64 {
        loop {
            let u = 2.0 * self.uniform() - 1.0;
            let v = 2.0 * self.uniform() - 1.0;
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * libm::sqrt(-2.0 * libm::log(s) / s);
            }
        }
    }

    /// Puts items into random order: the Fisher-Yates shuffle in the form of R. Durstenfeld 1964, from the end.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn split_mix_gives_its_published_values() {
        // The first values for the seed 1234567 that the author's reference program prints.
        let mut state = 1_234_567;
        assert_eq!(split_mix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(split_mix(&mut state), 3_203_168_211_198_807_973);
    }

    /// A change of these numbers changes every result.
    #[test]
    fn numbers_are_the_stored_ones() {
        let mut stream = Stream::new(1234, Purpose::Init);
        let bits = [stream.bits(), stream.bits()];
        let rest = [stream.uniform().to_bits(), stream.normal().to_bits(), stream.below(1000), stream.below(u64::MAX)];
        let firsts = [Purpose::Init, Purpose::Split, Purpose::Shuffle, Purpose::Dropout, Purpose::Augmentation]
            .map(|purpose| Stream::new(0, purpose).bits());
        let mut items: Vec<u8> = (0..10).collect();
        Stream::new(1234, Purpose::Shuffle).shuffle(&mut items);
        assert_eq!(bits, [0x8e13_1f9c_5d7e_c958, 0xbd1f_fe60_e8cb_42ab]);
        assert_eq!(rest, [0x3fba_4011_4017_bc78, 0x3fee_58e7_dcbb_1bbb, 304, 0x2cd6_e6f9_ef95_8278]);
        let expected = [
            0xcbce_f48e_1080_42de,
            0x22e3_deac_0b42_34fa,
            0x2147_b983_9ea8_342d,
            0xaa0f_7028_47c2_b703,
            0xb80e_db4e_485c_815e,
        ];
        assert_eq!(firsts, expected);
        assert_eq!(items, [5, 3, 6, 0, 7, 2, 9, 4, 1, 8]);
    }

    #[test]
    fn every_item_has_its_own_stream() {
        let first = |seed, item| Stream::of_item(seed, Purpose::Augmentation, item).bits();
        assert_eq!([first(1, [2, 3]), first(1, [3, 2])], [0x526d_af05_c2f1_a699, 0xf80d_56fd_268c_23d4]);
        let mut all: Vec<u64> = Vec::new();
        for seed in 0..10 {
            for epoch in 0..10 {
                all.extend((0..10).map(|row| first(seed, [epoch, row])));
            }
        }
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_stream_continues_from_its_position() {
        let mut stream = Stream::new(7, Purpose::Dropout);
        assert!((0..100).map(|_| stream.normal()).all(f64::is_finite));
        let mut copy = Stream::at(stream.position());
        assert!((0..100).all(|_| stream.bits() == copy.bits()));
        assert_ne!(copy, Stream::new(7, Purpose::Dropout));
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut stream = Stream::new(3, Purpose::Init);
        let n = 200_000;
        let draws: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / f64::from(n);
        // Five standard errors: 5/sqrt(n) and 5 sqrt(2/n).
        assert!(mean.abs() < 0.0112 && (variance - 1.0).abs() < 0.0159, "{mean} {variance}");
        let mut counts = [0u32; 7];
        (0..70_000).for_each(|_| counts[stream.below(7) as usize] += 1);
        // Five standard deviations of a binomial count.
        assert!(counts.iter().all(|&c| (f64::from(c) - 10_000.0).abs() < 463.0), "{counts:?}");
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Stream::new(1, Purpose::Shuffle).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
        assert_eq!(Stream::new(1, Purpose::Shuffle).below(0), 0);
    }

    #[test]
    fn purposes_and_seeds_differ() {
        let first = |seed, purpose| Stream::new(seed, purpose).bits();
        let all =
            [first(1, Purpose::Init), first(1, Purpose::Split), first(2, Purpose::Init), first(0, Purpose::Shuffle)];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }
}
