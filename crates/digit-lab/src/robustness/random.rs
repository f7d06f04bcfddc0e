//! Random numbers and textures that are the same on every machine.

/// One stream of random numbers (SplitMix64).
#[derive(Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of a picture of a condition.
    pub(super) fn new(name: &str, seed: u32, number: u32) -> Self {
        let start = name.bytes().fold(u64::from(seed), |state, byte| mix(state ^ u64::from(byte)));
        Self(mix(start ^ (u64::from(number) << 32)))
    }

    /// From 0 to 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.0) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between two values.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with a probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of some values.
    pub(super) fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[((self.unit() * values.len() as f64) as usize).min(values.len() - 1)]
    }

    /// About normal with mean 0 and deviation 1: the sum of twelve uniform numbers.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A texture of its own.
    pub(super) fn texture(&mut self) -> Texture {
        Texture(mix(self.0 ^ (self.unit() * 1e15) as u64))
    }
}

/// Smooth noise over the plane, -1 to 1: random values at whole places, blended between them.
#[derive(Clone, Copy)]
pub(super) struct Texture(u64);

impl Texture {
    /// The value at a place; it changes over a length of about 1.
    pub(super) fn at(self, x: f64, y: f64) -> f64 {
        let corner = |column: i64, row: i64| {
            let key =
                (column as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (row as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
            (mix(self.0 ^ key) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let (left, top) = (x.floor(), y.floor());
        let soft = |t: f64| t * t * (3.0 - 2.0 * t);
        let (u, v) = (soft(x - left), soft(y - top));
        let (column, row) = (left as i64, top as i64);
        let upper = corner(column, row) * (1.0 - u) + corner(column + 1, row) * u;
        let lower = corner(column, row + 1) * (1.0 - u) + corner(column + 1, row + 1) * u;
        upper * (1.0 - v) + lower * v
    }

    /// Several sizes of it at once, each half as large and half as strong as the one before.
    pub(super) fn rough(self, x: f64, y: f64, sizes: u32) -> f64 {
        (0..sizes).map(|n| self.at(x * f64::from(1 << n), y * f64::from(1 << n)) / f64::from(1 << n)).sum::<f64>() / 2.0
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
