//! Marks of a pen, linear maps of the plane, and boxes around points.

use digit_forms::Point;

/// Where the pen was and how broad its mark was there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dab {
    /// Centre of the mark.
    pub centre: Point,
    /// Half the breadth of the mark.
    pub radius: f64,
}

/// x' = xx x + xy y, y' = yx x + yy y.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linear {
    xx: f64,
    xy: f64,
    yx: f64,
    yy: f64,
}

impl Linear {
    /// First `width` times as wide, then leaning to the right by `slant_rad` (upright strokes lean, level ones stay
    /// level), then turned clockwise by `turn_rad`.
    pub(super) fn new(width: f64, slant_rad: f64, turn_rad: f64) -> Self {
        let (sin, cos) = (libm::sin(turn_rad), libm::cos(turn_rad));
        let lean = -libm::tan(slant_rad);
        Self { xx: cos * width, xy: cos * lean - sin, yx: sin * width, yy: sin * lean + cos }
    }

    /// The image of a point.
    pub(super) fn apply(&self, p: Point) -> Point {
        Point { x: self.xx * p.x + self.xy * p.y, y: self.yx * p.x + self.yy * p.y }
    }
}

/// The smallest upright box that holds everything added to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Upper left.
    pub low: Point,
    /// Lower right.
    pub high: Point,
}

impl Bounds {
    /// A box around nothing.
    pub(super) fn empty() -> Self {
        let far = f64::INFINITY;
        Self { low: Point { x: far, y: far }, high: Point { x: -far, y: -far } }
    }

    /// Makes room for a disc.
    pub(super) fn add(&mut self, centre: Point, radius: f64) {
        self.low = Point { x: self.low.x.min(centre.x - radius), y: self.low.y.min(centre.y - radius) };
        self.high = Point { x: self.high.x.max(centre.x + radius), y: self.high.y.max(centre.y + radius) };
    }

    /// Width and height; not positive when nothing was added.
    pub(super) fn extent(&self) -> Point {
        self.high - self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slant_leans_upright_strokes_to_the_right() {
        let lean = Linear::new(1.0, 0.2, 0.0);
        let top = lean.apply(Point { x: 0.0, y: -10.0 });
        assert!(top.x > 1.9 && top.y == -10.0, "{top:?}");
        assert_eq!(lean.apply(Point { x: 5.0, y: 0.0 }), Point { x: 5.0, y: 0.0 });
    }

    #[test]
    fn turning_is_clockwise_on_the_page() {
        let right_angle = Linear::new(1.0, 0.0, std::f64::consts::FRAC_PI_2);
        let down = right_angle.apply(Point { x: 1.0, y: 0.0 });
        assert!(down.x.abs() < 1e-12 && (down.y - 1.0).abs() < 1e-12, "{down:?}");
    }

    #[test]
    fn bounds_hold_whole_discs() {
        let mut bounds = Bounds::empty();
        bounds.add(Point { x: 1.0, y: 2.0 }, 0.5);
        bounds.add(Point { x: 4.0, y: 2.0 }, 1.0);
        assert_eq!(bounds.extent(), Point { x: 4.5, y: 2.0 });
    }
}
