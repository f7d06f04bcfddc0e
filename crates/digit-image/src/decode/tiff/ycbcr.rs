//! YCbCr to RGB with the file's coefficients and reference values, in the fixed-point arithmetic of libtiff.

/// Tables by sample value.
pub(super) struct YCbCr {
    luma: [i32; 256],
    red: [i32; 256],
    blue: [i32; 256],
    green_of_cr: [i32; 256],
    green_of_cb: [i32; 256],
}

fn fixed(number: f32) -> i32 {
    (f64::from(number.clamp(0.0, 2.0)) * 65536.0 + 0.5) as i32
}

/// A coded value between its references for black and white, scaled to `range`.
fn full_range(code: f32, black: f32, white: f32, range: f32) -> i32 {
    let span = if white - black == 0.0 { 1.0 } else { white - black };
    (((code - black.trunc()) * range) / span).clamp(-4096.0, 4096.0) as i32
}

impl YCbCr {
    /// From the tags YCbCrCoefficients and ReferenceBlackWhite; the defaults are those of TIFF 6.0.
    pub(super) fn new(coefficients: &[f32], references: &[f32]) -> Self {
        let [red, green, blue] = *coefficients.first_chunk().unwrap_or(&[0.299, 0.587, 0.114]);
        let reference = *references.first_chunk::<6>().unwrap_or(&[0.0, 255.0, 128.0, 255.0, 128.0, 255.0]);
        let green = if green == 0.0 { 1.0 } else { green };
        let (of_red, of_blue) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
        let (d1, d2) = (fixed(of_red), -fixed(red * of_red / green));
        let (d3, d4) = (fixed(of_blue), -fixed(blue * of_blue / green));
        let mut table =
            Self { luma: [0; 256], red: [0; 256], blue: [0; 256], green_of_cr: [0; 256], green_of_cb: [0; 256] };
        for index in 0..256 {
            let x = index as f32 - 128.0;
            let cr = full_range(x, reference[4] - 128.0, reference[5] - 128.0, 127.0);
            let cb = full_range(x, reference[2] - 128.0, reference[3] - 128.0, 127.0);
            table.red[index] = (d1 * cr + 32768) >> 16;
            table.blue[index] = (d3 * cb + 32768) >> 16;
            table.green_of_cr[index] = d2 * cr;
            table.green_of_cb[index] = d4 * cb + 32768;
            table.luma[index] = full_range(index as f32, reference[0], reference[1], 255.0);
        }
        table
    }

    pub(super) fn rgb(&self, sample: [u8; 3]) -> [u8; 3] {
        let [y, cb, cr] = sample.map(usize::from);
        let green = (self.green_of_cb[cb] + self.green_of_cr[cr]) >> 16;
        let luma = self.luma[y];
        [luma + self.red[cr], luma + green, luma + self.blue[cb]].map(|value| value.clamp(0, 255) as u8)
    }
}
