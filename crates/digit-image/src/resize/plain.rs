//! The resize written a second time, straight from its definition, one target pixel at a time and without any
//! shared weights or buffers. Tests hold the fast version against it.

use crate::raster::GrayPicture;

/// The pixels of [`area`](super::area), computed as plainly as possible. Slow.
///
/// # Panics
/// When a side of the source or of the target is 0.
pub fn area(source: &GrayPicture, width_px: u32, height_px: u32) -> Vec<u8> {
    let (sw, sh) = (f64::from(source.width_px), f64::from(source.height_px));
    let (inverse_x, inverse_y) = (f64::from(width_px) / sw, f64::from(height_px) / sh);
    let (kx, ky) = (1.0 / inverse_x, 1.0 / inverse_y);
    let at = |x: usize, y: usize| source.pixels[y * source.width_px as usize + x];
    let whole = |k: f64| (k - k.round_ties_even()).abs() < f64::EPSILON;
    let mut out = Vec::new();
    for t in 0..height_px {
        for j in 0..width_px {
            out.push(if (source.width_px, source.height_px) == (width_px, height_px) {
                at(j as usize, t as usize)
            } else if kx >= 1.0 && ky >= 1.0 && whole(kx) && whole(ky) {
                block(&at, (j as usize, t as usize), (kx.round() as usize, ky.round() as usize))
            } else if kx >= 1.0 && ky >= 1.0 {
                let mut total = 0.0_f32;
                for (y, wy) in area_taps(f64::from(t), sh, ky) {
                    let mut row = 0.0_f32;
                    for (x, wx) in area_taps(f64::from(j), sw, kx) {
                        let product = f32::from(at(x, y)) * wx;
                        row += product;
                    }
                    let product = wy * row;
                    total += product;
                }
                total.round_ties_even().clamp(0.0, 255.0) as u8
            } else {
                let (x, cx0, cx1) = linear_taps(f64::from(j), kx, inverse_x);
                let (y, cy0, cy1) = linear_taps(f64::from(t), ky, inverse_y);
                let (last_x, last_y) = (source.width_px as usize - 1, source.height_px as usize - 1);
                let row = |y: usize| {
                    if x >= last_x {
                        i32::from(at(last_x, y)) * 2048
                    } else {
                        i32::from(at(x, y)) * cx0 + i32::from(at(x + 1, y)) * cx1
                    }
                };
                let (upper, lower) = (row(y.min(last_y)), row((y + 1).min(last_y)));
                (((((cy0 * (upper >> 4)) >> 16) + ((cy1 * (lower >> 4)) >> 16)) + 2) >> 2) as u8
            });
        }
    }
    out
}

fn block(at: &dyn Fn(usize, usize) -> u8, (j, t): (usize, usize), (rx, ry): (usize, usize)) -> u8 {
    let mut sum = 0_u64;
    for y in t * ry..(t + 1) * ry {
        for x in j * rx..(j + 1) * rx {
            sum += u64::from(at(x, y));
        }
    }
    if (rx, ry) == (2, 2) {
        return ((sum + 2) >> 2) as u8;
    }
    let factor = 1.0_f32 / (rx * ry) as f32;
    (sum as f32 * factor).round_ties_even() as u8
}

fn area_taps(j: f64, s: f64, k: f64) -> Vec<(usize, f32)> {
    let mut taps = Vec::new();
    let (a, b) = (j * k, j * k + k);
    let wd = k.min(s - a);
    let i2 = b.floor().min(s - 1.0);
    let i1 = a.ceil().min(i2);
    if i1 - a > 1e-3 {
        taps.push((i1 as usize - 1, ((i1 - a) / wd) as f32));
    }
    let mut i = i1;
    while i < i2 {
        taps.push((i as usize, (1.0 / wd) as f32));
        i += 1.0;
    }
    if b - i2 > 1e-3 {
        taps.push((i2 as usize, ((b - i2).min(1.0).min(wd) / wd) as f32));
    }
    taps
}

fn linear_taps(j: f64, k: f64, inverse: f64) -> (usize, i32, i32) {
    let i = (j * k).floor();
    let mut t = ((j + 1.0) - (i + 1.0) * inverse) as f32;
    t = if t <= 0.0 { 0.0 } else { t - t.floor() };
    (i as usize, ((1.0 - t) * 2048.0).round_ties_even() as i32, (t * 2048.0).round_ties_even() as i32)
}
