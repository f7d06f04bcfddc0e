//! Rows with the same pixels.

use std::collections::HashMap;
use std::hash::Hash;

/// For each row of pixels, the first row with the same ones. Takes a moment for 60,000 rows, by a hash table.
///
/// ```
/// use stage_files::dataset::first_with_same_pixels;
/// assert_eq!(first_with_same_pixels([[1, 2], [3, 4], [1, 2]]), [0, 1, 0]);
/// ```
pub fn first_with_same_pixels<P: Eq + Hash>(rows: impl IntoIterator<Item = P>) -> Vec<u32> {
    let rows = rows.into_iter();
    let mut seen = HashMap::with_capacity(rows.size_hint().0);
    (0u32..).zip(rows).map(|(row, pixels)| *seen.entry(pixels).or_insert(row)).collect()
}
