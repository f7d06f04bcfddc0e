//! CIE L\*a\*b\* to red, green and blue as libtiff computes it (`tif_color.c`), in its order and its 32-bit floats.

/// X, Y and Z of a D50 white, which counts where the file names no other.
const D50: [f32; 3] = [96.425, 100.0, 82.468];
/// From X, Y and Z to the light of a screen (sRGB), rows for red, green and blue.
const TO_SCREEN: [[f32; 3]; 3] = [[3.241, -1.5374, -0.4986], [-0.9692, 1.876, 0.0416], [0.0556, -0.204, 1.057]];
/// Light of the darkest and of the brightest screen.
const LIGHT: [f32; 2] = [1.0, 100.0];
/// Steps between the two.
const STEPS: usize = 1500;
const GAMMA: f32 = 2.4;

/// The table from light to a sample.
pub(super) struct CieLab {
    samples: Vec<u8>,
}

impl CieLab {
    pub(super) fn new() -> Self {
        let sample = |step| (255.0 * libm::powf(step as f32 / STEPS as f32, 1.0 / GAMMA) + 0.5) as u8;
        Self { samples: (0..=STEPS).map(sample).collect() }
    }

    /// Samples of 8 bits: L\* from 0 to 255, a\* and b\* from -128 to 127 as signed bytes.
    pub(super) fn rgb(&self, [lightness, a, b]: [u8; 3]) -> [u8; 3] {
        let xyz =
            to_xyz(f32::from(u16::from(lightness) * 257) * 100.0 / 65535.0, f32::from(a as i8), f32::from(b as i8));
        let step = (LIGHT[1] - LIGHT[0]) / STEPS as f32;
        TO_SCREEN.map(|[x, y, z]| {
            let light = (x * xyz[0] + y * xyz[1] + z * xyz[2]).clamp(LIGHT[0], LIGHT[1]);
            self.samples[(((light - LIGHT[0]) / step) as usize).min(STEPS)]
        })
    }
}

fn to_xyz(lightness: f32, a: f32, b: f32) -> [f32; 3] {
    let (y, root) = if lightness < 8.856 {
        let y = lightness * D50[1] / 903.292;
        (y, 7.787 * (y / D50[1]) + 16.0 / 116.0)
    } else {
        let root = (lightness + 16.0) / 116.0;
        (D50[1] * root * root * root, root)
    };
    let from_root = |white: f32, root: f32| {
        if root < 0.2069 { white * (root - 0.13793) / 7.787 } else { white * root * root * root }
    };
    [from_root(D50[0], a / 500.0 + root), y, from_root(D50[2], root - b / 200.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gray_stays_gray_and_colours_have_their_signs() {
        let table = CieLab::new();
        assert_eq!(table.rgb([0, 0, 0]), [0, 0, 0]);
        let [red, green, blue] = table.rgb([255, 0, 0]);
        assert!(red > 250 && green > 250 && blue > 200, "{red} {green} {blue}");
        let [red, green, _] = table.rgb([128, 100, 0]);
        assert!(red > green);
        let [red, green, _] = table.rgb([128, 156, 0]);
        assert!(red < green);
    }
}
