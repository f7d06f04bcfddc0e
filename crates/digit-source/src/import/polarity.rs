//! Which is the paper, light or dark?

/// Whether a gray picture (or a whole set of them, given as one histogram) shows light strokes on dark ground.
///
/// Otsu's threshold (N. Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9, 1979) parts
/// the levels into two classes; strokes cover less than the ground does, so the larger class is the ground.
pub fn is_light_on_dark(histogram: &[u64; 256]) -> bool {
    let dark: u64 = histogram[..=otsu_level(histogram)].iter().sum();
    let total: u64 = histogram.iter().sum();
    let filled = histogram.iter().filter(|&&n| n > 0).count();
    // One level only: there is nothing to tell apart, so the picture is left as it is.
    filled > 1 && 2 * dark > total
}

/// The level that maximises the variance between the classes "at most this level" and "above it".
pub fn otsu_level(histogram: &[u64; 256]) -> usize {
    let total: u64 = histogram.iter().sum();
    let weighted: u64 = histogram.iter().enumerate().map(|(level, n)| level as u64 * n).sum();
    let (mut below, mut below_weighted) = (0u64, 0u64);
    let (mut best_level, mut best_variance) = (0, -1.0);
    for (level, &n) in histogram.iter().enumerate() {
        below += n;
        below_weighted += level as u64 * n;
        let above = total - below;
        if below == 0 || above == 0 {
            continue;
        }
        let mean_gap = below_weighted as f64 / below as f64 - (weighted - below_weighted) as f64 / above as f64;
        let variance = below as f64 * above as f64 * mean_gap * mean_gap;
        if variance > best_variance {
            (best_level, best_variance) = (level, variance);
        }
    }
    best_level
}

/// How often each gray level occurs.
pub fn histogram(pixels: impl IntoIterator<Item = u8>) -> [u64; 256] {
    let mut counts = [0; 256];
    for pixel in pixels {
        counts[usize::from(pixel)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_class_is_the_ground() {
        let ink_on_paper = histogram([[20; 10].as_slice(), &[230; 90]].concat());
        let chalk_on_slate = histogram([[235; 10].as_slice(), &[40; 90]].concat());
        assert!(!is_light_on_dark(&ink_on_paper));
        assert!(is_light_on_dark(&chalk_on_slate));
        assert!((20..230).contains(&otsu_level(&ink_on_paper)));
    }

    #[test]
    fn a_picture_of_one_level_is_left_alone() {
        assert!(!is_light_on_dark(&histogram([0; 50])));
        assert!(!is_light_on_dark(&histogram([255; 50])));
        assert!(!is_light_on_dark(&histogram([])));
    }

    #[test]
    fn pencil_on_gray_paper_is_dark_on_light() {
        assert!(!is_light_on_dark(&histogram([[60; 15].as_slice(), &[110; 85]].concat())));
    }
}
