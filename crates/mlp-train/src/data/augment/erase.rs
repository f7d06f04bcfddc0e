//! Some of the picture is lost, as by a blot or a bad scan (Z. Zhong, L. Zheng, G. Kang, S. Li, Y. Yang 2017, "Random
//! erasing data augmentation", with paper in place of noise).

use mlp_core::random::Stream;

use super::shape::Shape;

/// Makes a rectangle paper. Its sides are uniform between 0 and `share` of the picture's, rounded to whole pixels; its
/// place is uniform among those where it lies in the picture whole. Draws: width, height, left, top.
pub(crate) fn rectangle(shape: Shape, share: f64, stream: &mut Stream, ink: &mut [f32]) {
    let mut side = |length: usize| libm::round(stream.uniform() * share * length as f64) as usize;
    let (width, height) = (side(shape.width), side(shape.height));
    let mut start = |length: usize, side: usize| stream.below((length - side) as u64 + 1) as usize;
    let (left, top) = (start(shape.width, width), start(shape.height, height));
    for row in ink.chunks_exact_mut(shape.width).skip(top).take(height) {
        row[left..left + width].fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_core::random::Purpose;

    #[test]
    fn a_rectangle_of_at_most_the_share_is_lost_anywhere() {
        let shape = Shape { width: 8, height: 6 };
        let mut lost = [0u32; 48];
        let (mut widest, mut highest) = (0, 0);
        for seed in 0..1000 {
            let mut ink = [1.0f32; 48];
            rectangle(shape, 0.5, &mut Stream::new(seed, Purpose::Augmentation), &mut ink);
            let is_lost = |x: usize, y: usize| ink[y * 8 + x] == 0.0;
            let columns: Vec<usize> = (0..8).filter(|&x| (0..6).any(|y| is_lost(x, y))).collect();
            let rows: Vec<usize> = (0..6).filter(|&y| (0..8).any(|x| is_lost(x, y))).collect();
            assert!(columns.windows(2).chain(rows.windows(2)).all(|pair| pair[1] == pair[0] + 1));
            let count = ink.iter().filter(|v| **v == 0.0).count();
            assert_eq!(count, columns.len() * rows.len(), "all of the rectangle and nothing else");
            (widest, highest) = (widest.max(columns.len()), highest.max(rows.len()));
            lost.iter_mut().zip(ink).for_each(|(lost, v)| *lost += u32::from(v == 0.0));
        }
        assert_eq!((widest, highest), (4, 3));
        assert!(lost.iter().all(|&times| times > 0), "{lost:?}");
        let mut ink = [1.0f32; 48];
        rectangle(shape, 0.0, &mut Stream::new(1, Purpose::Augmentation), &mut ink);
        assert_eq!(ink, [1.0; 48]);
    }
}
