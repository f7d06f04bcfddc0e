//! Seeded random numbers: one stream a purpose, with values that never change.
//!
//! The generator is PCG XSL-RR 128/64 (M. E. O'Neill 2014, "PCG: a family of simple fast space-efficient statistically
//! good algorithms"), by the crate `rand_pcg`. How its bits become uniform and normal numbers and permutations is
//! written here, because libraries change theirs between versions. The tests hold stored values.

use rand_core::Rng;
use rand_pcg::Pcg64;

/// What a stream is for. Streams of one seed and different purposes are independent, so that, say, another network
/// shape does not change how the data are split. The numbers are part of every result and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Starting weights.
    Init = 0,
    /// Which rows train and which test.
    Split = 1,
    /// The order of training rows in each epoch.
    Shuffle = 2,
    /// Which units are dropped.
    Dropout = 3,
    /// How inputs are varied.
    Augmentation = 4,
    /// Which results are drawn again when the certainty of a difference is estimated.
    Resampling = 5,
    /// Which training rows are held back to choose the best epoch.
    Validation = 6,
    /// Which pictures begin a style of writing.
    Styles = 7,
}

/// A stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    generator: Pcg64,
}

/// Where a [`Stream`] stands, to be stored and gone on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamPosition {
    /// State of the generator.
    pub state: u128,
    /// Number of the generator's stream, which says its purpose.
    pub stream: u128,
}

impl Stream {
    /// The stream of a seed for a purpose.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        // Neighbouring seeds must not give related states, nor may two purposes of one seed: streams of PCG that begin in one
        // state are correlated. SplitMix64 spreads both.
        let mut purpose_bits = purpose as u64;
        let mut state = seed ^ split_mix(&mut purpose_bits);
        let high = split_mix(&mut state);
        let low = split_mix(&mut state);
        Self { generator: Pcg64::new(u128::from(high) << 64 | u128::from(low), purpose as u128) }
    }

    /// The stream of a seed for one item of a purpose, such as a row in an epoch: what the item gets depends neither on
    /// the others nor on the order in which they come.
    pub fn of_item(seed: u64, purpose: Purpose, item: [u64; 2]) -> Self {
        let mut key = seed;
        for part in [0, item[0], item[1]] {
            // Spread before the next part comes in, so that no sum of seed and item is like another.
            let mut state = key ^ part;
            key = split_mix(&mut state);
        }
        Self::new(key, purpose)
    }

    /// Where the stream stands: all that is needed to go on with it.
    pub fn position(&self) -> StreamPosition {
        StreamPosition { state: self.generator.state(), stream: self.generator.stream() }
    }

    /// The stream that stands there.
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

    /// Uniform in 0..n without bias (D. Lemire 2019, "Fast random integer generation in an interval"); 0 for n = 0.
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

    /// Standard normal, by the polar method (G. Marsaglia, T. A. Bray 1964). The second number that the method would
    /// give is not kept, so that the stream's position is all its state.
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

    /// Puts items into random order: Fisher and Yates's shuffle in R. Durstenfeld's form (1964), from the end.
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

    /// Runs of all users depend on these draws: a change here is a change of every result.
    #[test]
    fn the_draws_are_the_stored_ones() {
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
    fn every_item_has_a_stream_of_its_own() {
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
    fn a_stream_goes_on_from_its_position() {
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
