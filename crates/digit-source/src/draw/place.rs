//! Where on the canvas a digit stands and how large it is.

use digit_forms::Point;

use super::point::Bounds;
use super::random::Stream;

/// The nominal size of a digit, the second part of a source picture's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// It fills the canvas: size 20, as large as the canvas that the original data are shrunk to.
    Fills,
    /// It is about 8 pixels high once the canvas is shrunk to 20 x 20, stands anywhere and leans: size 8.
    Small,
}

impl Size {
    /// The number in the name.
    pub fn number(self) -> u8 {
        match self {
            Self::Fills => 20,
            Self::Small => 8,
        }
    }

    /// The size with this number, if there is one.
    pub fn of_number(number: u8) -> Option<Self> {
        [Self::Fills, Self::Small].into_iter().find(|size| size.number() == number)
    }

    /// A factor on the breadth of the pen: who writes small with the same pen writes relatively bold.
    pub fn broader(self) -> f64 {
        match self {
            Self::Fills => 1.0,
            Self::Small => 1.5,
        }
    }

    /// A turn of the digit, in radians, beyond that of the writer.
    pub fn turn_rad(self, drawing: &mut Stream) -> f64 {
        match self {
            Self::Fills => 0.0,
            Self::Small => drawing.normal(0.14),
        }
    }
}

/// Brings a digit to its place: a factor, then a shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placing {
    /// Pixels a unit.
    pub scale: f64,
    shift: Point,
}

impl Placing {
    /// A place on a canvas for ink within these bounds. All of it, and a fading edge of `edge_px`, lies on the canvas.
    pub(super) fn pick(bounds: &Bounds, canvas_px: (u32, u32), size: Size, edge_px: f64, drawing: &mut Stream) -> Self {
        let (width, height) = (f64::from(canvas_px.0), f64::from(canvas_px.1));
        let extent = bounds.extent();
        let (share, least_px) = match size {
            Size::Fills => (drawing.between(0.80, 0.96), edge_px),
            Size::Small => (drawing.between(0.31, 0.45), 1.0 + edge_px),
        };
        // A digit without any extent would be enlarged without end.
        let scale = (width / extent.x.max(1.0)).min(height / extent.y.max(1.0)) * share;
        let free = Point { x: width - extent.x * scale, y: height - extent.y * scale };
        let start = |free: f64, drawing: &mut Stream| {
            let low = least_px.min(free / 2.0);
            match size {
                Size::Fills => free * (0.5 + drawing.normal(0.09)).clamp(0.25, 0.75),
                Size::Small => drawing.between(low, free - low),
            }
        };
        let corner = Point { x: start(free.x, drawing), y: start(free.y, drawing) };
        Self { scale, shift: corner - bounds.low * scale }
    }

    /// The place of ink that fills the canvas, as far as its shape allows.
    pub(super) fn tight(bounds: &Bounds, canvas_px: (u32, u32), drawing: &mut Stream) -> Self {
        let (width, height) = (f64::from(canvas_px.0), f64::from(canvas_px.1));
        let extent = bounds.extent();
        let scale = (width / extent.x.max(1.0)).min(height / extent.y.max(1.0)) * drawing.between(0.9, 1.0);
        let free = Point { x: width - extent.x * scale, y: height - extent.y * scale };
        let corner = Point { x: free.x * drawing.between(0.3, 0.7), y: free.y * drawing.between(0.3, 0.7) };
        Self { scale, shift: corner - bounds.low * scale }
    }

    /// Where on the canvas a point comes to lie, in pixels.
    pub(super) fn apply(&self, point: Point) -> Point {
        point * self.scale + self.shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placed_ink_lies_on_the_canvas_in_its_size() {
        let mut bounds = Bounds::empty();
        bounds.add(Point { x: -10.0, y: 3.0 }, 2.0);
        bounds.add(Point { x: 40.0, y: 103.0 }, 2.0);
        let drawing = &mut Stream::new("test", &[]);
        for _ in 0..500 {
            for (size, shares) in [(Size::Fills, 0.79..0.97), (Size::Small, 0.30..0.46)] {
                let placing = Placing::pick(&bounds, (120, 100), size, 1.0, drawing);
                let (low, high) = (placing.apply(bounds.low), placing.apply(bounds.high));
                assert!(low.x >= 1.0 && low.y >= 1.0 && high.x <= 119.0 && high.y <= 99.0, "{low:?} {high:?}");
                assert!(shares.contains(&((high.y - low.y) / 100.0)), "{size:?}");
            }
        }
    }

    #[test]
    fn sizes_have_their_numbers() {
        assert_eq!(Size::of_number(20), Some(Size::Fills));
        assert_eq!(Size::of_number(8), Some(Size::Small));
        assert_eq!(Size::of_number(9), None);
    }
}
