//! Where the ink is and how it is spread: its moments up to the second order.

use crate::raster::GrayPicture;

/// Moments of the ink, which is what is missing from white. Coordinates are those of pixel centres, from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moments {
    /// Centre of mass, columns.
    pub x: f64,
    /// Centre of mass, rows.
    pub y: f64,
    /// Variance along the rows, in square pixels.
    pub xx: f64,
    /// Covariance.
    pub xy: f64,
    /// Variance down the columns.
    pub yy: f64,
}

impl Moments {
    /// `None` where there is no ink. Sums are integers, so nothing is lost before the division.
    pub(crate) fn of(picture: &GrayPicture) -> Option<Self> {
        // mass, x, y, xx, xy, yy: at most 255 * 10^8 pixels * 10^8 (a side squared), within 128 bits by far.
        let mut sums = [0_u128; 6];
        for (y, row) in (0_u64..).zip(picture.rows()) {
            let (mut mass, mut first, mut second) = (0_u64, 0_u64, 0_u64);
            for (x, &value) in (0_u64..).zip(row) {
                let ink = u64::from(255 - value);
                mass += ink;
                first += ink * x;
                second += ink * x * x;
            }
            let [m, sx, sy, sxx, sxy, syy] = &mut sums;
            let wide = u128::from;
            *m += wide(mass);
            *sx += wide(first);
            *sy += wide(mass) * wide(y);
            *sxx += wide(second);
            *sxy += wide(first) * wide(y);
            *syy += wide(mass) * wide(y) * wide(y);
        }
        let [m, sx, sy, sxx, sxy, syy] = sums.map(|sum| sum as f64);
        (m > 0.0).then(|| {
            let (x, y) = (sx / m, sy / m);
            Self { x, y, xx: (sxx / m - x * x).max(0.0), xy: sxy / m - x * y, yy: (syy / m - y * y).max(0.0) }
        })
    }

    /// Columns by which the ink moves to the right from one row to the next.
    pub(crate) fn slant(&self) -> f64 {
        if self.yy > 0.0 { self.xy / self.yy } else { 0.0 }
    }
}
