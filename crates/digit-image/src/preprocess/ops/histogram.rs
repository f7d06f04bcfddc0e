//! How often each of 256 values occurs, and which one stands at a place among all of them, sorted.

/// How often each value occurs.
pub(crate) fn histogram(values: impl IntoIterator<Item = u8>) -> [u64; 256] {
    let mut counts = [0; 256];
    values.into_iter().for_each(|value| counts[usize::from(value)] += 1);
    counts
}

/// The value at a place, from 0, among all in ascending order; `None` when there are not so many.
pub(crate) fn at_place(histogram: &[u64; 256], place: u64) -> Option<u8> {
    let mut seen = 0;
    (0..=255).find(|&value| {
        seen += histogram[usize::from(value)];
        seen > place
    })
}

/// The smallest value that at least this share of all values does not exceed; 255 when there are none.
pub(crate) fn quantile(histogram: &[u64; 256], share: f64) -> u8 {
    let wanted = (share * histogram.iter().sum::<u64>() as f64).ceil().max(1.0) as u64;
    at_place(histogram, wanted - 1).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_and_quantiles_are_those_of_the_sorted_values(values in prop::collection::vec(any::<u8>(), 1..300)) {
            let counts = histogram(values.iter().copied());
            let mut sorted = values;
            sorted.sort_unstable();
            for place in 0..=sorted.len() {
                prop_assert_eq!(at_place(&counts, place as u64), sorted.get(place).copied());
            }
            for share in [0.0, 0.5, 0.75, 1.0] {
                let place = ((share * sorted.len() as f64).ceil() as usize).max(1) - 1;
                prop_assert_eq!(quantile(&counts, share), sorted[place]);
            }
        }
    }
}
